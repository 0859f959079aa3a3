"""Attachments to open, built in memory and harmless: no program here does anything but look like one."""

from __future__ import annotations

import base64
import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

PROGRAM = b"MZ" + bytes(58) + struct.pack("<L", 0x80) + bytes(64) + b"PE\0\0" + bytes(200)
"""The two signatures of a Windows program, and zeros."""
ELF = b"\x7fELF\x02\x01\x01" + bytes(57)
SHORTCUT = b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F" + bytes(60)
PDF = (
    b"%PDF-1.7\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n2 0 obj <</Type /Pages /Kids [] /Count 0>> endobj\n"
    b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000056 00000 n \n"
    b"trailer <</Size 3 /Root 1 0 R>>\nstartxref\n106\n%%EOF\n"
)
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC"
    "4zNDL/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z"
)
GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")
WEBP = base64.b64decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
"""The smallest of their kinds that a reader does not complain of."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
DISK = bytes(32769) + b"CD001\x01" + bytes(2000)
HTML = b"<!DOCTYPE html>\n<html><body><form><input type=password></form></body></html>\n"
TEXT = "お世話になっております。資料をお送りします。\n".encode()


def pack_zip(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An ordinary ZIP archive; names that end in "/" are folders."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method, compresslevel=1) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def pack_tar(members: Mapping[str, bytes]) -> bytes:
    """An ordinary tape archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


@dataclass(frozen=True)
class Raw:
    """One member of a ZIP archive that no honest packer would write."""

    name: bytes
    content: bytes = b""
    flags: int = 0
    directory_name: bytes | None = None
    """What the directory calls it, where that differs from the local header."""
    directory_size: int | None = None
    """How many packed octets the directory tells of, where that differs from the local header."""
    size: int | None = None
    """What is announced, where that differs from the truth."""
    method: int = 0
    extra: bytes = b""


def pack_raw_zip(members: Iterable[Raw]) -> bytes:
    """A ZIP archive written octet by octet (APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16)."""
    files, directory, count = bytearray(), bytearray(), 0
    for member in members:
        offset, count = len(files), count + 1
        size = len(member.content) if member.size is None else member.size
        name = member.name if member.directory_name is None else member.directory_name
        packed = size if member.directory_size is None else member.directory_size
        common = struct.pack("<HHHHL", member.flags, member.method, 0, 33, zlib.crc32(member.content))
        files += b"PK\x03\x04\x14\0" + common + struct.pack("<LLHH", size, size, len(member.name), 0)
        files += member.name + member.content
        lengths = struct.pack("<LLHHHHHLL", packed, size, len(name), len(member.extra), 0, 0, 0, 0, offset)
        directory += b"PK\x01\x02\x14\0\x14\0" + common + lengths + name + member.extra
    end = struct.pack("<HHHHLLH", 0, 0, count & 0xFFFF, count & 0xFFFF, len(directory), len(files), 0)
    return bytes(files + directory) + b"PK\x05\x06" + end


def nest_zip(depth: int, innermost: bytes, name: str = "inner.zip") -> bytes:
    """An archive in an archive in an archive …, stored; `innermost` lies in the deepest."""
    return reduce(lambda content, _: pack_raw_zip([Raw(name.encode(), content)]), range(depth), innermost)


def pack_document(parts: Mapping[str, bytes]) -> bytes:
    """An office document as ECMA-376 wraps it."""
    return pack_zip({"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<Relationships/>", **parts})


def unicode_path(name: bytes, real: str) -> bytes:
    """Info-ZIP's extra field 0x7075 for a member called `name`."""
    field = b"\x01" + struct.pack("<L", zlib.crc32(name)) + real.encode()
    return struct.pack("<HH", 0x7075, len(field)) + field


def name_gzip(name: bytes, content: bytes) -> bytes:
    """A gzip stream that names its file (RFC 1952, FNAME)."""
    plain = gzip.compress(content)
    return plain[:3] + b"\x08" + plain[4:10] + name + b"\0" + plain[10:]


# Bombs.


def crowd(count: int) -> bytes:
    """A great many tiny files, the last of which is a program."""
    members = [Raw(b"%06d.txt" % number) for number in range(count - 1)]
    return pack_raw_zip([*members, Raw("最後.exe".encode("cp932"), PROGRAM)])


def balloon(octets: int) -> bytes:
    """One file of zeros, and a program behind it."""
    return pack_zip({"zeros.bin": bytes(octets), "setup.exe": PROGRAM})


def tree(depth: int, width: int) -> bytes:
    """Archives full of archives, as 42.zip is built, with a file of zeros in each of the innermost."""
    inner = pack_zip({"zeros.dll": bytes(1 << 20)})
    for _ in range(depth):
        inner = pack_zip({f"lib {number}.zip": inner for number in range(width)})
    return inner
