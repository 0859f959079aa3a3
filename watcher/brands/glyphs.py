"""What a word looks like: words with the same skeleton are taken for one another at a glance."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})
"""Unicode categories of what no reader sees."""
_CACHED = 4096
"""Characters whose look is remembered: more than a mailbox uses, less than hostile mail could fill memory with."""


class Glyphs:
    """The classes of characters that look alike.

    Args:
        classes: strings, each of characters that look alike; no character is in two.
        several: a character, and the several that it looks like: m and "rn".
    """

    def __init__(self, classes: Iterable[str], several: Mapping[str, str]) -> None:
        self._looks = {character: several.get(alike[0], alike[0]) for alike in classes for character in alike} | dict(
            several
        )
        self._look = lru_cache(_CACHED)(self._look_of)

    def skeleton(self, text: str) -> str:
        """The text as a reader sees it at a glance; one character may become none or several."""
        return "".join(map(self._look, text))

    def places(self, text: str) -> list[int]:
        """Where in the skeleton each character of the text begins, and last the skeleton's length."""
        return [0, *accumulate(len(self._look(character)) for character in text)]

    def _look_of(self, character: str) -> str:
        if not character.isspace() and unicodedata.category(character) in _UNSEEN:
            return ""
        # As it stands first: NFKD makes a sigma of Ϲ, which looks like a C.
        if character in self._looks:
            return self._looks[character]
        parts = unicodedata.normalize("NFKD", character)
        # NFKD, unlike NFKC, takes half-width ﾎﾞ and full-width ボ apart in the same way.
        return "".join(self._look_of_part(part) for part in parts if not _is_mark(part))

    def _look_of_part(self, part: str) -> str:
        # The same: Ν looks like N, but its lower case ν like v.
        lower = part.casefold()
        return self._looks.get(part) or self._looks.get(lower) or lower


def read_glyphs(path: Path) -> Glyphs:
    """Read the table of glyphs that comes with Watcher."""
    table = tomllib.loads(path.read_text("utf-8"))
    return Glyphs([*table["latin"], *table["kana"], *table["kanji"]], table["several"])


def _is_mark(character: str) -> bool:
    """Whether it is a combining mark, as on é, or strewn between letters; those on kana (バ) make letters."""
    return unicodedata.category(character) == "Mn" and character not in "\u3099\u309a"
