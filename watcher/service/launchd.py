"""An agent of launchd, for macOS. Its parts are tested; on a Mac it has not been tried."""

from __future__ import annotations

import os
import plistlib
import re
from collections.abc import Mapping, Sequence
from gettext import gettext as _
from importlib.resources import files
from pathlib import Path
from typing import Any

from watcher.errors import UserError
from watcher.service import Standing
from watcher.service.system import Done, call, order, put

LABEL = "org.watcher"
_OWN = ("ProgramArguments", "StandardErrorPath", "EnvironmentVariables")
"""Keys in which each installation differs."""
_KEPT = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "LANG")
"""What an agent does not inherit from a shell, and Watcher reads."""


class Launchd:
    """The agent `org.watcher` of this user.

    Args:
        environ: the environment in which launchctl runs; where the agent's file belongs is read from it.
    """

    name = "launchd"

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._environ = environ
        library = Path(environ.get("HOME") or Path.home()) / "Library"
        self.file = library / "LaunchAgents" / f"{LABEL}.plist"
        self._log = library / "Logs" / "Watcher.log"
        self._domain = f"gui/{os.getuid()}"
        self._target = f"{self._domain}/{LABEL}"

    def install(self, command: Sequence[str], *, replace: bool = False) -> None:
        """Write the agent and load it, anew if need be. That it is ready cannot be told here."""
        self._demand()
        if self.file.exists() and not replace and not self._is_current():
            words = _(
                "{file} was changed by hand, or is of another version, and is left as it is. "
                "To replace it: watcher service install --replace"
            )
            raise UserError(words.format(file=self.file))
        self._write(command)
        self._launchctl("bootout", self._target)
        for step in (("enable", self._target), ("bootstrap", self._domain, str(self.file))):
            self._order(*step)

    def uninstall(self) -> bool:
        """Unload the agent, and remove its file; the log stays."""
        self._demand()
        was_there = self.file.exists()
        self._launchctl("bootout", self._target)
        self.file.unlink(missing_ok=True)
        return was_there

    def standing(self) -> Standing:
        """What `launchctl print` says, which Apple does not promise to keep."""
        self._demand()
        asked = self._launchctl("print", self._target)
        loaded = asked.returncode == 0
        active = re.search(r"^\s*state = running$", asked.stdout, re.MULTILINE) is not None
        runs = re.search(r"^\s*runs = (\d+)$", asked.stdout, re.MULTILINE)
        return Standing(
            installed=self.file.exists(),
            current=self._is_current(),
            enabled=loaded,
            active=active,
            failed=loaded and not active,
            restarts=max(0, int(runs[1]) - 1) if runs else 0,
        )

    def logs(self, lines: int, *, follow: bool) -> Sequence[str]:
        """By tail, of the file that launchd writes its standard error to."""
        command = ("tail", "-n", str(lines))
        return (*command, "-F", str(self._log)) if follow else (*command, str(self._log))

    def reload(self) -> None:
        """By SIGHUP."""
        self._demand()
        self._order("kill", "SIGHUP", self._target)

    def _write(self, command: Sequence[str]) -> None:
        environment = {key: self._environ[key] for key in _KEPT if self._environ.get(key)}
        own = dict(zip(_OWN, (list(command), str(self._log), environment), strict=True))
        put(self.file, plistlib.dumps(_template() | own))

    def _is_current(self) -> bool:
        try:
            found = plistlib.loads(self.file.read_bytes())
        except (OSError, plistlib.InvalidFileException, ValueError):
            return False
        return _common(found) == _common(_template())

    def _demand(self) -> None:
        """Raise UserError where there is no launchd, or its user has no session of his own on the screen."""
        if self._launchctl("print", self._domain).returncode:
            raise UserError(_("launchd does not answer for this user: log in on the screen of this Mac first."))

    def _order(self, *arguments: str) -> None:
        order("launchctl", *arguments, environ=self._environ)

    def _launchctl(self, *arguments: str) -> Done:
        return call("launchctl", *arguments, environ=self._environ)


def _template() -> dict[str, Any]:
    text: dict[str, Any] = plistlib.loads((files("watcher.service") / f"{LABEL}.plist").read_bytes())
    return text


def _common(agent: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in agent.items() if key not in _OWN}
