"""What an hour of trouble costs: how often a server is bothered with a login, and how many lines the log gets."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from tests.kit.house import House, hit, wanted
from watcher.daemon.logs import Moderation
from watcher.daemon.watch import Health, Watch
from watcher.detectors import Detector
from watcher.errors import RefusedError, TransientError, UserError, WatcherError
from watcher.model import Evidence, FolderState, Inquiry, Intent, Receipt, State
from watcher.pipeline import Rules
from watcher.sources.memory import MemorySource
from watcher.store.ledger import Ledger, open_ledger

HOUR = timedelta(hours=1)
AT_ONCE = timedelta(milliseconds=50)
"""After which a connection that is rested on stirs, where the server hangs up as soon as it is waited on."""
MANY = 1000


class Troubled(MemorySource):
    """A mailbox that makes trouble, and counts the logins that are tried.

    Args:
        house: whose it is.
        opening: raised instead of a login.
        looking: raised after a login, whenever a folder is looked at.
        resting: whether the server hangs up as soon as it is rested on.
    """

    def __init__(
        self,
        house: House,
        opening: WatcherError | None = None,
        looking: Exception | None = None,
        *,
        resting: bool = False,
    ) -> None:
        super().__init__(house.rules.account, house.server)
        self.logins = 0
        self._opening = opening
        self._looking = looking
        self._resting = resting

    def open(self) -> None:
        """Log in, or not."""
        self.logins += 1
        if self._opening:
            raise self._opening
        super().open()

    def look(self, folder: str) -> FolderState:
        """Look, or not."""
        if self._looking:
            raise self._looking
        return super().look(folder)

    def end_idle(self) -> bool:
        """Where it was rested on, notice that nobody is there any more."""
        if self._resting and self._idling:
            self.close()
            raise TransientError("The server has hung up.")
        return super().end_idle()


class Full(MemorySource):
    """A mailbox whose owner is over quota."""

    def apply(self, intent: Intent) -> Receipt | None:
        """Refuse for good."""
        raise UserError(f"{intent.step.target}: over quota.")


@pytest.fixture
def log() -> Iterator[list[str]]:
    """The lines that the log gets, while the test runs."""
    said: list[str] = []

    class Writer(logging.Handler):
        """Keeps what is let through."""

        def emit(self, record: logging.LogRecord) -> None:
            """Keep the line."""
            said.append(record.getMessage())

    writer = Writer()
    writer.addFilter(Moderation())
    logger = logging.getLogger("watcher")
    level = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(writer)
    yield said
    logger.removeHandler(writer)
    logger.setLevel(level)


def spend_an_hour(house: House, source: Troubled) -> Watch:
    """Give the account a turn whenever it asks for one, for an hour."""
    watch, end = Watch(house.pipeline, source), house.now + HOUR
    while house.now < end:
        rest = watch.attend()
        house.now += rest.pause if rest.pause is not None else AT_ONCE
    return watch


@pytest.mark.parametrize(
    ("trouble", "logins", "lines"),
    [
        (lambda house: Troubled(house, TransientError("away")), 250, 1),
        (lambda house: Troubled(house, TransientError("the key ring is locked")), 250, 1),
        (lambda house: Troubled(house, RefusedError("wrong password")), 6, 1),
        (lambda house: Troubled(house, looking=TransientError("hung up")), 250, 1),
        (lambda house: Troubled(house, resting=True), 250, 10),
        (lambda house: Troubled(house, looking=RuntimeError("a bug")), 120, 6),
    ],
    ids=["away", "key ring locked", "refused", "drops after login", "drops when rested on", "bug in each turn"],
)
def test_a_server_in_trouble(log: list[str], trouble: Callable[[House], Troubled], logins: int, lines: int) -> None:
    """In none of these states a server gets more than some four logins a minute, nor the log a line for each."""
    house = House(Rules("home", acquaintances=False))
    source = trouble(house)

    spend_an_hour(house, source)

    assert source.logins <= logins + 5
    assert len(log) <= lines


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger on disk that does not wait long."""
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    ledger._db.execute("PRAGMA busy_timeout = 1")
    yield ledger
    ledger.close()


def fill(ledger: Ledger) -> Callable[[], object]:
    """Leave no room in the ledger; what makes some again."""
    ledger._db.execute("PRAGMA journal_mode = DELETE")
    size = ledger._db.execute("PRAGMA page_count").fetchone()[0]
    ledger._db.execute(f"PRAGMA max_page_count = {size}")
    for length in (1000, 100, 10):  # to the last corner
        with suppress(sqlite3.OperationalError):
            for number in range(1000):
                ledger._db.execute("INSERT INTO moments VALUES (?, '')", (f"{number}".rjust(length),))
    return lambda: ledger._db.execute("PRAGMA max_page_count = 1000000")


def lock(ledger: Ledger) -> Callable[[], object]:
    """Let another program lock it; what ends that."""
    other = sqlite3.connect(ledger._name, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other.close


@pytest.mark.parametrize("trouble", [fill, lock])
def test_a_ledger_in_trouble(log: list[str], ledger: Ledger, trouble: Callable[[Ledger], Callable[[], object]]) -> None:
    """While nothing can be noted nothing is moved, nobody is bothered, it is said once, and then it goes on."""
    house = House(Rules("home", acquaintances=False), store=ledger)
    house.begin()
    house.deliver(hit())
    end_it, source = trouble(ledger), Troubled(house)

    watch = spend_an_hour(house, source)

    assert watch.standing.health is Health.AWAY
    assert "Nothing is moved until" in watch.standing.problem
    assert (source.logins, len(log)) == (0, 1)
    assert house.raws("INBOX") == [hit()]
    end_it()
    watch.attend()
    assert house.raws("Suspicious") == [hit()]


def test_a_bug_met_by_a_thousand_mails(log: list[str]) -> None:
    """All are left where they are and recorded, and the log has some tracebacks, not a thousand."""

    def detect(_inquiry: Inquiry) -> Iterator[Evidence]:
        raise RuntimeError("a bug")
        yield

    house = House(Rules("home", acquaintances=False), detectors=(Detector("broken", detect, "", ""),))
    house.begin()
    for number in range(MANY):
        house.deliver(wanted(number))
    house.sweep()

    assert [case.state for case in house.cases()] == [State.FAILED] * MANY
    assert len(log) == 5
    assert "not said again for an hour" in log[-1]


def test_many_hits_over_quota(log: list[str]) -> None:
    """All wait for the user's word, he is told, and the log says it some times."""
    house = House(Rules("home", acquaintances=False, most_moves=200))
    house.begin()
    raw = hit()
    for number in range(200):
        house.deliver(raw.replace(b"hit1@", b"%d@" % number))
    source = Full("home", house.server)
    source.open()
    house.sweep(source)

    assert {case.state for case in house.cases()} == {State.HELD}
    assert len(house.raws("INBOX")) == 200
    assert len(log) == 5


def test_a_desktop_that_shows_nothing(log: list[str]) -> None:
    """Notices that nobody shows wait without a word in the log, and are shown in one when somebody does."""
    house = House(Rules("home", acquaintances=False))
    house.notifier.works = False
    house.begin()
    for number in range(20):
        house.deliver(hit(number))
        house.sweep()

    assert log == []
    house.notifier.works = True
    house.sweep()
    assert len(house.notifier.notices) == 1


def test_notices_in_the_log_are_not_moderated() -> None:
    """Where the log is what shows notices, each is said, however alike they are."""
    moderation = Moderation()
    record = logging.LogRecord("watcher.desktop.log", logging.INFO, "", 1, "moved", (), None)

    assert all(moderation.filter(record) for _ in range(9))


def test_after_an_hour_it_may_be_said_again() -> None:
    """What is still so an hour later is worth a line."""
    moderation = Moderation()
    let_through = []
    for second in (*range(8), 3700, 3701):
        record = logging.LogRecord("watcher", logging.WARNING, "", 1, "full", (), None)
        record.created = 1_800_000_000 + second
        let_through.append(moderation.filter(record))

    assert let_through == [True] * 5 + [False] * 3 + [True] * 2


def test_accounts_with_numbers_are_told_apart() -> None:
    """Only numbers of their own make lines alike, not those in names: fifty accounts are fifty lines."""
    moderation = Moderation()

    def is_said(words: str) -> bool:
        return moderation.filter(logging.LogRecord("watcher", logging.INFO, "", 1, words, (), None))

    assert all(is_said(f"user{number}: watching INBOX") for number in range(50))
    assert sum(is_said(f"user1: case {number} stays where it is") for number in range(50)) == 5
