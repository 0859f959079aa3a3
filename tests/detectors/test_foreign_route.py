"""A mail in a brand's name, handed over by a machine that cannot be the brand's."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.foreign_route import detect

POST = "日本郵便 <a@b.example>"
OWN = "Amazon <a@amazon.co.jp>"
FLAGS = {
    "no name in the DNS": mail(author=POST, received="from mail.b.example (unknown [192.0.2.9])"),
    "no name, as Exim writes it": mail(author=POST, received="from [192.0.2.9] (helo=mail.b.example)"),
    "no name, as Sendmail writes it": mail(author=POST, received="from mail.b.example ([192.0.2.9])"),
    "no name, as qmail writes it": mail(author=POST, received="from unknown (HELO mail.b.example) (192.0.2.9)"),
    "greets as the brand": mail(author=OWN, received="from amazon.co.jp (host9.cloud.example [192.0.2.9])"),
    "greets as the brand, nameless": mail(author=POST, received="from japanpost.jp (unknown [192.0.2.9])"),
    "the brand's address, nameless": mail(author=OWN, received="from pc (unknown [192.0.2.9])"),
}
QUIET = {
    "a machine with a name": mail(author=POST, received="from mail.b.example (mail.b.example [192.0.2.9])"),
    "the brand's own machine": mail(
        author=OWN, received="from a8-1.smtp.amazon.co.jp (a8-1.smtp.amazon.co.jp [192.0.2.9])"
    ),
    "a server that does not say": mail(author=POST, received="from mail.b.example (192.0.2.9)"),
    "nobody's name": mail(author="Keiko <k@friend.example>", received="from pc (unknown [192.0.2.9])"),
    "confirmed": mail(author=OWN, results=passed("amazon.co.jp"), received="from x (unknown [192.0.2.9])"),
    "a name in the text only": mail(author="K <k@f.example>", text="Amazon", received="from x (unknown [192.0.2.9])"),
    "by way of a list": mail(
        author=POST, received="from x (unknown [192.0.2.9])", headers=[("List-Id", "<a.list.example>")]
    ),
    "no such line": mail(author=POST, received="nothing to be read"),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """No mail server of the brand looks like this."""
    assert list(detect(row()))


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """The route is ordinary, or says nothing about a brand."""
    assert list(detect(row())) == []
