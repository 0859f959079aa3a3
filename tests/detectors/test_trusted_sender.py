"""A sender whom the user trusts, or whose mail the user has taken back before."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.trusted_sender import detect
from watcher.model import Direction, Lesson

TRUSTED = (Lesson("news@shop.example", explicit=True),)
RELEASED = (Lesson("news@shop.example", brand="amazon"),)
SHOP = "Amazon Shop <news@shop.example>"
FLAGS = {
    "trusted": mail(author=SHOP, results=passed("shop.example"), lessons=TRUSTED),
    "the whole domain trusted": mail(
        author=SHOP, results=passed("shop.example"), lessons=(Lesson("@shop.example", explicit=True),)
    ),
    "taken back for this brand": mail(author=SHOP, results=passed("shop.example"), lessons=RELEASED),
}
QUIET = {
    "trusted, but unconfirmed": mail(author=SHOP, lessons=TRUSTED),
    "trusted, but failed": mail(author=SHOP, results="spf=fail; dmarc=fail", lessons=TRUSTED),
    "taken back for another brand": mail(
        author="PayPal <news@shop.example>", results=passed("shop.example"), lessons=RELEASED
    ),
    "another sender of the domain": mail(
        author="Amazon <x@shop.example>", results=passed("shop.example"), lessons=TRUSTED
    ),
    "the same name elsewhere": mail(
        author="Amazon Shop <news@other.example>", results=passed("other.example"), lessons=TRUSTED
    ),
    "nothing learned": mail(author=SHOP, results=passed("shop.example")),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """The lesson speaks for the sender."""
    assert [evidence.direction for evidence in detect(row())] == [Direction.FOR]


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """No lesson fits."""
    assert list(detect(row())) == []
