"""A mail in a brand's name, handed over by a machine that cannot be the brand's.

Sees:
    In the Received line that the reader's own provider wrote: the machine that handed the mail over has no name in the
    DNS at all, or only the number that every rented machine is given as a name; it greeted (HELO) with a host of the
    brand although its own name is another; or the mail bears the brand's own address, and the machine belongs neither
    to the brand nor to a known mailing service.

Why it matters:
    No large sender works from a nameless address: the great providers refuse such mail. 81 % of the phishing mails
    counted in August 2025 came from one. This is readable even where the provider writes no Authentication-Results.

Example:
    Received: from amazon.co.jp (unknown [192.0.2.1]) by mx.example.jp

Leaves alone:
    Servers that do not say whether they looked (Exchange), mail relayed by mailing lists and forwarders, the provider's
    own inner machines, the machines of mailing services, mail with a confirmed signature of its author's domain, which
    anybody may pass on, and mail that uses no brand's name.

Sources:
    RFC 5321, 4.4; Council of Anti-Phishing Japan, monthly reports of March and August 2025.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.domains import same_organisation
from watcher.leads import foreign_links, may_send_for
from watcher.model import Brand, Claim, ClaimKind, Evidence, Facet, Inquiry, Offer, Result, Sentence, Strength, Where
from watcher.posing import is_own, owners_of_author, unproven
from watcher.text import clean, fill

NAMELESS = Sentence(
    ja="このメールを送ってきたサーバー({ip})は、どこの誰のものか分かりません。{brand}のメールサーバーなら名前が登録されています。",
    en="The server that delivered this mail ({ip}) has no name of its own, unlike any mail server of {brand}.",
)
FALSE_GREETING = Sentence(
    ja="このメールを送ってきたサーバーは {helo} と名乗りましたが、実際は {real} です。",
    en="The server that delivered this mail called itself {helo}, but it is really {real}.",
)
NUMBERED = Sentence(
    ja="このメールを送ってきたサーバー({name})は名前の代わりに番号しか持たず、{brand}の送信元とは考えられません。",
    en="The server that delivered this mail has but a number for a name ({name}), unlike a mail server of {brand}.",
)
FOREIGN = Sentence(
    ja="このメールを送ってきたサーバー({name})は、{brand}のものでも、知られたメール配信サービスのものでもありません。",
    en="The server that delivered this mail ({name}) is neither one of {brand} nor of a known mailing service.",
)


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """One fact about the handing-over host, for the first brand without proof."""
    hop = inquiry.authentication.hop
    if not hop.looked_up or inquiry.authentication.forwarded or _is_signed(inquiry):
        return
    for brand, claim in unproven(inquiry):
        if brand.indexed or may_send_for(brand, inquiry):
            continue
        if brand.kind is ClaimKind.ROLE and not _leads_away(brand, claim, inquiry):
            continue
        found = _foreign(brand, inquiry)
        if found:
            text, strength = found
            quote = clean(f"{hop.helo} [{hop.ip}]")
            yield Evidence(text, strength, Facet.ROUTE, Where.RECEIVED, claim=claim, quote=quote)
        return


def _is_signed(inquiry: Inquiry) -> bool:
    """Whether the author's domain signed the mail: then the machine may be anybody's who passed it on."""
    authentication = inquiry.authentication
    return authentication.aligned is Result.PASS and authentication.dkim is Result.PASS


def _leads_away(brand: Brand, claim: Claim | None, inquiry: Inquiry) -> bool:
    """Whether a mere role asks for more than patience with a badly set-up server: everybody has a delivery centre."""
    return claim is not None and not claim.common and bool(foreign_links(brand, inquiry))


def _foreign(brand: Brand, inquiry: Inquiry) -> tuple[Sentence, Strength] | None:
    """What is foreign about the machine. Under the brand's own address it weighs more than under its mere name."""
    hop = inquiry.authentication.hop
    bears_address = brand in owners_of_author(inquiry)
    if _greets_falsely(brand, inquiry):
        return fill(FALSE_GREETING, helo=hop.helo, real=hop.reverse_dns or hop.ip), Strength.STRONG
    if _is_known(hop.reverse_dns, brand, inquiry):
        return None
    strength = Strength.STRONG if bears_address else Strength.MEDIUM
    if not hop.reverse_dns:
        return fill(NAMELESS, ip=hop.ip, brand=brand.label), strength
    if _is_number(hop.reverse_dns, hop.ip):
        return fill(NUMBERED, name=hop.reverse_dns, brand=brand.label), strength
    return (fill(FOREIGN, name=hop.reverse_dns, brand=brand.label), Strength.MEDIUM) if bears_address else None


def _is_known(host: str, brand: Brand, inquiry: Inquiry) -> bool:
    return bool(host) and (is_own(host, brand, inquiry) or Offer.BULK_MAIL in inquiry.catalogue.offers(host))


def _greets_falsely(brand: Brand, inquiry: Inquiry) -> bool:
    hop = inquiry.authentication.hop
    return is_own(hop.helo, brand, inquiry) and not same_organisation(hop.helo, hop.reverse_dns)


def _is_number(host: str, ip: str) -> bool:
    """Whether a name is made of the machine's own IPv4 address, in either order: v192-0-2-1.hosting.example.

    For a machine that was reached by IPv6 the number is that of its IPv4 sister, which nobody tells.
    """
    octets = ip.split(".")
    quad = _QUAD.search(host)
    if quad:
        found = [octet.lstrip("0") or "0" for octet in quad.groups()]
        return ":" in ip or found in (octets, octets[::-1])
    return "".join(octet.zfill(3) for octet in octets) in host


_QUAD = re.compile(r"(?<!\d)(\d{1,3})[.-](\d{1,3})[.-](\d{1,3})[.-](\d{1,3})(?!\d)")
