"""What `watcher.ports.Store` promises, held against the ledger on disk and the one in memory."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from tests.kit.ledger import NOON, VERDICT, a_case, a_decision, a_receipt, an_intent
from watcher.errors import UserError, WatcherError
from watcher.model import Bookmark, By, Choice, Decision, Lesson, State
from watcher.ports import Store
from watcher.store.ledger import open_ledger
from watcher.store.memory import open_memory


@pytest.fixture(params=["disk", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of either kind."""
    opened: Store = open_memory() if request.param == "memory" else open_ledger(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


# Where each folder stands.


def test_bookmark(store: Store) -> None:
    """A bookmark takes the place of the former one of its folder and of no other."""
    former = Bookmark("home", "INBOX", 7, 10, NOON)
    other = Bookmark("work", "INBOX", 8, 99, NOON)
    later = replace(former, uidvalidity=9, uidnext=11, swept_at=NOON + timedelta(minutes=5))
    for bookmark in (former, other, later):
        store.set_bookmark(bookmark)
    assert store.bookmark("home", "INBOX") == later
    assert store.bookmark("work", "INBOX") == other
    assert store.bookmark("home", "Elsewhere") is None


def test_times_come_back_in_utc(store: Store) -> None:
    """The same moment comes back, to the microsecond, whatever zone it was given in."""
    tokyo = NOON.astimezone(timezone(timedelta(hours=9)))
    store.set_bookmark(Bookmark("home", "INBOX", 1, 1, tokyo))
    kept = store.bookmark("home", "INBOX")
    assert kept is not None
    assert kept.swept_at == NOON
    assert kept.swept_at.utcoffset() == timedelta(0)


def test_naive_time_is_refused(store: Store) -> None:
    """A time without a zone, which would be taken for another moment elsewhere, is not kept."""
    with pytest.raises(ValueError, match="time zone"):
        store.set_bookmark(Bookmark("home", "INBOX", 1, 1, NOON.replace(tzinfo=None)))
    assert store.bookmark("home", "INBOX") is None


# Cases.


def test_case_comes_back_whole(store: Store) -> None:
    """A case is read as it was written, its verdict, evidence and claims included."""
    kept = store.add_case(a_case(3))
    assert kept == replace(a_case(3), id=kept.id)
    assert kept.id > 0
    assert store.case(kept.id) == kept


def test_case_without_verdict(store: Store) -> None:
    """A case that could not be judged keeps its lack of a verdict."""
    kept = store.add_case(a_case(verdict=None, state=State.FAILED, authenticated=""))
    assert store.case(kept.id).verdict is None


def test_no_mail_has_two_cases(store: Store) -> None:
    """A second case of the same fingerprint gives the first back unchanged, except in another account."""
    first = store.add_case(a_case(1))
    assert store.add_case(a_case(1, subject="another", state=State.CLEAN)) == first
    elsewhere = store.add_case(a_case(1, account="work"))
    assert elsewhere.id != first.id
    assert [case.id for case in store.cases()] == [elsewhere.id, first.id]


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("subject", "x" * 5000, "x" * 1000),
        ("subject", "lone \udcff surrogate", "lone ? surrogate"),
        ("subject", "nul\x00 and \x1b[31m", "nul\x00 and \x1b[31m"),
        ("message_id", "'; DROP TABLE cases; --", "'; DROP TABLE cases; --"),
        ("authenticated", "\ud800.example", "?.example"),
    ],
)
def test_hostile_text(store: Store, field: str, given: Any, kept: str) -> None:
    """Whatever a sender writes into a header is kept as text, bounded, and breaks nothing."""
    case = store.add_case(a_case(**{field: given}))
    assert getattr(store.case(case.id), field) == kept


def test_quotes_are_bounded(store: Store) -> None:
    """No more than 120 characters of a mail are kept in a quote, whatever a detector hands over."""
    reasons = (replace(VERDICT.reasons[0], quote="字" * 500),)
    verdict = store.case(store.add_case(a_case(verdict=replace(VERDICT, reasons=reasons))).id).verdict
    assert verdict is not None
    assert verdict.reasons[0].quote == "字" * 120


def test_known(store: Store) -> None:
    """Only fingerprints with a case in this very account are known, out of more than SQL has variables for."""
    store.add_case(a_case(1))
    store.add_case(a_case(2, account="work"))
    asked = [f"fingerprint-{number}" for number in range(40_000)]
    assert store.known("home", asked) == {"fingerprint-1"}
    assert store.known("work", asked) == {"fingerprint-2"}
    assert store.known("home", []) == frozenset()


def test_cases_newest_first(store: Store) -> None:
    """Cases are listed newest first, of the states and the account asked for, and no more than asked for."""
    for uid, state in enumerate([State.MOVED, State.CLEAN, State.HELD, State.MOVED], start=1):
        store.add_case(a_case(uid, state=state))
    store.add_case(a_case(5, account="work", state=State.MOVED))

    def uids(*states: State, account: str = "", limit: int = 100) -> list[int]:
        return [case.place.uid for case in store.cases(states, account, limit)]

    assert uids() == [5, 4, 3, 2, 1]
    assert uids(limit=2) == [5, 4]
    assert uids(State.MOVED) == [5, 4, 1]
    assert uids(State.MOVED, State.HELD, account="home") == [4, 3, 1]
    assert uids(State.VANISHED) == []


def test_untold(store: Store) -> None:
    """Until the user has been told, moved, copied, marked and held cases wait, oldest first."""
    for uid, state in enumerate(State, start=1):
        store.add_case(a_case(uid, state=state))
    waiting = store.untold("home")
    assert [case.state for case in waiting] == [State.MARKED, State.HELD, State.MOVED, State.COPIED]
    store.set_notified([case.id for case in waiting[:3]])
    assert [case.state for case in store.untold("home")] == [State.COPIED]
    assert store.case(waiting[0].id).notified
    assert store.untold("work") == ()


def test_state_is_set(store: Store) -> None:
    """A case takes the state it is given and keeps all else."""
    case = store.add_case(a_case())
    store.set_state(case.id, State.RELEASED)
    assert store.case(case.id) == replace(case, state=State.RELEASED)


# Intents and receipts.


def test_intent_and_receipt(store: Store) -> None:
    """An intent is open until it is settled; then its receipt tells how to take the step back."""
    case = store.add_case(a_case(state=State.CLEAN))
    intent = store.intend(an_intent(case), State.MOVING)
    assert intent == replace(an_intent(case), id=intent.id)
    assert store.case(case.id).state is State.MOVING
    assert store.open_intents("home") == (intent,)
    assert store.open_intents("work") == ()

    store.settle(intent, a_receipt(intent), State.MOVED)
    assert store.open_intents("home") == ()
    assert store.receipts(case.id) == (a_receipt(intent),)
    assert store.receipts(case.id)[0].intent.step.inverse.target == "INBOX"
    assert store.case(case.id).state is State.MOVED


def test_intent_without_receipt(store: Store) -> None:
    """A step that was not taken is settled without a receipt."""
    case = store.add_case(a_case())
    intent = store.intend(an_intent(case), State.MOVING)
    store.settle(intent, None, State.VANISHED)
    assert store.open_intents("home") == ()
    assert store.receipts(case.id) == ()
    assert store.case(case.id).state is State.VANISHED


def test_receipts_oldest_first(store: Store) -> None:
    """Receipts of a case come in the order of its steps, even when the clock was set back in between."""
    case = store.add_case(a_case())
    for hours in (0, -2):
        intent = store.intend(replace(an_intent(case), at=NOON + timedelta(hours=hours)), State.MOVING)
        store.settle(intent, replace(a_receipt(intent), at=intent.at), State.MOVED)
    assert [receipt.at for receipt in store.receipts(case.id)] == [NOON, NOON - timedelta(hours=2)]


def test_settled_once(store: Store) -> None:
    """Settling twice is a bug, and leaves the first receipt and the state alone."""
    case = store.add_case(a_case())
    intent = store.intend(an_intent(case), State.MOVING)
    store.settle(intent, a_receipt(intent), State.MOVED)
    with pytest.raises(WatcherError, match="not open"):
        store.settle(intent, None, State.VANISHED)
    assert store.case(case.id).state is State.MOVED
    assert len(store.receipts(case.id)) == 1


# Decisions and lessons.


def test_decision(store: Store) -> None:
    """A decision waits, oldest first, until it has an outcome."""
    case = store.add_case(a_case())
    first = store.add_decision(a_decision(case))
    second = store.add_decision(Decision(Choice.CONFIRM, case.id, By.OWN_MOVE, NOON))
    assert first == replace(a_decision(case), id=first.id)
    assert store.waiting_decisions() == (first, second)
    store.set_outcome(first.id, "done")
    assert store.waiting_decisions() == (second,)
    assert store.decision(first.id) == replace(first, outcome="done")


def test_lesson(store: Store) -> None:
    """A lesson is kept once, however often it is learnt; one that differs is another."""
    lesson = Lesson("news@example.org", brand="japan_post", explicit=True, case=3, at=NOON)
    first = store.add_lesson(lesson)
    assert first == replace(lesson, id=first.id)
    assert store.add_lesson(replace(lesson, at=NOON + timedelta(days=1))) == first
    others = [
        store.add_lesson(other)
        for other in (
            replace(lesson, sender="@example.org"),
            replace(lesson, brand=""),
            replace(lesson, explicit=False),
            replace(lesson, case=4),
        )
    ]
    assert store.lessons() == (first, *others)


def test_lesson_of_no_time(store: Store) -> None:
    """A lesson from the configuration has no time, and comes back without one."""
    assert store.add_lesson(Lesson("news@example.org")).at is None


# Whom to believe.


def test_authserv_counts(store: Store) -> None:
    """Mails and different domains are counted for each authserv-id, also for none, in each account by itself."""
    seen = [("mx.example", "a.example"), ("mx.example", "b.example"), ("mx.example", "a.example"), ("", "a.example")]
    for authserv, domain in seen:
        store.note_authserv("home", authserv, domain)
    store.note_authserv("work", "other.example", "a.example")
    assert store.authserv_counts("home") == (("mx.example", 3, 2), ("", 1, 1))
    assert store.authserv_counts("work") == (("other.example", 1, 1),)


# What is asked of what is not there, and of a closed store.


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.case(7),
        lambda store: store.set_state(7, State.MOVED),
        lambda store: store.intend(an_intent(a_case(id=7)), State.MOVING),
        lambda store: store.add_decision(a_decision(a_case(id=7))),
        lambda store: store.decision(7),
    ],
    ids=["case", "set_state", "intend", "add_decision", "decision"],
)
def test_unknown_number(store: Store, ask: Callable[[Store], object]) -> None:
    """A number that nothing has is the user's mistake, told with the number, and leaves no trace."""
    with pytest.raises(UserError, match=r"There is no \w+ 7\."):
        ask(store)
    assert store.open_intents("home") == ()
    assert store.waiting_decisions() == ()


def test_closed(store: Store) -> None:
    """A closed store can be closed again, and answers with an error of ours."""
    store.close()
    store.close()
    with pytest.raises(WatcherError):
        store.cases()


# Threads.


def test_threads(store: Store) -> None:
    """Eight threads that write the same mails at once make one case of each, and lose none."""

    def write(thread: int) -> list[int]:
        ids = [store.add_case(a_case(uid)).id for uid in range(25)]
        store.note_authserv("home", "mx.example", f"{thread}.example")
        return ids

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(write, range(8)))
    assert all(some == ids[0] for some in ids)
    assert len(set(ids[0])) == len(store.cases()) == 25
    assert store.authserv_counts("home") == (("mx.example", 8, 8),)
