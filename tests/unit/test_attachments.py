"""Kinds, disguises, names and the bounds of an inspection."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from tests.kit.containers import FOREIGN, mail
from tests.kit.foreign_archives import Stored, pack_cab, pack_lha, pack_rar4, pack_rar5, pack_stored_zip
from tests.kit.samples import Sample
from watcher.attachments import names
from watcher.attachments.formats import formats
from watcher.attachments.inspect import inspect
from watcher.attachments.limits import MIB, Limits
from watcher.kinds import EXTENSIONS, KINDS, disguise, extension, kind, reach
from watcher.model import Opened, Opening


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


@pytest.mark.parametrize("sample", FOREIGN, ids=lambda sample: sample.filename)
def test_no_member_is_longer_than_asked_for(sample: Sample) -> None:
    """Each entry hands out the first octets that it is asked for, as often as it is asked, and no more."""
    content = sample.build()
    form = next((form for form in formats() if form.recognises(sample.filename, content)), None)
    for entry in form.entries(sample.filename, content) if form and sample.state is Opened.OPENED else ():
        few, more = entry.read(3), entry.read(100)
        assert len(few) <= 3
        assert len(more) <= 100
        assert more.startswith(few)
        assert entry.read(3) == few


def test_what_is_packed_as_one_is_unpacked_up_to_a_limit() -> None:
    """In a solid archive, a file behind more than can be unpacked in time makes it too large instead of slow."""
    content = pack_rar5([Stored(b"a.bin", announced=1 << 30), Stored(b"b.exe", PROGRAM)], solid=True)
    assert [member.path for member in inspect("a.rar", content).members] == ["a.bin"]
    assert inspect("a.rar", content).state is Opened.TOO_LARGE
    content = pack_rar5([Stored(b"a.bin", announced=1 << 30), Stored(b"b.exe", PROGRAM)])
    assert [member.path for member in inspect("a.rar", content).members] == ["a.bin", "b.exe"]


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (mail({"a.txt": TEXT}).replace(b"--hello--", b"--other--"), Opened.OPENED),
        (mail({"a.txt": TEXT}).replace(b"--=_1hello", b"--=_2hello"), Opened.BROKEN),
        (mail({f"{number}.txt": b"1" for number in range(1200)}), Opened.TOO_LARGE),
    ],
    ids=["open end", "no boundary", "crowd"],
)
def test_a_mail_that_cannot_be_taken_apart_says_so(content: bytes, state: Opened) -> None:
    """Parts that are not found, or are too many, do not pass for a mail without attachments."""
    assert inspect("a.eml", content).state is state


def test_a_mail_lists_what_has_no_name() -> None:
    """A part of another kind than text is listed by its section where the sender has not named it."""
    content = mail({"a.txt": TEXT}).replace(b"Content-Disposition: attachment; filename*=utf-8''a.txt\r\n", b"")
    assert [member.path for member in inspect("a.eml", content).members] == ["2"]


# Fuzz.


def damage(chance: random.Random, content: bytes) -> bytes:
    """Up to eight stretches replaced, taken out or put in; of a large file, of its directory as often as not."""
    damaged = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        start = chance.choice([0, 32_768]) if len(damaged) > 100_000 else 0
        place = chance.randrange(start, min(len(damaged), start + 80_000))
        damaged[place : place + chance.choice([0, 1, 1, 4])] = chance.randbytes(chance.choice([0, 1, 1, 4]))
    return bytes(damaged)


def check(opening: Opening) -> None:
    """No limit is broken, and nothing is said that detectors do not know."""
    assert len(opening.members) <= Limits().members + Limits().depth
    assert len(opening.findings) <= Limits().findings
    assert {opening.kind, *(member.kind for member in opening.members)} <= KINDS
    assert all(member.size >= 0 for member in opening.members)
    assert all(len(path) <= names.LONGEST for member in opening.members for path in member.path.split("!"))


@pytest.mark.parametrize("seed", range(8))
def test_no_mutation_gets_out(seed: int) -> None:
    """However an attachment is damaged, the inspection ends soon, raises nothing and stays within its limits."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    built = [(sample.filename, sample.build()) for sample in SAMPLES]
    seeds = [(filename, content) for filename, content in built if 20 < len(content) < 500_000]
    ends = time.process_time() + 1.5
    while time.process_time() < ends:
        filename, content = chance.choice(seeds)
        started = time.process_time()
        check(inspect(filename, damage(chance, content)))
        assert time.process_time() - started < 2


_NAMES = st.binary(max_size=40) | st.sampled_from([b"a.exe", b"in.zip", b"a.eml", "表示ソ能.js".encode("cp932"), b"x/"])
_INNER = st.recursive(
    st.binary(max_size=300) | st.sampled_from([PROGRAM, PNG, PDF, TEXT, HTML]),
    lambda inner: st.builds(
        lambda pack, members: pack([Stored(name, content, *flags) for name, content, flags in members]),
        st.sampled_from([pack_rar4, pack_rar5, pack_cab, pack_lha, pack_stored_zip]),
        st.lists(st.tuples(_NAMES, inner, st.tuples(st.booleans(), st.booleans())), max_size=4),
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(content=_INNER, filename=st.sampled_from(["a", "a.zip", "a.rar", "a.eml", "a.iso"]))
def test_whatever_is_packed_can_be_inspected(content: bytes, filename: str) -> None:
    """Archives within archives, sound in themselves but with any names, contents and flags, break no limit."""
    check(inspect(filename, content))


_MAGIC = (
    *(b"MSCF\0\0\0\0", b"Rar!\x1a\x07\0", b"Rar!\x1a\x07\x01\0", b"7z\xbc\xaf\x27\x1c", b"PK\x03\x04", b"!<arch>\n"),
    *(b"\x20\x20-lh0-", b"070701", b"\x28\xb5\x2f\xfd", b"\x1f\x8b\x08", b"\x1f\x9d", b"From: a\nTo: b\n"),
    bytes(32_769) + b"CD001",
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    fields=st.lists(st.integers(0, 255), min_size=1, max_size=120).map(bytes),
    magic=st.sampled_from(_MAGIC),
)
def test_a_magic_number_alone_is_enough(fields: bytes, magic: bytes) -> None:
    """What begins like an archive and goes on at random is broken at worst."""
    check(inspect("a", magic + fields))
