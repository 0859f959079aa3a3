"""The daemon's threads around accounts in memory."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.kit.daemon import await_that
from tests.kit.house import House, hit, wanted
from watcher.daemon.control import NAME, ask
from watcher.daemon.service import Service
from watcher.daemon.session import Session, Times
from watcher.daemon.watch import Health, Watch
from watcher.errors import RefusedError, TransientError
from watcher.model import By, Choice, Decision, State
from watcher.pipeline import Pipeline, Rules
from watcher.sources.imap import ImapAccount
from watcher.sources.memory import ABILITIES, MemoryServer, MemorySource

HOUR = timedelta(hours=1)
QUICK = timedelta(seconds=0.1)
YEAR = 365 * 86_400.0


class Refused(MemorySource):
    """A mailbox whose password is wrong."""

    attempts = 0

    def open(self) -> None:
        """Try to log in."""
        self.attempts += 1
        raise RefusedError("wrong password")


def now() -> datetime:
    """The time, by which pauses are kept."""
    return datetime.now(UTC)


def watch(house: House, source: MemorySource | None = None) -> Watch:
    """An account of that house, by the real clock."""
    pipeline = Pipeline(replace(house.pipeline.tools, clock=now), house.rules)
    return Watch(pipeline, source or MemorySource(house.rules.account, house.server))


@contextmanager
def running(folder: Path, house: House, watches: Sequence[Watch] = (), times: Times | None = None) -> Iterator[Session]:
    """A session that watches, with what the first house has; ended afterwards."""
    tools = replace(house.pipeline.tools, clock=now)
    session = Session(list(watches) or [watch(house)], tools, times or Times(HOUR), folder, Service({}))
    session.start()
    try:
        yield session
    finally:
        session.end()


def is_watching(session: Session) -> bool:
    """Whether every account is watched."""
    return all(standing.health is Health.WATCHING for standing in session.standings())


@pytest.fixture
def house() -> House:
    """An account that was never seen."""
    return House()


@pytest.fixture
def session(tmp_path: Path, house: House) -> Iterator[Session]:
    """A session that watches that account."""
    with running(tmp_path, house) as session:
        await_that(lambda: is_watching(session))
        yield session


def moved(house: House) -> int:
    """Deliver a hit and wait until it is moved and told: its case."""
    house.deliver(hit())
    await_that(lambda: len(house.notifier.notices) == 1)
    return house.cases()[-1].id


# The main job.


def test_mail_is_moved_when_it_comes(house: House, session: Session) -> None:
    """Within a second a hit is in Suspicious and told, and other mail is left."""
    house.deliver(wanted())
    began = time.monotonic()
    moved(house)

    assert time.monotonic() - began < 1
    assert house.raws("Suspicious") == [hit()]
    assert house.raws("INBOX") == [wanted()]
    assert is_watching(session)


def test_without_idle_it_is_moved_at_the_next_interval(tmp_path: Path) -> None:
    """A server that tells of nothing is asked at each interval."""
    house = House(server=MemoryServer(ABILITIES - {"IDLE"}))
    with running(tmp_path, house, times=Times(timedelta(seconds=0.2))) as session:
        await_that(lambda: is_watching(session))
        moved(house)

    assert house.raws("Suspicious") == [hit()]


def test_many_accounts_are_swept_one_part_after_the_other(tmp_path: Path) -> None:
    """Each account is looked at once in an interval, though no interval begins with all of them."""
    interval, first = timedelta(seconds=2), House()
    houses = [first, *(House(Rules(f"other {n}"), store=first.store, notifier=first.notifier) for n in range(119))]
    with running(tmp_path, first, list(map(watch, houses)), times=Times(interval)) as session:
        await_that(lambda: is_watching(session))
        before = {standing.account: standing.swept_at for standing in session.standings()}

        def swept() -> int:
            return sum(standing.swept_at != before[standing.account] for standing in session.standings())

        await_that(lambda: swept() > 0)
        assert swept() < len(houses)
        await_that(lambda: swept() == len(houses))


@pytest.mark.usefixtures("session")
def test_restore_is_one_press(house: House) -> None:
    """The button brings the mail back as it was, within a second, and it stays."""
    case = moved(house)
    began = time.monotonic()

    assert house.notifier.press(str(case), Choice.RESTORE)
    await_that(lambda: house.raws("INBOX") == [hit()])

    assert time.monotonic() - began < 1
    assert house.raws("Suspicious") == []
    await_that(lambda: house.store.waiting_decisions() == ())
    assert house.store.case(case).state is State.RELEASED


def test_restore_of_a_notice_of_many(house: House, session: Session) -> None:
    """One press brings back all that one notice told of."""
    house.notifier.works = False
    for number in range(3):
        house.deliver(hit(number))
    await_that(lambda: session.standings()[0].moved == 3)
    house.notifier.works = True
    house.deliver(hit(3))
    await_that(lambda: len(house.notifier.notices) == 1)

    house.notifier.press(house.notifier.notices[0].token, Choice.RESTORE)

    await_that(lambda: len(house.raws("INBOX")) == 4)


@pytest.mark.usefixtures("session")
def test_details_open_the_page(house: House) -> None:
    """The second button opens the report at that mail, and changes nothing."""
    case = moved(house)
    house.notifier.press(str(case), Choice.DETAILS)

    await_that(lambda: len(house.viewer.pages) == 1)
    text = house.viewer.pages[0].read_text("utf-8")
    assert f'id="mail-{case}"' in text
    assert house.viewer.pages[0].stat().st_mode & 0o077 == 0
    assert house.cases()[-1].state is State.MOVED


@pytest.mark.usefixtures("session")
def test_without_a_browser_details_are_a_notice(house: House) -> None:
    """Where nobody opens a page, every fact against the sender is shown in place of the notice."""
    house.viewer.works = False
    case = moved(house)
    facts = [fact.text.en for fact in house.cases()[-1].verdict.reasons]  # type: ignore[union-attr]  # it was judged

    house.notifier.press(str(case), Choice.DETAILS)

    await_that(lambda: house.notifier.notices[0].summary.startswith("Why"))
    assert set(facts) <= set(house.notifier.notices[0].body.split("\n"))


# The control socket.


def test_status_is_answered(tmp_path: Path, house: House, session: Session) -> None:
    """`watcher status` is told of every account, in words for programs."""
    moved(house)
    await_that(lambda: session.standings()[0].moved == 1)

    status = ask(tmp_path, "status")

    (account,) = status["accounts"]
    assert status["pid"] == os.getpid()
    assert account | {"since": "", "swept_at": ""} == {
        "account": "home",
        "health": "watching",
        "since": "",
        "problem": "",
        "swept_at": "",
        "moved": 1,
    }
    assert datetime.fromisoformat(account["swept_at"]).tzinfo is not None


@pytest.mark.usefixtures("session")
def test_wake_has_decisions_carried_out(tmp_path: Path, house: House) -> None:
    """What a command wrote into the ledger is done as soon as it wakes the daemon."""
    case = moved(house)
    house.store.add_decision(Decision(Choice.RESTORE, case, By.COMMAND, now()))

    assert ask(tmp_path, "wake") == {"ok": True}
    await_that(lambda: house.raws("INBOX") == [hit()])


@pytest.mark.usefixtures("session")
def test_garbage_does_not_end_the_watch(tmp_path: Path, house: House) -> None:
    """An unknown word is answered as one, and mail is moved as before."""
    assert ask(tmp_path, "format c:") == {"error": "unknown request"}
    assert ask(tmp_path, "") == {"error": "unknown request"}
    moved(house)

    assert house.raws("Suspicious") == [hit()]


# Mishaps.


def test_a_token_of_nothing_is_no_error(tmp_path: Path, house: House) -> None:
    """A button of a notice whose case is not in the ledger is logged, and nothing else happens."""
    with running(tmp_path, house) as session:
        await_that(lambda: is_watching(session))
        for token in ("", "999", "x,y", "-1"):
            session._pressed(token, Choice.RESTORE)
            session._pressed(token, Choice.DETAILS)
        moved(house)

    assert house.store.waiting_decisions() == ()


def test_the_server_goes_and_comes_back(house: House, session: Session) -> None:
    """It is noticed at once, and watched again soon after it is back, with the mail of the time between."""
    house.server.stop()
    await_that(lambda: session.standings()[0].health is Health.AWAY)
    house.deliver(hit())

    house.server.running = True
    await_that(lambda: is_watching(session))

    assert house.raws("Suspicious") == [hit()]


def test_a_refused_login_is_not_tried_at_each_interval(tmp_path: Path, house: House) -> None:
    """More attempts would only lock the account, however short the interval; others are watched meanwhile."""
    other = House(Rules("other"), store=house.store, notifier=house.notifier)
    source = Refused("other", other.server)
    accounts = [watch(house), watch(other, source)]
    with running(tmp_path, house, accounts, times=Times(timedelta(seconds=0.1))) as session:
        await_that(lambda: session.standings()[0].health is Health.WATCHING)
        await_that(lambda: session.standings()[1].health is Health.REFUSED)
        time.sleep(1)
        moved(house)

        assert source.attempts == 1


def test_each_account_has_its_own_decisions(tmp_path: Path, house: House) -> None:
    """Two accounts, one ledger, one desktop: a press concerns the mailbox that the mail came from."""
    other = House(Rules("other"), store=house.store, notifier=house.notifier)
    with running(tmp_path, house, [watch(house), watch(other)]) as session:
        await_that(lambda: is_watching(session))
        case = moved(house)
        other.deliver(hit(2))
        await_that(lambda: len(house.notifier.notices) == 2)

        house.notifier.press(str(case), Choice.RESTORE)
        await_that(lambda: house.raws("INBOX") == [hit()])

    assert other.raws("Suspicious") == [hit(2)]


# Connections that die in silence, suspends, and clocks.


def test_a_server_that_went_silent_is_noticed(tmp_path: Path, house: House) -> None:
    """Two questions later it is given up, and the mail of the time between is moved once it is back."""
    with running(tmp_path, house, times=Times(HOUR, probe=QUICK)) as session:
        await_that(lambda: is_watching(session))
        house.server.silent = True
        house.deliver(hit())
        await_that(lambda: session.standings()[0].health is Health.AWAY)
        house.server.silent = False
        await_that(lambda: is_watching(session))

    assert house.raws("Suspicious") == [hit()]


def test_the_minute_is_kept() -> None:
    """A connection that dies right after it was asked is given up, and another one tried, within a minute."""
    longest = ImapAccount("home", "mail.example.jp", "taro").timeout

    assert timedelta(seconds=longest) <= Times().probe, "the second question has to find the first one overdue"
    assert 2 * Times().probe <= timedelta(seconds=40)


def test_questions_cost_no_sweep(tmp_path: Path, house: House) -> None:
    """However often a connection is asked whether it lives, the mailbox is looked at when there is news only."""
    with running(tmp_path, house, times=Times(HOUR, probe=QUICK)) as session:
        await_that(lambda: is_watching(session))
        (before,) = session.standings()
        time.sleep(10 * QUICK.total_seconds())
        assert session.standings() == [before]
        moved(house)

    assert house.raws("Suspicious") == [hit()]


@pytest.mark.parametrize("seconds", [2.0, 8 * 3_600.0, 10 * YEAR])
def test_after_a_suspend_everything_is_looked_at(tmp_path: Path, seconds: float) -> None:
    """However long it was, and even where the server tells of nothing by itself."""
    house, asleep = House(server=MemoryServer(ABILITIES - {"IDLE"})), [1000.0]
    with running(tmp_path, house, times=Times(HOUR, probe=QUICK, asleep=lambda: sum(asleep))) as session:
        await_that(lambda: is_watching(session))
        house.deliver(hit())
        asleep.append(seconds)
        await_that(lambda: house.raws("Suspicious") == [hit()])


# The end.


def test_the_end_leaves_nothing_behind(tmp_path: Path, house: House) -> None:
    """All threads end, the socket goes, the desktop is no longer listened to, and nobody waits at the server."""
    before = set(threading.enumerate())
    with running(tmp_path, house) as session:
        await_that(lambda: is_watching(session))
        assert set(threading.enumerate()) > before

    await_that(lambda: set(threading.enumerate()) <= before, f"{threading.enumerate()}")
    assert not (tmp_path / NAME).exists()
    assert not house.notifier.press("1", Choice.RESTORE)
    assert house.server._waiting == []
    with pytest.raises(TransientError):
        ask(tmp_path, "status")


def test_it_can_end_before_it_has_begun(tmp_path: Path, house: House) -> None:
    """Ended during its first turn, that turn comes to its end first, and nothing hangs."""
    house.rules = replace(house.rules, history=timedelta(days=1))
    for number in range(20):
        house.deliver(hit(number))

    with running(tmp_path, house):
        pass

    cases = house.cases()
    assert not any(case.state is State.MOVING for case in cases)
    assert len(house.raws("Suspicious")) == len(cases)


def test_one_session_after_the_other(tmp_path: Path, house: House) -> None:
    """As at SIGHUP: a new session in the same place goes on where the former ended."""
    for number in range(3):
        with running(tmp_path, house) as session:
            await_that(lambda session=session: is_watching(session))  # type: ignore[misc]  # bound at once
            house.deliver(hit(number))
            await_that(lambda number=number: len(house.raws("Suspicious")) == number + 1)  # type: ignore[misc]  # bound at once

    assert len(house.cases()) == 3
