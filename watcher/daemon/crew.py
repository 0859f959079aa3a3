"""The threads that turns are taken in: a few, and one more for each turn that takes long.

A turn takes a few milliseconds of this machine, and a few threads do for a thousand accounts; but a server that is
mute in the middle of a command keeps its thread for as long as it may. Those are not counted, or a handful of them
would keep all other accounts waiting. Since there is an end to threads, work of which little is to be hoped never takes
all of them, and stands in a queue of its own.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Size:
    """Of a crew."""

    few: int
    """Turns that are taken at the same time, those that take long not counted."""
    most: int
    """Turns that are taken at the same time, all in all."""
    long: float = 1.0
    """Seconds after which a turn takes long."""


class Crew:
    """Does work in threads of its own, first come first served. There are no more threads than it takes."""

    def __init__(self, size: Size) -> None:
        self._size = size
        self._changed = threading.Condition()
        self._work: deque[Callable[[], None]] = deque()
        self._doubtful: deque[Callable[[], None]] = deque()
        self._doubting: set[threading.Thread] = set()
        """Those that are at something doubtful."""
        self._begun: dict[threading.Thread, float] = {}
        """When each thread that works has begun, by `time.monotonic`."""
        self._threads: set[threading.Thread] = set()
        self._closed = False

    def submit(self, work: Callable[[], None], *, doubtful: bool = False) -> None:
        """Have that done as soon as may be; never once this was closed.

        Args:
            work: what it raises is logged.
            doubtful: whether it is likely to take long and lead to nothing; a few threads are always kept from it.
        """
        with self._changed:
            if not self._closed:
                (self._doubtful if doubtful else self._work).append(work)
                self._call_one()

    def close(self) -> None:
        """Let what has begun come to its end, and begin no more."""
        with self._changed:
            self._closed = True
            self._work.clear()
            self._doubtful.clear()
            self._changed.notify_all()
            threads = list(self._threads)
        for thread in threads:
            thread.join()

    def _call_one(self) -> None:
        """See to it that somebody looks for work: whoever waits, or one more, who will wait until there is room."""
        if not self._may_begin():
            return
        if len(self._threads) > len(self._begun):
            self._changed.notify()
        elif len(self._threads) < self._size.most:
            self._add_one()

    def _add_one(self) -> None:
        thread = threading.Thread(target=self._run, name="turn", daemon=True)
        self._threads.add(thread)
        try:
            thread.start()
        except RuntimeError:  # the system allows no more: those that there are see to it later
            self._threads.discard(thread)
            if not self._threads:
                raise

    def _run(self) -> None:
        while (work := self._take()) is not None:
            try:
                work()
            except Exception:  # noqa: BLE001 - one account's bug is not the end of the others' turns
                _log.exception("a bug in a turn")

    def _take(self) -> Callable[[], None] | None:
        """The next work, once there is some and room for it; None where this thread is not needed any more."""
        me = threading.current_thread()
        with self._changed:
            self._begun.pop(me, None)
            self._doubting.discard(me)
            while not self._is_spare():
                pause = self._until_room() if self._may_begin() else None
                if pause == 0:
                    return self._begin(me)
                self._changed.wait(pause)
            self._threads.discard(me)
            return None

    def _begin(self, me: threading.Thread) -> Callable[[], None]:
        """Take what has waited longest; somebody else is to look for the rest."""
        self._begun[me] = time.monotonic()
        if not self._work:
            self._doubting.add(me)
        work = (self._work or self._doubtful).popleft()
        self._call_one()
        return work

    def _may_begin(self) -> bool:
        """Whether there is work, and not only such as enough threads are at already."""
        return bool(self._work or (self._doubtful and len(self._doubting) < self._size.most - self._size.few))

    def _is_spare(self) -> bool:
        return self._closed or (not self._may_begin() and len(self._threads) > self._size.few)

    def _until_room(self) -> float:
        """Seconds until one more may work: at once, or when the next of those that do takes long."""
        now = time.monotonic()
        quick = [at for at in self._begun.values() if now - at < self._size.long]
        return 0.0 if len(quick) < self._size.few else max(0.0, min(quick) + self._size.long - now)
