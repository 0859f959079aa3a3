"""A mail in a brand's name, handed over by a machine that cannot be the brand's.

Sees:
    In the Received line that the reader's own provider wrote: the machine that handed the mail over has no name in the
    DNS at all, or it greeted (HELO) with a host of the brand although its own name is another.

Why it matters:
    No large sender works from a nameless address: the great providers refuse such mail. 81 % of the phishing mails
    counted in August 2025 came from one. This is readable even where the provider writes no Authentication-Results.

Example:
    Received: from amazon.co.jp (unknown [192.0.2.1]) by mx.example.jp

Leaves alone:
    Servers that do not say whether they looked (Exchange), mail relayed by mailing lists and forwarders, the provider's
    own inner machines, and mail that uses no brand's name.

Sources:
    RFC 5321, 4.4; Council of Anti-Phishing Japan, monthly reports of March and August 2025.
"""

from __future__ import annotations

from collections.abc import Iterator

from watcher.domains import same_organisation
from watcher.model import Brand, Evidence, Facet, Inquiry, Sentence, Strength, Where
from watcher.posing import is_own, owners_of_author, unproven
from watcher.text import clean, fill

NAMELESS = Sentence(
    ja="このメールを届けたコンピューター({ip})には名前の登録がありません。{brand}のような送信元では考えられません。",
    en="The computer that delivered this mail ({ip}) has no registered name, unlike any mail server of {brand}.",
)
FALSE_GREETING = Sentence(
    ja="このメールを届けたコンピューターは {helo} と名乗りましたが、実際は {real} です。",
    en="The computer that delivered this mail called itself {helo}, but it is really {real}.",
)


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """One fact about the handing-over host, for the first brand without proof."""
    hop = inquiry.authentication.hop
    if not hop.looked_up or inquiry.authentication.forwarded:
        return
    for brand, claim in unproven(inquiry):
        real = hop.reverse_dns or hop.ip
        if _greets_falsely(brand, inquiry):
            text, strength = fill(FALSE_GREETING, helo=hop.helo, real=real), Strength.STRONG
        elif not hop.reverse_dns:
            text = fill(NAMELESS, ip=hop.ip, brand=brand.label)
            strength = Strength.STRONG if brand in owners_of_author(inquiry) else Strength.MEDIUM
        else:
            return
        yield Evidence(text, strength, Facet.ROUTE, Where.RECEIVED, claim=claim, quote=clean(f"{hop.helo} [{hop.ip}]"))
        return


def _greets_falsely(brand: Brand, inquiry: Inquiry) -> bool:
    hop = inquiry.authentication.hop
    return is_own(hop.helo, brand, inquiry) and not same_organisation(hop.helo, hop.reverse_dns)
