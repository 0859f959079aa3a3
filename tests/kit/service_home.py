"""A person's home in which Watcher is a service of a real user manager, installed from the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.kit.bus import PrivateBus
from tests.kit.daemon import Home
from tests.kit.dovecot import Dovecot

UNIT = "watcher.service"
QUICK = "[Service]\nRestartSec=100ms\n"
"""Lines of a drop-in: nobody waits five seconds for a service that is started again."""
SCRIPT = """#!{python}
import sys
from watcher.__main__ import main
sys.path.pop(0)
main()
"""
"""A command as pip writes it."""


class ServiceHome(Home):
    """Such a home. What the daemon says on its standard error is in `log`: there is no journal here.

    Args:
        folder: empty.
        server: where the accounts are.
        users: one account each, of that name.
        manager: the bus of the user manager.
    """

    def __init__(self, folder: Path, server: Dovecot, users: Sequence[str], manager: PrivateBus) -> None:
        self.manager = manager
        self.units = manager.folder / ".config/systemd/user"
        self.file = self.units / UNIT
        super().__init__(folder, server, users)
        self.program = folder / "bin" / "watcher"
        self.set_program(self.program)
        self.drop_in(f"{QUICK}StandardError=append:{self.log}\n")

    def __exit__(self, *_: object) -> None:
        """Take the service away, whatever has become of it."""
        self.run("service", "uninstall")
        for file in (*self._drop_ins.glob("*"), self.file):
            file.unlink(missing_ok=True)
        self.systemctl("daemon-reload")

    @property
    def environment(self) -> dict[str, str]:
        """That of somebody who has logged in to where the manager is, with a folder of his own for state."""
        theirs = {"HOME": str(self.manager.folder), "XDG_RUNTIME_DIR": str(self.manager.folder / "run")}

        found = {**super().environment, **theirs}
        if "XDG_CONFIG_HOME" not in (self.desktop or {}):
            del found["XDG_CONFIG_HOME"]
        return found

    def set_program(self, path: Path) -> None:
        """Have Watcher called by that path from now on."""
        path.parent.mkdir(exist_ok=True)
        path.write_text(SCRIPT.format(python=sys.executable))
        path.chmod(0o755)
        self.program = path

    def drop_in(self, lines: str, name: str = "test") -> None:
        """Say something in a drop-in, as `systemctl --user edit` does; counts from the next (re)load on."""
        self._drop_ins.mkdir(parents=True, exist_ok=True)
        (self._drop_ins / f"{name}.conf").write_text(lines)

    def install(self) -> None:
        """Install the service; it is ready then."""
        done = self.run("service", "install")
        assert (done.returncode, done.stderr) == (0, "")

    def systemctl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Ask the manager."""
        return subprocess.run(
            ["systemctl", "--user", *arguments],
            env={**self.environment, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def show(self, key: str) -> str:
        """A property of the unit."""
        return self.systemctl("show", UNIT, f"--property={key}", "--value").stdout.strip()

    @property
    def pid(self) -> int:
        """The daemon's process; 0 where there is none."""
        return int(self.show("MainPID"))

    def signal(self, number: int) -> None:
        """Send the daemon a signal; never to whoever else, where there is none."""
        pid = self.pid
        assert pid > 1, "the daemon does not run"
        os.kill(pid, number)

    def proc(self) -> Mapping[str, str]:
        """What the kernel says of the daemon's process (proc(5), status)."""
        pairs = (line.partition(":") for line in Path(f"/proc/{self.pid}/status").read_text().splitlines())
        return {key: value.strip() for key, _, value in pairs}

    @property
    def _drop_ins(self) -> Path:
        return self.units / f"{UNIT}.d"

    def _command(self, *arguments: str) -> list[str]:
        return [str(self.program), "--config", str(self.config), *arguments]
