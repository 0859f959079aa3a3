"""The accounts that sources are tried on, each with a second mail program."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from imapclient import IMAPClient

from tests.kit.imap_servers import Secret
from watcher.sources.imap import ImapAccount, ImapSource, tls_context
from watcher.sources.imap.connection import hang_up
from watcher.sources.mailbox import Mailbox
from watcher.sources.memory import MemoryServer, MemorySource, Stored


class Backend(Protocol):
    """An account that is watched, and what its owner does with it in another program."""

    def source(self, *, readonly: bool = False) -> Mailbox:
        """A source on the account, not yet opened."""

    def deliver(self, folder: str, raw: bytes, flags: Sequence[str] = (), at: datetime | None = None) -> int:
        """Put a mail into a folder: its UID."""

    def mails(self, folder: str) -> Mapping[int, Stored]:
        r"""What lies there, by UID, and without \Recent; asking changes nothing."""

    def make(self, folder: str) -> None:
        """Make a folder."""

    def copy(self, folder: str, uid: int, target: str) -> None:
        """Copy a mail."""

    def remove(self, folder: str, uid: int) -> None:
        """Remove a mail for good."""

    def subscribed(self) -> frozenset[str]:
        """The folders that are subscribed."""

    def close(self) -> None:
        """End the other program."""


class MemoryBackend:
    """In memory."""

    def __init__(self, server: MemoryServer) -> None:
        self.server = server

    def source(self, *, readonly: bool = False) -> Mailbox:
        """A source."""
        return MemorySource("home", self.server, readonly=readonly)

    def deliver(self, folder: str, raw: bytes, flags: Sequence[str] = (), at: datetime | None = None) -> int:
        """Deliver."""
        return self.server.deliver(folder, raw, flags, at)

    def mails(self, folder: str) -> Mapping[int, Stored]:
        """All mails."""
        return dict(self.server.folders[folder].mails)

    def make(self, folder: str) -> None:
        """Make a folder."""
        self.server.create(folder)

    def copy(self, folder: str, uid: int, target: str) -> None:
        """Copy."""
        self.server.put(target, self.server.folders[folder].mails[uid])

    def remove(self, folder: str, uid: int) -> None:
        """Remove."""
        del self.server.folders[folder].mails[uid]

    def subscribed(self) -> frozenset[str]:
        """Subscribed folders."""
        return frozenset(name for name, folder in self.server.folders.items() if folder.subscribed)

    def close(self) -> None:
        """Nothing to end."""


class ImapBackend:
    """On an IMAP server.

    Args:
        account: how Watcher reaches it.
        password: for both programs.
        context: for TLS.
        dial: connects the other program, logged in.
        name: the server's name of a folder, where it differs.
    """

    def __init__(
        self,
        account: ImapAccount,
        password: str,
        context: ssl.SSLContext | None,
        dial: Callable[[], IMAPClient],
        name: Callable[[str], str] = str,
    ) -> None:
        self._account = account
        self._password = password
        self._context = context or tls_context()
        self._dial = dial
        self._name = name
        self._other: IMAPClient | None = None

    def close(self) -> None:
        """Hang up with the other program."""
        if self._other is not None:
            hang_up(self._other)

    def _client(self) -> IMAPClient:
        if self._other is None:
            self._other = self._dial()
            self._other.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._other

    def source(self, *, readonly: bool = False) -> Mailbox:
        """A source."""
        return ImapSource(self._account, Secret(self._password), self._context, readonly=readonly)

    def deliver(self, folder: str, raw: bytes, flags: Sequence[str] = (), at: datetime | None = None) -> int:
        """APPEND."""
        client = self._client()
        answer = client.append(self._name(folder), raw, flags, at)
        found = re.search(rb"APPENDUID \d+ (\d+)", answer)
        assert found is not None
        return int(found[1])

    def mails(self, folder: str) -> Mapping[int, Stored]:
        """EXAMINE and FETCH."""
        client = self._client()
        client.normalise_times = False
        client.select_folder(self._name(folder), readonly=True)
        found = client.fetch(client.search(), ["BODY.PEEK[]", "FLAGS", "INTERNALDATE"])
        return {
            uid: Stored(
                answer[b"BODY[]"],
                frozenset(flag.decode() for flag in answer[b"FLAGS"]) - {r"\Recent"},
                answer[b"INTERNALDATE"],
            )
            for uid, answer in found.items()
        }

    def make(self, folder: str) -> None:
        """CREATE."""
        client = self._client()
        client.create_folder(self._name(folder))

    def copy(self, folder: str, uid: int, target: str) -> None:
        """UID COPY."""
        client = self._client()
        client.select_folder(self._name(folder))
        client.copy([uid], self._name(target))

    def remove(self, folder: str, uid: int) -> None:
        """EXPUNGE, which takes along whatever is marked."""
        client = self._client()
        client.select_folder(self._name(folder))
        client.delete_messages([uid])
        client.expunge()

    def subscribed(self) -> frozenset[str]:
        """LSUB."""
        client = self._client()
        return frozenset(name for _, _, name in client.list_sub_folders())
