"""The loop: damage a mail, send it on its way, and keep what ran a line that never ran before."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.fuzz.journey import PATIENCE, Journey
from tests.fuzz.lines import Lines
from tests.fuzz.mutate import mutate


@dataclass(frozen=True)
class Finding:
    """A mail that something is wrong with."""

    raw: bytes
    problem: str


@dataclass
class Loop:
    """One exploration.

    Args:
        population: mails to damage; grows by those that ran a new line.
        chance: decides everything.
        lines: tells of new lines; where it hears of none the population stays as it is.
    """

    population: list[bytes]
    chance: Random
    lines: Lines = field(default_factory=Lines)
    executions: int = 0
    slowest: float = 0.0
    """Seconds of CPU for one mail."""
    before: Callable[[bytes], None] = lambda _: None
    """Called with each mail before it is sent on its way."""
    _journey: Journey = field(default_factory=Journey)
    _problems: set[str] = field(default_factory=set)

    def run(self, seconds: float) -> Iterator[Finding]:
        """Explore for so many seconds of this process's CPU; each different problem is told of once."""
        end = time.process_time() + seconds
        if not self.executions:  # as they are, first: whatever they run is nothing new
            for raw in tuple(self.population):
                yield from self._try(raw)
        while time.process_time() < end:
            raw = mutate(self._choose(), self.chance, self.population)
            known = len(self.lines.seen)
            yield from self._try(raw)
            if len(self.lines.seen) > known:
                self.population.append(raw)

    def _choose(self) -> bytes:
        """Any mail, or one of those that were found last: what is new is worth a closer look."""
        recent: Sequence[bytes] = self.population[-200:] if self.chance.random() < 0.5 else self.population
        return self.chance.choice(recent)

    def _try(self, raw: bytes) -> Iterator[Finding]:
        self.before(raw)
        self.executions += 1
        try:
            seconds = self._journey.travel(raw)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
            problem, told = _where(error), f"{type(error).__name__}: {error}"
        else:
            if seconds > PATIENCE:  # the machine may have been busy
                seconds = min(seconds, *(self._journey.travel(raw) for _ in range(3)))
            self.slowest = max(self.slowest, seconds)
            problem = told = f"slow: {seconds:.2f} s" if seconds > PATIENCE else ""
        if problem and problem not in self._problems:
            self._problems.add(problem)
            yield Finding(raw, f"{problem}: {told}"[:500])


def _where(error: Exception) -> str:
    """The line that raised it: one bug is met by many mails."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place is not None else type(error).__name__
