"""Somebody who has Watcher and nothing else yet: a home, a key ring, a user manager, perhaps a Thunderbird."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.kit.bus import PrivateBus
from tests.kit.dovecot import Dovecot
from tests.kit.keyring_daemon import keyring_daemon
from tests.kit.notification_server import NotificationServer
from tests.kit.service_home import SCRIPT
from tests.kit.systemd_user import systemd_user

THUNDERBIRD = Path(__file__).parents[1] / "fixtures" / "thunderbird"
PORT = "10143"
"""Of the server to which the account of the kept profile led, when Thunderbird wrote it."""


class Newcomer:
    """Such a person.

    Args:
        folder: an empty home.
        bus: of the desktop; with a key ring on it or without.
    """

    def __init__(self, folder: Path, bus: PrivateBus) -> None:
        self.folder = folder
        self.config = folder / ".config" / "watcher" / "config.toml"
        self._bus = bus
        self._program = folder / "bin" / "watcher"
        self._program.parent.mkdir()
        self._program.write_text(SCRIPT.format(python=sys.executable))
        self._program.chmod(0o755)
        self._more: dict[str, str] = {}

    @property
    def environment(self) -> dict[str, str]:
        """What a terminal on that desktop has in it."""
        theirs = {"HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self._bus.folder / "run"), "TERM": "xterm-256color"}
        return {
            **self._bus.environment(),
            **theirs,
            "PROMPT_TOOLKIT_NO_CPR": "1",
            "PATH": f"{self.folder}/bin:/usr/bin:/bin",
            **self._more,
        }

    def use_thunderbird(self, port: int) -> None:
        """Have the kept profile at home, its own server at another port."""
        shutil.copytree(THUNDERBIRD, self.folder / ".thunderbird")
        for file in self.folder.glob(".thunderbird/*/prefs.js"):
            file.write_text(file.read_text("utf-8").replace(f'port", {PORT}', f'port", {port}'), "utf-8")

    def have_plain_key_ring(self, module: str) -> None:
        """Have chosen a key ring by Python's keyring: the class PlaintextKeyring of that module."""
        (self.folder / "rings.py").write_text(module)
        self._more = {"PYTHONPATH": str(self.folder), "PYTHON_KEYRING_BACKEND": "rings.PlaintextKeyring"}

    def browse_with(self, script: str) -> None:
        """Have a browser."""
        browser = self.folder / "bin" / "xdg-open"
        browser.write_text(script)
        browser.chmod(0o755)

    def sit_down(self, *arguments: str) -> pexpect.spawn[str]:
        """A command in a terminal of its own."""
        return pexpect.spawn(
            str(self._program),
            list(arguments),
            env=self.environment,
            cwd=str(self.folder),
            encoding="utf-8",
            dimensions=(50, 200),
            timeout=40,
        )

    def run(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """A command in a script, to its end."""
        done = subprocess.run(
            [self._program, *arguments],
            env=self.environment,
            cwd=self.folder,
            input=typed,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def ask(self, *arguments: str, plain: bool = False) -> list[dict[str, Any]]:
        """What a command answers to a program: each line is a JSON object."""
        done = self.run(*arguments, *(() if plain else ("--json",)))
        return [json.loads(line) for line in done.stdout.splitlines()]

    def write(self, configuration: str) -> None:
        """Have a configuration already."""
        self.config.parent.mkdir(parents=True)
        self.config.write_text(configuration, "utf-8")


@pytest.fixture
def newcomer() -> Iterator[Newcomer]:
    """Somebody with an empty home, in a session of his own."""
    with systemd_user() as bus, keyring_daemon(bus), NotificationServer(bus.address):
        yield Newcomer(bus.folder, bus)


def options(server: Dovecot, user: str) -> list[str]:
    """What a script says of an account."""
    return [
        *("--address", f"{user}@example.jp", "--user", user, "--host", server.host),
        *("--port", str(server.tls_port), "--tls", "implicit", "--ca-file", str(server.certificates.ca)),
    ]


def watched(newcomer: Newcomer) -> set[str]:
    """The accounts that the daemon watches."""
    (status,) = newcomer.ask("status")
    return {each["account"] for each in status.get("accounts", ()) if each["health"] == "watching"}
