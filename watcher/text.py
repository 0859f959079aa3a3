"""Words as people see them, and words as they can be compared.

`clean` and `fill` make words from a mail fit to be shown; `fold` and `join_letters` undo the disguises that make the
same word look different to a program, and remember where in the mail each folded character stood.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import accumulate, chain
from operator import itemgetter

from watcher.model import Sentence

LONGEST_WORD = 60
"""Characters of one word from a mail inside a sentence of ours."""

_REMEMBERED = 4096
"""Letters of which is remembered what they become: more than a mailbox uses."""

_MOST_MARKS = 8
"""Combining marks on one character; no script needs more, and normalising them takes quadratic time."""

# Control characters that are no white space, surrogates, and Unicode's Default_Ignorable_Code_Point: soft hyphen,
# zero-width and bidi characters, fillers, variation selectors, tags.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
# ™ would become "tm" and ℠ "sm": part of the name that they stand behind.
_TRADE_MARKS = re.compile("[™®©℠]+")
# The blocks of what has combining marks; none of them holds the plain letters of Latin, Greek and Cyrillic, Chinese,
# Japanese or Korean.
_MARKED = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u10ff\u1200-\u1dff\u20d0-\u20ff\u2cef-\u2dff\u302a-\u302f\u3099\u309a"
    "\ua66f-\ua6ff\ua800-\uabff\ufb1e\ufe20-\ufe2f\U00010000-\U0001ffff]"
)
_MAY_BE_SURPLUS = re.compile(f"{_MARKED}{_MARKED}{{{_MOST_MARKS}}}")
# Begins with one class, not with a repeated one, because that is what the search can look for quickly.
_SURPLUS = f"([{{0}}][{{0}}]{{{{{_MOST_MARKS - 1}}}}})[{{0}}]+"
# A stretch that can be folded by itself, so that a place is found without aligning the whole text: it ends before a
# letter that neither white space nor normalisation joins to what stands before it.
_PIECE = re.compile(r".{1,128}[^0-9A-Za-zÀ-ɏΑ-ωЀ-ҁぁ-ゖァ-ヺ一-鿿가-힣🌀-🏺🐀-🫿]*", re.DOTALL)
# What folds letter by letter, and never joins with what stands before it: most of what is written in Western languages
# and in Japanese.
_LETTERS = "!-~À-ÖØ-Þà-öø-ÿ‒-―‘-”※─-◿、-】ぁ-ゖァ-ヾ一-鿿！-～"
_PLAIN = re.compile(rf"(?:[{_LETTERS}]|\s(?!\s))*+")
# The same where it is known what stands around it.
_STRETCH = re.compile(rf"(?:[{_LETTERS}](?=[{_LETTERS}\s]|\Z)|(?<=[{_LETTERS}])\s(?=[{_LETTERS}]))+")
_SPACED_OUT = re.compile(r"(?<![^\W_])[^\W_](?P<gap> ?[.。·・•‧∙⋅*_-] ?| )[^\W_](?:(?P=gap)[^\W_])+(?![^\W_])")
_GAPS = re.compile(r"[ .。·・•‧∙⋅*_-]+")
_WEEKDAYS = frozenset("月火水木金土日祝")


def clean(words: str, limit: int = 120) -> str:
    """Words from a mail, fit to be seen by a person: no control, bidi or invisible characters, on one line.

    Args:
        words: anything.
        limit: the most characters; words that are cut end in "…".
    """
    seen = " ".join(_take_out_unseen(words).split())
    return seen if len(seen) <= limit else seen[: limit - 1].rstrip() + "…"


def fill(sentence: Sentence, **words: str | Sentence) -> Sentence:
    """The sentence, in both languages, with each `{word}` replaced by the cleaned words.

    A Sentence given as a word contributes its own language. Braces in the words mean nothing.
    """
    return Sentence(
        ja=sentence.ja.format(**{key: _word(value, "ja") for key, value in words.items()}),
        en=sentence.en.format(**{key: _word(value, "en") for key, value in words.items()}),
    )


def _word(word: str | Sentence, language: str) -> str:
    return clean(word if isinstance(word, str) else getattr(word, language), LONGEST_WORD)


@dataclass(frozen=True)
class Folded:
    """Folded words that know where each of their characters stood."""

    source: str
    """The words as they stand in the mail."""
    text: str
    """The same words, fit to be compared."""
    gaps: tuple[tuple[int, int], ...] = ()
    """What `join_letters` took out after folding: start and end in the folded text."""

    def original(self, start: int, end: int) -> str:
        """`text[start:end]` as it stands in the mail."""
        first, last = self.span(start, end)
        return self.source[first:last]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in `source`: start and end."""
        if self._is_aligned:
            return start, end
        if start >= end:
            first = self._place(start)[0] if start < len(self.text) else len(self.source)
            return first, first
        return self._place(start)[0], self._place(end - 1)[1]

    def _place(self, index: int) -> tuple[int, int]:
        """Where the character `text[index]` stands in `source`: start and end."""
        index += self._taken_out[bisect_right(self._gap_places, index)]
        piece = bisect_right(self._pieces, index, key=itemgetter(0)) - 1
        folded_start, start, end = self._pieces[piece]
        starts, ends = _align(self.source[start:end])
        return start + starts[index - folded_start], start + ends[index - folded_start]

    @cached_property
    def _is_aligned(self) -> bool:
        """Whether each character of `text` stands in the same place in `source`."""
        if len(self.source) != len(self.text):
            return False
        # Folding ASCII only ever takes out: here nothing was taken out.
        return self.source.isascii() or bool(_PLAIN.fullmatch(self.source))

    @cached_property
    def _taken_out(self) -> list[int]:
        """How many characters the first 0, 1, 2, … gaps are together."""
        return [0, *accumulate(last - first for first, last in self.gaps)]

    @cached_property
    def _gap_places(self) -> list[int]:
        """Where in `text` each gap has been closed."""
        return [first - before for (first, _), before in zip(self.gaps, self._taken_out, strict=False)]

    @cached_property
    def _pieces(self) -> list[tuple[int, int, int]]:
        """Where each piece of `source` begins in the folded text, and its start and end in `source`."""
        pieces, folded_start = [], 0
        for piece in _PIECE.finditer(self.source):
            pieces.append((folded_start, piece.start(), piece.end()))
            folded_start += len(piece[0] if _PLAIN.fullmatch(piece[0]) else _fold(piece[0]))
        return pieces


def fold(words: str) -> Folded:
    """The words without what makes equal ones look different: compatibility forms, case, unseen characters.

    Trade marks and unseen characters are taken out, then NFKC (so that half-width ﾊﾞ composes to バ), casefolding,
    and one space for each run of white space. Spaced letters stay spaced: see `join_letters`.
    """
    return Folded(words, _fold(words))


def _fold(words: str) -> str:
    if words.isascii() and words.isprintable() and "  " not in words:
        return words.casefold()
    # Signs go first: marks that they part are counted together, here as well as where places are aligned.
    seen = words if words.isascii() else _TRADE_MARKS.sub("", words)
    seen = _take_out_unseen(seen)
    if not seen.isascii():
        seen = _compose(seen)
    # Something at both ends, so that a blank there stays.
    return " ".join(f"|{seen.casefold()}|".split())[1:-1]


def _compose(words: str) -> str:
    """NFKC, line by line: a line that is in that form already, which is found out quickly, is not written anew."""
    return "\n".join([unicodedata.normalize("NFKC", line) for line in words.split("\n")])


def join_letters(words: str) -> Folded:
    """`fold`, and the gaps taken out of words spaced letter by letter: 三 井 住 友, P a y P a l, A·m·a·z·o·n.

    Only runs of three or more single characters with equal gaps count, so that sentences stay as they are; lists of
    weekdays (土・日・祝) are left alone.
    """
    folded = fold(words)
    gaps = [
        (run.start() + gap.start(), run.start() + gap.end())
        for run in _SPACED_OUT.finditer(folded.text)
        if not _is_list(run[0])
        for gap in _GAPS.finditer(run[0])
    ]
    edges = [0, *chain.from_iterable(gaps), len(folded.text)]
    joined = "".join(folded.text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    return Folded(words, joined, tuple(gaps))


def _is_list(run: str) -> bool:
    letters = _GAPS.sub("", run)
    return letters.isdecimal() or _WEEKDAYS.issuperset(letters)


def _take_out_unseen(words: str) -> str:
    if words.isascii() and words.isprintable():
        return words
    seen = _UNSEEN.sub("", words)
    return seen if seen.isascii() else _take_out_surplus(seen)


def _take_out_surplus(words: str) -> str:
    if not _MAY_BE_SURPLUS.search(words):
        return words  # so that most programs never have to find out which characters are marks
    may_be, surplus = _marks()
    return surplus.sub(r"\1", words) if may_be.search(words) else words


@cache
def _marks() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Two patterns for more combining marks than one character may have: one that is fast and one that is exact.

    The group of the exact one is the marks that the character keeps.
    """
    marks = [mark for mark in map(chr, range(0x300, 0x1EA00)) if unicodedata.combining(mark)]
    # A class is a table in the BMP, but a list to be gone through above it: there the fast one has a single range.
    fast = "".join(mark for mark in marks if mark <= "\uffff") + "\U00010000-\U0001ffff"
    exact = "".join(marks)
    return re.compile(_SURPLUS.format(fast)), re.compile(_SURPLUS.format(exact))


@lru_cache(maxsize=4)
def _align(piece: str) -> tuple[list[int], list[int]]:
    """Start and end in `piece` of what each character of the folded piece was made from."""
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for stretch in _STRETCH.finditer(piece):
        _align_clusters(piece, range(done, stretch.start()), starts, ends)
        starts.extend(range(*stretch.span()))
        ends.extend(range(stretch.start() + 1, stretch.end() + 1))
        done = stretch.end()
    _align_clusters(piece, range(done, len(piece)), starts, ends)
    return starts, ends


def _align_clusters(piece: str, places: Sequence[int], starts: list[int], ends: list[int]) -> None:
    """Add start and end of what is folded from the letters at these places, which may join or be taken out."""
    kept = [place for place in places if not (_TRADE_MARKS.match(piece[place]) or _UNSEEN.match(piece[place]))]
    blank = False
    for first, last in _clusters(piece, kept):
        for letter in _fold_cluster("".join(piece[place] for place in kept[first:last])):
            if blank and letter == " ":
                ends[-1] = kept[last - 1] + 1
                continue
            blank = letter == " "
            starts.append(kept[first])
            ends.append(kept[last - 1] + 1)


_fold_cluster = lru_cache(_REMEMBERED)(_fold)


def _clusters(piece: str, kept: list[int]) -> Iterator[tuple[int, int]]:
    """What can be normalised by itself, as a slice of `kept`: a character and the marks that may compose with it."""
    first = 0
    for last in range(1, len(kept)):
        if not _composes(piece[kept[last]]):
            yield first, last
            first = last
    if kept:
        yield first, len(kept)


@lru_cache(_REMEMBERED)
def _composes(letter: str) -> bool:
    """Whether the letter may become one with the letter before: a mark (ﾞ too), or a Hangul vowel or final."""
    if letter.isascii():
        return False
    first = unicodedata.normalize("NFKC", letter)[:1]
    return unicodedata.category(first).startswith("M") or "\u1160" <= first <= "\u11ff"
