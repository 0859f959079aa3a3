"""All regular expressions of the package, and for each what would take a backtracking engine longest."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from inspect import signature
from itertools import chain
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]  # typeshed leaves it out
from re import _parser as parser  # type: ignore[attr-defined]  # the same
from typing import Any

import watcher

_FUNCTIONS = frozenset(("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn"))
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
_LONG = 16
"""Repetitions from which on a repeat is pumped."""

Pattern = re.Pattern[str] | re.Pattern[bytes]


@dataclass(frozen=True)
class Used:
    """A pattern, and how it is applied."""

    pattern: Pattern
    anchored: bool
    """Only where a subject begins: by `match` or `fullmatch`."""

    def apply(self, subject: Any) -> None:
        """Look for it."""
        (self.pattern.match if self.anchored else self.pattern.search)(subject)


def patterns() -> dict[str, Used]:
    """Every pattern that a module holds or writes out, by the module's name and the pattern's beginning."""
    kept: dict[tuple[str | bytes, int, bool], str] = {}
    modules = [info.name for info in pkgutil.walk_packages(watcher.__path__, "watcher.") if "__main__" not in info.name]
    sources = [Path(str(importlib.import_module(name).__file__)).read_text(encoding="utf-8") for name in modules]
    everything = "\n".join(sources)
    for module, source in zip(modules, sources, strict=True):
        for name, value in vars(sys.modules[module]).items():
            is_searched = _is_searched(name, value, source if name.startswith("_") else everything)
            for pattern in _held(_asked(value)):
                kept.setdefault((pattern.pattern, pattern.flags, not is_searched), module)
        for is_searched, pattern in _written(source):
            kept.setdefault((pattern.pattern, pattern.flags, not is_searched), module)
    return {
        f"{number} {module}: {str(words)[:50]}": Used(re.compile(words, flags), anchored)
        for number, ((words, flags, anchored), module) in enumerate(kept.items())
    }


def _is_searched(name: str, value: object, source: str) -> bool:
    """Whether a pattern is applied otherwise than by `match` and `fullmatch`, or it cannot be told how."""
    methods = set(re.findall(rf"\b{name}\.(\w+)", source)) if isinstance(value, re.Pattern) else set()
    return name not in _MATCHED and not (methods and methods <= {"match", "fullmatch"})


_MATCHED = frozenset({"_KNOWN"})
"""Tables of patterns that are applied by `match`."""


def _asked(value: Any) -> object:
    """What a function gives that makes patterns when they are first needed; anything else as it is."""
    is_maker = hasattr(value, "cache_info") and "re.Pattern" in str(value.__annotations__.get("return"))
    return value() if is_maker and not signature(value).parameters else value


def _held(value: object, depth: int = 3) -> Iterator[Pattern]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, Mapping):
        yield from chain.from_iterable(_held(each, depth - 1) for each in list(value.values()))
    elif depth and isinstance(value, tuple | list | frozenset):
        yield from chain.from_iterable(_held(each, depth - 1) for each in value)


def _written(source: str) -> Iterator[tuple[bool, Pattern]]:
    """Those that stand as they are in a call of `re` by which they are applied at once."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
            continue
        is_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.func.attr in _FUNCTIONS
        first = node.args[0]
        if is_re and isinstance(first, ast.Constant) and isinstance(first.value, str | bytes):
            yield node.func.attr not in {"match", "fullmatch"}, re.compile(first.value, _flags(node))


def _flags(call: ast.Call) -> int:
    words = {node.attr for node in ast.walk(call) if isinstance(node, ast.Attribute)} & set(re.RegexFlag.__members__)
    return sum(re.RegexFlag[word] for word in words)


def attacks(pattern: Pattern, length: int) -> Iterator[str | bytes]:
    """Subjects of about that length: what leads to each long repeat, much of what it repeats, and what fails then."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~(re.UNICODE if isinstance(pattern.pattern, bytes) else 0))
    for lead, pump in dict.fromkeys(_pumps(list(tree), "")):
        for unit in dict.fromkeys((pump, lead + pump)):
            if not unit:
                continue
            for end in ("", "\x00"):
                subject = lead + unit * (length // len(unit)) + end
                yield subject.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else subject


def _pumps(nodes: Any, lead: str) -> Iterator[tuple[str, str]]:
    """What leads to each long repeat of a sequence, and what it repeats."""
    for code, argument in nodes:
        if code in _REPEATS:
            _, most, body = argument
            if most >= _LONG:
                yield lead, _example(body)
            yield from _pumps(body, lead)
        for branch in _inside(code, argument):
            yield from _pumps(branch, lead)
        lead += _example([(code, argument)])


def _inside(code: Any, argument: Any) -> Iterator[Any]:
    if code is codes.SUBPATTERN:
        yield argument[3]
    elif code is codes.ATOMIC_GROUP:
        yield argument
    elif code is codes.BRANCH:
        yield from argument[1]
    elif code in {codes.ASSERT, codes.ASSERT_NOT}:
        yield argument[1]


def _example(nodes: Any) -> str:
    """Something short that the sequence matches, its lookarounds apart."""
    return "".join(_one(code, argument) for code, argument in nodes)


def _one(code: Any, argument: Any) -> str:
    if code is codes.LITERAL:
        return chr(int(argument))
    if code in _REPEATS:
        return _example(argument[2]) * max(1, min(int(argument[0]), 8))
    if code is codes.BRANCH:
        return _example(argument[1][0])
    if code in {codes.SUBPATTERN, codes.ATOMIC_GROUP}:
        return "".join(map(_example, _inside(code, argument)))
    return _character(code, argument)


def _character(code: Any, argument: Any) -> str:
    """One that is matched by what is no literal; none by what matches a place."""
    if code is codes.IN:
        return _member(argument)
    if code is codes.NOT_LITERAL:
        return "a" if argument != ord("a") else "b"
    return "a" if code is codes.ANY else ""


_SAMPLES = "a1 .-_/<>=\"'@:;(\n\tあ漢"
_CATEGORIES: dict[Any, Callable[[str], bool]] = {
    codes.CATEGORY_DIGIT: str.isdigit,
    codes.CATEGORY_SPACE: str.isspace,
    codes.CATEGORY_WORD: lambda letter: letter.isalnum() or letter == "_",
    codes.CATEGORY_NOT_DIGIT: lambda letter: not letter.isdigit(),
    codes.CATEGORY_NOT_SPACE: lambda letter: not letter.isspace(),
    codes.CATEGORY_NOT_WORD: lambda letter: not (letter.isalnum() or letter == "_"),
}


def _member(members: Any) -> str:
    """A character of a class."""
    negated = members[0][0] is codes.NEGATE
    own: list[str] = [
        chr(argument if code is codes.LITERAL else argument[0])
        for code, argument in members
        if code in {codes.LITERAL, codes.RANGE}
    ]
    letters: tuple[str, ...] = (*_SAMPLES, *own, "\x01")
    for letter in letters:
        if negated != any(_is_in(letter, code, argument) for code, argument in members):
            return letter
    return ""


def _is_in(letter: str, code: Any, argument: Any) -> bool:
    if code is codes.LITERAL:
        return bool(ord(letter) == argument)
    if code is codes.RANGE:
        return bool(argument[0] <= ord(letter) <= argument[1])
    return bool(code is codes.CATEGORY and _CATEGORIES[argument](letter))
