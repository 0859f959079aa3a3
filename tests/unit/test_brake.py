"""The brake on moving too much at once, while the daemon is killed and started again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from tests.kit.house import House, hit
from tests.kit.mails import build
from watcher.errors import TransientError
from watcher.model import Intent, Receipt, State
from watcher.pipeline import Rules
from watcher.settle import recover
from watcher.sources.memory import MemorySource

MOST = 10
HITS = 60


class KilledError(BaseException):
    """The process is gone."""


class Mortal(MemorySource):
    """A mailbox at which something happens with each of the next moves.

    Args:
        house: whose it is.
        moves: so many go well.
        happens: what comes then, instead of another.
    """

    def __init__(self, house: House, moves: int, happens: Callable[[], BaseException]) -> None:
        super().__init__(house.rules.account, house.server)
        self._left = moves
        self._happens = happens
        self.open()

    def apply(self, intent: Intent) -> Receipt | None:
        """Take a step, or not."""
        if not self._left:
            raise self._happens()
        self._left -= 1
        return super().apply(intent)


def gone() -> TransientError:
    """The end of a connection."""
    return TransientError("The connection is gone.")


def states(house: House) -> Counter[State]:
    """How the cases stand."""
    return Counter(case.state for case in house.cases())


@pytest.fixture
def house() -> House:
    """An account into which many hits come at once."""
    house = House(Rules("home", most_moves=MOST))
    house.begin()
    for number in range(HITS):
        house.deliver(hit(number))
    return house


@pytest.mark.parametrize("happens", [KilledError, gone], ids=["killed", "disconnected"])
@pytest.mark.parametrize("moves", [1, 3, 9])
def test_a_start_does_not_loosen_it(house: House, happens: Callable[[], BaseException], moves: int) -> None:
    """However often a sweep is cut short, all its parts together move no more than one may."""
    for _ in range(HITS):
        source = Mortal(house, moves, happens)
        try:
            recover(house.pipeline, source)
            house.sweep(source)
        except (KilledError, TransientError):
            continue
        break

    assert states(house) == {State.MOVED: MOST, State.HELD: HITS - MOST}
    assert len(house.raws("Suspicious")) == MOST


def test_a_sweep_that_came_to_its_end_is_not_held_against_the_next(house: House) -> None:
    """What comes later has a brake of its own, although many were moved shortly before."""
    house.sweep()
    for number in range(MOST):
        house.deliver(build(subject=f"{number}") if number % 2 else hit(100 + number))
    house.sweep()

    assert states(house)[State.MOVED] == MOST + MOST // 2
