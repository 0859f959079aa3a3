"""The real program as a process of its own, in a home of its own, with accounts to watch."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, Self

from tests.kit.certificates import Certificates

PATIENCE = 40.0
"""Seconds for anything to happen on a busy machine."""


def await_that(happened: Callable[[], bool], what: str = "it did not happen in time", within: float = PATIENCE) -> None:
    """Wait until it has happened; fails after so many seconds."""
    deadline = time.monotonic() + within
    while not happened():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


class Reachable(Protocol):
    """Where a mail server can be reached over TLS."""

    @property
    def host(self) -> str:
        """Its address."""

    @property
    def tls_port(self) -> int:
        """Its port."""

    @property
    def certificates(self) -> Certificates:
        """By which it is known."""


class Home:
    """A person's home with Watcher in it, not running yet.

    Args:
        folder: empty.
        server: where the accounts are.
        users: one account each, of that name.
        desktop: what a program finds in its environment on the desktop where notices are shown; None for the log.
    """

    def __init__(
        self, folder: Path, server: Reachable, users: Sequence[str], desktop: Mapping[str, str] | None = None
    ) -> None:
        self.folder = folder
        self.desktop = desktop
        self.server = server
        self.config = folder / "config.toml"
        self.process: subprocess.Popen[bytes] | None = None
        self.log = folder / "log"
        for name in ("config", "state", "run"):
            (folder / name).mkdir(mode=0o700)
        self.password = folder / "password"
        self.password.write_text("secret\n")
        self.configure(users)

    def __enter__(self) -> Self:
        """Nothing more: the home is ready."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the daemon, if it still runs."""
        if self.process is not None:
            self.kill()

    @property
    def environment(self) -> dict[str, str]:
        """What the program sees: nothing of the one that runs the tests."""
        return {
            "HOME": str(self.folder),
            "PATH": os.environ.get("PATH", os.defpath),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
            "LANG": "C.UTF-8",
            **(self.desktop or {}),
        }

    def configure(self, users: Sequence[str], **changes: str) -> None:
        """Write the configuration anew.

        Args:
            users: one account each.
            changes: lines of the account tables to replace, by key.
        """
        backend = "log" if self.desktop is None else "freedesktop"
        lines = ["[watch]", 'interval = "60s"', "[notify]", f'backend = "{backend}"']
        for user in users:
            options = {
                "name": json.dumps(user),
                "host": json.dumps(self.server.host),
                "port": str(self.server.tls_port),
                "ca_file": json.dumps(str(self.server.certificates.ca)),
                "user": json.dumps(user),
                "password": f"{{ command = {json.dumps(['cat', str(self.password)])} }}",
            }
            lines += ["[[accounts]]", *(f"{key} = {value}" for key, value in {**options, **changes}.items())]
        self.config.write_text("\n".join(lines) + "\n")

    def start(self) -> None:
        """Start the daemon, and wait until it says that it is ready."""
        ready = self._times_ready() + 1
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self._command("run"), env=self.environment, stderr=log)
        await_that(lambda: self._times_ready() >= ready or self._ended(), "the daemon does not start")
        assert not self._ended(), self.log.read_text()

    def stop(self) -> int:
        """End the daemon politely; its exit status."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the daemon at once, wherever it is."""
        self._end(signal.SIGKILL)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another command to its end."""
        return subprocess.run(
            self._command(*arguments), env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )

    def cases(self) -> list[dict[str, Any]]:
        """What `watcher list --all --json` says, oldest first."""
        done = self.run("list", "--all", "--json", "--limit", "1000")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()][::-1]

    def ask(self, *arguments: str) -> list[dict[str, Any]]:
        """What a command answers to a program: each line is a JSON object."""
        done = self.run(*arguments, "--json")
        assert done.returncode in {0, 1}, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def age(self, **time: float) -> None:
        """Let all cases have been judged, and all digests given, that much earlier."""
        with closing(sqlite3.connect(self.folder / "state" / "watcher" / "ledger.sqlite")) as db, db:
            for number, at in db.execute("SELECT id, judged_at FROM cases").fetchall():
                earlier = (datetime.fromisoformat(at) - timedelta(**time)).isoformat(timespec="microseconds")
                db.execute("UPDATE cases SET judged_at = ? WHERE id = ?", (earlier, number))
            for name, at in db.execute("SELECT name, at FROM moments").fetchall():
                earlier = (datetime.fromisoformat(at) - timedelta(**time)).isoformat(timespec="microseconds")
                db.execute("UPDATE moments SET at = ? WHERE name = ?", (earlier, name))

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "watcher", "--config", str(self.config), *arguments]

    def count(self, words: str) -> int:
        """How often the log says so."""
        return self.log.read_text("utf-8").count(words) if self.log.exists() else 0

    def _times_ready(self) -> int:
        """How often the daemon has been ready, in whichever language it says so."""
        return self.count("ready:") + self.count("準備ができました")

    def _ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def _end(self, number: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        status = self.process.wait(PATIENCE)
        self.process = None
        return status
