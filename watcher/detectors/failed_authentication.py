"""A failed check of the sender, on a mail that poses as a brand.

Sees:
    The reader's own mail server says that SPF or DMARC failed, and the mail presents a brand without its address.

Why it matters:
    Not even the address that the impostor shows is his own.

Example:
    From: 三井住友カード <info@example.org>, with "spf=softfail; dmarc=fail".

Leaves alone:
    Mail that gives no brand for its sender; mailing lists and forwarders; results that could not tell. A failed
    check alone is common in wanted mail (1 % to 7 %), so it only ever supports.

Sources:
    RFC 7208, RFC 7489; SpamAssassin's published statistics: SPF_FAIL 15.4 % of spam, 0.44 % of wanted mail.
"""

from __future__ import annotations

from collections.abc import Iterator

from watcher.model import Evidence, Facet, Inquiry, Result, Sentence, Strength, Where
from watcher.posing import posed_as_sender
from watcher.text import clean, fill

FAILED = Sentence(
    ja="このメールが本当に {domain} から届いたのか、受信サーバーは確認できませんでした。",
    en="Your mail server could not confirm that the mail really comes from {domain}.",
)


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """A failed SPF or DMARC check, once, if the mail poses as a brand."""
    authentication = inquiry.authentication
    failed = Result.FAIL in (authentication.spf, authentication.dmarc)
    if not failed or authentication.aligned is Result.PASS or authentication.forwarded:
        return
    for _, claim in posed_as_sender(inquiry):
        yield Evidence(
            text=fill(FAILED, domain=inquiry.message.author.domain),
            strength=Strength.MEDIUM,
            facet=Facet.AUTHENTICATION,
            where=Where.AUTHENTICATION,
            claim=claim,
            quote=clean(inquiry.message.author.spec),
        )
        return
