"""What `watcher.ports.Store` promises of own moves, revoked lessons, times, and what is forgotten."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.kit.ledger import NOON, a_case, a_decision, a_receipt, an_intent
from watcher.errors import UserError
from watcher.model import Case, How, Imprint, Lesson, LessonKind, Place, Receipt, State
from watcher.ports import Store
from watcher.store.ledger import open_ledger
from watcher.store.memory import open_memory

DAY = timedelta(days=1)


@pytest.fixture(params=["disk", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of either kind."""
    opened: Store = open_memory() if request.param == "memory" else open_ledger(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


def settled(store: Store, case: Case, state: State = State.MOVED) -> Receipt:
    """Move the mail of a case, as the pipeline does."""
    intent = store.intend(an_intent(case), State.MOVING)
    receipt = a_receipt(intent)
    store.settle(intent, receipt, state)
    return receipt


# Cases.


def test_imprint(store: Store) -> None:
    """What tells a campaign comes back as it was kept."""
    imprint = Imprint(("evil.example",), ("請求書.zip", "a/b.exe"), ("ab" * 32,), (1, 2**32 - 1))
    assert store.case(store.add_case(a_case(imprint=imprint)).id).imprint == imprint


def test_cases_are_found_by_fingerprint(store: Store) -> None:
    """Only cases of that account and of these fingerprints are found."""
    mine, other, _ = (
        store.add_case(a_case(1)),
        store.add_case(a_case(2)),
        store.add_case(a_case(1, account="work")),
    )
    assert store.find_cases("home", [mine.fingerprint, other.fingerprint, "nothing"]) == {
        mine.fingerprint: mine,
        other.fingerprint: other,
    }
    assert store.find_cases("home", []) == {}


def test_what_is_kept_in_a_folder(store: Store) -> None:
    """A case is kept where its last receipt says, as long as it has one of the states that are asked for."""
    moved = store.add_case(a_case(1))
    receipt = settled(store, moved)
    released = store.add_case(a_case(2))
    settled(store, released, State.RELEASED)
    store.add_case(a_case(3, state=State.MOVED))  # no receipt: nobody knows where
    elsewhere = store.add_case(a_case(4, account="work"))
    settled(store, elsewhere)

    assert store.kept_in("home", "Suspicious", (State.MOVED,)) == ((moved.id, receipt.place),)
    assert [number for number, _ in store.kept_in("home", "Suspicious", (State.MOVED, State.RELEASED))] == [1, 2]
    assert store.kept_in("home", "INBOX", (State.MOVED,)) == ()

    back = store.intend(replace(an_intent(moved), step=an_intent(moved).step.inverse), State.MOVING)
    store.settle(back, Receipt(back, Place("home", "INBOX", 1, 9), receipt.how, NOON), State.MOVED)
    assert store.kept_in("home", "Suspicious", (State.MOVED,)) == ()


# Lessons.


def test_lessons_of_every_kind(store: Store) -> None:
    """Trust, distrust and restraint are kept apart, and come back as they are."""
    lessons = [
        Lesson("a@b.example", brand="japan_post", case=1, at=NOON),
        Lesson("a@b.example", brand="japan_post", case=1, at=NOON, kind=LessonKind.DISTRUST),
        Lesson(kind=LessonKind.RESTRAINT, detector="odd_link", at=NOON),
    ]
    kept = [store.add_lesson(lesson) for lesson in lessons]
    assert [replace(lesson, id=0) for lesson in kept] == lessons
    assert list(store.lessons()) == kept


def test_a_lesson_can_be_learnt_anew(store: Store) -> None:
    """One that was taken back is learnt again under a new number; the former one is still told."""
    first = store.add_lesson(Lesson("a@b.example", at=NOON))
    store.forget_lesson(first.id, NOON + DAY)
    second = store.add_lesson(Lesson("a@b.example", at=NOON + 2 * DAY))
    assert second.id != first.id
    assert store.lessons() == (second,)
    assert store.lessons(revoked=True) == (replace(first, revoked_at=NOON + DAY),)
    with pytest.raises(UserError):
        store.forget_lesson(first.id, NOON)


# Times.


def test_moments(store: Store) -> None:
    """A time is kept under its name until it is replaced or forgotten."""
    assert store.moment("pause") is None
    store.set_moment("pause", NOON)
    store.set_moment("digest", NOON + DAY)
    store.set_moment("pause", NOON + 2 * DAY)
    assert (store.moment("pause"), store.moment("digest")) == (NOON + 2 * DAY, NOON + DAY)
    store.set_moment("pause", None)
    assert store.moment("pause") is None


# What is forgotten.


def test_what_waits_is_not_forgotten(store: Store) -> None:
    """A case stays as long as a decision about it waits, or a step for it is under way."""
    decided, moving, done = (store.add_case(a_case(uid, judged_at=NOON - 500 * DAY)) for uid in (1, 2, 3))
    store.add_decision(a_decision(decided))
    store.intend(an_intent(moving), State.MOVED)
    assert store.prune(NOON - DAY, NOON - DAY) == 1
    assert {case.id for case in store.cases()} == {decided.id, moving.id}
    assert done.id not in {case.id for case in store.cases()}


def test_what_others_did_is_kept_at_once(store: Store) -> None:
    """A step of others leaves no open intent, sets the state, and its decision waits."""
    case = store.add_case(a_case())
    intent = an_intent(case)
    receipt = replace(a_receipt(intent), how=How.OTHERS)
    store.record(receipt, State.MOVED, a_decision(case))
    assert store.open_intents("home") == ()
    assert [each.place for each in store.receipts(case.id)] == [receipt.place]
    assert [each.case for each in store.waiting_decisions()] == [case.id]


def test_a_mere_copy_is_not_kept_there(store: Store) -> None:
    """Where the original never left nothing can be taken out of the folder."""
    case = store.add_case(a_case())
    store.record(replace(a_receipt(an_intent(case)), how=How.COPY_ONLY), State.REPORTED)
    assert store.kept_in("home", "Suspicious", (State.REPORTED,)) == ()


def test_prune(store: Store) -> None:
    """Old cases go with all that belongs to them; clean ones sooner, and those that wait never."""
    old, older = NOON - 50 * DAY, NOON - 500 * DAY
    states = [
        (State.CLEAN, NOON),
        (State.CLEAN, old),
        (State.FOREIGN, old),
        (State.FAILED, old),
        (State.MOVED, old),
        (State.MOVED, older),
        (State.RELEASED, older),
        (State.HELD, older),
        (State.MOVING, older),
    ]
    for uid, (state, at) in enumerate(states, 1):
        case = store.add_case(a_case(uid, judged_at=at, state=state))
        if state is State.MOVED:
            settled(store, case)
            store.set_outcome(store.add_decision(a_decision(case)).id, "done")

    assert store.prune(NOON - 40 * DAY, NOON - 400 * DAY) == 5
    assert [case.id for case in store.cases()] == [9, 8, 5, 1]
    assert len(store.receipts(5)) == 1
    assert store.receipts(6) == ()
    known = store.known("home", [f"fingerprint-{uid}" for uid in range(1, 10)])
    assert known == {f"fingerprint-{uid}" for uid in (1, 3, 4, 5, 6, 7, 8, 9)}, "what was merely clean may come again"
    assert store.prune(NOON - 40 * DAY, NOON - 400 * DAY) == 0


def test_a_clock_that_stands_in_another_century_forgets_nothing(store: Store) -> None:
    """By a clock that is years ahead all mail would be old: the server's time of arrival says otherwise."""
    for uid, state in enumerate((State.CLEAN, State.MOVED, State.RELEASED)):
        store.add_case(a_case(uid, state=state))
    far = NOON + 60 * 365 * DAY
    assert store.prune(far - 90 * DAY, far - 730 * DAY) == 0
    assert len(store.cases()) == 3
