"""A stranger who poses as the reader's own mail domain, or as the reader himself."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.own_domain import detect
from watcher.model import Facet, Strength

TO = "Taro <taro@company.example>"
OWNER = ("taro@company.example",)
FAILED = "spf=fail smtp.mailfrom=company.example; dkim=none; dmarc=fail header.from=company.example"
FLAGS = {
    "the own domain in a foreign name": (
        mail(author="company.example Helpdesk <no-reply@other.example>", to=TO, owner=OWNER),
        Facet.NAME,
    ),
    "where it is not known whose mailbox it is": (
        mail(author="company.example Helpdesk <no-reply@other.example>", to=TO),
        Facet.NAME,
    ),
    "the own address in a foreign name": (
        mail(author="taro@company.example <no-reply@other.example>", to=TO, owner=OWNER),
        Facet.NAME,
    ),
    "the own domain in full-width letters": (
        mail(author="ｃｏｍｐａｎｙ．ｅｘａｍｐｌｅ 管理者 <a@other.example>", to=TO, owner=OWNER),
        Facet.NAME,
    ),
    "even where the stranger is confirmed": (
        mail(author="Admin of company.example <a@other.example>", to=TO, owner=OWNER, results=passed("other.example")),
        Facet.NAME,
    ),
    "the own domain in an address without one": (
        mail(author="company.example Server <server>", to=TO, owner=OWNER),
        Facet.NAME,
    ),
    "the own address, forged": (
        mail(author="taro@company.example", to=TO, owner=OWNER, results=FAILED),
        Facet.AUTHENTICATION,
    ),
    "a colleague's address, forged": (
        mail(author="社長 <ceo@company.example>", to=TO, owner=OWNER, results=FAILED),
        Facet.AUTHENTICATION,
    ),
    "the own address at a large provider, forged": (
        mail(author="taro@gmail.com", to="taro@gmail.com", owner=("taro@gmail.com",), results="spf=fail; dmarc=fail"),
        Facet.AUTHENTICATION,
    ),
}
QUIET = {
    "a note to oneself": mail(author="taro@company.example", to=TO, owner=OWNER, results=passed("company.example")),
    "a note to oneself that nobody checked": mail(author="taro@company.example", to=TO, owner=OWNER),
    "a note to oneself, where it is not known whose mailbox it is": mail(author=TO, to=TO, results=FAILED),
    "a note from one's own telephone": mail(
        author="taro@gmail.com", to="taro@gmail.com", owner=("taro@gmail.com",), results=passed("gmail.com")
    ),
    "a colleague": mail(author="佐藤 <sato@company.example>", to=TO, owner=OWNER, results=passed("company.example")),
    "a colleague within the house": mail(
        author="佐藤 <sato@mail.company.example>",
        to=TO,
        owner=OWNER,
        received="from exch.company.example (exch.company.example [10.0.0.5])",
    ),
    "a colleague who names the domain": mail(
        author="company.example 総務部 <soumu@company.example>", to=TO, owner=OWNER, results=passed("company.example")
    ),
    "a colleague by way of a list": mail(
        author="佐藤 <sato@company.example>",
        to="staff@lists.example",
        owner=OWNER,
        headers=[("List-Id", "<staff.lists.example>")],
        results="spf=pass smtp.mailfrom=b@lists.example; dkim=fail; dmarc=fail",
    ),
    "a list that writes members' addresses into the name": mail(
        author="sato@company.example via staff <staff@lists.example>",
        to="staff@lists.example",
        owner=OWNER,
        headers=[("List-Id", "<staff.lists.example>")],
        results=passed("lists.example"),
    ),
    "a neighbour of everybody's domain": mail(
        author="gmail.com team <x@other.example>", to="taro@gmail.com", owner=("taro@gmail.com",)
    ),
    "another who has a mailbox there, softly failed": mail(
        author="Ken <ken@gmail.com>", to="taro@gmail.com", owner=("taro@gmail.com",), results="spf=softfail"
    ),
    "a longer domain that ends like the own one": mail(
        author="my-company.example News <news@other.example>", to=TO, owner=OWNER
    ),
    "a longer domain that begins like the own one": mail(
        author="company.example.net News <news@other.example>", to=TO, owner=OWNER
    ),
    "a host below the own one": mail(author="www.company.example <news@other.example>", to=TO, owner=OWNER),
    "another domain in the name": mail(author="Booking.com <noreply@booking.com>", to=TO, owner=OWNER),
    "the own firm's name without its suffix": mail(author="Company Fan Club <fan@other.example>", to=TO, owner=OWNER),
    "the own domain in the subject alone": mail(
        author="Domain Shop <info@other.example>", to=TO, owner=OWNER, subject="company.example expires"
    ),
    "a friend": mail(author="Keiko <keiko@friend.example>", to=TO, owner=OWNER),
    "a friend who fails": mail(author="Keiko <keiko@friend.example>", to=TO, owner=OWNER, results="spf=fail"),
    "nobody": mail(author="", to=TO, owner=OWNER),
}


@pytest.mark.parametrize(("row", "facet"), FLAGS.values(), ids=FLAGS)
def test_flags(row: Row, facet: Facet) -> None:
    """A stranger uses the reader's own domain: in the name, or in an address that is found forged."""
    (evidence,) = detect(row())

    assert (evidence.facet, evidence.strength) == (facet, Strength.STRONG)


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """The mail is from the house, from a list, or uses another name."""
    assert list(detect(row())) == []


def test_the_sentence_names_both_domains() -> None:
    """The reader is told his own domain and the true one."""
    row, _ = FLAGS["the own domain in a foreign name"]
    (evidence,) = detect(row())

    assert (
        evidence.text.en
        == "The sender's name holds your own mail domain company.example, but the mail comes from other.example."
    )
