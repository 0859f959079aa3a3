"""An IMAP server that follows a script."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Secret:
    """A vault that holds one password."""

    password: str = field(repr=False)

    def secret(self) -> str:
        """The password."""
        return self.password

    def refuse(self, secret: str) -> bool:
        """There is no other."""
        del secret
        return False


class ScriptedServer:
    """An IMAP server that says what it was told to, to one client after another.

    Args:
        answers: what to say to a command, by the first words of it in upper case. `{tag}` stands for the tag.
        context: for TLS.
    """

    def __init__(self, answers: Mapping[str, bytes], context: ssl.SSLContext | None = None) -> None:
        self.commands: list[bytes] = []
        self._answers = {**_POLITE, **answers}
        self._context = context
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        self._connection: socket.socket | None = None
        self._idling = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        """Start."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and hang up."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.close()
        self._thread.join(10)

    def say(self, words: bytes) -> None:
        """Say something unasked, in one piece."""
        assert self._idling.wait(10)
        assert self._connection is not None
        self._connection.sendall(words)

    def change(self, **answers: bytes) -> None:
        """Say something else from now on, by the rules of `answers`."""
        self._answers.update(answers)

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)
            self._connection.close()

    def reset(self) -> None:
        """Hang up without a farewell: RST."""
        assert self._connection is not None
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.close()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
                connection = self._context.wrap_socket(connection, server_side=True) if self._context else connection
                self._connection = connection
                self._converse(connection)
            except OSError:
                if self._listener.fileno() < 0:
                    return
            except ValueError:  # the listener was closed in between
                return

    def _converse(self, connection: socket.socket) -> None:
        connection.sendall(self._answers["GREETING"])
        with connection.makefile("rb") as lines:
            tag = b"*"
            for line in lines:
                self.commands.append(line.strip())
                if b" " in line:  # otherwise it goes on with a command: DONE, or words of SASL
                    tag, _, line = line.partition(b" ")  # noqa: PLW2901 - it is the rest of the line
                connection.sendall(self._answer(line.decode().strip().upper()).replace(b"{tag}", tag))
                if line.upper().startswith(b"IDLE"):
                    self._idling.set()

    def _answer(self, command: str) -> bytes:
        known = (words for words in sorted(self._answers, key=len, reverse=True) if command.startswith(words))
        return self._answers[next(known, "")]


_POLITE = {
    "GREETING": b"* OK ready\r\n",
    "": b"{tag} OK done\r\n",
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS\r\n{tag} OK done\r\n",
    "EXAMINE": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] .\r\n* OK [UIDNEXT 4] .\r\n{tag} OK [READ-ONLY] done\r\n",
    "SELECT": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] .\r\n* OK [UIDNEXT 4] .\r\n{tag} OK [READ-WRITE] done\r\n",
    "IDLE": b"+ idling\r\n",
    "DONE": b"{tag} OK done\r\n",
}
