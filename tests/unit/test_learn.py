"""What is learned from a decision, and whose results are believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.kit.ledger import NOON, VERDICT, a_case, a_decision
from watcher import learn
from watcher.model import (
    Belief,
    By,
    Case,
    Choice,
    Decision,
    Direction,
    Evidence,
    Facet,
    Lesson,
    LessonKind,
    Sentence,
    State,
    Strength,
    Where,
)

LATER = NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("setting", "counts", "expected"),
    [
        ("MX.Reader.Example", [("mx.other.example", 99, 99)], Belief(authserv="mx.reader.example")),
        ("auto", [], Belief()),
        ("auto", [("mx.reader.example", 10, 5)], Belief(authserv="mx.reader.example")),
        ("auto", [("mx.reader.example", 9, 9)], Belief()),
        ("auto", [("mx.reader.example", 100, 4)], Belief()),
        ("auto", [("mx.list.example", 50, 2), ("mx.reader.example", 12, 6)], Belief(authserv="mx.reader.example")),
        ("auto", [("mx.first.example", 30, 9), ("mx.second.example", 20, 9)], Belief(authserv="mx.first.example")),
        ("auto", [("", 10, 5)], Belief(authserv="")),
    ],
    ids=[
        "as configured, whatever was seen",
        "nothing seen",
        "just enough",
        "a mail too few",
        "a domain too few",
        "many mails of few senders prove nothing",
        "the most frequent wins",
        "written without an id",
    ],
)
def test_belief(setting: str, counts: list[tuple[str, int, int]], expected: Belief) -> None:
    """A server's name is believed from ten mails of five domains on, or when the configuration says so."""
    assert learn.belief(setting, counts) == expected


def decide(choice: Choice) -> Decision:
    """The user's decision about a case."""
    return replace(a_decision(a_case()), choice=choice)


def test_a_release_teaches_the_sender_and_the_brand() -> None:
    """With a confirmed domain a release says: this sender may call itself so."""
    case = a_case(id=7)

    assert learn.lesson(decide(Choice.RESTORE), case, LATER) == Lesson(
        "info@post.example", brand="japan_post", case=7, at=LATER
    )


def test_a_release_without_a_confirmed_domain_teaches_nothing() -> None:
    """Anybody could write the same sender on the next mail."""
    assert learn.lesson(decide(Choice.RESTORE), a_case(authenticated=""), LATER) is None


def test_trust_is_explicit_and_for_any_brand() -> None:
    """Only the user's own word gives a lesson that lowers decisive evidence."""
    case = a_case(id=7, authenticated="")

    assert learn.lesson(decide(Choice.TRUST), case, LATER) == Lesson(
        "info@post.example", explicit=True, case=7, at=LATER
    )


@pytest.mark.parametrize("choice", [Choice.DELETE, Choice.DETAILS])
def test_other_decisions_teach_nothing(choice: Choice) -> None:
    """To delete or to look is no reason to believe a sender more, or less."""
    assert learn.lesson(decide(choice), a_case(), LATER) is None


def test_a_confirmation_teaches_distrust() -> None:
    """It is bound to the sender and the brand, like a release, and needs a confirmed sender like it."""
    assert learn.lesson(decide(Choice.CONFIRM), a_case(id=7), LATER) == Lesson(
        "info@post.example", brand="japan_post", kind=LessonKind.DISTRUST, case=7, at=LATER
    )
    assert learn.lesson(decide(Choice.CONFIRM), a_case(authenticated=""), LATER) is None


def test_what_was_judged_clean_is_distrusted_for_what_it_claims() -> None:
    """No fact speaks against it: then the brand is the one that it names, but not merely in its text."""
    assert VERDICT.claims
    clean = replace(VERDICT, suspicious=False, reasons=())
    aside = replace(clean, claims=(replace(VERDICT.claims[0], where=Where.BODY),))
    lessons = [learn.lesson(decide(Choice.CONFIRM), a_case(verdict=verdict), LATER) for verdict in (clean, aside)]

    assert [lesson.brand for lesson in lessons if lesson] == ["japan_post", ""]


TRUST = Lesson("info@post.example", brand="japan_post", id=1)
DISTRUST = Lesson("info@post.example", brand="japan_post", kind=LessonKind.DISTRUST, id=2)
RESTRAINT = Lesson(kind=LessonKind.RESTRAINT, detector="brand_name", id=3)


@pytest.mark.parametrize(
    ("choice", "lessons", "taken_back"),
    [
        (Choice.RESTORE, (TRUST, DISTRUST, RESTRAINT), (DISTRUST,)),
        (Choice.TRUST, (TRUST, DISTRUST), (DISTRUST,)),
        (Choice.CONFIRM, (TRUST, DISTRUST, RESTRAINT), (TRUST,)),
        (Choice.CONFIRM, (replace(TRUST, brand="", explicit=True),), (replace(TRUST, brand="", explicit=True),)),
        (Choice.CONFIRM, (replace(TRUST, brand="amazon"),), ()),
        (Choice.CONFIRM, (replace(TRUST, sender="other@post.example"),), ()),
        (Choice.DELETE, (TRUST, DISTRUST), ()),
        (Choice.DETAILS, (TRUST, DISTRUST), ()),
    ],
)
def test_a_decision_takes_back_what_it_contradicts(
    choice: Choice, lessons: tuple[Lesson, ...], taken_back: tuple[Lesson, ...]
) -> None:
    """Only lessons of the opposite kind, about the same sender and brand."""
    assert learn.contradicted(decide(choice), a_case(), lessons) == taken_back


# Detectors that are wrong too often.


def moved_by(*detectors: str, released: bool, at: datetime = NOON, sender: int = 0) -> Case:
    """A case of that sender for which each of these detectors was needed, taken back or not."""
    facets = [Facet.NAME, Facet.LINK]
    reasons = tuple(
        replace(VERDICT.reasons[0], detector=detector, facet=facet, direction=Direction.AGAINST)
        for detector, facet in zip(detectors, facets, strict=True)
    )
    state = State.RELEASED if released else State.MOVED
    author = replace(a_case().author, local=f"sender{sender}")
    return a_case(verdict=replace(VERDICT, reasons=reasons), state=state, judged_at=at, author=author)


def many(right: int, wrong: int, at: datetime = NOON) -> list[Case]:
    """Cases of one pair of detectors, each of another sender, so many kept and so many taken back."""
    senders = range(right + wrong)
    return [moved_by("name", "link", released=each < wrong, at=at, sender=each) for each in senders]


@pytest.mark.parametrize(
    ("cases", "expected"),
    [
        (many(0, 3), {"name", "link"}),
        (many(9, 3), {"name", "link"}),
        (many(10, 3), set()),
        (many(0, 2), set()),
        (many(50, 0), set()),
        (many(0, 9, NOON - timedelta(days=100)), set()),
        ([moved_by("name", "link", released=True)] * 9, set()),
        ([], set()),
    ],
    ids=[
        "all wrong",
        "a quarter wrong",
        "less than that",
        "too few to tell",
        "all right",
        "long ago",
        "one sender many times",
        "none",
    ],
)
def test_restraints(cases: list[Case], expected: set[str]) -> None:
    """Three releases of late, and a quarter of what was moved: then a detector that was needed is turned down."""
    found = learn.restraints(cases, (), NOON)

    assert {lesson.detector for lesson in found} == expected
    assert all(lesson.kind is LessonKind.RESTRAINT and lesson.at == NOON for lesson in found)


def test_only_what_was_needed_is_turned_down() -> None:
    """A detector whose fact changed nothing is not to blame."""
    assert {lesson.detector for lesson in learn.restraints(with_a_fact(Strength.WEAK), (), NOON)} == {"name", "link"}


def test_what_decides_by_itself_is_never_turned_down() -> None:
    """A program that was attached was attached, however often such mail was taken back."""
    assert learn.restraints(with_a_fact(Strength.DECISIVE), (), NOON) == ()


def with_a_fact(strength: Strength) -> list[Case]:
    """Three cases taken back, for which two detectors were needed, with a fact of a third one besides."""
    cases = []
    for case in many(0, 3):
        assert case.verdict
        fact = replace(case.verdict.reasons[0], detector="third", strength=strength, facet=Facet.ROUTE)
        cases.append(replace(case, verdict=replace(case.verdict, reasons=(*case.verdict.reasons, fact))))
    return cases


def test_a_pardoned_detector_begins_anew() -> None:
    """What was taken back before the user lifted the restraint counts no more."""
    before, after = NOON - timedelta(days=3), NOON - timedelta(days=1)
    pardon = Lesson(kind=LessonKind.RESTRAINT, detector="name", revoked_at=NOON - timedelta(days=2))
    cases = [*many(0, 3, before), *many(0, 2, after)]

    assert {lesson.detector for lesson in learn.restraints(cases, [pardon], NOON)} == {"link"}
    assert "name" in {
        lesson.detector
        for lesson in learn.restraints(
            [*cases, moved_by("name", "link", released=True, at=after, sender=9)], [pardon], NOON
        )
    }


def test_a_lesson_is_kept_in_lower_case() -> None:
    """Senders are compared without regard to case."""
    case = a_case(author=replace(a_case().author, local="Info"))
    lesson = learn.lesson(Decision(Choice.RESTORE, 1, By.OWN_MOVE, NOON), case, LATER)

    assert lesson is not None
    assert lesson.sender == "info@post.example"


def test_the_brand_is_that_of_what_spoke_against_the_sender() -> None:
    """What a fact for the sender claims is not what the mail was accused of."""
    accused = VERDICT.reasons[0]
    assert accused.claim is not None
    genuine = Evidence(
        Sentence("正規です。", "Genuine."),
        Strength.DECISIVE,
        Facet.AUTHENTICATION,
        Where.HEADER,
        Direction.FOR,
        claim=replace(accused.claim, brand="amazon"),
    )
    verdict = replace(VERDICT, reasons=(genuine, replace(accused, claim=None), accused))

    assert learn.posed_brand(a_case(verdict=verdict)) == "japan_post"


def test_there_may_be_no_brand() -> None:
    """A case without a verdict, or whose facts speak of no brand, names none."""
    reasons = tuple(replace(reason, claim=None) for reason in VERDICT.reasons)

    assert learn.posed_brand(a_case(verdict=None)) == ""
    assert learn.posed_brand(a_case(verdict=replace(VERDICT, reasons=reasons))) == ""


def test_senders_trusted_by_the_configuration() -> None:
    """They count like the user's own word, without a case."""
    assert learn.trusted(["News@Example.org", "@example.net"]) == (
        Lesson("news@example.org", explicit=True),
        Lesson("@example.net", explicit=True),
    )


def test_the_version_changes_with_every_change_of_the_lessons() -> None:
    """A lesson added or taken back gives another version, the same lessons the same."""
    one, two, three = (Lesson(f"a{number}@example.org", id=number) for number in (1, 2, 3))
    versions = [learn.version(lessons) for lessons in ([], [one], [one, two], [two], [one, three], [one, two, three])]

    assert len(set(versions)) == len(versions)
    assert learn.version([one, two]) == learn.version([two, one])
