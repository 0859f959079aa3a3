"""`watcher doctor` as a process, and what every answer of it has to keep to."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from tests.kit.commands import Person
from tests.kit.dovecot import PASSWORD, Dovecot
from watcher.cli import COMMANDS

Checks = dict[str, dict[str, Any]]
"""By their names."""

_users = count(1)


class Visitor(Person):
    """Somebody who asks the doctor, at a desktop or without one.

    Args:
        home: an empty folder.
        desktop: what a program finds in its environment there, besides what every `Person` has.
    """

    def __init__(self, home: Path, desktop: Mapping[str, str] | None = None) -> None:
        super().__init__(home)
        self.desktop = desktop or {}

    def environment(self, language: str = "C.UTF-8") -> dict[str, str]:
        """With the desktop."""
        return {**super().environment(language), **self.desktop}

    def configure(self, server: Dovecot, before: str = '[notify]\nbackend = "log"', **changes: str) -> None:
        """One account on that server; `changes` are lines of its table, by key."""
        options = {
            "name": '"home"',
            "host": json.dumps(server.host),
            "port": str(server.tls_port),
            "ca_file": json.dumps(str(server.certificates.ca)),
            "user": json.dumps(f"doctor{os.getpid()}-{next(_users)}"),
            "password": f'{{ command = ["echo", "{PASSWORD}"] }}',
        } | changes
        table = [f"{key} = {value}" for key, value in options.items() if value]
        self.config.write_text("\n".join([before, "[[accounts]]", *table, ""]))

    def examine(self, *arguments: str) -> Checks:
        """What the doctor finds; that it keeps to what is promised of every line is proved here."""
        done = self.run("doctor", "--json", *arguments)
        checks = [json.loads(line) for line in done.stdout.splitlines()]
        for check in checks:
            assert check.keys() == {"name", "level", "good", "finding", "mend"}
            assert check["finding"]
            assert check["good"] is (check["level"] in {"good", "warning"})
            assert check["mend"] if check["level"] == "bad" else not (check["mend"] and check["level"] == "good")
            assert PASSWORD not in "".join(map(str, check.values()))
            can_be_pasted(check["mend"])
        assert done.returncode == (0 if all(check["good"] for check in checks) else 1)
        names = [check["name"] for check in checks if check["name"] != "config"]
        assert len(set(names)) == len(names), "two lines about one thing"
        return {check["name"]: check for check in checks}


def can_be_pasted(mend: str) -> None:
    """Fail where a command that mends does not exist: none of ours, or no program of this computer."""
    for command in re.findall(r"\bwatcher (?:--config \S+ )?([a-z-]+)", mend):
        assert command in COMMANDS, mend
    for program in re.findall(r"(?:^|: )(?:sudo )?([a-z-]+) (?:-|/|set-|watcher)", mend):
        assert program == "watcher" or shutil.which(program), mend


def of_level(checks: Checks, *levels: str) -> dict[str, str]:
    """The findings of these levels: bad ones unless others are asked for, by their names."""
    return {name: check["finding"] for name, check in checks.items() if check["level"] in (levels or ("bad",))}
