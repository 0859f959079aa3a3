"""Once a day: when a digest is due, and what is given."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.kit.house import House, hit, wanted
from watcher import digest
from watcher.digest import Schedule
from watcher.errors import TransientError
from watcher.model import By, Choice, Decision, State
from watcher.pipeline import Rules
from watcher.settle import carry_out

DAILY = Schedule(time(8), notice=True, mail=True)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment by the clock on the wall, in UTC."""
    return datetime(2026, 11, day, hour, minute).astimezone().astimezone(UTC)


@pytest.fixture
def house() -> House:
    """An account that is watched since the day before, in the evening."""
    house = House(rules=Rules("home", owner=("taro@home.example",)), now=local(23, 20))
    house.begin()
    give(house)
    return house


def give(house: House, schedule: Schedule = DAILY) -> None:
    """What each turn does."""
    digest.give(house.pipeline, house.source(), schedule)


def move_hits(house: House, number: int) -> None:
    """Deliver hits, and have them moved and told."""
    for each in range(number):
        house.deliver(hit(each))
    house.sweep()
    house.notifier.notices.clear()


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (local(24, 7, 59), local(23, 8)),
        (local(24, 8), local(24, 8)),
        (local(24, 23), local(24, 8)),
    ],
)
def test_due(now: datetime, due: datetime) -> None:
    """The last eight o'clock by the clock on the wall."""
    assert DAILY.due(now) == due


def test_never_due() -> None:
    """Where neither form is wished none is ever due."""
    assert Schedule(time(8)).due(local(24, 12)) is None


def test_once_a_day(house: House) -> None:
    """At eight what was moved since is summed up, in a notice and in a mail, once."""
    move_hits(house, 2)
    house.now = local(24, 7, 59)
    give(house)
    assert (house.notifier.notices, house.raws("INBOX")) == ([], [])

    house.now = local(24, 8, 3)
    give(house)
    give(house)
    (notice,) = house.notifier.notices
    assert "2" in notice.summary
    (raw,) = house.raws("INBOX")
    assert b"watcher restore 1" in raw
    assert b"watcher restore 2" in raw

    house.now = local(24, 12)
    give(house)
    assert len(house.raws("INBOX")) == 1


def test_the_digest_itself_is_not_judged(house: House) -> None:
    """The sweep that follows takes it for known, and does nothing with it."""
    move_hits(house, 1)
    house.now = local(24, 9)
    give(house)
    swept = house.sweep()

    assert swept.judged == 0
    assert [case.state for case in house.cases()] == [State.MOVED, State.CLEAN]


def test_nothing_found_nothing_said(house: House) -> None:
    """A day on which nothing was moved has no digest."""
    house.deliver(wanted())
    house.sweep()
    house.now = local(24, 9)
    give(house)

    assert house.notifier.notices == []
    assert house.raws("INBOX") == [wanted()]


def test_what_was_restored_is_only_counted(house: House) -> None:
    """A mail that was taken back is not offered again."""
    move_hits(house, 1)
    decision = house.store.add_decision(Decision(Choice.RESTORE, 1, By.BUTTON, house.now))
    carry_out(house.pipeline, house.source(), decision)
    house.now = local(24, 9)
    give(house)

    assert house.raws("INBOX") == [hit(0)]
    assert len(house.notifier.notices) == 1


def test_the_next_day_begins_where_the_last_ended(house: House) -> None:
    """No mail is told twice, and none is left out, also when the computer was off for days."""
    move_hits(house, 1)
    house.now = local(24, 8)
    give(house)
    house.later(hours=1)
    house.deliver(hit(5))
    house.sweep()
    house.now += timedelta(days=3)
    give(house)

    assert len(house.raws("INBOX")) == 2
    assert b"watcher restore 3" in house.raws("INBOX")[1]
    assert b"watcher restore 1\r" not in house.raws("INBOX")[1]


def test_first_sight_has_no_digest() -> None:
    """Who has just begun to watch is not told of a day that was not watched."""
    house = House(now=local(24, 12))
    house.begin()
    give(house)
    assert house.raws("INBOX") == []


@pytest.mark.parametrize("commands", range(1, 8))
def test_a_broken_connection_doubles_nothing(house: House, commands: int) -> None:
    """Wherever the connection breaks, the digest lies in the inbox once at most."""
    move_hits(house, 1)
    house.now = local(24, 8)
    house.server.commands_left = commands
    with suppress(TransientError):
        give(house)
    house.server.commands_left = None
    give(house)

    assert len(house.raws("INBOX")) <= 1


def test_a_clock_that_was_wrong_ends_nothing(house: House) -> None:
    """A digest that seems to have been given in the future does not keep others away."""
    house.store.set_moment("digest home", house.now + timedelta(days=400))
    move_hits(house, 1)
    house.now = local(24, 8)
    give(house)
    house.later(days=1)
    house.deliver(hit(7))
    house.sweep()
    house.later(days=1)
    give(house)

    assert len(house.raws("INBOX")) == 1
