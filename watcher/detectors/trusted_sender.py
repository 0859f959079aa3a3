"""A sender whom the user trusts, or whose mail the user has taken back before.

Sees:
    A lesson or a trusted sender of the configuration that fits the author, whose domain the reader's own mail server
    confirms.

Why it matters:
    A wanted mail moved is worse than a bad mail missed, and moved twice it is unforgivable.

Example:
    [[trust]] sender = "news@example.org"

Leaves alone:
    Authors whose domain nobody vouches for: trust in a name that anybody can write would help impostors. A lesson drawn
    from a release counts only for the brand that the mail was said to pose as.

Sources:
    RFC 8601; design rule 5.
"""

from __future__ import annotations

from collections.abc import Iterator

from watcher.model import Direction, Evidence, Facet, Inquiry, Lesson, LessonKind, Result, Sentence, Strength, Where
from watcher.presenting import presented
from watcher.text import fill

TRUSTED = Sentence(
    ja="{sender} は信頼する差出人として登録されています。",
    en="{sender} is on your list of trusted senders.",
)
RELEASED = Sentence(
    ja="{sender} からの同様のメールを以前に元へ戻しています。",
    en="You took back such a mail from {sender} before.",
)


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """The strongest lesson that fits the author."""
    if inquiry.authentication.aligned is not Result.PASS:
        return
    trust = (lesson for lesson in inquiry.context.lessons if lesson.kind is LessonKind.TRUST)
    fitting = [lesson for lesson in trust if _fits(lesson, inquiry)]
    for lesson in sorted(fitting, key=lambda lesson: not lesson.explicit)[:1]:
        yield Evidence(
            text=fill(TRUSTED if lesson.explicit else RELEASED, sender=inquiry.message.author.spec),
            strength=Strength.DECISIVE if lesson.explicit else Strength.STRONG,
            facet=Facet.HISTORY,
            where=Where.FROM_ADDRESS,
            direction=Direction.FOR,
        )


def _fits(lesson: Lesson, inquiry: Inquiry) -> bool:
    author = inquiry.message.author
    if lesson.sender.lower() not in {author.spec.lower(), f"@{author.domain}"}:
        return False
    claimed = {claim.brand for claim in presented(inquiry)}
    return lesson.explicit or not claimed or lesson.brand in claimed
