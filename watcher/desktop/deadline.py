"""How long a number of steps may take together."""

from __future__ import annotations

import time


class Deadline:
    """A moment by which all that is measured against it must be done.

    Args:
        seconds: from now.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self._end - time.monotonic())
