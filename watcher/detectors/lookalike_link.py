"""A link whose address is made to be taken for a brand's.

Sees:
    In a mail that names a brand anywhere without proof, a link to somebody else's host that holds a whole domain of the
    brand (amazon.co.jp.update.example, aeon_co_jp.x.example), its name as a word of its own (smbc-card-login.example),
    or a spelling that looks like it (rnercari.example).

Why it matters:
    Nobody builds a brand's address into his own by accident: the reader is meant to read the first half of it.

Example:
    https://www.ucscard.co.jp.login.example/ in a mail about a card.

Leaves alone:
    The brand's own hosts and its mailing services, senders who link to themselves (a dealer's brand.dealer.example)
    unless their domain is found forged, everyday words, and mail that does not name the brand.

Sources:
    12.2 % of the 88,740 phishing addresses that JPCERT/CC listed in 2024 and 2025 carry a token of the brand in the
    host name; under 0.5 % of wanted mail does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.domains import registrable, same_organisation, suffix, to_unicode
from watcher.leads import leads_home, web_links
from watcher.links import has_risky_suffix
from watcher.model import Brand, ClaimKind, Evidence, Facet, Inquiry, Link, Result, Sentence, Strength, Where
from watcher.posing import spoken_of
from watcher.presenting import fills_name, names_sender
from watcher.text import clean, fill

WHOLE = Sentence(
    ja="リンク先 {host} は {domain} のように見えますが、{brand}とは関係のないサイトです。",
    en="The link to {host} is made to look like {domain}, but it does not belong to {brand}.",
)
TOKEN = Sentence(
    ja="リンク先 {host} は{brand}のサイトと思わせるアドレスですが、{brand}のサイトではありません。",
    en="The link to {host} is made to look as if it led to {brand}, but it does not.",
)
_SEPARATORS = re.compile("[._-]+")
_MOST_LINKS = 50
_SHORTEST_DOMAIN = 7
"""Characters of the shortest domain that is looked for inside another: shorter ones stand there by chance."""


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """The first link that imitates one of the brands that the mail names."""
    brands = [(brand, claim) for brand, claim in spoken_of(inquiry) if brand.kind is not ClaimKind.ROLE]
    links = [link for link in web_links(inquiry)[:_MOST_LINKS] if not _is_senders(link, inquiry)] if brands else []
    for brand, claim in brands:
        whole = claim is not None and claim.common and fills_name(claim, inquiry)
        for link in _strange(links, brand, inquiry):
            if imitation := _imitated(link.host, brand, inquiry, everyday=whole):
                sentence, strength, domain = imitation
                strength = Strength.STRONG if claim and names_sender(claim, inquiry) else strength
                text = fill(sentence, host=to_unicode(link.host), brand=brand.label, domain=domain)
                yield Evidence(text, strength, Facet.LINK, Where.LINK, claim=claim, quote=clean(link.url))
                return


def _strange(links: list[Link], brand: Brand, inquiry: Inquiry) -> Iterator[Link]:
    """The links that lead neither home nor to anybody known, of each host the first: only the host counts."""
    seen: set[str] = set()
    for link in links:
        if link.host in seen or leads_home(link, brand, inquiry) or inquiry.catalogue.owners(link.host):
            continue
        seen.add(link.host)
        yield link


def _is_senders(link: Link, inquiry: Inquiry) -> bool:
    own = same_organisation(link.host, inquiry.message.author.domain)
    return own and inquiry.authentication.aligned is not Result.FAIL


def _imitated(host: str, brand: Brand, inquiry: Inquiry, *, everyday: bool) -> tuple[Sentence, Strength, str] | None:
    """How a foreign host imitates the brand, how much that says, and which domain it holds.

    Everyday words count only where the mail calls itself by nothing else.
    """
    words = f".{_SEPARATORS.sub('.', host)}."
    for domain in brand.domains:
        if len(domain) >= _SHORTEST_DOMAIN and f".{domain.replace('-', '.')}." in words:
            return WHOLE, Strength.STRONG, domain
    said = to_unicode(registrable(host)).removesuffix(suffix(host)).replace(".", " ")
    below = host.removesuffix(registrable(host)).replace(".", " ")
    text = f"{below} {said}".replace("_", " ")
    named = any(
        mention.brand == brand.id and (everyday or not mention.common) for mention in inquiry.catalogue.find(text)
    )
    if named or any(mention.brand == brand.id for mention in inquiry.catalogue.lookalikes(text)):
        return TOKEN, Strength.STRONG if has_risky_suffix(host) else Strength.MEDIUM, ""
    return None
