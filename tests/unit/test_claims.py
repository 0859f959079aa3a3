"""Whom a mail presents as its sender."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.kit.inquiries import catalogue, mail
from watcher.claims import find_claims
from watcher.model import Address, Claim, ClaimKind, Likeness, Message, Where


def claims(**parts: Any) -> tuple[Claim, ...]:
    """The claims of a mail."""
    return mail(**({"author": "x <a@b.example>", "subject": "x"} | parts))().claims


def claim(**parts: Any) -> Claim:
    """The one claim of a mail."""
    (found,) = claims(**parts)
    return found


# Where.


@pytest.mark.parametrize(
    ("parts", "where"),
    [
        ({"author": "日本郵便 <a@b.example>"}, Where.FROM_NAME),
        ({"author": "x <japan.post@b.example>"}, Where.FROM_ADDRESS),
        ({"author": "x <info@japan.post.b.example>"}, Where.FROM_ADDRESS),
        ({"subject": "日本郵便からのお知らせ"}, Where.SUBJECT),
        ({"text": "いつも日本郵便をご利用いただきありがとうございます。"}, Where.BODY),
        ({"html": "<p>日本郵便</p>"}, Where.BODY),
    ],
)
def test_places(parts: dict[str, str], where: Where) -> None:
    """A name is found in From, in the address, in the subject and in the text, and it is said where."""
    found = claim(**parts)

    assert (found.brand, found.where) == ("japan_post", where)


def test_an_authority_is_told_from_a_brand() -> None:
    """Who is presented as an office of state is said to be one."""
    assert claim(author="国税庁 <a@b.example>").kind is ClaimKind.AUTHORITY
    assert claim(author="Amazon <a@b.example>").kind is ClaimKind.BRAND


def test_a_brand_is_claimed_once_a_place() -> None:
    """However often it is named, each place counts once, in the order in which a reader sees them."""
    found = claims(author="日本郵便 Japan Post <a@b.example>", subject="日本郵便 ゆうパック", text="日本郵便 " * 50)

    assert [(each.brand, each.where) for each in found] == [
        ("japan_post", Where.FROM_NAME),
        ("japan_post", Where.SUBJECT),
        ("japan_post", Where.BODY),
    ]


def test_several_brands() -> None:
    """A mail may present more than one."""
    assert {each.brand for each in claims(subject="Amazon / PayPal")} == {"amazon", "paypal"}


def test_the_domain_of_a_brand_names_nobody() -> None:
    """Mail from a brand's own domain bears its address, which is no claim; the name before the @ still is one."""
    assert claims(author="x <taro@gmail.com>") == ()
    assert claim(author="x <paypal.support@gmail.com>").brand == "paypal"


def test_a_mail_that_names_nobody() -> None:
    """Most mail presents no brand at all."""
    assert claims(author="Keiko <keiko@friend.example>", subject="Lunch?", text="At noon?") == ()


# How exactly.


@pytest.mark.parametrize(
    ("words", "likeness"),
    [
        ("日本郵便", Likeness.EXACT),
        ("【日本郵便】", Likeness.EXACT),
        ("日本郵便株式会社", Likeness.EXACT),
        ("ＪＡＰＡＮ ＰＯＳＴ", Likeness.EXACT),
        ("日 本 郵 便", Likeness.DISGUISED),
        ("日・本・郵・便", Likeness.DISGUISED),
        ("日本\u200b郵便", Likeness.DISGUISED),
        ("𝐉𝐚𝐩𝐚𝐧 𝐏𝐨𝐬𝐭", Likeness.DISGUISED),
        ("Ⓙⓐⓟⓐⓝ Ⓟⓞⓢⓣ", Likeness.DISGUISED),
        ("日本郵更", Likeness.LOOKALIKE),
    ],
)
@pytest.mark.parametrize("where", [Where.FROM_NAME, Where.SUBJECT])
def test_likeness(words: str, likeness: Likeness, where: Where) -> None:
    """It is told whether the name stands as it is, hidden from filters, or only in characters that look alike."""
    message = (
        Message(author=Address(words, "a", "b.example"))
        if where is Where.FROM_NAME
        else Message(author=Address("x", "a", "b.example"), subject=words)
    )
    (found,) = find_claims(message, catalogue())

    assert (found.brand, found.where, found.likeness) == ("japan_post", where, likeness)


@pytest.mark.parametrize("words", ["日 本 郵 便", "日本郵更", "𝐉𝐚𝐩𝐚𝐧 𝐏𝐨𝐬𝐭", "Japan Post"])
def test_the_words_are_those_of_the_mail(words: str) -> None:
    """The claim quotes what stands there, and names whom it presents."""
    found = claim(subject=f"お知らせ {words} より")

    assert found.words == words
    assert found.name in {"日本郵便", "Japan Post"}


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("my.amazon@b.example", "amazon"),
        ("my__amazon@b.example", "amazon"),
        ("x@amazon.b.example", "amazon"),
        ("x.__.@apple.pay.b.example", "apple.pay"),
    ],
)
def test_the_words_of_an_address_are_those_that_stand_there(address: str, words: str) -> None:
    """However dots and underscores stand around a name, it is quoted as it is."""
    assert claim(author=f"x <{address}>").words == words


def test_half_width_katakana_is_ordinary_typing() -> None:
    """ﾔﾏﾄ is no disguise."""
    assert claim(subject="ﾔﾏﾄ運輸").likeness is Likeness.EXACT


@pytest.mark.parametrize("name", ["福岡銀行", "PayPay", "Amazonas", "Snapple"])
def test_real_names_one_character_apart(name: str) -> None:
    """A real name that resembles another is no lookalike of it."""
    assert all(each.likeness is Likeness.EXACT for each in claims(author=f"{name} <a@b.example>"))


def test_the_most_telling_form_counts() -> None:
    """Of an everyday word and an unmistakable name of one brand the latter is the claim."""
    found = claim(subject="EMS 日本郵便")

    assert (found.words, found.common) == ("日本郵便", False)


@pytest.mark.parametrize(
    ("words", "common"), [("ETC", True), ("EMS", True), ("ETC利用照会サービス", False), ("日本郵便", False)]
)
def test_common_words(words: str, common: bool) -> None:  # noqa: FBT001 - a table
    """A name that is an everyday word as well is marked as one."""
    assert claim(subject=f"{words} のお知らせ").common is common


@pytest.mark.parametrize("words", ["Amazonia", "xPayPal", "ヤマトナデシコ"])
def test_a_name_within_a_word_is_no_name(words: str) -> None:
    """The name has to stand as a word of its own."""
    assert claims(subject=words) == ()


# What is not read.


def test_quoted_text_is_not_read() -> None:
    """Whoever answers or forwards a mail does not claim what that mail claims."""
    quoted = "Is this real?\n\n> 日本郵便です。\n\n-----Original Message-----\nFrom: Amazon\n\nAmazon"

    assert claims(subject="Re: x", text=quoted, headers=[("In-Reply-To", "<1@b.example>")]) == ()


@pytest.mark.parametrize(
    ("before", "after", "is_found"),
    [(0, 5000, True), (1000, 5000, True), (5000, 0, True), (5000, 500, True), (3000, 3000, False)],
)
def test_of_a_long_body_only_both_ends_are_read(before: int, after: int, is_found: bool) -> None:  # noqa: FBT001 - a table
    """Letterhead and imprint tell who writes; what a long text mentions in its middle does not."""
    text = "x " * (before // 2) + "日本郵便" + " x" * (after // 2)

    assert bool(claims(text=text)) is is_found


def test_a_short_body_is_read_whole() -> None:
    """Up to 2,300 characters nothing is left out."""
    assert claim(text="x " * 574 + "日本郵便" + " x" * 574).where is Where.BODY


def test_a_long_subject_is_cut() -> None:
    """What no reader would see of a subject or a name is not searched either."""
    message = Message(author=Address("x " * 300 + "PayPal", "a", "b.example"), subject="x " * 300 + "PayPal")

    assert find_claims(message, catalogue()) == ()


def test_hostile_text_takes_no_time() -> None:
    """Megabytes of anything are searched in a moment, whatever they are made of."""
    began = time.process_time()
    for piece in ("日 本 郵 ", "P.a.y.", "𝐏𝐚𝐲", "\u0301", "三丼"):
        words = piece * 300_000
        find_claims(Message(author=Address(words, words, "b.example"), subject=words, text=words), catalogue())

    assert time.process_time() - began < 5
