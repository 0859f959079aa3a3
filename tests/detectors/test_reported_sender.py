"""A sender whose mail the user has reported as an impersonation before."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.reported_sender import detect
from watcher.model import Direction, Facet, Lesson, LessonKind

REPORTED = (Lesson("care@shop.example", brand="amazon", kind=LessonKind.DISTRUST),)
WITHOUT_BRAND = (Lesson("care@shop.example", kind=LessonKind.DISTRUST),)
CARE = "Amazon <care@shop.example>"
FLAGS = {
    "the same brand again": mail(author=CARE, results=passed("shop.example"), lessons=REPORTED),
    "in other case": mail(author="Amazon <Care@Shop.example>", results=passed("shop.example"), lessons=REPORTED),
    "reported without a brand": mail(
        author="PayPal <care@shop.example>", results=passed("shop.example"), lessons=WITHOUT_BRAND
    ),
}
QUIET = {
    "unconfirmed": mail(author=CARE, lessons=REPORTED),
    "failed": mail(author=CARE, results="spf=fail; dmarc=fail", lessons=REPORTED),
    "another brand": mail(author="PayPal <care@shop.example>", results=passed("shop.example"), lessons=REPORTED),
    "no brand": mail(author="Keiko <care@shop.example>", results=passed("shop.example"), lessons=REPORTED),
    "another sender of the domain": mail(
        author="Amazon <x@shop.example>", results=passed("shop.example"), lessons=REPORTED
    ),
    "trusted": mail(author=CARE, results=passed("shop.example"), lessons=(Lesson("care@shop.example", explicit=True),)),
    "a detector restrained": mail(
        author=CARE, results=passed("shop.example"), lessons=(Lesson(kind=LessonKind.RESTRAINT, detector="odd_link"),)
    ),
    "nothing learned": mail(author=CARE, results=passed("shop.example")),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """The report speaks against the sender, and is a fact of its own kind."""
    assert [(evidence.direction, evidence.facet) for evidence in detect(row())] == [(Direction.AGAINST, Facet.REPORT)]


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """No lesson of distrust fits."""
    assert list(detect(row())) == []
