"""What is learned from a decision, and whose results are believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.kit.ledger import NOON, VERDICT, a_case, a_decision
from watcher import learn
from watcher.model import Belief, By, Choice, Decision, Direction, Evidence, Facet, Lesson, Sentence, Strength, Where

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


@pytest.mark.parametrize("choice", [Choice.CONFIRM, Choice.DETAILS])
def test_other_decisions_teach_nothing(choice: Choice) -> None:
    """To confirm or to look is no reason to believe a sender more."""
    assert learn.lesson(decide(choice), a_case(), LATER) is None


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
