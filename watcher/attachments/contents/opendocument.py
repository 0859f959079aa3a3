"""OpenDocument: what LibreOffice writes (OpenDocument 1.3, parts 2 and 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from watcher.attachments.parts import Element, Package, attribute, is_packaged
from watcher.attachments.references import is_remote, links
from watcher.model import Finding, Trait

_TYPE: Final = b"application/vnd.oasis.opendocument"
_MANIFEST: Final = "meta-inf/manifest.xml"
_CODE: Final = re.compile(r"^(?:.+/)?(?:basic/[^/]+/(?!(?:script|dialog)-l[bc]\.xml$)[^/]+|scripts/.*[^/])$")
"""A module of Basic or another language; the lists of modules alone are in many an innocent document."""
_TEXTS: Final = ("content.xml", "styles.xml", "meta.xml")
_ANCHORS: Final = ("a", "image")
_SOURCES: Final = ("object", "section-source", "table-source", "template", "cell-range-source")
_EXCHANGES: Final = ("dde-source", "dde-connection-decl")
_OBJECT: Final = "object-ole"
_EVENT: Final = "event-listener"


def recognises(filename: str, head: bytes) -> bool:
    """Whether it is an archive that an office suite opens."""
    return is_packaged(filename, head)


def look(_filename: str, content: bytes) -> Iterator[Finding]:
    """Code, what is loaded from elsewhere, objects, and at last links."""
    lowered = content.lower()
    if _TYPE not in lowered and _MANIFEST.encode() not in lowered:
        return
    package = Package(content)
    if not package.read("mimetype", 64).startswith(_TYPE) and _MANIFEST not in package.entries:
        return
    if package.elements(_MANIFEST, "encryption-data"):
        yield Finding(Trait.ENCRYPTED)
    if any(_CODE.match(path) for path in package.entries):
        yield Finding(Trait.MACRO, "script")
    wanted = (*_ANCHORS, *_SOURCES, *_EXCHANGES, _OBJECT, _EVENT)
    found = list(chain.from_iterable(package.elements(part, *wanted) for part in _TEXTS))
    yield from _acting(found)
    yield from links(attribute([element for element in found if element.name in _ANCHORS], "href"))
    package.check()


def _acting(found: list[Element]) -> Iterator[Finding]:
    """What does something when the document is opened or clicked."""
    if any(element.name == _EVENT for element in found):
        yield Finding(Trait.MACRO, "event")
    if any(element.name in _EXCHANGES for element in found):
        yield Finding(Trait.MACRO, "DDE")
    sources = [element for element in found if element.name in _SOURCES]
    yield from (Finding(Trait.REMOTE_TEMPLATE, target) for target in attribute(sources, "href") if is_remote(target))
    wrapped = [element for element in found if element.name == _OBJECT]
    yield from (Finding(Trait.EMBEDDED_OBJECT, target) for target in attribute(wrapped, "href"))
