"""Servers that tell of news where there are none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.kit.house import House, hit
from watcher.daemon.watch import Health, Rest, Watch
from watcher.model import FolderState
from watcher.pipeline import Rules
from watcher.sources.memory import MemorySource


class Excited(MemorySource):
    """A mailbox that tells of news whenever somebody begins to listen, and counts how often it is looked at."""

    def __init__(self, house: House) -> None:
        super().__init__(house.rules.account, house.server)
        self.looks = 0

    def check_idle(self) -> bool:
        """There are always news."""
        super().check_idle()
        return True

    def look(self, folder: str) -> FolderState:
        """Look, and count it."""
        self.looks += 1
        return super().look(folder)


@pytest.fixture
def house() -> House:
    """Nobody's acquaintance is made, which would be work of its own."""
    return House(Rules("home", acquaintances=False))


def test_a_turn_comes_to_its_end(house: House) -> None:
    """News at the very beginning of each IDLE make no turn that never ends."""
    source = Excited(house)
    watch = Watch(house.pipeline, source)

    rest = watch.attend()

    assert rest.waiting_on is not None
    assert source.looks < 50


def alarm(watch: Watch, house: House, seconds: float, turns: int) -> list[Rest]:
    """So many turns because of news, so far apart."""
    rests = []
    for _turn in range(turns):
        rests.append(watch.attend(stirred=True))
        house.later(seconds=seconds)
    return rests


def test_who_cries_wolf_is_not_listened_to(house: House) -> None:
    """After many turns in a short time that were called for in vain there is a pause; then all is as before."""
    watch = Watch(house.pipeline, house.source())

    last = alarm(watch, house, seconds=0.1, turns=30)[-1]

    assert (last.waiting_on, last.pause, watch.standing.health) == (None, timedelta(seconds=30), Health.WATCHING)
    house.deliver(hit())
    house.later(seconds=30)
    assert watch.attend().waiting_on is not None
    assert house.raws("Suspicious") == [hit()]


def test_somebody_who_reads_mail_is_no_wolf(house: House) -> None:
    """Flags that change every second or so call for turns in vain, too, and IDLE goes on."""
    watch = Watch(house.pipeline, house.source())

    assert all(rest.waiting_on is not None for rest in alarm(watch, house, seconds=1, turns=30))
