"""An attachment and what has to be found out about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from watcher.model import Opened


@dataclass(frozen=True)
class Sample:
    """An attachment and what has to be found out about it."""

    filename: str
    build: Callable[[], bytes]
    kind: str
    members: tuple[tuple[str, str], ...] = ()
    """(path, kind) of each member, in order."""
    state: Opened = Opened.OPENED

    @property
    def is_innocent(self) -> bool:
        """Whether nothing in it runs, and it could be opened whole."""
        kinds = {self.kind, *(kind for _, kind in self.members)}
        return self.state is Opened.OPENED and not kinds & {"program", "disk"}


def sample(
    filename: str,
    content: bytes | Callable[[], bytes],
    kind: str,
    members: Mapping[str, str] | None = None,
    state: Opened = Opened.OPENED,
) -> Sample:
    """One row of the table; content that is costly to build is given as a function."""
    build = content if callable(content) else lambda: content
    return Sample(filename, build, kind, tuple((members or {}).items()), state)
