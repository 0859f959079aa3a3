"""The pace at which an account gets acquainted, beside its watch for new mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.kit.house import House, hit
from tests.kit.letters import RULES, correspondence, known, letter, progress
from watcher.acquaint import AGAIN, PAUSE
from watcher.daemon.watch import Health, Watch
from watcher.errors import TransientError, UserError
from watcher.model import Mail
from watcher.sources.memory import MemorySource


class Interrupted(MemorySource):
    """A mailbox into which mail comes while headers are read, or whose server cannot bear that."""

    def __init__(self, house: House) -> None:
        super().__init__("home", house.server)
        self.meanwhile: list[bytes] = []
        self.problem: Exception | None = None
        self.attempts = 0
        self._house = house

    def headers(self, folder: str, uids: Sequence[int], fields: Sequence[str]) -> Sequence[Mail]:
        """Read, while something happens."""
        self.attempts += 1
        while self.meanwhile:
            self._house.deliver(self.meanwhile.pop())
        if self.problem:
            raise self.problem
        return super().headers(folder, uids, fields)


class Life:
    """An account with 250 letters and who watches it."""

    def __init__(self, house: House) -> None:
        self.house = house
        for number in range(250):
            house.deliver(letter(f"a{number}@friend.example", number), "Sent")
        self.source = Interrupted(house)
        self.watch = Watch(house.pipeline, self.source)

    def read(self) -> int:
        """How many letters have been read."""
        return sum(each.read for each in self.house.store.progress("home") if each.sent)

    def pause(self) -> timedelta | None:
        """A turn: after how long another is wanted."""
        return self.watch.attend().pause


@pytest.fixture
def life() -> Life:
    """Not attended to yet."""
    return Life(correspondence())


def test_the_first_turn_only_watches(life: Life) -> None:
    """Whoever starts the daemon has new mail judged first; the first step comes a pause later."""
    assert life.pause() == PAUSE
    assert life.read() == 0


def test_one_batch_a_pause(life: Life) -> None:
    """Step by step all letters are read, with a turn of its own for each, and then none is wanted any more."""
    pauses, read = [], []
    for _ in range(6):
        pauses.append(life.pause())
        read.append(life.read())
        life.house.later(seconds=PAUSE.total_seconds())

    assert read == [0, 100, 200, 250, 250, 250]
    assert pauses == [PAUSE] * 4 + [None] * 2


def test_turns_in_between_do_not_hurry_it(life: Life) -> None:
    """However often mail wakes the account, a pause is a pause."""
    life.pause()
    life.house.later(seconds=PAUSE.total_seconds())
    life.pause()
    for _ in range(10):
        life.house.later(seconds=1)
        assert life.pause() is not None
    assert life.read() == 100
    assert life.pause() == PAUSE - timedelta(seconds=10)


def test_mail_that_comes_during_a_step_is_judged_in_the_same_turn(life: Life) -> None:
    """Reading old headers makes nobody wait for what is new."""
    life.pause()
    life.house.later(seconds=PAUSE.total_seconds())
    life.source.meanwhile = [hit()]

    rest = life.watch.attend()

    assert rest.waiting_on is not None
    assert life.house.raws("Suspicious") == [hit()]
    assert life.read() == 100
    life.watch.close()


def test_later_letters_are_looked_for_every_hour(life: Life) -> None:
    """When all is read, a letter that was sent since is read within an hour."""
    for _ in range(6):
        life.pause()
        life.house.later(seconds=PAUSE.total_seconds())
    life.house.deliver(letter("ken@friend.example", 999), "Sent")
    life.pause()
    assert life.house.store.acquaintance("ken@friend.example") is None

    life.house.later(seconds=AGAIN.total_seconds())
    life.pause()

    assert known(life.house, "ken@friend.example").written_to
    assert progress(life.house, "Sent").read == 250


@pytest.mark.parametrize("problem", [TransientError("gone"), ZeroDivisionError("a mistake of ours")])
def test_a_server_that_cannot_bear_it_is_left_alone(life: Life, problem: Exception) -> None:
    """It costs a connection once an hour, not one every few seconds, and the account is watched in between."""
    life.pause()
    life.source.problem = problem
    for _ in range(20):
        life.house.later(seconds=PAUSE.total_seconds())
        life.pause()
    assert life.source.attempts == 1
    assert life.watch.standing.health is Health.WATCHING

    life.source.problem = None
    life.house.later(seconds=AGAIN.total_seconds())
    life.pause()
    assert life.read() == 100


def test_a_refusal_does_not_end_the_watch(life: Life) -> None:
    """What the server will not tell is not worth an account's rest of ten minutes."""
    life.pause()
    life.source.problem = UserError("not allowed")
    life.house.later(seconds=PAUSE.total_seconds())

    life.pause()

    assert life.watch.standing.health is Health.WATCHING


def test_nothing_is_read_where_the_user_does_not_want_it() -> None:
    """With `acquaintances = false` no turn is wanted and no letter looked at."""
    life = Life(correspondence(replace(RULES, acquaintances=False)))
    for _ in range(3):
        assert life.pause() is None
        life.house.later(hours=2)
    assert life.source.attempts == 0
    assert life.house.store.progress("home") == ()
