"""A neighbour's server as a child of ours: on a free port of loopback, configured in a folder that goes with it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from bench._process import cpu_time, family

HOST = "127.0.0.1"
PATIENCE = 120.0
"""Seconds for a server to be ready: the first start of some compiles their rules."""

_SEARCHED = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
"""Where Debian keeps servers, and an ordinary user does not look, too."""


def find(program: str) -> str | None:
    """Where that program is installed, if it is."""
    return shutil.which(program, path=_SEARCHED)


class Peer(ABC):
    """A server that judges mail, up and warm while the context lasts."""

    program = ""
    """Its name."""

    def __init__(self) -> None:
        with socket.create_server((HOST, 0)) as found:
            self.port: int = found.getsockname()[1]

    @abstractmethod
    def command(self, folder: Path) -> Sequence[str]:
        """Configure it in that empty folder; what starts it in the foreground."""

    @abstractmethod
    def check(self, mail: bytes) -> bytes:
        """What it answers of a mail."""

    def is_warm(self) -> bool:
        """Whether it has done all that it does once only; asked when it takes connections already."""
        return True

    def __enter__(self) -> Self:
        """Start it and wait until it is warm."""
        self.folder = Path(tempfile.mkdtemp(prefix="watcher-bench-"))
        with (self.folder / "output").open("wb") as output:
            command = self.command(self.folder)
            self._process = subprocess.Popen(  # noqa: S603 - installed from the distribution
                command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
        try:
            self._await()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End it and all that it has started, and leave nothing of it."""
        with suppress(ProcessLookupError):  # it may have ended by itself
            os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait(PATIENCE)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        shutil.rmtree(self.folder)

    def cpu(self) -> float:
        """Seconds that all its processes have used by now."""
        return sum(map(cpu_time, family(self._process.pid)))

    def _await(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not (self._takes_connections() and self.is_warm()):
            if time.monotonic() > deadline or self._process.poll() is not None:
                said = (self.folder / "output").read_text("utf-8", "replace")
                raise SystemExit(f"{self.program} does not start:\n{said}")
            time.sleep(0.05)

    def _takes_connections(self) -> bool:
        try:
            socket.create_connection((HOST, self.port), timeout=1).close()
        except OSError:
            return False
        return True
