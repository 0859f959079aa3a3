"""Mails are taken apart as an IMAP server would, and transfer encodings undone."""

from __future__ import annotations

import pytest

from tests.kit.mails import NESTED
from watcher.model import Part
from watcher.parse import MOST_PARTS, decode, decode_filename, split
from watcher.sources.imap.structure import leaves


@pytest.mark.parametrize("raw", [NESTED, NESTED.replace(b"\n", b"\r\n"), NESTED.replace(b"\n", b"\r")])
def test_parts_are_numbered_as_imap_numbers_them(raw: bytes) -> None:
    """Leaves have their sections and alternatives whatever the line ends; an attached message is one leaf."""
    _, parts = split(raw)
    assert [(part.section, part.content_type, part.alternative) for part in parts] == [
        ("1.1", "text/plain", "1"),
        ("1.2.1", "text/html", "1"),
        ("1.2.2", "image/png", "1"),
        ("2", "message/rfc822", ""),
        ("3", "text/plain", ""),
    ]
    assert [part.content for part in parts[:2]] == [b"plain", b"<p>html"]
    assert all(part.size == len(part.content or b"") for part in parts)


@pytest.mark.parametrize(
    ("raw", "contents"),
    [
        (b"Subject: a\n\nbody", [b"body"]),
        (b"\nbody", [b"body"]),
        (b"no body", [b""]),
        (b"", [b""]),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo", [b"one", b"two"]),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--bx\n--b--\n", [b"one\n--bx"]),
        (b"Content-Type: multipart/mixed; boundary=b\n\nnothing", [b"nothing"]),
        (b"Content-Type: multipart/mixed\n\n--b\n\none", [b"--b\n\none"]),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n--b--", [b"", b""]),
    ],
)
def test_broken_structures_lose_nothing(raw: bytes, contents: list[bytes]) -> None:
    """Missing and false boundaries leave parts that hold what there is."""
    assert [part.content for part in split(raw)[1]] == contents


def test_the_structure_is_bounded() -> None:
    """No mail has more than a thousand leaves or fifty levels."""
    many = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 5_000
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (level, level) for level in range(500))
    assert len(split(many)[1]) == 1_000
    assert [part.section.count(".") for part in split(deep)[1]] == [49]


@pytest.mark.parametrize(
    ("encoding", "content", "decoded"),
    [
        ("base64", b"aGVs\r\nbG8=", b"hello"),
        ("base64", b"aGVsbG8", b"hello"),
        ("base64", b"aGVs*bG8!", b"hello"),
        ("base64", b"aGVsbG8=aGVsbG8=", b"hellohello"),
        ("base64", b"aGVsb", b"hel"),
        ("base64", b"=", b""),
        ("quoted-printable", b"a=\r\nb=3D=zz", b"ab==zz"),
        ("x-uuencode", b"begin 644 x\n%:&5L;&\\\n`\nend\n", b"hello"),
        ("x-uuencode", b"no uuencode", b"no uuencode"),
        ("7bit", b"a=3D", b"a=3D"),
        ("nonsense", b"a", b"a"),
    ],
)
def test_transfer_encodings_are_undone(encoding: str, content: bytes, decoded: bytes) -> None:
    """As much as can be had of broken encodings is had."""
    assert decode(Part("1", "text/plain", len(content), encoding=encoding, content=content)) == decoded


def test_what_is_not_fetched_decodes_to_nothing() -> None:
    """A part without content is empty, not an error."""
    assert decode(Part("1", "text/plain", 5, encoding="base64")) == b""


@pytest.mark.parametrize(
    ("parameters", "filename"),
    [
        ({"filename": "a.zip"}, "a.zip"),
        ({"name": "a.zip"}, "a.zip"),
        ({"filename": "a.zip", "name": "b.zip"}, "a.zip"),
        ({"filename*": "utf-8''%E8%AB%8B%E6%B1%82.zip", "filename": "x"}, "請求.zip"),
        ({"filename*": b"iso-2022-jp'ja'%1B$B@A5a%1B(B.zip"}, "請求.zip"),
        ({"filename*0*": "utf-8''%E8%AB%8B", "filename*1*": "%E6%B1%82", "filename*2": ".zip"}, "請求.zip"),
        ({"filename*0*": "utf-8''%E8%AB", "filename*1*": "%8B.zip"}, "請.zip"),
        ({"filename*0": "long", "filename*1": "name.zip"}, "longname.zip"),
        ({"filename": "=?utf-8?B?6KuL5rGCLnppcA==?="}, "請求.zip"),
        ({"filename": "=?utf-8?B?6KuL?= =?utf-8?B?5rGCLnppcA==?="}, "請求.zip"),
        ({"filename": "請求書一覧.zip".encode("cp932")}, "請求書一覧.zip"),
        ({"filename": "請求書一覧.zip".encode("euc-jp")}, "請求書一覧.zip"),
        ({"filename": "請求書一覧.zip".encode("iso-2022-jp")}, "請求書一覧.zip"),
        ({"FileName": "請求書一覧.zip".encode()}, "請求書一覧.zip"),
        ({"filename*": "utf-8''%E8%AB%8B%E6%B1"}, "請\ufffd"),
        ({}, ""),
    ],
)
def test_file_names_are_decoded(parameters: dict[str, str | bytes], filename: str) -> None:
    """RFC 2231, RFC 2047 and raw octets of every charset give the name that the sender wrote."""
    assert decode_filename(parameters) == filename


@pytest.mark.parametrize(
    ("disposition", "filename"),
    [
        (b'attachment; filename="a \\"b\\".zip"', 'a "b".zip'),
        (b"attachment; filename=a.zip; size=5", "a.zip"),
        (b"attachment; filename=a b.zip", "a b.zip"),
        (b'attachment;filename="unclosed.zip', "unclosed.zip"),
        (b'attachment; filename="\x95\x5c.zip"', "表.zip"),
        (b'attachment; filename="' + "表示.zip".encode("cp932") + b'"', "表示.zip"),
    ],
)
def test_file_names_are_found_in_the_header(disposition: bytes, filename: str) -> None:
    """Quoting is undone, also where a backslash is half of a CP932 character."""
    _, (part,) = split(b"Content-Type: application/zip\r\nContent-Disposition: " + disposition + b"\r\n\r\n")
    assert (part.filename, part.disposition) == (filename, "attachment")


def test_what_a_server_describes_is_bounded_alike() -> None:
    """Of a million leaves that a server tells of, as many are taken as of a mail."""
    leaf = (b"text", b"plain", None, None, None, b"7bit", 1)
    assert len(leaves(([leaf] * 1_000_000, b"mixed"))) == MOST_PARTS
