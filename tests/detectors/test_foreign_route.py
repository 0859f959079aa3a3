"""A mail in a brand's name, handed over by a machine that cannot be the brand's."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.foreign_route import detect
from watcher.model import Facet, Strength

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
    "a number for a name": mail(author=POST, received="from x (192-0-2-9.hosting.example [192.0.2.9])"),
    "a number with dots": mail(author=POST, received="from x (192.0.2.9.hosting.example [192.0.2.9])"),
    "a number among other words": mail(author=POST, received="from x (vps192-0-2-9.hosting.example [192.0.2.9])"),
    "a number the wrong way round": mail(author=POST, received="from x (9.2.0.192.static.example [192.0.2.9])"),
    "a number filled up with zeros": mail(author=POST, received="from x (192-000-002-009.ip.example [192.0.2.9])"),
    "a number filled up with zeros, without signs": mail(
        author=POST, received="from x (host192000002009.ip.example [192.0.2.9])"
    ),
    "the number of its other address": mail(
        author=POST, received="from x (v198-51-100-7.hosting.example [IPv6:2001:db8::9])"
    ),
    "a numbered machine of a role's": mail(
        author="Webmail Administrator <a@b.example>",
        text="https://elsewhere.example/",
        received="from x (v192-0-2-9.hosting.example [192.0.2.9])",
    ),
    "a numbered machine that is confirmed by the envelope alone": mail(
        author=POST,
        results="spf=pass smtp.mailfrom=b.example",
        received="from x (v192-0-2-9.hosting.example [192.0.2.9])",
    ),
    "the brand's address, from a foreign machine": mail(
        author=OWN, received="from mail.other.example (mail.other.example [192.0.2.9])"
    ),
    "the brand's address, from a machine that is called like it": mail(
        author=OWN, received="from mail.amazon.co.jp.other.example (mail.amazon.co.jp.other.example [192.0.2.9])"
    ),
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
    "a number that is not the machine's": mail(author=POST, received="from x (mail-1-2-3-4.b.example [192.0.2.9])"),
    "a machine with a date in its name": mail(author=POST, received="from x (mx2026-11-24.b.example [192.0.2.9])"),
    "a machine with fewer numbers": mail(author=POST, received="from x (a8-192-0.smtp.b.example [192.0.2.9])"),
    "a machine of six addresses with a name": mail(
        author=POST, received="from mail.b.example (mail.b.example [IPv6:2001:db8::9])"
    ),
    "a known mailing service": mail(author=POST, received="from o1.ptr.sendgrid.net (o1.ptr.sendgrid.net [192.0.2.9])"),
    "a known mailing service, by a numbered machine": mail(
        author=POST, received="from x (a192-0-2-9.smtp-out.amazonses.com [192.0.2.9])"
    ),
    "the brand's address, by a known mailing service": mail(
        author=OWN, received="from x (a8-192.smtp-out.amazonses.com [192.0.2.9])"
    ),
    "the brand's address, by its own mailing service": mail(
        author="三井住友銀行 <info@smbc.co.jp>",
        received="from mta.smbc-finance.co.jp (mta.smbc-finance.co.jp [192.0.2.9])",
    ),
    "signed, and passed on by a numbered machine": mail(
        author=POST,
        results="spf=none; dkim=pass header.d=b.example",
        received="from x (192-0-2-9.vps.example [192.0.2.9])",
    ),
    "the brand's address, signed, and passed on by anybody": mail(
        author=OWN,
        results="spf=fail; dkim=pass header.d=amazon.co.jp",
        received="from fw.univ.example (fw.univ.example [192.0.2.9])",
    ),
    "a numbered machine of nobody's": mail(
        author="花屋 <info@hanaya.example>", received="from x (192-0-2-9.vps.example [192.0.2.9])"
    ),
    "a numbered machine of a shop that takes the card": mail(
        author="花屋 <info@hanaya.example>",
        subject="冬のギフト",
        text="三井住友カードがご利用いただけます",
        received="from x (192-0-2-9.vps.example [192.0.2.9])",
    ),
    "a machine within the house": mail(author=POST, received="from gw (10-1-2-3.house.example [10.1.2.3])"),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """No mail server of the brand looks like this."""
    assert list(detect(row()))


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """The route is ordinary, or says nothing about a brand."""
    assert list(detect(row())) == []


@pytest.mark.parametrize(
    ("row", "strength"),
    [
        ("no name in the DNS", Strength.MEDIUM),
        ("a number for a name", Strength.MEDIUM),
        ("the brand's address, nameless", Strength.STRONG),
        ("the brand's address, from a foreign machine", Strength.MEDIUM),
        ("greets as the brand", Strength.STRONG),
        ("greets as the brand, nameless", Strength.STRONG),
    ],
)
def test_how_much_it_weighs(row: str, strength: Strength) -> None:
    """Small firms work from nameless machines too: it weighs most under the brand's own address, or with a lie."""
    (evidence,) = detect(FLAGS[row]())

    assert (evidence.facet, evidence.strength) == (Facet.ROUTE, strength)
