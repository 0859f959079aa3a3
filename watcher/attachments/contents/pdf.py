"""PDF documents: what they do when they are opened or clicked at, and where they lead.

References are to ISO 32000-2. qpdf repairs what is damaged, as every viewer does, and decrypts what opens without a
password. What is read is chosen, not searched for: the document's own actions, its named scripts and files, its
outline, its forms, and the annotations of its pages. QR codes are looked for in the pictures of the first pages; one
that is drawn with lines is not seen, for no page is rendered.
"""

from __future__ import annotations

import io
import logging
import warnings
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import chain, islice
from operator import itemgetter
from typing import Final, TypeGuard

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream, String
from PIL import Image

from watcher import kinds
from watcher.attachments.contents import pictures
from watcher.attachments.contents.barcodes import MOST_PIXELS, codes
from watcher.attachments.limits import KIB, LONGEST_DETAIL, MIB, Limits
from watcher.model import Finding, Trait

HEAVY: Final = True
"""Only loaded where there is a document or a picture to look at."""

_MOST_LINKS: Final = 100
_MOST_OTHERS: Final = 20
"""Findings of any other trait."""
_MOST_PAGES: Final = 200
_MOST_ANNOTATIONS: Final = 20_000
"""On all pages together."""
_MOST_KNOTS: Final = 2000
"""Of one tree: of pages, names, fields, outline entries."""
_MOST_NAMES: Final = 1000
"""Scripts and files in a name tree."""
_LONGEST_CHAIN: Final = 30
"""Actions of which each starts the next, and levels of the page tree above a page."""

_LONGEST_NAME: Final = 280
"""Characters."""

_MOST_VALUES: Final = 60
"""Of one dictionary that names pictures, or what is done when."""

_PAGES_WITH_PICTURES: Final = 3
_MOST_PICTURES: Final = 60
_MOST_DRAWN: Final = 6 * MOST_PIXELS
"""Pixels of all pictures together: six of the largest that are looked at, or many small ones."""
_SMALLEST_SIDE: Final = 21
"""Pixels: a code has as many modules (ISO/IEC 18004, 5.3.1)."""
_MOST_INFLATED: Final = 32 * MIB
"""Octets of one stream that qpdf unpacks: a picture, or one that packs objects together."""

_PACKINGS: Final = frozenset({"/FlateDecode", "/RunLengthDecode", "/ASCIIHexDecode", "/ASCII85Decode"})
"""Filters that qpdf unpacks within a bound; not LZW."""
_FLATE, _JPEG, _FAX = "/FlateDecode", "/DCTDecode", "/CCITTFaxDecode"


def recognises(_filename: str, head: bytes) -> bool:
    """Whether the header stands where Adobe's own reader still finds it."""
    return b"%PDF-" in head[:KIB]


def look(_filename: str, content: bytes) -> Iterator[Finding]:
    """What is hidden in it, each once. Raises whatever pikepdf does where it is beyond repair, unless it was cut."""
    _bound_qpdf()
    try:
        pdf = pikepdf.open(io.BytesIO(content), inherit_page_attributes=False)
    except pikepdf.PasswordError:
        yield Finding(Trait.ENCRYPTED)
        return
    except pikepdf.PdfError as error:
        if "encryption" in str(error):  # by certificate, or in a way of the maker's own
            yield Finding(Trait.ENCRYPTED)
        elif len(content) != Limits().content:
            raise
        return
    with pdf:
        yield from _bounded(_findings(pdf.Root))


def _bound_qpdf() -> None:
    """And silence it: for the whole process, as there is no other way; always the same, and nobody else uses it."""
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=_MOST_INFLATED,
        png_max_memory=_MOST_INFLATED,
        tiff_max_memory=_MOST_INFLATED,
        run_length_max_memory=_MOST_INFLATED,
    )
    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)  # what qpdf says of damage that it repairs


def _bounded(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Each once, and so many of each trait that none crowds out the others."""
    seen: dict[Trait, set[str]] = {trait: set() for trait in Trait}
    for finding in findings:
        details, detail = seen[finding.trait], finding.detail[:LONGEST_DETAIL]
        most = _MOST_LINKS if finding.trait is Trait.LINK else _MOST_OTHERS
        if detail not in details and len(details) < most:
            details.add(detail)
            yield replace(finding, detail=detail)


def _findings(root: Object) -> Iterator[Finding]:
    """First what acts of its own accord and what is carried along, then the pages, then their pictures."""
    names = _get(root, "/Names")
    yield from _acts(root)
    for script in _named(_get(names, "/JavaScript")):
        yield from _action(script)
    for file in _named(_get(names, "/EmbeddedFiles")):
        yield _embedded(file)
    for field in _tree(_get(root, "/AcroForm"), "/Fields", "/Kids"):
        yield from _acts(field)
    pages = list(islice(_pages(root), _MOST_PAGES))
    annotations = chain.from_iterable(_items(_get(page, "/Annots")) for page in pages)
    for page in pages:
        yield from _acts(page)
    for annotation in islice(annotations, _MOST_ANNOTATIONS):
        yield from _annotated(annotation)
    for entry in _tree(_get(root, "/Outlines"), "/First", "/Next"):
        yield from _acts(entry)
    for text in _scanned(pages[:_PAGES_WITH_PICTURES]):
        yield Finding(Trait.QR_CODE, text)


# The document's structure.


def _get(node: object, key: str) -> object:
    return node.get(key) if isinstance(node, Dictionary | Stream) else None


def _values(node: object) -> list[object]:
    """The first values of a dictionary, by their keys, which need not be texts: so they cannot be asked for."""
    pairs = node.items() if isinstance(node, Dictionary) else ()
    return [value for _, value in sorted(pairs, key=itemgetter(0))[:_MOST_VALUES]]


def _items(value: object, most: int = _MOST_ANNOTATIONS) -> Iterator[object]:
    """The first elements of an array; whatever else there is, is taken for the only one."""
    if isinstance(value, Array):
        yield from (value[index] for index in range(min(len(value), most)))
    elif value is not None:
        yield value


def _tree(root: object, *branches: str) -> Iterator[Dictionary]:
    """The knots of a tree in their order, each once: what is hostile may go round in circles."""
    waiting, seen = [root], set()
    for _ in range(_MOST_KNOTS):
        if not waiting:
            return
        knot = waiting.pop()
        if not isinstance(knot, Dictionary) or (knot.is_indirect and knot.objgen in seen):
            continue
        seen.add(knot.objgen)
        yield knot
        grown = chain.from_iterable(_items(knot.get(branch), _MOST_KNOTS) for branch in branches)
        waiting += reversed(list(islice(grown, _MOST_KNOTS)))


def _named(root: object) -> Iterator[object]:
    """The values of a name tree (7.9.6)."""
    leaves = (islice(_items(_get(knot, "/Names")), 1, None, 2) for knot in _tree(root, "/Kids"))
    return islice(chain.from_iterable(leaves), _MOST_NAMES)


def _pages(root: Object) -> Iterator[Dictionary]:
    return (knot for knot in _tree(_get(root, "/Pages"), "/Kids") if "/Kids" not in knot)


def _inherited(page: object, key: str) -> object:
    """An attribute of a page, which may stand above it in the tree (7.7.3.4)."""
    for _ in range(_LONGEST_CHAIN):
        value = _get(page, key)
        if value is not None:
            return value
        page = _get(page, "/Parent")
    return None


# Actions (12.6).


def _acts(holder: object) -> Iterator[Finding]:
    """What is done when the document is opened, something is clicked at, or anything else happens to it."""
    happenings = _values(_get(holder, "/AA"))
    for action in (_get(holder, "/OpenAction"), _get(holder, "/A"), _get(holder, "/PA"), *happenings):
        yield from _action(action)


def _action(first: object) -> Iterator[Finding]:
    """What an action does, and those do that follow it."""
    waiting = deque([first])
    for _ in range(_LONGEST_CHAIN):
        action = waiting.popleft() if waiting else None
        if not isinstance(action, Dictionary):
            return
        yield from _done(action)
        waiting += _items(_get(action, "/Next"), _LONGEST_CHAIN)


def _done(action: object) -> Iterator[Finding]:
    kind = _text(_get(action, "/S"))
    if kind == "/URI" and (address := _text(_get(action, "/URI"))):
        yield Finding(Trait.LINK, address)
    if kind == "/Launch":
        yield Finding(Trait.LAUNCH, _launched(action))
    if kind == "/SubmitForm":
        yield Finding(Trait.FORM, _file_name(_get(action, "/F")))
    if kind == "/JavaScript" or _get(action, "/JS") is not None:  # a rendition may run one too
        yield Finding(Trait.SCRIPT, _text(_get(action, "/JS")))


def _launched(action: object) -> str:
    """The program or file, and what is said to it on Windows (12.6.4.6)."""
    windows = _get(action, "/Win")
    told = (_file_name(_get(action, "/F")), _file_name(_get(windows, "/F")), _text(_get(windows, "/P")))
    return " ".join(dict.fromkeys(filter(None, told)))


def _annotated(annotation: object) -> Iterator[Finding]:
    yield from _acts(annotation)
    if _text(_get(annotation, "/Subtype")) == "/FileAttachment":
        yield _embedded(_get(annotation, "/FS"))


# Files within (7.11).


def _file_name(specification: object) -> str:
    """As it is shown, where several are given."""
    names = (_text(_get(specification, key)) for key in ("/UF", "/F", "/Unix", "/DOS", "/Mac"))
    return next(filter(None, names), "") if isinstance(specification, Dictionary) else _text(specification)


def _embedded(specification: object) -> Finding:
    """Its name and, where it is a program by that or by its first octets, that it is."""
    name, files = _file_name(specification), _get(specification, "/EF")
    file = _get(files, "/UF") or _get(files, "/F")
    is_program = kinds.kind(name, _start(file, 4 * KIB)) == "program"
    return Finding(Trait.EMBEDDED_FILE, _shorten(name) + " (program)" * is_program)


def _shorten(name: str) -> str:
    """Cut in its middle: its end tells what it is."""
    return name if len(name) <= _LONGEST_NAME else f"{name[:100]}…{name[101 - _LONGEST_NAME :]}"


def _text(value: object) -> str:
    """A text or a name; of a text that is a stream of its own, the beginning."""
    if isinstance(value, Stream):
        value = String(_start(value, 2 * LONGEST_DETAIL))
    if not isinstance(value, String | Name):
        return ""
    try:
        return str(value)
    except UnicodeDecodeError:
        return bytes(value).decode("latin-1")


def _start(stream: object, octets: int) -> bytes:
    """The first octets of a stream, unpacked; none where it is damaged, or packed in an unusual way."""
    with suppress(zlib.error, pikepdf.PdfError):
        return _unpack(stream, _filters(stream), octets) if isinstance(stream, Stream) else b""
    return b""


def _unpack(stream: Stream, packings: list[str], octets: int) -> bytes:
    packed = stream.read_raw_bytes()
    if packings == [_FLATE]:
        return zlib.decompressobj().decompress(packed, octets)
    return b"" if packings else packed[:octets]


def _filters(stream: object) -> list[str]:
    return [_text(name) for name in _items(_get(stream, "/Filter"), 10)]


# Pictures (8.9.5).


def _scanned(pages: list[Dictionary]) -> Iterator[str]:
    """The addresses in the QR codes on these pages."""
    left = _MOST_DRAWN
    for drawing in islice(_drawings(pages), _MOST_PICTURES):
        pixels, texts = _read(drawing)
        left -= pixels
        yield from texts
        if left < MOST_PIXELS:  # another might be too much
            return


def _drawings(pages: list[Dictionary]) -> Iterator[Stream]:
    """What pages may show, and their forms, which are pages in a page (8.10); the shapes of what is transparent too."""
    waiting = deque(_inherited(page, "/Resources") for page in pages)
    seen: set[tuple[int, int]] = set()
    for _ in range(_MOST_PICTURES):
        for shown in _shown(waiting.popleft()) if waiting else ():
            if shown.objgen not in seen:
                seen.add(shown.objgen)
                waiting.append(_get(shown, "/Resources"))
                yield from filter(_is_of_use, (shown, shown.get("/SMask"), shown.get("/Mask")))


def _shown(resources: object) -> Iterator[Stream]:
    return (shown for shown in _values(_get(resources, "/XObject")) if isinstance(shown, Stream))


def _is_of_use(drawing: object) -> TypeGuard[Stream]:
    """Whether it is a picture that may hold a code, and can be unpacked within a bound."""
    width, height = _get(drawing, "/Width"), _get(drawing, "/Height")
    if not (isinstance(drawing, Stream) and isinstance(width, int) and isinstance(height, int)):
        return False
    *packings, last = _filters(drawing) or [_FLATE]
    is_readable = _PACKINGS.issuperset(packings) and last in {*_PACKINGS, _JPEG, _FAX}
    return is_readable and min(width, height) >= _SMALLEST_SIDE and width * height <= MOST_PIXELS


def _read(drawing: Stream) -> tuple[int, list[str]]:
    """How many pixels were looked at, and the addresses in their QR codes."""
    pixels = int(drawing.Width) * int(drawing.Height)
    with warnings.catch_warnings(), suppress(Exception):  # the damage of one picture says nothing of the document
        warnings.simplefilter("ignore")
        with _picture(drawing) as image:
            pixels = max(pixels, image.width * image.height)  # a JPEG may be larger than it is said to be
            return pixels, list(codes(image)) if pixels <= MOST_PIXELS else []
    return pixels, []


def _picture(drawing: Stream) -> Image.Image:
    filters = _filters(drawing)
    if filters in ([_JPEG], [_FLATE, _JPEG]):
        return pictures.open_picture(_unpack(drawing, filters[:-1], _MOST_INFLATED), ["JPEG"])
    return pikepdf.PdfImage(drawing).as_pil_image(apply_decode_array=False, apply_mask=False)
