r"""Phrases in many spellings, written short: how they are read, and where in a text they can begin.

"(ihr |dein )?konto…(gesperrt|deaktiviert)" is one phrase. Alternatives stand between "|", what may be missing before
"?", and "[oa]" is one letter of several. A blank may be missing in the text or be a hyphen ("log in", "login",
"log-in"), "…" is a short stretch within one sentence, "\b" the edge of a word, and "(?<!…)" what must not stand
before. Nothing else repeats, so that no text can make the search slow: time grows with its length only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from daachorse import CharwiseDoubleArrayAhoCorasick

_LETTERS: Final = 6
"""How many of a phrase's first letters are looked for: with more hardly fewer places are found."""
_PIECE: Final = re.compile(r"\\b|\(\?<![^()]*\)|(\[[^]]*\]|.)")
"""What a phrase is made of; as a group what takes up room."""


def pattern(phrases: str, reach: int) -> str:
    """The regular expression that finds the phrases.

    Args:
        phrases: written as the module says.
        reach: the longest stretch that "…" stands for, in characters.
    """
    grouped = re.sub(r"\((?!\?)", "(?:", phrases)
    return grouped.replace(" ", "[ -]?").replace("…", f"[^.!?。]{{0,{reach}}}?")


def first(pattern: re.Pattern[str], text: str, places: Iterable[int]) -> re.Match[str] | None:
    """The first match in a text of which it is known where one can begin.

    Args:
        pattern: as `pattern` writes it.
        text: what to look in.
        places: rising; see `Beginnings.find`.
    """
    return next(filter(None, (pattern.match(text, place) for place in places)), None)


class Beginnings:
    """The first letters of phrases of several kinds, looked for together: nowhere else need their patterns be tried.

    Args:
        kinds: name of each kind → its phrases.
    """

    def __init__(self, kinds: Mapping[str, str]) -> None:
        by_letters: defaultdict[str, list[str]] = defaultdict(list)
        for kind, phrases in kinds.items():
            for letters in beginnings(phrases):
                by_letters[letters].append(kind)
        self._kinds = tuple(by_letters.values())
        self._automaton = CharwiseDoubleArrayAhoCorasick(list(by_letters))

    def find(self, text: str) -> dict[str, list[int]]:
        """The places where a phrase of each kind can begin, in their order; no kind for which there is none."""
        places: defaultdict[str, set[int]] = defaultdict(set)
        for start, _, number in self._automaton.find_overlapping(text):
            for kind in self._kinds[number]:
                places[kind].add(start)
        return {kind: sorted(found) for kind, found in places.items()}


def beginnings(phrases: str) -> set[str]:
    """The first letters of the phrases in all their spellings; fewer where a phrase is short or "…" comes earlier.

    Args:
        phrases: written as the module says.
    """
    pieces = filter(None, _PIECE.findall(phrases))
    return {beginning.partition("…")[0] for beginning in _alternatives(pieces)}


def _alternatives(pieces: Iterator[str]) -> set[str]:
    """The beginnings of all alternatives, up to the parenthesis that closes them."""
    finished: set[str] = set()
    before, begun = {""}, {""}
    for piece in pieces:
        if piece == ")":
            break
        if piece == "|":
            finished |= begun
            begun = {""}
        elif piece == "?":
            begun |= before
        else:
            before, choices = begun, _choices(piece, pieces)
            begun = {(first + then)[:_LETTERS] for first in before for then in choices}
    return finished | begun


def _choices(piece: str, pieces: Iterator[str]) -> Iterable[str]:
    """What a piece stands for; a parenthesis for all that comes up to the one that closes it."""
    if piece == "(":
        return _alternatives(pieces)
    return ("", " ", "-") if piece == " " else piece.strip("[]")
