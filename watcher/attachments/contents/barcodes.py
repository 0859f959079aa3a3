"""QR codes, in pictures and drawn with characters, and the addresses in them.

A picture in a PDF and a picture file are read alike: both come here. Only QR codes are looked for, Micro QR codes
among them, which cost nothing more: the other symbols that a telephone's camera reads (Aztec, Data Matrix) take five
times as long on a noisy picture and hold tickets and postage, not addresses.

As a format of its own this is a text in which a code is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, islice
from typing import Final

import zxingcpp
from PIL import Image

from watcher.model import Finding, Trait

HEAVY: Final = True
"""Only loaded where there is a picture to look at."""

MOST_PIXELS: Final = 4_000_000
"""Larger pictures are scaled down: a code that is meant to be found still has several pixels a module."""
MOST_CODES: Final = 10

_WHITE: Final = 255
_OPAQUE_WHITE: Final = (_WHITE, _WHITE, _WHITE, _WHITE)

# A camera offers to open what begins like an address, and a host alone. Whatever else a code may hold (Wi-Fi access,
# contact data, payment slips, otpauth: secrets) leads to no site.
_HOST: Final = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,10}[^\W\d_]{2,24}\.?(?::\d{1,5})?"
_ADDRESS: Final = re.compile(rf"(?:https?:|mailto:)\S+|{_HOST}(?:[/?#]\S*)?(?!\S)", re.IGNORECASE)

_MOST_LINES: Final = 200
_MOST_COLUMNS: Final = 400
_FEWEST_LINES: Final = 11
"""The smallest QR code has 21 modules a side (ISO/IEC 18004, 5.3.1), two of which go in a line of half blocks."""
_FEWEST_COLUMNS: Final = 7
"""Of the last lines only the finder pattern may be left, where blanks at the end were trimmed."""
_MOST_DRAWINGS: Final = 5
_SCALE: Final = 3
"""Pixels a side, of what is drawn with one half of a narrow character."""
_MARGIN: Final = 4
"""Modules of white around a code (5.3.8), which a mail's text does not keep."""

_DARK, _LIGHT = "\0", "\xff"
_UPPER: Final = str.maketrans(
    {"█": _DARK, "▀": _DARK, "▄": _LIGHT, "#": _DARK, " ": _LIGHT, "\xa0": _LIGHT}
    | {"■": _DARK * 2, "⬛": _DARK * 2, "□": _LIGHT * 2, "⬜": _LIGHT * 2, "\u3000": _LIGHT * 2}
)
"""What the upper half of a character shows: one column, or two for the wide ones."""
_LOWER: Final = _UPPER | str.maketrans({"▀": _LIGHT, "▄": _DARK})
_DRAWN: Final = re.compile(rf"(?=.*[█▀▄#■⬛□⬜])[█▀▄# \xa0■⬛□⬜\u3000]{{{_FEWEST_COLUMNS},{_MOST_COLUMNS}}}")


def recognises(_filename: str, head: bytes) -> bool:
    """Whether a code may be drawn in it: lines enough that consist of blocks alone."""
    return any(_drawings(head.decode(errors="ignore")))


def look(_filename: str, content: bytes) -> Iterator[Finding]:
    """The addresses in the codes that are drawn in it."""
    for address in text_codes(content.decode(errors="replace")):
        yield Finding(Trait.QR_CODE, address)


def codes(image: Image.Image) -> Iterator[str]:
    """The addresses in a picture's QR codes, as they stand there, each once; at most `MOST_CODES`.

    Args:
        image: of any mode. Of an animation the frame that is shown first is read. The caller has made sure that it
            may be decoded: all its pixels will be.

    Raises:
        Exception: of any kind, where a picture that has not been decoded yet is damaged.
    """
    for view in _views(image):
        found = dict.fromkeys(filter(None, map(_address, _read(view))))
        yield from islice(found, MOST_CODES)
        if found:
            return


def text_codes(text: str) -> Iterator[str]:
    """The addresses in QR codes that a text draws with block characters (█▀▄ or ■⬛), or with "##" and two blanks.

    At most five drawings are looked at, 200 lines of 400 columns each; blank lines in them are left out.
    """
    for rows in islice(_drawings(text), _MOST_DRAWINGS):
        yield from _drawn_codes(rows)


def _views(image: Image.Image) -> Iterator[Image.Image]:
    """The picture in grey, on white; and the shape that it leaves transparent, for a code that is white itself."""
    image.draft("L", _fitting(image.size))  # a JPEG is decoded in grey, and at half its size where that is enough
    if not image.has_transparency_data:
        yield _shrink(image.getchannel("L") if image.mode == "LAB" else image.convert("L"))
        return
    layer = _shrink(image.convert("RGBA"))
    paper = Image.new("RGBA", layer.size, _OPAQUE_WHITE)
    paper.alpha_composite(layer)
    yield paper.convert("L")
    yield layer.getchannel("A")


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    width, height = size
    factor = min(1.0, (MOST_PIXELS / (width * height)) ** 0.5)
    return max(1, int(width * factor)), max(1, int(height * factor))


def _shrink(image: Image.Image) -> Image.Image:
    size = _fitting(image.size)
    return image if size == image.size else image.resize(size, Image.Resampling.BILINEAR)


def _read(image: Image.Image) -> Iterator[str]:
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.MicroQRCode])
    found = zxingcpp.read_barcodes(image, formats=formats, text_mode=zxingcpp.TextMode.Plain)
    return (barcode.text for barcode in found)


def _address(text: str) -> str:
    found = _ADDRESS.match(text.strip())
    return found[0] if found else ""


def _drawings(text: str) -> Iterator[list[str]]:
    """Every run of lines that consist of blocks alone and are as many as a code needs."""
    lines = (line.rstrip() for line in text.splitlines() if line.strip())
    groups = groupby(lines, key=lambda line: bool(_DRAWN.fullmatch(line)))
    drawings = (list(islice(drawing, _MOST_LINES)) for is_drawn, drawing in groups if is_drawn)
    return (rows for rows in drawings if len(rows) >= _FEWEST_LINES)


def _drawn_codes(rows: list[str]) -> Iterator[str]:
    """Try both: a module is one half of a character, or two characters beside each other; or it is one character."""
    drawing = _draw(rows)
    for stretch in (1, 2):
        size = (drawing.width * _SCALE * stretch, drawing.height * _SCALE)
        found = tuple(codes(drawing.resize(size, Image.Resampling.NEAREST)))
        yield from found
        if found:
            return


def _draw(rows: list[str]) -> Image.Image:
    """A character is one pixel wide, or two, and two pixels high."""
    halves = [row.translate(table)[:_MOST_COLUMNS] for row in rows for table in (_UPPER, _LOWER)]
    width = max(map(len, halves)) + 2 * _MARGIN
    margin = _LIGHT * width * _MARGIN
    pixels = margin + "".join((_LIGHT * _MARGIN + half).ljust(width, _LIGHT) for half in halves) + margin
    return Image.frombytes("L", (width, len(halves) + 2 * _MARGIN), pixels.encode("latin-1"))
