"""Records the demo as the pictures of the README: docs/demo.en.svg and docs/demo.ja.svg.

They are drawn anew by hand (`.venv/bin/python tools/picture.py`) when the demo has changed: its times differ each run.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.cells import cell_len

from watcher.demo.screen import Screen
from watcher.demo.show import tell

DOCS = Path(__file__).parents[1] / "docs"
WIDTH = 100
CELL = 12.2
"""Width of a cell in Rich's drawing."""

# Rich's frame would fetch its font from elsewhere; a picture of ours names nobody's server.
FRAME = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


def main() -> None:
    """Run the demo once in each language."""
    for language in ("en", "ja"):
        screen = Screen(language, WIDTH)
        tell(screen, keep=False)
        drawn = screen.console.export_svg(title="watcher demo", code_format=FRAME)
        (DOCS / f"demo.{language}.svg").write_text(_spread(drawn), "utf-8")


def _spread(drawn: str) -> str:
    """Give wide characters the two cells that they take: Rich draws each character as wide as one."""
    return re.sub(r'textLength="[\d.]+"([^>]*)>([^<]*)<', _as_wide_as_its_cells, drawn)


def _as_wide_as_its_cells(text: re.Match[str]) -> str:
    width = round(cell_len(html.unescape(text[2])) * CELL, 1)
    return f'textLength="{width}"{text[1]}>{text[2]}<'


if __name__ == "__main__":
    main()
