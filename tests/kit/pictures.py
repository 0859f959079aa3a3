"""Pictures with and without QR codes, drawn here: no photograph shows anything."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import segno
from PIL import Image

import watcher

ADDRESS = "https://login.example/account?id=7"


def matrix(text: str = ADDRESS, *, micro: bool = False) -> list[list[bool]]:
    """The modules of a QR code, true for dark, without its margin."""
    return [[bool(module) for module in row] for row in segno.make(text, micro=micro).matrix]


def draw_code(text: str = ADDRESS, scale: int = 6, *, micro: bool = False) -> Image.Image:
    """A QR code in grey, with its margin of four modules."""
    modules = matrix(text, micro=micro)
    side = len(modules) + 8
    image = Image.new("L", (side, side), 255)
    for y, row in enumerate(modules):
        for x, dark in enumerate(row):
            image.putpixel((x + 4, y + 4), 0 if dark else 255)
    return image.resize((side * scale, side * scale), Image.Resampling.NEAREST)


def put_on_page(code: Image.Image, width: int = 1240, height: int = 1754) -> Image.Image:
    """A white page, A4 at 150 dpi, with lines that stand for text, and a picture in its lower half."""
    page = Image.new("L", (width, height), 255)
    for y in range(height // 10, height // 2, height // 50):
        page.paste(60, (width // 10, y, width * 9 // 10 - (y * 37) % (width // 4), y + height // 120))
    page.paste(code, (width // 3, height * 11 // 20))
    return page


def draw_scene(width: int = 1200, height: int = 900) -> Image.Image:
    """Soft shapes in colour, as in a photograph."""
    bands = [Image.linear_gradient("L"), Image.radial_gradient("L"), Image.linear_gradient("L").rotate(90)]
    return Image.merge("RGB", bands).resize((width, height))


def encode(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    """The picture as a file of any format that Pillow writes."""
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def camera(make: str = "Nikon", model: str = "Z 6") -> Image.Exif:
    """What a camera writes into its pictures."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = make, model
    return exif


def cut_out(code: Image.Image, ink: int) -> Image.Image:
    """The dark modules in one grey, and nothing at all where the light ones are."""
    image = Image.new("RGBA", code.size, (ink, ink, ink, 0))
    image.putalpha(code.point(lambda value: 255 - value))
    return image


def animate(*frames: Image.Image) -> bytes:
    """An animated GIF."""
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=500)
    return buffer.getvalue()


def crowd_of_eyes(side: int = 2000) -> Image.Image:
    """Finder patterns without end, so that a reader tries to make codes of any three of them."""
    eye = Image.new("L", (9, 9), 255)
    eye.paste(0, (1, 1, 8, 8))
    eye.paste(255, (2, 2, 7, 7))
    eye.paste(0, (3, 3, 6, 6))
    image = Image.new("L", (side, side), 255)
    for y in range(0, side, 9):
        for x in range(0, side, 9):
            image.paste(eye, (x, y))
    return image


# Drawn with characters.


def type_code(dark: str, light: str, text: str = ADDRESS, margin: int = 2) -> str:
    """A QR code of which each module is typed as `dark` or `light`."""
    return "\n".join("".join(dark if module else light for module in row) for row in _padded(text, margin))


def type_halves(*, inverted: bool = False, text: str = ADDRESS, margin: int = 2) -> str:
    """A QR code of which each character holds two modules, as terminals show it."""
    rows = [[module is not inverted for module in row] for row in _padded(text, margin)]
    rows += [[inverted] * len(rows[0])] * (len(rows) % 2)
    return "\n".join("".join(_halves(rows[y], rows[y + 1])) for y in range(0, len(rows), 2))


def _halves(upper: list[bool], lower: list[bool]) -> Iterator[str]:
    return (" ▄▀█"[2 * above + below] for above, below in zip(upper, lower, strict=True))


def _padded(text: str, margin: int) -> list[list[bool]]:
    rows = [[False] * margin + row + [False] * margin for row in matrix(text)]
    blank = [[False] * len(rows[0])] * margin
    return blank + rows + blank


# In the cage.

_CAGED = """
import base64, importlib, json, sys
from watcher.attachments.child import confine
module = importlib.import_module(sys.argv[1])
files = [base64.b64decode(line) for line in sys.stdin]
confine()
for file in files:
    try:
        print(json.dumps([finding.detail for finding in module.look("", file)]))
    except Exception as error:
        print(json.dumps(repr(error)))
"""


def look_caged(module: str, files: Iterable[bytes]) -> list[Any]:
    """For each file the details of what `module` finds under the limits of the caged child, or the error, in words."""
    given = b"".join(base64.b64encode(file) + b"\n" for file in files)
    room = Path(watcher.__file__).parent.parent
    run = subprocess.run([sys.executable, "-c", _CAGED, module], input=given, capture_output=True, check=True, cwd=room)
    assert run.stderr == b""
    return [json.loads(line) for line in run.stdout.splitlines()]
