"""The mails that Watcher writes itself: what stands in them, and what a mail that they speak of cannot do to them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from tests.kit.inquiries import catalogue
from tests.kit.ledger import NOON, a_case
from tests.kit.mails import build, read
from tests.kit.sources import NESTED, PLAIN, crlf
from watcher import detectors
from watcher.authentication import authenticate
from watcher.claims import find_claims
from watcher.judge import judge
from watcher.letters import COUNCIL, complaint, digest, recipient
from watcher.mime import decode, split
from watcher.model import (
    Address,
    Belief,
    Brand,
    Case,
    ClaimKind,
    Context,
    Evidence,
    Facet,
    Inquiry,
    Sentence,
    State,
    Strength,
    Verdict,
    Where,
)

OWNER = "taro@home.example"
AT = datetime(2026, 3, 2, 8, 0, tzinfo=timezone(timedelta(hours=9)))
HOSTILE = {
    "header": "A\r\nBcc: everybody@evil.example\r\n\r\nB",
    "folded header": "A\n Bcc: everybody@evil.example",
    "encoded word": "=?utf-8?B?QQ0KQmNjOiBldmVyeWJvZHlAZXZpbC5leGFtcGxl?=",
    "control": "A\x00B\x1b[31m\x07\x9b",
    "bidi": "A\u202eexe.B\u2066C\u200f",
    "other ends of line": "A\u2028Bcc: everybody@evil.example\u2029B\x85C\x0bD",
    "surrogate": "A\ud800B\udcff",
    "boundary": "\r\n--boundary--\r\n",
    "long": "長" * 10_000,
    "astral": "𠮷" * 10_000,
    "nothing": "",
}
LIVE = {
    "address": "support@evil.example",
    "full-width": "ｓupport＠evil．example",
    "host": "www.evil.example",
    "bare host": "evil.example",
    "Japanese host": "日本郵便.jp",
    "with scheme": "https://evil.example/a.b?c=d",
    "scheme alone": "tel:0501234567",
    "mailto": "mailto:x@evil.example",
    "without scheme": "//evil.example/a",
    "Windows share": r"\\evil.example\share",
    "number": "http://192.0.2.1:8080/",
}
LINK = re.compile(r"[@＠]|\w[.．｡․]\w|\w:\S|//(?!\])|\\\\|www\.")
"""Of what mail programs make something to click."""


def from_name(name: str, **changes: Any) -> Case:
    """A moved case whose sender calls itself so."""
    return a_case(author=Address(name, "info", "post.example"), **changes)


def because(words: str) -> Case:
    """A moved case with this for its reason."""
    fact = Evidence(Sentence(words, words), Strength.STRONG, Facet.LINK, Where.LINK)
    return a_case(verdict=Verdict(suspicious=True, score=0.9, reasons=(fact,)))


def a_digest(*cases: Case, language: str = "en") -> bytes:
    """A digest of these."""
    return digest(cases, OWNER, language, AT, "1@watcher.example")


def strictly(raw: bytes) -> EmailMessage:
    """The mail as the standard library reads it."""
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    assert not mail.defects
    return mail


def check_lines(raw: bytes) -> None:
    """All lines end in CRLF and are no longer than RFC 5322 allows."""
    lines = raw.split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 998
    assert not any(b"\n" in line or b"\r" in line for line in lines)


# The digest.


def test_a_digest_is_from_the_reader_to_himself() -> None:
    """Its header names him and nobody else, the time and the id that were given, and that a machine wrote it."""
    raw = a_digest(a_case(id=1), a_case(id=2))
    mail = strictly(raw)
    assert dict(mail.items()) == {
        "Subject": "Watcher: 2 suspicious mails",
        "From": f"Watcher <{OWNER}>",
        "To": f"Watcher <{OWNER}>",
        "Date": "Mon, 02 Mar 2026 08:00:00 +0900",
        "Message-ID": "<1@watcher.example>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "8bit",
    }
    message = read(raw)
    assert [message.author, *message.to] == [Address("Watcher", "taro", "home.example")] * 2
    assert (message.date, message.message_id) == (AT.astimezone(UTC), "1@watcher.example")
    assert (message.text.split(), message.attachments, message.defects) == (mail.get_content().split(), (), ())
    check_lines(raw)


def test_a_digest_tells_all_of_a_mail() -> None:
    """Who seems to have sent it, why it was moved, when it came by the clock on the wall, and how to get it back."""
    text = read(a_digest(a_case(id=7))).text
    assert (
        "「日本郵便」 <info[at]post[.]example>\n"
        "  The sender's name is that of Japan Post.\n"
        "  Received: 2026-03-01 20:00\n"
        "  To put it back: watcher restore 7\n"
    ) in text
    assert "watcher report" in text


@pytest.mark.parametrize(("language", "why"), [("ja", "差出人名が日本郵便を"), ("en", "The sender's name is that of")])
def test_a_digest_speaks_the_readers_language(language: str, why: str) -> None:
    """The reason is given in the language that was asked for."""
    assert why in read(a_digest(a_case(), language=language)).text


def test_a_mere_copy_is_told_as_such() -> None:
    """Whoever still has the mail in his inbox is told, and only he."""
    moved, copied = (read(a_digest(a_case(state=state))).text for state in (State.MOVED, State.COPIED))
    assert "still is in your inbox" in copied
    assert "still is in your inbox" not in moved


def test_a_digest_names_fifty() -> None:
    """The newest come first, in whatever order they were given, and those beyond fifty are counted."""
    cases = [a_case(id=number, date=NOON + timedelta(hours=number)) for number in range(1, 54)]
    message = read(a_digest(*cases[30:], *cases[:30]))
    assert re.findall(r"watcher restore (\d+)", message.text) == [str(number) for number in range(53, 3, -1)]
    assert "and 3 more" in message.text
    assert "53" in message.subject


def test_a_case_without_a_reason_is_named() -> None:
    """A mail that was put into the folder by hand has no reason, and none is made up."""
    text = read(a_digest(a_case(id=7, verdict=None))).text
    assert "「日本郵便」 <info[at]post[.]example>\n  Received" in text


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_mail_cannot_change_the_digest(words: str) -> None:
    """Neither its sender's name, nor its subject, nor its reason adds a field or a line; the subject is left out."""
    hostile = replace(because(words), author=Address(words, words, words), subject=f"Subject {words}", id=7)
    raw = a_digest(hostile)
    harmless = a_digest(replace(because("A"), author=Address("A", "A", "A"), id=7))
    assert strictly(raw).items() == strictly(harmless).items()
    text, usual = (strictly(each).get_content().replace("\r\n", "\n") for each in (raw, harmless))
    assert "Subject" not in text
    assert len(text.splitlines()) == len(usual.splitlines()) - (words == "")
    assert len(text) < len(usual) + 600
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", text)
    check_lines(raw)


@pytest.mark.parametrize("words", LIVE.values(), ids=LIVE.keys())
def test_nothing_in_a_digest_can_be_clicked(words: str) -> None:
    """Addresses, hosts, schemes and shares are broken, in the name, in the address and in the reason."""
    local, _, domain = words.rpartition("@")
    for author in (Address(words, "info", "post.example"), Address("", local, domain), Address("", words, "")):
        message = read(a_digest(replace(because(f"See {words} for more."), author=author)))
        assert LINK.findall(message.text.replace("20:00", "")) == []
        assert message.links == ()


@pytest.mark.parametrize("owner", [(), (OWNER,)], ids=["no address", "address"])
@pytest.mark.parametrize("belief", [Belief(), Belief("mx.home.example"), Belief(topmost=True)], ids=str)
@pytest.mark.parametrize("acquainted", [None, False])
def test_our_own_digest_is_clean(owner: tuple[str, ...], belief: Belief, *, acquainted: bool | None) -> None:
    """All detectors together leave it alone, although it is full of brands and nobody vouches for it."""
    brands = ("三井住友カード", "日本郵便", "Amazon.co.jp", "えきねっと", "三丼住友カード", "DHL Express")
    reason = "差出人は{0}を名乗っていますが、送信元は evil.example です。至急ログインして本人確認を行ってください。"
    cases = [replace(because(reason.format(name)), author=Address(name, "x", "evil.example")) for name in brands]
    message = read(a_digest(*cases, language="ja"))
    context = Context(catalogue(), owner=owner, belief=belief, acquainted=acquainted)
    inquiry = Inquiry(message, find_claims(message, catalogue()), authenticate(message, belief), context)
    verdict = judge(detectors.examine(inquiry, detectors.load()))
    assert not verdict.suspicious
    assert {fact.strength for fact in verdict.reasons} <= {Strength.WEAK}


# The complaint.


def test_a_complaint_is_a_draft() -> None:
    """It opens for writing, from the reader to whom it is for, and what the mail program adds is not there yet."""
    raw = complaint(PLAIN, a_case(id=7), OWNER, "phishing@post.example")
    mail = strictly(raw)
    assert dict(mail.items()) | {"Content-Type": ""} == {
        "Subject": "Report of a phishing mail",
        "From": OWNER,
        "To": "phishing@post.example",
        "X-Unsent": "1",
        "MIME-Version": "1.0",
        "Content-Type": "",
    }
    text, attached = mail.iter_parts()
    assert "The sender's name is that of Japan Post." in text.get_content()
    assert "「日本郵便」 <info[at]post[.]example>" in text.get_content()
    assert "Watcher" in text.get_content()
    assert (attached.get_content_type(), attached.get_filename()) == ("message/rfc822", "mail-7.eml")
    check_lines(raw)


def test_an_unknown_reader_is_left_to_the_mail_program() -> None:
    """Where his address is not known there is no From at all."""
    assert strictly(complaint(PLAIN, a_case(), "", COUNCIL))["From"] is None


@pytest.mark.parametrize(
    ("to", "why"),
    [(COUNCIL, "差出人名が日本郵便を"), ("x@POST.JP", "差出人名が"), ("x@jp.example", "The sender's name")],
)
def test_a_complaint_speaks_the_recipients_language(to: str, why: str) -> None:
    """Japanese in Japan, otherwise English."""
    text, _ = split(complaint(PLAIN, a_case(), OWNER, to))[1]
    assert why in decode(text).decode()


WHOLE = {
    "plain": PLAIN,
    "nested": NESTED,
    "no final line end": PLAIN.rstrip(),
    "empty lines at the end": PLAIN + b"\r\n\r\n",
    "no body": b"Subject: x\r\n\r\n",
    "no header": b"\r\nx",
    "nothing": b"",
    "ISO-2022-JP": crlf("Subject: x\nContent-Type: text/plain; charset=iso-2022-jp\n\n") + "日本".encode("iso-2022-jp"),
    "longest lines": b"Subject: x\r\n\r\n" + b"a" * 998 + b"\r\n" + b"b" * 998,
    "trailing blanks and dots": b"Subject: x \t\r\n\r\n.\r\n..\r\n--\r\nFrom here \r\n",
    "large": build(text="いろはにほへと" * 100_000),
    "another complaint": complaint(PLAIN, a_case(), OWNER, COUNCIL),
}
WRAPPED = {
    "8-bit header": "From: 日本郵便 <a@b.example>\r\n\r\nx".encode("cp932"),
    "8-bit body": build(text="x").replace(b"\r\n\r\n", b"\r\n\r\n\xff\xfe\x80"),
    "bad charset": b"Content-Type: text/plain; charset=klingon\r\n\r\n\x81\xff",
    "NUL": b"Subject: x\r\n\r\na\0b",
    "bare LF": PLAIN.replace(b"\r\n", b"\n"),
    "one bare LF": PLAIN + b"a\nb",
    "LF first": b"\nSubject: x",
    "bare CR": PLAIN + b"a\rb\r",
    "long line": b"Subject: x\r\n\r\n" + b"a" * 999,
    "long line in the middle": b"Subject: " + b"a" * 990 + b"\r\n\r\nx",
    "large": build(text="x") + b"\xe3\x81\x82\n" * 520_000,
}


@pytest.mark.parametrize("original", WHOLE.values(), ids=WHOLE.keys())
def test_a_mail_is_attached_as_it_is(original: bytes) -> None:
    """What a 7-bit mail can hold stands in it octet by octet, as a mail."""
    raw = complaint(original, a_case(id=7), OWNER, COUNCIL)
    _, attached = split(raw)[1]
    assert (attached.content_type, attached.content) == ("message/rfc822", original)
    check_lines(raw)


@pytest.mark.parametrize("original", WRAPPED.values(), ids=WRAPPED.keys())
def test_an_ugly_mail_is_attached_as_a_file(original: bytes) -> None:
    """What would be changed on the way is encoded, and comes out octet by octet."""
    raw = complaint(original, a_case(id=7), OWNER, COUNCIL)
    _, attached = split(raw)[1]
    assert (attached.content_type, attached.filename) == ("application/octet-stream", "mail-7.eml")
    assert decode(attached) == original
    assert raw.isascii()
    check_lines(raw)


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_mail_cannot_change_the_complaint(words: str) -> None:
    """Neither its sender's name nor its subject adds a field or a part."""
    raw = complaint(PLAIN, from_name(words, subject=words), OWNER, COUNCIL)
    mail = strictly(raw)
    assert mail.keys() == ["Subject", "From", "To", "X-Unsent", "MIME-Version", "Content-Type"]
    assert [part.content_type for part in split(raw)[1]] == ["text/plain", "message/rfc822"]
    assert b"evil.example" not in raw
    check_lines(raw)


@pytest.mark.parametrize(
    ("report_to", "expected"),
    [
        ("phishing@post.example", "phishing@post.example"),
        ("", COUNCIL),
        ("https://post.example/report", COUNCIL),
        ("phishing@post.example, evil@evil.example", COUNCIL),
        ("phishing@post.example\r\nBcc: evil@evil.example", COUNCIL),
    ],
)
def test_whom_to_tell(report_to: str, expected: str) -> None:
    """The brand where it takes such mail by mail, otherwise the council."""
    brand = Brand("post", ClaimKind.BRAND, Sentence("郵便", "Post"), ("郵便",), report_to=report_to)
    assert recipient(brand) == expected
    assert recipient(None) == COUNCIL
