"""How the user is told: in one notice that grows, and not while it is quiet."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from tests.kit.house import House, hit
from watcher.model import Choice, Notice
from watcher.telling import Manners

NIGHT = Manners(quiet=(time(22), time(7)))


def local(hour: int, minute: int = 0) -> datetime:
    """A moment of one day by the clock on the wall, in UTC."""
    return datetime(2026, 11, 24, hour, minute).astimezone().astimezone(UTC)


@pytest.fixture
def house() -> House:
    """An account whose empty inbox has been seen once."""
    house = House()
    house.begin()
    return house


def move_hits(house: House, *numbers: int) -> None:
    """Deliver hits, and have them moved."""
    for number in numbers:
        house.deliver(hit(number))
    house.sweep()


def test_one_notice_grows(house: House) -> None:
    """What arrives soon after is added to the notice on the screen, which then stands for all of it."""
    move_hits(house, 1)
    house.later(seconds=30)
    move_hits(house, 2, 3)

    (notice,) = house.notifier.notices
    assert "3" in notice.summary
    assert notice.token == "1,2,3"


def test_later_news_is_another_notice(house: House) -> None:
    """After some minutes the first one stays as it is."""
    move_hits(house, 1)
    house.later(minutes=3)
    move_hits(house, 2)

    assert [notice.token for notice in house.notifier.notices] == ["1", "2"]


def test_an_answered_notice_does_not_grow(house: House) -> None:
    """After a button was pressed the next mail gets a notice of its own: the answer was not about it."""
    move_hits(house, 1)
    house.pipeline.tools.teller.answered("1")
    move_hits(house, 2)

    assert [notice.token for notice in house.notifier.notices] == ["1", "2"]


def test_an_answer_to_an_old_notice_changes_nothing(house: House) -> None:
    """Only the newest notice still grows, so only an answer to it counts."""
    move_hits(house, 1)
    house.pipeline.tools.teller.answered("99")
    move_hits(house, 2)

    assert [notice.token for notice in house.notifier.notices] == ["1,2"]


def test_quiet_hours_are_kept(house: House) -> None:
    """At night mail is moved and nothing is shown; in the morning one notice tells of it all."""
    house = House(manners=NIGHT, now=local(23))
    house.begin()
    move_hits(house, 1)
    house.later(hours=2)
    move_hits(house, 2)
    assert house.notifier.notices == []
    assert len(house.raws("Suspicious")) == 2

    house.now = local(7, 1)
    house.sweep()
    house.deliver(hit(3))
    house.sweep()
    (notice,) = house.notifier.notices
    assert "3" in notice.summary


def test_other_notices_wait_as_well() -> None:
    """What is shown besides waits for the end of the quiet hours, too, and is shown once."""
    house = House(manners=NIGHT, now=local(23))
    house.begin()
    house.pipeline.tools.teller.show(Notice("s", "b", "x"))
    assert house.notifier.notices == []

    house.now = local(8)
    house.pipeline.tools.teller.tell("home")
    house.pipeline.tools.teller.tell("home")
    assert [notice.token for notice in house.notifier.notices] == ["x"]


@pytest.mark.parametrize(
    ("quiet", "at", "expected"),
    [
        (None, local(3), False),
        ((time(22), time(7)), local(21, 59), False),
        ((time(22), time(7)), local(22), True),
        ((time(22), time(7)), local(0), True),
        ((time(22), time(7)), local(6, 59), True),
        ((time(22), time(7)), local(7), False),
        ((time(12), time(13)), local(12, 30), True),
        ((time(12), time(13)), local(13), False),
        ((time(12), time(13)), local(3), False),
    ],
)
def test_is_quiet(quiet: tuple[time, time] | None, at: datetime, expected: bool) -> None:  # noqa: FBT001 - a table
    """From the first time on, up to and without the second, also over midnight."""
    assert Manners(quiet=quiet).is_quiet(at) is expected


def test_the_first_buttons(house: House) -> None:
    """Restore, Details, Delete, in this order, and what to type where there are none."""
    move_hits(house, 1)
    (notice,) = house.notifier.notices
    assert [button.choice for button in notice.buttons] == [Choice.RESTORE, Choice.DETAILS, Choice.DELETE]
    assert notice.by_hand.endswith("watcher restore 1")


def test_a_notice_does_not_grow_for_ever(house: House) -> None:
    """Two minutes after it was new it stays as it is, however steadily more arrives."""
    for number in range(5):
        move_hits(house, number)
        house.later(seconds=50)

    assert [notice.token for notice in house.notifier.notices] == ["1,2,3", "4,5"]


def test_without_buttons_everything_is_said_once(house: House) -> None:
    """In a log a notice cannot be updated: each line tells of what is new."""
    house.notifier.has_buttons = False
    move_hits(house, 1)
    move_hits(house, 2)

    assert [notice.token for notice in house.notifier.notices] == ["1", "2"]
