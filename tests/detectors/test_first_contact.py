"""A sender who poses as a brand, and with whom the reader has never had to do."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.first_contact import detect
from watcher.model import Direction, Facet, Strength

POSER = "日本郵便 <info@parcel.example>"
FLAGS = {
    "a brand in From": mail(author=POSER, acquainted=False),
    "a brand at the head of the subject": mail(
        author="お知らせ <a@b.example>", subject="【楽天カード】ご利用のお知らせ", acquainted=False
    ),
    "also where the stranger's own domain is confirmed": mail(
        author=POSER, acquainted=False, results=passed("parcel.example")
    ),
}
QUIET = {
    "a mailbox that was never read": mail(author=POSER, acquainted=None),
    "somebody known": mail(author=POSER, acquainted=True, results=passed("parcel.example")),
    "a stranger who poses as nobody": mail(author="Keiko <keiko@friend.example>", acquainted=False),
    "a stranger who writes about a brand": mail(text="日本郵便で送りました。", acquainted=False),
    "the brand itself": mail(author="日本郵便 <info@japanpost.jp>", acquainted=False, results=passed("japanpost.jp")),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """One weak fact of history, which can only support others."""
    (evidence,) = detect(row())
    assert (evidence.facet, evidence.strength) == (Facet.HISTORY, Strength.WEAK)
    assert evidence.direction is Direction.AGAINST


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """Nothing can be told, or a first mail means nothing."""
    assert list(detect(row())) == []
