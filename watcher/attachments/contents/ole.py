"""Older office documents and Outlook's mails: compound files ([MS-DOC], [MS-XLS], [MS-PPT], [MS-OXMSG])."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from itertools import islice
from typing import Final

from watcher import kinds
from watcher.attachments import names, objects
from watcher.attachments.compound import MAGIC, Compound, Entry, wide
from watcher.attachments.limits import KIB, MIB
from watcher.attachments.references import is_remote, links, of_field
from watcher.model import Finding, Trait

_CODE: Final = ("_vba_project_cur", "_vba_project", "vba", "macros")
_CODE_RAW: Final = re.compile("_VBA_PROJECT".encode("utf-16-le"))
_ENCRYPTED_PACKAGE: Final = ("encryptedpackage", "encryptioninfo")
_BOOKS: Final = ("workbook", "book")
_SLIDES: Final = "powerpoint document"
_MOST: Final = 100
_MOST_RECORDS: Final = 500_000
_MOST_FIELDS: Final = 2_000

_BOUND_SHEET, _FILE_PASS, _SUP_BOOK = 0x85, 0x2F, 0x1AE  # [MS-XLS] 2.3.2
_EXCHANGE: Final = re.compile(rb"(?!\w+\.\w+\.\d+\x03)[^\0-\x1f]+\x03")
"""Another program and what is asked of it ([MS-XLS] 2.4.271); not a file (which begins with 1), nor an OLE link."""
_MACRO_SHEET: Final = 1  # [MS-XLS] 2.4.28
_SLIDE_CODE: Final = re.compile(rb"\x02\0\0\x04\x0c\0\0\0(?s:.{4})\x01\0\0\0")  # [MS-PPT] 2.4.11: it has macros
_SLIDE_PACKAGE: Final = b"\x20\0\xba\x0f\x0e\0\0\0" + "Package".encode("utf-16-le")  # [MS-PPT], ProgIDAtom
_LOCKED_SLIDES: Final = b"\xdf\xc4\xd1\xf3"  # [MS-PPT] 2.3.2
_FIELD: Final = re.compile(rb"\x13([^\x13-\x15]{1,2000})")  # [MS-DOC], Plcfld: a field's characters
_WIDE_URL: Final = re.compile(rb"(?:h\0t\0t\0p\0(?:s\0)?:\0/\0/\0)(?:[!#-;=?-~]\0){1,1000}", re.IGNORECASE)
_URL: Final = re.compile(rb"https?://[!#-;=?-~]{1,1000}", re.IGNORECASE)
_HTML_BODY, _TEXT_BODY = "__substg1.0_10130102", "__substg1.0_1000001f"  # [MS-OXPROPS], PidTagHtml, PidTagBody
_MAIL: Final = "__properties_version1.0"
_CARRIED: Final = "__substg1.0_37010102"  # PidTagAttachDataBinary
_CARRIED_NAMES: Final = ("3707001F", "3704001F", "3707001E", "3704001E")  # PidTagAttachLongFilename, …Filename
_OF_NOTE: Final = frozenset({"program", "disk", "html"})


def recognises(_filename: str, head: bytes) -> bool:
    """Whether it is a compound file."""
    return head.startswith(MAGIC)


def look(_filename: str, content: bytes) -> Iterator[Finding]:
    """Code, encryption, what is loaded from elsewhere, objects, and at last links."""
    file = Compound(content)
    if any(file.find(*_CODE)) or (not file.entries and _CODE_RAW.search(content)):
        yield Finding(Trait.MACRO, "VBA")
    if any(file.find(*_ENCRYPTED_PACKAGE)):
        yield Finding(Trait.ENCRYPTED)
    yield from objects.packages(file)
    yield from _pooled(file)
    urls: list[str] = []
    for entry in islice(file.find("worddocument", *_BOOKS, _SLIDES, "current user"), _MOST):
        for finding in _stream(file, entry):
            if finding.trait is Trait.LINK:
                urls.append(finding.detail)
            else:
                yield finding
    if any(file.find(_MAIL)):
        yield from _carried(file)
        urls += _mail_urls(file)
    yield from links(urls)


def _stream(file: Compound, entry: Entry) -> Iterator[Finding]:
    """What one main stream tells."""
    stream = file.read(entry)
    if entry.name == "worddocument":
        yield from _text(file, stream)
    elif entry.name in _BOOKS:
        yield from _book(stream)
        yield from (Finding(Trait.LINK, url) for url in objects.monikers(stream))
    elif entry.name == _SLIDES:
        yield from _slides(stream)
    elif stream[12:16] == _LOCKED_SLIDES:
        yield Finding(Trait.ENCRYPTED)


def _pooled(file: Compound) -> Iterator[Finding]:
    """The objects in a text ([MS-DOC]) or a table ([MS-XLS]), by what they say that they are."""
    described = {entry.path.rpartition("/")[0]: entry for entry in file.find("\x01compobj")}
    native = {entry.path.rpartition("/")[0] for entry in file.find(objects.NATIVE)}
    pooled = (entry for entry in file.entries if not entry.is_stream and _is_pooled(entry))
    for entry in islice((entry for entry in pooled if entry.path not in native), _MOST):
        about = described.get(entry.path)
        yield Finding(Trait.EMBEDDED_OBJECT, objects.class_of(file.read(about, KIB)) if about else "")


def _is_pooled(entry: Entry) -> bool:
    above = entry.path.rpartition("/")[0].rpartition("/")[2].lower()
    return above == "objectpool" or (entry.name.startswith("mbd") and len(entry.name) == 11)


def _text(file: Compound, stream: bytes) -> Iterator[Finding]:
    """A document of Word: its header ([MS-DOC] 2.5.1), its template, its fields."""
    (flags,) = struct.unpack_from("<H", stream, 10)
    if flags & 0x100:
        yield Finding(Trait.ENCRYPTED)
        return
    table = next(file.find("1table" if flags & 0x200 else "0table"), None)
    place = struct.unpack_from("<LL", stream, 0x19A) if len(stream) >= 0x1A2 else (0, 0)
    template = _template(file.read(table), place) if table else ""
    if is_remote(template):
        yield Finding(Trait.REMOTE_TEMPLATE, template)
    narrow = stream.translate(None, b"\0")  # so that both ways in which it may be written read alike
    for match in islice(_FIELD.finditer(narrow), _MOST_FIELDS):
        yield from of_field(match[1].decode("latin-1"))


def _template(table: bytes, place: tuple[int, int]) -> str:
    """The path of the template: the second of the strings of SttbfAssoc ([MS-DOC] 2.9.276)."""
    strings = table[place[0] : place[0] + min(place[1], 64 * KIB)]
    if len(strings) < 10 or not strings.startswith(b"\xff\xff"):
        return ""
    (first,) = struct.unpack_from("<H", strings, 6)
    start = 8 + 2 * first
    (length,) = struct.unpack("<H", strings[start : start + 2].ljust(2, b"\0"))
    return wide(strings[start + 2 : start + 2 + 2 * length])


def _book(stream: bytes) -> Iterator[Finding]:
    """A workbook: one record after the other ([MS-XLS] 2.1.4). What follows FILEPASS is encrypted."""
    position = 0
    for _ in range(_MOST_RECORDS):
        if position + 4 > len(stream):
            return
        kind, length = struct.unpack_from("<HH", stream, position)
        position += 4
        if kind == _FILE_PASS:
            yield Finding(Trait.ENCRYPTED)
            return
        if kind == _BOUND_SHEET and stream[position + 5 : position + 6] == bytes([_MACRO_SHEET]):
            yield Finding(Trait.MACRO, "XLM")
        if kind == _SUP_BOOK and _EXCHANGE.match(stream[position + 5 : position + length].translate(None, b"\0")):
            yield Finding(Trait.MACRO, "DDE")
        position += length


def _slides(stream: bytes) -> Iterator[Finding]:
    if _SLIDE_CODE.search(stream):
        yield Finding(Trait.MACRO, "VBA")
    if _SLIDE_PACKAGE in stream:
        yield Finding(Trait.EMBEDDED_OBJECT, "Package")
    yield from (Finding(Trait.LINK, url) for url in _wide_urls(stream))


def _wide_urls(stream: bytes) -> Iterator[str]:
    return (wide(match[0]) for match in islice(_WIDE_URL.finditer(stream), _MOST_FIELDS))


def _mail_urls(file: Compound) -> Iterator[str]:
    for entry in islice(file.find(_HTML_BODY), _MOST):
        found = islice(_URL.finditer(file.read(entry, MIB)), _MOST_FIELDS)
        yield from (match[0].decode() for match in found)
    for entry in islice(file.find(_TEXT_BODY), _MOST):
        yield from _wide_urls(file.read(entry, MIB))


def _carried(file: Compound) -> Iterator[Finding]:
    """The attachments of a mail that run or pose as something: their names."""
    streams = {entry.path.lower(): entry for entry in file.entries if entry.is_stream}
    for entry in islice(file.find(_CARRIED), _MOST):
        folder = entry.path.rpartition("/")[0].lower()
        named = (streams.get(f"{folder}/__substg1.0_{tag}".lower()) for tag in _CARRIED_NAMES)
        name = next((_name(file, found) for found in named if found), "")
        kind = kinds.kind(name, file.read(entry, 64 * KIB))
        if kind in _OF_NOTE:
            yield Finding(Trait.EMBEDDED_FILE, name or kind)


def _name(file: Compound, entry: Entry) -> str:
    raw = file.read(entry, KIB)
    return wide(raw) if entry.name.endswith("f") else raw.decode(names.guess_charset([raw]), "replace")
