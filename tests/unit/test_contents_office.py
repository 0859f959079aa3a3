"""What is found in documents of Office Open XML and OpenDocument, and what is not."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit.archives import PROGRAM, TEXT, Raw, pack_raw_zip, pack_zip
from tests.kit.documents import (
    MICROSOFT,
    TYPES,
    docx,
    list_types,
    native,
    odt,
    pack_compound,
    pptx,
    relate,
    write_text,
    xlsx,
)
from watcher.attachments.cage import Cage
from watcher.attachments.contents import office, opendocument
from watcher.attachments.formats import TooLargeError
from watcher.attachments.in_process import InProcess
from watcher.attachments.inspect import inspect
from watcher.attachments.limits import Limits
from watcher.model import Opened, Trait

WORD, SHEETS = TYPES + "wordprocessingml.document.main+xml", TYPES + "spreadsheetml.sheet.main+xml"
VBA = {"word/vbaProject.bin": b"\0" * 40}
MACRO, REMOTE, OBJECT, FILE, LINK = (
    Trait.MACRO,
    Trait.REMOTE_TEMPLATE,
    Trait.EMBEDDED_OBJECT,
    Trait.EMBEDDED_FILE,
    Trait.LINK,
)


def template(target: str, kind: str = "attachedTemplate") -> bytes:
    """A letter with this template."""
    return docx({"word/_rels/settings.xml.rels": relate((kind, target, True))})


def typed(kind: str, part: str = "word/other.xml", **defaults: str) -> bytes:
    """A letter whose list of types names one more part."""
    return docx({"[Content_Types].xml": list_types({"word/document.xml": WORD, part: kind}, **defaults), part: b"<a/>"})


def package(name: str, content: bytes) -> bytes:
    """A letter with a file in a wrapper."""
    return docx({"word/embeddings/oleObject1.bin": pack_compound({"\x01Ole10Native": native(name, content)})})


EVENT = '<script:event-listener xlink:href="vnd.sun.star.script:a.py$b?language=Python"/>'

GUILTY = {
    "vba": (docx(VBA), {(MACRO, "VBA")}),
    "vba under another name": (
        docx({"word/a.dat": b"a"}, (MICROSOFT + "vbaProject", "a.dat", False)),
        {(MACRO, "VBA")},
    ),
    "vba by type": (typed("application/vnd.ms-office.vbaProject", "word/a.dat"), {(MACRO, "VBA")}),
    "vba by extension": (
        docx(
            {
                "[Content_Types].xml": list_types(
                    {"word/document.xml": WORD}, dat="application/vnd.ms-office.vbaProject"
                ),
                "word/a.dat": b"a",
            }
        ),
        {(MACRO, "VBA")},
    ),
    "macro document": (
        docx(
            {
                "[Content_Types].xml": list_types(
                    {"word/document.xml": "application/vnd.ms-word.document.macroEnabled.main+xml"}
                )
            }
        ),
        {(MACRO, "macro-enabled")},
    ),
    "macro sheet": (xlsx({"xl/macrosheets/sheet1.xml": b"<xm/>"}), {(MACRO, "XLM")}),
    "macro sheet by relation": (xlsx(None, (MICROSOFT + "xlMacrosheet", "x/a.xml", False)), {(MACRO, "XLM")}),
    "ribbon": (
        docx({"customUI/customUI.xml": b"<customUI xmlns='urn:u' onLoad='Start'/>"}),
        {(MACRO, "customUI")},
    ),
    "control": (docx({"word/activeX/activeX1.xml": b"<ocx/>"}), {(MACRO, "ActiveX")}),
    "control in utf-16": (
        docx(
            {
                "[Content_Types].xml": list_types({"a": "application/vnd.ms-office.activeX+xml"})
                .decode()
                .replace("UTF-8", "UTF-16")
                .encode("utf-16")
            }
        ),
        {(MACRO, "ActiveX")},
    ),
    "dde": (
        docx({"word/document.xml": write_text("", "begin", " DDEAUTO c:\\\\a.exe ", "separate", "end")}),
        {(MACRO, "DDE")},
    ),
    "dde in pieces": (
        docx({"word/document.xml": write_text("", "begin", "D", "DE", "AU", "TO a b", "end")}),
        {(MACRO, "DDE")},
    ),
    "dde in another field": (
        docx({"word/document.xml": write_text("", "begin", "IF 1 ", "begin", " dde a b", "end", "end")}),
        {(MACRO, "DDE")},
    ),
    "dde in figures": (
        docx({"word/document.xml": write_text("", "begin", "begin", "QUOTE 68 68 69", "end", " a b", "end")}),
        {(MACRO, "DDE")},
    ),
    "dde in character data": (
        docx({"word/document.xml": write_text("", "begin", "<![CDATA[DDE]]> a", "end")}),
        {(MACRO, "DDE")},
    ),
    "dde in a header": (docx({"word/header1.xml": write_text("", simple="DDE cmd a")}), {(MACRO, "DDE")}),
    "dde in a part of any name": (
        docx(
            {
                "[Content_Types].xml": list_types({"a/b.xml": TYPES + "wordprocessingml.header+xml"}),
                "a/b.xml": write_text("", simple="DDE cmd a"),
            }
        ),
        {(MACRO, "DDE")},
    ),
    "dde in cells": (
        xlsx({"xl/externalLinks/externalLink1.xml": b"<externalLink><ddeLink ddeService='cmd'/></externalLink>"}),
        {(MACRO, "DDE")},
    ),
    "template by https": (template("https://a.example/t.dotm"), {(REMOTE, "https://a.example/t.dotm")}),
    "template of a share": (template("\\\\a.example\\t.dotm"), {(REMOTE, "\\\\a.example\\t.dotm")}),
    "template by file": (template("file://a.example/s/t.dotm"), {(REMOTE, "file://a.example/s/t.dotm")}),
    "frame": (template("http://a.example/", "frame"), {(REMOTE, "http://a.example/")}),
    "part of a text": (template("http://a.example/a.docx", "subDocument"), {(REMOTE, "http://a.example/a.docx")}),
    "linked object": (
        docx(None, ("oleObject", "mhtml:http://a.example!x-usc:http://a.example", True)),
        {(REMOTE, "mhtml:http://a.example!x-usc:http://a.example")},
    ),
    "text from elsewhere": (
        docx({"word/document.xml": write_text("", simple="INCLUDETEXT &quot;http://a.example/&quot;")}),
        {(REMOTE, "http://a.example/")},
    ),
    "package": (package("見積書.pdf", TEXT), {(OBJECT, "見積書.pdf")}),
    "program in a package": (package("請求書.exe", PROGRAM), {(OBJECT, "請求書.exe"), (FILE, "program")}),
    "program by another name": (package("a.txt", PROGRAM), {(OBJECT, "a.txt"), (FILE, "program")}),
    "script in a package": (package("a.js", TEXT), {(OBJECT, "a.js"), (FILE, "program")}),
    "bare program": (docx({"word/embeddings/a.bin": PROGRAM}), {(OBJECT, "a.bin"), (FILE, "program")}),
    "object": (xlsx({"xl/embeddings/oleObject1.bin": pack_compound({"CONTENTS": b"a"})}), {(OBJECT, "oleObject1.bin")}),
    "object under another name": (
        docx({"word/a.dat": pack_compound({"a": b"a"})}, ("oleObject", "a.dat", False)),
        {(OBJECT, "a.dat")},
    ),
    "basic": (odt("", {"Basic/Standard/Module1.xml": b"<module/>"}), {(MACRO, "script")}),
    "python": (odt("", {"Scripts/python/a.py": b"a = 1"}), {(MACRO, "script")}),
    "event": (odt(EVENT), {(MACRO, "event")}),
    "dde in opendocument": (odt("<office:dde-source/>", None, "spreadsheet"), {(MACRO, "DDE")}),
    "section from elsewhere": (
        odt('<text:section-source xlink:href="https://a.example/a.odt"/>'),
        {(REMOTE, "https://a.example/a.odt")},
    ),
    "object in opendocument": (odt('<draw:object-ole xlink:href="./Object 1"/>'), {(OBJECT, "./Object 1")}),
    "password": (
        odt("", {"META-INF/manifest.xml": b"<manifest><file-entry><encryption-data/></file-entry></manifest>"}),
        {(Trait.ENCRYPTED, "")},
    ),
}

LINKED = ("hyperlink", "https://example.jp/?a=1&amp;b=2", True)
FOUND = {(LINK, "https://example.jp/?a=1&b=2")}
ANCHOR = '<text:a xlink:href="https://example.jp/">a</text:a><text:a xlink:href="#1">b</text:a>'

INNOCENT = {
    "letter": (docx(), set()),
    "letter with a link": (docx(None, LINKED), FOUND),
    "letter with a mail address": (
        docx(None, ("hyperlink", "mailto:a@example.jp", True)),
        {(LINK, "mailto:a@example.jp")},
    ),
    "link as a field": (
        docx({"word/document.xml": write_text("", "begin", 'HYPERLINK "https://example.jp/" ', "separate", "end")}),
        {(LINK, "https://example.jp/")},
    ),
    "link to a bookmark": (
        docx({"word/document.xml": write_text("", "begin", ' HYPERLINK \\l "_Toc1" ', "separate", "end")}),
        set(),
    ),
    "contents and page numbers": (
        docx({"word/document.xml": write_text("", "begin", ' TOC \\o "1-3" \\h ', "separate", "end", simple="PAGE")}),
        set(),
    ),
    "words about dde": (docx({"word/document.xml": write_text("DDEAUTO is a field. ddeLink too.")}), set()),
    "template of another disk": (template("D:\\Templates\\Brief.dotm"), set()),
    "template of a mac": (template("file://localhost/Users/h/Templates/Normal.dotm"), set()),
    "template of linux": (template("file:///opt/office/Brief.dotx"), set()),
    "template beside it": (template("Brief.dotx"), set()),
    "linked table of this computer": (docx(None, ("oleObject", "file:///C:\\a.xlsx", True)), set()),
    "embedded table": (docx({"word/embeddings/a.xlsx": xlsx()}, ("package", "embeddings/a.xlsx", False)), set()),
    "picture from elsewhere": (
        docx(None, ("image", "https://example.jp/a.png", True)),
        {(LINK, "https://example.jp/a.png")},
    ),
    "ribbon of buttons": (docx({"customUI/customUI.xml": b"<customUI><ribbon/></customUI>"}), set()),
    "type without a part": (
        docx(
            {"[Content_Types].xml": list_types({"word/document.xml": WORD}, bin="application/vnd.ms-office.vbaProject")}
        ),
        set(),
    ),
    "attached fonts": (
        docx({"word/fonts/font1.odttf": bytes(range(256))}, ("font", "fonts/font1.odttf", False)),
        set(),
    ),
    "comment in xml": (
        docx({"word/_rels/a.xml.rels": b"<R><!-- <Relationship Type='a/oleObject' Target='b'/> --></R>"}),
        set(),
    ),
    "workbook": (xlsx(), set()),
    "workbook with a link": (xlsx(None, LINKED), FOUND),
    "workbook with sources": (
        xlsx(
            {
                "xl/externalLinks/externalLink1.xml": b"<externalLink><externalBook/></externalLink>",
                "xl/externalLinks/_rels/externalLink1.xml.rels": relate(("externalLinkPath", "a.xlsx", True)),
            }
        ),
        set(),
    ),
    "workbook with buttons": (xlsx({"xl/ctrlProps/ctrlProp1.xml": b"<formControlPr/>"}), set()),
    "workbook with a pivot table": (xlsx({"xl/pivotTables/pivotTable1.xml": b"<pivotTableDefinition/>"}), set()),
    "slides with a chart": (pptx(), set()),
    "slides with a link": (pptx(None, LINKED), FOUND),
    "slides with a film": (pptx({"ppt/media/media1.mp4": b"\0\0\0\x18ftypmp42"}), set()),
    "other order": (pack_zip({"word/document.xml": b"<a/>", "[Content_Types].xml": list_types({})}), set()),
    "text": (odt(), set()),
    "text with links": (odt(ANCHOR), {(LINK, "https://example.jp/")}),
    "text with a picture from elsewhere": (
        odt('<draw:image xlink:href="https://example.jp/a.png"/>'),
        {(LINK, "https://example.jp/a.png")},
    ),
    "text with a chart": (odt('<draw:object xlink:href="./Object 1"/>', {"Object 1/content.xml": b"<a/>"}), set()),
    "text with an empty library": (
        odt("", {"Basic/script-lc.xml": b"<a/>", "Basic/Standard/script-lb.xml": b"<a/>"}),
        set(),
    ),
    "text with a local template": (
        odt("", {"meta.xml": b"<m xmlns:l='urn:l'><template l:href='../a.ott'/></m>"}),
        set(),
    ),
    "table": (odt("<table:table/>", None, "spreadsheet"), set()),
    "table from this computer": (odt('<table:table-source xlink:href="../a.ods"/>', None, "spreadsheet"), set()),
    "old table": (
        odt("", {"META-INF/manifest.xml": b"<!DOCTYPE m PUBLIC 'a' 'Manifest.dtd'><m/>"}, "spreadsheet"),
        set(),
    ),
    "presentation": (odt("<draw:page/>", None, "presentation"), set()),
    "book": (pack_zip({"mimetype": b"application/epub+zip", "a.xhtml": b"<a href='https://example.jp/'/>"}, 0), set()),
    "empty archive": (pack_zip({"[Content_Types].xml": b""}), set()),
}


def find(content: bytes) -> set[tuple[Trait, str]]:
    """What both formats find in it."""
    return {
        (finding.trait, finding.detail)
        for form in (office, opendocument)
        if form.recognises("a.docx", content[:4096])
        for finding in form.look("a.docx", content)
    }


@pytest.mark.parametrize("name", GUILTY)
def test_what_acts_is_found(name: str) -> None:
    """Each way in which a document acts on its own is found, whatever its parts are called."""
    content, expected = GUILTY[name]
    assert find(content) == expected


@pytest.mark.parametrize("name", INNOCENT)
def test_ordinary_documents_have_links_at_most(name: str) -> None:
    """An ordinary document has no finding but its links."""
    content, expected = INNOCENT[name]
    assert find(content) == expected


def test_there_are_as_many_innocent_documents() -> None:
    """The table of what is left alone is at least as long as that of what is found."""
    assert len(INNOCENT) >= len(GUILTY)


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a", "a.dat", "a.zip"])
def test_the_name_decides_nothing(name: str) -> None:
    """A document with macros is one by any name, and is opened without complaint."""
    opening = inspect(name, docx(VBA))
    assert opening.state is Opened.OPENED
    assert (MACRO, "VBA", "") in {(each.trait, each.detail, each.path) for each in opening.findings}


def test_a_macro_in_an_embedded_table_has_its_path() -> None:
    """What is wrong with a document inside a document is told with the place where it lies."""
    inner = xlsx({"xl/vbaProject.bin": b"a"})
    findings = inspect("a.pptx", pptx({"ppt/embeddings/b.xlsx": inner})).findings
    assert {(each.trait, each.path) for each in findings} == {(MACRO, "ppt/embeddings/b.xlsx")}


def test_links_are_bounded() -> None:
    """Of a thousand links a hundred are told, each once."""
    many = [("hyperlink", f"https://example.jp/{number % 500}", True) for number in range(1000)]
    links = [finding.detail for finding in office.look("", docx(None, *many))]
    assert len(links) == len(set(links)) == 100


def test_no_entity_is_expanded() -> None:
    """A part that declares entities is not read on, so that none can grow."""
    row = b"<R><Relationship TargetMode='External' Type='b' Target='&a;'/></R>"
    bomb = b"<!DOCTYPE a [<!ENTITY a 'http://a.example/'>]>" + row
    assert find(docx({"word/_rels/a.xml.rels": bomb})) == set()


BOMBS: dict[str, Callable[[], bytes]] = {
    "wide": lambda: docx({f"word/_rels/{n}.rels": b"<a>" + b"<b/>" * 1_000_000 + b"</a>" for n in range(8)}),
    "deep": lambda: docx({"word/document.xml": b"<a>" * 1_300_000}),
    "attributes": lambda: docx({"word/document.xml": b"<a" + b" b='c'" * 700_000}),
    "different attributes": lambda: docx(
        {"word/document.xml": b"<a" + b"".join(b" a%d=''" % n for n in range(400_000))}
    ),
    "objects": lambda: docx({f"word/embeddings/{n}.bin": pack_compound({"a": bytes(4_000_000)}) for n in range(40)}),
    "fields": lambda: docx({f"word/header{n}.xml": write_text("", *["begin", "A"] * 20_000) for n in range(20)}),
    "crowd": lambda: pack_raw_zip([Raw(b"[Content_Types].xml"), *[Raw(b"word/%d.rels" % n) for n in range(30_000)]]),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_takes_no_longer_than_its_bounds(name: str) -> None:
    """However a document is blown up, looking at it ends soon."""
    content = BOMBS[name]()
    started = time.process_time()
    inspect("a.docx", content)
    assert time.process_time() - started < Limits().seconds


def test_what_was_too_much_is_told() -> None:
    """More markup than can be read leaves the inspection incomplete, and the small parts are read nevertheless."""
    parts = {f"word/_rels/{n}.rels": b"<a>" + b"<b/>" * 1_000_000 + b"</a>" for n in range(8)}
    remote = relate(("attachedTemplate", "https://a.example/", True))
    found = office.look("a.docx", docx({**parts, "word/_rels/settings.xml.rels": remote}))
    assert next(found).detail == "https://a.example/"
    with pytest.raises(TooLargeError):
        next(found)


@settings(max_examples=150, deadline=2000)
@given(
    name=st.sampled_from(sorted({*GUILTY, *INNOCENT})),
    cut=st.floats(0, 1),
    changes=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4)), max_size=6),
)
def test_no_mutation_gets_out(name: str, cut: float, changes: list[tuple[float, bytes]]) -> None:
    """A damaged document is looked at in bounded time, and what it raises does not leave the inspection."""
    damaged = bytearray((GUILTY | INNOCENT)[name][0])
    for place, octets in changes:
        start = int(place * len(damaged))
        damaged[start : start + len(octets)] = octets
    opening = inspect("a.docx", bytes(damaged[: int(cut * len(damaged)) if len(changes) % 2 else None]))
    assert all(isinstance(finding.trait, Trait) for finding in opening.findings)


def test_the_caged_child_finds_the_same() -> None:
    """With nothing left to open, every document is read as well as without a cage."""
    cage = Cage()
    with closing(cage):
        for content, _ in (GUILTY | INNOCENT).values():
            assert cage.open("a", content) == InProcess().open("a", content)
