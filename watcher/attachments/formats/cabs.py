"""Cabinet files ([MS-CAB]), read here because libarchive's reader crashes on damaged ones.

What is packed by LZX or Quantum is told by its names only.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from watcher.attachments import names
from watcher.attachments.formats import BrokenArchiveError, Entry, NoReaderError, TooLargeError
from watcher.attachments.limits import MIB

MOST_PASSED: Final = 128 * MIB
"""Octets unpacked in one cabinet, most of them to get at the next file: all files of a folder are packed as one."""

_MAGIC: Final = b"MSCF\0\0\0\0"
_HEADER: Final = struct.Struct("<16xL6xHHH4x")  # 2.1: where the files are, folders, files, flags
_RESERVED: Final = struct.Struct("<HBB")
_FOLDER: Final = struct.Struct("<LHH")  # 2.2
_FILE: Final = struct.Struct("<LLH4xH")  # 2.3
_BLOCK: Final = struct.Struct("<4xHH")  # 2.4
_HAS_PREVIOUS, _HAS_NEXT, _HAS_RESERVED = 1, 2, 4
_UTF8: Final = 0x80  # _A_NAME_IS_UTF
_METHOD, _STORED, _MSZIP = 0x0F, 0, 1
_WINDOW: Final = 32_768


def recognises(_filename: str, content: bytes) -> bool:
    """Whether it begins like a cabinet file."""
    return content.startswith(_MAGIC)


def entries(_filename: str, content: bytes) -> Iterator[Entry]:
    """All files, in the order of the directory."""
    cabinet = _Cabinet(content)
    files = list(cabinet.files())
    charset = names.guess_charset([file.name for file in files if not file.attributes & _UTF8])
    for file in files:
        path = file.name.decode("utf-8" if file.attributes & _UTF8 else charset, "replace")
        yield Entry(names.tidy(path), file.size, _reader(cabinet, file))


@dataclass(frozen=True, slots=True)
class _File:
    """One entry of the directory."""

    size: int
    offset: int
    """In the unpacked folder."""
    folder: int
    attributes: int
    name: bytes


class _Cabinet:
    """The directory of a cabinet, and the folder that is just being unpacked."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._first_file, folders, self._count, flags = _HEADER.unpack_from(content)
        place, per_folder, self._per_block = _HEADER.size, 0, 0
        if flags & _HAS_RESERVED:
            per_header, per_folder, self._per_block = _RESERVED.unpack_from(content, place)
            place += _RESERVED.size + per_header
        for _ in range((2 if flags & _HAS_PREVIOUS else 0) + (2 if flags & _HAS_NEXT else 0)):
            place = _end_of_text(content, place)
        size = _FOLDER.size + per_folder
        self._folders = [_FOLDER.unpack_from(content, place + number * size) for number in range(folders)]
        self._passed = 0
        self._stream: Iterator[bytes] = iter(())
        self._open, self._place, self._rest = -1, 0, b""

    def files(self) -> Iterator[_File]:
        """The directory."""
        place = self._first_file
        for _ in range(self._count):
            size, offset, folder, attributes = _FILE.unpack_from(self._content, place)
            start = place + _FILE.size
            place = _end_of_text(self._content, start)
            yield _File(size, offset, folder, attributes, self._content[start : place - 1])

    def go_to(self, folder: int, offset: int) -> None:
        """Unpack a folder up to this place, from where it has been left if that was before."""
        if folder != self._open or offset < self._place:
            self._open, self._place, self._rest = folder, 0, b""
            self._stream = self._unpack(folder)
        while self._place < offset and self.read(min(offset - self._place, _WINDOW)):
            pass

    def read(self, octets: int) -> bytes:
        """The next octets, one block's at most; none at the end of the folder."""
        if not self._rest:
            folder, self._open = self._open, -1  # which it stays if unpacking fails
            self._rest = next(self._stream, b"")
            self._open = folder
        piece, self._rest = self._rest[:octets], self._rest[octets:]
        self._place += len(piece)
        return piece

    def _unpack(self, folder: int) -> Iterator[bytes]:
        if folder >= len(self._folders):
            raise BrokenArchiveError  # it begins or ends in another cabinet
        place, blocks, method = self._folders[folder]
        window = b""
        for _ in range(blocks):
            packed, size = _BLOCK.unpack_from(self._content, place)
            start = place + _BLOCK.size + self._per_block
            place = start + packed
            window = _unpack_block(self._content[start:place], method & _METHOD, window)
            self._passed += size
            if self._passed > MOST_PASSED:
                raise TooLargeError
            if len(window) != size:
                raise BrokenArchiveError
            yield window


def _unpack_block(packed: bytes, method: int, window: bytes) -> bytes:
    if method == _STORED:
        return packed
    if method != _MSZIP:
        raise NoReaderError
    if not packed.startswith(b"CK"):  # [MS-MCI] 2.1
        raise BrokenArchiveError
    return zlib.decompressobj(-zlib.MAX_WBITS, zdict=window).decompress(packed[2:], _WINDOW)


def _reader(cabinet: _Cabinet, file: _File) -> Callable[[int], bytes]:
    """Reads one file while it is the last that was asked for; what has passed is kept."""
    head = bytearray()

    def read(octets: int) -> bytes:
        wanted = min(octets, file.size)
        if not head:
            cabinet.go_to(file.folder, file.offset)
        while len(head) < wanted:
            piece = cabinet.read(wanted - len(head))
            if not piece:
                raise BrokenArchiveError
            head.extend(piece)
        return bytes(head[:wanted])

    return read


def _end_of_text(content: bytes, place: int) -> int:
    return content.index(b"\0", place, place + 257) + 1
