"""The ledger's file: who may read it, how it is opened, and what its faults mean."""

import errno
import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from gettext import gettext as _
from pathlib import Path

from watcher.errors import LedgerBusyError, UserError, WatcherError
from watcher.store import schema
from watcher.store.unusable import Fault, UnusableError

IN_TURN = "BEGIN IMMEDIATE"
"""Begins to write: waits for its turn here, and nowhere later."""

PATIENCE = 5.0
"""Seconds to wait for another process that is writing."""

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_FORBIDDEN = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
_NOT_NOW = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_INTERRUPT,
}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE}


@contextmanager
def wrapped(name: str, damaged: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Let no error of SQLite or of the file system out but as one of ours.

    Args:
        name: what people call the ledger.
        damaged: called where the file can be used no more.
    """
    try:
        yield
    except sqlite3.Error as error:
        translated = _translate(error, name)
        if isinstance(translated, UnusableError):
            damaged()
        raise translated from error
    except OSError as error:
        kind = LedgerBusyError if error.errno in _NO_ROOM else UserError
        raise kind(_("{file} cannot be opened: {reason}").format(file=name, reason=error.strerror)) from error


def _translate(error: sqlite3.Error, name: str) -> WatcherError:
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF  # https://www.sqlite.org/rescode.html
    if primary in _NOT_NOW:
        return LedgerBusyError(_hindrance(primary, error).format(file=name))
    if primary in _FORBIDDEN:
        return UserError(_("{file} cannot be opened: {reason}").format(file=name, reason=error))
    undecodable = code is None and isinstance(error, sqlite3.OperationalError)  # text that is not UTF-8
    if primary in _DAMAGED:
        return UnusableError(Fault.DAMAGED, name)
    return meaningless(name) if undecodable else WatcherError(f"{name}: {error}")


def _hindrance(code: int | None, error: sqlite3.Error) -> str:
    """What is in the way for now. `{file}` is left open in it."""
    if code == sqlite3.SQLITE_FULL:
        return _("{file} cannot be written, because the disk is full. Nothing is moved until there is room.")
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return _("{file} is locked by another program. Nothing is moved until it is free.")
    return "{file}: " + str(error).replace("{", "{{").replace("}", "}}")


def meaningless(name: str) -> UserError:
    """What to tell about a ledger in which somebody has written what means nothing: SQLite finds no fault with it."""
    words = _("{file} is damaged: somebody has changed it; it was left as it is. Move it away to begin anew.")
    return UserError(words.format(file=name))


def connect(path: Path, migrations: Sequence[schema.Migration] = schema.MIGRATIONS) -> sqlite3.Connection:
    """Open the ledger, after creating or migrating it if need be.

    Raises:
        UnusableError: foreign, newer or damaged. Then the file has not been changed.
        UserError: not ours to open.
        TransientError: busy, or the disk is full.
    """
    with wrapped(str(path)):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(path.parent):
            _create(path)
            if path.is_dir():
                raise UnusableError(Fault.FOREIGN, str(path))
            db = open_connection(str(path))
            try:
                schema.identify(db, str(path), migrations)
                path.chmod(0o600)
                db.execute("PRAGMA journal_mode = WAL")
                schema.migrate(db, str(path), migrations)
            except BaseException:
                db.close()
                raise
    return db


def _create(path: Path) -> None:
    """An empty file for its owner alone, where there is none yet; SQLite gives -wal and -shm the same mode.

    One that is there is not opened: closing it again would take away the locks that this process holds on it for
    another connection (fcntl(2), "Advisory record locking"), and somebody else would think himself its only user.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def open_connection(database: str) -> sqlite3.Connection:
    """A connection for any thread, without Python's own idea of when a transaction begins."""
    db = sqlite3.connect(database, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA synchronous = FULL")  # a commit is on disk when it returns, also under WAL
    return db


@contextmanager
def transaction(db: sqlite3.Connection, *begin: str) -> Iterator[sqlite3.Connection]:
    """One transaction, begun by these commands: all of it counts, or nothing."""
    for command in begin:
        db.execute(command)
    try:
        yield db
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk has ended it already
            db.execute("ROLLBACK")
        raise


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time: SQLite does not wait for its turn when a new file is switched to WAL."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
