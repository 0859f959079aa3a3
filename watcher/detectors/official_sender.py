"""Proof that a mail really comes from the brand whose address it bears.

Sees:
    From bears a domain of a brand, and the reader's own mail server confirms it: DMARC passes, or DKIM or SPF with an
    aligned domain.

Why it matters:
    Genuine mail is proved, not merely left unaccused: it may hold links to strangers, attachments and urgent words.

Example:
    From: Amazon.co.jp <shipment-tracking@amazon.co.jp>, with "dkim=pass header.d=amazon.co.jp; dmarc=pass".

Leaves alone:
    Passes of any other domain: more than a quarter of phishing passes DMARC, on its own domain. Domains where anybody
    can have a mailbox.

Sources:
    RFC 7489, 3.1; Council of Anti-Phishing Japan, July 2024: 28.6 % of phishing mails arrive with a DMARC pass.
"""

from __future__ import annotations

from collections.abc import Iterator

from watcher.model import Direction, Evidence, Facet, Inquiry, Result, Sentence, Strength, Where
from watcher.posing import owners_of_author
from watcher.text import fill

GENUINE = Sentence(
    ja="{brand}のドメイン {domain} から送られたことを受信サーバーが確認しました。",
    en="Your mail server confirmed that this comes from {domain}, a domain of {brand}.",
)


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """An aligned pass on a brand's own domain."""
    if inquiry.authentication.aligned is not Result.PASS:
        return
    for brand in owners_of_author(inquiry)[:1]:
        yield Evidence(
            text=fill(GENUINE, brand=brand.label, domain=inquiry.message.author.domain),
            strength=Strength.STRONG,
            facet=Facet.AUTHENTICATION,
            where=Where.AUTHENTICATION,
            direction=Direction.FOR,
            claim=next((claim for claim in inquiry.claims if claim.brand == brand.id), None),
        )
