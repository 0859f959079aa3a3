"""One compressed file without a directory: gzip (RFC 1952), bzip2, xz, and its forerunner lzma."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, Any

from watcher import kinds
from watcher.attachments import names
from watcher.attachments.formats import Entry

_OPENERS: tuple[tuple[bytes, Callable[[IO[bytes]], Any]], ...] = (
    (b"\x1f\x8b\x08", gzip.open),
    (b"BZh", bz2.open),
    (b"\xfd7zXZ\0", lzma.open),
    (b"\x5d\0\0", lzma.open),  # what every packer of .lzma begins with; neither text nor anything that is common
)
_TAPES = frozenset({"tgz", "taz", "tbz", "tbz2", "txz", "tzst", "tlz"})
_HAS_EXTRA, _HAS_NAME = 1 << 2, 1 << 3  # RFC 1952, 2.3.1


def recognises(_filename: str, content: bytes) -> bool:
    """Whether it begins like one of them."""
    return any(content.startswith(magic) for magic, _ in _OPENERS)


def entries(filename: str, content: bytes) -> Iterator[Entry]:
    """The one file, by the name that an unpacker gives it."""
    is_gzip = content.startswith(b"\x1f\x8b")
    path = (_stored_name(content) if is_gzip else "") or unpacked_name(filename)
    size = int.from_bytes(content[-4:], "little") if is_gzip else 0
    yield Entry(names.tidy(path), size, partial(_read, content))


def _stored_name(content: bytes) -> str:
    """The name in a gzip header, which unpackers prefer to that of the attachment; empty where there is none."""
    flags, start = content[3], 10
    if flags & _HAS_EXTRA:
        start += 2 + int.from_bytes(content[10:12], "little")
    raw = content[start : start + names.LONGEST].partition(b"\0")[0] if flags & _HAS_NAME else b""
    return raw.decode(names.guess_charset([raw]), "replace")


def unpacked_name(filename: str) -> str:
    """The name that an unpacker gives to what lies in a packed file: one without the last extension."""
    last = kinds.extension(filename)
    stem = filename.rpartition(".")[0] if last else filename
    return f"{stem}.tar" if last in _TAPES else stem


def _read(content: bytes, octets: int) -> bytes:
    opener = next(opener for magic, opener in _OPENERS if content.startswith(magic))
    with opener(io.BytesIO(content)) as stream:
        head: bytes = stream.read(octets)
    return head
