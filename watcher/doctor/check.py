"""What one look came to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    GOOD = "good"
    WARNING = "warning"
    """It works, but it is as well to know."""
    BAD = "bad"
    """It does not work until somebody mends it."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    """For programs: "config", "password.home", …"""
    level: Level
    finding: str
    """One sentence."""
    mend: str = ""
    """The command, or what to do; empty where nothing need be mended."""

    @property
    def works(self) -> bool:
        """Whether nothing need be mended, although there may be something to know."""
        return self.level is not Level.BAD


@dataclass(frozen=True, slots=True)
class Section:
    """What concerns one subject."""

    heading: str
    checks: Iterable[Check]
    """Found while they are asked for."""


def good(name: str, finding: str) -> Check:
    """All is well."""
    return Check(name, Level.GOOD, finding)


def warning(name: str, finding: str, mend: str = "") -> Check:
    """It works, but."""
    return Check(name, Level.WARNING, finding, mend)


def bad(name: str, finding: str, mend: str) -> Check:
    """It does not work, and this is what mends it."""
    return Check(name, Level.BAD, finding, mend)
