"""Archives that the standard library cannot write: by libarchive, or octet by octet as their makers describe them."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

import pytest

from tests.kit.archives import Raw, pack_raw_zip


def require_libarchive() -> None:
    """Skip the test where the system's libarchive is missing; under CI nothing may be."""
    try:
        import libarchive  # noqa: F401, PLC0415 - it is only here that it may be missing
    except (ImportError, OSError, AttributeError, TypeError):
        give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        give_up("libarchive is not installed")


def pack(form: str, members: Mapping[str, bytes], packer: str | None = None, options: str = "") -> bytes:
    """An archive as libarchive writes it; `form`, `packer` and `options` are its own words."""
    return pack_pieces(form, {name: [content] for name, content in members.items()}, packer, options)


def pack_pieces(form: str, members: Mapping[str, list[bytes]], packer: str | None = None, options: str = "") -> bytes:
    """As `pack`, for members that are too large to be made in one piece."""
    require_libarchive()
    import libarchive  # noqa: PLC0415 - see above

    written: list[bytes] = []

    def write(octets: bytes) -> int:
        written.append(bytes(octets))
        return len(octets)

    with libarchive.custom_writer(write, form, packer, options=options) as archive:
        for name, pieces in members.items():
            archive.add_file_from_memory(name, sum(map(len, pieces)), pieces)
    return b"".join(written)


def pack_file(packer: str, content: bytes) -> bytes:
    """One packed file without a name."""
    return pack("raw", {"a": content}, packer)


@dataclass(frozen=True)
class Stored:
    """One member of an archive, not compressed."""

    name: bytes
    content: bytes = b""
    encrypted: bool = False
    is_folder: bool = False
    announced: int = 0
    """Octets, where that is not the truth."""


# RAR up to 4: technote.txt of unrar's sources.

_RAR4_FOLDER, _RAR4_ENCRYPTED, _RAR4_LONG = 0xE0, 0x04, 0x8000


def pack_rar4(members: Iterable[Stored], *, encrypted: bool = False) -> bytes:
    """A RAR archive of the old format; `encrypted` hides even its names."""
    blocks = [_rar4_block(0x73, 0x80 if encrypted else 0, bytes(6))]
    for member in members:
        size = len(member.content)
        flags = _RAR4_LONG | (_RAR4_ENCRYPTED if member.encrypted else 0) | (_RAR4_FOLDER if member.is_folder else 0)
        attributes = 0x10 if member.is_folder else 0x20
        fields = struct.pack(
            "<LLBLLBBHL", size, size, 2, zlib.crc32(member.content), 0, 20, 0x30, len(member.name), attributes
        )
        blocks += [_rar4_block(0x74, flags, fields + member.name), member.content]
    return b"Rar!\x1a\x07\0" + b"".join(blocks) + _rar4_block(0x7B, 0x4000, b"")


def _rar4_block(kind: int, flags: int, fields: bytes) -> bytes:
    header = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
    return struct.pack("<H", zlib.crc32(header) & 0xFFFF) + header


# RAR 5: "RAR 5.0 archive format", rarlab.com/technote.htm.


def pack_rar5(members: Iterable[Stored], *, encrypted: bool = False, solid: bool = False) -> bytes:
    """A RAR archive of the new format; `encrypted` hides even its names."""
    secret = _rar5_block(4, b"\0\0\x0f" + bytes(16)) if encrypted else b""
    blocks = [_rar5_block(1, b"\x04" if solid else b"\0")]
    for member in members:
        extra = b"\x24\x01\0\0\x0f" + bytes(32) if member.encrypted else b""
        size = _vint(len(member.content))
        fields = (
            (b"\x01" if member.is_folder else b"\x04")
            + _vint(member.announced or len(member.content))
            + (b"\x10" if member.is_folder else b"\x20")
        )
        fields += b"" if member.is_folder else struct.pack("<L", zlib.crc32(member.content))
        fields += b"\0\0" + _vint(len(member.name)) + member.name
        blocks += [_rar5_block(2, fields, extra, size), member.content]
    return b"Rar!\x1a\x07\x01\0" + secret + b"".join(blocks) + _rar5_block(5, b"\0")


def _rar5_block(kind: int, fields: bytes, extra: bytes = b"", data_size: bytes = b"") -> bytes:
    flags = (1 if extra else 0) | (2 if data_size else 0)
    body = bytes([kind, flags]) + (_vint(len(extra)) if extra else b"") + data_size + fields + extra
    sized = _vint(len(body)) + body
    return struct.pack("<L", zlib.crc32(sized)) + sized


def _vint(number: int) -> bytes:
    octets = bytearray()
    while number > 0x7F:
        octets.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*octets, number])


def pack_stored_zip(members: Iterable[Stored]) -> bytes:
    """The same as a ZIP archive, so that all can be nested in each other."""
    return pack_raw_zip([Raw(member.name, member.content, int(member.encrypted)) for member in members])


# Cabinets: [MS-CAB].

_WINDOW = 32_768


def pack_cab(members: Iterable[Stored], *, is_utf8: bool = True, method: int = 0) -> bytes:
    """A cabinet file with one folder; `method` 1 packs it as MSZIP does ([MS-MCI]), others are only named."""
    files, data = bytearray(), bytearray()
    listed = list(members)
    for member in listed:
        attributes = 0xA0 if is_utf8 else 0x20
        files += struct.pack("<LLHHHH", len(member.content), len(data), 0, 0, 0, attributes) + member.name + b"\0"
        data += member.content
    chunks = [bytes(data[start : start + _WINDOW]) for start in range(0, len(data), _WINDOW)]
    packed = [
        _pack_block(chunk, before) if method == 1 else chunk
        for before, chunk in zip([b"", *chunks], chunks, strict=False)
    ]
    sizes = [struct.pack("<LHH", 0, len(short), len(chunk)) for short, chunk in zip(packed, chunks, strict=True)]
    blocks = b"".join(size + short for size, short in zip(sizes, packed, strict=True))
    first = 36 + 8 + len(files)
    header = struct.pack("<4sLLLLLBBHHHHH", b"MSCF", 0, first + len(blocks), 0, 44, 0, 3, 1, 1, len(listed), 0, 0, 0)
    return header + struct.pack("<LHH", first, len(chunks), method) + bytes(files) + blocks


def _pack_block(chunk: bytes, before: bytes) -> bytes:
    if before:
        packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=before)
    else:
        packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return b"CK" + packer.compress(chunk) + packer.flush()


# LHA: "LHarc format", header level 0.


def pack_lha(members: Iterable[Stored]) -> bytes:
    """An LHA archive that does not compress (-lh0-)."""
    archive = bytearray()
    for member in members:
        size = len(member.content)
        header = struct.pack("<5sLLLBBB", b"-lh0-", size, size, 0x21 << 16, 0x20, 0, len(member.name))
        header += member.name + struct.pack("<H", _crc16(member.content))
        archive += bytes([len(header), sum(header) & 0xFF]) + header + member.content
    return bytes(archive) + b"\0"


def _crc16(content: bytes) -> int:
    def step(crc: int, octet: int) -> int:
        return reduce(lambda rest, _: rest >> 1 ^ (0xA001 if rest & 1 else 0), range(8), crc ^ octet)

    return reduce(step, content, 0)


# 7z: DOC/7zFormat.txt of the LZMA SDK. Only numbers below 128, which are one octet there.

_AES = b"\x01\x24\x06\xf1\x07\x01\x02\x13\0"
"""A folder with one coder: 7zAES, with two octets of properties."""


def pack_encrypted_7z(name: str, *, hides_names: bool = False) -> bytes:
    """A 7z archive with one encrypted member, or whose header is encrypted as well."""
    packed = b"?" * 64
    size = bytes([len(packed)])
    streams = b"\x06\0\x01\x09" + size + b"\0\x07\x0b\x01\0" + _AES + b"\x0c" + size + b"\0"
    names = name.encode("utf-16-le") + b"\0\0"
    files = b"\x05\x01\x11" + bytes([len(names) + 1]) + b"\0" + names + b"\0"
    header = b"\x17" + streams + b"\0" if hides_names else b"\x01\x04" + streams + b"\x08\0\0" + files + b"\0"
    place = struct.pack("<QQL", len(packed), len(header), zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\0\x04" + struct.pack("<L", zlib.crc32(place)) + place + packed + header
