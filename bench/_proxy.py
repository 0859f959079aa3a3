"""A proxy on loopback that counts what goes through it. It speaks no TLS: what passes can be read."""

from __future__ import annotations

import re
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"

_COMMAND = re.compile(rb"^(?:\S+ )?((?:UID )?[A-Z]+)", re.MULTILINE)
_ARRIVAL = re.compile(rb"^\* \d+ EXISTS", re.MULTILINE)


@dataclass(slots=True)
class Count:
    """What has passed since the count was taken last."""

    sent: int = 0
    """Octets from the client."""
    received: int = 0
    """Octets from the server."""
    round_trips: int = 0
    """How often the client said something after the server had."""
    commands: list[str] = field(default_factory=list)
    """The client's, by name."""
    told: list[float] = field(default_factory=list)
    """When the server has told how many mails there are, by `time.monotonic`."""


class Proxy:
    """Passes connections on, up while the context lasts.

    Args:
        port: of the server, on loopback.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        self._count = Count()
        self._lock = threading.Lock()
        self._client_spoke = False
        self._connections: list[socket.socket] = []

    def __enter__(self) -> Self:
        """Start."""
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop, and hang up."""
        for each in (self._listener, *self._connections):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    @property
    def last_command(self) -> str:
        """The command that was sent last since the count was taken."""
        return self._count.commands[-1] if self._count.commands else ""

    def take(self) -> Count:
        """What has passed since the last call."""
        with self._lock:
            count, self._count = self._count, Count()
            return count

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection((HOST, self._target))
                for each in (client, server):
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._connections += [client, server]
                threading.Thread(target=self._pass_on, args=(client, server, True), daemon=True).start()
                threading.Thread(target=self._pass_on, args=(server, client, False), daemon=True).start()

    def _pass_on(self, origin: socket.socket, target: socket.socket, is_client: bool) -> None:  # noqa: FBT001 - a thread's argument
        with suppress(OSError):
            while piece := origin.recv(1 << 16):
                self._note(piece, is_client=is_client)
                target.sendall(piece)
            target.shutdown(socket.SHUT_RDWR)

    def _note(self, piece: bytes, *, is_client: bool) -> None:
        with self._lock:
            if is_client:
                self._count.sent += len(piece)
                self._count.round_trips += not self._client_spoke
                self._count.commands += [found.decode() for found in _COMMAND.findall(piece)]
            else:
                self._count.received += len(piece)
                self._count.told += [time.monotonic()] * len(_ARRIVAL.findall(piece))
            self._client_spoke = is_client
