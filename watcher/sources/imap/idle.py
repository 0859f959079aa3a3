"""Waiting for mail by IDLE (RFC 2177), without ever blocking and without missing a word.

imapclient's own `idle_check` loses half lines, sleeps on what arrived together with the server's "+", and cannot
tell silence from a closed connection. So between "IDLE" and the answer to "DONE" nothing else reads: the socket is
read here, by lines of our own.
"""

from __future__ import annotations

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

    def start(self) -> bool:
        """Ask for IDLE, and wait for the server's "+". False: it refuses."""
        self._send(TAG + b" IDLE\r\n")
        return self._await(b"+")

    def check(self) -> bool:
        """Whether there may be new mail since the last look: all that has been said by now, read without blocking."""
        while chunk := self._read(0):
            self._buffer += chunk
        for line in self._lines():
            self._hear(line)
        if self._answer:
            raise TransientError(_("The server ended IDLE of its own accord."))
        return self._take_news()

    def end(self) -> bool:
        """Say "DONE" and hear the server out; whether there may be new mail."""
        self._send(b"DONE\r\n")
        self._await(b"")
        deadline = time.monotonic() + self._timeout
        while self._buffer:  # a line begun behind the answer is heard to its end, or imaplib would stumble over it
            for line in self._lines():
                self._hear(line)
            if self._buffer:
                self._wait(deadline)
        return self._take_news()

    def _await(self, continuation: bytes) -> bool:
        """Hear lines until the continuation (True) or the tagged answer (False), in time."""
        deadline = time.monotonic() + self._timeout
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
        chunk = self._read(max(0.001, deadline - time.monotonic()))
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
        self._news = self._news or bool(_NEWS.match(line))

    def _take_news(self) -> bool:
        news, self._news = self._news, False
        return news


def _gone(error: OSError) -> TransientError:
    return TransientError(_("The connection is gone ({reason}).").format(reason=type(error).__name__))
