"""What the store promises when several processes write one ledger, and when one of them is killed."""

import multiprocessing
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tests.kit.ledger import NOON, a_case, a_decision, a_receipt, an_intent
from watcher.model import Bookmark, Lesson, State
from watcher.ports import Store
from watcher.store.ledger import Ledger, open_ledger
from watcher.store.memory import open_memory


def _write_cases(path: Path, uids: range) -> None:
    for uid in uids:
        ledger = open_ledger(path)
        ledger.add_case(a_case(uid))
        ledger.close()


def test_two_processes(tmp_path: Path) -> None:
    """Two processes that open, create and write one ledger at once get every case in."""
    spawn = multiprocessing.get_context("spawn")
    path = tmp_path / "ledger.sqlite"
    writers = [spawn.Process(target=_write_cases, args=(path, range(first, first + 60))) for first in (0, 40)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    ledger = open_ledger(path)
    assert {case.place.uid for case in ledger.cases(limit=1000)} == set(range(100))
    ledger.close()


def test_a_ledger_opened_once_more_keeps_its_locks(tmp_path: Path) -> None:
    """A daemon that reads its configuration again, and so opens its ledger twice, is not taken for absent by others."""
    path = tmp_path / "ledger.sqlite"
    former = open_ledger(path)
    former.add_case(a_case(1))
    present = open_ledger(path)
    former.close()
    command = multiprocessing.get_context("spawn").Process(target=_write_cases, args=(path, range(2, 4)))
    command.start()
    command.join(60)
    present.add_case(a_case(4))

    assert path.with_name("ledger.sqlite-wal").exists(), "somebody thought that nobody uses the ledger"
    assert {case.place.uid for case in present.cases()} == {1, 2, 3, 4}
    present.close()
    again = open_ledger(path)
    assert {case.place.uid for case in again.cases()} == {1, 2, 3, 4}
    again.close()


def _journey(ledger: Ledger) -> Iterator[None]:
    """One mail's way through the ledger, a pause after each method."""
    case = ledger.add_case(a_case(state=State.CLEAN))
    yield
    intent = ledger.intend(an_intent(case), State.MOVING)
    yield
    ledger.settle(intent, a_receipt(intent), State.MOVED)
    yield
    ledger.set_notified([case.id])
    yield
    decision = ledger.add_decision(a_decision(case))
    yield
    ledger.set_outcome(decision.id, "done")
    yield
    ledger.set_state(case.id, State.RELEASED)
    yield
    ledger.add_lesson(Lesson("news@example.org", case=case.id))
    yield
    ledger.set_bookmark(Bookmark("home", "INBOX", 1, 2, NOON))
    yield
    ledger.note_authserv("home", "mx.example", "a.example")
    yield


_STEPS = 10


def _contents(store: Store) -> object:
    cases = store.cases()
    return (
        cases,
        store.open_intents("home"),
        [store.receipts(case.id) for case in cases],
        store.waiting_decisions(),
        store.lessons(),
        store.bookmark("home", "INBOX"),
        store.authserv_counts("home"),
    )


def _travel_and_wait(path: Path, steps: int, returned: Connection) -> None:
    journey = _journey(open_ledger(path))
    for _ in range(steps):
        next(journey)
    returned.send("returned")
    returned.poll(60)  # until killed


@pytest.mark.parametrize("steps", range(1, _STEPS + 1))
def test_killed_between_methods(tmp_path: Path, steps: int) -> None:
    """Of a process that is killed right after a method returned, the ledger holds all that was done and no more."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    path = tmp_path / "ledger.sqlite"
    process = spawn.Process(target=_travel_and_wait, args=(path, steps, there))
    process.start()
    assert here.poll(60)
    process.kill()
    process.join(10)

    expected, found = open_memory(), open_ledger(path)
    journey = _journey(expected)
    for _ in range(steps):
        next(journey)
    assert _contents(found) == _contents(expected)
    found.close()
    expected.close()


def _write_without_end(path: Path, written: Connection) -> None:
    ledger = open_ledger(path)
    for uid in range(1_000_000):
        case = ledger.add_case(a_case(uid, state=State.CLEAN))
        intent = ledger.intend(an_intent(case), State.MOVING)
        ledger.settle(intent, a_receipt(intent), State.MOVED)
        written.send(case.id)


def test_killed_at_any_moment(tmp_path: Path) -> None:
    """A process killed in the midst of writing has lost nothing that was reported, and left nothing half done."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe(duplex=False)
    path = tmp_path / "ledger.sqlite"
    process = spawn.Process(target=_write_without_end, args=(path, there))
    process.start()
    there.close()
    reported = [here.recv() for _ in range(100)]
    process.kill()
    process.join(10)

    ledger = open_ledger(path)
    for number in reported:
        assert ledger.case(number).state is State.MOVED
        assert len(ledger.receipts(number)) == 1
    moving = {case.id for case in ledger.cases([State.MOVING])}
    assert {intent.case for intent in ledger.open_intents("home")} == moving
    ledger.close()
