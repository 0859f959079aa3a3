"""How a step is taken back, what it makes of a case, and what a restrained detector may do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.kit.ledger import VERDICT, a_case
from watcher.judge import judge
from watcher.model import (
    Evidence,
    Facet,
    How,
    Intent,
    Lesson,
    LessonKind,
    Place,
    Receipt,
    Sentence,
    State,
    Step,
    StepKind,
    Strength,
    Verdict,
    Where,
)
from watcher.plan import (
    KEYWORDS,
    NOT_PHISHING,
    PHISHING,
    discard,
    done,
    move,
    refused,
    step,
    turn_down,
    undo,
    whereabouts,
)

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
INBOX, SUSPICIOUS = Place("home", "INBOX", 1, 7), Place("home", "Suspicious", 2, 3)
TRASH = Place("home", "Trash", 4, 5)
MOVE = move("INBOX", "Suspicious")


def back(kind: StepKind, origin: str, target: str) -> Step:
    """A step that takes a mail back."""
    return Step(kind, origin, target, add=(NOT_PHISHING,), remove=KEYWORDS)


def receipt(step: Step, place: Place, landed: Place, how: How = How.MOVE) -> Receipt:
    """The receipt of a step on the mail at `place`."""
    return Receipt(Intent(1, step, place, "f", "m", 2, 3, NOON), landed, how, NOON)


# How it is taken back.


def test_nothing_is_undone_where_nothing_was_done() -> None:
    """No receipts, no step."""
    assert undo([], "Suspicious") is None


@pytest.mark.parametrize("how", [How.MOVE, How.COPY_EXPUNGE, How.OTHERS])
def test_a_move_is_undone_from_where_the_mail_lies_now(how: How) -> None:
    """The way back begins at the place that the receipt names."""
    assert undo([receipt(MOVE, INBOX, SUSPICIOUS, how)], "Suspicious") == (MOVE.inverse, SUSPICIOUS)


def test_a_mere_copy_is_undone_at_the_original() -> None:
    """The original never left: it only loses its mark, and nothing is moved to lie beside it."""
    undoing = undo([receipt(MOVE, INBOX, SUSPICIOUS, How.COPY_ONLY)], "Suspicious")

    assert undoing == (Step(StepKind.FLAG, "INBOX", "INBOX", add=(NOT_PHISHING,), remove=(PHISHING,)), INBOX)


@pytest.mark.parametrize("how", [How.MOVE, How.COPY_EXPUNGE, How.COPY_ONLY])
def test_undoing_twice_does_no_more_than_once(how: How) -> None:
    """A receipt of the step back leaves nothing to take back."""
    done = receipt(MOVE, INBOX, SUSPICIOUS, how)
    undoing = undo([done], "Suspicious")
    assert undoing

    assert undo([done, receipt(*undoing, INBOX, How.STORE)], "Suspicious") is None


def test_steps_are_undone_at_once() -> None:
    """After a mark and a move, one step brings the mail home without any keyword."""
    mark = step("INBOX", "notify", "")[0]
    receipts = [receipt(mark, INBOX, INBOX, How.STORE), receipt(MOVE, INBOX, SUSPICIOUS)]

    assert undo(receipts, "Suspicious") == (MOVE.inverse, SUSPICIOUS)


def test_from_the_trash_the_way_leads_home() -> None:
    """A mail that was moved and then deleted goes back to where it came from, not to where it was in between."""
    receipts = [receipt(MOVE, INBOX, SUSPICIOUS), receipt(discard("Suspicious", "Trash"), SUSPICIOUS, TRASH)]

    assert undo(receipts, "Suspicious") == (
        Step(StepKind.MOVE, "Trash", "INBOX", add=(NOT_PHISHING,), remove=KEYWORDS),
        TRASH,
    )


def test_what_was_done_again_is_undone_again() -> None:
    """After done, undone and done once more, one step back is due."""
    again = replace(SUSPICIOUS, uid=9)
    receipts = [
        receipt(MOVE, INBOX, SUSPICIOUS),
        receipt(MOVE.inverse, SUSPICIOUS, INBOX),
        receipt(MOVE, INBOX, again),
    ]

    assert undo(receipts, "Suspicious") == (MOVE.inverse, again)


def test_home_is_whence_it_was_last_taken() -> None:
    """A mail that the user had put elsewhere before it was moved again goes back there."""
    work = Place("home", "Work", 3, 1)
    receipts = [
        receipt(MOVE, INBOX, SUSPICIOUS),
        receipt(Step(StepKind.MOVE, "Suspicious", "Work"), SUSPICIOUS, work, How.OTHERS),
        receipt(move("Work", "Suspicious"), work, SUSPICIOUS),
    ]

    assert undo(receipts, "Suspicious") == (
        Step(StepKind.MOVE, "Suspicious", "Work", add=(NOT_PHISHING,), remove=KEYWORDS),
        SUSPICIOUS,
    )


def test_what_the_user_has_moved_stays_there() -> None:
    """Where he has taken it himself, only the keywords are taken off."""
    receipts = [
        receipt(MOVE, replace(INBOX, folder="Work"), SUSPICIOUS),
        receipt(Step(StepKind.MOVE, "Suspicious", "INBOX"), SUSPICIOUS, INBOX, How.OTHERS),
    ]

    assert undo(receipts, "Suspicious", ("INBOX",)) == (
        back(StepKind.FLAG, "INBOX", "INBOX"),
        INBOX,
    )


@pytest.mark.parametrize(
    ("receipts", "expected"),
    [
        ([], INBOX),
        ([receipt(MOVE, INBOX, SUSPICIOUS)], SUSPICIOUS),
        ([receipt(MOVE, INBOX, SUSPICIOUS, How.COPY_ONLY)], INBOX),
        (
            [receipt(MOVE, INBOX, SUSPICIOUS), receipt(MOVE.inverse, SUSPICIOUS, replace(INBOX, uid=8))],
            replace(INBOX, uid=8),
        ),
    ],
    ids=["where it was judged", "moved", "only copied", "back"],
)
def test_whereabouts(receipts: list[Receipt], expected: Place) -> None:
    """The last receipt tells where a mail lies; a mere copy leaves it where it was."""
    assert whereabouts(a_case(place=INBOX), receipts) == expected


@pytest.mark.parametrize(
    ("state", "taken", "suspicious", "expected"),
    [
        (State.MOVING, MOVE, True, State.MOVED),
        (State.MOVING, MOVE, False, State.REPORTED),
        (State.MOVING, step("INBOX", "notify", "")[0], True, State.MARKED),
        (State.MOVING, discard("Suspicious", "Trash"), True, State.DELETED),
        (State.RELEASED, MOVE.inverse, True, State.RELEASED),
        (
            State.RELEASED,
            back(StepKind.FLAG, "INBOX", "INBOX"),
            True,
            State.RELEASED,
        ),
    ],
)
def test_done(state: State, taken: Step, suspicious: bool, expected: State) -> None:  # noqa: FBT001 - a table
    """A step makes of a case what it was taken for; a release stays one."""
    assert done(a_case(state=state, verdict=replace(VERDICT, suspicious=suspicious)), taken) is expected


@pytest.mark.parametrize(
    ("before", "taken", "expected"),
    [
        (State.MOVING, MOVE, State.HELD),
        (State.MOVING, discard("Suspicious", "Trash"), State.MOVED),
        (State.RELEASED, MOVE.inverse, State.RELEASED),
        (State.CLEAN, MOVE, State.CLEAN),
    ],
)
def test_refused(before: State, taken: Step, expected: State) -> None:
    """A refusal leaves a case as it was; what was on its way is held."""
    assert refused(before, taken) is expected


# What restrained detectors may do.

RESTRAINED = (Lesson(kind=LessonKind.RESTRAINT, detector="name"),)


def found(*facets: Facet) -> Verdict:
    """A verdict on strong facts of these facets, each by the detector of that name."""
    facts = [
        Evidence(Sentence("事実", "a fact"), Strength.STRONG, facet, Where.HEADER, detector=facet.value)
        for facet in facets
    ]
    return judge(facts)


@pytest.mark.parametrize(
    ("action", "verdict", "lessons", "expected"),
    [
        ("move", found(Facet.NAME, Facet.LINK), RESTRAINED, "notify"),
        ("move", found(Facet.NAME, Facet.LINK, Facet.ROUTE), RESTRAINED, "move"),
        ("move", found(Facet.LINK, Facet.ROUTE), RESTRAINED, "move"),
        ("move", found(Facet.NAME, Facet.LINK), (), "move"),
        ("move", found(Facet.NAME, Facet.LINK), (Lesson("name@example.org"),), "move"),
        ("notify", found(Facet.NAME, Facet.LINK, Facet.ROUTE), RESTRAINED, "notify"),
        ("observe", found(Facet.NAME, Facet.LINK), RESTRAINED, "observe"),
    ],
    ids=["alone", "others suffice", "not its own", "no lesson", "another lesson", "notify", "observe"],
)
def test_turn_down(action: str, verdict: Verdict, lessons: tuple[Lesson, ...], expected: str) -> None:
    """A mail that would stay without a restrained detector stays, marked; any other is dealt with as configured."""
    assert turn_down(action, verdict, lessons) == expected
