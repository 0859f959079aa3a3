"""A brand's name at a domain that does nothing against being forged.

Sees:
    From gives a brand, whose address it does not bear, and the reader's own mail server found neither an SPF record of
    the sender's domain nor any signature (spf=none, dkim=none).

Why it matters:
    Since 2024 the great mailbox providers take no mail of large senders without both. Throw-away domains have neither.
    It is no failed check, which would be a lie told; it is a thing missing that no such brand's mail misses.

Example:
    From: Walmart <offer@x1y2z3.example>, with "spf=none; dkim=none".

Leaves alone:
    Names that are everyday words or roles, small organisations of the index, names in the subject; servers that could
    not tell (temperror) or did not look; mailing lists and forwarders.

Sources:
    RFC 8601, 2.7; Google, "Email sender guidelines", in force since February 2024. Measured 2026: a brand's name that
    is not the sender's, and neither SPF nor DKIM passing: 9.8 % of honeypot mail, 1.1 % of wanted mail.
"""

from __future__ import annotations

from collections.abc import Iterator

from watcher.model import Evidence, Facet, Inquiry, Sentence, Strength, Where
from watcher.posing import posed_as_sender
from watcher.text import clean, fill

UNPROTECTED = Sentence(
    ja="送信元 {domain} には、{brand}のような送信者なら必ず設けている、なりすまし対策(SPF・DKIM)が何もありません。",
    en="The domain {domain} has none of the protection against forgery (SPF, DKIM) that {brand} would have.",
)


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """The missing protection, once, if From gives a brand."""
    authentication = inquiry.authentication
    if not authentication.unprotected or authentication.forwarded:
        return
    for brand, claim in posed_as_sender(inquiry):
        if claim.where is Where.FROM_NAME and not claim.common and not brand.indexed and brand.domains:
            yield Evidence(
                text=fill(UNPROTECTED, domain=inquiry.message.author.domain, brand=brand.label),
                strength=Strength.MEDIUM,
                facet=Facet.AUTHENTICATION,
                where=Where.AUTHENTICATION,
                claim=claim,
                quote=clean(inquiry.message.author.spec),
            )
            return
