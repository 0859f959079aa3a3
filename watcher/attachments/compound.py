"""Compound files, in which older office documents and Outlook's mails keep their streams ([MS-CFB]).

Own code, because what is read here is hostile and so has to be bounded at every step: chains of sectors that turn in a
circle or claim terabytes, directories of any shape. Whatever remains of a damaged file is read.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from watcher.attachments.limits import KIB, MIB

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEADER: Final = struct.Struct("<8s16sHHHHH6s9L")  # 2.2
_ENTRY: Final = struct.Struct("<64sHBBLLL16sL8s8sLQ")  # 2.6.1
_LAST_SECTOR: Final = 0xFFFFFFFA
"""Numbers above it mark ends and free places (2.1)."""
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_MINI: Final = 64
_CUTOFF: Final = 4096
"""Octets below which a stream lies in the mini stream; the format allows no other figure."""
_MOST_ENTRIES: Final = 20_000
_MOST_READ: Final = 48 * MIB
"""Octets of all streams together: many may share the same sectors."""


def wide(raw: bytes) -> str:
    """Text in UTF-16, least octet first; by the function itself, since the cage can look up no codec any more."""
    return codecs.utf_16_le_decode(raw, "replace", True)[0]


@dataclass(frozen=True, slots=True)
class Entry:
    """A stream or a storage."""

    path: str
    """Names from the root down with "/" between them; the bare name where the tree does not lead to it."""
    is_stream: bool
    start: int
    size: int

    @property
    def name(self) -> str:
        """The last part of the path, in lower case: names are compared without regard to it."""
        return self.path.rpartition("/")[2].lower()


class Compound:
    """One compound file, from memory; where nothing can be found, one without entries."""

    def __init__(self, content: bytes) -> None:
        header = _HEADER.unpack(content[: _HEADER.size].ljust(_HEADER.size, b"\0"))
        self._content = content
        self._sector = 1 << 12 if header[5] == 12 else 1 << 9
        self._sectors = len(content) // self._sector
        self._left = _MOST_READ
        self._table = self._read_table(header[15])
        mini_table = self._chain(header[13], self._sectors * self._sector)
        self._mini_table = struct.unpack(f"<{len(mini_table) // 4}L", mini_table[: len(mini_table) // 4 * 4])
        directory = self._chain(header[10], _MOST_ENTRIES * _ENTRY.size)
        self._raw = list(_ENTRY.iter_unpack(directory[: len(directory) // _ENTRY.size * _ENTRY.size]))
        root = next((entry for entry in self._raw[:1] if entry[2] == _ROOT), None)
        self._mini = self._chain(root[11], root[12]) if root else b""
        self.entries: tuple[Entry, ...] = tuple(self._walk())

    def find(self, *names: str) -> Iterator[Entry]:
        """The streams and storages with one of these names (lower case), at any depth."""
        return (entry for entry in self.entries if entry.name in names)

    def read(self, entry: Entry, octets: int = 8 * MIB) -> bytes:
        """The first octets of a stream; fewer where sectors are missing, or too much has been read already."""
        size = min(entry.size, octets, self._left)
        chain = self._mini_chain if entry.size < _CUTOFF else self._chain
        found = chain(entry.start, size)
        self._left -= len(found)
        return found

    def _read_table(self, first: int) -> tuple[int, ...]:
        """The chain of every sector (FAT, 2.3), put together from where header and DIFAT (2.5) say that it lies."""
        each = self._sector // 4
        wanted = self._sectors // each + 1
        places = list(struct.unpack_from("<109L", self._content.ljust(512, b"\xff"), _HEADER.size))
        while first < self._sectors and len(places) < wanted:
            further = self._at(first).ljust(self._sector, b"\xff")
            *more, first = struct.unpack(f"<{each}L", further)
            places += more
        sectors = [self._at(place).ljust(self._sector, b"\xff") for place in places if place <= _LAST_SECTOR]
        table = b"".join(sectors[:wanted])
        return struct.unpack(f"<{len(table) // 4}L", table)

    def _at(self, number: int) -> bytes:
        start = (number + 1) * self._sector
        return self._content[start : start + self._sector]

    def _chain(self, start: int, size: int) -> bytes:
        found = []
        for _ in range(min(-(-size // self._sector), self._sectors)):
            if start >= len(self._table):
                break
            found.append(self._at(start))
            start = self._table[start]
        return b"".join(found)[:size]

    def _mini_chain(self, start: int, size: int) -> bytes:
        found = []
        for _ in range(-(-size // _MINI)):
            if start >= len(self._mini_table):
                break
            found.append(self._mini[start * _MINI : (start + 1) * _MINI])
            start = self._mini_table[start]
        return b"".join(found)[:size]

    def _walk(self) -> Iterator[Entry]:
        """Everything that the tree leads to, and then what it does not: readers differ in what they still find."""
        seen = {0}
        ahead = [(self._raw[0][6], "")] if self._raw else []
        while ahead:
            number, prefix = ahead.pop()
            if number in seen or number >= len(self._raw):
                continue
            seen.add(number)
            entry = self._entry(number, prefix)
            left, right, child = self._raw[number][4:7]
            below = f"{entry.path}/" if len(entry.path) < KIB else prefix
            ahead += [(right, prefix), (left, prefix), (child, below)]
            yield entry
        lost = (number for number in range(len(self._raw)) if number not in seen)
        yield from (self._entry(number, "") for number in lost if self._raw[number][2] in {_STORAGE, _STREAM})

    def _entry(self, number: int, prefix: str) -> Entry:
        raw, length, kind, *_, start, size = self._raw[number]
        name = wide(raw[: max(min(length, 64) - 2, 0)])
        if self._sector == 1 << 9:
            size &= 0xFFFFFFFF  # the upper half may hold anything (2.6.1)
        return Entry(prefix + name.replace("/", "_"), kind == _STREAM, start, size)
