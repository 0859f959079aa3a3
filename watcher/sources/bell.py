"""A descriptor to wait on where there is no connection."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress

_NEWS = b"!"
_LIFE = b"?"


class Bell:
    """A pipe: ringing makes its descriptor readable."""

    def __init__(self) -> None:
        self.descriptor, self._rope = os.pipe()
        os.set_blocking(self.descriptor, False)
        os.set_blocking(self._rope, False)
        self.silence: Callable[[], None] = lambda: None

    def ring(self) -> None:
        """Tell of news."""
        self._pull(_NEWS)

    def sound(self) -> None:
        """Give a sign of life, which is no news."""
        self._pull(_LIFE)

    def heard(self) -> bool:
        """Whether there were news since it was asked last."""
        try:
            return _NEWS in os.read(self.descriptor, 1 << 16)
        except BlockingIOError:
            return False

    def close(self) -> None:
        """Put it away."""
        self.silence()
        os.close(self.descriptor)
        os.close(self._rope)

    def _pull(self, how: bytes) -> None:
        with suppress(BlockingIOError):
            os.write(self._rope, how)
