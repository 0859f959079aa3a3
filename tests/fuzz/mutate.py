"""Damages a mail: its octets, its header fields, its parts, and what is in them beneath base64."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from random import Random

from watcher.headers import decode_base64

LARGEST = 64 * 1024
"""Octets of a damaged mail; the limits for larger ones have tests of their own."""

_FIELD = re.compile(rb"^([!-9;-~]+):[^\n]*(?:\n[ \t][^\n]*)*\n", re.MULTILINE)
_BASE64 = re.compile(rb"(?<=\n)(?:[A-Za-z0-9+/]{4,}={0,2}\r?\n){1,}")

TOKENS: tuple[bytes | str, ...] = (
    *(b"", b"\0", b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\t", b" ", b"\x0b", b"\x1b", b"\x7f", b"\x80", b"\xff"),
    *(b'"', b"\\", b"(", b")", b"<", b">", b"@", b",", b";", b":", b"=", b"?", b"%", b"&", b"#", b"{", b"}", b"%s"),
    *(b"=?utf-8?B?", b"=?utf-8?Q?=41?=", b"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", b"=?x?b?/?=", b"?=", b"=?"),
    *(b"charset=", b"iso-2022-jp", b"shift_jis", b"utf-7", b"utf-16", b"euc-kr", b"gb18030", b"unknown-8bit", b"idna"),
    *(b"\x1b$B", b"\x1b(B", b"\x82\xa0", b"\xe3\x81\x82", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"+MEI-"),
    *("\u202e", "\u2066", "\u200b", "\u00ad", "\ufeff", "\u3000", "\u0301" * 9, "\U000e0041", "ａｍａｚｏｎ", "аmazon"),
    *("日本郵便", "Amazon", "三井住友カード", "PayPal", "国税庁", "日本郵更", "Microsoft", "いますぐ", "パスワード"),
    *(b"multipart/mixed; boundary=b", b"multipart/alternative", b"message/rfc822", b"text/html", b"application/zip"),
    *(b"--b\r\n", b"--b--\r\n", b"base64", b"quoted-printable", b"x-uuencode", b"begin 644 a\n", b"filename*0*=''"),
    *(b"<a href=", b"<a href='http://a.example/'>amazon.com</a>", b"<base href=//x.example/>", b"</a>", b"<!--"),
    *(b"<style>*{display:none}</style>", b"<div hidden>", b"<img src=cid:1>", b"<table><tr><td>", b"<script>", b"&#x"),
    *(b"<form action=", b"<input type=password>", b"<svg>", b"<![CDATA[", b"<blockquote>", b"data:text/html,"),
    *(b"http://", b"https://xn--a.example/", b"http://[::1]/", b"http://1.1/", b"http://a@b@c/", b"javascript:"),
    *(b"http://\xe2\x92\x9c.a", b"%2e%2e/", b"..", b"-", b"/", b"http://a:99999/", b"?u=aHR0cHM6Ly9hLmV4YW1wbGU="),
    *(b"spf=pass", b"dkim=pass header.d=amazon.co.jp", b"dmarc=fail", b"Authentication-Results: m;", b"Received: "),
    *(b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"MZ", b"%PDF-1.7", b"\xd0\xcf\x11\xe0", b"Rar!\x1a\x07", b"7z\xbc"),
    *(b"\x1f\x8b\x08", b"BZh9", b"\x89PNG\r\n", b"GIF89a", b"{\\rtf1", b"\xff\xff\xff\xff", b"\0\0\0\x7f"),
    *(b"Fri, 31 Dec 9999 23:59:60 +9999", b"-1", b"0", b"4294967296", b"1e999", b"\xd9\xa1", b"a" * 300, b"(" * 80),
    *(b"> ", b"-----Original Message-----\n", b"On Fri, 20 Nov 2026 a <a@b.example> wrote:\n", b"\n-- \n"),
)  # fmt: skip
"""What readers of mail stumble over."""

FIELDS = (
    *("From", "Sender", "Reply-To", "To", "Subject", "Date", "Message-ID", "Return-Path", "Received", "Received-SPF"),
    *("Authentication-Results", "ARC-Authentication-Results", "DKIM-Signature", "List-Id", "List-Unsubscribe"),
    *("In-Reply-To", "References", "MIME-Version", "X-Mailer", "X-MS-Exchange-Organization-AuthAs"),
    *("Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Content-ID"),
)

Damage = Callable[[bytearray, Random, Sequence[bytes]], None]


def mutate(raw: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """The mail, damaged a few times.

    Args:
        raw: the mail.
        chance: decides everything.
        others: mails from which pieces may be taken.
    """
    octets = bytearray(raw)
    for _ in range(1 << chance.randrange(5)):
        chance.choice(_DAMAGES)(octets, chance, others)
        del octets[LARGEST:]
    return bytes(octets)


def _token(chance: Random) -> bytes:
    token = chance.choice(TOKENS)
    return token.encode() if isinstance(token, str) else token


def _stretch(octets: bytearray, chance: Random) -> slice:
    """Somewhere; mostly short, and now and again half the mail."""
    start = chance.randrange(len(octets) + 1)
    return slice(start, min(len(octets), start + chance.randrange(1 << chance.randrange(1, 13))))


def _cut(octets: bytearray, chance: Random, _others: Sequence[bytes]) -> None:
    del octets[_stretch(octets, chance)]


def _double(octets: bytearray, chance: Random, _others: Sequence[bytes]) -> None:
    stretch = _stretch(octets, chance)
    octets[stretch] = octets[stretch][:2000] * chance.choice((2, 3, 30))


def _overwrite(octets: bytearray, chance: Random, _others: Sequence[bytes]) -> None:
    stretch = _stretch(octets, chance)
    stretch = slice(stretch.start, min(stretch.stop, stretch.start + 16))
    octets[stretch] = chance.randbytes(stretch.stop - stretch.start)


def _flip(octets: bytearray, chance: Random, _others: Sequence[bytes]) -> None:
    if octets:
        octets[chance.randrange(len(octets))] ^= 1 << chance.randrange(8)


def _insert(octets: bytearray, chance: Random, _others: Sequence[bytes]) -> None:
    place = chance.randrange(len(octets) + 1)
    octets[place:place] = _token(chance) * chance.choice((1, 1, 1, 2, 40))


def _replace(octets: bytearray, chance: Random, _others: Sequence[bytes]) -> None:
    octets[_stretch(octets, chance)] = _token(chance)


def _splice(octets: bytearray, chance: Random, others: Sequence[bytes]) -> None:
    other = bytearray(chance.choice(others))
    octets[_stretch(octets, chance)] = other[_stretch(other, chance)]


def _graft(octets: bytearray, chance: Random, others: Sequence[bytes]) -> None:
    """One mail's header over another's body."""
    other = chance.choice(others)
    header = octets.partition(b"\r\n\r\n")[0]
    octets[:] = header + b"\r\n\r\n" + other.partition(b"\r\n\r\n")[2]


def _set_field(octets: bytearray, chance: Random, _others: Sequence[bytes]) -> None:
    """A field more, with words that were made for no field or for another one."""
    name = chance.choice(FIELDS).encode()
    words = b" ".join(_token(chance) for _ in range(chance.randrange(1, 5)))
    octets[:0] = name + b": " + words + chance.choice((b"\r\n", b"\n", b"\r\n "))


def _swap_values(octets: bytearray, chance: Random, _others: Sequence[bytes]) -> None:
    """Give a field the name of another."""
    if fields := list(_FIELD.finditer(octets))[:60]:
        start, end = chance.choice(fields).span(1)
        octets[start:end] = chance.choice(FIELDS).encode()


def _damage_field(octets: bytearray, chance: Random, _others: Sequence[bytes]) -> None:
    if fields := list(_FIELD.finditer(octets))[:60]:
        start, end = chance.choice(fields).span()
        place = chance.randrange(start, end)
        octets[place : place + chance.randrange(4)] = _token(chance)


def _damage_beneath(octets: bytearray, chance: Random, others: Sequence[bytes]) -> None:
    """Damage what stands in base64, and encode it anew."""
    if blocks := list(_BASE64.finditer(octets)):
        start, end = chance.choice(blocks).span()
        content = bytearray(decode_base64(bytes(octets[start:end])))
        for _ in range(chance.randrange(1, 4)):
            chance.choice((_cut, _double, _overwrite, _flip, _flip, _insert, _replace))(content, chance, others)
        octets[start:end] = base64.encodebytes(content)


def _wrap(octets: bytearray, chance: Random, _others: Sequence[bytes]) -> None:
    """Make the whole mail a part of another."""
    kind = chance.choice((b"multipart/mixed", b"multipart/alternative", b"multipart/digest", b"message/rfc822"))
    octets[:0] = b"Content-Type: " + kind + b'; boundary="w"\r\n\r\n--w\r\n'


_DAMAGES: tuple[Damage, ...] = (
    *(_cut, _double, _overwrite, _flip, _insert, _insert, _replace, _splice, _graft),
    *(_set_field, _set_field, _swap_values, _damage_field, _damage_field, _damage_beneath, _damage_beneath, _wrap),
)
