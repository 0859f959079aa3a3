"""What is found in compound files (older office documents, Outlook's mails) and in OneNote's sections."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit.archives import DISK, HTML, OLE, PDF, PNG, PROGRAM, SHORTCUT, TEXT
from tests.kit.documents import (
    describe,
    doc,
    moniker,
    msg,
    native,
    onenote,
    pack_compound,
    ppt,
    record,
    sheet,
    slide_code,
    source,
    xls,
)
from watcher.attachments.cage import Cage
from watcher.attachments.compound import Compound
from watcher.attachments.contents import ole
from watcher.attachments.contents import onenote as notes
from watcher.attachments.in_process import InProcess
from watcher.attachments.inspect import inspect
from watcher.attachments.limits import Limits
from watcher.model import Opened, Trait

MACRO, REMOTE, OBJECT, FILE, LINK, LOCKED = (
    Trait.MACRO,
    Trait.REMOTE_TEMPLATE,
    Trait.EMBEDDED_OBJECT,
    Trait.EMBEDDED_FILE,
    Trait.LINK,
    Trait.ENCRYPTED,
)
Findings = set[tuple[Trait, str]]

VBA = {"dir": b"a" * 20, "_VBA_PROJECT": b"a" * 20}
PASSWORD = {"EncryptionInfo": b"a" * 100, "EncryptedPackage": b"a" * 5000}
URL = "https://a.example/b"


def within(folder: str, streams: dict[str, bytes]) -> dict[str, bytes]:
    """The streams in a folder."""
    return {f"{folder}/{name}": content for name, content in streams.items()}


def pool(name: str) -> dict[str, bytes]:
    """An object in a text that calls itself `name`."""
    return within("ObjectPool/_1234567890", {"\x01CompObj": describe(name), "Equation Native": b"a"})


def carry(name: str, content: bytes, folder: str = "ObjectPool/_1") -> dict[str, bytes]:
    """A file in a wrapper, in a text."""
    return within(folder, {"\x01Ole10Native": native(name, content)})


GUILTY: dict[str, tuple[bytes, Findings]] = {
    "doc with vba": (doc(more=within("Macros/VBA", VBA)), {(MACRO, "VBA")}),
    "xls with vba": (xls(sheet("Sheet1"), more=within("_VBA_PROJECT_CUR/VBA", VBA)), {(MACRO, "VBA")}),
    "vba alone": (pack_compound(within("VBA", VBA)), {(MACRO, "VBA")}),
    "ppt with vba": (ppt(slide_code(1)), {(MACRO, "VBA")}),
    "macro sheet": (xls(sheet("Sheet1"), sheet("Macro1", 1)), {(MACRO, "XLM")}),
    "macro sheet of excel 5": (pack_compound({"Book": sheet("Macro1", 1)}), {(MACRO, "XLM")}),
    "dde in a workbook": (xls(source(b"cmd\x03/c a")), {(MACRO, "DDE")}),
    "dde in a text": (doc("a\x13 DDEAUTO c:\\\\a.exe b \x14 \x15"), {(MACRO, "DDE")}),
    "text from elsewhere": (doc(f'\x13INCLUDETEXT "{URL}"\x15'), {(REMOTE, URL)}),
    "template": (doc(template=URL), {(REMOTE, URL)}),
    "template of a share": (doc(template="\\\\a.example\\b.dot"), {(REMOTE, "\\\\a.example\\b.dot")}),
    "linked object": (
        doc(more=within("ObjectPool/_1", {"\x01Ole": bytes(20) + moniker(URL)})),
        {(REMOTE, URL), (OBJECT, "")},
    ),
    "equation": (doc(more=pool("Microsoft Equation 3.0")), {(OBJECT, "Microsoft Equation 3.0")}),
    "package": (doc(more=carry("見積.pdf", PDF)), {(OBJECT, "見積.pdf")}),
    "program": (xls(more=carry("a.exe", PROGRAM, "MBD00012345")), {(OBJECT, "a.exe"), (FILE, "program")}),
    "program by another name": (doc(more=carry("a.pdf", SHORTCUT)), {(OBJECT, "a.pdf"), (FILE, "program")}),
    "disk": (doc(more=carry("a", DISK)), {(OBJECT, "a"), (FILE, "disk")}),
    "strange package": (doc(more=within("ObjectPool/_1", {"\x01Ole10Native": b"a" * 40})), {(OBJECT, "Package")}),
    "object in a workbook": (xls(more=within("MBD0A1B2C3D", {"CONTENTS": b"a"})), {(OBJECT, "")}),
    "package on a slide": (
        ppt(struct.pack("<HHL", 0x20, 0xFBA, 14) + "Package".encode("utf-16-le")),
        {(OBJECT, "Package")},
    ),
    "password of a new document": (pack_compound(PASSWORD), {(LOCKED, "")}),
    "password of a text": (doc("a", flags=0x100), {(LOCKED, "")}),
    "password of a workbook": (xls(record(0x2F, b"a" * 54), sheet("?", 1)), {(LOCKED, "")}),
    "password of slides": (ppt(is_locked=True), {(LOCKED, "")}),
    "program in a mail": (msg({"請求書.exe": PROGRAM}), {(FILE, "請求書.exe")}),
    "page in a mail": (msg({"a.htm": HTML}), {(FILE, "a.htm")}),
    "page on a page": (onenote([PNG, HTML]), {(FILE, "html")}),
    "program on a page": (onenote([PROGRAM]), {(FILE, "program")}),
    "script on a page": (onenote([TEXT], ["開く.js"]), {(FILE, "text"), (FILE, "program")}),
}

INNOCENT: dict[str, tuple[bytes, Findings]] = {
    "letter": (doc(), set()),
    "letter with a picture": (doc(more={"Data": PNG * 100}), set()),
    "letter with a link": (doc(f'\x13 HYPERLINK "{URL}" \x14a\x15'), {(LINK, URL)}),
    "letter with a bookmark": (doc('\x13 HYPERLINK \\l "_Toc1" \x14a\x15\x13 PAGE \x15'), set()),
    "letter in one octet a character": (
        pack_compound({"WordDocument": b"\xec\xa5" + bytes(1022) + b'\x13 HYPERLINK "https://a.example/b" \x14'}),
        {(LINK, URL)},
    ),
    "letter about fields": (doc("DDEAUTO is a field of Word."), set()),
    "letter of one's own template": (doc(template="C:\\Program Files\\Office\\Brief.dot"), set()),
    "letter with properties": (
        doc(more={"\x05SummaryInformation": bytes(400), "\x01CompObj": describe("Word")}),
        set(),
    ),
    "very old letter": (pack_compound({"WordDocument": b"\xdc\xa5" + bytes(300)}), set()),
    "workbook": (xls(sheet("Sheet1"), sheet("Chart1", 2)), set()),
    "workbook with a link": (xls(record(0x1B8, bytes(32) + moniker(URL))), {(LINK, URL)}),
    "workbook with a source": (xls(source(b"\x01\x01C\x03Users\x03a.xls"), record(0x1AE, b"\1\0\1\4")), set()),
    "workbook with a part of a letter": (xls(source(b"Word.Document.8\x03C:\\a.doc")), set()),
    "workbook with a pivot table": (xls(more={"_SX_DB_CUR/0001": bytes(100)}), set()),
    "workbook with properties": (xls(more={"\x05DocumentSummaryInformation": bytes(400)}), set()),
    "large workbook": (xls(*[record(0x203, bytes(14))] * 5000, sheet("a")), set()),
    "slides": (ppt(), set()),
    "slides without macros": (ppt(slide_code(0)), set()),
    "slides with pictures": (ppt(bytes(9000)), set()),
    "slides with a link": (ppt(struct.pack("<HHL", 0, 0xFBA, 38) + URL.encode("utf-16-le")), {(LINK, URL)}),
    "mail": (msg(text="お世話になっております。"), set()),
    "mail with links": (msg(text=f"See {URL} ok", html=b'<a href="https://a.example/b">b</a>'), {(LINK, URL)}),
    "mail with documents": (msg({"a.pdf": PDF, "写真.png": PNG, "a.txt": TEXT}), set()),
    "mail with a mail": (msg({"a.msg": msg()}), set()),
    "thumbnails": (pack_compound({"Catalog": bytes(60), "256_1": PNG}), set()),
    "nothing": (pack_compound({"a/b/c/d/e": b"a"}), set()),
    "header alone": (OLE, set()),
    "notes": (onenote([]), set()),
    "notes with pictures": (onenote([PNG, b"\xff\xd8\xff\xe0" + bytes(40)]), set()),
    "notes about programs": (onenote([PNG], page="Start setup.exe\0"), set()),
    "notes with a recording": (onenote([b"ID3" + bytes(40)], ["会議.mp3"]), set()),
}


def find(content: bytes) -> Findings:
    """What both formats find in it."""
    return {
        (finding.trait, finding.detail)
        for form in (ole, notes)
        if form.recognises("a", content[:4096])
        for finding in form.look("a", content)
    }


@pytest.mark.parametrize("name", GUILTY)
def test_what_acts_is_found(name: str) -> None:
    """Each way in which an older document acts, carries a program or is locked is found."""
    content, expected = GUILTY[name]
    assert find(content) == expected


@pytest.mark.parametrize("name", INNOCENT)
def test_ordinary_documents_have_links_at_most(name: str) -> None:
    """An ordinary document has no finding but its links, and is opened without complaint."""
    content, expected = INNOCENT[name]
    assert find(content) == expected
    assert inspect("a", content).state is Opened.OPENED


def test_there_are_as_many_innocent_documents() -> None:
    """The table of what is left alone is at least as long as that of what is found."""
    assert len(INNOCENT) >= len(GUILTY)


def test_a_script_needs_its_own_property() -> None:
    """A file that is text is taken for a script where a property is its name, not where a page speaks of one."""
    assert find(onenote([TEXT], page="setup.js を開く")) == {(FILE, "text")}


def test_streams_are_read_as_they_were_written() -> None:
    """Small and large streams in storages within storages come back octet by octet."""
    streams = {f"a{n}/b{n % 3}/c": bytes([n]) * (n * 700) for n in range(12)}
    file = Compound(pack_compound(streams))
    assert {entry.path: file.read(entry) for entry in file.entries if entry.is_stream} == streams


def test_a_stream_outside_the_tree_is_found() -> None:
    """Code that the directory lists and its tree no longer leads to is still seen."""
    content = bytearray(doc(more=within("Macros/VBA", VBA)))
    root = content.index("Root Entry".encode("utf-16-le"))
    content[root + 76 : root + 80] = b"\xff" * 4
    assert (MACRO, "VBA") in find(bytes(content))


def test_code_is_seen_although_the_directory_is_lost() -> None:
    """Where the header leads nowhere, the names of streams still tell."""
    content = bytearray(doc(more=within("Macros/VBA", VBA)))
    content[48:52] = b"\xff" * 4
    assert find(bytes(content)) == {(MACRO, "VBA")}


def circle(field: int, figure: int = 0xFFFFFFFE) -> bytes:
    """A file with a figure of its header as large as can be, and whose sectors all follow themselves."""
    content = bytearray(doc(more={"Data": bytes(5000), "b": b"a" * 100}))
    struct.pack_into("<L", content, field, figure)
    (place,) = struct.unpack_from("<L", content, 76)
    struct.pack_into("<128L", content, (place + 1) * 512, *range(128))
    return bytes(content)


def shared(count: int) -> bytes:
    """Many streams that claim to be as large as can be, all of the same sectors."""
    content = pack_compound({f"{number:05d}/\x01Ole10Native": bytes(64) for number in range(count)})
    return content.replace(struct.pack("<Q", 64), struct.pack("<Q", 1 << 30)) + bytes(4 << 20)


BOMBS: dict[str, Callable[[], bytes]] = {
    "mini sectors": lambda: circle(64),
    "sectors of the table": lambda: circle(44),
    "sectors of the table of the table": lambda: circle(72),
    "first sector of the table of the table": lambda: circle(68, 0),
    "huge sectors": lambda: circle(30, 0xFFFF),
    "many streams": lambda: pack_compound({f"{number}": b"a" for number in range(1000)}),
    "shared sectors": lambda: shared(800),
    "records": lambda: xls(bytes(8 << 20)),
    "urls": lambda: xls(moniker(URL) * 100_000),
    "fields": lambda: doc("\x13 HYPERLINK " * 300_000),
    "files": lambda: onenote([b"a"] * 100_000),
    "names": lambda: onenote([TEXT], ["a.js"] * 300_000, "a.js" * 500_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_takes_no_longer_than_its_bounds(name: str) -> None:
    """However a file lies about its size, looking at it ends soon."""
    content = BOMBS[name]()
    started = time.process_time()
    inspect("a", content)
    assert time.process_time() - started < Limits().seconds


@settings(max_examples=300, deadline=2000)
@given(
    name=st.sampled_from(sorted({*GUILTY, *INNOCENT})),
    changes=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), max_size=12),
    kept=st.floats(0, 1) | st.just(1.0),
)
def test_no_mutation_gets_out(name: str, changes: list[tuple[float, bytes]], kept: float) -> None:
    """A damaged file is looked at in bounded time, and what it raises does not leave the inspection."""
    damaged = bytearray((GUILTY | INNOCENT)[name][0])
    for place, octets in changes:
        start = int(place**3 * len(damaged))  # the header and the tables are where most harm is done
        damaged[start : start + len(octets)] = octets
    opening = inspect("a", bytes(damaged[: int(kept * len(damaged))]))
    assert len(opening.findings) <= 200


def test_the_caged_child_finds_the_same() -> None:
    """With nothing left to open, not even a codec, every file is read as well as without a cage."""
    cage = Cage()
    with closing(cage):
        for content, _ in (GUILTY | INNOCENT).values():
            assert cage.open("a", content) == InProcess().open("a", content)
