"""The parts of an office document that is a ZIP archive, and the elements of those that are XML.

Nothing is unpacked beyond a bound, no entity is expanded, and nothing outside is asked for. What is damaged is read as
far as it goes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Final
from xml.parsers import expat

from watcher import kinds
from watcher.attachments import names
from watcher.attachments.formats import Entry, TooLargeError, zips
from watcher.attachments.limits import MIB

_DIRECTORY_HEADER: Final = b"PK\x01\x02"
_MOST_PARTS: Final = 20_000
_MOST_READ: Final = 24 * MIB
"""Octets unpacked of one document's objects …"""
_MOST_MARKUP: Final = 10 * MIB
"""… and of its XML, which takes longer."""
_LONGEST_PART: Final = 4 * MIB
_MOST_ELEMENTS: Final = 150_000
"""Elements kept, of all parts together."""
_LONGEST_TEXT: Final = 65_536


def is_packaged(filename: str, head: bytes) -> bool:
    """Whether it is an archive that an office suite opens: by how it begins or, packed in another order, by name."""
    is_document = "document" in {kinds.kind("", head), kinds.kind(filename, head)}
    return is_document and head.startswith(b"PK")


@dataclass(slots=True)
class Element:
    """One element, names without their prefixes."""

    name: str
    attributes: dict[str, str]
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The characters directly in it."""
        return "".join(self.texts)


class Package:
    """One document: `entries` by their paths in lower case, which is how office suites compare them."""

    def __init__(self, content: bytes) -> None:
        self.entries: dict[str, Entry] = {}
        self._left = _MOST_READ
        self._markup_left = _MOST_MARKUP
        self._elements_left = _MOST_ELEMENTS
        for entry in islice(_entries(content), _MOST_PARTS):
            self.entries.setdefault(entry.path.lower(), entry)

    def read(self, path: str, octets: int) -> bytes:
        """The first octets of a part; nothing where there is none, or it cannot be read."""
        found = self._read(path, min(octets, self._left))
        self._left -= len(found)
        return found

    def elements(self, path: str, *wanted: str) -> list[Element]:
        """The elements of a part that have one of these names, in order."""
        content = self._read(path, min(_LONGEST_PART, self._markup_left))
        reader = _Reader(frozenset(wanted), self._elements_left)
        reader.read(content)
        self._markup_left -= len(content)
        self._elements_left -= len(reader.found)
        return reader.found

    def check(self) -> None:
        """Raise TooLargeError if there was more XML than could be read."""
        if not self._markup_left or not self._elements_left:
            raise TooLargeError

    def _read(self, path: str, octets: int) -> bytes:
        entry = self.entries.get(path.lower())
        if not entry or entry.encrypted or not octets:
            return b""
        try:
            return entry.read(octets)
        except Exception:  # noqa: BLE001 - what unpacking raises is not known in advance; the other parts may be sound
            return b""


def _entries(content: bytes) -> Iterator[Entry]:
    """The files of the directory; where it is damaged, those that local headers tell of."""
    archive = None
    if content.count(_DIRECTORY_HEADER) <= zips.MOST_ENTRIES:
        with suppress(Exception):  # it raises ten different ones, by version
            archive = zipfile.ZipFile(io.BytesIO(content))
    if not archive:
        with suppress(Exception):  # whoever lists the archive itself tells that it is broken
            yield from zips.entries("", content)
        return
    for info in archive.infolist():
        is_encrypted = bool(info.flag_bits & 1)
        yield Entry(names.tidy(info.filename), info.file_size, partial(_unpack, archive, info), is_encrypted)


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, octets: int) -> bytes:
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return b""  # no office suite knows another, and some unpack without a bound
    with archive.open(info) as member:
        return member.read(octets)


def attribute(found: list[Element], name: str) -> Iterator[str]:
    """The values of one attribute, where it is there."""
    return (element.attributes[name] for element in found if name in element.attributes)


class _EnoughError(Exception):
    """More is not read."""


class _Reader:
    """Keeps what is wanted of one document and forgets the rest."""

    def __init__(self, wanted: frozenset[str], most: int) -> None:
        self.found: list[Element] = []
        self._most = most
        self._wanted = wanted
        self._current: Element | None = None

    def read(self, content: bytes) -> None:
        """Go through a document up to the first error."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._add
        parser.EntityDeclHandler = self._refuse
        with suppress(expat.ExpatError, _EnoughError, LookupError, ValueError, OSError):
            parser.Parse(content, True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self._current = None
        if name in self._wanted:
            if len(self.found) == self._most:
                raise _EnoughError
            local = {key.rpartition(":")[2]: value for key, value in attributes.items()}
            self._current = Element(name, local)
            self.found.append(self._current)

    def _end(self, _tag: str) -> None:
        self._current = None

    def _add(self, text: str) -> None:
        if self._current and len(self._current.texts) < 64:
            self._current.texts.append(text[:_LONGEST_TEXT])

    def _refuse(self, *_declaration: object) -> None:
        """Neither format allows entities (ECMA-376-2 forbids them, OpenDocument has none): only bombs have them."""
        raise _EnoughError
