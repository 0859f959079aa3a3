"""What setup finds itself in, and works with; tests put their own in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from watcher.discovery.search import Network
from watcher.service import Service


@dataclass(frozen=True, slots=True)
class Surroundings:
    """This computer, and the ways out of it."""

    config: Path
    """Where the configuration lies, or is going to."""
    home: Path
    environ: Mapping[str, str]
    platform: str
    """As `sys.platform` has it."""
    language: str
    """Of whoever answers."""
    network: Network
    """Asked only after the user has agreed."""
    service: Callable[[], Service]
    """What keeps Watcher running. Raises UserError where Watcher knows of nothing that does."""
    reread: Callable[[], bool]
    """Has a running daemon read its configuration again, however it was started; whether one runs."""
    command: Sequence[str]
    """What the service is to run."""
    browse: Callable[[str], bool]
    """Opens a page on the web; whether somebody took it."""
