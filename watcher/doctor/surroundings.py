"""Where the doctor is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from gettext import gettext as _
from pathlib import Path
from typing import Any

from watcher import words
from watcher.doctor import mending


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What whoever calls has found out before, and wishes."""

    config: Path
    """The configuration file."""
    environ: Mapping[str, str]
    platform: str
    """As `sys.platform` names it."""
    daemon: Mapping[str, Any] = field(default_factory=dict)
    """What the running daemon answers to "status"; empty where none runs."""
    notify: bool = False
    """Whether to show a notice as a trial."""

    @property
    def edit(self) -> str:
        """What opens the configuration."""
        return mending.edit(self.config, self.environ)

    @property
    def later(self) -> str:
        """What to do about that which may pass by itself."""
        return _("wait a little, then: {command}").format(command=self.ours("doctor"))

    def ours(self, *words: str) -> str:
        """A command of Watcher's own, about this configuration."""
        return mending.ours(self.config, *words)

    @property
    def language(self) -> str:
        """The reader's."""
        return words.language("auto", self.environ)
