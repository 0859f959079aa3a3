"""Mails are read as a reader sees them, whatever their octets are."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.mails import NESTED, build, fetch, read
from watcher.parse import parse


def test_the_text_of_an_alternative_is_the_html() -> None:
    """The reader is shown the HTML, so the plain part says nothing."""
    message = read(build(text="plain http://a.example/", html="<p>html <a href=http://b.example/>b</a><img>"))
    assert message.text == "html b"
    assert [link.host for link in message.links] == ["b.example"]
    assert (message.images, message.attachments, message.unfetched) == (1, (), ())


def test_all_texts_of_a_mixed_mail_are_read_in_order() -> None:
    """The footer of a mailing list is read, pictures and attached messages are attachments."""
    message = read(NESTED)
    assert message.text == "html\nfooter"
    assert [(one.section, one.filename) for one in message.attachments] == [("1.2.2", "x.png"), ("2", "")]


@pytest.mark.parametrize("charset", ["utf-8", "iso-2022-jp", "cp932", "euc-jp"])
@pytest.mark.parametrize("declared", [True, False])
def test_text_is_decoded(charset: str, declared: bool) -> None:  # noqa: FBT001 - a table
    """The body is read in its charset, whether it is declared or not."""
    words = "三井住友カードをご利用いただきありがとうございます。"
    content_type = f"Content-Type: text/plain; charset={charset}\r\n" if declared else ""
    assert read(content_type.encode() + b"\r\n" + words.encode(charset)).text == words


def test_html_without_charset_says_it_itself() -> None:
    """A meta element tells the charset where the header does not."""
    html = '<meta charset="shift_jis"><p>表'.encode("cp932")
    assert read(b"Content-Type: text/html\r\n\r\n" + html).text == "表"


def test_a_text_cut_in_the_middle_of_a_character_is_read() -> None:
    """Only as much of a part may have been fetched."""
    words = "三井住友カードをご利用いただきありがとうございます。"
    raw = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + words.encode()[:-1]
    assert read(raw).text.startswith(words[:-1])


def test_fields_of_programs_keep_their_encoded_words() -> None:
    """What programs write for programs (X-…) stays as it is written; every other field is decoded."""
    header = b"X-Report: =?utf-8?q?sp=C3=A4m?=\nComments: =?utf-8?q?sp=C3=A4m?=\n\n"
    assert read(header).headers == (("x-report", "=?utf-8?q?sp=C3=A4m?="), ("comments", "späm"))


def test_unfetched_text_is_named() -> None:
    """Only the text that a reader is shown is asked for."""
    whole = fetch(build(text="plain", html="<p>html", attachments=[("a.zip", b"PK")]))
    bare = replace(whole, parts=tuple(replace(part, content=None) for part in whole.parts))
    assert parse(bare).unfetched == ("1.2",)
    assert parse(bare).text == ""
    assert [one.filename for one in parse(bare).attachments] == ["a.zip"]


@pytest.mark.parametrize(
    ("content_type", "disposition", "attached"),
    [
        ("text/plain", "", False),
        ("text/plain; name=a.txt", "", False),
        ("text/plain", "attachment", True),
        ("text/html; name=a.html", "", True),
        ("text/html", "attachment; filename=a.html", True),
        ("image/svg+xml", "inline", True),
        ("application/pdf; name=a.pdf", "", True),
        ("message/rfc822", "", True),
        ("text/calendar", "", True),
    ],
)
def test_attachments_are_what_is_not_shown_as_text(content_type: str, disposition: str, attached: bool) -> None:  # noqa: FBT001 - a table
    """Everything else than inline text is an attachment."""
    raw = f"Content-Type: {content_type}\r\nContent-Disposition: {disposition}\r\n\r\nwords".encode()
    message = read(raw)
    assert bool(message.attachments) is attached
    assert (message.text == "words") is not attached


@pytest.mark.parametrize(
    "marker",
    [
        "-----Original Message-----",
        "---------- Forwarded message ---------",
        "-------- Forwarded Message --------",
        "-----元のメッセージ-----",
        "----- 転送メッセージ -----",
        "-------- 転送メッセージ --------",
        "-----Ursprüngliche Nachricht-----",
        "-----Message d'origine-----",
        "Begin forwarded message:",
        "2026年1月2日(金) 12:34 花子 <hanako@a.example>:",
        "2026/01/02 12:34、花子 <hanako@a.example>のメール:",
        "On Fri, Jan 2, 2026 at 12:34 PM Hanako <hanako@a.example> wrote:",
        "On Fri, Jan 2, 2026 at 12:34 PM Hanako\n<hanako@a.example> wrote:",
        "Am 02.01.2026 um 12:34 schrieb Hanako:",
        "Le 02/01/2026 à 12:34, Hanako a écrit :",
        "差出人: 花子\n送信日時: 2026年1月2日\n宛先: 太郎",
        "From: Hanako\nSent: Friday\nTo: Taro",
    ],
)
def test_what_follows_a_marker_is_quoted(marker: str) -> None:
    """The words of a reply or a forwarded mail are kept apart from the sender's own, with their links."""
    message = read(build(subject="Re: x", text=f"mine\n\n{marker}\n\ntheirs http://a.example/\n"))
    assert message.text == "mine"
    assert message.quoted.startswith(marker[:8])
    assert message.quoted.endswith("theirs http://a.example/")
    assert message.links == ()


@pytest.mark.parametrize(
    "text",
    [
        "On Monday we wrote: nothing",
        "From: here\nto there",
        "-- \nHanako",
        "2026年1月2日(金) 12:34 にお届けします:",
        "Original Message",
        "Le chat a écrit une lettre",
    ],
)
def test_ordinary_lines_are_no_markers(text: str) -> None:
    """Words that only resemble a marker stay the sender's own."""
    assert read(build(subject="Re: x", text=text)).text == text


def test_answers_between_quoted_lines_are_own_words() -> None:
    """Whoever answers point by point is read, without the lines that are answered."""
    message = read(build(subject="Re: x", text="On Friday, Hanako wrote:\n> one\n> two\nmine\n> three\nend"))
    assert message.text == "mine\nend"
    assert "three" in message.quoted


@pytest.mark.parametrize("subject", ["お知らせ", "Notice"])
def test_a_mail_that_answers_nothing_has_no_quotation(subject: str) -> None:
    """Whoever puts all of a mail into a citation does not hide it."""
    html = "<blockquote type=cite>bank <a href=http://a.example>go</a></blockquote>"
    message = read(build(subject=subject, html=html))
    assert (message.text, message.quoted) == ("bank go", "")
    assert [link.host for link in message.links] == ["a.example"]
    assert read(build(subject="Fwd: " + subject, html=html)).text == ""


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("see https://a.example/b?c=d.", ["https://a.example/b?c=d"]),
        ("（https://a.example/）", ["https://a.example/"]),
        ("https://a.exampleにアクセス", ["https://a.example"]),
        ("<http://a.example/x>", ["http://a.example/x"]),
        ("www.a.example", ["www.a.example"]),
        ("https://日本.example/a", ["https://日本.example/a"]),
        ("a@www.example not.www.x", []),
    ],
)
def test_addresses_in_plain_text_are_links(text: str, urls: list[str]) -> None:
    """A mail program makes links of them, with nothing else shown."""
    links = read(build(text=text)).links
    assert [link.url for link in links] == urls
    assert all(link.host and not link.text for link in links)


@pytest.mark.parametrize(
    ("raw", "defect"),
    [
        (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 1_001, "parts-cut"),
        (b"\n" + b"http://a.example/ " * 1_001, "links-cut"),
        (b"Content-Type: text/html\n\n" + b"<a href=http://a.example/>b</a>" * 1_001, "links-cut"),
        (b"\n" + b"a\n" * 100_001, "text-cut"),
        (b"\n" + b"a" * (1 << 20) + b"b", "text-cut"),
        (b"Content-Type: multipart/mixed; boundary=b\n" + (b"\n--b\n\n" + b"x" * 600_000) * 2, "text-cut"),
        (b"Content-Type: text/html\n\n" + b"<p>a" * 25_001, "html-cut"),
        (b"Subject: " + b"a" * 16_385, "header-cut"),
    ],
)
def test_what_meets_a_limit_says_so(raw: bytes, defect: str) -> None:
    """A mail of which not all is read lists that as a defect, and one that is just below the limit does not."""
    assert defect in read(raw).defects
    assert defect not in read(raw[: len(raw) // 2]).defects


def test_an_address_behind_a_thousand_commas_is_found_in_time() -> None:
    """Commas in a name are not gone through again for each further one, nor are colons."""
    started = time.process_time()
    for sign in (b"a@ ,", b"a@b :"):
        message = read(b"From: " + sign * 2_000 + b" <a@b.example>;\n\n")
        assert message.author.domain == "b.example" or message.author.local
    assert time.process_time() - started < 0.5


def test_small_pages_are_not_each_a_hard_one() -> None:
    """A hundred pages of which a browser's parser finds each hard are read as fast as one."""
    page = b"--b\nContent-Type: text/html\n\n" + b"".join(b"<font a=%d><p>" % one for one in range(700))
    started = time.process_time()
    read(b"Content-Type: multipart/mixed; boundary=b\n\n" + (page + b"\n") * 100)
    assert time.process_time() - started < 0.6


def _mutate(raw: bytes, chance: random.Random) -> bytes:
    """The mail with a few stretches cut, doubled, swapped or overwritten."""
    octets = bytearray(raw)
    for _ in range(chance.randrange(1, 8)):
        start = chance.randrange(len(octets) + 1)
        end = min(len(octets), start + chance.randrange(40))
        octets[start:end] = chance.choice(
            (
                b"",
                octets[start:end] * 2,
                bytes(reversed(octets[start:end])),
                chance.randbytes(end - start),
                b"\r\n",
                b'"',
            )
        )
    return bytes(octets)


@pytest.mark.parametrize("seed", range(8))
def test_no_mutated_mail_raises(seed: int) -> None:
    """Hundreds of damaged mails are read, each the same way twice."""
    chance = random.Random(seed)  # noqa: S311 - to be the same every time
    sound = build(author="日本郵便 <a@b.example>", text="あ", html="<p>い", attachments=[("請求.zip", b"PK")]) + NESTED
    for _ in range(150):
        raw = _mutate(sound, chance)
        assert read(raw) == read(raw)


@given(st.binary(max_size=400), st.sampled_from(["", "From: ", "Content-Type: ", "Subject: =?", "Date: "]))
def test_no_octets_raise(octets: bytes, start: str) -> None:
    """Anything at all is read as a mail, and what comes out holds no surrogates."""
    message = read(start.encode() + octets)
    for words in (message.subject, message.author.name, message.text, *(value for _, value in message.headers)):
        words.encode("utf-8")
