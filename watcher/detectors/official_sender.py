"""Proof that a mail really comes from the brand whose address it bears.

Sees:
    From bears a domain of a brand, or gives the brand at a domain that is known to send for it, and the reader's own
    mail server confirms it: DMARC passes, or DKIM or SPF with an aligned domain.

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

from watcher.domains import is_within
from watcher.model import Claim, Direction, Evidence, Facet, Inquiry, Result, Sentence, Strength, Where
from watcher.posing import owners_of_author
from watcher.presenting import presented
from watcher.text import fill

GENUINE = Sentence(
    ja="{brand}のドメイン {domain} から送られたことを受信サーバーが確認しました。",
    en="Your mail server confirmed that this comes from {domain}, a domain of {brand}.",
)


SENDS_FOR = Sentence(
    ja="{brand}のメールを配信していることが知られている {domain} から送られたことを受信サーバーが確認しました。",
    en="Your mail server confirmed that this comes from {domain}, which is known to send for {brand}.",
)


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """An aligned pass on a brand's own domain, or on that of a mailing service of a brand that From gives."""
    if inquiry.authentication.aligned is not Result.PASS:
        return
    domain = inquiry.message.author.domain
    for brand in owners_of_author(inquiry)[:1]:
        claim = next((claim for claim in inquiry.claims if claim.brand == brand.id), None)
        yield _proof(fill(GENUINE, brand=brand.label, domain=domain), Strength.STRONG, claim)
        return
    for claim in presented(inquiry):
        brand = inquiry.catalogue.brand(claim.brand)
        if claim.where is Where.FROM_NAME and any(is_within(domain, service) for service in brand.services):
            yield _proof(fill(SENDS_FOR, brand=brand.label, domain=domain), Strength.MEDIUM, claim)
            return


def _proof(text: Sentence, strength: Strength, claim: Claim | None) -> Evidence:
    return Evidence(text, strength, Facet.AUTHENTICATION, Where.AUTHENTICATION, Direction.FOR, claim)
