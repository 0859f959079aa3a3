"""Pictures: QR codes that lead somewhere.

A photograph is left alone, as other filters leave it: what a camera happened to see was not drawn to be scanned. It is
told by the camera's name in its EXIF data, or by more than 3,000 pixels a side.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from watcher.attachments.contents.barcodes import codes
from watcher.attachments.limits import Limits
from watcher.model import Finding, Trait

HEAVY: Final = True
"""Only loaded where there is a picture to look at."""

LARGEST_SIDE: Final = 3000
"""Pixels, beyond which a picture passes for a photograph: so no more than nine million are ever decoded."""

_LOADED: Final = (
    BmpImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
"""Pillow loads them when they are first needed, two even where they are not: the cage lets no file be opened then."""

_FORMATS: Final = ("BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP")
_MAGIC: Final = re.compile(
    rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|II[*+]\0|MM\0[*+]|BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0{3}",
    re.DOTALL,
)
"""The last is the size of the header that follows in a BMP file, which "BM" alone does not make."""

_MAKE, _MODEL = 0x010F, 0x0110  # EXIF 2.32, 4.6.4


def recognises(_filename: str, head: bytes) -> bool:
    """Whether it begins as a picture does that is read here; its name says nothing."""
    return bool(_MAGIC.match(head))


def look(_filename: str, content: bytes) -> Iterator[Finding]:
    """The addresses in its QR codes. Raises whatever Pillow does where it is damaged, unless it was cut."""
    try:
        texts = _texts(content)
    except Image.DecompressionBombError:
        return  # many times larger than any photograph
    except Exception:
        if len(content) == Limits().content:
            return
        raise
    for text in texts:
        yield Finding(Trait.QR_CODE, text)


def open_picture(content: bytes, formats: Sequence[str] = _FORMATS) -> Image.Image:
    """The picture, not decoded yet. Raises whatever Pillow does, DecompressionBombError where it is far too large."""
    return Image.open(io.BytesIO(content), formats=tuple(formats))


def _texts(content: bytes) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's remarks on what is odd: nobody reads them
        with open_picture(content) as image:
            return [] if _is_photograph(image) else list(codes(image))


def _is_photograph(image: Image.Image) -> bool:
    if max(image.size) > LARGEST_SIDE:
        return True
    with suppress(Exception):  # damaged EXIF data proves nothing
        exif = image.getexif()
        return bool(exif.get(_MAKE) or exif.get(_MODEL))
    return False
