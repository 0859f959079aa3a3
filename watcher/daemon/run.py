"""`watcher run`: from the configuration to the last signal."""

from __future__ import annotations

import logging
import queue
import signal
from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path
from types import FrameType

from watcher import app as house
from watcher import paths
from watcher.app import App
from watcher.daemon.memory import give_back
from watcher.daemon.service import Service
from watcher.daemon.session import Session, Times
from watcher.daemon.watch import Watch
from watcher.errors import UserError, WatcherError
from watcher.lock import Lock
from watcher.settings import load

_log = logging.getLogger(__name__)


def serve(config: Path) -> None:
    """Watch until SIGTERM or SIGINT; SIGHUP reads the configuration again.

    Args:
        config: the configuration file.

    Raises:
        UserError: the configuration, a brand file or the ledger cannot be read, or another daemon uses the ledger.
    """
    signals = _catch_signals()
    app, watches = prepare(config)
    lock = take_lock()
    service, runtime_dir = Service(), paths.runtime_dir()
    session = start(app, watches, service, runtime_dir)
    while signals.get() == signal.SIGHUP:
        service.reloading()
        try:
            following, watches = prepare(config)
        except WatcherError as problem:
            _log.error(_("the configuration is kept as it was: %s"), problem)
            service.ready(_("the configuration has problems and is kept as it was; the log says which"))
        else:
            session.end()
            app.close()
            app = following
            session = start(app, watches, service, runtime_dir)
    service.stopping()
    session.end()
    app.close()
    lock.release()


def prepare(config: Path) -> tuple[App, Sequence[Watch]]:
    """The house that the configuration asks for, and its watches. Nobody watches yet: what was before may go on.

    Raises:
        UserError: something that the configuration names cannot be read, or not be used.
    """
    app = house.build(load(config))
    try:
        return app, watch_all(app)
    except BaseException:
        app.close()
        raise


def watch_all(app: App) -> Sequence[Watch]:
    """One watch for each account, not begun yet. Raises UserError, for instance for a `ca_file` of no use."""
    return [Watch(pipeline, app.source(name), app.schedule) for name, pipeline in app.pipelines.items()]


def start(app: App, watches: Sequence[Watch], service: Service, runtime_dir: Path) -> Session:
    """A session of these watches, started."""
    give_back()
    settings = app.settings
    times = Times(settings.watch.interval, settings.keep.cases, settings.keep.clean)
    session = Session(watches, app.tools, times, runtime_dir, service)
    session.start()
    give_back()
    return session


def take_lock() -> Lock:
    """The lock on this user's ledger. Raises UserError where a daemon holds it."""
    lock = Lock(paths.state_dir() / "lock")
    if not lock.acquire():
        raise UserError(_("Watcher is already running with this ledger: see “watcher status”."))
    return lock


def _catch_signals() -> queue.SimpleQueue[int]:
    """The signals that arrive from now on, in order."""
    caught: queue.SimpleQueue[int] = queue.SimpleQueue()

    def catch(number: int, _frame: FrameType | None) -> None:
        caught.put(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, catch)
    return caught
