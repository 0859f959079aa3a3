"""Trying whether an IMAP server answers: connection, certificate, greeting. Nobody logs in."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from gettext import gettext as _

from watcher.discovery.found import Candidate

PATIENCE = 5.0
"""Seconds for connecting, and for each answer."""
_LONGEST_LINE = 8192
_MOST_LINES = 20

Dial = Callable[[str, int, float], socket.socket]
"""Connects to host and port; the connection waits for so many seconds, then and later."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether an IMAP server was met, and what it can."""

    good: bool
    reason: str = ""
    """A sentence that says what was met instead; empty where it is good."""
    capabilities: frozenset[str] = frozenset()
    """In upper case, such as "IDLE", as they are before the login."""


def dial(host: str, port: int, seconds: float) -> socket.socket:
    """A connection as the system makes it. Raises OSError."""
    return socket.create_connection((host, port), timeout=seconds)


class Prober:
    """Tries servers.

    Args:
        context: verifies certificates and the names in them; by the system's authorities unless given.
        dial: makes connections.
        patience: seconds for connecting, and for each answer.
    """

    def __init__(self, context: ssl.SSLContext | None = None, dial: Dial = dial, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._context = context or ssl.create_default_context()
        self._dial = dial

    def probe(self, candidate: Candidate) -> Reach:
        """Try one server, which has to be protected by TLS."""
        try:
            return self._meet(candidate)
        except ssl.SSLCertVerificationError:
            reason = _("{host}: its certificate does not prove that it is this server.")
        except ssl.SSLError:
            reason = _("{host}: no encrypted connection can be made at port {port}.")
        except OSError:
            reason = _("{host}: nobody answers at port {port}.")
        except _NotImapError:
            reason = _("{host}: what answers at port {port} is no IMAP server.")
        return Reach(good=False, reason=reason.format(host=candidate.host, port=candidate.port))

    def _meet(self, candidate: Candidate) -> Reach:
        with self._dial(candidate.host, candidate.port, self._patience) as plain:
            if candidate.tls == "starttls":
                line = _Line(plain)
                line.greeting()
                line.start_tls()
            with self._context.wrap_socket(plain, server_hostname=candidate.host) as protected:
                line = _Line(protected)
                if candidate.tls == "implicit":
                    line.greeting()
                return Reach(good=True, capabilities=line.capabilities())


class _NotImapError(Exception):
    """What answers does not speak as an IMAP server has to."""


class _Line:
    """A connection on which lines are spoken, each of bounded length."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._heard = b""

    def greeting(self) -> None:
        """Hear the greeting. PREAUTH is none that may be believed: nobody has logged in."""
        if not self._hear().upper().startswith(b"* OK"):
            raise _NotImapError

    def capabilities(self) -> frozenset[str]:
        """Ask what the server can, and take leave."""
        found = [line for line in self._ask(b"CAPABILITY") if line.upper().startswith(b"* CAPABILITY ")]
        with suppress(OSError):  # it has said all that is wanted
            self._connection.sendall(b"w LOGOUT\r\n")
        return frozenset(word.decode("ascii", "replace").upper() for line in found for word in line.split()[2:])

    def start_tls(self) -> None:
        """Ask for STARTTLS. Whatever came in before the encryption was slipped in by somebody else (RFC 8314, 5.1)."""
        self._ask(b"STARTTLS")
        if self._heard:
            raise _NotImapError

    def _ask(self, command: bytes) -> list[bytes]:
        """The untagged answers to a command that succeeds."""
        self._connection.sendall(b"w " + command + b"\r\n")
        lines: list[bytes] = []
        while len(lines) < _MOST_LINES:
            line = self._hear()
            if line.startswith(b"w "):
                if line.upper().startswith(b"W OK"):
                    return lines
                break
            lines.append(line)
        raise _NotImapError

    def _hear(self) -> bytes:
        """The next line, without its end."""
        while b"\n" not in self._heard:
            if len(self._heard) > _LONGEST_LINE:
                raise _NotImapError
            heard = self._connection.recv(4096)
            if not heard:
                raise _NotImapError
            self._heard += heard
        line, _end, self._heard = self._heard.partition(b"\n")
        return line.rstrip(b"\r")
