r"""Rich Text Format 1.9.1: objects, templates from elsewhere, fields.

What is wanted stands behind control words, which cannot be broken up; what follows them can, by groups, by words that
mean nothing and by characters written as numbers, and so is read as Word reads it. Each search has a bound of its own,
so that no crowd of one thing hides another.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from watcher.attachments import objects
from watcher.attachments.compound import wide
from watcher.attachments.limits import MIB
from watcher.attachments.references import is_remote, links, of_field
from watcher.model import Finding, Trait

_BEGIN: Final = re.compile(rb"\s*+\{\s*+\\rt")
"""Word asks for no more than this."""
_OBJECT: Final = re.compile(rb"\\(objdata|objemb|objautlink|objlink|objocx|objhtml)(?![a-z])")
_TEMPLATE: Final = re.compile(rb"\\template(?![a-z])")
_FIELD: Final = re.compile(rb"\\fldinst(?![a-z])")
_DESTINATION: Final = re.compile(rb"\\(?:objdata|template|fldinst)(?![a-z])")

_TOKEN: Final = re.compile(
    rb"(?P<open>\{)|(?P<close>\})|\\'(?P<octet>[0-9A-Fa-f]{2})"
    rb"|\\(?P<word>[A-Za-z]{1,32})(?P<number>-?[0-9]{1,10})?\ ?|\\(?P<symbol>[^A-Za-z])|(?P<text>[^\\{}]+)",
    re.DOTALL,
)
_NOT_HEX: Final = bytes(octet for octet in range(256) if octet not in b"0123456789abcdefABCDEF")

_MOST_OBJECTS: Final = 50
_MOST_TEMPLATES: Final = 200
_MOST_FIELDS: Final = 2_000
_LONGEST_OBJECT: Final = MIB
_LONGEST_TEXT: Final = 16_384


def recognises(_filename: str, head: bytes) -> bool:
    """Whether Word takes it for RTF."""
    return bool(_BEGIN.match(head))


def look(_filename: str, content: bytes) -> Iterator[Finding]:
    """What is loaded from elsewhere, objects, and what fields do; at last links."""
    content = content.replace(b"\\\\", b"\\'5c")  # the same character, but no word can seem to begin with it
    for region in _regions(_TEMPLATE, content, _LONGEST_TEXT, _MOST_TEMPLATES):
        target = _text(region, 2_000).strip()
        if is_remote(target):
            yield Finding(Trait.REMOTE_TEMPLATE, target)
    yield from _objects(content)
    fields = [
        finding
        for region in _regions(_FIELD, content, _LONGEST_TEXT, _MOST_FIELDS)
        for finding in of_field(_text(region, 500))
    ]
    yield from (finding for finding in fields if finding.trait is not Trait.LINK)
    yield from links(finding.detail for finding in fields if finding.trait is Trait.LINK)


def _regions(word: re.Pattern[bytes], content: bytes, longest: int, most: int) -> Iterator[bytes]:
    """What follows each such word, up to the next that begins something else: so no octet is read twice."""
    for match in islice(word.finditer(content), most):
        end = match.end() + longest
        further = _DESTINATION.search(content, match.end(), end)
        yield content[match.end() : further.start() if further else end]


def _objects(content: bytes) -> Iterator[Finding]:
    words = {match[1].decode() for match in _OBJECT.finditer(content)}
    if not words:
        return
    found = []
    for region in _regions(re.compile(rb"\\objdata(?![a-z])"), content, _LONGEST_OBJECT, _MOST_OBJECTS):
        found += list(_object(_octets(region)))
    yield from found
    if not any(finding.trait is Trait.EMBEDDED_OBJECT for finding in found):
        yield Finding(Trait.EMBEDDED_OBJECT, min(words - {"objdata"}, default="objdata"))


def _object(octets: bytes) -> Iterator[Finding]:
    """An object as OLE 1 writes it ([MS-OLEDS] 2.2.4): version, format, then class, topic and item, then the data."""
    position, texts = 8, []
    for _ in range(3):
        length = int.from_bytes(octets[position : position + 4], "little")
        texts.append(octets[position + 4 : position + 4 + min(length, 256)].partition(b"\0")[0])
        position += 4 + length
    topic = texts[1].decode("latin-1")
    if is_remote(topic):
        yield Finding(Trait.REMOTE_TEMPLATE, topic)
    name = texts[0].decode("latin-1")
    if name.lower() == "package":
        yield from objects.package(octets[position + 4 :])
    else:
        yield Finding(Trait.EMBEDDED_OBJECT, name if name.isprintable() else "")
    yield from (Finding(Trait.REMOTE_TEMPLATE, url) for url in objects.monikers(octets))


def _octets(region: bytes) -> bytes:
    """The data that is written in hexadecimal figures; whatever else stands between them means nothing."""
    digits = b"".join(_data(token, rest) for token, rest in _tokens(region, 20_000)).translate(None, _NOT_HEX)
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode())


def _data(token: re.Match[bytes], raw: bytes) -> bytes:
    return raw.hex().encode() if raw else token["text"] or b""


def _text(region: bytes, most: int) -> str:
    """The text up to the end of the group."""
    found: list[str] = []
    width, skip = 1, 0
    for token, _ in _tokens(region, most):
        characters = _characters(token)
        if token["word"] == b"uc":
            width = min(int(token["number"] or 1), 9)
        elif token["word"] == b"u" and token["number"]:
            found.append(characters)
            skip = width  # of what follows, for readers that do not know Unicode
        elif characters:
            found.append(characters[skip:])
            skip = max(skip - len(characters), 0)
    units = codecs.utf_16_le_encode("".join(found), "surrogatepass")[0]
    return wide(units)  # two halves of a character make one, half a character none


def _characters(token: re.Match[bytes]) -> str:
    """The characters that a token stands for."""
    if token["octet"]:
        return bytes.fromhex(token["octet"].decode()).decode("latin-1")
    if token["word"] == b"u" and token["number"]:
        return chr(int(token["number"]) & 0xFFFF)
    if token["symbol"]:
        return token["symbol"].decode() if token["symbol"] in b"{}" else ""
    return (token["text"] or b"").translate(None, b"\r\n").decode("latin-1")


def _tokens(region: bytes, most: int) -> Iterator[tuple[re.Match[bytes], bytes]]:
    """The tokens of the group that goes on in `region`, with raw octets behind them; optional groups passed over."""
    depth, passed, position = 0, 0, 0
    for _ in range(most):
        token = _TOKEN.match(region, position)
        if not token or depth < 0:
            return
        position = token.end()
        depth += bool(token["open"]) - bool(token["close"])
        if passed > depth:
            passed = 0
        if token["symbol"] == b"*" and depth and not passed:
            passed = depth  # a destination that is none of ours
        length = max(int(token["number"] or 0), 0) if token["word"] == b"bin" else 0
        if not passed:
            yield token, region[position : position + length]
        position += length
