"""Words are shown clean, compared folded, and found again where they stood."""

from __future__ import annotations

import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher import text
from watcher.model import Sentence
from watcher.text import clean, fill, fold, join_letters

AWKWARD = st.text(
    st.sampled_from(" \n\u3000\u200b™ﾊﾞﾟaＢがか\u3099é\u0301\u0315㌔´一ßİ\u1100\u1161\u11a8가.・😀\U0001f3fb\ud800")
)


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("三井\u200b住\u00ad友", "三井住友"),
        ("a\r\n\tb  \u3000c", "a b c"),
        ("evil\u202egpj.exe", "evilgpj.exe"),
        ("\x1b[31mred\x07", "[31mred"),
        ("a\ud800b", "ab"),
        ("🇯🇵 日本", "🇯🇵 日本"),
        ("", ""),
    ],
)
def test_shown_words_are_clean(words: str, seen: str) -> None:
    """Control, bidi, invisible and surrogate characters are gone, white space is one blank."""
    assert clean(words) == seen


def test_long_words_are_cut_within_the_limit() -> None:
    """Cut words are as long as the limit says, and show that they are cut."""
    assert clean("x" * 500, 20) == "x" * 19 + "…"
    assert clean("x" * 20, 20) == "x" * 20


def test_a_tower_of_marks_is_cut_down() -> None:
    """Combining marks cannot grow over the lines above."""
    assert len(clean("a" + "\u0301\u0315" * 1000, 2000)) == 9


@pytest.mark.parametrize("sign", ["®", "™", "©", "\u200b", "®\u200b"])
def test_marks_that_a_sign_parts_are_counted_together(sign: str) -> None:
    """What is taken out between them makes no place that leads nowhere: such a name would keep a mail from judgment."""
    marks = "\u0301" * 8
    words = f"x{marks}{sign}{marks} Amazon"
    folded = fold(words)

    assert folded.original(0, len(folded.text)) == words
    assert folded.original(folded.text.index("amazon"), len(folded.text)) == "Amazon"


def test_every_mark_may_be_one_too_many() -> None:
    """Whatever character is a combining mark, in any script, a tower of it is cut down to eight."""
    marks = [mark for mark in map(chr, range(sys.maxunicode)) if unicodedata.combining(mark)]
    assert {len(clean(mark * 9)) for mark in marks} == {8}


def test_sentences_are_filled_in_both_languages() -> None:
    """A word that is a Sentence gives each language its own words."""
    filled = fill(Sentence("{who}です", "It is {who}"), who=Sentence("日本郵便", "Japan Post"))
    assert filled == Sentence("日本郵便です", "It is Japan Post")


@pytest.mark.parametrize("words", ["{who}", "{0}", "{who.__class__}", "{{", "}", "%s"])
def test_braces_in_words_are_harmless(words: str) -> None:
    """What looks like a place to fill in, in a word from a mail, stays as it is."""
    assert fill(Sentence("「{who}」", "“{who}”"), who=words) == Sentence(f"「{words}」", f"“{words}”")


def test_filled_words_are_cleaned_and_cut() -> None:
    """A word from a mail takes 60 characters of a sentence at most, and no line end."""
    filled = fill(Sentence("{w}", "{w}"), w="a\n" + "b" * 100)
    assert filled.en == "a " + "b" * 57 + "…"


@pytest.mark.parametrize(
    ("words", "folded"),
    [
        ("ＰａｙＰａｌ", "paypal"),
        ("PayPal™", "paypal"),
        ("Amazon®", "amazon"),
        ("ﾊﾞﾝｸ", "バンク"),
        ("\u30cf\u3099ンク", "バンク"),
        ("三\u200b井\ufe0f住\u00ad友", "三井住友"),
        ("𝐏𝐚𝐲𝐏𝐚𝐥", "paypal"),
        ("Straße", "strasse"),
        ("a \r\n\t\u3000b", "a b"),
        ("三 井 住 友", "三 井 住 友"),
    ],
)
def test_equal_words_are_folded_into_one(words: str, folded: str) -> None:
    """Width, case, trade marks and unseen characters make no difference; spaced letters stay spaced."""
    assert fold(words).text == folded


@pytest.mark.parametrize(
    ("words", "joined"),
    [
        ("三 井 住 友 銀行", "三井住友 銀行"),
        ("三　井　住　友", "三井住友"),
        ("P a y P a l", "paypal"),
        ("A·m·a·z·o·n から", "amazon から"),
        ("楽・天・市・場", "楽天市場"),
        ("A. B. C.", "abc."),
    ],
)
def test_spaced_letters_are_joined(words: str, joined: str) -> None:
    """Blanks and dots between three or more single letters are taken out."""
    assert join_letters(words).text == joined


@pytest.mark.parametrize(
    "words",
    [
        "I am a friend of Mr. B and so is he.",
        "本日 は 晴天 なり",
        "定休日（土・日・祝）",
        "月・水・金",
        "ソニー・ミュージック・ジャパン",
        "Tel 0 1 2 3",
        "x - y",
        "a b",
        "お客様の口座は、一時的に停止されました。",
    ],
)
def test_sentences_are_not_joined(words: str) -> None:
    """Ordinary sentences and lists come through as fold gives them."""
    assert join_letters(words).text == fold(words).text


@pytest.mark.parametrize(
    ("words", "part", "original"),
    [
        ("ご案内 ﾊﾞﾝｸ です", "バンク", "ﾊﾞﾝｸ"),
        ("x ＰａｙＰａｌ™ y", "paypal", "ＰａｙＰａｌ"),
        ("a\u200b三\u200b井\n b", "三井", "三\u200b井"),
        ("Dear customer", "customer", "customer"),
    ],
)
def test_folded_words_are_found_in_the_original(words: str, part: str, original: str) -> None:
    """A span of the folded text leads back to the words as they stand in the mail."""
    folded = fold(words)
    start = folded.text.index(part)
    assert folded.original(start, start + len(part)) == original


def test_joined_words_are_found_in_the_original() -> None:
    """The gaps that were taken out are part of the original words."""
    folded = join_letters("株式会社 三 井 住 友 カード")
    start = folded.text.index("三井住友")
    assert folded.original(start, start + 4) == "三 井 住 友"


@given(AWKWARD, st.booleans())
def test_every_span_leads_to_what_it_was_made_from(words: str, join: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    """For any text: each folded character is found in the folding of its own original."""
    folded = join_letters(words) if join else fold(words)
    for place, letter in enumerate(folded.text):
        start, end = folded.span(place, place + 1)
        assert 0 <= start < end <= len(words)
        assert letter in fold(words[start:end]).text
    assert folded.span(len(folded.text), len(folded.text)) == (len(words), len(words))


@given(AWKWARD)
def test_folding_twice_changes_nothing_seen(words: str) -> None:
    """No unseen character and no run of blanks is left in a folded text."""
    text = fold(words).text
    assert "\u200b" not in text
    assert "  " not in text
    assert not any("\ud800" <= letter <= "\udfff" for letter in text)


@pytest.mark.parametrize(
    "words",
    ["a" + "\u0315\u0300" * 500_000, "a " * 500_000, "\u200b" * 1_000_000, "a.\u3000" * 300_000, "三・" * 500_000],
    ids=["marks", "letters", "unseen", "gaps", "dots"],
)
def test_folding_takes_linear_time(words: str) -> None:
    """A million of the nastiest characters are folded and joined in well under a second."""
    started = time.process_time()
    join_letters(words)
    assert time.process_time() - started < 1.5


def test_what_counts_as_plain_folds_character_by_character() -> None:
    """A plain character becomes one character whatever stands beside it, so that places need no alignment."""
    plain = [letter for letter in map(chr, range(0x21, 0x20000)) if text._PLAIN.fullmatch(letter)]

    assert len(plain) > 20_000
    assert all(
        len(fold(f"{before}{letter}{after}").text) == 1 + len(before + after)
        for letter in plain
        for before, after in (("", ""), ("a", "b"), ("あ", "ア"))
    )
