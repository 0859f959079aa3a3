"""What is learned, and from what. Pure: whoever calls keeps the result in the ledger.

A lesson is bound to a sender whose domain was confirmed, and to the brand that the mail was said to pose as: "this
sender may call itself so", or may not. Without a confirmed domain a release or a report concerns that one mail alone,
since anybody could write the same sender on the next. A restraint is about one of our own detectors that was wrong too
often. Each lesson can be listed and taken back; nothing else remembers it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from watcher.judge import judge
from watcher.model import Belief, Case, Choice, Decision, Direction, Lesson, LessonKind, State, Strength, Where

AUTO = "auto"
_MAILS = 10
_DOMAINS = 5
"""From so many mails and so many different senders on is a server's name believed (docs/design.md, section 4)."""

_RELEASES = 3
_SHARE = 0.25
_REMEMBERED = timedelta(days=90)
"""A detector is turned down when mail of so many senders, and of such a share of all, was taken back of late."""


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
    sender = case.author.spec.lower()
    if decision.choice is Choice.TRUST:
        return Lesson(sender, explicit=True, case=case.id, at=now)
    if not case.authenticated:
        return None
    if decision.choice is Choice.RESTORE:
        return Lesson(sender, brand=posed_brand(case), case=case.id, at=now)
    if decision.choice is Choice.CONFIRM:
        brand = posed_brand(case) or _presented_brand(case)
        return Lesson(sender, brand=brand, kind=LessonKind.DISTRUST, case=case.id, at=now)
    return None


def contradicted(decision: Decision, case: Case, lessons: Sequence[Lesson]) -> tuple[Lesson, ...]:
    """The lessons about the same sender that a decision takes back, because it says the opposite."""
    opposite = {
        Choice.RESTORE: LessonKind.DISTRUST,
        Choice.TRUST: LessonKind.DISTRUST,
        Choice.CONFIRM: LessonKind.TRUST,
    }.get(decision.choice)
    sender, brand = case.author.spec.lower(), posed_brand(case)
    return tuple(
        lesson
        for lesson in lessons
        if lesson.kind is opposite and lesson.sender == sender and (lesson.brand in {"", brand} or not brand)
    )


def restraints(cases: Sequence[Case], revoked: Sequence[Lesson], now: datetime) -> tuple[Lesson, ...]:
    """The detectors that are to be turned down, since what they had moved was taken back too often.

    Args:
        cases: all that were moved in the last time, taken back or not.
        revoked: lessons that the user took back: for a detector that was restrained before, only later cases count.
        now: for the age of the cases.
    """
    moved: defaultdict[str, set[str]] = defaultdict(set)
    released: defaultdict[str, set[str]] = defaultdict(set)
    lately = [case for case in cases if now - case.judged_at < _REMEMBERED]
    hits = [(each, name) for each in lately for name in _deciding(each)]
    for case, detector in hits:
        if case.judged_at > _pardoned(detector, revoked):
            moved[detector].add(case.author.spec)
            released[detector] |= {case.author.spec} if case.state is State.RELEASED else set()
    return tuple(
        Lesson(kind=LessonKind.RESTRAINT, detector=detector, at=now)
        for detector, senders in sorted(released.items())
        if len(senders) >= _RELEASES and len(senders) / len(moved[detector]) >= _SHARE
    )


def _deciding(case: Case) -> frozenset[str]:
    """The detectors without each of which the mail would have stayed; where none is such, that of the first fact.

    Those of decisive facts are none of them: a program that was attached was attached, whoever wanted to have it.
    """
    reasons = case.verdict.reasons if case.verdict and case.verdict.suspicious else ()
    if any(fact.strength is Strength.DECISIVE and fact.direction is Direction.AGAINST for fact in reasons):
        return frozenset()
    detectors = {fact.detector: None for fact in reasons if fact.direction is Direction.AGAINST and fact.detector}
    needed = [
        detector
        for detector in detectors
        if not judge(fact for fact in reasons if fact.detector != detector).suspicious
    ]
    return frozenset(needed or list(detectors)[:1])


def _pardoned(detector: str, revoked: Sequence[Lesson]) -> datetime:
    """When the user last took back the restraint of a detector."""
    times = (lesson.revoked_at for lesson in revoked if lesson.detector == detector and lesson.revoked_at)
    return max(times, default=datetime.min.replace(tzinfo=UTC))


def posed_brand(case: Case) -> str:
    """The brand that a case was said to pose as: that of the fact that decided; empty if it speaks of none."""
    reasons = case.verdict.reasons if case.verdict else ()
    against = (reason for reason in reasons if reason.direction is Direction.AGAINST)
    return next((reason.claim.brand for reason in against if reason.claim), "")


def _presented_brand(case: Case) -> str:
    """The brand that a mail names elsewhere than in its text; empty where it names none."""
    claims = case.verdict.claims if case.verdict else ()
    return next((claim.brand for claim in claims if claim.where is not Where.BODY), "")


def trusted(senders: Sequence[str]) -> tuple[Lesson, ...]:
    """The senders that the configuration trusts, as lessons."""
    return tuple(Lesson(sender.lower(), explicit=True) for sender in senders)


def version(lessons: Sequence[Lesson]) -> str:
    """A short word that changes whenever a lesson is added or taken back."""
    return f"{len(lessons)}.{max((lesson.id for lesson in lessons), default=0)}"
