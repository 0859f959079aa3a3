"""Watcher as a service of one user: whatever starts programs at login is told to start it, and asked how it is."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from gettext import gettext as _
from typing import Protocol

from watcher.errors import UserError


@dataclass(frozen=True, slots=True)
class Standing:
    """How the service is, as its manager tells it."""

    installed: bool = False
    current: bool = False
    """Whether its definition is the one that this version would write, whatever command it starts."""
    enabled: bool = False
    """Whether it starts by itself."""
    active: bool = False
    failed: bool = False
    """Whether it ended by a fault and is not started again."""
    since: datetime | None = None
    """Since when it has been active, in UTC; None where it is not, or where that is not known."""
    status: str = ""
    """What the daemon last said of itself. Not clean: accounts' names may stand in it."""
    lingering: bool | None = None
    """Whether it runs while its user is not logged in; None where that cannot be told."""
    restarts: int = 0
    """How often its manager has started it again after a fault."""


class Service(Protocol):
    """What keeps Watcher running. Each method raises UserError where no such manager answers here."""

    name: str

    def install(self, command: Sequence[str], *, replace: bool = False) -> None:
        """Have the command started at login and now, and wait until it is ready; may be called again.

        Args:
            command: the program by its absolute path, and its arguments (see `command.present`).
            replace: whether a definition that was changed by hand may be overwritten.

        Raises:
            UserError: for such a definition, and where the service does not start.
        """

    def uninstall(self) -> bool:
        """Stop it and take its definition away, nothing else; whether there was one."""

    def standing(self) -> Standing:
        """How it is now."""

    def logs(self, lines: int, *, follow: bool) -> Sequence[str]:
        """The command that shows the last lines of its log, and with `follow` those to come. Asks nobody."""

    def reload(self) -> None:
        """Have it read its configuration again. Raises UserError where it does not run."""


def choose(environ: Mapping[str, str], platform: str = sys.platform) -> Service:
    """The service manager of this kind of system, whether it answers or not.

    Args:
        environ: the environment; where files belong, and where the manager is, is read from it.
        platform: as `sys.platform` names it.

    Raises:
        UserError: where Watcher knows none.
    """
    if platform.startswith("linux"):
        from watcher.service.systemd import Systemd  # noqa: PLC0415 - of two, one is ever used

        return Systemd(environ)
    if platform == "darwin":
        from watcher.service.launchd import Launchd  # noqa: PLC0415 - alike

        return Launchd(environ)
    raise UserError(
        _("Watcher knows no service manager on this kind of system: let “watcher run” be started when you log in.")
    )
