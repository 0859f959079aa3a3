"""The name of a brand on a mail that comes from somebody else's address.

Sees:
    A brand's or an authority's name in the display name of From, in the subject or at the ends of the body, while the
    address of From belongs neither to it nor to one of its mailing services.

Why it matters:
    Whoever poses must use the name; the address is what he cannot have. In Japan the name is nearly always the only
    trace of the brand: of 88,740 phishing addresses reported in 2024 and 2025 only 12 % held a token of it.

Example:
    From: 日本郵便 <info@parcel.example.ru>

Leaves alone:
    The brand's own domains and mailing services, namesakes listed with the brand, and confirmed senders of another
    known brand (a bank may name a card). What weighs less than a brand's name in From: one word among others; where
    From gives nobody, a name that heads the subject; a name that others have too (LINE, Orange, ADAC); a brand of which
    no source says whence it writes, while nothing else is wrong with the mail; an organisation of the index; a mere
    role (Webmail Administrator, Parcel Service). A name elsewhere never weighs much: people write about brands, and
    shops give their vouchers.

Sources:
    JPCERT/CC phishing URL list 2024-2025; Council of Anti-Phishing Japan, monthly reports.
"""

from __future__ import annotations

from collections.abc import Iterator

from watcher.domains import same_organisation
from watcher.leads import foreign_links, hosts_of, may_send_for
from watcher.model import Brand, Claim, ClaimKind, Evidence, Facet, Inquiry, Likeness, Sentence, Strength, Where
from watcher.posing import official, posed
from watcher.presenting import fills_name, is_aside, is_letterhead, names_sender
from watcher.text import clean, fill

FROM = Sentence(
    ja="差出人は{name}を名乗っていますが、送信元は {domain} です。{brand}は {official} から送ります。",
    en="The sender calls itself {name} but writes from {domain}; {brand} writes from {official}.",
)
FROM_UNKNOWN = Sentence(
    ja="差出人は{name}を名乗っていますが、送信元の {domain} は{brand}のものとして知られていません。",
    en="The sender calls itself {name} but writes from {domain}, which is not known as an address of {brand}.",
)
ROLE = Sentence(
    ja="差出人は「{words}」と名乗っていますが、送信元の {domain} は{brand}として知られたアドレスではありません。",
    en="The sender calls itself “{words}”, but {domain} is not known as an address of {brand}.",
)
SUBJECT = Sentence(
    ja="件名に{brand}とありますが、送信元は {domain} で、{brand}のものではありません。",
    en="The subject names {brand}, but the mail comes from {domain}, which is not an address of {brand}.",
)
BODY = Sentence(
    ja="本文に{brand}とありますが、送信元は {domain} で、{brand}のものではありません。",
    en="The text names {brand}, but the mail comes from {domain}, which is not an address of {brand}.",
)


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """One fact for each brand that the mail names without coming from it."""
    for brand, claim in posed(inquiry):
        if claim.where is Where.FROM_ADDRESS or claim.likeness is Likeness.LOOKALIKE:
            continue
        if claim.common and not names_sender(claim, inquiry):
            continue
        own = official(brand) if brand.senders_known else ""
        domain = inquiry.message.author.domain or inquiry.message.author.local or "?"
        yield Evidence(
            text=fill(
                _sentence(claim, known=bool(own)),
                brand=brand.label,
                name=_called(brand, claim),
                domain=domain,
                official=own,
                words=inquiry.message.author.name,
            ),
            strength=_strength(brand, claim, inquiry),
            facet=Facet.NAME,
            where=claim.where,
            claim=claim,
            quote=clean(claim.words),
        )


def _called(brand: Brand, claim: Claim) -> Sentence:
    """By which of the brand's names it is called, in each language the one that can be read."""
    foreign = claim.name.isascii()
    return Sentence(ja=brand.label.ja if foreign else claim.name, en=claim.name if foreign else brand.label.en)


def _strength(brand: Brand, claim: Claim, inquiry: Inquiry) -> Strength:
    if not names_sender(claim, inquiry) or (brand.indexed and not fills_name(claim, inquiry)):
        return Strength.WEAK
    if claim.where is Where.SUBJECT:
        return Strength.MEDIUM if is_letterhead(claim, inquiry) or _leads_away(brand, inquiry) else Strength.WEAK
    unmistakable = (not claim.common or claim.shared) and not is_aside(claim, inquiry)
    doubtful = brand.indexed or may_send_for(brand, inquiry) or claim.kind is ClaimKind.ROLE
    return Strength.STRONG if unmistakable and not doubtful else Strength.MEDIUM


def _leads_away(brand: Brand, inquiry: Inquiry) -> bool:
    """Whether a link leads neither to the brand nor to the sender, who may well write about it."""
    own = inquiry.message.author.domain
    return any(
        not same_organisation(host, own) for link in foreign_links(brand, inquiry) for host in hosts_of(link, inquiry)
    )


def _sentence(claim: Claim, *, known: bool) -> Sentence:
    if claim.kind is ClaimKind.ROLE:
        return ROLE
    if claim.where is Where.SUBJECT:
        return SUBJECT
    if claim.where is Where.BODY:
        return BODY
    return FROM if known else FROM_UNKNOWN
