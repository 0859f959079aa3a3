"""A sender whom the reader knows, confirmed by the receiving server.

Sees:
    An author to whom the reader has written, or who has written before, while the reader's own mail server confirms
    that the mail comes from the author's domain.

Why it matters:
    A wanted mail moved is worse than a bad mail missed, and mail from people one writes to is wanted. A shop that is
    called like a brand, and a friend who writes about parcels, are proved genuine by the reader's own letters.

Example:
    From: Keiko <keiko@friend.example>, to whom the reader wrote last week

Leaves alone:
    Authors whose domain nobody vouches for: a known address is what an impostor would write. Who has merely written
    before counts only from a day after the first mail on, and less: a campaign must not be its own witness.

Sources:
    Design rule 5; RFC 8601.
"""

from __future__ import annotations

from collections.abc import Iterator

from watcher.model import Direction, Evidence, Facet, Inquiry, Result, Sentence, Strength, Where
from watcher.text import fill

WRITTEN_TO = Sentence(
    ja="{address} はあなたがメールを送ったことのある相手で、そのドメインから届いたことを受信サーバーが確認しています。",
    en="You have written to {address}, and your mail server confirms that this mail comes from that domain.",
)
HEARD_FROM = Sentence(
    ja="{address} からは以前にもメールが届いており、そのドメインから届いたことを受信サーバーが確認しています。",
    en="{address} has written to you before, and your mail server confirms that this mail comes from that domain.",
)


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """How well the author is known."""
    context = inquiry.context
    if not context.acquainted or inquiry.authentication.aligned is not Result.PASS:
        return
    yield Evidence(
        text=fill(WRITTEN_TO if context.written_to else HEARD_FROM, address=inquiry.message.author.spec),
        strength=Strength.STRONG if context.written_to else Strength.MEDIUM,
        facet=Facet.HISTORY,
        where=Where.FROM_ADDRESS,
        direction=Direction.FOR,
    )
