"""OneNote sections: the files that lie in them, which a double click on the page opens ([MS-ONESTORE])."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from watcher import kinds
from watcher.attachments.limits import KIB
from watcher.model import Finding, Trait

_SECTION: Final = bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3")  # 2.3.1
_FILE: Final = bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac")  # 2.6.13
_BEFORE_DATA: Final = 36
_PEEK: Final = 64 * KIB
_MOST_FILES: Final = 1_000
_EXTENSION: Final = re.compile(rb"\.\0((?:[A-Za-z0-9]\0){1,12})\0\0")
_MOST_NAMES: Final = 2_000
_LONGEST_NAME: Final = 512
_PLAIN: Final = frozenset({"picture", "media"})
"""What every page may show."""


def recognises(_filename: str, head: bytes) -> bool:
    """Whether it begins like a section."""
    return head.startswith(_SECTION)


def look(_filename: str, content: bytes) -> Iterator[Finding]:
    """One finding for each kind of file in it, pictures left out; a script is told by its name alone."""
    found: dict[str, None] = {}
    position = content.find(_FILE)
    for _ in range(_MOST_FILES):
        if position < 0:
            break
        start = position + _BEFORE_DATA
        length = min(int.from_bytes(content[position + 16 : position + 24], "little"), _PEEK)
        found[kinds.kind("", content[start : start + length])] = None
        position = content.find(_FILE, start)
    if found.keys() - _PLAIN and "program" not in found and _names_program(content):
        found["program"] = None
    yield from (Finding(Trait.EMBEDDED_FILE, kind) for kind in found if kind not in _PLAIN)


def _names_program(content: bytes) -> bool:
    """Whether a property is the name of something that runs: its length in octets, UTF-16, NUL."""
    ends = (match for match in _EXTENSION.finditer(content) if _runs(match[1]))
    return any(_is_property(content, match.start(), match.end()) for match in islice(ends, _MOST_NAMES))


def _runs(extension: bytes) -> bool:
    return kinds.kind("name." + extension.translate(None, b"\0").decode("ascii")) == "program"


def _is_property(content: bytes, dot: int, end: int) -> bool:
    """Whether text up to `end` is preceded by its own length: words on a page are a part of something longer."""
    starts = range(dot, max(dot - _LONGEST_NAME, 4), -2)
    return any(int.from_bytes(content[start - 4 : start], "little") == end - start for start in starts)
