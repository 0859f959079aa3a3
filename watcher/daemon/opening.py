"""The ledger is opened before anybody is watched, whatever has become of it.

What cannot be noted must not be done. So a ledger that is locked, or on a full disk, is waited for: `status` is
answered meanwhile, and the watch begins by itself. One that is damaged, foreign or newer is put aside and a new one
begun, since mail is to be watched all the same.
"""

from __future__ import annotations

import logging
import os
import queue
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any, TypeVar

from watcher import report
from watcher.app import App
from watcher.daemon.control import ControlSocket
from watcher.daemon.service import Service
from watcher.daemon.waiter import Waiter
from watcher.errors import WatcherError
from watcher.store.aside import Aside, count_on, finish, last_number, lying_aside, put_aside
from watcher.store.ledger import Ledger, open_ledger
from watcher.store.unusable import Fault, UnusableError
from watcher.sweep import BEGUN_ANEW

_log = logging.getLogger(__name__)

Event = int | Ledger
"""A signal, or a ledger that was found damaged while it was used."""
Events = queue.SimpleQueue[Event]
ENDS = (signal.SIGTERM, signal.SIGINT)

_TOLD = "told that it was begun anew"
"""Under which a ledger keeps when the user was told so."""
_AGAIN = 10.0
"""Seconds between two attempts."""

T = TypeVar("T")


def open_for_watching(path: Path, damaged: Callable[[Ledger], None]) -> Ledger:
    """The ledger, or a new one where it had to be put aside. Only for whoever holds the daemon's lock.

    Args:
        path: where it is to be.
        damaged: called, from any thread, when it turns out later that it can be used no more.

    Raises:
        UserError: it can neither be opened nor put aside.
        TransientError: not now.
    """
    finish(path)
    try:
        return _open(path, damaged)
    except UnusableError as problem:
        _log.error("%s", problem)
        give_up(path, problem.fault)
        return _open(path, damaged)


def give_up(path: Path, fault: Fault) -> Aside:
    """Put the ledger aside, which nobody has open. Raises what `put_aside` raises."""
    aside = put_aside(path, fault, datetime.now(UTC))
    _log.warning(_("it is kept as %s; mail is watched with a new one"), aside.path)
    return aside


def tell_of_loss(app: App, path: Path) -> None:
    """Tell the user, once, that this ledger took the place of another."""
    store, asides = app.tools.store, lying_aside(path)
    if asides and store.moment(_TOLD) is None:
        lost = asides[-1]
        app.tools.teller.show(report.begun_anew(lost.fault.value, str(lost.path), app.language))
        store.set_moment(_TOLD, app.tools.clock())


def _open(path: Path, damaged: Callable[[Ledger], None]) -> Ledger:
    """The ledger, which knows, where there was another before it, that it cannot know what was in that."""
    asides = lying_aside(path)
    was_emptied = path.is_file() and not path.stat().st_size
    if asides:
        count_on(path, last_number(asides))
    store = open_ledger(path, damaged)
    if (asides or was_emptied) and store.moment(BEGUN_ANEW) is None:
        store.set_moment(BEGUN_ANEW, datetime.now(UTC))
    return store


def wait_for(work: Callable[[], T], hindrances: tuple[type[WatcherError], ...], events: Events, hall: Hall) -> T | None:
    """What `work` gives as soon as nothing is in its way; None where a signal ends the daemon meanwhile.

    Args:
        work: is tried again and again.
        hindrances: errors that are waited for to pass. They are logged once, and not at each attempt.
        events: signals are taken from here.
        hall: tells people what is waited for.
    """
    try:
        return work()
    except hindrances as problem:
        _log.warning(_("waiting: %s"), problem)
        told = str(problem)
    with hall.telling(told):
        while not _is_ended(events, hall.service):
            with suppress(*hindrances):
                return work()
    return None


def _is_ended(events: Events, service: Service) -> bool:
    """Wait a little; whether a signal has ended the daemon meanwhile. Any other is a reason to wait no longer."""
    try:
        return events.get(timeout=_AGAIN) in ENDS
    except queue.Empty:
        service.alive()
        return False


class Hall:
    """Where people are told what the daemon waits for, while nobody is watched.

    Args:
        service: the manager to report to.
        runtime_dir: for the control socket; None for none, as long as another daemon may have one there.
    """

    def __init__(self, service: Service, runtime_dir: Path | None) -> None:
        self.service = service
        self._runtime_dir = runtime_dir

    @contextmanager
    def telling(self, problem: str) -> Iterator[None]:
        """Answer whoever asks, for as long as the block lasts."""
        self.service.ready(problem)
        if self._runtime_dir is None:
            yield
            return
        with _answering(self._runtime_dir, {"pid": os.getpid(), "accounts": [], "problem": problem}):
            yield


@contextmanager
def _answering(runtime_dir: Path, answer: Mapping[str, Any]) -> Iterator[None]:
    """Give everybody who asks the same answer."""
    with closing(ControlSocket(runtime_dir, lambda _request: answer)) as control:
        waiter = Waiter()

        def serve() -> None:
            try:
                control.serve()
            finally:
                waiter.watch(control.fileno(), serve)

        waiter.start()
        waiter.watch(control.fileno(), serve)
        try:
            yield
        finally:
            waiter.stop()
