"""A stranger's address under the name of somebody to whom the reader writes."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.contact_name import detect
from watcher.model import Facet, Strength

NAME = "山田太郎"
STRANGER = f"{NAME} <director.office@mail.example>"
OWNER = ("taro@company.example",)
FLAGS = {
    "from anywhere": mail(author=STRANGER, namesake=NAME),
    "confirmed to come from a domain of the stranger's": mail(
        author=STRANGER, namesake=NAME, acquainted=False, results=passed("mail.example"), owner=OWNER
    ),
    "from the reader's own domain, not confirmed": mail(
        author=f"{NAME} <x@company.example>", namesake=NAME, owner=OWNER, results="spf=fail; dmarc=fail"
    ),
    "confirmed from the reader's provider, where everybody has a mailbox": mail(
        author=f"{NAME} <x@gmail.com>", namesake=NAME, owner=("taro@gmail.com",), results=passed("gmail.com")
    ),
}
QUIET = {
    "nobody's name": mail(author=STRANGER),
    "a known sender, such as the contact's second mailbox": mail(
        author=STRANGER, namesake=NAME, acquainted=True, results=passed("mail.example")
    ),
    "confirmed from the reader's own domain": mail(
        author=f"{NAME} <x@company.example>", namesake=NAME, owner=OWNER, results=passed("company.example")
    ),
    "the reader's own address": mail(author=f"{NAME} <Taro@company.example>", namesake=NAME, owner=OWNER),
    "a mailing list, which writes the names of others": mail(
        author=f"{NAME} <list@lists.example>",
        namesake=NAME,
        headers=[("List-Id", "<list.lists.example>")],
        results=passed("bounces.example"),
    ),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """The name speaks against the sender, in a sentence that has both name and address, and never enough alone."""
    (evidence,) = detect(row())
    assert (evidence.facet, evidence.strength) == (Facet.NAME, Strength.MEDIUM)
    assert NAME in evidence.text.ja
    assert "@" in evidence.text.en


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """The author may well be that person, or somebody who writes for others."""
    assert list(detect(row())) == []
