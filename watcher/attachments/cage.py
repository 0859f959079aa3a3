"""The daemon's Opener: caged child processes look into attachments, and may die of it."""

from __future__ import annotations

import hashlib
import logging
import os
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
from watcher.attachments.contents import is_heavy
from watcher.attachments.limits import Limits
from watcher.kinds import extension, kind
from watcher.model import Opened, Opening

_log = logging.getLogger(__name__)

LONGEST_LIFE = 20.0
"""Seconds of work after which a child is replaced: well before it would be killed for the CPU time it has used."""

_START = "import gc, sys; gc.disable(); sys.path += sys.argv[1:-2]; from watcher.attachments.child import main; main()"
"""Isolated, and without `site`, the child finds this package wherever it is installed, and nothing else before it.

While it loads there is no garbage: looking for some would take a tenth of the time for which a mail waits.
"""

_LIBARCHIVE = "LIBARCHIVE"
"""The variable by which Python's binding is told the library; without it, it would ask outside programs."""
_SONAME = "libarchive.so.13"  # since 2013

_PATIENCE = 20.0
"""Seconds that a child may take to start: many, for a machine that is only just waking up."""


class Cage:
    """Looks into attachments in child processes that have no abilities left but to compute and to answer.

    There are two kinds. The light child lists what archives hold, and reads documents and pages. The heavy one, which
    takes a multiple of the time to start, does the same and reads pictures and PDF besides; it is asked for those, and
    for whatever the light one has found them in. Each is started when first needed, serves one attachment after the
    other, and ends when it has had nothing to do for a while. May be used by several threads, which wait for each
    other.

    Args:
        idle: how long a child waits for something to do.
        limits: how far attachments are looked into; the time is that of each child.
        command: what to start instead of our own child, for instance the same in a further sandbox. The kind of child
            is appended to it.
        one: whether the heavy child is to do all, which takes less where many attachments are opened anyway.
    """

    def __init__(
        self,
        idle: timedelta = timedelta(seconds=30),
        limits: Limits | None = None,
        command: Sequence[str] = (),
        *,
        one: bool = False,
    ) -> None:
        self._limits = limits or Limits()
        command = command or default_command(idle)
        self._heavy = _Place([*command, frames.HEAVY], idle)
        self._light = self._heavy if one else _Place([*command, frames.LIGHT], idle)

    @property
    def pid(self) -> int | None:
        """The process id of the light child, while there is one."""
        return self._light.pid

    @property
    def heavy_pid(self) -> int | None:
        """The process id of the heavy child, while there is one."""
        return self._heavy.pid

    def prepare(self, filename: str = "") -> None:
        """Start the child that a file of this name will need, and do not wait for it.

        Meant for the time in which the attachment is still being fetched. Never raises.
        """
        self._place(filename, b"").prepare()

    def open(self, filename: str, content: bytes) -> Opening:
        """See `ports.Opener.open`.

        An attachment over which a child dies, is silent for `Limits.seconds` or talks nonsense is BROKEN: that is
        evidence. It is NOT_YET opened only when no child could be started, which is no fault of the attachment, or when
        it is a container that nothing reads.
        """
        opening = self._look(filename, content)
        return replace(opening, sha256=hashlib.sha256(content).hexdigest())

    def close(self) -> None:
        """End the children, if there are any. The next use starts others."""
        self._light.close()
        self._heavy.close()

    def _place(self, filename: str, content: bytes) -> _Place:
        what = kind(filename, content)
        is_picture_or_pdf = is_heavy(what, content) or (not content and extension(filename) == "pdf")
        return self._heavy if is_picture_or_pdf else self._light

    def _look(self, filename: str, content: bytes) -> Opening:
        try:
            opening, has_skipped = self._place(filename, content).ask(filename, content, self._limits)
        except _FailedError as failure:
            return Opening(failure.state, kind(filename, content))
        if not has_skipped:
            return opening
        try:
            return self._heavy.ask(filename, content, self._limits)[0]
        except _FailedError as failure:  # what the light child has found is true all the same
            return replace(opening, state=failure.state if opening.state is Opened.OPENED else opening.state)


def default_command(idle: timedelta) -> list[str]:
    """How a child is started: by our own interpreter, shut off from its surroundings, from where this package is."""
    rooms = [str(Path(watcher.__file__).resolve().parent.parent), *(each for each in sys.path if _is_installed(each))]
    return [sys.executable, "-I", "-S", "-c", _START, *dict.fromkeys(rooms), str(idle.total_seconds())]


def _is_installed(path: str) -> bool:
    return path.endswith("-packages")  # site-packages, or Debian's dist-packages


class _FailedError(Exception):
    """There is no answer, and this is what has become of the attachment."""

    def __init__(self, state: Opened) -> None:
        super().__init__(state.value)
        self.state = state


class _Place:
    """Where one kind of child is kept."""

    def __init__(self, command: Sequence[str], idle: timedelta) -> None:
        self._command = command
        self._idle = idle.total_seconds()
        self._lock = threading.Lock()
        self._child: _Child | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the child, while there is one."""
        child = self._child
        return child.process.pid if child and child.is_alive else None

    def prepare(self) -> None:
        """Start a child if there is none, without waiting for it; not while another is being asked."""
        if self._lock.locked():
            return
        with self._lock:  # not by `acquire`: Ctrl-C just after it would leave the lock closed for ever
            try:
                self._usable_child()
            except OSError as error:
                _log.warning("the child that opens attachments could not be started: %s", error)

    def ask(self, filename: str, content: bytes, limits: Limits) -> tuple[Opening, bool]:
        """What the child says, and whether it has skipped something. Raises _FailedError."""
        with self._lock:
            return self._ask(filename, content, limits)

    def close(self) -> None:
        """End the child, if there is one."""
        with self._lock:
            self._end()

    def _ask(self, filename: str, content: bytes, limits: Limits) -> tuple[Opening, bool]:
        try:
            child = self._usable_child()
            child.wait_until_caged()
        except OSError as error:
            _log.warning("the child that opens attachments could not be started: %s", error)
            self._end()
            raise _FailedError(Opened.NOT_YET) from error
        try:
            return child.ask(filename, content, limits)
        except (OSError, ValueError) as error:
            _log.info("an attachment could not be opened: %s", error)
            self._end()
            raise _FailedError(Opened.BROKEN) from error

    def _usable_child(self) -> _Child:
        # Half of its time, so that it never ends of its own accord while something is on its way to it.
        if self._child and not self._child.is_usable(self._idle / 2):
            self._end()
        self._child = self._child or _Child(self._command)
        return self._child

    def _end(self) -> None:
        if self._child:
            self._child.end()
        self._child = None


class _Child:
    """One child process, from its start to its end."""

    def __init__(self, command: Sequence[str]) -> None:
        """Start it. Raises OSError if that fails."""
        self._worked = 0.0
        self._is_caged = False
        self._used_at = time.monotonic()
        self._socket, its = socket.socketpair()
        try:
            with its:
                self.process = _start(command, its.fileno())
        except OSError:
            self._socket.close()
            raise
        # A thread that lives as long as the child waits for its end, so that it never stays behind as a zombie.
        self._waiter = threading.Thread(target=self.process.wait, name=f"attachments {self.process.pid}", daemon=True)
        self._waiter.start()

    def wait_until_caged(self) -> None:
        """Wait for what it says first. Raises OSError if that does not come."""
        if self._is_caged:
            return
        if self._receive(len(frames.READY), self._used_at + _PATIENCE) != frames.READY:
            raise ConnectionError("not our child")
        self._is_caged = True
        self._used_at = time.monotonic()

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended yet."""
        return self._waiter.is_alive()

    def is_usable(self, unused: float) -> bool:
        """Whether it waits in silence, is not worn out, and has been used within the last `unused` seconds."""
        if self._worked > LONGEST_LIFE or time.monotonic() - self._used_at > unused:
            return False
        if not self._is_caged:
            return self.is_alive
        self._socket.setblocking(False)
        try:
            self._socket.recv(1)  # its end, or something that nobody asked for
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def ask(self, filename: str, content: bytes, limits: Limits) -> tuple[Opening, bool]:
        """What the child says of an attachment, and whether it has skipped something.

        Raises OSError or ValueError, after which it has to be ended.
        """
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
        env=_environment(),
        start_new_session=True,  # Ctrl-C is meant for the daemon, which will end it
    )


def _environment() -> dict[str, str]:
    library = os.environ.get(_LIBARCHIVE) or (_SONAME if sys.platform == "linux" else "")
    return {_LIBARCHIVE: library} if library else {}
