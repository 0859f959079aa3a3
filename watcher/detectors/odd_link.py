"""A link written or hosted as no organisation writes or hosts its own.

Sees:
    In a mail that presents a brand or a role without proof: a link to a bare number instead of a name, with a name
    before an at-sign (paypal.com@evil.example), with letters that turn into others, or in mixed scripts; or one to a
    place where anybody can put a page (free hosting, forms, files) or that hides its target (short links).

Why it matters:
    A sign-in page of a bank stands on the bank's own host. Numeric and at-sign addresses, and page hosts, cost nothing
    and leave no trace of who made them.

Example:
    A mail from “Webmail Administrator” with a link to https://mailbox-update.pages.example/.

Leaves alone:
    Mail proved to be the brand's own and mail that presents nobody; devices in one's own network (192.168.…). A short
    link or a form is usual in newsletters and of help desks too, so it only weighs as much as any foreign link while
    the receiving server confirms the sender, or where the mail presents a mere role.

Sources:
    JPCERT/CC list 2024-2025: 14.5 % of the phishing addresses stand on page hosts, 3 to 8 % behind short links;
    rspamd `url_suspect`; Council of Anti-Phishing Japan, April 2025: 1.2 % are bare numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from watcher.domains import to_unicode
from watcher.leads import foreign_links, hosts_of, web_links
from watcher.links import Oddity, oddity
from watcher.model import (
    Brand,
    Claim,
    ClaimKind,
    Evidence,
    Facet,
    Inquiry,
    Link,
    Offer,
    Result,
    Sentence,
    Strength,
    Where,
)
from watcher.posing import spoken_of, unproven
from watcher.presenting import is_aside
from watcher.text import clean, fill

NUMERIC = Sentence(
    ja="リンク先が名前ではなく数字 ({host}) です。企業のサイトでは使われません。",
    en="A link leads to a bare number ({host}) instead of a name; no company's site does.",
)
USER = Sentence(
    ja="リンクのアドレスは「@」より前が飾りで、実際は {host} につながります。",
    en="What stands before the @ in a link is a decoy; it really leads to {host}.",
)
LETTERS = Sentence(
    ja="リンク先 {host} には、別の文字に見せかけた紛らわしい文字が使われています。",
    en="The link to {host} uses letters that pass for others.",
)
PAGE = Sentence(
    ja="リンク先の {host} は、誰でもページを作れるサービスで、{brand}のサイトではありません。",
    en="The link leads to {host}, where anybody can put a page, and not to {brand}.",
)
SHORT = Sentence(
    ja="リンク先が短縮 URL ({host}) で隠されています。",
    en="The link hides where it leads behind a short address ({host}).",
)
_MOST_LINKS = 50


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """The oddest link of a mail in somebody's name."""
    for _, claim in spoken_of(inquiry)[:1]:
        for link in web_links(inquiry)[:_MOST_LINKS]:
            if found := oddity(link.url):
                text = fill(_ODD.get(found, LETTERS), host=to_unicode(link.host))
                yield _evidence(text, Strength.STRONG, claim, link)
                return
    for brand, claim in unproven(inquiry):
        for link in foreign_links(brand, inquiry)[:_MOST_LINKS]:
            if sentence := _hidden(link, brand, inquiry):
                yield _evidence(sentence, _strength(brand, claim, inquiry), claim, link)
                return


def _strength(brand: Brand, claim: Claim | None, inquiry: Inquiry) -> Strength:
    """A club's help desk has its forms where everybody has them; a bank has not."""
    lenient = inquiry.authentication.aligned is Result.PASS or brand.indexed or brand.kind is ClaimKind.ROLE
    lenient = lenient or (claim is not None and is_aside(claim, inquiry))
    return Strength.MEDIUM if lenient else Strength.STRONG


_ODD = {Oddity.NUMERIC: NUMERIC, Oddity.USER: USER}


def _hidden(link: Link, brand: Brand, inquiry: Inquiry) -> Sentence | None:
    host = hosts_of(link, inquiry)[0]
    offers = inquiry.catalogue.offers(host)
    if Offer.PAGE in offers:
        return fill(PAGE, host=to_unicode(host), brand=brand.label)
    return fill(SHORT, host=to_unicode(host)) if Offer.SHORT_LINK in offers else None


def _evidence(text: Sentence, strength: Strength, claim: Claim | None, link: Link) -> Evidence:
    return Evidence(text, strength, Facet.LINK, Where.LINK, claim=claim, quote=clean(link.url))
