"""A sender whom the reader knows, confirmed by the receiving server."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.acquaintance import detect
from watcher.model import Direction, Strength

AUTHOR = "Keiko <keiko@friend.example>"
FLAGS = {
    "written to": (
        mail(author=AUTHOR, acquainted=True, written_to=True, results=passed("friend.example")),
        Strength.STRONG,
    ),
    "heard from": (mail(author=AUTHOR, acquainted=True, results=passed("friend.example")), Strength.MEDIUM),
}
QUIET = {
    "known, but nobody vouches": mail(author=AUTHOR, acquainted=True, written_to=True),
    "known, but failed": mail(author=AUTHOR, acquainted=True, written_to=True, results="spf=fail; dmarc=fail"),
    "a stranger": mail(author=AUTHOR, acquainted=False, results=passed("friend.example")),
    "could not tell": mail(author=AUTHOR, acquainted=None, results=passed("friend.example")),
}


@pytest.mark.parametrize(("row", "strength"), FLAGS.values(), ids=FLAGS)
def test_flags(row: Row, strength: Strength) -> None:
    """It speaks for the sender, and most for one to whom the reader has written."""
    (evidence,) = detect(row())
    assert (evidence.direction, evidence.strength) == (Direction.FOR, strength)


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """Nobody is proved genuine by an address that anybody can write."""
    assert list(detect(row())) == []
