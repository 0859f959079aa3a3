"""What is found in attached pages, what is left alone, and the bounds of the search."""

from __future__ import annotations

import base64
import time
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.archives import PDF, PNG, PROGRAM, TEXT, pack_zip
from tests.kit.deceiving_pages import DECEIVING, SENDS_LOGIN
from tests.kit.pages import EMBEDDED, LINK, SCRIPT, SMUGGLES, Page, encode, html, mhtml, noise, script, svg
from tests.kit.saved_pages import INNOCENT
from watcher.attachments.cage import Cage
from watcher.attachments.contents.pages import MOST, MOST_LINKS, look, recognises
from watcher.attachments.contents.pages.at_once import at_once
from watcher.attachments.contents.pages.strings import names, plain, value
from watcher.attachments.inspect import inspect
from watcher.model import Finding, Opened, Trait

PAGES = DECEIVING + INNOCENT
HALF = 1 << 19


def found(filename: str, content: str | bytes) -> set[tuple[Trait, str]]:
    """Each finding as trait and detail."""
    octets = content.encode() if isinstance(content, str) else content
    return {(finding.trait, finding.detail) for finding in look(filename, octets)}


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.title)
def test_page(row: Page) -> None:
    """In each page of the table that is found which has to be, and nothing else."""
    assert found(row.filename, row.content()) == set(row.expected)


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.title)
def test_page_is_recognised(row: Page) -> None:
    """Each is taken for a page by its name or its first octets."""
    assert recognises(row.filename, row.content()[:4096])


@pytest.mark.parametrize(
    ("filename", "head"),
    [("a.png", PNG), ("a.pdf", PDF), ("a.txt", TEXT), ("a", TEXT), ("a.zip", pack_zip({})), ("a.exe", PROGRAM),
     ("a.xml", b"<?xml version='1.0'?><feed/>"), ("a.js", b"alert(1)"), ("a.eml", b"From: a\n\n<html>"), ("", b"")],
)  # fmt: skip
def test_others_are_left_alone(filename: str, head: bytes) -> None:
    """What no browser would render is not read as a page."""
    assert not recognises(filename, head)


def test_innocent_pages_hold_nothing_grave() -> None:
    """No honest page leads away at once, puts a file together, or carries a program."""
    grave = {SCRIPT, SMUGGLES, EMBEDDED}
    assert [row.title for row in INNOCENT for trait, _ in found(row.filename, row.content()) if trait in grave] == []


def test_inspection_finds_pages_in_archives() -> None:
    """A page inside an archive is read as one that is attached, and the finding says where."""
    packed = pack_zip({"in/statement.html": DECEIVING[0].content()})
    opening = inspect("a.zip", packed)
    assert opening.state is Opened.OPENED
    assert set(opening.findings) == {Finding(trait, detail, "in/statement.html") for trait, detail in SENDS_LOGIN}


@pytest.mark.parametrize("charset", ["shift_jis", "iso-2022-jp", "windows-1251", "gb18030", "utf-16", "iso-8859-2"])
def test_charsets_are_read_in_the_cage(charset: str) -> None:
    """The child, which can open no file any more, still reads a page in any usual charset."""
    page = html("<p>№1</p>" if charset == "windows-1251" else "<p>1</p>").replace("utf-8", charset)
    content = page.replace("</body>", "<a href='https://a.example/'>x</a></body>").encode(charset)
    with closing(Cage()) as cage:
        opening = cage.open("a.html", content)
    assert (opening.state, opening.findings) == (Opened.OPENED, (Finding(LINK, "https://a.example/"),))


# Bounds.


def test_findings_are_bounded() -> None:
    """Of a thousand links a hundred are listed, and what stands behind them is found all the same."""
    links = "".join(f"<a href='https://a.example/{number}'>x</a>" for number in range(1_000))
    everything = found("a.html", html(links + DECEIVING[0].content().decode()))
    assert sum(trait is LINK for trait, _ in everything) == MOST_LINKS
    assert everything >= set(SENDS_LOGIN)
    assert len(list(look("a.svg", svg("".join(f"<g on{n}=x />" for n in range(1_000))).encode()))) == MOST


def test_pictures_do_not_hide_what_follows() -> None:
    """Eight megabytes of pictures in front of a form do not keep it from being read."""
    pictures = f"<img src='data:image/jpeg;base64,{encode(noise(6 << 20))}'>"
    assert found("a.html", html(pictures + DECEIVING[0].content().decode())) == set(SENDS_LOGIN)


def test_what_stands_at_the_end_is_read() -> None:
    """Three megabytes of ordinary text in front of a script do not hide it."""
    away = "https://a.example/"
    filled = html("<p>word </p>" * 250_000 + script(f"location='{away}'"))
    assert found("a.html", filled) == {(SCRIPT, away), (LINK, away)}


SNIPPETS = r"""
< <a|<a |<a>|<p><b>|<form>|<input type=password>|onload=|onload= |<svg onload=a |<!--|<![CDATA[|<script>|<title>|
<script>a</script>|<style>|"|'|`|\|"\"|`\`|{|}|){|function(){|function a(){|!function(){|a=>{|=/[|=/[=/]|//|/*|data:|
data:a,|data:text/html,<iframe src="|%3c|\x3c|&#60;|&|1,|[1,|a=|a:a,|a=b;|new Blob(|location=|location="http://a";|
"click",(|atob("|fromCharCode(1,|"a"+|"a",|["a",|["a"].join("")|"<form>"|"JTNj"|"%3cform%3e%3c%3c"|a.push(|a[0]=|   |
function a(a){a(a)};|document.write("<form>");|<iframe srcdoc="
""".replace("\n", "").split("|")


@pytest.mark.parametrize("before", ["", "<script>", "<svg>"])
@pytest.mark.parametrize("snippet", SNIPPETS)
def test_nasty_pages_take_linear_time(snippet: str, before: str) -> None:
    """Half a megabyte of anything unclosed or repeated takes a second at most, twice that on a busy machine."""
    content = (before + snippet * (HALF // len(snippet))).encode()
    started = time.process_time()
    list(look("a.svg" if before == "<svg>" else "a.html", content))
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("a.html", b"<script>x='" + base64.b64encode(noise(6 << 20)) + b"'"),
        ("a.html", (b"A" * 63 + b" ") * (1 << 17)),
        ("a.html", ("<a href=http://a>" * 450_000).encode("utf-16")[: 8 << 20]),
        ("a.html", b"<meta charset=iso-2022-jp>\x1b$B" + b"!!" * (4 << 20)),
        ("a.mht", mhtml([("text/html", b"<script>" + b"!function(){" * 9_000)] * 40)),
        ("a.mht", b"Content-Type: multipart/related; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 500_000),
    ],
    ids=["literal", "runs", "UTF-16", "ISO-2022-JP", "MHTML", "parts"],
)
def test_the_longest_pages_are_read_in_time(filename: str, content: bytes) -> None:
    """Whatever fits into the eight megabytes that are handed over is read well within the time of an attachment."""
    started = time.process_time()
    list(look(filename, content[: 8 << 20]))
    assert time.process_time() - started < 4


ROWS = st.sampled_from([row for row in PAGES if len(row.content()) < 30_000])


@given(ROWS, st.lists(st.tuples(st.integers(0, 30_000), st.integers(0, 40), st.binary(max_size=12)), max_size=6), ROWS)
def test_no_page_raises(row: Page, cuts: list[tuple[int, int, bytes]], other: Page) -> None:
    """However a page is cut, damaged and mixed with another, the findings are few, different, and can be written."""
    content = row.content()
    for place, length, written in cuts:
        content = content[:place] + written + content[place + length :]
    if not content.startswith(b"\x1f\x8b"):
        content += other.content()[: len(cuts) * 300]
        findings = list(look(row.filename, content))
        assert len(findings) == len(set(findings)) <= MOST
        assert all(finding.detail.encode() is not None for finding in findings)


@given(st.text(), st.sampled_from(["<script>{}</script>", "<a href='{}'>", "<img src=x onerror='{}'>", "{}"]))
def test_no_text_raises(text: str, frame: str) -> None:
    """Any characters may stand in a script, an attribute and the page itself."""
    list(look("a.html", frame.replace("{}", text).encode("utf-8", "replace")))


# Scripts.


@pytest.mark.parametrize(
    ("script_text", "expected"),
    [
        ("'a' + \"b\" + `c`", '"abc"'),
        (r"'\x61\u0062\u{63}\144\n'", '"abcd "'),
        ("'a' /* x */ + // y\n 'b'", '"ab"'),
        ("['a','b'].join('')", '"ab"'),
        ("'abc'.split('').reverse().join('')", '"cba"'),
        ("window['loca' + 'tion']", "window.location"),
        (r"'\ud83d\ude00 \ud83d'", '"😀 \ufffd"'),
        ("x = /['\"]/g; y = 'z'", "x = /['']/g; y = \"z\""),
        ("say('\"quoted\"')", "say(\"'quoted'\")"),
    ],
)
def test_strings_are_written_alike(script_text: str, expected: str) -> None:
    """However a script writes a string, it is one plain string afterwards."""
    assert plain(script_text) == expected


@pytest.mark.parametrize(
    ("script_text", "expected"),
    [
        ("to = atob('aHR0cHM6Ly9h') + '/b'", "https://a/b"),
        ("h = 'https://'; p = 'a'; to = h + p + '/b'", "https://a/b"),
        ("to = decodeURIComponent(atob('JTYx'))", "a"),
        ("to = unknown()", ""),
    ],
)
def test_values_are_worked_out(script_text: str, expected: str) -> None:
    """What a name stands for is told as far as strings, names and decoders tell it."""
    assert value("to", names(plain(script_text))) == expected


@pytest.mark.parametrize(
    "script_text",
    [
        "RUN()",
        "(function(){ RUN() })()",
        "!function(){ RUN() }()",
        "var x = function(){ RUN() }()",
        "(() => { RUN() })()",
        "window.onload = function(){ RUN() }",
        "addEventListener('load', () => { RUN() })",
        "document.addEventListener('DOMContentLoaded', async()=>{ RUN() })",
        "function go(){ RUN() } go()",
        "function a(){ b() } function b(){ RUN() } setTimeout(a, 9)",
        "$(function(){ RUN() })",
        "if (x) { RUN() }",
        "fetch('x').then(r => { RUN() })",
    ],
)
def test_what_runs_at_once_is_kept(script_text: str) -> None:
    """Code that nobody has to ask for is still there once all other code is taken out."""
    assert "RUN" in at_once(plain(script_text))


@pytest.mark.parametrize(
    "script_text",
    [
        "function go(){ RUN() }",
        "const go = () => { RUN() }",
        "button.onclick = function(){ RUN() }",
        "button.onclick = () => RUN()",
        "button.addEventListener('click', e => { RUN() })",
        "$('#b').click(function(){ RUN() })",
        "$('#b').on('click', function(){ RUN() })",
        "form.addEventListener('submit', go); function go(){ RUN() }",
        "var o = { go: function(){ RUN() }, to(){ RUN() } }",
        "module.exports = (a || function(){ RUN() })",
    ],
)
def test_what_waits_is_taken_out(script_text: str) -> None:
    """Code that waits for a click, or that nothing calls, does not count as running."""
    assert "RUN" not in at_once(plain(script_text))
