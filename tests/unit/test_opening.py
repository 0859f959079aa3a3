"""The ledger before anybody is watched: put aside where it is of no use any more, waited for where it is in the way."""

from __future__ import annotations

import queue
import signal
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.kit.daemon import await_that
from tests.kit.ledger import a_case
from watcher.daemon.control import ask
from watcher.daemon.opening import Events, Hall, give_up, open_for_watching, wait_for
from watcher.daemon.service import Service
from watcher.errors import TransientError, UserError
from watcher.store.aside import lying_aside
from watcher.store.ledger import Ledger, open_ledger
from watcher.store.unusable import Fault, UnusableError
from watcher.sweep import BEGUN_ANEW

NOISE = b"\xa5" * 8192


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger with three cases, which nobody has open."""
    path = tmp_path / "ledger.sqlite"
    with closing(open_ledger(path)) as store:
        for uid in range(3):
            store.add_case(a_case(uid))
    return path


def garbage(path: Path) -> None:
    """Something that was never a database."""
    path.write_bytes(NOISE)


def torn(path: Path) -> None:
    """A database whose first pages were lost."""
    path.write_bytes(path.read_bytes()[:100] + NOISE)


def newer(path: Path) -> None:
    """A ledger of a later Watcher."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO migrations VALUES ('m9999_later', '2030-01-01')")


def foreign(path: Path) -> None:
    """A database of another program."""
    path.unlink()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")


def a_folder(path: Path) -> None:
    """A folder where the file should be."""
    path.unlink()
    path.mkdir()
    (path / "something").write_text("of somebody's")


def content(path: Path) -> list[bytes]:
    """What is in a file, or in the files of a folder."""
    return [file.read_bytes() for file in (path.iterdir() if path.is_dir() else (path,))]


def ignore(_ledger: Ledger) -> None:
    """What is done about damage where none is expected."""


@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        (garbage, Fault.DAMAGED),
        (torn, Fault.DAMAGED),
        (newer, Fault.NEWER),
        (foreign, Fault.FOREIGN),
        (a_folder, Fault.FOREIGN),
    ],
)
def test_what_is_of_no_use_is_kept_aside(path: Path, harm: Callable[[Path], None], fault: Fault) -> None:
    """It lies under a telling name as it was, a new ledger is begun, and its cases bear no number of the old one."""
    harm(path)
    before = content(path)

    store = open_for_watching(path, ignore)

    (aside,) = lying_aside(path)
    assert aside.fault is fault
    assert f"ledger-{fault.value}-" in aside.path.name
    assert content(aside.path) == before
    assert store.moment(BEGUN_ANEW) is not None
    assert store.add_case(a_case(9)).id > 3
    store.close()


def test_one_after_another_is_kept(path: Path) -> None:
    """Ledgers that go bad within the same second are all kept, each under a name of its own."""
    for _ in range(5):
        garbage(path)
        open_for_watching(path, ignore).close()

    assert len({aside.path for aside in lying_aside(path)}) == 5
    assert all(aside.path.read_bytes() == NOISE for aside in lying_aside(path))


def test_what_sqlite_puts_beside_it_goes_along(path: Path) -> None:
    """The log of a newer ledger is not left to its successor, and what stands in it can still be read."""
    with closing(sqlite3.connect(path)) as reader, closing(sqlite3.connect(path)) as db:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM cases").fetchall()
        with db:
            db.execute("INSERT INTO migrations VALUES ('m9999_later', '2030-01-01')")
        log = path.with_name("ledger.sqlite-wal").read_bytes()
    path.with_name("ledger.sqlite-wal").write_bytes(log)  # as a daemon that was killed leaves it behind

    open_for_watching(path, ignore).close()

    (aside,) = lying_aside(path)
    with closing(sqlite3.connect(aside.path)) as db:
        assert db.execute("SELECT count(*) FROM migrations WHERE name = 'm9999_later'").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM cases").fetchone() == (3,)


def test_a_crash_between_aside_and_anew(path: Path) -> None:
    """Where only the new ledger is missing yet, the next start knows that there was another one before."""
    garbage(path)
    open_for_watching(path, ignore).close()
    for left in path.parent.glob("ledger.sqlite*"):
        left.unlink()

    store = open_for_watching(path, ignore)

    assert store.moment(BEGUN_ANEW) is not None
    store.close()


def test_a_crash_while_it_is_put_aside(path: Path) -> None:
    """A log that was left behind follows its ledger, and is not taken for that of the one that comes next."""
    garbage(path)
    path.with_name("ledger.sqlite-wal").write_bytes(b"of the old one")
    path.rename(path.with_name("ledger-damaged-20261124-120000-1.sqlite"))

    store = open_for_watching(path, ignore)

    assert path.with_name("ledger-damaged-20261124-120000-1.sqlite-wal").read_bytes() == b"of the old one"
    assert store.cases() == ()
    store.close()


def test_a_sound_ledger_is_left_alone_beside_what_lies_aside(path: Path) -> None:
    """Somebody who deletes half of what was put aside has no other ledger put aside for it."""
    path.with_name("ledger-damaged-20261124-120000-1.sqlite-wal").write_bytes(b"of an old one")

    store = open_for_watching(path, ignore)

    assert len(store.cases()) == 3
    store.close()


def test_a_ledger_that_was_emptied(path: Path) -> None:
    """Cut down to nothing it is begun anew in its place, and knows that it cannot know what was before."""
    path.write_bytes(b"")

    store = open_for_watching(path, ignore)

    assert store.moment(BEGUN_ANEW) is not None
    store.close()


def test_a_new_ledger_looks_back_as_wished(tmp_path: Path) -> None:
    """Where there was none before, nothing was lost."""
    store = open_for_watching(tmp_path / "ledger.sqlite", ignore)

    assert store.moment(BEGUN_ANEW) is None
    store.close()


def test_damage_that_shows_later_is_told(path: Path) -> None:
    """Whoever watches is told which ledger it is, so that it can be put aside."""
    told: list[Ledger] = []
    store = open_ledger(path, told.append)
    for uid in range(100, 400):
        store.add_case(a_case(uid))
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path.write_bytes(NOISE)

    with pytest.raises(UnusableError):
        store.cases()

    assert told == [store]
    store.close()
    assert give_up(path, Fault.DAMAGED).path.read_bytes()[:8192] == NOISE


def test_a_passing_fault_puts_nothing_aside(path: Path) -> None:
    """A ledger that is locked, or on a full disk, is what it was: nobody is told of damage."""
    told: list[Ledger] = []
    store = open_ledger(path, told.append)
    store._db.execute("PRAGMA busy_timeout = 20")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TransientError, match="locked"):
            store.add_case(a_case(50))
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(TransientError, match="disk is full"):
        list(map(store.add_case, map(a_case, range(100, 1000))))

    assert (told, lying_aside(path)) == ([], [])
    store.close()


# Waiting.


def test_what_is_in_the_way_is_waited_for(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Said once in the log, answered to whoever asks, and over as soon as it is out of the way."""
    events: Events = queue.SimpleQueue()
    answers = iter([TransientError("no room"), TransientError("no room"), UserError("not readable"), None])
    found: list[str | None] = []

    def work() -> str:
        problem = next(answers)
        if problem:
            raise problem
        return "opened"

    hall = Hall(Service({}), tmp_path)
    waiting = threading.Thread(
        target=lambda: found.append(wait_for(work, (TransientError, UserError), events, hall)), daemon=True
    )
    waiting.start()
    await_that((tmp_path / "control").exists)
    assert ask(tmp_path, "status")["problem"] == "no room"
    assert ask(tmp_path, "status")["accounts"] == []
    for _ in range(3):
        events.put(signal.SIGHUP)
    waiting.join(20)

    assert found == ["opened"]
    assert caplog.text.count("no room") == 1
    assert not (tmp_path / "control").exists()


def test_waiting_ends_with_the_daemon(tmp_path: Path) -> None:
    """SIGTERM while nothing can be opened is the end, without another attempt."""
    events: Events = queue.SimpleQueue()
    events.put(signal.SIGTERM)
    attempts: list[datetime] = []

    def work() -> None:
        attempts.append(datetime.now(UTC))
        raise TransientError("no room")

    assert wait_for(work, (TransientError,), events, Hall(Service({}), tmp_path)) is None
    assert len(attempts) == 1
