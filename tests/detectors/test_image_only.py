"""A mail that is a picture, in somebody's name."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.image_only import detect
from watcher.model import Facet, Strength

PARCEL = "Pending Package <info@parcel.example>"
CARD = "三井住友カード <a@b.example>"
FRIEND = "Keiko <keiko@friend.example>"
LONG = "いつもご利用いただきありがとうございます。" * 8


def picture(link: str = "https://x.example/", words: str = "") -> str:
    """A linked picture, and words below it."""
    return f'<a href="{link}"><img src="https://img.example/a.jpg"></a><p>{words}</p>'


FLAGS = {
    "a role": mail(author=PARCEL, html=picture()),
    "a brand": mail(author=CARD, html=picture()),
    "with small print": mail(author=CARD, html=picture(words="If you cannot see the picture, click here. Unsubscribe")),
    "several pictures": mail(author=CARD, html=picture() + picture()),
    "a picture sent with the mail": mail(author=CARD, html='<a href="https://x.example/"><img src="cid:1"></a>'),
    "with a link to the brand itself": mail(author=CARD, html=picture("https://www.smbc-card.com/")),
    "a brand in the subject": mail(author="info <a@b.example>", subject="【楽天カード】重要", html=picture()),
    "from a confirmed stranger": mail(author=CARD, html=picture(), results=passed("b.example")),
}
QUIET = {
    "a picture with a text of its own": mail(author=CARD, html=picture(words=LONG)),
    "words without a picture": mail(author=CARD, html='<a href="https://x.example/">Log in</a>'),
    "a picture without a link": mail(author=CARD, html='<img src="https://img.example/a.jpg">'),
    "a picture with an address to write to": mail(author=CARD, html=picture("mailto:a@c.example")),
    "a picture that leads to the sender": mail(author=PARCEL, html=picture("https://www.parcel.example/1")),
    "one of two that leads to the sender": mail(
        author=PARCEL, html=picture("https://x.example/") + picture("https://parcel.example/")
    ),
    "a shop's newsletter": mail(author="手芸店 <news@shop.example>", html=picture(), results=passed("shop.example")),
    "a shop's newsletter by a counter": mail(
        author="手芸店 <news@shop.example>", html=picture("https://u1.ct.sendgrid.net/ls/click?upn=1")
    ),
    "a friend's picture": mail(author=FRIEND, subject="見て", html=picture("https://photos.example/1")),
    "a friend's find": mail(author=FRIEND, subject="欲しい!", html=picture("https://www.amazon.co.jp/dp/1")),
    "the brand itself, confirmed": mail(
        author="三井住友カード <info@vpass.ne.jp>", html=picture(), results=passed("vpass.ne.jp")
    ),
    "a known organisation, confirmed": mail(
        author="ユニクロ <news@ml.uniqlo.com>",
        html=picture("https://click.x.example/"),
        results=passed("ml.uniqlo.com"),
    ),
    "the own help desk's poster, confirmed": mail(
        author="情報システム部 <it@company.example>",
        to="taro@company.example",
        html=picture("https://intra.saas.example/"),
        results=passed("company.example"),
        owner=("taro@company.example",),
    ),
    "no picture and no words": mail(author=CARD),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """Nothing in the mail can be read, and it leads away from its sender."""
    (evidence,) = detect(row())

    assert (evidence.facet, evidence.strength) == (Facet.CONTENT, Strength.MEDIUM)


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """There is something to read, or the picture is the sender's own."""
    assert list(detect(row())) == []
