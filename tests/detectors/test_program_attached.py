"""A program where the mail promises a document."""

from __future__ import annotations

import pytest

from tests.kit.archives import PROGRAM, pack_zip
from tests.kit.inquiries import Row, mail
from watcher.detectors.program_attached import detect
from watcher.model import Strength

POST = "日本郵便 <a@b.example>"
FRIEND = "Keiko <keiko@friend.example>"


def attached(name: str, content: bytes, author: str = POST) -> Row:
    """A mail with one attachment."""
    return mail(author=author, attachments=[(name, content)])


FLAGS = {
    "in a ZIP": attached("日本郵便追跡.zip", pack_zip({"委託運送状.exe": PROGRAM})),
    "in a folder in it": attached("追跡.zip", pack_zip({"委託運送状/委託運送状.exe": PROGRAM})),
    "in a ZIP in it": attached("追跡.zip", pack_zip({"内.zip": pack_zip({"委託運送状.scr": PROGRAM})})),
    "under a harmless name": attached("追跡.zip", pack_zip({"委託運送状.pdf": PROGRAM})),
    "by its name alone": attached("追跡.zip", pack_zip({"委託運送状.js": b"var a"})),
    "not in an archive": attached("委託運送状.exe", PROGRAM),
    "from a friend": attached("tool.zip", pack_zip({"tool.exe": PROGRAM}), author=FRIEND),
}
QUIET = {
    "documents in a ZIP": attached("追跡.zip", pack_zip({"委託運送状.pdf": b"%PDF-1.4"})),
    "pictures in a ZIP": attached("photos.zip", pack_zip({"sea.jpg": b"\xff\xd8\xff\xe0"}), author=FRIEND),
    "text that begins like a program": attached("memo.txt", b"MZ is how programs begin"),
    "a document": attached("委託運送状.pdf", b"%PDF-1.4"),
    "an empty ZIP": attached("追跡.zip", pack_zip({})),
    "something that is no ZIP": attached("追跡.zip", b"nothing"),
    "a table": attached("料金表.csv", b"a,b\n1,2\n"),
    "a page": attached("お知らせ.html", b"<!DOCTYPE html><html><p>setup.exe</p></html>"),
    "a program that is only written of": attached("readme.txt", b"Run setup.exe, then tool.bat.", author=FRIEND),
    "sources without a script": attached("src.zip", pack_zip({"s/main.c": b"int x;", "s/a.md": b"# a"}), author=FRIEND),
    "no attachment": mail(author=POST),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """There is a program, wherever it hides."""
    assert list(detect(row()))


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """There is none."""
    assert list(detect(row())) == []


def test_it_decides_against_a_stranger_who_poses() -> None:
    """A program from a stranger in a brand's name has no innocent explanation."""
    (evidence,) = detect(FLAGS["in a ZIP"]())

    assert evidence.strength is Strength.DECISIVE
    assert evidence.text.en == (
        "The attachment “日本郵便追跡.zip” holds a program, “委託運送状.exe”; "
        "opening it may let others take control of your computer."
    )


def test_it_does_not_decide_against_a_friend() -> None:
    """People do send each other programs."""
    (evidence,) = detect(FLAGS["from a friend"]())

    assert evidence.strength is Strength.STRONG


SOURCES = {"s/app.js": b"var a;", "s/README.md": b"# a", "s/index.html": b"<!DOCTYPE html><html>"}


@pytest.mark.parametrize(
    ("members", "author", "strength"),
    [
        (SOURCES, FRIEND, Strength.MEDIUM),
        (SOURCES, POST, Strength.DECISIVE),
        (SOURCES | {"s/tool.exe": PROGRAM}, FRIEND, Strength.STRONG),
        (SOURCES | {"s/b.js": b"", "s/c.js": b""}, FRIEND, Strength.STRONG),
        ({"invoice.js": b"var a;", "read me.txt": b"a"}, FRIEND, Strength.STRONG),
    ],
)
def test_scripts_among_their_sources(members: dict[str, bytes], author: str, strength: Strength) -> None:
    """Programmers send each other scripts with what belongs to them; brands do not."""
    (evidence,) = detect(attached("source.zip", pack_zip(members), author=author)())

    assert evidence.strength is strength


def test_it_does_not_decide_because_a_brand_is_mentioned() -> None:
    """To write that a program runs on Microsoft's system is not to pose as Microsoft."""
    row = mail(
        author=FRIEND, text="It runs on Microsoft Windows.", attachments=[("t.zip", pack_zip({"t.exe": PROGRAM}))]
    )
    (evidence,) = detect(row())

    assert evidence.strength is Strength.STRONG
