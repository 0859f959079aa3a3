"""Rows of the table of attachments: archives beyond ZIP and tar, disk images, attached mails; and what bursts."""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import lzma
from collections.abc import Callable

from tests.kit.archives import (
    DISK,
    PDF,
    PNG,
    PROGRAM,
    TEXT,
    balloon,
    crowd,
    nest_zip,
    pack_tar,
    pack_zip,
    tree,
)
from tests.kit.foreign_archives import (
    Stored,
    pack,
    pack_cab,
    pack_encrypted_7z,
    pack_file,
    pack_lha,
    pack_pieces,
    pack_rar4,
    pack_rar5,
    require_libarchive,
)
from tests.kit.samples import Sample, sample
from watcher.model import Opened

_FILES = {"小包/送り状.exe": PROGRAM, "read me.txt": TEXT}
_KINDS = {"小包/送り状.exe": "program", "read me.txt": "text"}
_STORED = [Stored("小包/送り状.exe".encode(), PROGRAM), Stored(b"read me.txt", TEXT)]
_CP932 = [Stored("小包\\送り状.exe".encode("cp932"), PROGRAM), Stored("表示ソ能.txt".encode("cp932"), TEXT)]
_FAR = [Stored(b"far.bin", bytes(range(256)) * 400), Stored(b"a.dat", PROGRAM)]
_RAR4 = [Stored("小包\\送り状.exe".encode("cp932"), PROGRAM), Stored(b"read me.txt", TEXT)]
_CP932_KINDS = {"小包/送り状.exe": "program", "表示ソ能.txt": "text"}
_SECRET = [Stored("送り状.exe".encode(), b"?" * 40, encrypted=True), Stored(b"read me.txt", TEXT)]
_SECRET_KINDS = {"送り状.exe": "program", "read me.txt": "text"}
_SHEETS = {"月報/2026-11.csv": b"1,2\n", "月報/図.png": PNG}
_SHEET_KINDS = {"月報/2026-11.csv": "text", "月報/図.png": "picture"}
_IN_TAR = {"月報.tar": "archive"} | {f"月報.tar!{path}": kind for path, kind in _SHEET_KINDS.items()}
_STORED_SHEETS = [Stored(name.encode(), content) for name, content in _SHEETS.items()]
_OLD_SHEETS = [Stored(name.encode("cp932"), content) for name, content in _SHEETS.items()]


def mail(attached: dict[str, bytes], subject: str = "hello") -> bytes:
    """A mail with a few words and attachments; a name without an extension is that of an attached mail."""
    parts = [b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + TEXT]
    for name, content in attached.items():
        quoted = f"utf-8''{name}"
        if "." in name:
            fields = (
                f"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*={quoted}\r\n"
            )
            head = fields.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n"
            parts.append(head + base64.encodebytes(content).replace(b"\n", b"\r\n"))
        else:
            parts.append(b"Content-Type: message/rfc822\r\n\r\n" + content)
    header = f"From: a@example.jp\r\nTo: b@example.jp\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n"
    kind = b'Content-Type: multipart/mixed; boundary="=_1' + subject.encode() + b'"\r\n\r\n'
    edge = b"--=_1" + subject.encode()
    return header.encode() + kind + b"".join(edge + b"\r\n" + part + b"\r\n" for part in parts) + edge + b"--\r\n"


_LOCKED = Opened.ENCRYPTED

_HARMFUL = (
    sample("parcel.7z", lambda: pack("7zip", _FILES), "archive", _KINDS),
    sample("stored.7z", lambda: pack("7zip", _FILES, options="compression=store"), "archive", _KINDS),
    sample("ppmd.7z", lambda: pack("7zip", _FILES, options="compression=ppmd"), "archive", _KINDS),
    sample("parcel.rar", lambda: pack_rar4(_RAR4), "archive", _KINDS),
    sample("parcel5.rar", lambda: pack_rar5([*_STORED, Stored(b"d", is_folder=True)]), "archive", _KINDS),
    sample("solid.rar", lambda: pack_rar5(_STORED, solid=True), "archive", _KINDS),
    sample("parcel.cab", lambda: pack_cab(_STORED), "archive", _KINDS),
    sample("packed.cab", lambda: pack_cab(_FAR, method=1), "archive", {"far.bin": "", "a.dat": "program"}),
    sample("old.cab", lambda: pack_cab(_CP932, is_utf8=False), "archive", _CP932_KINDS),
    sample("parcel.lzh", lambda: pack_lha(_CP932), "archive", _CP932_KINDS),
    sample("parcel.cpio", lambda: pack("cpio_newc", _FILES), "archive", _KINDS),
    sample("parcel.a", lambda: pack("ar_bsd", {"a.exe": PROGRAM}), "", {"a.exe": "program"}),
    sample("parcel.iso", lambda: pack("iso9660", _FILES), "disk", _KINDS),
    sample("joliet.iso", lambda: pack("iso9660", _FILES, options="!rockridge"), "disk", _KINDS),
    sample("parcel.img", lambda: pack("iso9660", {"A.LNK": TEXT}), "disk", {"A.LNK": "program"}),
    sample("parcel.zst", lambda: pack_file("zstd", PROGRAM), "archive", {"parcel": "program"}),
    sample("parcel.Z", lambda: pack_file("compress", PROGRAM), "archive", {"parcel": "program"}),
    sample("parcel.lz", lambda: pack_file("lzip", PROGRAM), "archive", {"parcel": "program"}),
    sample("parcel.lzma", lambda: lzma.compress(PROGRAM, lzma.FORMAT_ALONE), "archive", {"parcel": "program"}),
    sample("parcel.uue", lambda: _uuencode("a.exe", PROGRAM), "archive", {"a.exe": "program"}),
    sample(
        "parcel.tzst",
        lambda: pack("ustar", _FILES, "zstd"),
        "archive",
        {"parcel.tar": "archive"} | {f"parcel.tar!{path}": kind for path, kind in _KINDS.items()},
    ),
    sample(
        "iso.zip",
        lambda: pack_zip({"parcel.iso": pack("iso9660", _FILES)}),
        "archive",
        {"parcel.iso": "disk"} | {f"parcel.iso!{path}": kind for path, kind in _KINDS.items()},
    ),
    sample(
        "unnamed iso.7z",
        lambda: pack("7zip", {"parcel.dat": pack("iso9660", {"a.exe": PROGRAM})}),
        "archive",
        {"parcel.dat": "disk", "parcel.dat!a.exe": "program"},
    ),
    sample("hidden names.7z", lambda: pack_encrypted_7z("a.exe", hides_names=True), "archive", {}, _LOCKED),
    sample("encrypted.7z", lambda: pack_encrypted_7z("送り状.exe"), "archive", {"送り状.exe": "program"}, _LOCKED),
    sample("hidden names.rar", lambda: pack_rar4(_STORED, encrypted=True), "archive", {}, _LOCKED),
    sample("hidden names5.rar", lambda: pack_rar5(_STORED, encrypted=True), "archive", {}, _LOCKED),
    sample("encrypted.rar", lambda: pack_rar4(_SECRET), "archive", _SECRET_KINDS, _LOCKED),
    sample("encrypted5.rar", lambda: pack_rar5(_SECRET), "archive", _SECRET_KINDS, _LOCKED),
    sample("lzx.cab", lambda: pack_cab(_STORED, method=3), "archive", _KINDS, Opened.NOT_YET),
    sample("cut.7z", lambda: pack("7zip", _FILES)[:-20], "archive", {}, Opened.BROKEN),
    sample("cut.iso", lambda: DISK, "disk", {}, Opened.BROKEN),
    sample("junk.rar", lambda: b"Rar!\x1a\x07\x01\0" + bytes(40), "archive", {}, Opened.BROKEN),
)


def _innocent() -> list[Sample]:
    forms: dict[str, Callable[[], bytes]] = {
        "月報.7z": lambda: pack("7zip", _SHEETS),
        "月報 deflate.7z": lambda: pack("7zip", _SHEETS, options="compression=deflate"),
        "月報 bzip2.7z": lambda: pack("7zip", _SHEETS, options="compression=bzip2"),
        "月報.rar": lambda: pack_rar5(_STORED_SHEETS),
        "月報4.rar": lambda: pack_rar4(_OLD_SHEETS),
        "月報 solid.rar": lambda: pack_rar5(_STORED_SHEETS, solid=True),
        "月報": lambda: pack_rar5(_STORED_SHEETS),
        "月報.cab": lambda: pack_cab(_STORED_SHEETS),
        "月報 packed.cab": lambda: pack_cab(_STORED_SHEETS, method=1),
        "月報 old.cab": lambda: pack_cab(_OLD_SHEETS, is_utf8=False),
        "月報.lzh": lambda: pack_lha(_OLD_SHEETS),
        "月報.cpio": lambda: pack("cpio_newc", _SHEETS),
    }
    packed: dict[str, Callable[[], bytes]] = {
        "月報.csv.zst": lambda: pack_file("zstd", b"1,2\n"),
        "月報.csv.Z": lambda: pack_file("compress", b"1,2\n"),
        "月報.csv.lz": lambda: pack_file("lzip", b"1,2\n"),
        "月報.csv.lzma": lambda: lzma.compress(b"1,2\n", lzma.FORMAT_ALONE),
    }
    tapes: dict[str, Callable[[], bytes]] = {
        "月報.tar.zst": lambda: pack("ustar", _SHEETS, "zstd"),
        "月報.tzst": lambda: pack("ustar", _SHEETS, "zstd"),
        "月報.taz": lambda: pack("ustar", _SHEETS, "compress"),
        "月報.tar.lz": lambda: pack("ustar", _SHEETS, "lzip"),
        "月報.tar.lzma": lambda: pack("ustar", _SHEETS, "lzma"),
    }
    rows = [sample(name, build, "archive", _SHEET_KINDS) for name, build in forms.items()]
    rows += [sample(name, build, "archive", {name.rpartition(".")[0]: "text"}) for name, build in packed.items()]
    rows += [sample(name, build, "archive", _IN_TAR) for name, build in tapes.items()]
    return [_where_it_is_installed(row) for row in rows]


def _where_it_is_installed(row: Sample) -> Sample:
    def build() -> bytes:
        require_libarchive()
        return row.build()

    return Sample(row.filename, build, row.kind, row.members, row.state)


def _uuencode(name: str, content: bytes) -> bytes:
    lines = [binascii.b2a_uu(content[start : start + 45]) for start in range(0, len(content), 45)]
    return b"begin 644 " + name.encode() + b"\n" + b"".join(lines) + b"`\nend\n"


_FILED = {"資料.zip": "archive", "資料.zip!a.csv": "text"}
_FORWARDED = {"2.eml": "message", "2.eml!a.csv": "text"}
_ZIPPED = {"a.eml": "message", "a.eml!a.csv": "text"}
_GZIPPED = {"a.gz": "archive", "a.gz!a": "text"}
_MAILS = (
    sample("forwarded.eml", lambda: mail({"送り状.exe": PROGRAM}), "message", {"送り状.exe": "program"}),
    sample("", lambda: mail({"a.js": TEXT}), "text", {"a.js": "program"}),
    sample(
        "twice.eml",
        lambda: mail({"2": mail({"a.zip": pack_zip({"b.exe": PROGRAM})}, "inner")}, "outer"),
        "message",
        {"2.eml": "message", "2.eml!a.zip": "archive", "2.eml!a.zip!b.exe": "program"},
    ),
    sample(
        "mails.zip",
        lambda: pack_zip({"one.eml": mail({"a.zip": pack_zip({"b.exe": PROGRAM})})}),
        "archive",
        {"one.eml": "message", "one.eml!a.zip": "archive", "one.eml!a.zip!b.exe": "program"},
    ),
    sample("報告.eml", lambda: mail({"報告.pdf": PDF}), "message", {"報告.pdf": "document"}),
    sample("1.emlx", lambda: b"900\n" + mail({"図.png": PNG}), "message", {"図.png": "picture"}),
    sample("words alone.eml", lambda: mail({}), "message"),
    sample("資料.eml", lambda: mail({"資料.zip": pack_zip({"a.csv": b"1,2\n"})}), "message", _FILED),
    sample("資料二.eml", lambda: mail({"2": mail({"a.csv": b"1,2\n"}, "in")}, "out"), "message", _FORWARDED),
    sample("資料.zip", lambda: pack_zip({"a.eml": mail({"a.csv": b"1,2\n"})}), "archive", _ZIPPED),
    sample("本文.html", lambda: mail({"図.png": PNG}), "html", {"図.png": "picture"}),
    sample("資料 7z.eml", lambda: mail({"a.gz": gzip.compress(b"1,2\n")}), "message", _GZIPPED),
    sample("to whom it may concern.txt", b"From: here on\nto: there\n", "text"),
)

_UNREAD = (
    sample("parcel.ace", bytes(7) + b"**ACE**" + bytes(40), "archive", {}, Opened.NOT_YET),
    sample("parcel.vhd", b"conectix" + bytes(504), "disk", {}, Opened.NOT_YET),
    sample("parcel.vhdx", b"vhdxfile" + bytes(504), "disk", {}, Opened.NOT_YET),
    sample("parcel.dmg", bytes(600), "disk", {}, Opened.NOT_YET),
    sample("ace.zip", lambda: pack_zip({"a.ace": TEXT}), "archive", {"a.ace": "archive"}, Opened.NOT_YET),
)

FOREIGN = (*map(_where_it_is_installed, _HARMFUL), *_innocent(), *_MAILS, *_UNREAD)

_MIB = 1 << 20


def _balloon(form: str, packer: str | None = None) -> bytes:
    level = "compression-level=1" if form == "7zip" else ""
    return pack_pieces(form, {"zeros.bin": [bytes(_MIB)] * 300, "setup.exe": [PROGRAM]}, packer, level)


def _crowd(form: str) -> bytes:
    return pack(form, {f"{number:06}.txt": b"" for number in range(60_000)})


def _deep_mail(depth: int) -> bytes:
    inner = mail({"a.exe": PROGRAM})
    for number in range(depth):
        inner = mail({"2": inner}, str(number))
    return inner


BOMBS = (
    sample("crowd.zip", lambda: crowd(60_000), "archive", {}, Opened.TOO_LARGE),
    sample("horde.zip", lambda: crowd(70_000), "archive", {}, Opened.TOO_LARGE),
    sample("balloon.zip", lambda: balloon(300 << 20), "archive", {}, Opened.TOO_LARGE),
    sample("forty-two.zip", lambda: tree(4, 16), "archive", {}, Opened.TOO_LARGE),
    sample("deep.zip", lambda: nest_zip(1000, pack_zip({"a.exe": PROGRAM})), "archive", {}, Opened.TOO_LARGE),
    sample(
        "nested balloon.zip",
        lambda: pack_zip({"a.zip": pack_zip({"b": bytes(60 << 20)})}),
        "archive",
        {},
        Opened.TOO_LARGE,
    ),
    sample(
        "big inside.zip",
        lambda: pack_zip({f"{n}.zip": pack_zip({"a": bytes(31 << 20)}, 0) for n in range(4)}),
        "archive",
        {},
        Opened.TOO_LARGE,
    ),
    sample("balloon.gz", lambda: gzip.compress(bytes(100 << 20), 1), "archive", {}, Opened.TOO_LARGE),
    sample("balloon.tar.bz2", lambda: bz2.compress(pack_tar({"a": bytes(80 << 20)})), "archive", {}, Opened.TOO_LARGE),
    sample(
        "balloon.tar.xz",
        lambda: lzma.compress(pack_tar({"a": bytes(80 << 20)}), preset=0),
        "archive",
        {},
        Opened.TOO_LARGE,
    ),
    sample(
        "balloon.cab", lambda: pack_cab([Stored(b"0", bytes(140 * _MIB))], method=1), "archive", {}, Opened.TOO_LARGE
    ),
    sample("balloon.7z", lambda: _balloon("7zip"), "archive", {}, Opened.TOO_LARGE),
    sample("balloon.cpio.zst", lambda: _balloon("cpio_newc", "zstd"), "archive", {}, Opened.TOO_LARGE),
    sample("balloon.xz", lambda: lzma.compress(bytes(30 * _MIB), preset=0) * 10, "archive", {}, Opened.TOO_LARGE),
    sample("crowd.7z", lambda: _crowd("7zip"), "archive", {}, Opened.TOO_LARGE),
    sample("crowd.iso", lambda: _crowd("iso9660"), "disk", {}, Opened.TOO_LARGE),
    sample(
        "balloon.Z", lambda: pack_pieces("raw", {"a": [bytes(_MIB)] * 80}, "compress"), "archive", {}, Opened.TOO_LARGE
    ),
    sample("balloon.bz2", lambda: bz2.compress(bytes(100 * _MIB)) * 3, "archive", {}, Opened.TOO_LARGE),
    sample("deep.eml", lambda: _deep_mail(1000), "message", {}, Opened.TOO_LARGE),
    sample(
        "crowd.eml", lambda: mail({f"{number}.txt": b"1" for number in range(60_000)}), "message", {}, Opened.TOO_LARGE
    ),
)
