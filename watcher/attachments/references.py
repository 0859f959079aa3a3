"""What a document refers to: where a target lies, and what a field of a text asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote

from watcher.model import Finding, Trait

LONGEST_FIELD: Final = 4096
"""Characters of a field that are read."""

_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]{1,30}:")
"""At least two letters: one is a drive."""
_DRIVE: Final = re.compile(r"[a-z][:|]")
_ARGUMENT: Final = re.compile(r'"([^"]*)"?|([^\s"]+)')
_FIELD: Final = re.compile(r"\W*([a-z]+)", re.IGNORECASE)

_FETCHING: Final = frozenset({"includetext", "include", "link", "import", "rd"})
"""Fields that put another document into this one (ECMA-376-1, 17.16.5)."""
_LINKING: Final = frozenset({"hyperlink", "includepicture"})


def is_remote(target: str) -> bool:
    """Whether whoever opens `target` asks another machine: by any scheme, or by a path of a network share."""
    plain = _plain(target)
    path = plain.removeprefix("file:")
    if path == plain and _SCHEME.match(plain):
        return True
    bare = path.lstrip("/")
    slashes = len(path) - len(bare)
    if bare.startswith(("?/", "./")) and slashes >= 2:  # Windows' own long form: \\?\C:\… or \\?\UNC\…
        return bare[2:].startswith("unc/")
    if _DRIVE.match(bare) or bare.startswith("localhost/"):
        return False
    return slashes == 2 or slashes > 3  # file:///home/me is a path of this machine, file:////server is not


def is_link(target: str) -> bool:
    """Whether `target` leads out of the document to something with a scheme, or to a network share."""
    return bool(_SCHEME.match(_plain(target))) or is_remote(target)


def _plain(target: str) -> str:
    return unquote(target[:LONGEST_FIELD]).strip().replace("\\", "/").lower()


def links(targets: Iterable[str], most: int = 100) -> Iterator[Finding]:
    """The targets that lead elsewhere, each once, at most so many."""
    seen: set[str] = set()
    for target in targets:
        if len(seen) >= most:
            return
        if target not in seen and is_link(target):
            seen.add(target)
            yield Finding(Trait.LINK, target)


def of_field(instruction: str) -> Iterator[Finding]:
    """What a field of a text does, by its instruction: ' HYPERLINK "https://example.com" '."""
    instruction = instruction[:LONGEST_FIELD]
    begin = _FIELD.match(instruction)
    word = begin[1].lower() if begin else ""
    if word in {"dde", "ddeauto"}:
        yield Finding(Trait.MACRO, "DDE")
    if not begin or word not in _LINKING | _FETCHING:
        return
    for quoted, plain in _ARGUMENT.findall(instruction, begin.end()):
        target = quoted or plain
        if word in _LINKING and is_link(target):
            yield Finding(Trait.LINK, target)
        if word in _FETCHING and is_remote(target):
            yield Finding(Trait.REMOTE_TEMPLATE, target)
