"""The daemon's Opener: a caged child process looks into attachments, and may die of it."""

from __future__ import annotations

import hashlib
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import watcher
from watcher.attachments import frames
from watcher.attachments.limits import Limits
from watcher.kinds import kind
from watcher.model import Opened, Opening

_log = logging.getLogger(__name__)

LONGEST_LIFE = 20.0
"""Seconds of work after which a child is replaced: well before it would be killed for the CPU time it has used."""

_START = "import sys; sys.path.append(sys.argv[1]); from watcher.attachments.child import main; main()"
"""Isolated, and without `site`, the child finds this package wherever it is installed, and nothing else before it."""

_PATIENCE = 20.0
"""Seconds that a child may take to start: many, for a machine that is only just waking up."""


class Cage:
    """Looks into attachments in a child process that has no abilities left but to compute and to answer.

    The child is started when first needed, serves one attachment after the other, and ends when it has had nothing to
    do for a while. May be used by several threads, which wait for each other.

    Args:
        idle: how long the child waits for something to do.
        limits: how far attachments are looked into.
        command: what to start instead of our own child, for instance the same in a further sandbox.
    """

    def __init__(
        self, idle: timedelta = timedelta(seconds=30), limits: Limits | None = None, command: Sequence[str] = ()
    ) -> None:
        self._idle = idle
        self._limits = limits or Limits()
        self._command = command or default_command(idle)
        self._lock = threading.Lock()
        self._child: _Child | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the child, while there is one."""
        child = self._child
        return child.process.pid if child and child.is_alive else None

    def open(self, filename: str, content: bytes) -> Opening:
        """See `ports.Opener.open`.

        An attachment over which the child dies, is silent for `Limits.seconds` or talks nonsense is BROKEN: that is
        evidence. It is NOT_YET opened only when no child could be started, which is no fault of the attachment.
        """
        with self._lock:
            opening = self._ask(filename, content)
        return replace(opening, sha256=hashlib.sha256(content).hexdigest())

    def close(self) -> None:
        """End the child, if there is one. The next use starts another."""
        with self._lock:
            self._end()

    def _ask(self, filename: str, content: bytes) -> Opening:
        try:
            child = self._usable_child()
        except OSError as error:
            _log.warning("the child that opens attachments could not be started: %s", error)
            return Opening(Opened.NOT_YET, kind(filename, content))
        try:
            return child.ask(filename, content, self._limits)
        except (OSError, ValueError) as error:
            _log.info("an attachment could not be opened: %s", error)
            self._end()
            return Opening(Opened.BROKEN, kind(filename, content))

    def _usable_child(self) -> _Child:
        # Half of its time, so that it never ends of its own accord while something is on its way to it.
        if self._child and not self._child.is_usable(self._idle.total_seconds() / 2):
            self._end()
        self._child = self._child or _Child(self._command)
        return self._child

    def _end(self) -> None:
        if self._child:
            self._child.end()
        self._child = None


def default_command(idle: timedelta) -> list[str]:
    """How the child is started: by our own interpreter, shut off from its surroundings, from where this package is."""
    room = Path(watcher.__file__).resolve().parent.parent
    return [sys.executable, "-I", "-S", "-B", "-c", _START, str(room), str(idle.total_seconds())]


class _Child:
    """One child process, from its start to its end."""

    def __init__(self, command: Sequence[str]) -> None:
        """Start it and wait until it is caged. Raises OSError if that fails."""
        self._worked = 0.0
        self._used_at = time.monotonic()
        self._socket, its = socket.socketpair()
        with its:
            self.process = _start(command, its.fileno())
        # A thread that lives as long as the child waits for its end, so that it never stays behind as a zombie.
        self._waiter = threading.Thread(target=self.process.wait, name=f"attachments {self.process.pid}", daemon=True)
        self._waiter.start()
        try:
            if self._receive(len(frames.READY), self._used_at + _PATIENCE) != frames.READY:
                raise ConnectionError("not our child")
        except OSError:
            self.end()
            raise

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended yet."""
        return self._waiter.is_alive()

    def is_usable(self, unused: float) -> bool:
        """Whether it waits in silence, is not worn out, and has been used within the last `unused` seconds."""
        if self._worked > LONGEST_LIFE or time.monotonic() - self._used_at > unused:
            return False
        self._socket.setblocking(False)
        try:
            self._socket.recv(1)  # its end, or something that nobody asked for
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def ask(self, filename: str, content: bytes, limits: Limits) -> Opening:
        """What the child says of an attachment. Raises OSError or ValueError, after which it has to be ended."""
        started = time.monotonic()
        deadline = started + limits.seconds
        self._send(frames.encode_question(filename, content, limits), deadline)
        self._send(content, deadline)
        answer = self._receive_answer(deadline)
        self._used_at = time.monotonic()
        self._worked += self._used_at - started
        return frames.decode_answer(answer)

    def end(self) -> None:
        """Make sure that it has ended."""
        self._socket.close()
        self._waiter.join(0.2)  # it ends at the end of its input, unless it is busy
        self.process.kill()
        self._waiter.join()

    def _send(self, octets: bytes, deadline: float) -> None:
        self._socket.settimeout(_left(deadline))
        self._socket.sendall(octets)

    def _receive_answer(self, deadline: float) -> bytes:
        (length,) = frames.LENGTH.unpack(self._receive(frames.LENGTH.size, deadline))
        if length > frames.LONGEST_ANSWER:
            raise ValueError("the answer is too long")
        return self._receive(length, deadline)

    def _receive(self, length: int, deadline: float) -> bytes:
        received = bytearray()
        while len(received) < length:
            self._socket.settimeout(_left(deadline))
            chunk = self._socket.recv(min(length - len(received), 65_536))
            if not chunk:
                raise ConnectionError("the child has ended")
            received += chunk
        return bytes(received)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("no answer in time")
    return left


def _start(command: Sequence[str], channel: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own command, nothing from a mail
        command,
        stdin=channel,
        stdout=channel,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={},
        start_new_session=True,  # Ctrl-C is meant for the daemon, which will end it
    )
