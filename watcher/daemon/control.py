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
import signal
import socket
import struct
import time
from collections.abc import Callable, Mapping
from gettext import gettext as _
from pathlib import Path
from typing import Any

from watcher.errors import TransientError, UserError

NAME = "control"
_LONGEST = 64 * 1024
_PATIENCE = 5.0
"""Seconds that a side waits for the other's line."""

Answer = Callable[[str], Mapping[str, Any]]


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
        self._listener.listen(8)
        self._listener.setblocking(False)

    def fileno(self) -> int:
        """The descriptor to wait on."""
        return self._listener.fileno()

    def serve(self) -> None:
        """Answer one caller, within `_PATIENCE`. Never raises because of what the caller does."""
        with contextlib.suppress(OSError, ValueError):
            caller, _address = self._listener.accept()
            with caller:
                if _is_own(caller):
                    answer = json.dumps(self._answer(_read_line(caller)))
                    caller.settimeout(_PATIENCE)
                    caller.sendall(answer.encode() + b"\n")

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()
        self._path.unlink(missing_ok=True)


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
