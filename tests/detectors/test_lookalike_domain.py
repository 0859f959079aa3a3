"""An address that is made to be taken for a brand's own."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.lookalike_domain import detect

FLAGS = {
    "the brand's name in a foreign domain": mail(author="Support <a@amazon-update.example>"),
    "in a host above it": mail(author="Support <a@paypal.secure.example>"),
    "in the local part": mail(author="Support <support-amazon@mail.example>"),
    "a domain's name part as the local part": mail(author="お知らせ <eki-net-support@mail.example>"),
    "one letter that looks alike": mail(author="メルカリ <info@rnercari.example>"),
    "a digit for a letter": mail(author="Support <info@paypa1.example>"),
    "a digit for a letter, confirmed": mail(author="Support <info@paypa1.example>", results=passed("paypa1.example")),
    "the brand's name under an ending that serves little else": mail(
        author="IKEA <info@ikea.top>", results=passed("ikea.top")
    ),
    "a sister's name in a foreign domain": mail(author="Support <a@rakuten-card.update.example>"),
}
QUIET = {
    "the brand's own domain": mail(author="Amazon <a@amazon.co.jp>"),
    "the same under another suffix of its own": mail(author="Amazon <a@amazon.com>"),
    "a confirmed mail of its own": mail(author="PayPal <a@paypal.com>", results=passed("paypal.com")),
    "a mailbox that anybody can have": mail(author="Ken <ken@gmail.com>"),
    "a stranger's domain": mail(author="Keiko <keiko@friend.example>"),
    "a word that holds the name": mail(author="Travel <info@amazonas-reisen.example>"),
    "an everyday word": mail(author="Fruit <info@orange-juice.example>"),
    "a person of that name": mail(author="Ken Apple <ken.apple@friend.example>"),
    "no address": mail(author=""),
    "the brand under a country's suffix, confirmed": mail(author="IKEA <info@ikea.se>", results=passed("ikea.se")),
    "a mailing service of the brand": mail(author="PayPal <survey@paypal-experience.com>"),
    "an innocent namesake": mail(author="Law <office@tdhlaw.com>"),
    "an innocent namesake that speaks for itself": mail(author="Freight <office@bdhllp.com>"),
    "a café that bears an everyday word": mail(author="Orange Café <info@orange-cafe.example>"),
    "a letter that an umlaut explains": mail(author="Müller <info@mueller.example>"),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """The address imitates one of a brand."""
    assert list(detect(row()))


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """The address is a brand's own, or nobody would take it for one."""
    assert list(detect(row())) == []
