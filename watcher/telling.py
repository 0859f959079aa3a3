"""Telling the user what was found: at once, in one notice that grows while more arrives, or later where it is quiet."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from watcher import report
from watcher.model import Case, Choice, LessonKind, Notice
from watcher.ports import Clock, Notifier, Store

_TOGETHER = timedelta(minutes=2)
"""News that comes so soon after a notice was new is added to it, as long as none of its buttons was pressed."""

PAUSED = "paused until"
"""Under which the ledger keeps until when nothing is judged, moved or shown."""
LONGEST_PAUSE = timedelta(days=30)
"""Whoever wants more peace than that stops the service. A pause that has longer to go was begun by a wrong clock."""


def peace(store: Store, now: datetime) -> timedelta:
    """How long the user still wants peace; nothing where he wants none."""
    until = store.moment(PAUSED)
    left = until - now if until else timedelta()
    return left if timedelta() < left <= LONGEST_PAUSE else timedelta()


@dataclass(frozen=True, slots=True)
class Manners:
    """How the user wants to be told."""

    language: str = "en"
    detail: str = "full"
    quiet: tuple[time, time] | None = None
    """From when to when, by the clock on the wall, nothing is shown; what was found then is told afterwards."""

    def is_quiet(self, now: datetime) -> bool:
        """Whether nothing may be shown at this time, which is aware."""
        if self.quiet is None:
            return False
        begin, end = self.quiet
        local = now.astimezone().time()
        return begin <= local < end if begin <= end else local >= begin or local < end


class Teller:
    """Tells the user, for all accounts together. May be used from any thread."""

    def __init__(self, store: Store, notifier: Notifier, clock: Clock, manners: Manners | None = None) -> None:
        self.manners = manners or Manners()
        self._store = store
        self._notifier = notifier
        self._clock = clock
        self._lock = threading.Lock()
        self._told: tuple[Case, ...] = ()
        """What the newest notice is about."""
        self._token = ""
        self._begun_at: datetime | None = None
        self._waiting: list[Notice] = []

    def tell(self, account: str) -> None:
        """Tell of what was found in the account and has not been told yet, unless it is quiet now."""
        with self._lock:
            now = self._clock()
            if self._is_quiet(now):
                return
            if news := self._store.untold(account):
                self._tell(news, now)
            self._tell_restraints(now)
            self._show_waiting()

    def show(self, notice: Notice) -> None:
        """Show another notice, now or, where that cannot be, with the next news."""
        with self._lock:
            self._waiting.append(notice)
            self._show_waiting()

    def show_now(self, notice: Notice) -> None:
        """Show a notice that the user has just asked for, quiet or not."""
        self._notifier.show(notice)

    def listen(self, pressed: Callable[[str, Choice], None]) -> None:
        """Call `pressed(token, choice)` for each press of a button, from a thread of its own, until closed."""
        self._notifier.listen(pressed)

    def close(self) -> None:
        """Stop listening."""
        self._notifier.close()

    def answered(self, token: str) -> None:
        """A button of that notice was pressed: what is found from now on gets another one."""
        with self._lock:
            if token == self._token:
                self._told, self._token, self._begun_at = (), "", None

    def _show_waiting(self) -> None:
        if not self._is_quiet(self._clock()):
            self._waiting = [notice for notice in self._waiting if not self._notifier.show(notice)]

    def _is_quiet(self, now: datetime) -> bool:
        """Whether it is quiet, or the user wants some peace."""
        return self.manners.is_quiet(now) or bool(peace(self._store, now))

    def _tell_restraints(self, now: datetime) -> None:
        """Tell of each detector that was turned down, once; what has been told stands in the ledger."""
        for lesson in self._store.lessons():
            name = f"told lesson {lesson.id}"
            if lesson.kind is not LessonKind.RESTRAINT or self._store.moment(name):
                continue
            if self._notifier.show(report.restraint(lesson, self.manners.language)):
                self._store.set_moment(name, now)

    def _tell(self, news: Sequence[Case], now: datetime) -> None:
        # Without buttons it is a log, or something like it: there each line is said once.
        recent = self._begun_at is not None and abs(now - self._begun_at) < _TOGETHER and self._notifier.buttons()
        cases = (*self._told, *news) if recent else tuple(news)
        notice = report.notice(cases, self.manners.language, self.manners.detail)
        if self._notifier.show(replace(notice, replaces=self._token if recent else "")):
            self._store.set_notified([case.id for case in news])
            self._told, self._token = cases, notice.token
            self._begun_at = self._begun_at if recent else now
