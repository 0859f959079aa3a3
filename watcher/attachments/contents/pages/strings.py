"""Script text made plain: its strings decoded, joined and written alike, its comments gone.

No script is run. A string that is put together from pieces, turned round, or decoded by a function of the language is
worked out where all that is needed stands in the script itself.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from urllib.parse import unquote

# ECMAScript 2024, 12: what matters of its tokens. An unclosed string ends at its line, or at the end of the script, and
# a regular expression is bounded: nothing is read twice.
_TOKEN: Final = re.compile(
    r"""
      (?P<string>"(?:[^"\\\n]++|\\.)*+"?+|'(?:[^'\\\n]++|\\.)*+'?+|`(?:[^`\\]++|\\.)*+`?+)
    | (?P<comment>//[^\n]*+|/\*.*?(?:\*/|\Z)|<!--[^\n]*+)
    | (?<=[=(,:;!&|?{}\[])[\x20\t]{0,8}+/(?![*/])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.){0,80}+\]){1,200}+/?+
    """,
    re.DOTALL | re.VERBOSE,
)
_ESCAPE: Final = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|([0-7]{1,3})|(\r?\n)|(.))", re.DOTALL
)
_CONTROLS: Final = {"n": " ", "r": " ", "t": " ", "b": "", "f": " ", "v": " "}
_PLUS: Final = re.compile(r"\s*+\+\s*+")

STRING: Final = re.compile(r'"([^"\n]*+)"')
"""A string in plain script text."""
_JOINED: Final = re.compile(r'\[\s*+((?:"[^"\n]*+"\s*+,?\s*+)++)\]\s*+\.\s*+join\s*+\(\s*+""\s*+\)')
_TURNED: Final = re.compile(
    r'"([^"\n]*+)"\s*+\.\s*+split\s*+\(\s*+""\s*+\)\s*+\.\s*+reverse\s*+\(\s*+\)\s*+\.\s*+join\s*+\(\s*+""\s*+\)'
)
_MEMBER: Final = re.compile(r'(?<=[\w$)\]])\[\s*+"([A-Za-z_$][\w$]*+)"\s*+\]')
_CHARACTERS: Final = re.compile(r"fromCharCode\s*+\(\s*+((?:(?:0x)?[0-9a-fA-F]{1,6}\s*+,?\s*+)++)\)")

_ASSIGNED: Final = re.compile(r"(?<![\w$])([\w$]++)\s*+[=:](?![=>])\s*+")
_PIECE: Final = re.compile(r'\s*+(?:"([^"\n]*+)"|([\w$]++(?:\s*+\.\s*+[\w$]++)*+)|([(+)]))')
_MOST_NAMES: Final = 2_000
_MOST_PIECES: Final = 40

_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{12,}+={0,2}")
_PERCENT: Final = re.compile(r"%(?:[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})")
_UNICODE: Final = re.compile(r"%u([0-9a-fA-F]{4})")
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def plain(script: str) -> str:
    """The script with each string between double quotes, decoded and on one line; quotes inside become single ones."""
    written: list[str] = []
    pieces: list[str] = []  # of the string that may still go on
    gap: list[str] = []  # what stands behind it
    place = 0
    for token in _TOKEN.finditer(script):
        gap.append(script[place : token.start()])
        place = token.end()
        if token["comment"]:
            continue
        goes_on = pieces and token["string"] and _PLUS.fullmatch("".join(gap))
        if not goes_on:
            _flush(pieces, written)
            written += gap
        gap.clear()
        if token["string"]:
            pieces.append(_content(token["string"]))
        else:
            written.append(token[0].replace('"', "'"))
    _flush(pieces, written)
    return _simplify("".join([*written, *gap, script[place:]]))


def _flush(pieces: list[str], written: list[str]) -> None:
    if pieces:
        written.append(f'"{"".join(pieces)}"')
        pieces.clear()


def _content(string: str) -> str:
    inside = string[1:].removesuffix(string[0])
    inside = unescape(inside) if "\\" in inside else inside
    return inside.replace('"', "'").replace("\n", " ").replace("\r", " ")


def unescape(string: str) -> str:
    """What the inside of a string literal says."""
    return _mend(_ESCAPE.sub(_character, string))


def _mend(string: str) -> str:
    """The string with each pair of surrogates as the one character that it is, and without single ones."""
    return string.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(escape: re.Match[str]) -> str:
    hexadecimal = escape[1] or escape[2] or escape[3]
    if hexadecimal:
        return chr(min(int(hexadecimal, 16), 0x10FFFF))
    if escape[4]:
        return chr(int(escape[4], 8))
    return "" if escape[5] else _CONTROLS.get(escape[6], escape[6])


def _simplify(script: str) -> str:
    script = _JOINED.sub(lambda found: f'"{"".join(STRING.findall(found[1]))}"', script)
    script = _TURNED.sub(lambda found: f'"{found[1][::-1]}"', script)
    return _MEMBER.sub(r".\1", script)


def decoded(script: str) -> Iterator[tuple[str, bool]]:
    """What the strings of a plain script say.

    Yields:
        A text, and whether it had to be decoded for it: then somebody did not want it to be read.
    """
    for found in _CHARACTERS.finditer(script):
        yield _from_codes(found[1]), True
    for found in STRING.finditer(script):
        string = found[1]
        hidden = reveal(string) if len(string) >= 12 else ""
        if hidden:
            yield hidden, True
        elif "<" in string:
            yield string, False


def reveal(string: str) -> str:
    """What a string says once it is decoded from percent signs or from base64; empty for an ordinary one."""
    if len(_PERCENT.findall(string[:300])) >= 3:
        return _mend(unquote(_UNICODE.sub(lambda found: chr(int(found[1], 16)), string)))
    bare = "".join(string.split())
    return from_base64(bare) if _BASE64.fullmatch(bare) else ""


def from_base64(string: str) -> str:
    """The text that base64 stands for; empty where it is none, or stands for no text."""
    letters = string.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        text = binascii.a2b_base64(letters + "=" * (-len(letters) % 4)).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
    strange = len(_UNPRINTABLE.findall(text[:2_000])) + text.count("\ufffd", 0, 2_000)
    return "" if strange > len(text[:2_000]) // 50 else text


def _from_codes(codes: str) -> str:
    numbers = [int(code, 0) for code in re.findall(r"0x[0-9a-fA-F]{1,6}|[1-9]\d{0,6}", codes)]
    return _mend("".join(chr(number) for number in numbers if number < 0x110000))


_DECODERS: Final[Mapping[str, Callable[[str], str]]] = {
    "atob": from_base64,
    "unescape": unquote,
    "decodeURI": unquote,
    "decodeURIComponent": unquote,
}


def names(script: str) -> dict[str, str]:
    """What the variables and properties of a plain script say that are given a string."""
    known: dict[str, str] = {}
    for count, found in enumerate(_ASSIGNED.finditer(script)):
        if count == _MOST_NAMES:
            break
        if said := value(script[found.end() : found.end() + 4_000], known):
            known.setdefault(found[1], said)
    return known


def value(expression: str, known: Mapping[str, str]) -> str:
    """What an expression at the beginning of a stretch of plain script says, as far as strings and names tell."""
    said: list[str] = []
    decoders: list[Callable[[str], str]] = []
    place = depth = 0
    while (piece := _PIECE.match(expression, place)) and len(said) < _MOST_PIECES and depth >= 0:
        place = piece.end()
        string, name, sign = piece.groups()
        last = name.rpartition(".")[2].strip() if name else ""
        if last in _DECODERS:
            decoders.append(_DECODERS[last])
        elif sign:
            depth += {"(": 1, ")": -1}.get(sign, 0)
            decoders = [] if sign == "+" else decoders
        else:
            text = string if name is None else known.get(last, "")
            for decode in reversed(decoders):
                text = decode(text)
            said.append(text[:4_000])
    return "".join(said)
