"""Links that do not lead to the brand in whose name the mail is sent."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.foreign_links import detect
from watcher.model import Facet, Strength

AMAZON = "Amazon <a@b.example>"
CARD = "三井住友カード <info@vpass.ne.jp>"
WEBMAIL = "Webmail Administrator <a@b.example>"
HOME = '<a href="https://www.amazon.co.jp/help">Help</a>'
SAFE = "https://jpn01.safelinks.protection.outlook.com/?url={}&data=05"
FLAGS = {
    "all lead elsewhere": mail(author=AMAZON, html='<a href="https://x.example/">Log in</a>'),
    "a bare address in plain text": mail(author=AMAZON, text="https://x.example/login"),
    "shown as the brand's, leading elsewhere": mail(
        author=AMAZON,
        html='<a href="https://x.example/">https://www.amazon.co.jp/</a> <a href="https://amazon.co.jp/">Top</a>',
    ),
    "the same without a scheme": mail(author=AMAZON, html='<a href="https://x.example/">www.amazon.co.jp/ap</a>'),
    "the brand's address, unconfirmed": mail(
        author="三井住友カード <info@vpass.ne.jp>", html='<a href="https://x.example/">確認</a>'
    ),
    "the brand as a host of another": mail(author=AMAZON, text="https://amazon.co.jp.x.example/"),
    "the brand as a user name": mail(author=AMAZON, text="https://amazon.co.jp@x.example/"),
    "one among links to the brand": mail(author=AMAZON, html=HOME + '<a href="https://x.example/">Log in</a>'),
    "one among links to other brands": mail(
        author=AMAZON, text="https://www.facebook.com/amazon https://apps.apple.com/app/1 https://x.example/login"
    ),
    "behind a security product's wrapper": mail(author=AMAZON, text=SAFE.format("https%3A%2F%2Fx.example%2Flogin")),
    "behind a redirector": mail(author=AMAZON, text="https://www.google.com/url?q=https://x.example/login"),
    "a mailing service's page": mail(author=AMAZON, text="https://u1.ct.sendgrid.net/ls/click?upn=1"),
    "a role that leads neither to the sender nor to the reader": mail(author=WEBMAIL, text="https://x.example/mailbox"),
    "a sender who is confirmed": mail(author=AMAZON, text="https://x.example/", results=passed("b.example")),
}
QUIET = {
    "a link to the brand": mail(author=AMAZON, html='<a href="https://www.amazon.co.jp/">Top</a>'),
    "a link to the brand under another suffix": mail(author=AMAZON, text="https://www.amazon.com/"),
    "a link to a sister of the group": mail(author="楽天カード <a@b.example>", text="https://www.rakuten.co.jp/"),
    "a link to the brand's mailing service": mail(
        author="PayPal <a@b.example>", text="https://www.paypal-experience.com/survey"
    ),
    "a wrapper that leads home": mail(author=AMAZON, text=SAFE.format("https%3A%2F%2Fwww.amazon.co.jp%2Fgp")),
    "a wrapper that leads home and shows it": mail(
        author=AMAZON,
        html=f'<a href="{SAFE.format("https%3A%2F%2Fwww.amazon.co.jp%2Fgp")}">https://www.amazon.co.jp/gp</a>',
    ),
    "a redirector that leads home": mail(
        author=AMAZON, text="https://www.google.com/url?q=https://www.amazon.co.jp/gp&source=gmail"
    ),
    "a wrapper that does not say where it leads": mail(author=AMAZON, text="https://protect-eu.mimecast.com/s/AbCd"),
    "social networks and app stores alone": mail(
        author=AMAZON, text="https://www.instagram.com/amazon https://apps.apple.com/jp/app/id1 https://x.com/amazon"
    ),
    "the brand's own address, with a link home": mail(
        author=CARD, text="https://www.smbc-card.com/ https://enquete.research.example/1"
    ),
    "the brand's own address, by a list": mail(
        author=CARD, text="https://x.example/", headers=[("List-Id", "<a.list.example>")]
    ),
    "a confirmed shop that sells by the brand, with a link to both": mail(
        author="Amazon店 カメラ堂 Amazon <info@camera.example>",
        text="https://www.amazon.co.jp/shops/1 https://camera.example/",
        results=passed("camera.example"),
    ),
    "a shop that heads the subject with the courier": mail(
        author="お茶の店 <shop@ocha.example>",
        subject="【ヤマト運輸】発送のお知らせ",
        text="https://ocha.example/order/1",
    ),
    "a role that leads to the sender": mail(author=WEBMAIL, text="https://www.b.example/mailbox"),
    "a role that leads to the reader's own domain": mail(
        author=WEBMAIL, to="taro@company.example", text="https://webmail.company.example/"
    ),
    "a role that leads to the reader's own domain by a counter": mail(
        author=WEBMAIL, to="taro@company.example", text="https://u1.ct.sendgrid.net/ls/click?upn=1"
    ),
    "the own help desk, confirmed": mail(
        author="情報システム部 <it@company.example>",
        to="taro@company.example",
        text="https://forms.office.com/r/abc",
        results=passed("company.example"),
        owner=("taro@company.example",),
    ),
    "no link": mail(author=AMAZON, text="Please call us."),
    "only an address to write to": mail(author=AMAZON, html='<a href="mailto:x@x.example">Write</a>'),
    "the brand's own, confirmed, by a counter": mail(
        author="Amazon <a@amazon.co.jp>",
        results=passed("amazon.co.jp"),
        html='<a href="https://click.counter.example/">https://www.amazon.co.jp/</a>',
    ),
    "a friend who tells of a find": mail(author="Keiko <k@friend.example>", text="Amazonより: https://x.example/"),
    "a newsletter's counter": mail(
        author="Shop <news@shop.example>", html='<a href="https://c.example/">www.shop.example</a>'
    ),
    "nobody's name": mail(author="Keiko <k@friend.example>", text="https://x.example/"),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """The links betray that the brand has nothing to do with it."""
    assert list(detect(row()))


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """The links fit the sender, or there is nobody whom they should fit."""
    assert list(detect(row())) == []


@pytest.mark.parametrize(
    ("row", "strength", "sentence"),
    [
        ("all lead elsewhere", Strength.MEDIUM, "None of the links leads to Amazon; they lead to x.example."),
        (
            "one among links to the brand",
            Strength.MEDIUM,
            "Among links to Amazon is one to x.example, which is not Amazon.",
        ),
        (
            "a role that leads neither to the sender nor to the reader",
            Strength.MEDIUM,
            "The links lead to x.example, which belongs neither to the sender nor to your own mail domain.",
        ),
        (
            "shown as the brand's, leading elsewhere",
            Strength.STRONG,
            "A link shows www.amazon.co.jp but leads to x.example.",
        ),
        (
            "behind a security product's wrapper",
            Strength.MEDIUM,
            "None of the links leads to Amazon; they lead to x.example.",
        ),
    ],
)
def test_the_sentence_says_where_the_links_lead(row: str, strength: Strength, sentence: str) -> None:
    """The reader is told the true target, also behind a wrapper, and a lie weighs more than a link elsewhere."""
    (evidence,) = detect(FLAGS[row]())

    assert (evidence.facet, evidence.strength, evidence.text.en) == (Facet.LINK, strength, sentence)
