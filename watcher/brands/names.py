"""Names found in a text, all in one pass, where they stand as words of their own."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from daachorse import CharwiseDoubleArrayAhoCorasick


@dataclass(frozen=True, slots=True)
class Name:
    """A name to look for."""

    text: str
    """As its owner writes it."""
    brand: str = ""
    """Identifier of the brand; empty for a real name of somebody outside the catalogue."""
    common: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found at `start:end`."""

    start: int
    end: int
    name: Name


class Names:
    """Names that are looked for together.

    Args:
        spellings: each spelling, as it is to be found in the text, with the name that it spells.
    """

    def __init__(self, spellings: Mapping[str, Name]) -> None:
        self._names = tuple(spellings.values())
        self._automaton = CharwiseDoubleArrayAhoCorasick(list(spellings))

    def find(self, text: str) -> Iterator[Hit]:
        """Every spelling in the text, overlapping ones too. Places are characters; a lone surrogate is a ValueError."""
        # All of them rather than the longest at each place: "Amazon Pay" must not hide "Amazon" in "Amazon payment".
        for start, end, number in self._automaton.find_overlapping(text):
            yield Hit(start, end, self._names[number])


def choose(hits: Iterable[Hit]) -> Iterator[Hit]:
    """The leftmost hits, the longest first at each place, without those that overlap them; of equals the first."""
    taken = 0
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= taken:
            yield hit
            taken = hit.end


def stands_alone(text: str, hit: Hit) -> bool:
    """Whether the text does not run on, before or behind the hit, in the same word."""
    before = hit.start > 0 and _runs_on(text[hit.start - 1], text[hit.start])
    return not before and not (hit.end < len(text) and _runs_on(text[hit.end - 1], text[hit.end]))


class _Script(Enum):
    ALPHABETIC = auto()
    KATAKANA = auto()
    OTHER = auto()
    """Kanji and hiragana, which are written without borders, and everything that is no letter."""


def _runs_on(left: str, right: str) -> bool:
    if left.isascii() and right.isascii():
        return left.isalnum() and right.isalnum()
    script = _script(left)
    return script is not _Script.OTHER and script is _script(right)


def _script(character: str) -> _Script:
    letter = unicodedata.normalize("NFKC", character)[0]
    if "\u30a1" <= letter <= "\u30ff" and letter != "・":
        return _Script.KATAKANA
    # Up to Hebrew; in scripts further on particles follow a foreign name without a space, as in Korean.
    return _Script.ALPHABETIC if letter < "\u0590" and letter.isalnum() else _Script.OTHER
