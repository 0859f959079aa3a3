"""An archive that cannot be opened, from a stranger."""

from __future__ import annotations

import pytest

from tests.kit.archives import PDF, TEXT, pack_zip
from tests.kit.inquiries import Row, mail
from tests.kit.openings import BRAND, PARTNER, ROLE, STRANGER, carrying
from watcher.detectors.unreadable_archive import detect
from watcher.model import Facet, Opened, Strength

FLAGS = {
    "damaged, in a brand's name": carrying("明細.zip", state=Opened.BROKEN, author=BRAND),
    "a bomb in a brand's name": carrying("明細.zip", state=Opened.TOO_LARGE, author=BRAND),
    "damaged, in a role's name": carrying("invoice.rar", state=Opened.BROKEN, author=ROLE),
    "a stranger's bomb": carrying("invoice.zip", state=Opened.TOO_LARGE),
    "a stranger's damaged archive": carrying("invoice.7z", state=Opened.BROKEN, acquainted=False),
    "with something in it all the same": carrying("a.zip", state=Opened.BROKEN, members=["a.pdf"], author=BRAND),
    "cut off": mail(author=STRANGER, attachments=[("documents.zip", pack_zip({"a.pdf": PDF, "b.txt": TEXT})[:-30])]),
}
QUIET = {
    "damaged, of somebody known": carrying("写真.zip", state=Opened.BROKEN, author=PARTNER, acquainted=True),
    "too much, of somebody known": carrying("node.zip", state=Opened.TOO_LARGE, author=PARTNER, acquainted=True),
    "a damaged document": carrying("見積書.pdf", state=Opened.BROKEN, author=BRAND),
    "a document with too many links": carrying("catalogue.pdf", state=Opened.TOO_LARGE, author=BRAND),
    "a damaged picture": carrying("photo.jpg", state=Opened.BROKEN),
    "a locked archive": carrying("見積書.zip", state=Opened.ENCRYPTED, members=["見積書.xlsx"], author=BRAND),
    "one that has not been looked into": carrying("big.zip", state=Opened.NOT_YET, author=BRAND),
    "a sound one": mail(author=BRAND, attachments=[("documents.zip", pack_zip({"a.csv": b"1,2", "b.txt": TEXT}))]),
    "an empty one": mail(author=STRANGER, attachments=[("empty.zip", pack_zip({}))]),
    "no attachment": mail(author=BRAND),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """It could not be opened whole, and nobody knows its sender."""
    (evidence,) = detect(row())

    assert evidence.facet is Facet.ATTACHMENT


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """It could be opened, is no archive, or comes from somebody one has to do with."""
    assert list(detect(row())) == []


@pytest.mark.parametrize(
    ("row", "strength"),
    [
        ("damaged, in a brand's name", Strength.STRONG),
        ("a bomb in a brand's name", Strength.STRONG),
        ("damaged, in a role's name", Strength.MEDIUM),
        ("a stranger's bomb", Strength.MEDIUM),
    ],
)
def test_a_brand_sends_sound_archives(row: str, strength: Strength) -> None:
    """In a brand's name it weighs more: a stranger's archive may have been damaged on its way."""
    (evidence,) = detect(FLAGS[row]())

    assert evidence.strength is strength


def test_the_reader_is_told_why() -> None:
    """What is damaged and what is too much have their own words."""
    (damaged,) = detect(FLAGS["damaged, in a brand's name"]())
    (bomb,) = detect(FLAGS["a bomb in a brand's name"]())

    assert damaged.text.en == (
        "The attachment “明細.zip” is damaged, or made so that it cannot be checked: nobody can tell what is in it."
    )
    assert bomb.text.en == "The attachment “明細.zip” is stuffed with so much that not all of it can be checked."
