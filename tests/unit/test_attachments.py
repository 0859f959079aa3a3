"""Kinds, disguises, names and the bounds of an inspection."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest

from tests.kit.archives import (
    DISK,
    ELF,
    HTML,
    OLE,
    PDF,
    PNG,
    PROGRAM,
    SHORTCUT,
    TEXT,
    Raw,
    balloon,
    crowd,
    pack_raw_zip,
    pack_zip,
)
from tests.kit.attachments import SAMPLES
from watcher.attachments import names
from watcher.attachments.inspect import inspect
from watcher.attachments.limits import MIB, Limits
from watcher.kinds import EXTENSIONS, KINDS, disguise, extension, kind, reach
from watcher.model import Opened


@pytest.mark.parametrize(
    ("filename", "head", "expected"),
    [
        ("a.pdf", PROGRAM, "program"),
        ("a.iso", PROGRAM, "program"),
        ("a.txt", ELF, "program"),
        ("a.txt", SHORTCUT, "program"),
        ("a.hta", PNG, "program"),
        ("a.js", TEXT, "program"),
        ("a.wsf", b"<job/>", "program"),
        ("a.library-ms", b"<?xml version='1.0'?>", "program"),
        ("A.EXE ", b"", "program"),
        ("a.exe...", b"", "program"),
        ("a.exe\u3000", b"", "program"),
        ("a.exe\0.txt", b"", "program"),
        ("a.com", b"", "program"),
        ("a.com", TEXT, "text"),
        ("a.com", HTML, "html"),
        ("a.com", PDF, "document"),
        ("exe", b"", ""),
        ("a.txt\\exe", b"", ""),
        ("a.exe/b", b"", ""),
        ("a.html", PNG, "html"),
        ("a.svg", b"<svg/>", "html"),
        ("a.img", DISK, "disk"),
        ("a.dat", DISK, "disk"),
        ("a.pdf", b"", "document"),
        ("a.jpg", PDF, "document"),
        ("a.doc", HTML, "document"),
        ("a.xml", OLE, "document"),
        ("a", b"PK\x03\x04" + bytes(26) + b"mimetype", "document"),
        ("a.zip", b"PK\x03\x04" + bytes(26) + b"mimetype", "archive"),
        ("a.docx", b"PK\x03\x04" + bytes(26) + b"a.exe", "document"),
        ("a.txt", b"MZ" + bytes(62), "text"),
        ("a.dat", b"MZ", "text"),
        ("a.dat", b"MZ" + bytes(58) + b"\xff\xff\xff\xff" + bytes(200), ""),
        ("", b"", ""),
    ],
)
def test_kind(filename: str, head: bytes, expected: str) -> None:
    """Whatever runs is a program by content or by name; content comes first otherwise; MZ alone proves nothing."""
    assert kind(filename, head) == expected


def test_every_extension_has_one_kind() -> None:
    """No extension stands in two lines of the table, and each is written as `extension` gives it."""
    all_extensions = [name for line in EXTENSIONS.values() for name in line.split()]
    assert len(all_extensions) == len(set(all_extensions))
    assert all(extension(f"a.{name}") == name for name in all_extensions)


def test_every_sample_is_of_a_documented_kind() -> None:
    """What is found is always one of the kinds that detectors can know."""
    assert {kind(sample.filename, sample.build()) for sample in SAMPLES} <= KINDS


@pytest.mark.parametrize(("head", "expected"), [(PROGRAM[:64], 0x84), (TEXT, len(TEXT)), (b"MZ", 2)])
def test_reach(head: bytes, expected: int) -> None:
    """Only a program whose header lies further on asks for more than was read."""
    assert reach(head) == expected


@pytest.mark.parametrize(
    ("filename", "trick"),
    [
        ("invoice.pdf.exe", "double extension"),
        ("請求書.pdf.js", "double extension"),
        ("photo.jpg .scr", "double extension"),
        ("invoice.pdf.com", "double extension"),
        ("list.xlsx.iso", "double extension"),
        ("invoice.pdf.html", "double extension"),
        ("clip.mp4.lnk", "double extension"),
        ("invoice.pdf          .exe", "hidden by blanks"),
        ("invoice" + "\u3000" * 40 + ".exe", "hidden by blanks"),
        ("invoice" + "\u2800" * 40 + ".exe", "hidden by blanks"),
        ("invoice.pdf" + " " * 300 + "final.exe", "hidden by blanks"),
        ("invoice" + " " * 90_000 + ".exe", "hidden by blanks"),
        ("invoice\u202efdp.exe", "bidi"),
        ("\u2067invoice\u2069.exe", "bidi"),
        ("invoice.exe.", "trailing dot"),
        ("invoice.exe ", "trailing dot"),
        ("invoice.js\u200b", "trailing dot"),
    ],
)
def test_disguise_is_seen(filename: str, trick: str) -> None:
    """Each trick by which a name hides what it is has its own word."""
    assert disguise(filename) == trick


@pytest.mark.parametrize(
    "filename",
    [
        "report.v1.2.pdf",
        "2026.11.24.zip",
        "archive.tar.gz",
        "invoice.pdf.zip",
        "invoice.pdf.p7s",
        "Screenshot 2026-11-24 at 9.41.00\u202fAM.png",
        "スクリーンショット 2026-11-24 9.41.00.png",
        "御見積書　　株式会社例　御中.pdf",
        "Report    final.docx",
        "Mr. Smith.doc",
        "Smith & Co.",
        "setup.exe",
        "setup-1.2.3.exe",
        "jquery.min.js",
        "index.rst.html",
        "Node.js",
        "דוח\u200f.pdf",
        "Your order at example.com",
        "re.docx",
        "pdf.exe",
        "…",
        "",
    ],
)
def test_disguise_leaves_honest_names_alone(filename: str) -> None:
    """A name with dots, blanks or marks as people write them plays no trick."""
    assert disguise(filename) == ""


@pytest.mark.parametrize(
    ("name", "charset"),
    [
        ("請求書.pdf", "cp932"),
        ("表示ソ能①髙.txt", "cp932"),
        ("ﾒﾓ.txt", "cp932"),
        ("請求書.pdf", "euc_jp"),
        ("お荷物のお届け.exe", "euc_jp"),
        ("請求書.pdf", "utf-8"),
        ("plain.txt", "utf-8"),
        ("Gebühr.pdf", "utf-8"),
    ],
)
def test_charset_of_names_is_guessed(name: str, charset: str) -> None:
    """Japanese names are read in the character set in which they were written."""
    raw = name.encode(charset)
    assert raw.decode(names.guess_charset([raw])) == name


def test_every_octet_of_a_name_is_kept() -> None:
    """What is written in no known character set still becomes a name, with its extension."""
    path = inspect("a.zip", pack_raw_zip([Raw(bytes(range(128, 256)) + b"\xff.exe")])).members[0].path
    assert path.endswith(".exe")
    assert len(path) == 133


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("C:\\a\\b.exe", "C:/a/b.exe"),
        ("/a//b", "a/b"),
        ("a.exe\0.txt", "a.exe"),
        ("x" * 1000 + ".exe", "x" * 508 + ".exe"),
    ],
)
def test_paths_are_tidied(path: str, expected: str) -> None:
    """A path leads nowhere, is bounded, and keeps its extension."""
    assert names.tidy(path) == expected


def test_a_program_cannot_hide_behind_a_crowd() -> None:
    """Behind 2,000 harmless files the first program is still named."""
    opening = inspect("a.zip", crowd(5000))
    assert len(opening.members) == 2001
    assert (opening.members[-1].path, opening.members[-1].kind) == ("最後.exe", "program")


@pytest.mark.parametrize(
    "limits",
    [Limits(depth=1), Limits(members=1), Limits(inflated=10), Limits(nested=10), Limits(harmless=10, ratio=0)],
)
def test_each_limit_is_kept(limits: Limits) -> None:
    """Whichever limit is reached first makes the attachment too large; what was found until then is told."""
    content = pack_zip({"in.zip": pack_zip({"a.exe": PROGRAM}), "b.txt": TEXT})
    assert inspect("a.zip", content).state is Opened.OPENED
    opening = inspect("a.zip", content, limits)
    assert opening.state is Opened.TOO_LARGE
    assert opening.members[0].path == "in.zip"


def test_no_more_is_unpacked_than_allowed() -> None:
    """A bomb of 64 MiB is opened in the time of its first octets."""
    bomb = balloon(64 * MIB)
    started = time.process_time()
    opening = inspect("a.zip", bomb, replace(Limits(), inflated=1 * MIB))
    assert [member.kind for member in opening.members] == ["", "program"]
    assert time.process_time() - started < 0.2


@pytest.mark.parametrize("seed", range(8))
def test_no_mutation_gets_out(seed: int) -> None:
    """However an attachment is damaged, the inspection ends soon, raises nothing and stays within its limits."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    contents = [sample.build() for sample in SAMPLES]
    contents = [content for content in contents if 20 < len(content) < 20_000]
    ends = time.process_time() + 0.5
    while time.process_time() < ends:
        damaged = bytearray(chance.choice(contents))
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(len(damaged))
            damaged[place : place + chance.choice([0, 1, 1, 4])] = chance.randbytes(chance.choice([0, 1, 1, 4]))
        started = time.process_time()
        opening = inspect("a.zip", bytes(damaged))
        assert time.process_time() - started < 2
        assert len(opening.members) <= 2005
        assert {opening.kind, *(member.kind for member in opening.members)} <= KINDS
