"""The name of a brand on a mail that comes from somebody else's address."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.brand_name import detect
from watcher.model import Strength

FLAGS = {
    "the post, from a foreign address": mail(author="日本郵便 <info@parcel.example>"),
    "its holding": mail(author="日本郵政 <yubin@parcel.example>"),
    "in Latin letters": mail(author="JAPAN POSTジャパン <post@parcel.example>"),
    "among other words": mail(author="【重要】三井住友カード会員様 <a@b.example>"),
    "a shop with its suffix": mail(author="Amazon.co.jp <account@update.example>"),
    "in full-width letters": mail(author="ＰａｙＰａｌ <service@pay.example>"),
    "with a pass on an address of its own": mail(author="えきねっと <a@b.example>", results=passed("b.example")),
    "only in the subject": mail(author="お知らせ <a@b.example>", subject="【楽天カード】ご利用確認"),
    "from a free mailbox": mail(author="Microsoft <security@gmail.com>"),
    "from an address without a dot": mail(author="メルカリ <saison>"),
}
QUIET = {
    "the post itself": mail(author="日本郵便 <info@post.japanpost.jp>"),
    "a host of the shop": mail(author="Amazon.co.jp <ship@bounces.amazon.co.jp>"),
    "a sister of the group": mail(author="楽天カード <info@mail.rakuten-card.co.jp>"),
    "a bank that names a card": mail(author="三井住友銀行 <info@smbc.co.jp>", subject="三井住友カードのご案内"),
    "somebody without any brand": mail(author="佐藤恵子 <keiko@friend.example>", subject="こんにちは"),
    "another bank, one character apart": mail(author="福岡銀行 <info@fukuokabank.example>"),
    "another service, two letters apart": mail(author="PayPay <info@paypay.ne.jp>"),
    "a word that holds a name": mail(author="Amazonas Reisen <info@reisen.example>"),
    "a katakana word that holds a name": mail(author="アマゾネス <info@band.example>"),
    "a subject about a brand": mail(author="Keiko <keiko@friend.example>", subject="Amazonで見つけた本"),
    "a forwarded subject": mail(author="Keiko <keiko@friend.example>", subject="Fw: 【楽天カード】ご利用確認"),
    "a name only in a quoted reply": mail(
        author="Taro <taro@friend.example>", text="Thank you!\n\n> Your PayPal account has been limited\n"
    ),
    "an empty sender": mail(author=""),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """The mail names a brand that it does not come from."""
    assert any(evidence.strength >= Strength.MEDIUM for evidence in detect(row()))


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """The mail is not accused of bearing somebody else's name."""
    assert [evidence for evidence in detect(row()) if evidence.strength >= Strength.MEDIUM] == []


def test_the_sentence_names_who_and_from_where() -> None:
    """The reader is told the name, the true address and the official one, in both languages."""
    (evidence,) = detect(FLAGS["the post, from a foreign address"]())

    assert evidence.text.ja == (
        "差出人は日本郵便を名乗っていますが、送信元は parcel.example です。日本郵便は post.japanpost.jp から送ります。"
    )
    assert evidence.text.en == (
        "The sender calls itself Japan Post but writes from parcel.example; Japan Post writes from post.japanpost.jp."
    )


def test_a_name_in_the_body_alone_weighs_little() -> None:
    """Friends write about brands too."""
    row = mail(author="Keiko <keiko@friend.example>", text="I found the book at Amazon.")

    assert [evidence.strength for evidence in detect(row())] == [Strength.WEAK]
