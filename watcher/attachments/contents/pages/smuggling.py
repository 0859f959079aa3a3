"""HTML smuggling: a script that puts a file together in the browser (MITRE ATT&CK T1027.006).

Filters see a page, the reader gets a program. Honest pages do the same to export a table; what tells them apart is
that they write out what they show, once a button is pressed, while smuggling carries its file along or does not wait.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from watcher import kinds
from watcher.attachments.contents.pages import strings
from watcher.attachments.contents.pages.literals import Literal, replace_literals

CARRIED: Final = "\ue000"
"""Stands for a file that the page carries along; a private character, which no script needs."""

_BUNDLE: Final = 40_000
"""Characters of a script from which on it is taken for a library; only what stands near its exports is read."""
_NEAR: Final = 4_000
_MOST_PLACES: Final = 8
_MOST_STEPS: Final = 5_000
_MOST_ROUNDS: Final = 6
_REACH: Final = 300
"""Characters of an expression."""
_TELLING: Final = 6
"""Characters of a name that hardly stands for something else in another script."""
_GRAVE_NAMES: Final = frozenset({"program", "archive", "disk", "html"})
_WAYS_OUT: Final = frozenset({"href", "download"})
_RUNNING: Final = frozenset({"program", "disk"})

_WORD: Final = re.compile(rf"\.?[\w$]++|{CARRIED}")
"""A variable, or a property with its dot, which is another thing."""
_GLOBAL: Final = re.compile(r"\b(?:window|self|globalThis)\s*+\.\s*+")
_ROOM: Final = re.compile(r"(?<=[\[(,+=.])\s++|(?<!\s)\s++(?=[\]),.+])")
_ASSIGNED: Final = re.compile(
    rf"(?<![\w$])(\.?[\w$]++)\s*+(?:\[[^\]\n]{{0,60}}\])?\s*+([-+^|]?=(?![=>])|:)\s*+(?=([^;\n]{{1,{_REACH}}}))"
)
_NEXT_ONE: Final = re.compile(r",\s*+[\w$]++\s*+=(?!=)")
_CALLED: Final = re.compile(rf"(?<![\w$])([\w$]++)\s*+\((?=([^;\n]{{1,{_REACH}}}))")
_FILLED: Final = re.compile(
    rf"(?<![\w$])(\.?[\w$]++)\s*+\.\s*+(?:push|set|append|concat|write)\s*+\((?=([^;\n]{{1,{_REACH}}}))"
)
_DEFINED: Final = re.compile(
    r"\bfunction\s++([\w$]++)\s*+\(([^()]{1,200})\)"
    r"|(?<![\w$])([\w$]++)\s*+[=:]\s*+(?:async\s++)?(?:function\b\s*+[\w$]*+\s*+)?\(?([\w$,\s]{1,200}+)\)?\s*+(?:=>|\{)"
)
_NUMERIC: Final = re.compile(r"\b(?:Uint8(?:Clamped)?Array|Int8Array|fromCharCode)\b")

_EXPORT: Final = re.compile(
    r"\bnew\s++(?:[\w$]++\s*+\.\s*+)?(?:Blob|File)\s*+\(|\bmsSave(?:OrOpen)?Blob\s*+\(|\bsaveAs\s*+\("
    rf'|\bcreateObjectURL\s*+\(|\bfetch\s*+\((?=\s*+"?+(?:data:|{CARRIED}))'
)
_HREF: Final = re.compile(r'\.\s*+href\s*+=(?!=)|"href"\s*+,')
_BLOB: Final = re.compile(r"\bnew\s++(?:[\w$]++\s*+\.\s*+)?(?:Blob|File)\s*+\(|\bcreateObjectURL\s*+\(")
_DOWNLOADS: Final = re.compile(r'\.\s*+download\b|"download"|\bmsSave(?:OrOpen)?Blob\s*+\(')
_SAVES: Final = re.compile(rf"{_DOWNLOADS.pattern}|\bsaveAs\s*+\(")
_PRESSES: Final = re.compile(r"\.\s*+click\s*+\(\s*+\)|\.\s*+dispatchEvent\s*+\(|\bmsSave(?:OrOpen)?Blob\s*+\(")
_NAMES: Final = re.compile(
    r'\.\s*+download\s*+=(?!=)|"download"\s*+,|\bmsSave(?:OrOpen)?Blob\s*+\([^,;"]{1,80}+,|\bsaveAs\s*+\([^,;"]{1,80}+,'
    r"|\bnew\s++(?:[\w$]++\s*+\.\s*+)?File\s*+\(\s*+\[[^\]]{0,200}+\]\s*+,"
)


@dataclass(frozen=True, slots=True)
class Download:
    """A file that a page puts together."""

    name: str = ""
    """As it is proposed to the reader; empty where it cannot be told."""


def mark(script: str, held: Iterable[str] = ()) -> str:
    """The script with `CARRIED` in the place of each file that it carries along, or takes from elsewhere in the page.

    Args:
        script: as it stands, or plain.
        held: ids of the elements that hold such a file.
    """
    has_octets = bool(_NUMERIC.search(script))
    marked = replace_literals(script, CARRIED, lambda literal: _is_carried(literal, has_octets=has_octets))
    for name in held:
        marked = re.sub(rf"([\"'])#?{re.escape(name)}\1", CARRIED, marked)
    return marked


def _is_carried(literal: Literal, *, has_octets: bool) -> bool:
    return not literal.is_inert and (has_octets or not literal.is_list)


def download(scripts: Iterable[str], running: str) -> Download | None:
    """What the scripts of a page put together without being asked, to be run, or from what the page carries along.

    Args:
        scripts: plain and marked.
        running: what of them runs at once; see `at_once`.
    """
    parts = list(map(_relevant, scripts))
    own = "\n".join(part for part, is_library in parts if not is_library)
    libraries = [part for part, is_library in parts if is_library]
    everything = "\n".join([own, *libraries])
    if not (_EXPORT.search(everything) or _HREF.search(everything)):
        return None
    name = _proposed(everything)
    runs = _BLOB.search(running) and _DOWNLOADS.search(running) and _PRESSES.search(running)
    if runs or kinds.kind(name) in _RUNNING or _carries(_without_words(own), list(map(_without_words, libraries))):
        return Download(name)
    return None


def is_grave_name(name: str) -> bool:
    """Whether a file of that name runs, mounts, unpacks, or is rendered by a browser."""
    return kinds.kind(name) in _GRAVE_NAMES


def _relevant(script: str) -> tuple[str, bool]:
    """The script, or, of a library, what stands near the places where it makes a file; and whether it is one."""
    if len(script) <= _BUNDLE:
        return _tidy(script), False
    near: list[str] = []
    place = 0
    while len(near) < _MOST_PLACES and (found := _EXPORT.search(script, place)):
        near.append(script[max(place, found.start() - _NEAR) : found.end() + _NEAR])
        place = found.end() + _NEAR
    return _tidy("\n".join(near)), True


def _tidy(script: str) -> str:
    """The script without idle blanks, and with `x` for `window.x`."""
    return _GLOBAL.sub("", _ROOM.sub("", script))


def _without_words(code: str) -> str:
    """The code without what its strings say, which are no names; what a file goes through or out by stays."""
    return strings.STRING.sub(_kept, code)


def _kept(string: re.Match[str]) -> str:
    if CARRIED in string[1]:
        return f'"{CARRIED}"'
    return string[0] if string[1] in _WAYS_OUT else '""'


def _proposed(code: str) -> str:
    known = strings.names(code)
    said = (strings.value(code[found.end() : found.end() + _REACH], known) for found in _NAMES.finditer(code))
    return next(filter(None, said), "")


def _carries(own: str, libraries: list[str]) -> bool:
    """Whether a file that the page carries along gets to where a file is made.

    What is called `e` in one library has nothing to do with `e` in another: of the page's own names only long ones
    are followed there.
    """
    carrying = _carrying(own, {CARRIED})
    if _lets_out(own, carrying):
        return True
    known = {name for name in carrying if len(name) >= _TELLING and not name.startswith(".")} | {CARRIED}
    saving = filter(_SAVES.search, libraries)  # many make their own workers and pictures in the same way
    return any(_lets_out(library, _carrying(library, known)) for library in saving)


def _carrying(code: str, seeds: set[str]) -> set[str]:
    """The names that such a file is given in the end."""
    carrying = set(seeds)
    if carrying.isdisjoint(_WORD.findall(code)):
        return carrying
    steps = list(_steps(code))
    for _ in range(_MOST_ROUNDS):
        more = {name for name, words in steps if name not in carrying and not carrying.isdisjoint(words)}
        if not more:
            break
        carrying |= more
    return carrying


def _lets_out(code: str, carrying: set[str]) -> bool:
    exits = [_EXPORT, _HREF] if _DOWNLOADS.search(code) else [_EXPORT]
    return any(
        not carrying.isdisjoint(_WORD.findall(code[found.end() : found.end() + _REACH].partition(";")[0]))
        for pattern in exits
        for found in pattern.finditer(code)
    )


def _steps(code: str) -> Iterator[tuple[str, frozenset[str]]]:
    """What is put where: a name, and the words of what it is given."""
    defined = {}
    for found in _DEFINED.finditer(code):
        defined[found[1] or found[3]] = _WORD.findall(found[2] or found[4])
    for count, found in enumerate(_ASSIGNED.finditer(code)):
        if count == _MOST_STEPS:
            break
        name = f".{found[1]}" if found[2] == ":" else found[1]
        yield name, frozenset(_WORD.findall(_NEXT_ONE.split(found[3], 1)[0]))
    for count, found in enumerate(_CALLED.finditer(code)):
        if count == _MOST_STEPS:
            break
        if given := defined.get(found[1]):
            words = frozenset(_WORD.findall(found[2]))
            yield from ((parameter, words) for parameter in given)
    for found in _FILLED.finditer(code[: _BUNDLE * 2]):
        yield found[1], frozenset(_WORD.findall(found[2]))
