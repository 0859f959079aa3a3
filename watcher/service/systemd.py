"""A service of systemd's user manager, spoken to by `systemctl --user`, whose `show` is meant for programs."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from gettext import gettext as _
from pathlib import Path

from watcher.errors import UserError
from watcher.service import Standing
from watcher.service.system import Done, call, order, put
from watcher.service.unit import NAME, is_current, is_untouched, unit

_KEPT = ("XDG_CONFIG_HOME", "XDG_STATE_HOME")
"""What decides where Watcher's files lie. A shell may have it otherwise than the user manager has."""
_ASKED = "LoadState FragmentPath UnitFileState ActiveState ActiveEnterTimestamp StatusText NRestarts ExecMainStatus"
_TO_BE_MENDED = 2
"""The exit status of a daemon that a person has to help."""


class Systemd:
    """The unit `watcher.service` of this user.

    Args:
        environ: the environment in which systemctl runs; where the unit's file belongs is read from it.
    """

    name = "systemd"

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._environ = {**environ, "LC_ALL": "C", "TZ": "UTC"}  # so that answers can be read
        home = Path(environ.get("HOME") or Path.home())
        self.file = Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "systemd/user" / NAME

    def install(self, command: Sequence[str], *, replace: bool = False) -> None:
        """Write the unit, enable it, start it (again) and wait until it is ready."""
        self._demand()
        if not replace:
            self._check_untouched()
        kept = {key: self._environ[key] for key in _KEPT if self._environ.get(key)}
        put(self.file, unit(command, kept).encode())
        self._order("daemon-reload")
        if self._show()["LoadState"] == "not-found":
            words = _("systemd does not look into {folder}: there XDG_CONFIG_HOME is not what it is here.")
            self.file.unlink()
            raise UserError(words.format(folder=self.file.parent))
        self._order("enable", NAME)
        self._systemctl("reset-failed", NAME)  # of an earlier attempt; after five it would not be started again
        if self._systemctl("restart", NAME).returncode:
            raise UserError(self._why_not())

    def uninstall(self) -> bool:
        """Stop and disable the unit, and remove its file; drop-ins are the user's, and stay."""
        self._demand()
        was_there = self.file.exists() or self.file.is_symlink()
        self._systemctl("disable", "--now", NAME)  # a link to a unit that is gone is removed as well
        self.file.unlink(missing_ok=True)
        self._order("daemon-reload")
        self._systemctl("reset-failed", NAME)
        return was_there

    def standing(self) -> Standing:
        """What `systemctl show` and `loginctl` say."""
        self._demand()
        found = self._show()
        active = found["ActiveState"] in {"active", "reloading"}
        return Standing(
            installed=found["LoadState"] != "not-found",
            current=is_current(_read(Path(found["FragmentPath"]))),
            enabled=found["UnitFileState"].startswith("enabled"),
            active=active,
            failed=found["ActiveState"] == "failed",
            since=_time(found["ActiveEnterTimestamp"]) if active else None,
            status=found["StatusText"],
            lingering=self._lingers(),
            restarts=int(found["NRestarts"] or 0),
        )

    def logs(self, lines: int, *, follow: bool) -> Sequence[str]:
        """By journalctl."""
        command = ("journalctl", "--user", f"--unit={NAME}", f"--lines={lines}", "--no-pager")
        return (*command, "--follow") if follow else command

    def reload(self) -> None:
        """By the unit's ExecReload, which is SIGHUP."""
        self._demand()
        self._order("reload", NAME)

    def _check_untouched(self) -> None:
        """Raise UserError for a file that is not as Watcher wrote it; a masked unit is a link to /dev/null."""
        if self.file.is_symlink() or (self.file.exists() and not is_untouched(_read(self.file))):
            words = _(
                "{file} was changed by hand and is left as it is. Put your own settings into a drop-in "
                "(systemctl --user edit watcher), then replace the file by: watcher service install --replace"
            )
            raise UserError(words.format(file=self.file))

    def _why_not(self) -> str:
        if self._show()["ExecMainStatus"] == str(_TO_BE_MENDED):
            return _(
                "The service is installed, but Watcher ended at once: something in it has to be mended first "
                "(watcher doctor), or it is running already (watcher status)."
            )
        return _("The service is installed but does not start. To see why: watcher service logs")

    def _lingers(self) -> bool | None:
        """None where there is no logind, or where it does not know this user."""
        with suppress(UserError):
            asked = call("loginctl", "show-user", str(os.getuid()), "--property=Linger", environ=self._environ)
            return {"Linger=yes": True, "Linger=no": False}.get(asked.stdout.strip())
        return None

    def _show(self) -> Mapping[str, str]:
        asked = self._systemctl("show", NAME, f"--property={','.join(_ASKED.split())}")
        pairs = (line.partition("=") for line in asked.stdout.splitlines())
        return dict.fromkeys(_ASKED.split(), "") | {key: value for key, _, value in pairs}

    def _demand(self) -> None:
        """Raise UserError where no user manager answers."""
        with suppress(UserError):
            if not self._systemctl("show", "--property=Version").returncode:
                return
        raise UserError(
            _(
                "No systemd answers for this user, so Watcher cannot be a service here. Log in as that user directly, "
                "not by su or sudo; where there is no systemd, let “watcher run” be started when you log in."
            )
        )

    def _order(self, *arguments: str) -> None:
        order("systemctl", "--user", *arguments, environ=self._environ)

    def _systemctl(self, *arguments: str) -> Done:
        return call("systemctl", "--user", *arguments, environ=self._environ)


def _read(file: Path) -> str:
    """What a unit's file says; nothing where there is none."""
    try:
        return file.read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _time(stamp: str) -> datetime | None:
    """A time as systemctl prints it: "Tue 2026-11-24 14:42:11 UTC"."""
    with suppress(ValueError, IndexError):
        _day, date, clock, _zone = stamp.split()
        return datetime.fromisoformat(f"{date}T{clock}+00:00")
    return None
