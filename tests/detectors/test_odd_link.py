"""A link written or hosted as no organisation writes or hosts its own."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.odd_link import detect
from watcher.model import Facet, Strength

CARD = "三井住友カード <a@b.example>"
WEBMAIL = "Webmail Administrator <a@b.example>"
FRIEND = "Keiko <keiko@friend.example>"
SAFE = "https://jpn01.safelinks.protection.outlook.com/?url={}&data=05"
FLAGS = {
    "a bare number": mail(author=CARD, text="http://198.51.100.7/login"),
    "a number in another form": mail(author=CARD, text="http://0xc6336407/login"),
    "a name before an at-sign": mail(author=CARD, text="https://www.smbc-card.com@login.example/"),
    "enclosed letters": mail(author=CARD, html='<a href="https://ⓛⓞⓖⓘⓝ.example/">Log in</a>'),
    "letters of several scripts": mail(
        author="Apple ID <a@b.example>", html='<a href="https://аpple.example/">Log in</a>'
    ),
    "a number in a mail that only its text gives for the card's": mail(
        author="Info <a@b.example>", text="三井住友カードをご利用の方へ http://198.51.100.7/"
    ),
    "a page of anybody's": mail(author=CARD, text="https://smbc-vpass.pages.dev/"),
    "a form of anybody's": mail(author=CARD, text="https://docs.google.com/forms/d/e/1/viewform"),
    "a short link": mail(author=CARD, text="https://bit.ly/3aBcDe"),
    "a short link among links to the brand": mail(author=CARD, text="https://www.smbc-card.com/ https://bit.ly/3aBcDe"),
    "a page behind a security product's wrapper": mail(
        author=CARD, text=SAFE.format("https%3A%2F%2Fsmbc-vpass.pages.dev%2F")
    ),
    "a short link under the brand's forged address": mail(
        author="三井住友カード <info@vpass.ne.jp>", text="https://bit.ly/3aBcDe", results="spf=fail; dmarc=fail"
    ),
}
QUIET = {
    "the brand's own host": mail(author=CARD, text="https://www.smbc-card.com/"),
    "the brand's own host behind a wrapper": mail(author=CARD, text=SAFE.format("https%3A%2F%2Fwww.smbc-card.com%2F")),
    "any other host": mail(author=CARD, text="https://login.example/"),
    "a host in Japanese": mail(author=CARD, html='<a href="https://みなとカード.example/">こちら</a>'),
    "a social network's own page": mail(author=CARD, text="https://www.facebook.com/smbccard"),
    "a device in one's own house": mail(author="メールサーバー管理者 <a@b.example>", text="http://192.168.1.20/admin"),
    "a friend's short link": mail(author=FRIEND, text="https://bit.ly/3aBcDe"),
    "a friend's folder": mail(author=FRIEND, text="https://www.dropbox.com/scl/fo/abc", results="spf=softfail"),
    "a friend's machine by its number": mail(author=FRIEND, text="http://198.51.100.7:8080/"),
    "a friend's short link in a mail about a brand": mail(
        author=FRIEND, subject="旅行の件", text="三井住友カードで払ったよ https://bit.ly/3aBcDe"
    ),
    "short links in a confirmed newsletter that takes the card": mail(
        author="手芸店 <news@shop.example>",
        subject="秋の新作",
        text="三井住友カードがご利用いただけます https://bit.ly/3aBcDe",
        results=passed("shop.example"),
    ),
    "a survey of the brand itself, confirmed": mail(
        author="三井住友カード <info@vpass.ne.jp>", text="https://forms.gle/abc", results=passed("vpass.ne.jp")
    ),
    "a form of one's own help desk, confirmed": mail(
        author="情報システム部 <it@company.example>",
        to="taro@company.example",
        text="https://forms.office.com/r/abc",
        results=passed("company.example"),
        owner=("taro@company.example",),
    ),
    "a document that its service announces": mail(
        author="佐藤（Google ドライブ経由） <drive-shares-noreply@google.com>",
        text="https://docs.google.com/document/d/1/edit",
        results=passed("google.com"),
    ),
    "a short link in a quoted mail": mail(
        author=FRIEND, subject="Re: 【三井住友カード】重要", text="偽物だよ。\n\n> https://bit.ly/3aBcDe\n"
    ),
    "an address to write to": mail(author=CARD, html='<a href="mailto:a@198.51.100.7">Write</a>'),
    "no link": mail(author=CARD, text="お電話ください。"),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """The link hides its target, or costs nothing and belongs to nobody."""
    (evidence,) = detect(row())

    assert (evidence.facet, evidence.strength) == (Facet.LINK, Strength.STRONG)


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """The link is ordinary, or the mail is in nobody's name."""
    assert list(detect(row())) == []


@pytest.mark.parametrize("text", ["https://bit.ly/3aBcDe", "https://forms.gle/abc", "https://x.pages.dev/"])
def test_it_weighs_less_while_the_sender_is_confirmed(text: str) -> None:
    """Short links and forms are usual in newsletters, so a confirmed sender's are worth any foreign link."""
    (evidence,) = detect(mail(author=CARD, text=text, results=passed("b.example"))())

    assert evidence.strength is Strength.MEDIUM


def test_it_weighs_less_in_the_name_of_a_role() -> None:
    """A club's help desk has its forms where everybody has them."""
    (evidence,) = detect(mail(author=WEBMAIL, text="https://mailbox-update.weebly.com/")())

    assert evidence.strength is Strength.MEDIUM


def test_an_odd_host_weighs_the_same_from_anybody() -> None:
    """No newsletter links to a bare number, whoever is confirmed."""
    (evidence,) = detect(mail(author=CARD, text="http://198.51.100.7/", results=passed("b.example"))())

    assert evidence.strength is Strength.STRONG


def test_the_oddest_link_is_told() -> None:
    """Of a short link and a bare number, the number is what no organisation writes."""
    (evidence,) = detect(mail(author=CARD, text="https://bit.ly/3aBcDe http://198.51.100.7/")())

    assert evidence.text.en == (
        "A link leads to a bare number (198.51.100.7) instead of a name; no company's site does."
    )
