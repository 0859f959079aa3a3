"""`watcher run`: from the configuration to the last signal."""

from __future__ import annotations

import logging
import queue
import signal
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from gettext import gettext as _
from pathlib import Path
from types import FrameType
from typing import TypeVar

from watcher import app as house
from watcher import descriptors, paths
from watcher.app import App
from watcher.daemon.memory import give_back
from watcher.daemon.opening import ENDS, Events, Hall, give_up, open_for_watching, tell_of_loss, wait_for
from watcher.daemon.service import Service
from watcher.daemon.session import Session, Times
from watcher.daemon.watch import Watch
from watcher.errors import TransientError, UserError, WatcherError
from watcher.lock import Lock
from watcher.settings import Settings, load
from watcher.store.ledger import Ledger, open_ledger
from watcher.store.unusable import Fault

_log = logging.getLogger(__name__)

T = TypeVar("T")


def serve(config: Path) -> None:
    """Watch until SIGTERM or SIGINT; SIGHUP reads the configuration again.

    Args:
        config: the configuration file.

    Raises:
        UserError: the configuration or a brand file cannot be read, or another daemon uses the ledger.
    """
    events = _catch_signals()
    settings = load(config)  # what a person has to mend there is told before anything is waited for
    daemon = Daemon(config, settings, events)
    lock = wait_for(take_lock, (TransientError,), events, Hall(Service(), None))
    if lock is not None:
        daemon.watch()
        lock.release()


class Daemon:
    """One process: sessions one after another, each with a configuration and a ledger.

    Args:
        config: the configuration file, which is read again when that is wanted.
        settings: what it says by now; kept for as long as what it says has problems.
        events: what makes it end, or begin another session.
    """

    def __init__(self, config: Path, settings: Settings, events: Events) -> None:
        self._config = config
        self._settings = settings
        self._events = events
        self._service = Service()
        self._runtime_dir = paths.runtime_dir()
        self._ledger = paths.ledger_file()

    def wait_for(self, work: Callable[[], T], hindrances: tuple[type[WatcherError], ...]) -> T | None:
        """See `opening.wait_for`."""
        return wait_for(work, hindrances, self._events, Hall(self._service, self._runtime_dir))

    def watch(self) -> None:
        """Watch until a signal ends it. Only for whoever holds the lock."""
        store = self._open()
        while store is not None:
            store = self._watch(store)
        self._service.stopping()

    def _open(self) -> Ledger | None:
        work = partial(open_for_watching, self._ledger, self._events.put)
        return self.wait_for(work, (TransientError, UserError))

    def _watch(self, store: Ledger) -> Ledger | None:
        """Watch with that ledger; another one where it turns out to be damaged, None where a signal ended it."""
        app, watches = prepare(self._settings, store)
        session = start(app, watches, self._service, self._runtime_dir)
        with suppress(WatcherError):  # what cannot be noted now is told at the next start
            tell_of_loss(app, self._ledger)
        while (event := self._events.get()) not in ENDS and event is not app.tools.store:
            if event == signal.SIGHUP:
                app, session = self._read_anew(app, session)
        session.end()
        with suppress(WatcherError):  # a damaged ledger may not even be closed without a word
            app.close()
        if event in ENDS:
            return None
        given_up = self.wait_for(partial(give_up, self._ledger, Fault.DAMAGED), (TransientError, UserError))
        return self._open() if given_up else None

    def _read_anew(self, app: App, session: Session) -> tuple[App, Session]:
        """What the configuration asks for by now; what there is where that has problems."""
        self._service.reloading()
        try:
            settings = load(self._config)
            following, watches = prepare(settings, open_ledger(self._ledger, self._events.put))
        except WatcherError as problem:
            _log.error(_("the configuration is kept as it was: %s"), problem)
            self._service.ready(_("the configuration has problems and is kept as it was; the log says which"))
            return app, session
        self._settings = settings
        session.end()
        with suppress(WatcherError):
            app.close()
        return following, start(following, watches, self._service, self._runtime_dir)


def prepare(settings: Settings, store: Ledger) -> tuple[App, Sequence[Watch]]:
    """The house that the configuration asks for, and its watches. Nobody watches yet: what was before may go on.

    Args:
        settings: the configuration.
        store: the ledger; closed where this fails.

    Raises:
        UserError: something that the configuration names cannot be read, or not be used.
    """
    with ExitStack() as undoing:
        undoing.callback(store.close)
        app = house.build(settings, house.Parts(store=store))
        undoing.callback(app.opener.close)
        watches = watch_all(app)
        undoing.pop_all()
    return app, watches


def watch_all(app: App) -> Sequence[Watch]:
    """One watch for each account, not begun yet. Raises UserError, for instance for a `ca_file` of no use."""
    return [Watch(pipeline, app.source(name), app.schedule) for name, pipeline in app.pipelines.items()]


def start(app: App, watches: Sequence[Watch], service: Service, runtime_dir: Path) -> Session:
    """A session of these watches, started."""
    give_back()
    settings = app.settings
    allow_descriptors(len(watches))
    times = Times(settings.watch.interval, settings.keep.cases, settings.keep.clean)
    session = Session(watches, app.tools, times, runtime_dir, service)
    session.start()
    give_back()
    return session


def allow_descriptors(accounts: int) -> None:
    """See to it that so many accounts may be connected at the same time; the log says where the system forbids it."""
    wanted, most = descriptors.needed(accounts), descriptors.most()
    descriptors.allow(wanted)
    if most is not None and most < wanted:
        _log.warning("%s (%s)", descriptors.too_few(accounts, most), descriptors.mend(wanted))


def take_lock() -> Lock:
    """The lock on this user's ledger.

    Raises:
        UserError: a daemon holds it.
        TransientError: it cannot be written now.
    """
    lock = Lock(paths.state_dir() / "lock")
    if not lock.acquire():
        raise UserError(_("Watcher is already running with this ledger: see “watcher status”."))
    return lock


def _catch_signals() -> Events:
    """The signals that arrive from now on, in order."""
    caught: Events = queue.SimpleQueue()

    def catch(number: int, _frame: FrameType | None) -> None:
        caught.put(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, catch)
    return caught
