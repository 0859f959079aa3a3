"""Takes the pictures of the report for the README: docs/report.en.png and docs/report.ja.png.

They are taken anew by hand (`.venv/bin/python tools/report_picture.py`, with Debian's `chromium` and `fonts-noto-cjk`)
when the page has changed. On the left the report as it begins, on the right one mail of it; all mail is invented.
"""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from tests.kit.browser import Browser, browsing
from tests.kit.surveys import month
from watcher.page import Survey, render

DOCS = Path(__file__).parents[1] / "docs"
WIDTH, HEIGHT = 660, 1240
GAP = 12
SHOWN = 7
"""The mail on the right: a card company's name, and a link that leads elsewhere."""


def main() -> None:
    """Take one picture in each language."""
    with browsing() as browser:
        browser.look(WIDTH)
        for language in ("en", "ja"):
            left, right = (photograph(browser, survey, language) for survey in (month(), month(focus=SHOWN)))
            beside(left, right).save(DOCS / f"report.{language}.png", optimize=True)


def photograph(browser: Browser, survey: Survey, language: str) -> Image.Image:
    """The upper part of the page."""
    with TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        page.write_text(render(survey, language), "utf-8")
        browser.open(page)
        return Image.open(io.BytesIO(browser.photograph(HEIGHT)))


def beside(left: Image.Image, right: Image.Image) -> Image.Image:
    """Both next to each other, in 256 colours, which is all that they have."""
    picture = Image.new("RGB", (left.width + GAP + right.width, HEIGHT), "#d8d4ca")
    picture.paste(left, (0, 0))
    picture.paste(right, (left.width + GAP, 0))
    return picture.quantize(dither=Image.Dither.NONE)


if __name__ == "__main__":
    main()
