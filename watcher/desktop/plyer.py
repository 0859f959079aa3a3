"""Notices by plyer: plain ones, without buttons, wherever that library can show them."""

from __future__ import annotations

import logging
import shutil
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import Future
from gettext import gettext as _
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from watcher.desktop.deadline import Deadline
from watcher.desktop.line import one_line, typed_out
from watcher.errors import TransientError

if TYPE_CHECKING:
    from watcher.desktop.freedesktop import Server
    from watcher.model import Choice, Notice

LOG = logging.getLogger(__name__)


class Plyer:
    """Shows notices by `plyer.notification`, for as long as it would not fail in silence.

    Args:
        patience: seconds that one call of `show` may take.
    """

    name = "plyer"

    def __init__(self, patience: float = 2.0) -> None:
        self._patience = patience
        self._underway: Future[None] | None = None

    def show(self, notice: Notice) -> bool:
        """Show a notice; False where plyer could not, or has not finished in time.

        On Linux plyer starts notify-send, waits for it without an end and drops its exit status. So it is asked
        only when a notification server has just answered, and from a thread that may be left behind: a daemon
        thread, since any other would keep the process from ending.
        """
        deadline = Deadline(self._patience)
        if self._underway is not None and not self._underway.done():
            return False
        try:
            body = _prepare(typed_out(notice), deadline)
        except TransientError as error:
            LOG.info("plyer cannot show notices: %s", error)
            return False
        self._underway = Future()
        words = (_argument(notice.summary), _argument(body))
        Thread(target=_notify, args=(self._underway, *words), name="watcher-plyer", daemon=True).start()
        try:
            self._underway.result(timeout=deadline.left())
        except Exception as error:  # noqa: BLE001 - what plyer raises depends on the platform, and the port never raises
            LOG.info("plyer did not show a notice: %r", error)
            return False
        return True

    def listen(self, pressed: Callable[[str, Choice], None]) -> None:
        """Never call back: plyer has no buttons."""

    def buttons(self) -> bool:
        """There are none."""
        return False

    def close(self) -> None:
        """Nothing to stop."""


def _prepare(body: str, deadline: Deadline) -> str:
    """The body as it has to be given to plyer. Raises TransientError where plyer would fail, or worse."""
    if sys.platform != "linux":
        return one_line(body)
    if Path("/app").is_dir():
        # plyer takes this for Flatpak and pastes the text, quotes and all, into a GVariant expression for gdbus.
        raise TransientError(_("It would go by the Flatpak portal, which is not safe with text from mail."))
    by_dbus = find_spec("dbus") is not None  # then plyer prefers it
    if not by_dbus and shutil.which("notify-send") is None:
        raise TransientError(_("Neither notify-send nor Python's dbus is installed."))
    text = _probe(deadline).body(body)
    return text if by_dbus else text.replace("\\", r"\\")  # notify-send reads C escapes in the body


def _probe(deadline: Deadline) -> Server:
    from watcher.desktop.freedesktop import Freedesktop  # noqa: PLC0415 - Linux only, like jeepney

    desktop = Freedesktop(patience=deadline.left())
    try:
        return desktop.probe()
    finally:
        desktop.close()


def _notify(done: Future[None], title: str, message: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # at its first use plyer warns of each library that it does without
            from plyer import notification  # noqa: PLC0415 - costs a daemon that never needs it nothing

            notification.notify(title=title, message=message, app_name="Watcher")
    except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
        done.set_exception(error)
    else:
        done.set_result(None)


def _argument(line: str) -> str:
    """The same line, which notify-send can no longer take for an option: it knows options by their first character."""
    line = one_line(line)
    return f" {line}" if line.startswith("-") else line
