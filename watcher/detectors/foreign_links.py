"""Links that do not lead to the brand in whose name the mail is sent.

Sees:
    A mail in the name of a brand whose links lead elsewhere, or in which a link shows an address of the brand and leads
    to another organisation. Where the mail bears the brand's own address, or the receiving server confirms that of the
    sender, one link home excuses the others.

Why it matters:
    Today's impersonation wants a click. 85 to 95 % of it holds no link to the brand at all; the rest borrows the
    brand's own help pages and puts its one link among them.

Example:
    三井住友カード <info@example.org>: "https://www.smbc-card.com/" leading to https://smbc.example.top/.

Leaves alone:
    Mail proved to be the brand's own, which may use any counting service; mail that names a brand only in its text;
    links without a host (mailto:, tel:), to the pages of other known brands (social networks, app stores) and through
    wrappers of security products; links shown under other words than an address, which newsletters rewrite.

Sources:
    Measured 2026: a brand in From that is not the sender's, and no link to the sender: 14.6 % of honeypot mail, at most
    1.4 % of wanted mail. A link whose text shows any other domain is no sign: 5 to 8 % of wanted mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.domains import same_organisation, to_ascii, to_unicode
from watcher.leads import foreign_links, hosts_of, leads_home, may_send_for, web_links
from watcher.model import Brand, Claim, ClaimKind, Evidence, Facet, Inquiry, Link, Result, Sentence, Strength, Where
from watcher.posing import is_own, owners_of_author, unproven
from watcher.text import clean, fill

ELSEWHERE = Sentence(
    ja="{brand}を名乗るメールですが、{brand}のサイトへのリンクはなく、{host} などにつながります。",
    en="None of the links leads to {brand}; they lead to {host}.",
)
AMONG = Sentence(
    ja="{brand}からのメールのはずですが、{brand}のサイトではない {host} へのリンクが混ざっています。",
    en="Among links to {brand} is one to {host}, which is not {brand}.",
)
ROLE = Sentence(
    ja="リンク先の {host} は、差出人の組織のサイトでも、あなたのメールアドレスの組織のサイトでもありません。",
    en="The links lead to {host}, which belongs neither to the sender nor to your own mail domain.",
)
SHOWN = Sentence(
    ja="リンクには {shown} と書かれていますが、実際には {host} につながります。",
    en="A link shows {shown} but leads to {host}.",
)
_ADDRESS = re.compile(r"(?:https?://)?((?:[\w-]{1,63}\.){1,8}[a-zA-Z]{2,24})(?=$|[/:?#\s])")


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """For the first brand without proof: a link that lies about its target, otherwise links that lead elsewhere."""
    links = web_links(inquiry)
    for brand, claim in unproven(inquiry):
        lying = next((link for link in links if _lies(link, brand, inquiry)), None)
        if lying:
            text = fill(SHOWN, shown=_shown_host(lying), host=_shown(lying, inquiry))
            strength = Strength.MEDIUM if may_send_for(brand, inquiry) else Strength.STRONG
            yield _evidence(text, strength, claim, lying)
            return
        foreign = [link for link in foreign_links(brand, inquiry) if not _is_senders(link, claim, inquiry)]
        home = any(leads_home(link, brand, inquiry) for link in links)
        excused = home and (inquiry.authentication.aligned is Result.PASS or brand in owners_of_author(inquiry))
        if foreign and not excused:
            text = fill(_sentence(brand, home=home), brand=brand.label, host=_shown(foreign[0], inquiry))
            yield _evidence(text, Strength.MEDIUM, claim, foreign[0])
        return


def _is_senders(link: Link, claim: Claim | None, inquiry: Inquiry) -> bool:
    """Whether a sender links to himself who only names the brand in the subject: a shop that has its gift cards."""
    return bool(claim and claim.where is Where.SUBJECT) and same_organisation(link.host, inquiry.message.author.domain)


def _sentence(brand: Brand, *, home: bool) -> Sentence:
    if brand.kind is ClaimKind.ROLE:
        return ROLE
    return AMONG if home else ELSEWHERE


def _evidence(text: Sentence, strength: Strength, claim: Claim | None, link: Link) -> Evidence:
    return Evidence(text, strength, Facet.LINK, Where.LINK, claim=claim, quote=clean(link.url))


def _shown(link: Link, inquiry: Inquiry) -> str:
    return to_unicode(hosts_of(link, inquiry)[0])


def _lies(link: Link, brand: Brand, inquiry: Inquiry) -> bool:
    """Whether the reader is shown an address of the brand and led to another organisation."""
    shown = _shown_host(link)
    if not shown or brand.indexed or same_organisation(shown, link.host):
        return False
    return is_own(shown, brand, inquiry) and not leads_home(link, brand, inquiry)


def _shown_host(link: Link) -> str:
    found = _ADDRESS.match(link.text.strip()[:300])
    return to_ascii(found[1]) if found else ""
