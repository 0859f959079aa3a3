"""What the receiving server vouches for, read from the headers that it wrote itself.

Three headers count, each in its topmost place only, since everything below was there before the mail arrived and may
have been written by its sender: Authentication-Results (RFC 8601), Received-SPF (RFC 7208, 9.1) and Received
(RFC 5321, 4.4). Whose Authentication-Results to believe is the caller's `Belief`; where nobody is believed, the
answer is "could not tell", never "fail".
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from watcher.domains import is_within, registrable, same_organisation, to_ascii
from watcher.model import Authentication, Belief, Hop, Message, Result

_RESULTS = {
    "pass": Result.PASS,
    "fail": Result.FAIL,
    "hardfail": Result.FAIL,
    "softfail": Result.FAIL,
    "policy": Result.FAIL,
}
"""All others (none, neutral, temperror, permerror, bestguesspass, unknown words) are "could not tell"."""


@dataclass(frozen=True, slots=True)
class Check:
    """One resinfo of RFC 8601, 2.2: a method, its result, and what it was applied to."""

    method: str
    result: Result
    word: str = ""
    """The result as it is written, lower case: "none" tells more than `Result.UNKNOWN`."""
    properties: dict[str, str] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        """The domain that the check speaks of; empty where it names none."""
        for key in _SUBJECT.get(self.method, ()):
            if value := self.properties.get(key):
                return to_ascii(value.rpartition("@")[2])
        return ""


_SUBJECT = {
    "dkim": ("header.d", "header.i"),
    "spf": ("smtp.mailfrom", "smtp.helo"),
    "dmarc": ("header.from",),
}


def authenticate(message: Message, belief: Belief) -> Authentication:
    """What may be believed of a mail's origin.

    Args:
        message: the mail; only its headers are read.
        belief: whose Authentication-Results count.
    """
    authserv, checks = _believed(message, belief)
    spf = [check for check in checks if check.method == "spf"] or list(_received_spf(message, belief))
    dkim = [check for check in checks if check.method == "dkim"]
    dmarc = [check for check in checks if check.method == "dmarc"]
    author = message.author.domain
    vouched = tuple(dict.fromkeys(c.domain for c in (*dkim, *spf) if c.result is Result.PASS and c.domain))
    hop = find_hop(message.header("received"))
    return Authentication(
        aligned=_alignment(author, dmarc, vouched, dkim=dkim, spf=spf),
        spf=_best(spf),
        dkim=_best(dkim),
        dmarc=_best(dmarc),
        vouched=vouched,
        authserv=authserv,
        hop=hop,
        unprotected=_is_unprotected(spf, dkim),
        forwarded=_is_forwarded(message, author, vouched, checks),
    )


def own_authserv(message: Message) -> str | None:
    """Who wrote the topmost Authentication-Results, where nobody but the receiving server can have written it.

    That is above the Received line by which the mail came in from outside. What stands below it came with the mail,
    save at a provider that is known to write there. Empty when written without an authserv-id.
    """
    results = message.header("authentication-results")
    if not results:
        return None
    entered = find_hop(message.header("received"))
    for name, value in message.headers:
        if name == "authentication-results":
            return parse_results(value)[0]
        if name == "received" and _parse_received(value) == entered:
            break
    authserv = parse_results(results[0])[0]
    return authserv if authserv in _WRITES_BELOW else None


_WRITES_BELOW = frozenset({"mx.google.com"})
"""Gmail adds its results below its own Received line, and takes forged ones of its name out (seen 2026)."""


def parse_results(value: str) -> tuple[str, tuple[Check, ...]]:
    """An Authentication-Results value as (authserv-id in lower case, checks).

    Exchange Online leaves the authserv-id out (against RFC 8601, 2.2) and begins with the first check.
    """
    sections = [section.strip() for section in _without_comments(value).split(";")]
    first = sections[0].split()
    authserv = "" if not first or "=" in first[0] else first[0].lower()
    rest = sections[1:] if authserv else sections
    return authserv, tuple(check for section in rest if (check := _parse_check(section)))


def _parse_check(section: str) -> Check | None:
    words = [(key.lower(), quoted or plain) for key, quoted, plain in _PAIR.findall(section)]
    if not words or not _METHOD.fullmatch(words[0][0]):
        return None
    method, result = words[0]
    word = result.lower()
    return Check(method.partition("/")[0], _RESULTS.get(word, Result.UNKNOWN), word, dict(words[1:]))


_PAIR = re.compile(r'([A-Za-z][\w.\-/]{0,40})\s{0,5}=\s{0,5}(?:"([^"]{0,500})"|([^\s;"]{0,500}))')
_METHOD = re.compile(r"[a-z][\w-]*(/\d+)?")


def _without_comments(value: str) -> str:
    """The value without its (nested) comments (RFC 5322, 3.2.2), and without the separators inside quoted strings."""
    kept: list[str] = []
    depth = 0
    for piece in re.split(r'("[^"]*"|[()])', value[:8192]):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(piece.replace(";", ",") if piece.startswith('"') else piece)
    return " ".join(kept)


def _believed(message: Message, belief: Belief) -> tuple[str, list[Check]]:
    """The checks of the topmost believed Authentication-Results, and of those of the same server right below it."""
    checks: list[Check] = []
    believed: str | None = None
    for value in message.header("authentication-results"):
        authserv, found = parse_results(value)
        if believed is None and (belief.topmost or authserv == belief.authserv):
            believed = authserv
        elif authserv != believed:
            break
        checks += found
    return believed or "", checks


def _received_spf(message: Message, belief: Belief) -> Iterator[Check]:
    """The topmost Received-SPF, which names no server: believed only where the topmost headers are."""
    for value in message.header("received-spf")[:1]:
        if belief.topmost:
            result = _RESULTS.get(value.split(None, 1)[0].lower(), Result.UNKNOWN) if value.strip() else Result.UNKNOWN
            envelope = re.search(r'envelope-from="?<?([^\s;">]{1,320})', value)
            yield Check("spf", result, properties={"smtp.mailfrom": envelope[1]} if envelope else {})


def _best(checks: list[Check]) -> Result:
    """One pass is a pass: a mail often bears several signatures, of which one breaks on the way."""
    results = {check.result for check in checks}
    return next((result for result in (Result.PASS, Result.FAIL) if result in results), Result.UNKNOWN)


def _alignment(
    author: str, dmarc: list[Check], vouched: tuple[str, ...], *, dkim: list[Check], spf: list[Check]
) -> Result:
    """Whether the author's domain is vouched for (RFC 7489, 3.1, relaxed alignment)."""
    own_dmarc = [check for check in dmarc if not check.domain or same_organisation(check.domain, author)]
    if author and any(same_organisation(domain, author) for domain in vouched):
        return Result.PASS
    if author and _best(own_dmarc) is Result.PASS:
        return Result.PASS
    told = [check for check in (*own_dmarc, *dkim, *spf) if check.result is not Result.UNKNOWN]
    return Result.FAIL if told else Result.UNKNOWN


def _is_unprotected(spf: list[Check], dkim: list[Check]) -> bool:
    """Whether the server looked for an SPF record and for signatures and found neither (RFC 8601, 2.7.1 and 2.7.2)."""
    unsigned = all(check.word == "none" for check in dkim)
    return unsigned and any(check.word == "none" for check in spf) and all(check.word == "none" for check in spf)


def _is_forwarded(message: Message, author: str, vouched: tuple[str, ...], checks: list[Check]) -> bool:
    """Whether a mailing list or a forwarder stands between the author and the reader.

    Anybody can write List-Id. So, where results are believed, somebody else must vouch for the mail: the list, or a
    mailbox provider by its seal.
    """
    if _is_sealed(message, checks):
        return True
    names = {name for name, _ in message.headers}
    if not names & {"list-id", "list-post", "resent-from", "x-forwarded-to", "x-forwarded-for"}:
        return False
    return not checks or any(not same_organisation(domain, author) for domain in vouched)


def _is_sealed(message: Message, checks: list[Check]) -> bool:
    """Whether the reader's server confirms the ARC seal (RFC 8617) of a provider that forwards its customers' mail.

    The seal of anybody else says nothing: whoever sends a mail can seal it too.
    """
    if not any(check.method == "arc" and check.result is Result.PASS for check in checks):
        return False
    seals = message.header("arc-seal")[:1]
    return any((signer := _SEALER.search(seal)) and to_ascii(signer[1]) in _FORWARDERS for seal in seals)


_SEALER = re.compile(r"(?:^|;)\s{0,9}d\s{0,9}=\s{0,9}([^;\s]{1,253})")
_FORWARDERS = frozenset({"google.com", "microsoft.com", "messagingengine.com", "icloud.com", "zohomail.com"})
"""Who seals what its customers forward, by the d= of the seal (Gmail, Outlook, Fastmail, iCloud, Zoho; seen 2026)."""


# ------------------------------------------------------------------------------------------------- Received


_REMEMBERED = 16
"""Addresses that are remembered: each is parsed to be read, and to be judged."""
_DIGITS = re.compile("[0-9a-fA-F.:]+")
_IP = r"\[?(?:IPv6:)?(?P<ip>[0-9a-fA-F.:]{3,45})\]?"
_FORMS = (
    # Exim, no reverse DNS: from [192.0.2.1] (helo=mail.example)
    re.compile(rf"from {_IP} \((?:helo=(?P<helo>[^\s)]+))?", re.IGNORECASE),
    # Exim: from host.example ([192.0.2.1] helo=mail.example)
    re.compile(rf"from (?P<rdns>\S+) \({_IP}(?::\d+)? helo=(?P<helo>[^\s)]+)", re.IGNORECASE),
    # qmail: from host.example (HELO mail.example) (192.0.2.1)
    re.compile(rf"from (?P<rdns>\S+) \((?:HELO|EHLO) (?P<helo>[^\s)]+)\) \((?:\S+@)?{_IP}\)", re.IGNORECASE),
    # Postfix, Sendmail, Gmail: from mail.example (host.example [192.0.2.1])
    re.compile(rf"from (?P<helo>\S+) \((?P<rdns>[^\s\[\]()]+) {_IP}", re.IGNORECASE),
    # Sendmail, Gmail, no reverse DNS: from mail.example ([192.0.2.1])
    re.compile(r"from (?P<helo>\S+) \(\[(?:IPv6:)?(?P<ip>[0-9a-fA-F.:]+)\]", re.IGNORECASE),
)
_SILENT = re.compile(r"from (?P<helo>\S+) \((?P<ip>[0-9a-fA-F.:]+)\)", re.IGNORECASE)
"""Exchange does not say what it looked up: from mail.example (192.0.2.1)."""
_BY = re.compile(r"\bby ([\w.-]+)")


def find_hop(received: tuple[str, ...]) -> Hop:
    """The host that handed the mail over to the reader's provider.

    The topmost Received lines are the provider's own. Those among its own machines (loopback, private addresses,
    names of the same organisation) are passed over; the first from outside is the hop. What stands below it was
    written outside and is not looked at.
    """
    for value in received[:12]:
        hop = _parse_received(value)
        if hop and not _is_internal(hop, value):
            return hop
    return Hop()


def _parse_received(value: str) -> Hop | None:
    folded = " ".join(value[:1000].split())
    for form in _FORMS:
        if found := form.match(folded):
            names = found.groupdict()
            reverse_dns = _known(names.get("rdns"))
            return Hop(_known(names.get("helo")), reverse_dns, _address(names["ip"]), looked_up=True)
    if found := _SILENT.match(folded):
        return Hop(_known(found["helo"]), "", _address(found["ip"]))
    return None


def _known(name: str | None) -> str:
    """A host name in lower case; nothing for "unknown" and for an address standing in for a name."""
    host = to_ascii((name or "").strip("[].,;"))
    return "" if host in {"unknown", "localhost"} or _address(host) else host


def _address(words: str) -> str:
    if not _DIGITS.fullmatch(words):
        return ""  # to find that out by an exception takes ten times as long
    address = _parse_ip(words)
    return str(address) if address else ""


@lru_cache(_REMEMBERED)
def _parse_ip(words: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(words)
    except ValueError:
        return None


def _is_internal(hop: Hop, value: str) -> bool:
    if not hop.ip:
        return not hop.reverse_dns
    address = _parse_ip(hop.ip)
    if address and not address.is_global and not _is_documentation(address):
        return True
    by = _BY.search(value)
    return bool(by and hop.reverse_dns and registrable(hop.reverse_dns) == registrable(to_ascii(by[1])))


def _is_documentation(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Addresses for examples (RFC 5737, 3849) stand for public ones."""
    return any(address in network for network in _DOCUMENTATION if network.version == address.version)


_DOCUMENTATION = tuple(
    ipaddress.ip_network(network) for network in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
)


def sent_by(authentication: Authentication, domains: tuple[str, ...]) -> bool:
    """Whether a signature, the envelope or the host that handed the mail over belongs to one of `domains`."""
    hosts = (*authentication.vouched, authentication.hop.reverse_dns)
    return any(host and is_within(host, domain) for host in hosts for domain in domains)
