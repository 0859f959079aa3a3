"""A document that runs or fetches code when it is opened."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kit.inquiries import Row, mail, passed
from tests.kit.openings import BRAND, PARTNER, ROLE, carrying
from watcher.detectors.document_code import detect
from watcher.model import Facet, Strength, Trait

TEMPLATE = (Trait.REMOTE_TEMPLATE, "https://fresh.example/t.dotm")
KNOWN: dict[str, Any] = {"author": PARTNER, "acquainted": True}

FLAGS = {
    "macros in a brand's name": carrying("明細.docm", (Trait.MACRO, "VBA"), author=BRAND),
    "macros in a role's name": carrying("invoice.xlsm", (Trait.MACRO, "XLM"), author=ROLE),
    "a stranger's macros": carrying("見積書.xlsm", (Trait.MACRO, "VBA")),
    "macros in an archive": carrying(
        "a.zip", (Trait.MACRO, "VBA", "a/明細.docm"), author=BRAND, members=["a/明細.docm"]
    ),
    "a stranger's remote template": carrying("cv.docx", TEMPLATE),
    "a remote template on a share of the web": carrying(
        "cv.docx", (Trait.REMOTE_TEMPLATE, r"\\files.example\a\t.dotm")
    ),
    "a remote template behind another scheme": carrying(
        "cv.docx", (Trait.REMOTE_TEMPLATE, "mhtml:http://x.example/!a")
    ),
    "a remote template by a number": carrying("cv.docx", (Trait.REMOTE_TEMPLATE, "http://192.0.2.7/t")),
    "a stranger's document that starts a program": carrying("invoice.pdf", (Trait.LAUNCH, "cmd.exe /c start")),
    "a program packed into a document": carrying("invoice.docx", (Trait.EMBEDDED_OBJECT, "invoice.exe")),
    "a program packed into a PDF": carrying("invoice.pdf", (Trait.EMBEDDED_FILE, "data.bin (program)")),
    "a PDF that starts a program by a document's name": carrying("a.pdf", (Trait.LAUNCH, "cmd.exe /c a.pdf")),
    "a program packed into a note": carrying("請求書.one", (Trait.EMBEDDED_FILE, "program"), author=BRAND),
    "a script in a PDF in a brand's name": carrying("明細.pdf", (Trait.SCRIPT, "app.alert(1)"), author=BRAND),
    "a program packed into a friend's document": carrying("game.pptx", (Trait.EMBEDDED_OBJECT, "game.exe"), **KNOWN),
    "a friend's document that fetches something": carrying("cv.docx", TEMPLATE, **KNOWN),
}
QUIET = {
    "a partner's table with macros": carrying("見積書.xlsm", (Trait.MACRO, "VBA"), **KNOWN),
    "the accountant's old table": carrying("試算表.xls", (Trait.MACRO, "VBA"), written_to=True, **KNOWN),
    "a partner's form with a script": carrying("申込書.pdf", (Trait.SCRIPT, "calculate()"), **KNOWN),
    "an unknown office's form with a script": carrying("Antrag.pdf", (Trait.SCRIPT, "calculate()")),
    "a letter made from a template of the office": carrying(
        "Brief.docx", (Trait.REMOTE_TEMPLATE, r"\\server01\v\b.dotx")
    ),
    "the same with a long name": carrying("Brief.docx", (Trait.REMOTE_TEMPLATE, r"\\fs.office.local\v\b.dotx")),
    "the same by a number": carrying("Brief.docx", (Trait.REMOTE_TEMPLATE, "file://192.168.1.5/v/b.dotx")),
    "a report with a table in it": carrying("報告書.docx", (Trait.EMBEDDED_OBJECT, "Excel.Sheet.12")),
    "a report with a document in it": carrying("報告書.pptx", (Trait.EMBEDDED_OBJECT, "資料.pdf")),
    "a manual that opens its appendix": carrying("manual.pdf", (Trait.LAUNCH, "appendix.pdf")),
    "an electronic invoice": carrying("Rechnung.pdf", (Trait.EMBEDDED_FILE, "factur-x.xml")),
    "a document with links": carrying("案内.docx", (Trait.LINK, "https://partner.example/")),
    "an encrypted document": carrying("給与明細.pdf", (Trait.ENCRYPTED, "")),
    "a script in a drawing": carrying("logo.svg", (Trait.SCRIPT, "animate()"), author=BRAND),
    "a form in the brand's own mail": carrying(
        "申込書.pdf",
        (Trait.SCRIPT, "calculate()"),
        author="三井住友カード <a@vpass.ne.jp>",
        results=passed("vpass.ne.jp"),
    ),
    "a plain document": carrying("請求書.pdf"),
    "no attachment": mail(author=BRAND),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """The document does what only programs should."""
    (evidence,) = detect(row())

    assert evidence.facet is Facet.ATTACHMENT


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """It does nothing, or what documents of that sender may do."""
    assert list(detect(row())) == []


@pytest.mark.parametrize(
    ("row", "strength"),
    [
        ("macros in a brand's name", Strength.STRONG),
        ("macros in a role's name", Strength.MEDIUM),
        ("a stranger's macros", Strength.MEDIUM),
        ("a stranger's remote template", Strength.STRONG),
        ("a stranger's document that starts a program", Strength.STRONG),
        ("a script in a PDF in a brand's name", Strength.STRONG),
        ("a program packed into a friend's document", Strength.MEDIUM),
        ("a friend's document that fetches something", Strength.MEDIUM),
    ],
)
def test_who_sends_it_weighs(row: str, strength: Strength) -> None:
    """Macros are a habit of offices; to start a program or to fetch a template is nobody's."""
    (evidence,) = detect(FLAGS[row]())

    assert evidence.strength is strength


def test_only_the_worst_is_told() -> None:
    """Of several things in one document the one that does most is named, with the place where it was found."""
    row = carrying(
        "a.zip", (Trait.MACRO, "VBA", "a/b.docm"), (*TEMPLATE, "a/c.docx"), (Trait.LAUNCH, "x", "in.zip!d.pdf")
    )
    (evidence,) = detect(row())

    assert evidence.text.en == "The attached document “d.pdf” tries to start another program when it is opened."


def test_the_reader_is_told_where_the_rest_comes_from() -> None:
    """The host from which a document fetches more stands in the sentence."""
    (evidence,) = detect(FLAGS["a remote template on a share of the web"]())

    assert evidence.text.en == "The attached document “cv.docx” fetches more from files.example when it is opened."
    assert "files.example から" in evidence.text.ja
