"""How each archive format is read: one file a format, named in `FORMATS`.

A format recognises itself and yields its entries lazily. What it reads is hostile: it may raise anything, which
`inspect` takes as "broken", but it must not unpack more than it was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


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


class TooLargeError(Exception):
    """There is more than may be looked at."""
