"""An IMAP server for thousands of accounts that wait: one thread, in a process of its own.

What it says is what `misbehaving_server` says, who behaves here. Every user name has an inbox.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from functools import partial
from pathlib import Path
from socket import socket
from types import TracebackType
from typing import Self, cast

from tests.kit.certificates import issue
from tests.kit.imap_servers import HOST
from tests.kit.misbehaving_server import MisbehavingServer, Talk
from watcher import descriptors

_BACKLOG = 1000


class WaitingServer:
    """Such a server, up while the context lasts."""

    host = HOST

    def __enter__(self) -> Self:
        """Start it, and wait until it answers."""
        self._folder = tempfile.TemporaryDirectory(prefix="waiting-")
        self.certificates = issue(Path(self._folder.name))
        files = [str(self.certificates.certificate), str(self.certificates.key)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, *files], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.tls_port = int(self._hear())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()
        self._folder.cleanup()

    def deliver(self, user: str, raw: bytes) -> float:
        """Put a mail into an inbox, and tell whoever waits there; when that was, by `time.monotonic`."""
        assert self._process.stdin is not None
        print(json.dumps({"user": user, "raw": raw.decode("latin-1")}), file=self._process.stdin, flush=True)
        return float(self._hear())

    def _hear(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


class Connection(asyncio.Protocol):
    """One that waits, for the most part."""

    def __init__(self, inboxes: defaultdict[str, MisbehavingServer], waiting: dict[str, Connection]) -> None:
        self._inboxes, self._waiting = inboxes, waiting
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        self._transport = cast("asyncio.WriteTransport", transport)
        self._talk = Talk(MisbehavingServer(), cast("socket", self))  # of which `sendall` is used, and nothing else
        self._talk.greet()

    def data_received(self, data: bytes) -> None:
        """Answer, line by line."""
        *lines, self._buffer = (self._buffer + data).split(b"\r\n")
        for line in lines:
            words = line.decode("latin-1").split()
            if words[1:2] == ["LOGIN"]:
                user = words[2].strip('"')
                self._talk.server = self._inboxes[user]
                self._waiting[user] = self
            self._talk.hear(line)

    def sendall(self, words: bytes) -> None:
        """Say something."""
        self._transport.write(words)


async def serve(certificate: str, key: str) -> None:
    """Serve, and deliver what standard input brings, until that ends."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    inboxes: defaultdict[str, MisbehavingServer] = defaultdict(MisbehavingServer)
    waiting: dict[str, Connection] = {}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Connection(inboxes, waiting), HOST, 0, ssl=context, backlog=_BACKLOG, ssl_handshake_timeout=120
    )
    _say(server.sockets[0].getsockname()[1])

    def deliver(user: str, raw: str) -> None:
        folder = inboxes[user].folders["INBOX"]
        folder.put(raw.encode("latin-1"))
        waiting[user].sendall(b"* %d EXISTS\r\n" % len(folder.mails))
        _say(loop.time())

    def listen() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(partial(deliver, **json.loads(line)))

    threading.Thread(target=listen, daemon=True).start()
    await server.serve_forever()


def _say(number: float) -> None:
    print(number, flush=True)  # noqa: T201 - to whoever started this process


if __name__ == "__main__":
    descriptors.allow(descriptors.needed(20_000))
    asyncio.run(serve(*sys.argv[1:]))
