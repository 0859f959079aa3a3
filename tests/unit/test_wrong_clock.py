"""A clock that was wrong for a while: nothing that was written by it holds anybody up afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.kit.confirmed import confirmed
from tests.kit.hands import decisions, house, look
from tests.kit.house import House, hit
from watcher.daemon.watch import Health, Watch
from watcher.model import State
from watcher.pipeline import Rules
from watcher.sources.memory import MemorySource
from watcher.sweep import BEGUN_ANEW
from watcher.telling import PAUSED, peace

__all__ = ["house"]

YEARS = timedelta(days=64 * 365)


@pytest.mark.parametrize("ahead", [YEARS, timedelta(days=31)])
def test_a_pause_does_not_outlast_a_wrong_clock(ahead: timedelta) -> None:
    """A pause of an hour that was begun in another year is over when the clock is right again."""
    house = House()
    house.begin()
    house.store.set_moment(PAUSED, house.now + ahead + timedelta(hours=1))
    house.deliver(hit())
    watch = Watch(house.pipeline, MemorySource("home", house.server))

    watch.attend()

    assert watch.standing.health is Health.WATCHING
    assert house.raws("Suspicious") == [hit()]
    assert len(house.notifier.notices) == 1
    watch.close()


def test_a_pause_is_kept_while_the_clock_is_set_a_little() -> None:
    """A clock that is set back by minutes makes a pause longer by so much, and no more."""
    house = House()
    house.store.set_moment(PAUSED, house.now + timedelta(hours=1))
    house.later(minutes=-5)

    assert peace(house.store, house.now) == timedelta(minutes=65)


def test_a_mail_judged_in_the_future_is_reported_all_the_same(house: House) -> None:
    """What was judged by a clock that stood years ahead is no mail of this moment, for which to wait."""
    house.now += YEARS
    house.deliver(confirmed(suspicious=False))
    house.sweep()
    house.now -= YEARS - timedelta(minutes=5)
    house.drag(house.only("INBOX"), "INBOX", "Suspicious")
    look(house)

    assert house.cases()[-1].state is State.REPORTED
    assert [means for _choice, means, _outcome in decisions(house)]


def test_a_notice_from_the_future_does_not_grow_for_ever() -> None:
    """What is found after the clock was set back gets a notice of its own."""
    house = House()
    house.begin()
    house.now += YEARS
    house.deliver(hit(1))
    house.sweep()
    house.now -= YEARS
    house.deliver(hit(2))
    house.sweep()

    assert len(house.notifier.notices) == 2


def test_a_ledger_begun_anew_looks_back_no_further_than_that() -> None:
    """With `history`, mail from before is left alone, since the user may have taken it back; later mail is judged."""
    house = House(Rules("home", history=timedelta(days=7)))
    house.deliver(hit(1), at=house.now - timedelta(days=1))
    house.store.set_moment(BEGUN_ANEW, house.now - timedelta(hours=1))
    house.deliver(hit(2), at=house.now - timedelta(minutes=1))
    house.begin()

    assert house.raws("INBOX") == [hit(1)]
    assert house.raws("Suspicious") == [hit(2)]


def test_a_ledger_begun_anew_by_a_wrong_clock() -> None:
    """Where it seems to be begun in the future nothing of before is judged, and later mail is."""
    house = House(Rules("home", history=timedelta(days=7)))
    house.deliver(hit(1), at=house.now - timedelta(days=1))
    house.store.set_moment(BEGUN_ANEW, house.now + YEARS)
    house.begin()
    house.deliver(hit(2))
    house.sweep()

    assert house.raws("Suspicious") == [hit(2)]
