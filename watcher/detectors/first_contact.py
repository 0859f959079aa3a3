"""A sender who poses as a brand, and with whom the reader has never had to do.

Sees:
    A mail that presents a brand as its sender without being from it, from an address that the reader has neither
    written to nor received confirmed mail from, as far back as the mailbox was read.

Why it matters:
    Brands write again and again from the same addresses; each campaign comes from new ones.

Example:
    From: 三井住友カード <info@fresh.example>, the first mail ever from there

Leaves alone:
    Mail that poses as nobody: everybody writes for a first time. Mailboxes that have not been read yet, and known
    addresses for which nobody vouches this time: there nothing can be told. The fact is weak and only supports others.

Sources:
    Microsoft Defender for Office 365, "first contact safety tip".
"""

from __future__ import annotations

from collections.abc import Iterator

from watcher.model import Evidence, Facet, Inquiry, Sentence, Strength, Where
from watcher.posing import posed_as_sender
from watcher.text import clean, fill

FIRST = Sentence(
    ja="{address} とのメールのやりとりは、これまでに見つかっていません。",
    en="No earlier mail to or from {address} has been found in your mailbox.",
)


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """One fact for the brand that the mail poses as first of all."""
    if inquiry.context.acquainted is not False:
        return
    author = inquiry.message.author
    for _, claim in list(posed_as_sender(inquiry))[:1]:
        yield Evidence(
            text=fill(FIRST, address=author.spec),
            strength=Strength.WEAK,
            facet=Facet.HISTORY,
            where=Where.FROM_ADDRESS,
            claim=claim,
            quote=clean(author.spec),
        )
