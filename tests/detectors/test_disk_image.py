"""A disk image from a stranger."""

from __future__ import annotations

import pytest

from tests.kit.archives import DISK
from tests.kit.inquiries import Row, mail, passed
from tests.kit.openings import BRAND, PARTNER, ROLE, STRANGER, carrying
from watcher.detectors.disk_image import detect
from watcher.model import Facet, Strength

FLAGS = {
    "in a brand's name": carrying("ご利用明細.iso", author=BRAND),
    "in a role's name": carrying("invoice.img", author=ROLE),
    "of a stranger": carrying("invoice.vhd"),
    "of a stranger for certain": carrying("invoice.vhdx", acquainted=False),
    "in an archive": carrying("invoice.zip", members=["invoice/invoice.iso"]),
    "for a Mac": carrying("Invoice.dmg", author=BRAND),
    "by its content": mail(author=STRANGER, attachments=[("invoice.dat", DISK)]),
}
QUIET = {
    "of somebody known": carrying("backup.iso", author=PARTNER, acquainted=True),
    "of a technician to whom one writes": carrying("rescue.img", author=PARTNER, acquainted=True, written_to=True),
    "with a program in it, which is told of elsewhere": carrying("invoice.iso", members=["setup.exe"], author=BRAND),
    "packed by somebody known": carrying("vm.zip", members=["vm/disk.vmdk"], acquainted=True, author=PARTNER),
    "a picture": carrying("image.png"),
    "a raw photograph": carrying("DSC_0001.tif"),
    "an archive": carrying("isos.zip", members=["list of images.txt"]),
    "a document about images": carrying("iso 9001.pdf"),
    "a document of the brand itself": carrying(
        "明細.pdf", author="三井住友カード <a@vpass.ne.jp>", results=passed("vpass.ne.jp")
    ),
    "no attachment": mail(author=BRAND),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """There is an image, and nobody knows its sender."""
    (evidence,) = detect(row())

    assert evidence.facet is Facet.ATTACHMENT


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """There is none, or it is from somebody one has to do with."""
    assert list(detect(row())) == []


@pytest.mark.parametrize(
    ("row", "strength"),
    [("in a brand's name", Strength.STRONG), ("in a role's name", Strength.MEDIUM), ("of a stranger", Strength.MEDIUM)],
)
def test_a_brand_sends_none(row: str, strength: Strength) -> None:
    """In a brand's name it weighs more: a stranger may have a reason."""
    (evidence,) = detect(FLAGS[row]())

    assert evidence.strength is strength


def test_the_image_in_an_archive_is_named() -> None:
    """The reader is told which file it is."""
    (evidence,) = detect(FLAGS["in an archive"]())

    assert evidence.text.en.startswith("The attachment “invoice.zip” holds a disk image, “invoice.iso”;")
    assert "「invoice.iso」" in evidence.text.ja
