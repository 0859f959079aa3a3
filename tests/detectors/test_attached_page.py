"""A web page sent as a file that asks for a password or makes a file out of itself."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail
from tests.kit.openings import BRAND, PARTNER, ROLE, carrying
from watcher.detectors.attached_page import detect
from watcher.model import Facet, Strength, Trait

SENDS = ((Trait.FORM, "https://fresh.example/in.php"), Trait.PASSWORD_FIELD)
PACKED = ((Trait.FORM, "https://fresh.example/", "a/login.html"), (Trait.PASSWORD_FIELD, "", "a/login.html"))

FLAGS = {
    "a sign-in page in a brand's name": carrying("Voicemail.html", *SENDS, author=BRAND),
    "a sign-in page in a role's name": carrying("invoice.htm", *SENDS, author=ROLE),
    "a stranger's sign-in page": carrying("document.shtml", *SENDS),
    "one that sends by its script": carrying("a.html", Trait.FORM, Trait.PASSWORD_FIELD, author=BRAND),
    "one in an archive": carrying("a.zip", *PACKED, members=["a/login.html"], author=BRAND),
    "a page that makes a file": carrying("明細.html", (Trait.ASSEMBLES_DOWNLOAD, "a.zip"), author=BRAND),
    "a drawing that makes a file": carrying("scan.svg", Trait.ASSEMBLES_DOWNLOAD, acquainted=False),
    "a page that asks by its script": carrying("a.html", Trait.PASSWORD_FIELD, author=BRAND),
    "a page with a program in it": carrying("a.html", (Trait.EMBEDDED_FILE, "program"), author=BRAND),
    "a page that leads away": carrying("明細.html", (Trait.SCRIPT, "https://fresh.example/"), author=BRAND),
    "a form of any kind in a brand's name": carrying("card.html", (Trait.FORM, ""), author=BRAND),
    "an archive in a page in a brand's name": carrying("a.html", (Trait.EMBEDDED_FILE, "archive"), author=BRAND),
    "a drawing with a script": carrying(
        "scan.svg", (Trait.SCRIPT, "location = 'https://fresh.example/'"), author=BRAND
    ),
}
QUIET = {
    "a saved page": carrying("記事.html", (Trait.LINK, "https://news.example/")),
    "a saved page with a search form": carrying("shop.html", (Trait.FORM, "https://shop.example/search")),
    "a report": carrying("coverage.html"),
    "a survey of a stranger": carrying("Umfrage.html", (Trait.FORM, "https://survey.example/"), author=ROLE),
    "a saved sign-in page of somebody known": carrying("login.html", *SENDS, author=PARTNER, acquainted=True),
    "a web designer's site": carrying("site.zip", *PACKED, members=["a/login.html"], author=PARTNER, acquainted=True),
    "a report with its data in it": carrying("report.html", (Trait.EMBEDDED_FILE, "archive")),
    "a logo": carrying("logo.svg", (Trait.LINK, "https://partner.example/"), author=BRAND),
    "a ticket": carrying("ticket.html", (Trait.LINK, "https://rail.example/t/1")),
    "a PDF with a form": carrying("申込書.pdf", Trait.FORM, Trait.PASSWORD_FIELD, author=BRAND),
    "a PDF with a script": carrying("申込書.pdf", (Trait.SCRIPT, "calculate()"), author=BRAND),
    "a report with its pictures in it": carrying("report.html", (Trait.EMBEDDED_FILE, "picture")),
    "a chart": carrying("chart.svg", (Trait.LINK, "https://statistics.example/"), acquainted=False),
    "an exported notebook of somebody known": carrying(
        "notebook.html", Trait.SCRIPT, Trait.ASSEMBLES_DOWNLOAD, author=PARTNER, acquainted=True
    ),
    "one that has not been looked into": carrying("page.html", author=BRAND),
    "no attachment": mail(author=BRAND),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """The page wants something that no page sent as a file should want."""
    (evidence,) = detect(row())

    assert evidence.facet is Facet.ATTACHMENT


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """It only shows something, or comes from somebody one has to do with."""
    assert list(detect(row())) == []


@pytest.mark.parametrize(
    ("row", "strength"),
    [
        ("a sign-in page in a brand's name", Strength.STRONG),
        ("a sign-in page in a role's name", Strength.MEDIUM),
        ("a stranger's sign-in page", Strength.MEDIUM),
        ("a page that makes a file", Strength.STRONG),
    ],
)
def test_no_brand_sends_its_pages_as_files(row: str, strength: Strength) -> None:
    """In a brand's name it weighs more: some strangers send locked messages this way."""
    (evidence,) = detect(FLAGS[row]())

    assert evidence.strength is strength


def test_the_reader_is_told_where_it_leads() -> None:
    """The host to which a page leads away stands in the sentence."""
    (evidence,) = detect(FLAGS["a page that leads away"]())

    assert evidence.text.ja == "添付の「明細.html」は、開くとすぐに fresh.example へ移動させるウェブページです。"


def test_the_page_is_named_and_explained() -> None:
    """The reader is told what the page in the archive wants."""
    (evidence,) = detect(FLAGS["one in an archive"]())

    assert evidence.text.en == (
        "The attached “login.html” is a web page that asks for a password; no honest company sends one by mail."
    )
    assert "「login.html」は、パスワードを入力させるウェブページです" in evidence.text.ja
