"""An address that is made to be taken for a brand's own.

Sees:
    A brand's name or the name part of one of its domains inside an address that is not its own
    (amazon-update.example, support-amazon@…), or a domain whose name part looks like the brand's (ekl-net for eki-net,
    rnercari for mercari).

Why it matters:
    The address is read as proof by people who do look at it.

Example:
    From: Amazon.co.jp <account@amazon-update.example>

Leaves alone:
    The brand's own domains under any suffix it owns, its mailing services, listed namesakes, and everyday words, which
    occur in other people's domains (orange, target, line).

Sources:
    4.0 % of 7,910 honeypot mails of 2022 to 2026 bear a brand's token in the domain of From, and under 0.5 % of wanted
    mail.
"""

from __future__ import annotations

from collections.abc import Iterator

from watcher.domains import label, to_unicode
from watcher.leads import may_send_for
from watcher.model import Brand, Claim, Evidence, Facet, Inquiry, Likeness, Result, Sentence, Strength, Where
from watcher.posing import owners_of_author, posed, speaks_for
from watcher.presenting import names_sender
from watcher.text import clean, fill

TOKEN = Sentence(
    ja="アドレス {address} は{brand}のものと思わせますが、{brand}のアドレスではありません。",
    en="The address {address} looks like one of {brand} but does not belong to {brand}.",
)
LOOKALIKE = Sentence(
    ja="送信元の {domain} は{brand}に見せかけたドメインです。",
    en="The domain {domain} is made to look like one of {brand}.",
)


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """A brand's token in a foreign address, or a domain that looks like a brand's."""
    author = inquiry.message.author
    for brand, claim in posed(inquiry):
        strength = _token(brand, claim, inquiry)
        if strength:
            yield Evidence(
                text=fill(TOKEN, address=author.spec, brand=brand.label),
                strength=strength,
                facet=Facet.DOMAIN,
                where=Where.FROM_ADDRESS,
                claim=claim,
                quote=clean(author.spec),
            )
    for brand in _resembled(inquiry):
        yield Evidence(
            text=fill(LOOKALIKE, domain=to_unicode(author.domain), brand=brand.label),
            strength=Strength.STRONG,
            facet=Facet.DOMAIN,
            where=Where.FROM_ADDRESS,
            claim=_claim(brand, author.domain),
            quote=clean(author.spec),
        )


def _token(brand: Brand, claim: Claim, inquiry: Inquiry) -> Strength | None:
    """What a brand's name in the address weighs: most in the domain, of a mail that names the brand elsewhere too.

    An everyday word counts only where the mail calls itself by it (LEDGER at updates-ledger.example).
    """
    author = inquiry.message.author
    token = next((c for c in inquiry.claims if c.brand == brand.id and c.where is Where.FROM_ADDRESS), None)
    if not token or brand.indexed or (token.common and not names_sender(claim, inquiry)):
        return None
    in_domain = token.words.casefold() in author.domain
    if not in_domain and may_send_for(brand, inquiry):
        return None
    if author.local.casefold() in brand.domains:
        return Strength.STRONG
    named = any(c.brand == brand.id and c.where in _places(inquiry) for c in inquiry.claims)
    deliberate = named and not token.common and in_domain
    return Strength.STRONG if deliberate else Strength.MEDIUM


def _places(inquiry: Inquiry) -> set[Where]:
    """Where a name makes the address's look-alike deliberate; a confirmed sender may write about a namesake."""
    confirmed = inquiry.authentication.aligned is Result.PASS
    return {Where.FROM_NAME, Where.SUBJECT} | (set() if confirmed else {Where.BODY})


def _resembled(inquiry: Inquiry) -> Iterator[Brand]:
    """Brands whose name the name part of the author's domain imitates."""
    if owners_of_author(inquiry):
        return
    name_part = label(inquiry.message.author.domain)
    seen = {mention.brand for mention in inquiry.catalogue.lookalikes(to_unicode(name_part))}
    for identifier in sorted(seen):
        brand = inquiry.catalogue.brand(identifier)
        if not speaks_for(brand, inquiry):
            yield brand


def _claim(brand: Brand, domain: str) -> Claim:
    return Claim(brand.kind, brand.id, brand.names[0], domain, Where.FROM_ADDRESS, Likeness.LOOKALIKE)
