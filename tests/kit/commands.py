"""The real commands, each as a process of its own, in a home where there is nothing yet."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

WORKING = """
[notify]
backend = "none"
[[accounts]]
name = "elsewhere"
host = "127.0.0.1"
port = 1
tls = "none"
user = "taro"
password = { command = ["echo", "secret"] }
"""
"""A configuration without mistakes; nobody answers at that port."""


class Person:
    """Somebody who types commands.

    Args:
        home: an empty folder.
        python: the interpreter of the environment that Watcher is installed in; without it our own.
    """

    def __init__(self, home: Path, python: Path = Path(sys.executable)) -> None:
        self.home = home
        self.python = python
        self.config = home / "config" / "watcher" / "config.toml"
        self.config.parent.mkdir(parents=True)
        for name in ("state", "run", "tmp"):
            (home / name).mkdir(mode=0o700)

    def environment(self, language: str = "C.UTF-8") -> dict[str, str]:
        """What a command sees: nothing of whoever runs the tests."""
        return {
            "HOME": str(self.home),
            "PATH": os.environ.get("PATH", os.defpath),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_STATE_HOME": str(self.home / "state"),
            "XDG_RUNTIME_DIR": str(self.home / "run"),
            "TMPDIR": str(self.home / "tmp"),
            "LANG": language,
            "PYTHONUTF8": "1",
            "PYTHONIOENCODING": "utf-8:strict",
        }

    def run(
        self, *arguments: str | Path, language: str = "C.UTF-8", program: tuple[str, ...] = ("-m", "watcher")
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end. Whatever it is given, it ends without a traceback."""
        done = subprocess.run(
            [str(self.python), *program, *map(str, arguments)],
            env=self.environment(language),
            cwd=self.home,
            capture_output=True,
            encoding="utf-8",
            timeout=90,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        return done

    def ask(self, *arguments: str | Path) -> list[dict[str, Any]]:
        """What a command answers to a program: each line is a JSON object."""
        return [json.loads(line) for line in self.run(*arguments, "--json").stdout.splitlines()]

    def loaded(self, *arguments: str) -> set[str]:
        """The modules that a command has loaded when it ends."""
        program = (
            "import sys\nfrom watcher.__main__ import main\nsys.argv[0] = 'watcher'\n"
            "try:\n    main()\nexcept SystemExit:\n    print(*sys.modules, file=sys.stderr)"
        )
        return set(self.run(*arguments, program=("-c", program)).stderr.split())
