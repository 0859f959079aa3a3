"""An IMAP server inside this process, on loopback: pymap's in-memory back end, in a thread of its own.

Importing this module needs the extra `demo`.
"""

from __future__ import annotations

import asyncio
import threading
from argparse import ArgumentParser, Namespace
from types import TracebackType
from typing import Self

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import DictBackend
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.imap import IMAPServer, IMAPService
from pymap.parsing.specials import ObjectId
from pymap.parsing.specials.flag import Flag

from watcher.errors import TransientError

HOST = "127.0.0.1"
KEYWORDS = ("$Phishing", "$Junk", "$NotJunk", "$Forwarded", "NotPhishing")
START_TIMEOUT = 30.0
"""Seconds: it takes 0.3, but has been seen to take 13 on a machine that was busy."""


class DemoServer:
    """A mail server for one user, gone with all its mail when it is closed. It speaks without TLS, on loopback.

    Args:
        user: who may log in.
        password: with what.
    """

    host = HOST

    def __init__(self, user: str = "demo", password: str = "demo") -> None:  # noqa: S107 - guards made-up mail only
        self.user = user
        self.password = password
        self.port = 0
        """The one that was free, from when the server is up."""
        self._loop = asyncio.new_event_loop()
        self._serving: asyncio.Task[None] | None = None
        self._up = threading.Event()
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="demo-imap", daemon=True)

    def __enter__(self) -> Self:
        """Start it, and wait until it listens. Raises TransientError where it does not come up."""
        self._thread.start()
        if not self._up.wait(START_TIMEOUT) or self._failure is not None:
            raise TransientError("The demonstration's mail server does not come up.") from self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop it, and hang up on whoever is connected. May be called twice."""
        if self._serving is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._serving.cancel)
        self._thread.join(START_TIMEOUT)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            try:
                runner.run(self._serve())
            except asyncio.CancelledError:
                pass  # that is how it is stopped
            except Exception as error:  # noqa: BLE001 - handed over to the thread that waits for the start
                self._failure = error
            finally:
                self._up.set()

    async def _serve(self) -> None:
        self._serving = asyncio.current_task()
        backend, config = await DictBackend.init(_arguments(self.user, self.password))
        config.apply_context()
        config.set_cache[self.user] = (_KeepingMailboxSet(), FilterSet())
        answer = IMAPServer(backend.login, config)

        async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            # pymap's own way starts a task that nobody holds on to: from Python 3.13 on it is lost with its connection
            await answer(reader, writer, SocketInfo.get(writer, None))

        server = await asyncio.start_server(converse, HOST, 0)
        try:
            self.port = server.sockets[0].getsockname()[1]
            self._up.set()
            await asyncio.Event().wait()
        finally:
            server.close()  # without waiting for the conversations to end: the runner cancels them


class _KeepingMailbox(MailboxData):
    """A folder that keeps our keywords: pymap's own drop them without a word."""

    @property
    def permanent_flags(self) -> frozenset[Flag]:
        return super().permanent_flags | {Flag(word) for word in KEYWORDS}


class _KeepingMailboxSet(MailboxSet):
    """Folders that keep our keywords."""

    def __init__(self) -> None:
        super().__init__()
        self._inbox = self._make()

    async def add_mailbox(self, name: str) -> ObjectId:
        await super().add_mailbox(name)
        self._set[name] = self._make()
        return self._set[name].mailbox_id

    def _make(self) -> _KeepingMailbox:
        return _KeepingMailbox(self._content_cache, self._thread_cache)


def _arguments(user: str, password: str) -> Namespace:
    """What pymap's own command line would have made of these."""
    parser = ArgumentParser()
    DictBackend.add_subparser("dict", parser.add_subparsers())
    IMAPService.add_arguments(parser)
    arguments = parser.parse_args(["--no-tls", "dict", "--demo-user", user, "--demo-password", password])
    arguments.debug, arguments.passlib_cfg = False, None
    return arguments
