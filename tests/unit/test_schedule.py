"""What is due at each interval or after a pause comes, however the clock on the wall is set."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import apscheduler.schedulers.base
import pytest

from tests.kit.daemon import await_that
from watcher.daemon.schedule import After, Schedule, SteadyJobs

YEAR = timedelta(days=365)
BRIEF = timedelta(seconds=0.1)


class Wall(datetime):
    """The clock on the wall, which can be set."""

    ahead = timedelta()

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # asked for UTC alone
        """What it shows."""
        del tz
        return datetime.now(UTC) + cls.ahead


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> type[Wall]:
    """APScheduler's clock, which no option of its own replaces."""
    monkeypatch.setattr(Wall, "ahead", timedelta())
    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", Wall)
    return Wall


@pytest.fixture
def schedule() -> Iterator[Schedule]:
    """A schedule that runs."""
    schedule = Schedule()
    schedule.start()
    yield schedule
    schedule.end()


class Calls:
    """Counts how often it is called."""

    def __init__(self) -> None:
        self.number = 0
        self._lock = threading.Lock()

    def __call__(self) -> None:
        """Be called."""
        with self._lock:
            self.number += 1


def test_each_interval_is_a_call(schedule: Schedule) -> None:
    """What is wanted at each interval is done again and again, and no more often."""
    calls = Calls()
    began = time.monotonic()

    schedule.every(BRIEF, calls, "it")
    await_that(lambda: calls.number >= 5)

    assert calls.number <= (time.monotonic() - began) / BRIEF.total_seconds()


def test_a_pause_ends_in_one_call(schedule: Schedule) -> None:
    """What is wanted after a pause is done once; a later wish of the same name takes its place."""
    first, second = Calls(), Calls()

    schedule.once(YEAR, first, "it")
    schedule.once(timedelta(), second, "it")
    await_that(lambda: second.number == 1)
    time.sleep(0.2)

    assert (first.number, second.number) == (0, 1)


@pytest.mark.parametrize("ahead", [-50 * YEAR, -YEAR, timedelta(hours=-9), timedelta(hours=9), YEAR, 50 * YEAR])
def test_a_clock_that_is_set_changes_nothing(wall: type[Wall], schedule: Schedule, ahead: timedelta) -> None:
    """Set by hours or by half a century, back or forward: intervals and pauses go on as time really passes."""
    often, once = Calls(), Calls()
    schedule.every(BRIEF, often, "often")
    schedule.once(timedelta(seconds=0.5), once, "once")
    await_that(lambda: often.number > 1)

    wall.ahead = ahead
    at, began = often.number, time.monotonic()
    await_that(lambda: once.number == 1 and often.number > at + 3)
    elapsed = time.monotonic() - began

    assert elapsed < 5
    assert often.number - at <= elapsed / BRIEF.total_seconds() + 2


def test_many_missed_intervals_are_one_call() -> None:
    """After a suspend of years what was missed is due once, and next after a whole interval."""
    now = datetime.now(UTC)
    trigger = After(BRIEF, again=True)

    assert trigger.get_next_fire_time(now - 50 * YEAR, now) == now + BRIEF


def test_nothing_lies_further_off_than_its_pause(wall: type[Wall], schedule: Schedule) -> None:
    """A job keeps its time unless the clock was set back."""
    schedule.every(timedelta(hours=1), Calls(), "it")
    (job,) = schedule._scheduler.get_jobs()
    store = schedule._scheduler._jobstores["default"]
    due = job.next_run_time
    assert isinstance(store, SteadyJobs)

    store.get_due_jobs(wall.now() + timedelta(minutes=30))
    assert job.next_run_time == due
    store.get_due_jobs(due - 2 * YEAR)
    assert job.next_run_time == due - 2 * YEAR + timedelta(hours=1)
