"""The library's connection with bounds on each answer: imaplib would read as much as a server likes to send.

It keeps a buffer of its own in place of the file of imaplib, which differs from one version of Python to the next,
waits without end for one octet after another, and takes any size that a literal announces for true.
"""

from __future__ import annotations

import imaplib
import math
import time
from gettext import gettext as _
from typing import Any

from imapclient import IMAPClient
from imapclient.imap4 import IMAP4WithTimeout
from imapclient.tls import IMAP4_TLS

from watcher.errors import TransientError

LARGEST = 80 * 1024 * 1024
"""Octets of one answer: the largest mail that is handed out whole, and some more."""

LONGEST_LINE = 4 * 1024 * 1024
"""Octets of a line without a literal: the answer to a SEARCH that finds 500,000 mails."""

PATIENCE = 15
"""Times the connection's timeout, which is for each sign of life, until an answer must have come to its end."""

_LINE = 512
"""Octets that each line counts besides its own: memory is filled by many short ones as well."""

_CHUNK = 1 << 16


class _Bounded(imaplib.IMAP4):
    """Reads no more of an answer, and no longer, than is sane. Raises TransientError otherwise."""

    def __init__(self, *arguments: Any) -> None:
        self._buffer = bytearray()
        self._buffered_from: object = None
        self._octets_left = LARGEST
        self._due = math.inf
        super().__init__(*arguments)

    def begin(self) -> None:
        """From now on another answer is read."""
        self._octets_left = LARGEST
        self._due = math.inf

    def read(self, size: int) -> bytes:
        """So many octets; fewer where the connection ends before."""
        if size > self._octets_left:
            raise TransientError(_("The server talks without end."))
        self._octets_left -= size
        taken = [self._take(size)]
        missing = size - len(taken[0])
        while missing and self._receive():
            taken.append(self._take(missing))
            missing -= len(taken[-1])
        return b"".join(taken)

    def readline(self) -> bytes:
        """A line with its end; without one where the connection ends before."""
        self._check_buffer()
        searched = 0
        while (end := self._buffer.find(b"\n", searched) + 1) == 0:
            searched = len(self._buffer)
            if searched > min(LONGEST_LINE, self._octets_left):
                raise TransientError(_("The server talks without end."))
            if not self._receive():
                end = searched
                break
        self._octets_left -= end + _LINE
        return self._take(end)

    def leftover(self) -> bytes:
        """Take what has been read from the socket and handed to nobody."""
        self._check_buffer()
        return self._take(len(self._buffer))

    def _take(self, most: int) -> bytes:
        self._check_buffer()
        with memoryview(self._buffer) as view:
            taken = bytes(view[:most])
        if len(taken) == len(self._buffer):
            self._buffer = bytearray()  # one that is emptied keeps its room, which a thousand accounts would feel
        else:
            del self._buffer[:most]
        return taken

    def _check_buffer(self) -> None:
        """Forget what was read in the clear once TLS has begun: anybody in between may have said it (CVE-2011-0411)."""
        if self._buffered_from is not self.sock:
            self._buffer.clear()
            self._buffered_from = self.sock

    def _receive(self) -> bool:
        """Read what comes next; whether there was anything before the end of the connection."""
        now = time.monotonic()
        if self._due == math.inf:
            self._due = now + PATIENCE * (self.sock.gettimeout() or math.inf)
        if now > self._due:
            raise TransientError(_("The server takes too long for its answer."))
        chunk = self.sock.recv(_CHUNK)
        self._buffer += chunk
        return bool(chunk)


class _Plain(_Bounded, IMAP4WithTimeout):  # type: ignore[misc]  # the library has no types
    """Without TLS, or before STARTTLS."""


class _Encrypted(_Bounded, IMAP4_TLS):  # type: ignore[misc]  # the library has no types
    """With TLS from the start."""


class Client(IMAPClient):  # type: ignore[misc]  # the library has no types
    """imapclient's client on such a connection."""

    def begin_answer(self) -> None:
        """From now on another answer is read, with bounds of its own; what was said unasked before is thrown away.

        imaplib would hoard that for as long as the folder is open.
        """
        self._imap.begin()
        self._imap.untagged_responses.clear()

    def leftover(self) -> bytes:
        """Take what has been read from the socket and handed to nobody."""
        left: bytes = self._imap.leftover()
        return left

    def _create_IMAP4(self) -> _Bounded:  # noqa: N802 - the library's name
        timeout = self._timeout.connect
        if self.ssl:
            return _Encrypted(self.host, self.port, self.ssl_context, timeout)
        return _Plain(self.host, self.port, timeout)
