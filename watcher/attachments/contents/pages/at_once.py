"""What a script does as soon as the page is open, before anybody has clicked.

Told by where code stands: the body of a function that nothing calls, or that is handed to a click, does not run by
itself. This is a reading, not a run: code that hides from it is taken for code that runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from watcher.attachments.contents.pages import strings
from watcher.attachments.contents.pages.forms import is_elsewhere

_MOST_BRACES: Final = 60_000
_MOST_FUNCTIONS: Final = 20_000
"""Beyond these nothing is read: no page that somebody wrote has as many, and a library waits to be called."""
_MOST_ROUNDS: Final = 4
"""Calls within calls that are followed."""
_HEADER: Final = 200
"""Characters before a brace in which a function's name is looked for."""

_LONGEST_NAME: Final = 80

_BRACE: Final = re.compile(r'"[^"\n]*+"|[{}]')
_ARROW: Final = re.compile(r"(?:\basync\s{0,4})?(?:\([^()]*+\)|[\w$]++)\s{0,8}=>\s{0,8}\Z")
_DECLARED: Final = re.compile(r"(?:\basync\s{1,4})?\bfunction\b\s{0,8}\*?\s{0,8}([\w$]*+)\s{0,8}\Z")
_METHOD: Final = re.compile(r"(?<![\w$])(?!(?:if|for|while|switch|catch|with)\b)([\w$]++)\s{0,8}\Z")
_GESTURES: Final = (
    "click|dblclick|submit|change|input|focus|blur|scroll"
    "|key[a-z]{2,5}|mouse[a-z]{2,5}|touch[a-z]{2,6}|pointer[a-z]{2,6}"
)
_LATER: Final = re.compile(
    rf"""(?:\bon(?:{_GESTURES})\s{{0,8}}[=:]|"(?:{_GESTURES})"\s{{0,8}},"""
    rf"""|\.(?:{_GESTURES}|hover|on|bind|live|delegate)\s{{0,8}}\()\s{{0,8}}\Z""",
    re.IGNORECASE,
)
_LATER_ARROW: Final = re.compile(
    rf"""(?:\bon(?:{_GESTURES})\s*+[=:]|"(?:{_GESTURES})"\s*+,)\s*+(?:\([^()]*+\)|[\w$]++)\s*+=>\s*+(?!\{{)[^;\n]*+""",
    re.IGNORECASE,
)
_AT_LOAD: Final = re.compile(r"\bon(?:load|error|pageshow|readystatechange|begin)\s{0,8}[=:]\s{0,8}\Z", re.IGNORECASE)
_NAMED: Final = re.compile(r"([\w$]++)\s{0,8}[=:]\s{0,8}\Z")
_INVOKED: Final = re.compile(r"\s{0,8}\)?\s{0,8}(?:\.\s{0,8}(?:call|apply)\s{0,8})?\(")
_RETURNED: Final = re.compile(r"\breturn\s{0,8}\Z")
_CALLED: Final = re.compile(r"(?<![\w$])([\w$]++)\s*+\(")
_HANDED_OVER: Final = re.compile(
    r'(?:\bset(?:Timeout|Interval)\s*+\(|\brequestAnimationFrame\s*+\(|"(?:load|DOMContentLoaded|pageshow)"\s*+,'
    r"|\bonload\s*+=|\.(?:ready|then)\s*+\(|(?<![\w$.])\$\s*+\()\s*+([\w$]++)(?=\s*+[,;)\n])"
)

_LOCATION: Final = re.compile(
    r"(?<![\w$])location(?:\s*+\.\s*+href)?\s*+=(?!=)\s*+|(?<![\w$])location\s*+\.\s*+(?:replace|assign)\s*+\("
    r"|(?<![\w$.])window\s*+\.\s*+(?:open|navigate)\s*+\("
)
_SUBMITS: Final = re.compile(r"\.\s*+(?:requestSubmit|submit)\s*+\(\s*+\)")
_LONGEST: Final = 4_000


def at_once(script: str) -> str:
    """The plain script without the bodies of functions that do not run until somebody does something."""
    script = _LATER_ARROW.sub("", script)
    functions, script = _functions(script)
    called: set[str] = set()
    left = script
    for _ in range(_MOST_ROUNDS):
        left = _without(script, [each for each in functions if each.runs is _Runs.LATER or not each.is_run(called)])
        more = set(_CALLED.findall(left)) | set(_HANDED_OVER.findall(left))
        if more <= called:
            break
        called |= more
    return left


def redirects(script: str, known: dict[str, str]) -> Iterator[str]:
    """Where a plain script sends the reader, in order; `known` says what its names stand for, see `strings.names`."""
    for found in _LOCATION.finditer(script):
        target = strings.value(script[found.end() : found.end() + _LONGEST], known).strip()
        if is_elsewhere(target):
            yield target


def submits(script: str) -> bool:
    """Whether a plain script sends a form off."""
    return bool(_SUBMITS.search(script))


class _Runs(Enum):
    AT_ONCE = 1
    IF_CALLED = 2
    LATER = 3


@dataclass(frozen=True, slots=True)
class _Function:
    """Where a function begins and ends, and when it runs."""

    start: int
    end: int
    name: str
    runs: _Runs

    def is_run(self, called: set[str]) -> bool:
        return self.runs is _Runs.AT_ONCE or self.name in called


def _functions(script: str) -> tuple[list[_Function], str]:
    """Every function whose body stands in braces, those that are never closed to the end; and what was read."""
    functions: list[_Function] = []
    open_braces: list[_Function | None] = []
    left = _MOST_FUNCTIONS
    for count, found in enumerate(_BRACE.finditer(script)):
        if found[0] == "{":
            function = _function(script, found.start())
            open_braces.append(function)
            left -= function is not None
        elif found[0] == "}" and open_braces and (function := open_braces.pop()):
            runs = _Runs.AT_ONCE if _INVOKED.match(script, found.end()) else function.runs
            functions.append(replace(function, end=found.end(), runs=runs))
        if not left or count == _MOST_BRACES:
            script = script[: found.end()]
            break
    return functions + [function for function in open_braces if function], script


def _function(script: str, brace: int) -> _Function | None:
    """The function whose body begins at a brace, as if it went on to the end; None for any other block."""
    start = max(0, brace - _HEADER)
    header = script[start:brace].rstrip()
    if header.endswith("=>"):
        found = _ARROW.search(header)
    elif header.endswith(")"):
        before = header[: header.rfind("(")]
        near = max(0, len(before) - _LONGEST_NAME)
        is_plain = ")" not in header[len(before) : -1]
        found = (_DECLARED.search(before, near) or _METHOD.search(before, near)) if is_plain else None
    else:
        return None
    if not found:
        return None
    declared = found[1] if found.re.groups else ""
    is_method = found.re is _METHOD
    name, runs = (declared, _Runs.IF_CALLED) if is_method else _occasion(declared, header[: found.start()])
    return _Function(start + found.start(), len(script), name, runs)


def _occasion(declared: str, before: str) -> tuple[str, _Runs]:
    """By what name a function can be called, and when it runs, told by what stands before it."""
    if _LATER.search(before) or _RETURNED.search(before):
        return "", _Runs.LATER
    if _AT_LOAD.search(before):
        return "", _Runs.AT_ONCE
    if named := _NAMED.search(before):
        return named[1], _Runs.IF_CALLED
    is_argument = before.rstrip().endswith(("(", ",", "!", "+", "~", "-", "void"))
    if is_argument:
        return declared, _Runs.AT_ONCE
    return declared, _Runs.IF_CALLED if declared else _Runs.LATER


def _without(script: str, functions: list[_Function]) -> str:
    kept: list[str] = []
    place = 0
    for function in sorted(functions, key=lambda each: each.start):
        if function.start >= place:
            kept.append(script[place : function.start])
        place = max(place, function.end)
    return " _ ".join([*kept, script[place:]])
