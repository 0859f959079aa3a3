"""A file whose name hides what it is."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail
from tests.kit.openings import PARTNER, carrying
from watcher.detectors.disguised_file import detect
from watcher.model import Facet, Strength

FLAGS = {
    "turned round": carrying("請求書\u202efdp.exe"),
    "turned round within": carrying("\u2067invoice\u2069.exe"),
    "pushed out of sight": carrying("委託運送状.pdf" + " " * 60 + ".exe"),
    "pushed out of sight by Japanese blanks": carrying("委託運送状" + "\u3000" * 40 + ".scr"),
    "two endings": carrying("invoice.pdf.exe"),
    "two endings, the last a script": carrying("納品書.xlsx.js"),
    "two endings, the last a page": carrying("invoice.pdf.html"),
    "two endings, the last a disk": carrying("list.xlsx.iso"),
    "a dot at the end": carrying("invoice.exe."),
    "in an archive": carrying("追跡.zip", members=["委託運送状/委託運送状.pdf.exe"]),
    "in an archive in it": carrying("追跡.zip", members=["a.zip", "a.zip!送り状.jpg.lnk"]),
    "from a friend": carrying("photo.jpg.scr", author=PARTNER, acquainted=True),
    "a document turned round": carrying("txt\u202ecod.pdf"),
}
QUIET = {
    "an ordinary name": carrying("請求書_202611.pdf"),
    "a date with dots": carrying("議事録 2026.11.24.docx"),
    "a version": carrying("report.v1.2.pdf"),
    "a packed document": carrying("invoice.pdf.zip"),
    "a packed tape": carrying("source-1.2.tar.gz"),
    "a signed document": carrying("contract.pdf.p7s"),
    "two Japanese blanks": carrying("御見積書　　株式会社例　御中.pdf"),
    "a screenshot of macOS": carrying("Screenshot 2026-11-24 at 9.41.00\u202fAM.png"),
    "a Hebrew name with its marks": carrying("דוח\u200f.pdf"),
    "a program under its own name": carrying("setup-1.2.3.exe"),
    "a page of documentation": carrying("docs.zip", members=["docs/index.rst.html", "docs/a.md"]),
    "sources": carrying("src.zip", members=["s/jquery.min.js", "s/app.test.ts", "s/run.sh", "s/Makefile"]),
    "a name that ends in a title": carrying("Smith & Co."),
    "a saved page": carrying("Example – 2026.11.24.html"),
    "no name": carrying(""),
    "no attachment": mail(author=PARTNER),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """The name says something else than the file is."""
    (evidence,) = detect(row())

    assert evidence.facet is Facet.ATTACHMENT


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """The name is unusual at most."""
    assert list(detect(row())) == []


@pytest.mark.parametrize(
    ("row", "strength"),
    [
        ("two endings", Strength.STRONG),
        ("two endings, the last a page", Strength.STRONG),
        ("two endings, the last a disk", Strength.STRONG),
        ("a document turned round", Strength.MEDIUM),
    ],
)
def test_what_is_hidden_weighs(row: str, strength: Strength) -> None:
    """A hidden program, page or disk weighs more than a hidden document."""
    (evidence,) = detect(FLAGS[row]())

    assert evidence.strength is strength


def test_it_tells_the_ending_that_was_hidden() -> None:
    """The reader is told in his language what the name kept from him, and the name shows as it is."""
    (evidence,) = detect(FLAGS["turned round"]())

    assert evidence.text.en == (
        "The name of the attached “請求書fdp.exe” holds hidden characters that turn its letters round; "
        "it is really a .exe file."
    )
    assert "本当の種類は .exe です" in evidence.text.ja
