"""What a connection breaks off at again and again, so that one mail does not keep all others from being judged.

A server may hang up, or talk nonsense, whenever a certain mail is asked for. Any one time it may just as well be the
network; the same mail alone, several connections in a row, is not waited for any longer. It stays where it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from watcher.errors import LedgerBusyError, TransientError

MOST = 3
"""Attempts at one thing, each on a connection of its own."""


class Stumbles:
    """How often each thing has failed since it last succeeded; forgotten when the process ends."""

    def __init__(self) -> None:
        self._failures: Counter[Hashable] = Counter()
        self._shaky: dict[Hashable, int] = {}

    @contextmanager
    def watched(self, what: Hashable) -> Iterator[None]:
        """Count a TransientError that comes of doing `what`, and let it pass. The ledger's are nobody's fault here."""
        try:
            yield
        except LedgerBusyError:
            raise
        except TransientError:
            self._failures[what] += 1
            raise
        self._failures.pop(what, None)

    def is_given_up(self, what: Hashable) -> bool:
        """Whether `what` has failed too often to be tried again."""
        return self._failures[what] >= MOST

    def tread_softly(self, where: Hashable, until: int) -> None:
        """From now on go one by one there, up to that number."""
        self._shaky[where] = until

    def is_shaky(self, where: Hashable, number: int) -> bool:
        """Whether to go one by one there."""
        return number <= self._shaky.get(where, 0)
