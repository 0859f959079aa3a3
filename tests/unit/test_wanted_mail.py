"""Mail that must stay: all detectors and the judge together, on what people really send each other about brands."""

from __future__ import annotations

import pytest

from tests.kit.archives import PROGRAM, pack_zip
from tests.kit.inquiries import Row, mail, passed
from watcher.detectors import examine, load
from watcher.judge import judge

COLLEAGUE = "田中 健 <ken@office.example>"
FRIEND = "Keiko <keiko@friend.example>"
SLIP = [("送り状.pdf", b"%PDF-1.4")]
TOOL = [("tool.zip", pack_zip({"tool.exe": PROGRAM}))]

WANTED = {
    "a colleague sends a parcel's slip": mail(
        author=COLLEAGUE, subject="日本郵便の送り状の件", attachments=SLIP, results=passed("office.example")
    ),
    "a reply about a parcel, with a list": mail(
        author=COLLEAGUE, subject="Re: ゆうパックの集荷について", attachments=SLIP, results=passed("office.example")
    ),
    "a forwarded notice of the post": mail(
        author=COLLEAGUE, subject="Fw: 【日本郵便】お届け予定のお知らせ", attachments=SLIP, results="spf=none"
    ),
    "a friend's tool for Microsoft's system": mail(
        author=FRIEND, text="It runs on Microsoft Windows.", attachments=TOOL, results=passed("friend.example")
    ),
    "a shop gives vouchers and cannot set up SPF": mail(
        author="手芸店 <news@shop.example>",
        subject="Amazonギフト券プレゼント",
        html='<a href="https://shop.example/x">応募する</a>',
        results="spf=softfail; dkim=none",
    ),
    "a find, its link wrapped by a security product": mail(
        author=FRIEND,
        subject="Amazonで見つけた本",
        html='<a href="https://wrap.example/?u=1">https://www.amazon.co.jp/dp/1</a>',
        results=passed("friend.example"),
    ),
    "a small firm without reverse DNS that takes PayPay": mail(
        author="花屋 <info@hanaya.example>",
        subject="PayPayがご利用いただけます",
        text="https://hanaya.example/",
        received="from mail.hanaya.example (unknown [192.0.2.5])",
    ),
}


@pytest.mark.parametrize("row", WANTED.values(), ids=WANTED)
def test_stays(row: Row) -> None:
    """To write about a brand is not to pose as it: the mail is not moved."""
    assert not judge(examine(row(), load())).suspicious
