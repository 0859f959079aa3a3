"""ZIP archives, and whatever is one inside: office documents, Java archives.

References are to PKWARE's APPNOTE.TXT 6.3.10.

The standard library reads what is well-formed. Unpackers differ in what they make of the rest (a directory that is
cut off or lies, two archives one after the other), and so the local headers are then walked too: what any of them
would show is listed.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial

from watcher import kinds
from watcher.attachments import names
from watcher.attachments.formats import BrokenArchiveError, Entry, TooLargeError

MOST_ENTRIES = 65_535
"""Directory entries that the standard library is asked to read, all of which it keeps: as many as need no ZIP64."""

_DIRECTORY_HEADER = b"PK\x01\x02"
_END = b"PK\x05\x06"
_LOCAL_HEADER = struct.Struct("<4sHHHHHLLLHH")  # 4.3.7
_LOCAL = b"PK\x03\x04"
_ENCRYPTED, _SIZES_FOLLOW, _UTF8 = 1 << 0, 1 << 3, 1 << 11  # 4.4.4
_ZIP64 = 0xFFFFFFFF  # 4.5.3: the size is in an extra field
_UNICODE_PATH = 0x7075  # 4.6.9
_READABLE = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""The methods that the standard library unpacks within a bound; with the others a few octets may become gigabytes."""


def recognises(filename: str, content: bytes) -> bool:
    """Whether it is a ZIP archive: unpackers find one behind anything, but look only when the name says so."""
    if content.startswith((_LOCAL, _END, b"PK\x07\x08PK")):
        return True
    return kinds.extension(filename) in {"zip", "zipx"} and _END in content[-65_557:]


def entries(_filename: str, content: bytes) -> Iterator[Entry]:
    """The files of the directory, what a local header says besides, and then the error that was found on the way."""
    if content.count(_DIRECTORY_HEADER) > MOST_ENTRIES:
        yield from _walk(content)
        raise TooLargeError
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except Exception as error:  # it raises ten different ones, by version
        yield from _walk(content)
        raise BrokenArchiveError from error
    with archive:
        infos = archive.infolist()
        yield from _listed(archive, infos)
        is_sound = True
        for entry in _concealed(content, infos):
            is_sound = False
            yield entry
        if not is_sound:
            raise BrokenArchiveError


def _listed(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> Iterator[Entry]:
    charset = names.guess_charset([_raw_name(info) for info in infos if not info.flag_bits & _UTF8])
    for info in infos:
        path = _unicode_path(info) or _raw_name(info).decode("utf-8" if info.flag_bits & _UTF8 else charset, "replace")
        if info.file_size or not path.endswith(("/", "\\")):
            encrypted = bool(info.flag_bits & _ENCRYPTED)
            yield Entry(names.tidy(path), info.file_size, partial(_read, archive, info), encrypted)


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    """The name as it is written: the standard library takes it for CP437, which maps every octet to a character."""
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437", "replace")


def _concealed(content: bytes, infos: list[zipfile.ZipInfo]) -> Iterator[Entry]:
    """The files that another unpacker would show: of an archive in front, or by names that the directory hides."""
    first = min((info.header_offset for info in infos), default=0)
    yield from _walk(content[:first])
    if any(_contradicts(content, info) for info in infos):
        yield from _walk(content[first:])


def _contradicts(content: bytes, info: zipfile.ZipInfo) -> bool:
    """Whether a file is described in two ways, of which it depends on the unpacker which one counts."""
    start = info.header_offset + _LOCAL_HEADER.size
    if start > len(content) or not content.startswith(_raw_name(info), start):
        return True
    real = _unicode_path(info)
    if real and kinds.extension(real) != kinds.extension(info.orig_filename):
        return True
    _, _, flags, method, _, _, _, packed, size, _, _ = _LOCAL_HEADER.unpack_from(content, info.header_offset)
    is_silent = flags & _SIZES_FOLLOW or _ZIP64 in {packed, size}
    return method != info.compress_type or not (is_silent or (packed, size) == (info.compress_size, info.file_size))


def _unicode_path(info: zipfile.ZipInfo) -> str:
    """The name from Info-ZIP's extra field; not every version of the standard library reads it."""
    extra = info.extra
    while len(extra) >= 4:
        tag, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if tag == _UNICODE_PATH and field[1:5] == struct.pack("<L", zlib.crc32(_raw_name(info))):
            return field[5:].decode("utf-8", "replace")
    return ""


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, octets: int) -> bytes:
    if info.compress_type not in _READABLE:
        raise BrokenArchiveError
    with archive.open(info) as member:
        return member.read(octets)


def _walk(content: bytes) -> Iterator[Entry]:
    """The files that local headers tell of, in whatever is left of an archive."""
    position = content.find(_LOCAL)
    while 0 <= position <= len(content) - _LOCAL_HEADER.size:
        _, _, flags, method, _, _, _, packed, size, name_size, extra_size = _LOCAL_HEADER.unpack_from(content, position)
        start = position + _LOCAL_HEADER.size
        raw = content[start : start + name_size]
        path = raw.decode("utf-8" if flags & _UTF8 else names.guess_charset([raw]), "replace")
        if names.tidy(path) and not path.endswith(("/", "\\")):
            begin = start + name_size + extra_size
            end = begin + packed if packed else len(content)
            read = partial(_unpack, memoryview(content)[begin:end], method)
            yield Entry(names.tidy(path), size, read, bool(flags & _ENCRYPTED))
        position = content.find(_LOCAL, start + name_size)


def _unpack(packed: memoryview, method: int, octets: int) -> bytes:
    if method == zipfile.ZIP_DEFLATED:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, octets)
    if method == zipfile.ZIP_STORED:
        return bytes(packed[:octets])
    raise BrokenArchiveError
