"""What documents, pages and pictures hold: one file a format, each found by scanning this folder.

A module here has `recognises(filename, head)` and `look(filename, content)`, which yields findings; where the outside
package that it imports is not installed, it is left out. What it reads is hostile: it may raise anything, which
`inspect` takes as "broken"; it must not take more memory or time than its input bounds, and it touches no file.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from watcher.model import Finding


@dataclass(frozen=True, slots=True)
class Content:
    """One format."""

    recognises: Callable[[str, bytes], bool]
    """By file name and first octets (4 KiB)."""
    look: Callable[[str, bytes], Iterator[Finding]]
    """Every finding in the whole content; `path` is filled in by `inspect`."""


@cache
def contents() -> tuple[Content, ...]:
    """All formats whose packages are installed. The caged child calls this before it shuts itself off."""
    loaded = (_load(module.name) for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name))
    return tuple(content for content in loaded if content)


def _load(name: str) -> Content | None:
    try:
        module = importlib.import_module(f"{__name__}.{name}")
    except ImportError:
        return None  # an extra that is not installed: `attachments` in pyproject.toml
    return Content(module.recognises, module.look)
