"""Whose turn it is: a small crew attends to the accounts, each of them by one thread at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial

from watcher.daemon.crew import Crew, Size
from watcher.daemon.waiter import Waiter
from watcher.daemon.watch import Health, Watch


class Turns:
    """Gives each account a turn when it is asked for, and lets it rest in between.

    Args:
        waiter: waits for the accounts that rest on a connection.
        rest: told after each turn: asks for another one after the pause, if there is one; the same account's former
            wish is replaced.
        size: how many accounts are attended to at the same time.
    """

    def __init__(self, waiter: Waiter, rest: Callable[[Watch, timedelta | None], None], size: Size) -> None:
        self._waiter = waiter
        self._rest = rest
        self._crew = Crew(size)
        self._lock = threading.Lock()
        self._busy: set[Watch] = set()
        self._again: set[Watch] = set()
        self._resting_on: dict[Watch, tuple[int, Callable[[], None]]] = {}
        """Each one's descriptor, and what is called when it stirs."""
        self._closed = False

    def request(self, watch: Watch, *, stirred: bool = False) -> None:
        """Give the account a turn as soon as may be; during a turn, another one after it.

        Args:
            watch: the account.
            stirred: its connection is why.
        """
        with self._lock:
            if self._closed:
                return
            if watch in self._busy:
                self._again.add(watch)
                return
            self._busy.add(watch)
            if resting := self._resting_on.pop(watch, None):
                self._waiter.forget(*resting)
            away = watch.standing.health is Health.AWAY
            self._crew.submit(partial(self._attend, watch, stirred=stirred), doubtful=away)

    def probe(self, watches: Iterable[Watch]) -> None:
        """Ask those that rest on a connection for a sign of life; where the last one is owed, a turn finds out why.

        Nobody waits for an answer, so that any number of dead connections is noticed in the same time.
        """
        with self._lock:
            owing = [watch for watch in watches if watch in self._resting_on and not watch.probe()]
        for watch in owing:
            self.request(watch)

    def close(self) -> None:
        """Let the turns that have begun come to their end, and begin no more."""
        with self._lock:
            self._closed = True
        self._crew.close()

    def _attend(self, watch: Watch, *, stirred: bool) -> None:
        rest = watch.attend(stirred=stirred)
        with self._lock:
            self._busy.discard(watch)
            again = watch in self._again
            self._again.discard(watch)
            if not again and rest.waiting_on is not None:
                self._rest_on(watch, rest.waiting_on)
        self._rest(watch, None if again else rest.pause)
        if again:
            self.request(watch)

    def _rest_on(self, watch: Watch, descriptor: int) -> None:
        """Under the lock: another turn would let go of a descriptor that is not watched yet, and it of another's."""
        self._resting_on[watch] = descriptor, partial(self._stirred, watch, descriptor)
        self._waiter.watch(*self._resting_on[watch])

    def _stirred(self, watch: Watch, descriptor: int) -> None:
        """In the waiter's thread: a sign of life takes no turn, or a thousand of them would hold up the mail of one."""
        with self._lock:
            if self._resting_on.get(watch, (None,))[0] == descriptor and watch.hear():
                self._rest_on(watch, descriptor)
                return
        self.request(watch, stirred=True)
