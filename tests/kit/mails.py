"""Builds the mails of the tests: whole RFC 5322 octets with CRLF, readable where they are made; and reads them."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP

from watcher.model import Mail, Message, Place
from watcher.parse import fingerprint, parse, split

DATE = "Fri, 20 Nov 2026 10:30:00 +0900"
RECEIVED_AT = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
"""The same moment: INTERNALDATE of every mail of `fetch`."""


def build(
    *,
    author: str | bytes = "Hanako <hanako@example.jp>",
    to: str | bytes = "Taro <taro@example.jp>",
    subject: str | bytes = "Hello",
    text: str = "",
    html: str = "",
    attachments: Iterable[tuple[str, bytes]] = (),
    headers: Iterable[tuple[str, str | bytes]] = (),
    date: str = DATE,
    message_id: str = "<1@example.jp>",
) -> bytes:
    """A whole mail.

    Args:
        author: From, for instance "日本郵便 <info@example.top>". As everywhere here, ASCII is written as it is,
            other words become encoded words, bytes are written raw, and an empty value leaves the field out.
        to: To.
        subject: Subject.
        text: the text/plain part; with `html` both become a multipart/alternative.
        html: the text/html part.
        attachments: (filename, content); the type is guessed by the name.
        headers: more fields (name, value), put on top in this order, where a receiving server puts its own.
        date: Date.
        message_id: Message-ID.
    """
    fields = [
        *headers,
        ("From", author),
        ("To", to),
        ("Subject", subject),
        ("Date", date),
        ("Message-ID", message_id),
    ]
    lines = [name.encode() + b": " + _encode(value) + b"\r\n" for name, value in fields if value]
    return b"".join(lines) + _body(text, html, attachments).as_bytes()


def _encode(value: str | bytes) -> bytes:
    """A field's value: each run of words in which one is not ASCII becomes encoded words."""
    if isinstance(value, bytes):
        return value
    words, address = value, ""
    if match := re.fullmatch(r"(.*?)(\s*<[^<>]*>)", value, re.DOTALL):
        words, address = match.groups()
    if not words.isascii():
        words = Header(words, "utf-8").encode(linesep="\r\n")
    return words.encode("ascii") + address.encode("utf-8")


def _body(text: str, html: str, attachments: Iterable[tuple[str, bytes]]) -> EmailMessage:
    body = EmailMessage(policy=SMTP)
    if text or not html:
        body.set_content(text, cte="base64")
        if html:
            body.add_alternative(html, subtype="html", cte="base64")
    else:
        body.set_content(html, subtype="html", cte="base64")
    for filename, content in attachments:
        guessed = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        kind, _, subtype = guessed.partition("/")
        body.add_attachment(content, maintype=kind, subtype=subtype, filename=filename)
    return body


def fetch(raw: bytes) -> Mail:
    """The mail as a source gives it that has fetched all of it."""
    header, parts = split(raw)
    identity = fingerprint(header, len(raw), RECEIVED_AT)
    return Mail(Place("home", "INBOX", 1, 1), identity, len(raw), RECEIVED_AT, (), header, parts)


def read(raw: bytes) -> Message:
    """The whole mail, read."""
    return parse(fetch(raw))


NESTED = b"""\
Content-Type: multipart/mixed; boundary=m

preamble
--m
Content-Type: multipart/alternative; boundary="a b"

--a b
Content-Type: text/plain; charset=utf-8

plain
--a b
Content-Type: multipart/related; boundary=r

--r
Content-Type: text/html

<p>html
--r
Content-Type: image/png
Content-Disposition: inline; filename=x.png

png
--r--
--a b--
--m
Content-Type: message/rfc822

Content-Type: multipart/mixed; boundary=z

--z
--z--
--m

footer
--m--
epilogue
"""
"""Alternatives with a picture, an attached message, and the footer of a mailing list."""
