"""Files that stand in a page as characters: base64, hexadecimal, lists of numbers, escapes."""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from watcher import kinds

LONG: Final = 1_000
"""Characters from which on a literal may be a file of its own."""

_KEPT: Final = 4_000
"""Characters of a long literal that are kept: they tell what it is."""
_HEAD: Final = 3_000
"""Octets decoded to tell what a literal is."""

_BASE64: Final = r"[A-Za-z0-9+/_-]"
_RUN: Final = re.compile(rf"(?<!{_BASE64}){_BASE64}{{64,}}+(?:\\?\s++{_BASE64}{{40,}}+)*+=*+")
_NUMBERS: Final = re.compile(r"(?<=[\[(])\s*+(?:(?:0x[0-9a-fA-F]{1,2}|[0-9]{1,3})\s*+,\s*+){64,}+\w{0,4}")
_ESCAPES: Final = re.compile(r"(?:(?:\\x|\\u00|%)[0-9a-fA-F]{2}){32,}+")
_DATA_URI: Final = re.compile(
    r"""\bdata:([\w.+-]{0,40}+/?+[\w.+-]{0,80}+)((?:;[^;,"'<>]{0,80}+){0,4}+),([^"'<>)]{0,5000}+)""", re.IGNORECASE
)
_DECLARES: Final = re.compile(r"data:([\w.+-]{0,40}/[\w.+-]{0,80})(?:;[^;,]{0,40}){0,3},\Z", re.IGNORECASE)
_HEXADECIMAL: Final = re.compile(r"(?:[0-9a-fA-F]{2})++")
_BLANKS: Final = re.compile(r"[\\\s]++")
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

_GRAVE: Final = frozenset({"program", "archive", "disk"})
_INERT_KINDS: Final = frozenset({"picture", "media", "text"})
_INERT_TYPES: Final = re.compile(
    r"(?:image|font|audio|video)/|application/(?:x-)?(?:font|wasm|json|vnd\.ms-fontobject)|text/(?!html)", re.IGNORECASE
)
_INERT_MAGIC: Final = (b"wOFF", b"wOF2", b"OTTO", b"\0\1\0\0", b"true", b"ttcf", b"\0asm", b"glTF")
_STREAMS: Final = (b"\x1f\x8b", b"\x1f\x9d", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd")
"""Reports compress their own data like this; it is no file that somebody would be given."""
_GRAVE_TYPES: Final = re.compile(
    r"application/(?:(?:x-)?(?:zip|rar|7z|tar|cab|iso|ms-?dos|msdownload|dosexec|executable|ace|arj|lzh|hta)"
    r"|vnd\.(?:rar|microsoft\.portable-executable|ms-cab)|java-archive)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Literal:
    """A file, or what may be one, written as characters."""

    head: bytes
    """The first octets of what it says."""
    length: int
    """Characters, of which at most 4,000 are still there where there were more."""
    declared: str = ""
    """The media type in front of it, as a data: URI gives it (RFC 2397); empty for none."""
    is_list: bool = False
    """Whether it is written as a list of numbers, as a table of figures is too."""

    @property
    def kind(self) -> str:
        """One of `kinds.KINDS`."""
        return kinds.kind("", self.head)

    @property
    def is_grave(self) -> bool:
        """Whether it is a program, an archive or a disk image."""
        if self.declared:
            return self.kind in _GRAVE or bool(_GRAVE_TYPES.match(self.declared))
        return self.kind in _GRAVE and not self.head.startswith(_STREAMS)

    @property
    def is_inert(self) -> bool:
        """Whether it is a picture, a font, sound, plain text: what a page has for itself."""
        if self.is_grave:
            return False
        is_inert_kind = self.kind in _INERT_KINDS or self.head.startswith(_INERT_MAGIC)
        return is_inert_kind or bool(_INERT_TYPES.match(self.declared))


def shorten(page: str) -> str:
    """The page with only the beginning of each long literal that is no text: what follows tells nothing more."""
    return _RUN.sub(_shortened, page)


def _shortened(run: re.Match[str]) -> str:
    literal = run[0]
    if len(literal) <= _KEPT or not _CONTROL.search(octets(literal[:400])):
        return literal
    return literal[:_KEPT]


def octets(literal: str) -> bytes:
    """The first octets that a literal stands for; empty for none. Whatever is no base64 in it is passed over."""
    start = literal[: 2 * _KEPT]
    letters = _BLANKS.sub("", start)
    try:
        if _HEXADECIMAL.fullmatch(letters):
            return bytes.fromhex(letters)[:_HEAD]
        letters = letters.rstrip("=").replace("-", "+").replace("_", "/")
        return binascii.a2b_base64(letters[: len(letters) // 4 * 4])[:_HEAD]
    except (binascii.Error, ValueError):
        return b""


def literals(text: str) -> Iterator[Literal]:
    """Every literal of 64 characters and more in a page or a script."""
    for pattern in (_RUN, _NUMBERS, _ESCAPES):
        yield from map(_literal, pattern.finditer(text))


def data_uris(text: str) -> Iterator[Literal]:
    """Every data: URI in a page or a script."""
    for found in _DATA_URI.finditer(text):
        is_base64 = ";base64" in found[2].lower()
        head = octets(found[3]) if is_base64 else unquote_to_bytes(found[3])[:_HEAD]
        yield Literal(head, len(found[3]), found[1].lower() or "text/plain")


def holds_file(text: str) -> bool:
    """Whether a text begins with, or shortly holds, a literal that may be a file to be handed over."""
    start = text[: 2 * _KEPT]
    return any(each.length >= LONG and not each.is_inert and not each.is_list for each in literals(start))


def replace_literals(text: str, written: str, matters: Callable[[Literal], bool]) -> str:
    """The text with `written` in the place of each long literal that matters."""

    def replaced(found: re.Match[str]) -> str:
        return written if len(found[0]) >= LONG and matters(_literal(found)) else found[0]

    for pattern in (_RUN, _NUMBERS, _ESCAPES):
        text = pattern.sub(replaced, text)
    return text


def _literal(found: re.Match[str]) -> Literal:
    read = {_RUN: _either_way, _NUMBERS: _count_up, _ESCAPES: _unescape}[found.re]
    declared = _DECLARES.search(found.string[max(0, found.start() - 200) : found.start()])
    return Literal(read(found[0]), len(found[0]), declared[1].lower() if declared else "", found.re is _NUMBERS)


def _either_way(literal: str) -> bytes:
    """What it says, or, where that is nothing known, what it says when it is turned round."""
    head = octets(literal)
    if not kinds.kind("", head) and len(literal) < _KEPT:
        turned = octets(literal[::-1].lstrip("="))
        return turned if kinds.kind("", turned) in _GRAVE else head
    return head


def _count_up(literal: str) -> bytes:
    numbers = literal[: 5 * _HEAD].split(",")[:-1]
    return bytes(int(number, 16 if "x" in number else 10) & 255 for number in numbers)[:_HEAD]


def _unescape(literal: str) -> bytes:
    return unquote_to_bytes(literal[: 4 * _HEAD].replace("\\x", "%").replace("\\u00", "%"))[:_HEAD]
