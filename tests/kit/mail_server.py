"""What the IMAP servers of the tests have in common: real ones, on free ports of loopback, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest
from imapclient import IMAPClient

from tests.kit.certificates import Certificates, issue
from watcher.sources.imap import ImapAccount

HOST = "127.0.0.1"
PASSWORD = "secret"
START_TIMEOUT = 20.0


class MailServer(ABC):
    """A server with a mailbox for every user name, up while the context lasts.

    Runs as root and as an ordinary user. What it is and how it is configured is for those that inherit from it.

    Args:
        names: for which its certificate is valid; 127.0.0.1 and localhost unless given.
        until: when its certificate expires; far off unless given.
    """

    host = HOST
    kind = ""
    """Its name."""
    runs_as = ""
    """The user of its processes where they are started by root."""

    def __init__(self, names: Sequence[str] = (), until: datetime | None = None) -> None:
        self._names, self._until = names, until
        self.port, self.tls_port = _free_ports(2)
        self._home = Path()
        self._process: subprocess.Popen[bytes] | None = None
        self.certificates: Certificates

    @abstractmethod
    def configure(self) -> None:
        """Write the configuration into the server's home."""

    @abstractmethod
    def command(self) -> Sequence[str]:
        """What starts it, in the foreground."""

    def environment(self) -> Mapping[str, str]:
        """What it sees."""
        return os.environ

    def log(self) -> str:
        """What it has had to say."""
        return "(no log)"

    def __enter__(self) -> Self:
        """Start it, and wait until it answers."""
        self._home = Path(tempfile.mkdtemp(prefix=f"{self.kind.lower()}-"))
        self.certificates = issue(self._home, *self._names, until=self._until)
        self.configure()
        if os.getuid() == 0:  # the server's processes are then other users, who have to get in
            self._home.chmod(0o755)
            shutil.chown(self._home, self.user)
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop it, and leave nothing of it."""
        self.stop()
        shutil.rmtree(self._home, ignore_errors=True)

    def start(self) -> None:
        """Start it, again after `stop`: with the same ports and mailboxes."""
        self._process = subprocess.Popen(
            self.command(), env=self.environment(), stderr=subprocess.DEVNULL, start_new_session=True
        )
        deadline = time.monotonic() + START_TIMEOUT
        while not self._answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                log = self.log()
                self.close()
                pytest.fail(f"{self.kind} does not start:\n{log}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop it and all that it has started: an imap process in IDLE would stay for as long as its client does."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):  # it may not have started
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(START_TIMEOUT)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def account(self, user: str, name: str = "home") -> ImapAccount:
        """An account of that user, over TLS."""
        return ImapAccount(name, self.host, user, port=self.tls_port, timeout=10)

    def client(self, user: str) -> IMAPClient:
        """Another mail program of that user, logged in."""
        client = IMAPClient(self.host, self.port, ssl=False, timeout=10)
        client.login(user, PASSWORD)
        return client

    @property
    def user(self) -> str:
        """Whom the server's processes run as: never as root, which mail servers refuse."""
        return self.runs_as if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name

    def _answers(self) -> bool:
        try:
            with socket.create_connection((self.host, self.port), timeout=1) as connection:
                return connection.recv(4) == b"* OK"
        except OSError:
            return False


def _free_ports(number: int) -> list[int]:
    sockets = [socket.create_server((HOST, 0)) for _ in range(number)]
    ports = [found.getsockname()[1] for found in sockets]
    for found in sockets:
        found.close()
    return ports
