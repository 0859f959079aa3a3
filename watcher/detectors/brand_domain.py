"""A brand's own address that nobody vouches for.

Sees:
    From bears a domain of a brand, the reader's own mail server has checked the mail (RFC 8601), and neither DMARC nor
    an aligned DKIM signature nor an aligned SPF result passes.

Why it matters:
    From is free text: a third to a half of Japanese phishing bears the real domain of the brand. Brands that are
    impersonated sign their mail.

Example:
    From: Amazon.co.jp <account-update@amazon.co.jp>, with "dkim=none; spf=softfail; dmarc=fail".

Leaves alone:
    Mail whose server wrote no results, or only results that could not tell (temperror, none); mailing lists and
    forwarders, which break both checks; domains where anybody can have a mailbox.

Sources:
    RFC 7489, 3.1 (alignment); Council of Anti-Phishing Japan, monthly reports: 32 to 53 % of phishing mails in 2024 and
    2025 bear a brand's exact domain.
"""

from __future__ import annotations

from collections.abc import Iterator

from watcher.model import Evidence, Facet, Inquiry, Result, Sentence, Strength, Where
from watcher.posing import owners_of_author
from watcher.text import clean, fill

FORGED = Sentence(
    ja="送信元は {domain}({brand})と書かれていますが、本物であることを受信サーバーが確認できませんでした。",
    en="The mail says it comes from {domain} ({brand}), but your mail server could not confirm that.",
)


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """A brand's own domain without an aligned pass."""
    authentication = inquiry.authentication
    if authentication.aligned is not Result.FAIL or authentication.forwarded:
        return
    for brand in owners_of_author(inquiry)[:1]:
        yield Evidence(
            text=fill(FORGED, domain=inquiry.message.author.domain, brand=brand.label),
            strength=Strength.STRONG,
            facet=Facet.AUTHENTICATION,
            where=Where.AUTHENTICATION,
            claim=next((claim for claim in inquiry.claims if claim.brand == brand.id), None),
            quote=clean(inquiry.message.author.spec),
        )
