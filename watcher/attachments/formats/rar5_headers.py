"""What libarchive keeps to itself of a RAR 5 archive: which of its files are encrypted, and whether it is solid.

Older versions hand out what is encrypted as if it were the content. References are to "RAR 5.0 archive format"
(rarlab.com/technote.htm).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

SIGNATURE: Final = b"Rar!\x1a\x07\x01\0"

_MOST_BLOCKS: Final = 70_000
_MAIN, _FILE = 1, 2  # "Archive blocks"
_HAS_EXTRA, _HAS_DATA = 1, 2
_SOLID: Final = 4  # "Main archive header"
_HAS_TIME, _HAS_CHECKSUM = 2, 4  # "File header"
_ENCRYPTION: Final = 1  # "File encryption record"


@dataclass(frozen=True, slots=True)
class Headers:
    """What the headers of one archive tell."""

    is_solid: bool
    encrypted: frozenset[str]
    """Paths as they are written."""


def read(content: bytes) -> Headers:
    """Walk through the headers as far as they make sense. Never raises."""
    is_solid, encrypted = False, set()
    for kind, fields, extra in islice(_blocks(content), _MOST_BLOCKS):
        is_solid = is_solid or (kind == _MAIN and bool(fields.number() & _SOLID))
        if kind == _FILE and _is_encrypted(extra):
            encrypted.add(_path(fields))
    return Headers(is_solid, frozenset(encrypted))


class _Fields:
    """Octets, from which one number after the other is taken; zeros once they have run out."""

    def __init__(self, octets: bytes, place: int = 0) -> None:
        self.place = place
        self._octets = octets

    def number(self) -> int:
        """A number of seven bits an octet ("vint")."""
        value = shift = 0
        while shift < 70 and self.place < len(self._octets):
            octet = self._octets[self.place]
            self.place += 1
            value |= (octet & 0x7F) << shift
            shift += 7
            if octet < 0x80:
                break
        return value

    def take(self, octets: int) -> bytes:
        """The next so many."""
        taken = self._octets[self.place : self.place + octets]
        self.place += octets
        return taken


def _blocks(content: bytes) -> Iterator[tuple[int, _Fields, bytes]]:
    """(kind, what is particular to that kind, extra records) of each block."""
    fields = _Fields(content, len(SIGNATURE))
    while fields.place < len(content):
        fields.take(4)  # its checksum
        size = fields.number()
        block = _Fields(fields.take(size))
        kind, flags = block.number(), block.number()
        extra_size = block.number() if flags & _HAS_EXTRA else 0
        data_size = block.number() if flags & _HAS_DATA else 0
        rest = block.take(size)
        yield kind, _Fields(rest), rest[max(len(rest) - extra_size, 0) :] if extra_size else b""
        fields.take(data_size)


def _is_encrypted(extra: bytes) -> bool:
    records = _Fields(extra)
    while records.place < len(extra):
        size = records.number()
        if _Fields(records.take(size)).number() == _ENCRYPTION:
            return True
    return False


def _path(fields: _Fields) -> str:
    flags = fields.number()
    fields.number()  # unpacked size
    fields.number()  # attributes
    fields.take((4 if flags & _HAS_TIME else 0) + (4 if flags & _HAS_CHECKSUM else 0))
    fields.number()  # compression
    fields.number()  # system
    return fields.take(fields.number()).decode("utf-8", "replace")
