"""A daemon that can be killed between any two effects: commands to the server, words to the ledger and the desktop.

What was done until then stays done; what would have come next never happens.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar, cast

from watcher.sources.memory import MemoryServer, MemorySession

T = TypeVar("T")


class KilledError(BaseException):
    """SIGKILL: nothing catches it."""


class Fuse:
    """Counts effects, and burns out after so many."""

    def __init__(self) -> None:
        self._left: int | None = None
        self._counted = ""
        self._burn: Callable[[], BaseException] = KilledError
        self._former = ""
        self.burnt: Counter[tuple[str, str, str]] = Counter()
        """How often it burnt out, by the error's name and the two effects between which it did."""

    def light(self, effects: int, counted: str = "", burn: Callable[[], BaseException] = KilledError) -> None:
        """Let so many effects pass, and raise `burn()` in place of the next one.

        Args:
            effects: how many.
            counted: only those of this name; all where it is empty.
            burn: what happens then.
        """
        self._left, self._counted, self._burn = effects, counted, burn

    def put_out(self) -> None:
        """Let everything pass."""
        self._left = None

    def burn(self, effect: str) -> None:
        """An effect is about to happen."""
        if self._left is not None and self._counted in ("", effect):
            if self._left == 0:
                self._left = None
                error = self._burn()
                self.burnt[type(error).__name__, self._former, effect] += 1
                raise error
            self._left -= 1
        self._former = effect


class MortalSession(MemorySession):
    """A connection each of whose commands is an effect."""

    def __init__(self, account: str, server: MemoryServer, fuse: Fuse) -> None:
        self._fuse = fuse
        super().__init__(account, server)

    def _command(self) -> None:
        self._fuse.burn(f"server {sys._getframe(1).f_code.co_name.strip('_')}")
        super()._command()


def mortal(thing: T, fuse: Fuse, name: str) -> T:
    """The same, each of whose methods is an effect."""
    return cast("T", _Mortal(thing, fuse, name))


class _Mortal:
    def __init__(self, thing: object, fuse: Fuse, name: str) -> None:
        self._thing = thing
        self._fuse = fuse
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(self._thing, attribute)
        if not callable(found):
            return found

        def effect(*arguments: Any, **options: Any) -> Any:
            self._fuse.burn(f"{self._name} {attribute}")
            return found(*arguments, **options)

        return effect
