"""Waiting for mail by IDLE (RFC 2177), without ever blocking and without missing a word.

imapclient's own `idle_check` loses half lines, sleeps on what arrived together with the server's "+", and cannot
tell silence from a closed connection. So between "IDLE" and the answer to "DONE" nothing else reads: the socket is
read here, by lines of our own.
"""

from __future__ import annotations

import math
import re
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from gettext import gettext as _

from watcher.errors import TransientError

TAG = b"IDLE"
"""No tag of imaplib's, which has four letters and a number: it never sees the answer."""

LONGEST_LINE = 1 << 20
"""Octets without an end of line after which it is no IMAP server that speaks."""

MOST_NEWS = 8 << 20
"""Octets that are read at one look: more than it takes to tell of all mail in a large folder that was just read."""

_MOST_OF_A_SIGN = 1 << 16
"""Octets in which a sign of life has to come: whoever says more would keep the thread busy that hears all others."""

_NEWS = re.compile(rb"\* [1-9][0-9]* (?:EXISTS|RECENT)\s*$", re.IGNORECASE)
_BYE = re.compile(rb"\* BYE\b", re.IGNORECASE)
_DONE = re.compile(rb"IDLE (OK|NO|BAD)\b", re.IGNORECASE)


class Idle:
    """One IDLE command, from its start to its end.

    Args:
        stream: the connection's socket, with or without TLS, which nobody else reads meanwhile.
        leftover: what was read from it before and handed to nobody.
        timeout: seconds that the server has for "+" and for its answer to "DONE".

    Every method raises TransientError when the connection is gone.
    """

    def __init__(self, stream: socket.socket, leftover: bytes, timeout: float) -> None:
        self._stream = stream
        self._buffer = bytearray(leftover)
        self._timeout = timeout
        self._news = False
        self._answer = b""
        self._due = math.inf
        """By when the answer to "DONE", or to the next "IDLE", has to be there; not before that was said."""
        self._heard = 0
        """Octets since "DONE" was said."""
        self._begun: bool | None = None
        """Whether the next IDLE has begun, from when it was asked for until that was told."""

    def start(self) -> bool:
        """Ask for IDLE, and wait for the server's "+". False: it refuses."""
        self._send(TAG + b" IDLE\r\n")
        return self._await(b"+", time.monotonic() + self._timeout)

    def check(self) -> bool:
        """Whether there may be new mail since the last look: all that has been said by now, read without blocking."""
        self._hear_arrived()
        if self._answer and self._due == math.inf:
            raise TransientError(_("The server ended IDLE of its own accord."))
        return self._take_news()

    def ask(self) -> bool:
        """Say "DONE" without waiting for the answer, which is a sign of life. False: it was said before."""
        if self._due < math.inf:
            return False
        self._due, self._heard = time.monotonic() + self._timeout, 0
        self._send(b"DONE\r\n")
        return True

    def renew(self) -> bool | None:
        """Go on after `ask`, without blocking: "IDLE" once "DONE" is answered, and nothing more once that has begun.

        None: an answer is still owed. Otherwise whether there may be new mail, IDLE was refused, or the server talks
        more than a sign of life takes: `end` is due then.
        """
        self._heard += self._hear_arrived()
        if self._heard > _MOST_OF_A_SIGN or self._news or (self._begun is False and self._answer):
            return True
        if self._begun:
            self._begun, self._due = None, math.inf
            return False
        if self._answer:
            self._answer, self._begun = b"", False
            self._due = time.monotonic() + self._timeout
            self._send(TAG + b" IDLE\r\n")
        return None

    def end(self) -> bool:
        """Say "DONE", if that has not been said, and hear the server out; whether there may be new mail.

        The time that it has for the answer began when "DONE" was said.
        """
        self._buffer += self._read(0)  # what came in time counts, however late it is heard
        deadline = self._due
        if self._begun is None or self._is_begun():
            self.ask()
            deadline = self._due
            if not self._answer:
                self._await(b"", deadline)
        while self._buffer:  # a line begun behind the answer is heard to its end, or imaplib would stumble over it
            self._hear_all()
            if self._buffer:
                self._wait(deadline)
        return self._take_news()

    def _is_begun(self) -> bool:
        """Hear out the answer to the next "IDLE", since "DONE" may be said only then; False: it is refused."""
        is_begun = self._begun or (not self._answer and self._await(b"+", self._due))
        self._begun, self._due = None, math.inf
        return is_begun

    def _await(self, continuation: bytes, deadline: float) -> bool:
        """Hear lines until the continuation (True) or the tagged answer (False), in time."""
        while True:
            for line in self._lines():
                if continuation and line.startswith(continuation):
                    return True
                self._hear(line)
                if self._answer:
                    return False
            self._wait(deadline)

    def _wait(self, deadline: float) -> None:
        """Read what comes next, until the deadline at most."""
        left = deadline - time.monotonic()
        chunk = self._read(left) if left > 0 else b""  # one who goes on talking is not waited for either
        if not chunk:
            raise TransientError(_("The server does not answer."))
        self._buffer += chunk

    def _lines(self) -> Iterator[bytes]:
        """Take complete lines out of the buffer, one by one; half a line stays."""
        while (end := self._buffer.find(b"\n") + 1) > 0:
            line = bytes(self._buffer[:end])
            del self._buffer[:end]
            yield line
        if len(self._buffer) > LONGEST_LINE:
            raise TransientError(_("The server talks without end."))

    def _hear_arrived(self) -> int:
        """Hear all that has been said by now, without blocking; how many octets that was."""
        octets = 0
        while chunk := self._read(0):
            self._buffer += chunk
            self._hear_all()
            octets += len(chunk)
            if octets > MOST_NEWS:
                raise TransientError(_("The server talks without end."))
        self._hear_all()
        return octets

    def _hear_all(self) -> None:
        for line in self._lines():
            self._hear(line)

    def _read(self, seconds: float) -> bytes:
        """What has arrived, waiting so long for it; nothing where nothing has."""
        try:
            self._stream.settimeout(seconds)
            chunk = self._stream.recv(1 << 16)
        except (BlockingIOError, TimeoutError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return b""
        except OSError as error:
            raise _gone(error) from error
        finally:
            self._restore()
        if not chunk:
            raise TransientError(_("The server closed the connection."))
        return chunk

    def _send(self, words: bytes) -> None:
        try:
            self._stream.sendall(words)
        except OSError as error:
            raise _gone(error) from error

    def _restore(self) -> None:
        with suppress(OSError):
            self._stream.settimeout(self._timeout)

    def _hear(self, line: bytes) -> None:
        if _BYE.match(line):
            raise TransientError(_("The server hung up."))
        if done := _DONE.match(line):
            self._answer = done.group(1)
        if self._begun is False and line.startswith(b"+"):
            self._begun = True
        self._news = self._news or bool(_NEWS.match(line))

    def _take_news(self) -> bool:
        news, self._news = self._news, False
        return news


def _gone(error: OSError) -> TransientError:
    return TransientError(_("The connection is gone ({reason}).").format(reason=type(error).__name__))
