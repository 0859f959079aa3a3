"""How the desktop tells the user, and how the user's answer comes back: the back ends of `ports.Notifier`.

`freedesktop` speaks to the notification server itself and has buttons, `plyer` goes by the library of that name,
`log` always works, `memory` is for tests and the demo.
"""

from __future__ import annotations

import sys
from gettext import gettext as _
from typing import TYPE_CHECKING

from watcher.desktop.fallback import Fallback
from watcher.errors import UserError

if TYPE_CHECKING:
    from watcher.ports import Notifier

BACKENDS = ("auto", "freedesktop", "plyer", "log", "none")


def choose(backend: str) -> Notifier:
    """The notifier that `notify.backend` of the configuration names. Loads no library before it is needed.

    "auto" tries `freedesktop`, `plyer` and `log` anew for each notice, so that a desktop that comes or goes later
    is used from then on. Raises UserError for a name that is not in `BACKENDS`.
    """
    match backend:
        case "auto":
            return Fallback(*((_freedesktop,) if sys.platform == "linux" else ()), _plyer, _log)
        case "freedesktop":
            return _freedesktop()
        case "plyer":
            return _plyer()
        case "log":
            return _log()
        case "none":
            return _silent()
    words = _('There is no notifier called "{backend}": choose one of {backends}.')
    raise UserError(words.format(backend=backend, backends=", ".join(BACKENDS)))


def _freedesktop() -> Notifier:
    from watcher.desktop.freedesktop import Freedesktop  # noqa: PLC0415 - loads jeepney, for Linux only

    return Freedesktop()


def _plyer() -> Notifier:
    from watcher.desktop.plyer import Plyer  # noqa: PLC0415 - alike

    return Plyer()


def _log() -> Notifier:
    from watcher.desktop.log import Log  # noqa: PLC0415 - alike

    return Log()


def _silent() -> Notifier:
    from watcher.desktop.log import Silent  # noqa: PLC0415 - alike

    return Silent()


__all__ = ["BACKENDS", "choose"]
