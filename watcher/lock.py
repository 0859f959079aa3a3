"""One ledger, one daemon: the lock that only one process holds."""

from __future__ import annotations

import fcntl
import os
from gettext import gettext as _
from pathlib import Path

from watcher.errors import TransientError


class Lock:
    """An advisory lock on a file. Ends with the process, however that ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock, without waiting; whether it was free.

        Raises:
            TransientError: there is no room for the file, or none may be written now.
        """
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            words = _("{file} cannot be opened: {reason}")
            raise TransientError(words.format(file=self._path, reason=error.strerror)) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let go; does nothing when not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
