"""What is learned, and from what. Pure: whoever calls keeps the result in the ledger.

A lesson is bound to a sender whose domain was confirmed, and to the brand that the mail was said to pose as: "this
sender may call itself so". Without a confirmed domain a release concerns that one mail alone, since anybody could write
the same sender on the next. A lesson can be listed and taken back; nothing else remembers it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from watcher.model import Belief, Case, Choice, Decision, Direction, Lesson

AUTO = "auto"
_MAILS = 10
_DOMAINS = 5
"""From so many mails and so many different senders on is a server's name believed (docs/design.md, section 4)."""


def belief(setting: str, counts: Sequence[tuple[str, int, int]]) -> Belief:
    """Whose Authentication-Results an account may believe.

    Args:
        setting: the account's `authserv`: "auto", or the authserv-id itself.
        counts: (authserv-id, mails, different author domains) seen where only the receiving server writes.
    """
    if setting != AUTO:
        return Belief(authserv=setting.lower())
    for authserv, mails, domains in counts:
        if mails >= _MAILS and domains >= _DOMAINS:
            return Belief(authserv=authserv)
    return Belief()


def lesson(decision: Decision, case: Case, now: datetime) -> Lesson | None:
    """What a decision teaches; None where it teaches nothing."""
    if decision.choice is Choice.TRUST:
        return Lesson(case.author.spec.lower(), explicit=True, case=case.id, at=now)
    if decision.choice is not Choice.RESTORE or not case.authenticated:
        return None
    return Lesson(case.author.spec.lower(), brand=posed_brand(case), case=case.id, at=now)


def posed_brand(case: Case) -> str:
    """The brand that a case was said to pose as: that of the fact that decided; empty if it speaks of none."""
    reasons = case.verdict.reasons if case.verdict else ()
    against = (reason for reason in reasons if reason.direction is Direction.AGAINST)
    return next((reason.claim.brand for reason in against if reason.claim), "")


def trusted(senders: Sequence[str]) -> tuple[Lesson, ...]:
    """The senders that the configuration trusts, as lessons."""
    return tuple(Lesson(sender.lower(), explicit=True) for sender in senders)


def version(lessons: Sequence[Lesson]) -> str:
    """A short word that changes whenever a lesson is added or taken back."""
    return f"{len(lessons)}.{max((lesson.id for lesson in lessons), default=0)}"
