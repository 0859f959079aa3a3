"""A network on loopback that can be cut off in silence, torn down, or refused, in front of a real mail server."""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

from tests.kit.certificates import Certificates
from tests.kit.mail_server import HOST, MailServer

_TICK = 0.02
"""Seconds until it is noticed that something is to be done otherwise."""


class Proxy:
    """Passes connections on to the server, up while the context lasts.

    Args:
        server: where to.
        tls: whether to its port for TLS; otherwise what passes can be read here.
    """

    host = HOST

    def __init__(self, server: MailServer, *, tls: bool = True) -> None:
        self.certificates: Certificates = server.certificates
        self._target = server.tls_port if tls else server.port
        self._lock = threading.Lock()
        self._selector = selectors.DefaultSelector()
        self._peers: dict[socket.socket, socket.socket] = {}
        self._clients: set[socket.socket] = set()
        self._dead: list[socket.socket] = []
        self._is_mute = False
        self._trap = b""
        self._swallows = False
        self.trapped = threading.Event()
        """The words of `mute_at` have come."""
        self._running = True
        self._listener = self._listen(0)
        self.tls_port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        """Start."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Hang up on everybody."""
        self._running = False
        self._thread.join()
        for each in (*self._peers, *self._dead, self._listener):
            each.close()
        self._selector.close()

    def mute(self) -> None:
        """Keep all connections, and take new ones, but pass nothing on in either direction, ever."""
        with self._lock:
            self._mute()

    def mute_at(self, words: bytes, *, swallow: bool) -> None:
        """Go mute as soon as a client says such words: before the server gets them, or right after."""
        with self._lock:
            self._trap, self._swallows = words, swallow
            self.trapped.clear()

    def come_back(self) -> None:
        """Pass on what new connections say; what went mute stays so, and nobody is told."""
        with self._lock:
            self._is_mute = False

    def reset(self) -> None:
        """Tear down all connections: RST."""
        with self._lock:
            for each in list(self._peers):
                self._selector.unregister(each)
                each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
                each.close()
            self._peers.clear()

    def refuse(self) -> None:
        """Refuse new connections, and tear down the others."""
        with self._lock:
            self._selector.unregister(self._listener)
            self._listener.close()
        self.reset()

    def admit(self) -> None:
        """Take new connections again."""
        with self._lock:
            self._listener = self._listen(self.tls_port)

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server((HOST, port))
        self._selector.register(listener, selectors.EVENT_READ)
        return listener

    def _run(self) -> None:
        while self._running:
            ready = self._selector.select(_TICK)
            with self._lock:
                for key, _ in ready:
                    self._serve(key.fileobj)  # type: ignore[arg-type]  # only sockets are registered

    def _serve(self, stirred: socket.socket) -> None:
        if stirred is self._listener:
            self._accept()
        elif stirred in self._peers:
            try:
                self._pass_on(stirred, stirred.recv(1 << 16))
            except OSError:
                self._pass_on(stirred, b"")

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        if self._is_mute:
            self._dead.append(client)
            return
        try:
            server = socket.create_connection((HOST, self._target))
        except OSError:
            client.close()
            return
        self._clients.add(client)
        for one, other in ((client, server), (server, client)):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._peers[one] = other
            self._selector.register(one, selectors.EVENT_READ)

    def _pass_on(self, origin: socket.socket, piece: bytes) -> None:
        target = self._peers[origin]
        springs = bool(self._trap) and origin in self._clients and self._trap in piece
        if piece and not (springs and self._swallows):
            with suppress(OSError):  # its end is told by its own silence
                target.sendall(piece)
        if springs:
            self._trap = b""
            self._mute()
            self.trapped.set()
        elif not piece:
            self._hang_up(origin, target)

    def _hang_up(self, *ends: socket.socket) -> None:
        for each in ends:
            self._selector.unregister(each)
            del self._peers[each]
            each.close()

    def _mute(self) -> None:
        self._is_mute = True
        for each in self._peers:
            self._selector.unregister(each)
        self._dead += self._peers
        self._peers.clear()
