"""Notices as lines of the log, for machines without a desktop, and no notices at all."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from watcher.desktop.line import one_line, typed_out

if TYPE_CHECKING:
    from watcher.model import Choice, Notice

LOG = logging.getLogger(__name__)


class Silent:
    """Shows nothing, which is what its user asked for: a notice counts as shown, and nobody tries again."""

    name = "none"

    def show(self, notice: Notice) -> bool:  # noqa: ARG002 - the port's signature
        """Do nothing, successfully."""
        return True

    def listen(self, pressed: Callable[[str, Choice], None]) -> None:
        """Never call back: there is nothing to press."""

    def buttons(self) -> bool:
        """There are none."""
        return False

    def close(self) -> None:
        """Nothing to stop."""


class Log(Silent):
    """Writes each notice as one line of the log: a warning where it is urgent, otherwise for information."""

    name = "log"

    def show(self, notice: Notice) -> bool:
        """Write the notice; always works."""
        level = logging.WARNING if notice.urgent else logging.INFO
        LOG.log(level, "%s: %s", one_line(notice.summary), one_line(typed_out(notice)))
        return True
