"""Commands that mend, as they can be pasted into a terminal. What this computer lacks is not among them."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

from watcher import paths

LOGS = "watcher service logs"
RESUME = "watcher resume"
SET_CLOCK = "sudo timedatectl set-ntp true"

_EDITORS = (("editor",), ("nano",), ("vi",), ("open", "-t"))
"""What can edit a file in a terminal: on Debian, elsewhere, on a Mac."""


def edit(path: Path, environ: Mapping[str, str]) -> str:
    """What opens a file of ours in an editor: the desktop's own where there is a desktop."""
    desktop = (("xdg-open",),) if environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY") else ()
    wished = (tuple(shlex.split(environ.get("EDITOR", ""))),)
    editors = [editor for editor in (*wished, *desktop, *_EDITORS) if editor]
    found = next((e for e in editors if shutil.which(e[0], path=environ.get("PATH"))), editors[-1])
    return shlex.join([*found, str(path)])


def ours(config: Path, *words: str) -> str:
    """A command of Watcher's own, about that configuration."""
    return shlex.join(["watcher", *paths.naming(config), *words])


def move_away(path: Path) -> str:
    """What puts a file aside, without losing it."""
    return shlex.join(["mv", str(path), f"{path}.old"])


def remove(path: Path) -> str:
    """What deletes a file of no use any more, with what SQLite may have put beside it."""
    return f"rm {shlex.quote(str(path))}*"


def reload(pid: int) -> str:
    """What has the daemon read its configuration, and log in, anew."""
    return shlex.join(["kill", "-HUP", str(pid)])


def free_space(folder: Path) -> str:
    """What shows how much room there is."""
    return shlex.join(["df", "-h", str(folder)])
