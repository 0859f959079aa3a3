"""Header fields are read as they were meant, however they are written."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta, timezone

import pytest

from tests.kit.mails import RECEIVED_AT, read
from watcher.model import Address, Message
from watcher.parse import fingerprint


def header(name: str, value: bytes) -> Message:
    """A mail with one header field, read."""
    return read(name.encode() + b": " + value + b"\r\n\r\n")


def word(text: str, charset: str) -> bytes:
    """An encoded word in base64."""
    return f"=?{charset}?B?{base64.b64encode(text.encode(charset)).decode()}?=".encode()


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"plain", "plain"),
        (b"folded\r\n\tover\r\n two", "folded\tover two"),
        (word("重要なお知らせ", "utf-8"), "重要なお知らせ"),
        (word("重要なお知らせ", "iso-2022-jp"), "重要なお知らせ"),
        (word("重要なお知らせ", "shift_jis"), "重要なお知らせ"),
        (word("重要なお知らせ", "euc-jp"), "重要なお知らせ"),
        (word("账户异常", "gb2312"), "账户异常"),
        (b"=?gb2312?B?" + base64.b64encode("帳戶".encode("gb18030")) + b"?=", "帳戶"),
        (b"=?iso-2022-jp?B?" + base64.b64encode(b"\x1b$B-!\x1b(B") + b"?=", "①"),
        (b"=?ISO-2022-JP-MS?B?" + base64.b64encode(b"\x1b(I6;\x1b(B") + b"?=", "ｶｻ"),
        (b"=?utf-7?Q?+Zeg-?=", "旨"),
        (b"=?utf-8?Q?a=E3=81=82_b?=", "aあ b"),
        (b"=?utf-8*ja?Q?=E3=81=82?=", "あ"),
        (b"=?utf-8?Q?not allowed but common?=", "not allowed but common"),
        (b"=?utf-8?B?44GC?=\r\n =?utf-8?B?44GE?=", "あい"),
        (b"=?utf-8?B?44E=?= =?utf-8?B?gg==?=", "あ"),
        (b"=?utf-8?B?44GC?= =?iso-8859-1?Q?=E9?=", "あé"),
        (b"a =?utf-8?B?44GC?= b", "a あ b"),
        (b"a=?utf-8?B?44GC?=b", "aあb"),
        (b"=?utf-8?B?44GC", "=?utf-8?B?44GC"),
        (b"=?utf-8?B?44GC4?=", "あ"),
        (b"=?no-such?B?44GC44GE?=", "あい"),
        (b"=?zlib?B?44GC44GE?=", "あい"),
        (b"=?punycode?Q?abc?=", "abc"),
        (b"=?unknown-8bit?B?" + base64.b64encode("ご利用ありがとう".encode("cp932")) + b"?=", "ご利用ありがとう"),
        (b"=?utf-8?B?" + base64.b64encode("ご利用ありがとう".encode("cp932")) + b"?=", "ご利用ありがとう"),
        ("重要なお知らせ".encode(), "重要なお知らせ"),
        ("【楽天】お支払い方法のご確認".encode("cp932"), "【楽天】お支払い方法のご確認"),
        ("【楽天】お支払い方法のご確認".encode("euc-jp"), "【楽天】お支払い方法のご確認"),
        ("【楽天】お支払い方法のご確認".encode("iso-2022-jp"), "【楽天】お支払い方法のご確認"),
        ("您的账户已经被冻结请尽快处理".encode("gb18030"), "您的账户已经被冻结请尽快处理"),
        ("Votre colis a été livré".encode("latin-1"), "Votre colis a été livré"),
        ("Votre colis arrivé".encode("latin-1"), "Votre colis arrivé"),
        ("請求書".encode("cp932"), "請求書"),
    ],
)
def test_headers_are_decoded(raw: bytes, subject: str) -> None:
    """Encoded words and raw octets of every charset, broken ones too, are read as they were meant."""
    assert header("Subject", raw).subject == subject


def test_the_charset_of_the_body_helps_with_raw_headers() -> None:
    """Octets too few to guess by are read in the charset that the body declares."""
    raw = "Subject: 東京".encode("euc-jp") + b"\r\nContent-Type: text/plain; charset=euc-jp\r\n\r\n"
    assert read(raw).subject == "東京"


def test_all_headers_are_kept_in_order() -> None:
    """Names are lower case, the topmost field comes first, what is no field is left out."""
    message = read(b"From nobody\r\nReceived: one\r\nX : two\r\nno field\r\nRECEIVED: three\r\n\r\n")
    assert message.headers == (("received", "one"), ("x", "two"), ("received", "three"))
    assert message.header("received") == ("one", "three")


@pytest.mark.parametrize(
    ("raw", "name", "spec"),
    [
        (b"a@b.example", "", "a@b.example"),
        (b"<a@b.example>", "", "a@b.example"),
        (b"A B <a@B.Example>", "A B", "a@b.example"),
        (b'"A, B" <a@b.example>', "A, B", "a@b.example"),
        (b"Amazon.co.jp, Inc. <a@b.example>", "Amazon.co.jp, Inc.", "a@b.example"),
        (b"Bank: notice <a@b.example>", "Bank: notice", "a@b.example"),
        (b'"bank@bank.example" <a@b.example>', "bank@bank.example", "a@b.example"),
        (b"bank@bank.example <a@b.example>", "bank@bank.example", "a@b.example"),
        (b'"say \\"hi\\"" <a@b.example>', 'say "hi', "a@b.example"),
        (b'"open <a@b.example>', "open", "a@b.example"),
        (b"a@b.example (Bank)", "Bank", "a@b.example"),
        (b"Bank,(<a@b.example>)", "Bank", "a@b.example"),
        (b"A B a@b.example", "A B", "a@b.example"),
        (b"A <a@b.example", "A", "a@b.example"),
        (b"team: a@b.example, c@d.example;", "", "a@b.example"),
        (b"undisclosed-recipients:;", "", ""),
        (b"A <@x,@y:a@b.example>", "A", "a@b.example"),
        (b"A <mailto:a@b.example>", "A", "a@b.example"),
        (b"A <>", "A", ""),
        (b"root", "", "root"),
        (b'"root"', "root", ""),
        (b"A <service>, A <a@b.example>", "A", "a@b.example"),
        (b"A <a@localhost>", "A", "a@localhost"),
        (b"A <a@b@c.example>", "A", "a@b@c.example"),
        ("A <a@例え.jp>".encode(), "A", "a@xn--r8jz45g.jp"),
        (word("三井住友銀行", "utf-8") + b" <a@b.example>", "三井住友銀行", "a@b.example"),
        (b'"' + word("三井住友銀行", "iso-2022-jp") + b'" <a@b.example>', "三井住友銀行", "a@b.example"),
        (b"=?utf-8?Q?Foo,_Bar_<x@y>?= <a@b.example>", "Foo, Bar <x@y>", "a@b.example"),
        ("楽天市場 <a@b.example>".encode("iso-2022-jp"), "楽天市場", "a@b.example"),
        ("楽天市場お知らせ <a@b.example>".encode("cp932"), "楽天市場お知らせ", "a@b.example"),
        (b"", "", ""),
        (b'",<@>("', "@>(", ""),
    ],
)
def test_authors_are_found(raw: bytes, name: str, spec: str) -> None:
    """The name and the address of From are what a mail program shows, however they are written."""
    author = header("From", raw).author
    assert (author.name, author.spec) == (name, spec)


def test_all_address_fields_are_read() -> None:
    """Sender, Reply-To, To and Cc have their places."""
    message = read(
        b"Sender: s@a.example\r\nReply-To: r@a.example\r\nTo: a@a.example, b@a.example\r\nCc: c@a.example\r\n\r\n"
    )
    assert message.sender == Address("", "s", "a.example")
    assert [address.local for address in message.reply_to] == ["r"]
    assert [address.local for address in message.to] == ["a", "b", "c"]


def test_the_first_of_several_authors_counts() -> None:
    """A second From changes nothing but is said."""
    message = read(b"From: a@a.example\r\nFrom: b@b.example\r\n\r\n")
    assert message.author.local == "a"
    assert "several-from" in message.defects


@pytest.mark.parametrize(
    ("raw", "date"),
    [
        (b"Fri, 20 Nov 2026 10:30:00 +0900", RECEIVED_AT),
        (b"20 Nov 2026 01:30:00", RECEIVED_AT),
        (b"Fri, 20 Nov 2026 10:30:00 +0900 (JST)", RECEIVED_AT),
        (b"Fri, 20 Nov 1926 10:30:00 +0900", None),
        (b"Fri, 20 Nov 9999 10:30:00 -9999", None),
        (b"Fri, 99 Nov 2026 10:30:00", None),
        (b"yesterday", None),
        (b"\xff", None),
        (b"", None),
    ],
)
def test_dates_are_bounded_and_aware(raw: bytes, date: datetime | None) -> None:
    """A date is in UTC and from the age of mail, or it is none."""
    assert header("Date", raw).date == date


def test_the_message_id_has_no_brackets() -> None:
    """It can be compared with what IMAP gives."""
    assert header("Message-ID", b" <a@b> ").message_id == "a@b"


def test_the_fingerprint_survives_a_move() -> None:
    """Other folding, line ends, zones and fractions, and octets that a server replaced in raw fields, are the same."""
    here = fingerprint(b"Subject: a\r\n b\r\nTo: \xe3\x81\x82\r\n\r\n", 5, RECEIVED_AT)
    there = RECEIVED_AT.astimezone(timezone(timedelta(hours=9))) + timedelta(milliseconds=300)
    assert here == fingerprint(b"Subject: a\n\tb\nTo: \xe3\n\n", 5, there)
    assert len(here) == 64


@pytest.mark.parametrize(
    ("raw", "size", "date"),
    [
        (b"Subject: b\r\n\r\n", 5, RECEIVED_AT),
        (b"Subject: a\r\n\r\n", 6, RECEIVED_AT),
        (b"Subject: a\r\n\r\n", 5, RECEIVED_AT + timedelta(1)),
    ],
)
def test_the_fingerprint_tells_mails_apart(raw: bytes, size: int, date: datetime) -> None:
    """Another header, size or date is another mail."""
    assert fingerprint(raw, size, date) != fingerprint(b"Subject: a\r\n\r\n", 5, RECEIVED_AT)
