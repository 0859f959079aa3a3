"""Links that do not lead to the brand in whose name the mail is sent.

Sees:
    A mail in the name of a brand whose links all lead elsewhere, or in which a link shows an address of the brand and
    leads to another organisation.

Why it matters:
    Today's impersonation wants a click. 85 to 95 % of it holds no link to the brand at all.

Example:
    三井住友カード <info@example.org>: "https://www.smbc-card.com/" leading to https://smbc.example.top/.

Leaves alone:
    Mail proved to be the brand's own, which may use any counting service; mail that names a brand only in its text;
    links without a host (mailto:, tel:); links shown under other words than an address, which newsletters rewrite.

Sources:
    Measured 2026: a brand in From that is not the sender's, and no link to the sender: 14.6 % of honeypot mail, at most
    1.4 % of wanted mail. A link whose text shows any other domain is no sign: 5 to 8 % of wanted mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.domains import same_organisation, to_ascii, to_unicode
from watcher.model import Brand, Claim, Evidence, Facet, Inquiry, Link, Sentence, Strength, Where
from watcher.posing import is_own, unproven
from watcher.text import clean, fill

ELSEWHERE = Sentence(
    ja="{brand}からのメールのはずですが、リンク先は {host} など、どれも{brand}のサイトではありません。",
    en="No link leads to {brand}; they lead to {host}.",
)
SHOWN = Sentence(
    ja="リンクには {shown} と書かれていますが、実際には {host} につながります。",
    en="A link shows {shown} but leads to {host}.",
)
_ADDRESS = re.compile(r"(?:https?://)?((?:[\w-]{1,63}\.){1,8}[a-zA-Z]{2,24})(?=$|[/:?#\s])")


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """For the first brand without proof: a link that lies about its target, otherwise links that all lead elsewhere."""
    links = [link for link in inquiry.message.links if link.host and link.url.lower().startswith("http")]
    for brand, claim in unproven(inquiry):
        lying = next((link for link in links if _lies(link, brand, inquiry)), None)
        if lying:
            yield _evidence(SHOWN, Strength.STRONG, brand, claim, lying)
        elif links and not any(is_own(link.host, brand, inquiry) for link in links):
            yield _evidence(ELSEWHERE, Strength.MEDIUM, brand, claim, links[0])
        return


def _evidence(sentence: Sentence, strength: Strength, brand: Brand, claim: Claim | None, link: Link) -> Evidence:
    text = fill(sentence, brand=brand.label, shown=_shown_host(link), host=to_unicode(link.host))
    return Evidence(text, strength, Facet.LINK, Where.LINK, claim=claim, quote=clean(link.url))


def _lies(link: Link, brand: Brand, inquiry: Inquiry) -> bool:
    """Whether the reader is shown an address of the brand and led to another organisation."""
    shown = _shown_host(link)
    if not shown or same_organisation(shown, link.host):
        return False
    return is_own(shown, brand, inquiry) and not is_own(link.host, brand, inquiry)


def _shown_host(link: Link) -> str:
    found = _ADDRESS.match(link.text.strip()[:300])
    return to_ascii(found[1]) if found else ""
