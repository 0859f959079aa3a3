"""A link whose address is made to be taken for a brand's."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.lookalike_link import detect
from watcher.model import Facet, Strength

AMAZON = "Amazon <a@b.example>"
CARD = "三井住友カード <a@b.example>"
FRIEND = "Keiko <keiko@friend.example>"
TIPS = '<a href="https://amazon-tips.example/">Read</a>'
FLAGS = {
    "the whole domain of the brand, below another": (
        mail(author=AMAZON, text="https://www.amazon.co.jp.update.example/ap/signin"),
        Strength.STRONG,
    ),
    "the whole domain with underscores": (
        mail(author="イオンカード <a@b.example>", text="https://aeon_co_jp.x.example/"),
        Strength.STRONG,
    ),
    "the whole domain with hyphens": (
        mail(author="えきねっと <a@b.example>", text="https://www-eki-net-com.x.example/"),
        Strength.STRONG,
    ),
    "its name among other words": (mail(author=CARD, text="https://smbc-card-login.example/"), Strength.STRONG),
    "its name as a host of another": (
        mail(author="PayPal <a@b.example>", text="https://paypal.secure.example/"),
        Strength.STRONG,
    ),
    "in a text that names the brand, under an ending that serves little else": (
        mail(author="Info <a@b.example>", text="Amazonをご利用の方へ https://amazon-account.top/"),
        Strength.STRONG,
    ),
    "a spelling that looks like it": (
        mail(author="メルカリ <a@b.example>", text="https://rnercari.example/"),
        Strength.STRONG,
    ),
    "in a mail that only its text gives for the brand's": (
        mail(author="Info <a@b.example>", text="Amazonをご利用の方へ https://amazon-account.example/"),
        Strength.MEDIUM,
    ),
    "the sender's own host, where the server finds the sender forged": (
        mail(author="Amazon <a@amazon-update.example>", text="https://amazon-update.example/", results="spf=fail"),
        Strength.STRONG,
    ),
}
QUIET = {
    "the brand's own host": mail(author=AMAZON, text="https://www.amazon.co.jp/"),
    "the brand's own host under another suffix": mail(author=AMAZON, text="https://www.amazon.de/"),
    "its mailing service": mail(author="PayPal <a@b.example>", text="https://www.paypal-experience.com/survey"),
    "the host of another known brand": mail(author="PayPal <a@b.example>", text="https://www.paypay.ne.jp/"),
    "an innocent namesake": mail(author=FRIEND, text="DHL? https://www.tdhlaw.com/"),
    "the brand in the path alone": mail(author=AMAZON, text="https://shop.example/amazon.co.jp/1"),
    "the brand in the words shown alone": mail(author=AMAZON, html='<a href="https://shop.example/">amazon.co.jp</a>'),
    "a word that holds the name": mail(author=AMAZON, text="https://amazonas-reisen.example/"),
    "a dealer whose own host holds the brand, confirmed": mail(
        author="カメラ堂 <info@camera.example>",
        subject="Amazon出品のお知らせ",
        text="https://amazon.camera.example/",
        results=passed("camera.example"),
    ),
    "a dealer's own host, of which no server says a word": mail(
        author="西日本OA <sales@nishi-oa.example>",
        text="Microsoft 365 の更新 https://microsoft365.nishi-oa.example/",
    ),
    "a dealer of Microsoft's with a shop of its own, confirmed": mail(
        author="西日本OA <sales@nishi-oa.example>",
        text="Microsoft 365 の更新 https://microsoft365.nishi-oa.example/",
        results=passed("mail.nishi-oa.example"),
    ),
    "an everyday word in a mail that names the brand in full": mail(
        author=FRIEND, text="Orange France? https://orange-fleurs.example/"
    ),
    "a mail that does not name the brand": mail(author=FRIEND, html=TIPS),
    "a mail that names another": mail(author=CARD, html=TIPS),
    "the brand itself, confirmed, with a link to a fan": mail(
        author="Amazon <a@amazon.co.jp>", results=passed("amazon.co.jp"), text="https://amazon-tips.example/"
    ),
    "a card's own mail, confirmed, that names a shop": mail(
        author="楽天カード <info@mail.rakuten-card.co.jp>",
        results=passed("mail.rakuten-card.co.jp"),
        text="Amazonでのご利用 https://amazon-campaign.example/",
    ),
    "a role without a name": mail(author="Webmail Administrator <a@b.example>", text="https://webmail-admin.example/"),
    "a link in a quoted mail": mail(
        author=FRIEND, text="これ偽物?\n\n> Amazonをご利用の方へ\n> https://amazon.co.jp.update.example/\n"
    ),
    "an address to write to": mail(author=AMAZON, html='<a href="mailto:info@amazon-tips.example">Write</a>'),
    "no link": mail(author=AMAZON, text="amazon.co.jp"),
}


@pytest.mark.parametrize(("row", "strength"), FLAGS.values(), ids=FLAGS)
def test_flags(row: Row, strength: Strength) -> None:
    """The host is made to be read as the brand's, which says most where the mail gives the brand for its sender."""
    (evidence,) = detect(row())

    assert (evidence.facet, evidence.strength) == (Facet.LINK, strength)


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """The host is somebody's who may be called so, or nobody would take it for the brand's."""
    assert list(detect(row())) == []


def test_the_sentence_names_the_host_and_what_it_imitates() -> None:
    """The reader is told both addresses, in both languages."""
    row, _ = FLAGS["the whole domain of the brand, below another"]
    (evidence,) = detect(row())

    assert evidence.text.en == (
        "The link to www.amazon.co.jp.update.example is made to look like amazon.co.jp, "
        "but it does not belong to Amazon."
    )
    assert "www.amazon.co.jp.update.example" in evidence.text.ja
    assert evidence.quote == "https://www.amazon.co.jp.update.example/ap/signin"
