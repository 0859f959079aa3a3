"""How a command reaches the running daemon: one line over a socket that only its owner can open.

    wake     a decision waits in the ledger
    status   how the accounts stand

The answer is one line of JSON. Nothing is carried over the socket that would have to be believed: a decision is read
from the ledger.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from gettext import gettext as _
from pathlib import Path
from typing import Any

from watcher.errors import TransientError, UserError

NAME = "control"
_LONGEST = 64 * 1024
_PATIENCE = 5.0
"""Seconds that a side waits for the other's line."""
_MOST = 64
"""Callers who may be listened to at the same time: one more, and the first one is left."""
_QUEUE = 1024
"""Callers who may wait to be listened to: one more is turned away at once (unix(7))."""
_BRISK = 0.5
"""Seconds in which a caller has to take his answer, which nearly always finds room in the socket at once."""

Answer = Callable[[str], Mapping[str, Any]]


@dataclass(eq=False, slots=True)
class _Caller:
    """Somebody who has not said a whole line yet."""

    connection: socket.socket
    said: bytes = b""
    until: float = field(default_factory=lambda: time.monotonic() + _PATIENCE)

    def is_done(self, piece: bytes) -> bool:
        """Whether with this piece he has said all that he will ever say, or may."""
        self.said += piece
        return not piece or piece.endswith(b"\n") or len(self.said) >= _LONGEST


class ControlSocket:
    """The daemon's end.

    Args:
        directory: private to the user; made if missing.
        answer: gives the answer to a request's word.

    Raises:
        UserError: there can be no socket, for instance because its path is too long.
    """

    def __init__(self, directory: Path, answer: Answer) -> None:
        self._path = directory / NAME
        self._answer = answer
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)  # of a daemon that was killed: the lock says that none runs
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        try:
            self._listener.bind(str(self._path))
        except OSError as problem:
            self._listener.close()
            words = _("{folder} cannot be used: {reason}")
            raise UserError(words.format(folder=directory, reason=problem.strerror or problem)) from problem
        self._path.chmod(0o600)
        self._listener.listen(_QUEUE)
        self._listener.setblocking(False)
        self._callers: list[_Caller] = []
        self._ready = selectors.DefaultSelector()
        self._ready.register(self._listener, selectors.EVENT_READ)

    def fileno(self) -> int:
        """The descriptor to wait on: it stands for all callers."""
        return self._ready.fileno()

    def serve(self) -> None:
        """Listen to those who say something, and answer who has said a line. Waits for nobody, whatever callers do."""
        for key, _events in self._ready.select(0):
            if key.fileobj is self._listener:
                self._accept()
            else:
                self._hear(key.data)

    def close(self) -> None:
        """Stop listening."""
        for caller in self._callers.copy():
            self._leave(caller)
        self._ready.close()
        self._listener.close()
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # no more callers
            for _turn in range(_MOST):
                caller = _Caller(self._listener.accept()[0])
                caller.connection.setblocking(False)
                self._callers.append(caller)
                self._ready.register(caller.connection, selectors.EVENT_READ, caller)
                if not _is_own(caller.connection):
                    self._leave(caller)
                elif len(self._callers) > _MOST:
                    self._leave(self._callers[0])

    def _hear(self, caller: _Caller) -> None:
        if caller not in self._callers:  # left a moment ago, for another one
            return
        try:
            is_done = caller.is_done(caller.connection.recv(4096))
        except OSError:
            self._leave(caller)
            return
        try:
            if is_done:
                self._reply(caller)
        finally:
            if is_done or time.monotonic() > caller.until:
                self._leave(caller)

    def _reply(self, caller: _Caller) -> None:
        try:
            request = caller.said.decode("utf-8").strip()
        except UnicodeDecodeError:
            return
        answer = json.dumps(self._answer(request)).encode() + b"\n"
        with contextlib.suppress(OSError):
            caller.connection.settimeout(_BRISK)
            caller.connection.sendall(answer)

    def _leave(self, caller: _Caller) -> None:
        self._callers.remove(caller)
        self._ready.unregister(caller.connection)
        caller.connection.close()


def ask(directory: Path, request: str) -> dict[str, Any]:
    """A command's end: send one word to the daemon and return its answer.

    Raises:
        TransientError: no daemon answers.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC) as daemon:
        daemon.settimeout(_PATIENCE)
        try:
            daemon.connect(str(directory / NAME))
            daemon.sendall(request.encode() + b"\n")
            answer: dict[str, Any] = json.loads(_read_line(daemon))
        except (OSError, ValueError) as problem:
            raise TransientError(_("Watcher does not answer: {reason}").format(reason=problem)) from None
        return answer


def reread(directory: Path) -> bool:
    """Have a running daemon read its configuration again, however it was started; whether one runs."""
    try:
        os.kill(ask(directory, "status")["pid"], signal.SIGHUP)
    except (TransientError, ProcessLookupError, KeyError):
        return False
    return True


def _is_own(caller: socket.socket) -> bool:
    """Whether the caller runs as the same user (SO_PEERCRED); true where the system cannot tell: the mode decides."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    credentials = caller.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _process, user, _group = struct.unpack("3i", credentials)
    return bool(user == os.getuid())


def _read_line(peer: socket.socket) -> str:
    """A whole line, or what there was of it. Raises TimeoutError when it takes too long, however slowly it trickles."""
    line = b""
    deadline = time.monotonic() + _PATIENCE
    while not line.endswith(b"\n") and len(line) < _LONGEST:
        peer.settimeout(max(deadline - time.monotonic(), 0.001))
        piece = peer.recv(4096)
        if not piece:
            break
        line += piece
    return line.decode("utf-8").strip()
