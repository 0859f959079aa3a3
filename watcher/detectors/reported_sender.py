"""A sender whose mail the user has reported, or confirmed, as an impersonation before.

Sees:
    A lesson of distrust that fits the author, whose domain the reader's own mail server confirms, and the brand that
    the mail presents.

Why it matters:
    Whoever was told once who poses as somebody else should not have to be told again.

Example:
    The user moved a mail of "Amazon <care@shop-amzn.example>" to "Suspicious"; the next one comes from there too.

Leaves alone:
    Authors whose domain nobody vouches for: anybody could have written them, and their owner would pay for it. Mail of
    the same sender that presents another brand. Mail proved to be the brand's own outweighs it: people report wrongly.

Sources:
    RFC 8601; design rule 5.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from watcher.model import Evidence, Facet, Inquiry, Lesson, LessonKind, Result, Sentence, Strength, Where
from watcher.presenting import presented
from watcher.text import fill

REPORTED = Sentence(
    ja="{sender} からのメールを以前に「なりすまし」と報告しています。",
    en="You reported mail from {sender} as an impersonation before.",
)


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """The first lesson of distrust that fits the author."""
    if inquiry.authentication.aligned is not Result.PASS:
        return
    sender = inquiry.message.author.spec
    claims = {claim.brand: claim for claim in reversed(list(presented(inquiry)))}
    for lesson in inquiry.context.lessons:
        if _fits(lesson, sender, claims.keys()):
            yield Evidence(
                text=fill(REPORTED, sender=sender),
                strength=Strength.STRONG,
                facet=Facet.REPORT,
                where=Where.FROM_ADDRESS,
                claim=claims.get(lesson.brand),
            )
            return


def _fits(lesson: Lesson, sender: str, brands: Collection[str]) -> bool:
    distrust = lesson.kind is LessonKind.DISTRUST and lesson.sender == sender.lower()
    return distrust and (not lesson.brand or lesson.brand in brands)
