"""Words that hurry the reader into doing something, in a brand's name."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.lure_wording import detect
from watcher.model import Facet, Strength

FLAGS = {
    "the parcel of 2015": mail(author="日本郵政 <a@b.example>", subject="番号123の下で小包の配達"),
    "an undelivered parcel": mail(author="ヤマト運輸 <a@b.example>", text="お荷物をお届けできませんでした。"),
    "a restricted account": mail(author="三井住友カード <a@b.example>", text="カードのご利用を一時的に制限しました。"),
    "an identity to confirm": mail(author="楽天カード <a@b.example>", subject="【重要】本人確認のお願い"),
    "a failed payment": mail(author="Amazon <a@b.example>", text="お支払いに失敗しました。"),
    "in English": mail(author="PayPal <a@b.example>", text="Your account has been limited."),
}
QUIET = {
    "the same words from nobody": mail(author="K <k@f.example>", text="お荷物をお届けできませんでした。"),
    "the same words, confirmed": mail(
        author="Amazon <a@amazon.co.jp>", results=passed("amazon.co.jp"), text="お支払いに失敗しました。"
    ),
    "a brand without such words": mail(author="Amazon <a@b.example>", text="ご注文ありがとうございます。"),
    "quoted words": mail(author="PayPal <a@b.example>", text="See below.\n\n> Your account has been limited.\n"),
    "a shop's greeting": mail(author="楽天 <a@b.example>", text="秋の新作が入荷しました。"),
    "an English greeting": mail(author="PayPal <a@b.example>", text="Thank you for your order."),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """The lure is named, and weighs next to nothing."""
    evidence = list(detect(row()))

    assert evidence
    assert {(fact.strength, fact.facet) for fact in evidence} == {(Strength.WEAK, Facet.WORDING)}


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """No lure, or nobody's name on it."""
    assert list(detect(row())) == []
