"""An address from which no organisation writes, under the name of one."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.unlikely_address import detect
from watcher.model import Facet, Strength

FRIEND = "Keiko <keiko@friend.example>"
FLAGS = {
    "no address": mail(author="三井住友カード <>"),
    "no domain": mail(author="Correios <aviso>"),
    "a domain without a suffix": mail(author="Correios <aviso@correios>"),
    "a domain that no domain is": mail(author="イオンカード <info@-aeon-.example>"),
    "a suffix of digits": mail(author="イオンカード <info@aeon.example.123>"),
    "a free mailbox": mail(author="イオンカード <admin.aeon@gmail.com>"),
    "a free mailbox, confirmed": mail(author="Microsoft <security@outlook.com>", results=passed("outlook.com")),
    "a mailbox of everybody's at another brand": mail(author="楽天カード <info@docomo.ne.jp>"),
    "a mailbox of everybody's at the brand itself": mail(author="NTTドコモ <jimu@docomo.ne.jp>"),
    "an ending that is used for little but abuse": mail(author="三井住友カード <info@vpass-info.top>"),
    "the same, confirmed": mail(author="Amazon <info@account.icu>", results=passed("account.icu")),
    "a role at a free mailbox": mail(author="Webmail Administrator <admin77@gmail.com>"),
    "a brand at the head of the subject": mail(author="お知らせ <a@b.cfd>", subject="【楽天カード】ご利用確認"),
}
QUIET = {
    "the brand's own domain": mail(author="三井住友カード <info@vpass.ne.jp>"),
    "a stranger's domain": mail(author="三井住友カード <info@b.example>"),
    "a stranger's domain in Japanese": mail(author="三井住友カード <info@みなと.example>"),
    "a stranger's host with an underscore": mail(author="三井住友カード <info@mail_1.b.example>"),
    "a person at a free mailbox": mail(author="佐藤 恵子 <keiko@gmail.com>", results=passed("gmail.com")),
    "a person who writes about the card": mail(author="佐藤 恵子 <keiko@gmail.com>", text="三井住友カードの件"),
    "a person at a free mailbox who opens a subject with the card": mail(
        author="佐藤 恵子 <keiko@gmail.com>", subject="楽天カードの件"
    ),
    "a person who answers about the card": mail(
        author="佐藤 恵子 <keiko@yahoo.co.jp>", subject="Re: 【三井住友カード】ご利用確認"
    ),
    "a person at a mailbox of everybody's": mail(author="太郎 <taro@docomo.ne.jp>", subject="ドコモショップの件"),
    "a dealer at a free mailbox": mail(author="みなと電器 <minato.denki@gmail.com>", text="Panasonicの販売店です。"),
    "a shop under a cheap ending": mail(author="手芸店 <info@shugei.shop>", results=passed("shugei.shop")),
    "a start-up under a cheap ending that takes a way to pay": mail(
        author="Ramen <info@ramen.xyz>", text="PayPayがご利用いただけます", results=passed("ramen.xyz")
    ),
    "a blog under a cheap ending": mail(author="Taro's blog <taro@blog.top>"),
    "nobody at all": mail(author=""),
    "a person without a domain": mail(author="root <root>", subject="Cron"),
    "a machine of the house": mail(author="NAS <nas@localhost>", subject="Backup finished"),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """No organisation writes from there, and that is one fact of two."""
    (evidence,) = detect(row())

    assert (evidence.facet, evidence.strength) == (Facet.DOMAIN, Strength.MEDIUM)


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """The address is possible, or nobody's name is on it."""
    assert list(detect(row())) == []


@pytest.mark.parametrize(
    ("author", "sentence"),
    [
        ("三井住友カード <>", "It calls itself Sumitomo Mitsui Card but gives no address of a sender."),
        (
            "Correios <aviso@correios>",
            "The sender's address aviso@correios is no possible address; nobody could answer it.",
        ),
        ("Amazon <a@gmail.com>", "It calls itself Amazon but writes from a mailbox that anybody can have (gmail.com)."),
        (
            "Amazon <a@b.icu>",
            "It comes from b.icu; addresses that end in .icu are used for abuse more often than by organisations.",
        ),
    ],
)
def test_the_sentence_says_what_is_unlikely(author: str, sentence: str) -> None:
    """Each of the four has its own words."""
    (evidence,) = detect(mail(author=author)())

    assert evidence.text.en == sentence
