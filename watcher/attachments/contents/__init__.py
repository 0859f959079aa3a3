"""What documents, pages and pictures hold: one file a format, each found by scanning this folder.

A module here has `recognises(filename, head)` and `look(filename, content)`, which yields findings; where the outside
package that it imports is not installed, it is left out. What it reads is hostile: it may raise anything, which
`inspect` takes as "broken"; it must not take more memory or time than its input bounds, and it touches no file.

A module that says `HEAVY = True` takes long to load. It has to do with pictures and PDF alone (`is_heavy`), and is
loaded only by the child that is started when one of those has come.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Final

from watcher.model import Finding

_HEAVY: Final = re.compile(r"^HEAVY(?:: Final)? = True$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Content:
    """One format."""

    recognises: Callable[[str, bytes], bool]
    """By file name and first octets (4 KiB)."""
    look: Callable[[str, bytes], Iterator[Finding]]
    """Every finding in the whole content; `path` is filled in by `inspect`."""


def is_heavy(kind: str, head: bytes) -> bool:
    """Whether only a heavy module would look at it: a picture or a PDF; `kind` is that of `kinds`."""
    return kind == "picture" or (kind == "document" and b"%PDF-" in head[:1024])


@cache
def contents(*, heavy: bool = True) -> tuple[Content, ...]:
    """All formats whose packages are installed, or the light ones; called by the child before it shuts itself off."""
    found = sorted(module.name for module in pkgutil.iter_modules(__path__))
    loaded = (_load(f"{__name__}.{name}") for name in found if heavy or not _says_heavy(f"{__name__}.{name}"))
    return tuple(content for content in loaded if content)


def _says_heavy(name: str) -> bool:
    """Read off the source: to import it in order to ask is what has to be avoided."""
    spec = find_spec(name)
    source = getattr(spec and spec.loader, "get_source", lambda _name: None)(name)
    return bool(source and _HEAVY.search(source))


def _load(name: str) -> Content | None:
    try:
        module = importlib.import_module(name)
    except ImportError:
        return None  # an extra that is not installed: `attachments` in pyproject.toml
    return Content(module.recognises, module.look)
