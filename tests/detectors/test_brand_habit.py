"""A mail that does what the brand says it never does."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.brand_habit import detect

POST = "日本郵便 <a@b.example>"
SLIP = [("委託運送状.pdf", b"%PDF-1.4")]
FLAGS = {
    "the post with an attachment": mail(author=POST, attachments=SLIP),
    "the post's forged address with one": mail(author="日本郵便 <a@post.japanpost.jp>", attachments=SLIP),
    "the post by its group's name": mail(author="日本郵政グループ <a@b.example>", attachments=SLIP),
    "the post leading to .top": mail(author=POST, text="https://japanpost.redelivery.top/"),
    "the post leading to .com": mail(author=POST, text="https://japanpost-jp.com/"),
}
QUIET = {
    "without an attachment": mail(author=POST, text="お届けします"),
    "confirmed": mail(author="日本郵便 <a@post.japanpost.jp>", results=passed("japanpost.jp"), attachments=SLIP),
    "a signature": mail(author=POST, attachments=[("smime.p7s", b"0")]),
    "a calendar entry": mail(author=POST, attachments=[("お届け.ics", b"BEGIN:VCALENDAR")]),
    "a picture in the letterhead": mail(author=POST, attachments=[("logo.png", b"\x89PNG")]),
    "another brand with an attachment": mail(author="Amazon <a@b.example>", attachments=SLIP),
    "a colleague who writes about the post": mail(author="K <k@f.example>", subject="日本郵便の件", attachments=SLIP),
    "a friend who mentions the post": mail(author="K <k@f.example>", text="日本郵便で送りました", attachments=SLIP),
    "the post leading to its own site": mail(author=POST, text="https://www.post.japanpost.jp/"),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """A habit that the brand has stated itself is broken."""
    assert list(detect(row()))


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """No habit is broken, or the brand has nothing to do with it."""
    assert list(detect(row())) == []
