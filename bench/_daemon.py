"""The daemon as a process that is listened to: every line of its log with the moment at which it came."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.kit.daemon import Home, Reachable

PATIENCE = 120.0
"""Seconds for anything to happen on a busy machine."""


@contextmanager
def home(server: Reachable, users: Sequence[str], **changes: str) -> Iterator[Home]:
    """A home with one account for each user, gone afterwards; see `Home.configure` for the changes."""
    with tempfile.TemporaryDirectory(prefix="watcher-bench-") as folder:
        made = Home(Path(folder), server, users)
        made.configure(users, **changes)
        yield made


def set_watch(home: Home, **options: str) -> None:
    """Set options of `[watch]` in the configuration."""
    text = home.config.read_text("utf-8").replace('interval = "60s"\n', "")
    lines = "".join(f"{key} = {value}\n" for key, value in {"interval": '"5m"', **options}.items())
    home.config.write_text(text.replace("[watch]\n", f"[watch]\n{lines}"), "utf-8")


class Daemon:
    """`watcher run`, up while the context lasts."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._news = threading.Condition()
        self._lines: list[tuple[float, str]] = []
        self.started = 0.0
        """When it was started, by `time.monotonic`, as all times here."""

    def __enter__(self) -> Self:
        """Start it, without waiting for anything."""
        command = [sys.executable, "-m", "watcher", "--config", str(self._home.config), "run"]
        self.started = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            command, env=self._home.environment, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End it politely."""
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._listener.join()
        if self._process.stderr:
            self._process.stderr.close()

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def kill(self) -> None:
        """End it at once, in the middle of whatever it is doing."""
        self._process.kill()

    def count(self, words: str) -> int:
        """How many lines of the log hold these words."""
        return sum(words in line for _, line in self._lines)

    def hear(self, words: str, times: int = 1) -> float:
        """Wait until so many lines hold these words; when the last of them came."""
        deadline = time.monotonic() + PATIENCE
        with self._news:
            while len(found := [at for at, line in self._lines if words in line]) < times:
                if not self._news.wait(deadline - time.monotonic()) or self._process.poll() is not None:
                    raise SystemExit(f"“{words}” was not heard:\n" + "\n".join(line for _, line in self._lines[-20:]))
        return found[times - 1]

    def _listen(self) -> None:
        for line in self._process.stderr or ():
            with self._news:
                self._lines.append((time.monotonic(), line.rstrip()))
                self._news.notify_all()


def await_that(happened: Callable[[], bool], pause: float = 0.01, patience: float = PATIENCE) -> float:
    """Wait until it has happened; when that was seen."""
    deadline = time.monotonic() + patience
    while not happened():
        if time.monotonic() > deadline:
            raise SystemExit("it did not happen in time")
        time.sleep(pause)
    return time.monotonic()
