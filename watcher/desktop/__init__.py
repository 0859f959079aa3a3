"""How the desktop tells the user, and how the user's answer comes back: the back ends of `ports.Notifier`.

`freedesktop` speaks to the notification server itself and has buttons, `plyer` goes by the library of that name,
`log` always works, `memory` is for tests and the demo. Those of `ports.Viewer`, which open pages and mail in the
user's own programs, are `viewer` and, where there is no session bus to ask, `browser`.
"""

from __future__ import annotations

import sys
from functools import partial
from gettext import gettext as _
from typing import TYPE_CHECKING

from watcher.desktop.fallback import Fallback
from watcher.errors import UserError

if TYPE_CHECKING:
    from watcher.ports import Notebook, Notifier, Viewer

BACKENDS = ("auto", "freedesktop", "plyer", "log", "none")


def choose(backend: str, notebook: Notebook | None = None) -> Notifier:
    """The notifier that `notify.backend` of the configuration names. Loads no library before it is needed.

    "auto" tries `freedesktop`, `plyer` and `log` anew for each notice, so that a desktop that comes or goes later
    is used from then on.

    Args:
        backend: its name.
        notebook: where to keep what was shown, so that its buttons are answered after a restart.

    Raises:
        UserError: the name is not in `BACKENDS`.
    """
    freedesktop = partial(_freedesktop, notebook)
    match backend:
        case "auto":
            makers = (*((freedesktop,) if sys.platform == "linux" else ()), _plyer, _log)
            return Fallback(*makers, recalls=notebook is not None and bool(notebook.shown()))
        case "freedesktop":
            return freedesktop()
        case "plyer":
            return _plyer()
        case "log":
            return _log()
        case "none":
            return _silent()
    words = _('There is no notifier called "{backend}": choose one of {backends}.')
    raise UserError(words.format(backend=backend, backends=", ".join(BACKENDS)))


def choose_viewer() -> Viewer:
    """What opens pages and mail on this system."""
    if sys.platform == "linux":
        from watcher.desktop.viewer import DesktopViewer  # noqa: PLC0415 - loads jeepney, for Linux only

        return DesktopViewer()
    from watcher.desktop.browser import Browser  # noqa: PLC0415 - not needed on Linux

    return Browser()


def _freedesktop(notebook: Notebook | None) -> Notifier:
    from watcher.desktop.freedesktop import Freedesktop  # noqa: PLC0415 - loads jeepney, for Linux only

    return Freedesktop(notebook=notebook)


def _plyer() -> Notifier:
    from watcher.desktop.plyer import Plyer  # noqa: PLC0415 - alike

    return Plyer()


def _log() -> Notifier:
    from watcher.desktop.log import Log  # noqa: PLC0415 - alike

    return Log()


def _silent() -> Notifier:
    from watcher.desktop.log import Silent  # noqa: PLC0415 - alike

    return Silent()


__all__ = ["BACKENDS", "choose", "choose_viewer"]
