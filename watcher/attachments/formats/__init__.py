"""How each archive format is read: one file a format, named in `_READERS`.

A format has `recognises`, `entries` and perhaps `prepare`, which loads what could not be loaded later. It yields its
entries lazily: each is read, if at all, before the next one is asked for. What it reads is hostile: it may raise
anything, which `inspect` takes as "broken", but it must not unpack more than it was asked for.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

_READERS: Final = ("zips", "tars", "streams", "cabs", "messages", "libarchives")
"""Those that need nothing but the standard library come first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file inside an archive, not unpacked yet."""

    path: str
    """Decoded and tidy; see `names`."""
    size: int
    """Octets as announced; 0 where the format does not say."""
    read: Callable[[int], bytes]
    """Unpack the first octets, at most so many."""
    encrypted: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """One archive format.

    `recognises(filename, content)` may be given the first octets alone; `entries(filename, content)` gets them all.
    """

    recognises: Callable[[str, bytes], bool]
    entries: Callable[[str, bytes], Iterator[Entry]]


class BrokenArchiveError(Exception):
    """The archive contradicts itself or ends too early."""


class EncryptedArchiveError(Exception):
    """Even the names of what lies in the archive are encrypted."""


class NoReaderError(Exception):
    """This computer has nothing that reads it."""


class TooLargeError(Exception):
    """There is more than may be looked at."""


@cache
def formats() -> tuple[Format, ...]:
    """All formats that can be read here. The caged child calls this before it shuts itself off."""
    return tuple(form for form in map(_load, _READERS) if form)


def _load(name: str) -> Format | None:
    try:
        module = importlib.import_module(f"{__name__}.{name}")
    except (ImportError, OSError, AttributeError, TypeError):
        return None  # what Python's binding raises where libarchive itself is missing, by version
    getattr(module, "prepare", lambda: None)()
    return Format(module.recognises, module.entries)
