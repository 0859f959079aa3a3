"""Pages: HTML, XHTML, SVG (compressed too) and MHTML, as they are sent to be opened in a browser.

What is found: forms that send what is filled in, fields for a password, scripts that lead away at once or put a file
together, any script in a drawing, programs and archives that are folded up in the page, and where links lead. Nothing
is run; strings are decoded twice at most. Time is linear in the length of the page, of which 1 MiB of characters is
read once its pictures and other long literals are cut short.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

# Loaded while files can still be opened: the caged child cannot load a codec once it is asked for.
from encodings import (  # noqa: F401 - loaded for `charsets`, which asks for them by name
    big5hkscs,
    cp932,
    cp949,
    cp1250,
    cp1251,
    cp1252,
    euc_jp,
    gb18030,
    iso2022_jp,
    iso2022_jp_2,
    iso8859_2,
    iso8859_15,
    koi8_r,
    utf_8,
    utf_16,
    utf_16_be,
    utf_16_le,
)
from typing import Final

from watcher import kinds, mime
from watcher.attachments.contents.pages.literals import shorten
from watcher.attachments.contents.pages.reader import LONGEST, Text, both_ends, findings
from watcher.charsets import decode_text
from watcher.model import Finding, Part, Trait

MOST: Final = 200
"""Findings of one file."""
MOST_LINKS: Final = 100

_LARGEST: Final = 8 << 20
"""Octets of a compressed drawing, unpacked."""
_MOST_PARTS: Final = 500
"""Of an MHTML file. Its pages together are read as far as a single one."""
_GZIP: Final = b"\x1f\x8b"
_BYTE_ORDER: Final = (b"\xff\xfe", b"\xfe\xff")
_CHARSET: Final = re.compile(rb"""(?:charset|encoding)\s{0,9}=\s{0,9}["']?([\w.:-]{2,40})""", re.IGNORECASE)
_XML: Final = re.compile(r"\ufeff?\s{0,999}<\?xml", re.IGNORECASE)
_DRAWING: Final = re.compile(
    r"\ufeff?(?>(?:\s+|<!--.*?-->|<\?.*?\?>|<!doctype\s+svg[^>\[]*(?:\[.*?\]\s*)?>)*)<(?:\w+:)?svg\b",
    re.IGNORECASE | re.DOTALL,
)
_NAMESPACE: Final = re.compile(rb"https?://www\.w3\.org/(?:1999/xhtml|2000/svg|1999/XSL/Transform)")
_SAVED: Final = re.compile(rb"(?:\A|\n)(?:From: <Saved by|Content-Type:\s{0,9}multipart/related)", re.IGNORECASE)
_PAGES: Final = frozenset(("text/html", "application/xhtml+xml", "image/svg+xml"))
_DRAWINGS: Final = frozenset(("svg", "svgz"))
_MHTML: Final = frozenset(("mht", "mhtml"))
_STRICT: Final = _DRAWINGS | {"xhtml", "xht", "xml"}


def recognises(filename: str, head: bytes) -> bool:
    """Whether a browser would render it."""
    if kinds.kind(filename, head) == "html":
        return True
    return kinds.extension(filename) in {"xml", "xsl"} and bool(_NAMESPACE.search(head))


def look(filename: str, content: bytes) -> Iterator[Finding]:
    """What is found in it, each thing once: 200 findings at most, 100 of them links."""
    seen: set[Finding] = set()
    links = 0
    for found in _look(kinds.extension(filename), content):
        finding = Finding(found.trait, _clean(found.detail))
        links += finding.trait is Trait.LINK and finding not in seen
        if finding in seen or (finding.trait is Trait.LINK and links > MOST_LINKS):
            continue
        seen.add(finding)
        yield finding
        if len(seen) == MOST:
            return


def _look(extension: str, content: bytes) -> Iterator[Finding]:
    if content.startswith(_GZIP):
        content = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content, _LARGEST)
    if extension in _MHTML or _SAVED.search(content[:4096]):
        yield from _look_through(content)
        return
    text = _decode(content)
    is_drawing = extension in _DRAWINGS or (extension not in {"html", "htm"} and bool(_DRAWING.match(text[:8192])))
    is_xml = is_drawing or extension in _STRICT or (not extension and bool(_XML.match(text[:1024])))
    yield from findings(Text(text, is_xml, is_drawing))


def _look_through(content: bytes) -> Iterator[Finding]:
    """The pages of an MHTML file (RFC 2557), and what is no page but runs."""
    _, parts = mime.split(content)
    room = LONGEST
    for part in parts[:_MOST_PARTS]:
        if part.content_type not in _PAGES:
            yield from _packed(part)
        elif room > 0:
            text = both_ends(_decode(mime.decode(part), part.charset), room)
            room -= len(text)
            is_drawing = "svg" in part.content_type
            yield from findings(Text(text, is_drawing or "xhtml" in part.content_type, is_drawing))


def _packed(part: Part) -> Iterator[Finding]:
    kind = kinds.kind(part.filename, mime.decode(part))
    if kind in {"program", "archive", "disk"}:
        yield Finding(Trait.EMBEDDED_FILE, part.filename or kind)


def _decode(content: bytes, charset: str = "") -> str:
    """The text, long literals cut short and the middle left out where there is too much of it."""
    if content.startswith(_BYTE_ORDER):
        return content[: 4 * LONGEST].decode("utf-16", "replace")
    octets = both_ends(shorten(content.decode("latin-1")), 2 * LONGEST).encode("latin-1")
    declared = _CHARSET.search(octets[:4096])
    try:
        return decode_text(octets, charset or (declared[1].decode("ascii") if declared else ""))
    except OSError:  # a rare charset, whose codec cannot be loaded inside the cage
        return octets.decode("utf-8", "replace")


def _clean(detail: str) -> str:
    """The detail without halves of characters, which cannot be written down."""
    return detail[:1_000].encode("utf-8", "replace").decode("utf-8")
