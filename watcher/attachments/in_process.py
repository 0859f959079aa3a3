"""An Opener without a cage, for content that is trusted and for tests."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from watcher.attachments.inspect import inspect
from watcher.attachments.limits import Limits
from watcher.model import Opening


class InProcess:
    """Looks into attachments in this very process: the same limits, except those that only a cage can hold."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()

    def prepare(self, filename: str = "") -> None:
        """There is nothing to make ready."""

    def open(self, filename: str, content: bytes) -> Opening:
        """See `ports.Opener.open`. Does not end after `Limits.seconds`."""
        return replace(inspect(filename, content, self._limits), sha256=hashlib.sha256(content).hexdigest())

    def close(self) -> None:
        """There is nothing to end."""
