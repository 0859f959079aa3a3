"""Where a link leads, as far as it says so itself, and what is odd about how its host is written.

Pure; nothing is looked up. A URL is read as a browser reads it (WHATWG URL), as it stands in the mail, whatever it
holds: nothing raises, and what is longer than 4,096 characters is cut.
"""

from __future__ import annotations

import binascii
import ipaddress
import re
import unicodedata
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import NamedTuple
from urllib.parse import unquote

from watcher.domains import host_of, is_ip, to_ascii, to_unicode
from watcher.model import Offer

_LONGEST = 4096
_LONGEST_HOST = 253
_DEEPEST = 5
_MOST_PIECES = 32
"""Parameters, or segments of a path, that are looked into."""
_MOST_ENCODINGS = 3
_FOLLOWED = frozenset({Offer.REDIRECT, Offer.WRAPPER, Offer.COUNTER, Offer.BULK_MAIL})

_URL = re.compile(r"\s*(?:https?:[/\\]*|[/\\]{2,})([^/\\?#]*)([^?#]*)\??([^#]*)", re.IGNORECASE)
_ABSOLUTE = re.compile(r"https?:[/\\]", re.IGNORECASE)
# "aHR0c" is "http"; bing.com writes "a1" before it.
_BASE64 = re.compile(r"(?:a1)?(aHR0c[\w+/-]+)=*", re.ASCII)
# What ends a target in the path of Proofpoint v3 ("…/v3/__https://…__;…") and of Check Point ("…/v2/___https://…___.…").
_TARGET_ENDS = re.compile("___|__;")

_GOOGLE = r"google\.(?:com|[a-z]{2}|com?\.[a-z]{2})"
_AMP_VIEWER = re.compile(rf"(?:www\.)?{_GOOGLE}/amp/(?:s/)?([^/]+\.[^/]+/?)")
_FORMS = (
    (rf"(?:www\.|maps\.|images\.)?{_GOOGLE}/(?:url|imgres|aclk)\b", "q url adurl imgrefurl"),
    (rf"translate\.{_GOOGLE}/", "u"),
    (r"(?:www\.)?googleadservices\.com/", "adurl"),
    (r"(?:[^/]*\.)?doubleclick\.net/", "adurl"),
    (r"(?:www\.)?bing\.com/ck/", "u"),
    (r"[^/]*\.safelinks\.protection\.outlook\.com/", "url"),
    (r"statics\.teams\.cdn\.office\.net/evergreen-assets/safelinks/", "url"),
    (r"urldefense(?:\.proofpoint)?\.com/v[12]/", "u"),
    (r"linkprotect\.cudasvc\.com/url", "a"),
    (r"[^/]*\.trendmicro\.com/wis/clicktime/", "url"),
    (r"[^/]*\.protection\.sophos\.com/", "u"),
    (r"(?:[^/]*\.)?facebook\.com/(?:l\.php|flx/warn)", "u"),
    (r"l\.(?:instagram|messenger)\.com/", "u"),
    (r"(?:www\.)?linkedin\.com/(?:redir/|safety/go)", "url"),
    (r"(?:(?:www|m)\.)?youtube\.com/redirect", "q"),
    (r"slack-redir\.net/link", "url"),
    (r"(?:[^/]*\.)?vk\.com/away", "to"),
    (r"steamcommunity\.com/linkfilter", "u url"),
)
"""Which links carry their target: host and path, and the parameters that hold it. Any such link shows its form."""
_KNOWN = tuple((re.compile(place), frozenset(names.split())) for place, names in _FORMS)
_ANY_KNOWN = re.compile("|".join(place for place, _ in _FORMS))
"""Most links are of none of these forms, and that is found out at once."""
_CACHES = ("translate.goog", "cdn.ampproject.org")
"""Whose hosts are other hosts, with "-" for "." and "--" for "-": developers.google.com/search/docs/appearance/
ad-network-and-translation and amp.dev, "AMP Cache URLs"."""
_PROOFPOINT_V2 = str.maketrans("-_", "%/")

_OWN_NETWORK = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8"),
        *("0.0.0.0/32", "::/127", "fc00::/7", "fe80::/10"),
    )
)
"""Addresses that lead no further than the reader's own network (RFC 1918, 6598, 3927, 4193)."""
_DOTS = re.compile("[。．｡]")
_PORT = re.compile(r":[0-9]*$")
_BREAKS = "\xad\u200b\u200e\u200f\u2060\ufeff"
_JOINERS = "\u200c\u200d"
"""Cannot be seen, but belong to words of some scripts."""
_LIKE_SLASHES = frozenset("ノンソゾ丿")
_NO_SCRIPT = frozenset({"MODIFIER", "IDEOGRAPHIC", "KATAKANA-HIRAGANA"})
_LIKE_LATIN = ({"CYRILLIC"}, {"GREEK"}, {"ARMENIAN"})

# fmt: off
_RISKY_SUFFIXES = frozenset((
    "beauty", "bond", "buzz", "cam", "cc", "cfd", "click", "cn", "cyou", "icu", "ink", "lol", "monster", "rest", "sbs",
    "shop", "top", "xyz",
    "bid", "cf", "date", "ga", "gdn", "gq", "loan", "men", "ml", "pw", "stream", "tk", "trade", "vip", "wang", "win",
    "xin",
))
# fmt: on
"""Endings under which there is far more phishing than honest mail. JPCERT/CC list of phishing URLs, 2024-2025: cn
26.1 %, xyz 6.7 %, top 3.6 %, cfd and shop 1.5 % each, icu, sbs, cc and others; Council of Anti-Phishing Japan, July
2025: cn and top together 48.8 %. Of wanted mail 0.3 to 1.8 % links there, below 0.1 % comes from there (measured 2026).
The second group: Sublime's `suspicious_tlds` (2026), as far as hardly any organisation is known to use them."""


class Oddity(Enum):
    """What is odd about how the host of a link is written."""

    NUMERIC = "numeric"
    """An IP address, in any form of numbers, outside the reader's own network."""
    USER = "user"
    """Something before an at-sign, which looks like the host and is not."""
    CHANGES = "changes"
    """Letters that turn into others before the host is looked up: enclosed, mathematical, full-width, invisible."""
    PUNYCODE_MIXED = "mixed scripts"
    """A word in several scripts, or in one of them but made of letters that look like Latin ones."""


def destinations(url: str, offers: Callable[[str], frozenset[Offer]]) -> tuple[str, ...]:
    """The hosts to which a link leads, as far as it says so itself: through wrappers and redirectors.

    One target that is embedded is followed, five times at most. Where two different ones are, or where the host is
    no known redirector, wrapper, click counter or bulk mailer, the link's own host is the answer.

    Args:
        url: as it stands in the mail.
        offers: what a host offers to everybody, `Catalogue.offers`.

    Returns:
        Hosts in the form of `domains.to_ascii`; nothing for a URL without a host (mailto:, broken).
    """
    url = _complete(url)
    for _ in range(_DEEPEST):
        target = _target(url, offers)
        if not target:
            break
        url = target
    host = host_of(url)
    return (host,) if host else ()


def oddity(url: str) -> Oddity | None:
    """What is odd about how the host is written; None for an ordinary one, for an IDN, and for no host.

    Args:
        url: as it stands in the mail: decoding it or its host hides the oddity.
    """
    parts = _URL.match(_complete(url))
    if not parts:
        return None
    _, user, host = parts[1].rpartition("@")
    if user:
        return Oddity.USER
    written = unquote(_PORT.sub("", host))
    if len(written) > _LONGEST_HOST:
        return None
    if _is_foreign_number(to_ascii(written)):
        return Oddity.NUMERIC
    if _changes(written):
        return Oddity.CHANGES
    *labels, top = to_ascii(written).split(".")
    native = top.startswith("xn--")
    return Oddity.PUNYCODE_MIXED if any(_is_deceptive(label, native=native) for label in labels) else None


def has_risky_suffix(host: str) -> bool:
    """Whether the host ends in a suffix under which there is far more phishing than honest mail.

    Supporting evidence only: shops and people write from there too.

    Args:
        host: in the form of `domains.to_ascii`.
    """
    return host.rpartition(".")[2].lower() in _RISKY_SUFFIXES


def _complete(url: str) -> str:
    """The URL, bounded, with the scheme that people leave out."""
    url = url[:_LONGEST].strip()
    return "http://" + url if url[:4].lower() == "www." else url


class _Link(NamedTuple):
    """A URL, taken apart."""

    host: str
    path: str
    rest: str
    """From the path to the end."""
    parameters: tuple[tuple[str, str], ...]
    """Their names and values, still encoded; the whole parameter stands for its value where it is a URL itself."""


def _take_apart(url: str) -> _Link | None:
    parts = _URL.match(url)
    host = host_of(url) if parts else ""
    if not parts or not host:
        return None
    query = parts[3]
    if host == "urldefense.proofpoint.com" and parts[2].startswith("/v2/"):
        query = query.translate(_PROOFPOINT_V2)
    return _Link(host, parts[2], url[parts.start(2) :], tuple(_parameters(query)))


def _parameters(query: str) -> Iterator[tuple[str, str]]:
    for piece in query.split("&")[:_MOST_PIECES]:
        name, _, value = piece.partition("=")
        yield (name.removeprefix("amp;"), value) if not _ABSOLUTE.match(unquote(piece)) else ("", piece)


def _target(url: str, offers: Callable[[str], frozenset[Offer]]) -> str:
    """The URL to which a redirector forwards; empty where it is none, says nothing, or says two things."""
    link = _take_apart(url)
    if not link:
        return ""
    for cache in _CACHES:
        if f".{link.host}".endswith(f".{cache}"):
            return _uncached(link, cache)
    where = link.host + link.path.replace("\\", "/")
    if viewer := _AMP_VIEWER.match(where):
        return "https://" + viewer[1]
    for place, names in _KNOWN if _ANY_KNOWN.match(where) else ():
        if place.match(where) and (target := _only(_urls(link, names))):
            return target
    return _only(_embedded(link)) if offers(link.host) & _FOLLOWED else ""


def _only(urls: Iterable[str]) -> str:
    """The URL, if there are not several with different hosts."""
    by_host = {host_of(url): url for url in urls}
    by_host.pop("", None)
    return next(iter(by_host.values())) if len(by_host) == 1 else ""


def _urls(link: _Link, names: frozenset[str]) -> Iterator[str]:
    """The targets in the parameters of these names."""
    for name, value in link.parameters:
        if name in names:
            yield _decoded(value)


def _embedded(link: _Link) -> Iterator[str]:
    """Every URL that is embedded in a URL: in its path, or as the value of a parameter."""
    raw = _ABSOLUTE.search(link.path)
    if raw:
        # Whatever stands after it, parameters too, is part of the target.
        yield _TARGET_ENDS.split(link.rest[raw.start() :], maxsplit=1)[0]
        return
    for segment in link.path.split("/")[:_MOST_PIECES]:
        yield _decoded(segment, anywhere=True)
    for _, value in link.parameters:
        yield _decoded(value)


def _decoded(value: str, *, anywhere: bool = False) -> str:
    """The URL that a value is, in clear, percent-encoded, or in base64; empty if it is none.

    Args:
        value: of a parameter, or a segment of a path.
        anywhere: whether something may stand before the URL.
    """
    find = _ABSOLUTE.search if anywhere else _ABSOLUTE.match
    for _ in range(_MOST_ENCODINGS):
        if found := find(value):
            return _TARGET_ENDS.split(value[found.start() :], maxsplit=1)[0] if anywhere else value
        value = unquote(_from_base64(value))
    found = find(value)
    return value[found.start() :] if found else ""


def _from_base64(value: str) -> str:
    """What the value stands for if it is a URL in base64 (RFC 4648, both alphabets), otherwise the value itself."""
    letters = _BASE64.fullmatch(value)
    if not letters:
        return value
    digits = letters[1].translate(str.maketrans("+/", "-_"))
    try:
        return urlsafe_b64decode(digits + "=" * (-len(digits) % 4)).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return value


def _uncached(link: _Link, cache: str) -> str:
    """The URL of which a cache keeps a copy, by the first part of its host."""
    values = dict(link.parameters)
    prefix = unquote(values.get("_x_tr_hp", "")) + link.host.removesuffix(cache).removesuffix(".")
    encodings = unquote(values.get("_x_tr_enc", "")).split(",")
    if "1" in encodings:
        prefix = prefix.removeprefix("1-")
    idn = "xn--" if "0" in encodings and prefix.startswith("0-") else ""
    host = idn + re.sub(r"\b-\b", ".", prefix.removeprefix("0-") if idn else prefix).replace("--", "-")
    return f"https://{host}/" if "." in host else ""


def _is_foreign_number(host: str) -> bool:
    if not is_ip(host):
        return False
    address = ipaddress.ip_address(host)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return not any(address in network for network in _OWN_NETWORK)


def _changes(host: str) -> bool:
    """Whether compatibility normalisation, or leaving out what cannot be seen, makes another host of it."""
    host = unicodedata.normalize("NFC", _DOTS.sub(".", host).strip().strip(_BREAKS))
    if host.isascii():
        return False
    seen = "".join(letter for letter in host if letter in _JOINERS or unicodedata.category(letter) != "Cf")
    changed = unicodedata.normalize("NFKC", seen)
    return changed != host and bool(to_ascii(changed))


def _is_deceptive(label: str, *, native: bool) -> bool:
    """Whether an A-label mixes scripts, or is made of letters that look like Latin ones.

    Japanese, Chinese and Korean words are written together with Latin ones in earnest (日本abc.jp).

    Args:
        label: of a host.
        native: whether the host's topmost label is in that script too, so that nobody takes it for a Latin one.
    """
    try:
        word = label.encode("ascii").decode("idna") if label.startswith("xn--") else ""
    except UnicodeError:
        return False
    foreign = [letter for letter in word if letter.isalpha() and not letter.isascii()]
    if all(unicodedata.east_asian_width(letter) == "W" for letter in foreign):
        return bool(foreign) and _LIKE_SLASHES.issuperset(foreign) and len(foreign) < len(word)
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in word if letter.isalpha()} - _NO_SCRIPT
    return len(scripts) > 1 or (not native and scripts in _LIKE_LATIN and to_unicode(label) == label)
