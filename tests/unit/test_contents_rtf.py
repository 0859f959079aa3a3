"""What is found in Rich Text Format, however it is written."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit.archives import PDF, PNG, PROGRAM
from tests.kit.documents import moniker, native, ole1
from watcher.attachments.cage import Cage
from watcher.attachments.contents import rtf
from watcher.attachments.in_process import InProcess
from watcher.attachments.inspect import inspect
from watcher.attachments.limits import Limits
from watcher.model import Opened, Trait

MACRO, REMOTE, OBJECT, FILE, LINK = (
    Trait.MACRO,
    Trait.REMOTE_TEMPLATE,
    Trait.EMBEDDED_OBJECT,
    Trait.EMBEDDED_FILE,
    Trait.LINK,
)
Findings = set[tuple[Trait, str]]

URL = "https://a.example/b"
EQUATION = ole1("Equation.3", b"a" * 100).hex()
PACKAGE = ole1("Package", native("請求書.exe", PROGRAM)[4:]).hex()


def write(body: str) -> bytes:
    """A text with a table of fonts, as every program writes it."""
    return (r"{\rtf1\ansi\deff0{\fonttbl{\f0 Calibri;}}{\*\generator Riched20}\pard " + body + r"\par}").encode("ascii")


def hold(data: str) -> bytes:
    """A text with an object, its data in hexadecimal figures."""
    return write(r"{\object\objemb{\*\objclass Word.Document.8}\objw10{\*\objdata " + data + "}{\\result a}}")


def spread(digits: str, between: str) -> str:
    """Figures with something after each pair."""
    return between.join(digits[place : place + 2] for place in range(0, len(digits), 2))


GUILTY: dict[str, tuple[bytes, Findings]] = {
    "equation": (hold(EQUATION), {(OBJECT, "Equation.3")}),
    "in upper case": (hold(EQUATION.upper()), {(OBJECT, "Equation.3")}),
    "in lines": (hold(spread(EQUATION, "\r\n")), {(OBJECT, "Equation.3")}),
    "in halves": (hold(" \t\n".join(EQUATION)), {(OBJECT, "Equation.3")}),
    "in groups": (hold(spread(EQUATION, "{}")), {(OBJECT, "Equation.3")}),
    "with groups to be passed over": (hold(spread(EQUATION, r"{\*\aa1 0f{0f}0f}")), {(OBJECT, "Equation.3")}),
    "with characters": (hold(spread(EQUATION, r"\'0f")), {(OBJECT, "Equation.3")}),
    "with words": (hold(spread(EQUATION, r"\par\ud1 ")), {(OBJECT, "Equation.3")}),
    "in octets": (
        write(r"{\object{\*\objdata ").replace(rb"\par}", b"")
        + rb"\bin31 "
        + ole1("Equation.3", b"")[:31]
        + rb"}}\par}",
        {(OBJECT, "Equation.3")},
    ),
    "package": (hold(ole1("Package", native("a.pdf", PDF)[4:]).hex()), {(OBJECT, "a.pdf")}),
    "program": (hold(PACKAGE), {(OBJECT, "請求書.exe"), (FILE, "program")}),
    "link": (
        hold(ole1("OLE2Link", b"\0" * 40 + moniker(URL)).hex()),
        {(OBJECT, "OLE2Link"), (REMOTE, URL)},
    ),
    "topic": (hold(ole1("htmlfile", b"", URL).hex()), {(OBJECT, "htmlfile"), (REMOTE, URL)}),
    "link without data": (write(r"{\object\objautlink\objupdate{\result a}}"), {(OBJECT, "objautlink")}),
    "control": (write(r"{\object\objocx\objw1}"), {(OBJECT, "objocx")}),
    "strange data": (hold("zz"), {(OBJECT, "")}),
    "never closed": (b"{\\rt{\\object{\\*\\objdata " + EQUATION.encode(), {(OBJECT, "Equation.3")}),
    "template": (write(r"{\*\template " + URL + "}"), {(REMOTE, URL)}),
    "template of a share": (write(r"{\*\template \\\\a.example\\b}"), {(REMOTE, "\\\\a.example\\b")}),
    "template in characters": (write(r"{\*\template \'68\'74tp://a.example/}"), {(REMOTE, "http://a.example/")}),
    "template in groups": (write(r"{\*\template {ht}{\b tp}://a.example/}"), {(REMOTE, "http://a.example/")}),
    "template in lines": (write("{\\*\\template ht\r\ntp://a.example/}"), {(REMOTE, "http://a.example/")}),
    "template in unicode": (write(r"{\*\template \u104?\u116\'3ftp://a.example/}"), {(REMOTE, "http://a.example/")}),
    "template in unicode alone": (
        write(r"{\*\template\uc0\u104\u116\u116\u112://a.example/}"),
        {(REMOTE, "http://a.example/")},
    ),
    "dde": (write(r"{\field{\*\fldinst DDEAUTO a b}{\fldrslt a}}"), {(MACRO, "DDE")}),
    "dde in runs": (write(r"{\field{\*\fldinst{\b DD}{\i E a b}}}"), {(MACRO, "DDE")}),
    "text from elsewhere": (write(r'{\field{\*\fldinst INCLUDETEXT "' + URL + '"}}'), {(REMOTE, URL)}),
}

INNOCENT: dict[str, tuple[bytes, Findings]] = {
    "text": (write("Hello"), set()),
    "japanese text": (write(r"\'82\'a8\u19990?\u-244?"), set()),
    "picture": (write(r"{\*\shppict{\pict\pngblip\picw10 " + PNG.hex() + "}}"), set()),
    "picture in octets": (write("{\\pict\\pngblip\\bin8 ").replace(rb"\par}", PNG[:8] + b"}}"), set()),
    "link": (write(r'{\field{\*\fldinst HYPERLINK "' + URL + r'"}{\fldrslt a}}'), {(LINK, URL)}),
    "link in runs": (write(r'{\field{\*\fldinst{\cf1  HYPERLINK "' + URL + r'" }}{\fldrslt a}}'), {(LINK, URL)}),
    "mail address": (
        write(r'{\field{\*\fldinst HYPERLINK "mailto:a@example.jp"}}'),
        {(LINK, "mailto:a@example.jp")},
    ),
    "bookmark": (write(r'{\field{\*\fldinst HYPERLINK \\l "_Toc1"}}'), set()),
    "page number": (write(r"{\field{\*\fldinst PAGE }{\fldrslt 1}}"), set()),
    "contents": (write(r'{\field{\*\fldinst TOC \\o "1-3"}}' * 50), set()),
    "normal template": (write(r"{\*\template Normal.dotm}"), set()),
    "local template": (write(r"{\*\template C:\\Users\\h\\Templates\\Brief.dotx}"), set()),
    "template of a mac": (write(r"{\*\template file:///Library/Office/Brief.dotx}"), set()),
    "words about templates": (write(r"\\template http://a.example/"), set()),
    "words about objects": (write(r"The word \\objdata holds an object."), set()),
    "words about fields": (write(r"DDEAUTO \\fldinst DDE"), set()),
    "escaped braces": (write(r"\{\}\\" * 100), set()),
    "styles": (write(r"{\stylesheet{\s0 Normal;}{\s1 Heading 1;}}" * 10), set()),
    "table": (write(r"\trowd\cellx1 a\cell\row" * 100), set()),
    "properties": (write(r"{\info{\title T}{\author A}{\company C}}"), set()),
    "list": (write(r"{\*\listtable{\list\listtemplateid1{\listlevel}}}"), set()),
    "themes": (write(r"{\*\themedata 504b0304}{\*\datastore 0105}"), set()),
    "footnote": (write(r"a{\footnote b}"), set()),
    "revisions": (write(r"{\*\revtbl{Unknown;}}{\*\rsidtbl\rsid1}"), set()),
    "mail as rtf": (write(r"{\*\htmltag64 <p>}a{\*\htmltag72 </p>}"), set()),
    "nothing": (b"{\\rtf1}", set()),
    "blanks before": (b"\r\n {\\rtf1 a}", set()),
}


def find(content: bytes) -> Findings:
    """What is found in it."""
    assert rtf.recognises("a", content[:4096])
    return {(finding.trait, finding.detail) for finding in rtf.look("a", content)}


@pytest.mark.parametrize("name", GUILTY)
def test_what_acts_is_found(name: str) -> None:
    """Objects, templates and fields are found, however they are broken up."""
    content, expected = GUILTY[name]
    assert find(content) == expected


@pytest.mark.parametrize("name", INNOCENT)
def test_ordinary_texts_have_links_at_most(name: str) -> None:
    """An ordinary text has no finding but its links, and is opened without complaint."""
    content, expected = INNOCENT[name]
    assert find(content) == expected
    assert inspect("a.rtf", content).state is Opened.OPENED


def test_there_are_as_many_innocent_texts() -> None:
    """The table of what is left alone is at least as long as that of what is found."""
    assert len(INNOCENT) >= len(GUILTY)


@pytest.mark.parametrize("head", [b"", b"{", b"\\rtf1", b"{rtf", b"Hello {\\rtf1}", PDF, PNG])
def test_what_word_would_not_take_for_rtf(head: bytes) -> None:
    """Only what begins with a group and its word is read."""
    assert not rtf.recognises("a.rtf", head)


def test_no_crowd_hides_what_follows() -> None:
    """Behind a thousand links, fields and fonts a template is still found."""
    crowd = r'{\field{\*\fldinst HYPERLINK "https://example.jp/%d"}}'
    links = "".join(crowd % number for number in range(1000))
    findings = list(rtf.look("a", write(links + r"{\*\template " + URL + "}")))
    assert findings[0].trait is REMOTE
    assert len(findings) == 101


BOMBS: dict[str, Callable[[], bytes]] = {
    "groups": lambda: write("{}" * 4_000_000),
    "deep": lambda: write("{" * 8_000_000),
    "objects": lambda: write(r"\objdata" * 1_000_000),
    "broken data": lambda: write((r"{\*\objdata " + "{}" * 80_000) * 50),
    "long data": lambda: hold("0f" * 4_000_000),
    "templates": lambda: write(r"{\template " * 700_000),
    "long templates": lambda: write((r"{\template " + "{}" * 10_000) * 400),
    "fields": lambda: write((r"{\fldinst " + "{}" * 2_000) * 2_000),
    "long field": lambda: write(r"{\fldinst " + "HYPERLINK " * 800_000),
    "octets": lambda: write(r"{\*\objdata " + r"\bin9999999999 " * 500_000),
    "figures": lambda: write(r"{\*\objdata \u" + "9" * 8_000_000),
    "monikers": lambda: hold(moniker(URL).hex() * 20_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_takes_no_longer_than_its_bounds(name: str) -> None:
    """Whatever a text is stuffed with, looking at it ends soon."""
    content = BOMBS[name]()
    started = time.process_time()
    inspect("a.rtf", content)
    assert time.process_time() - started < Limits().seconds


@settings(max_examples=300, deadline=2000)
@given(
    name=st.sampled_from(sorted({*GUILTY, *INNOCENT})),
    changes=st.lists(
        st.tuples(st.floats(0, 1), st.sampled_from([b"{", b"}", b"\\", b"\\*", b"\\bin9 ", b"\\u-1", b"\\'", b"\0"])),
        max_size=8,
    ),
    kept=st.floats(0, 1) | st.just(1.0),
)
def test_no_mutation_gets_out(name: str, changes: list[tuple[float, bytes]], kept: float) -> None:
    """A damaged text is looked at without any error, since all of it can be read in some way."""
    damaged = bytearray((GUILTY | INNOCENT)[name][0])
    for place, octets in changes:
        start = int(place * len(damaged))
        damaged[start:start] = octets
    content = bytes(damaged[: int(kept * len(damaged))])
    assert len(list(rtf.look("a", content))) <= 200


def test_the_caged_child_finds_the_same() -> None:
    """With nothing left to open, not even a codec, every file is read as well as without a cage."""
    cage = Cage()
    with closing(cage):
        for content, _ in (GUILTY | INNOCENT).values():
            assert cage.open("a", content) == InProcess().open("a", content)
