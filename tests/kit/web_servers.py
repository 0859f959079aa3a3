"""A web server with a certificate on loopback, and a proxy by which any name leads to it."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Page:
    """What a web server answers."""

    content: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pause: float = 0.0
    """Seconds between two octets of the content."""


class WebServer:
    """Serves pages over HTTPS, by host and path, and remembers who asked for what.

    Args:
        pages: by what stands in a URL behind "https://".
        context: of TLS.
    """

    def __init__(self, pages: Mapping[str, Page], context: ssl.SSLContext) -> None:
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self._server = ThreadingHTTPServer((HOST, 0), self._handler(pages))
        self._server.daemon_threads = True
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._proxy = Tunnel(self._server.server_address[1])

    def __enter__(self) -> Self:
        """Start."""
        self._thread.start()
        self._proxy.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._proxy.stop()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    @property
    def proxies(self) -> Mapping[str, str]:
        """For requests: by this proxy every host is this server."""
        return dict.fromkeys(("http", "https"), f"http://{HOST}:{self._proxy.port}")

    @property
    def connections(self) -> list[str]:
        """What the proxy was asked for: "CONNECT example.test:443", or "GET http://example.test/" in plain text."""
        return self._proxy.asked

    def _handler(self, pages: Mapping[str, Page]) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                place = f"{self.headers['Host']}{self.path}"
                server.asked.append(place)
                server.headers.append(dict(self.headers))
                page = pages.get(place, Page(status=404))
                self.send_response(page.status)
                for name, value in page.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(page.content)))
                self.end_headers()
                with suppress(OSError):  # whoever has had enough hangs up
                    self._send(page)

            def _send(self, page: Page) -> None:
                pieces = [bytes([octet]) for octet in page.content] if page.pause else [page.content]
                for piece in pieces:
                    self.wfile.write(piece)
                    time.sleep(page.pause)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


class Tunnel:
    """A proxy (RFC 9110, CONNECT) that leads to one port of loopback, whatever host it is asked for."""

    def __init__(self, target: int) -> None:
        self.asked: list[str] = []
        self._target = target
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Accept connections."""
        self._thread.start()

    def stop(self) -> None:
        """Accept no more."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def _run(self) -> None:
        with suppress(OSError, ValueError):  # the listener was closed
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client, socket.create_connection((HOST, self._target)) as server:
            request = b""
            while not request.endswith(b"\r\n\r\n") and (piece := client.recv(8192)):
                request += piece
            self.asked.append(request.decode("latin-1").partition(" HTTP/")[0])
            if not request.startswith(b"CONNECT "):
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain")
                return
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=_pump, args=(server, client), daemon=True)
            back.start()
            _pump(client, server)
            back.join(10)


def _pump(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes, until nothing does."""
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
