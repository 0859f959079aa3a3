"""A name that only looks like a brand's name, or is written so that no filter finds it."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail
from watcher.detectors.lookalike_name import detect

FLAGS = {
    "更 for 便": mail(author="日本郵更 <yubin@parcel.example>"),
    "丼 for 井": mail(author="三丼住友カード <info@card.example>"),
    "a capital i for l": mail(author="PayPaI <service@pay.example>"),
    "a Cyrillic letter": mail(author="Amаzon <account@update.example>"),
    "in the subject": mail(author="お知らせ <a@b.example>", subject="【日本郵更】再配達"),
    "spaced out": mail(author="三 井 住 友 カ ー ド <info@card.example>"),
    "mathematical letters": mail(author="𝐏𝐚𝐲𝐏𝐚𝐥 <service@pay.example>"),
    "broken up by invisible characters": mail(author="Pay\u200bPal <service@pay.example>"),
}
QUIET = {
    "the name itself": mail(author="日本郵便 <info@parcel.example>"),
    "full-width letters": mail(author="ＰａｙＰａｌ <service@pay.example>"),
    "half-width katakana": mail(author="ﾒﾙｶﾘ <info@shop.example>"),
    "a real bank one character apart": mail(author="福岡銀行 <info@bank.example>"),
    "another real bank": mail(author="北洋銀行 <info@bank.example>"),
    "a real service two letters apart": mail(author="PayPay <info@pay.example>"),
    "an ordinary name": mail(author="三井 太郎 <taro@friend.example>"),
    "an ordinary subject": mail(author="Keiko <keiko@friend.example>", subject="明日の更新について"),
    "spaced-out decoration": mail(author="S A L E <news@shop.example>"),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """The name is an imitation or a disguise."""
    assert list(detect(row()))


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """The name is what it seems, or nobody's."""
    assert list(detect(row())) == []


def test_the_sentence_quotes_the_imitation() -> None:
    """The reader sees both the fake name and the real one."""
    (evidence,) = detect(FLAGS["更 for 便"]())

    assert evidence.text.ja == "「日本郵更」は日本郵便に見せかけた偽の名前です。"
    assert evidence.text.en == "“日本郵更” is a fake name made to look like Japan Post."
