"""Writes docs/campaign-2015.svg, the chart of docs/campaigns.md; with --check only says whether it is current."""

from __future__ import annotations

import sys
from pathlib import Path

from watcher.page.chart import picture

TARGET = Path(__file__).parents[1] / "docs" / "campaign-2015.svg"
PEOPLE = (23, 31, 46, 153)
"""Who asked for help on each of four days in December 2015 because of mail that posed as Japan Post."""


def drawing() -> str:
    """The whole file."""
    days = [(f"day {number} · {number}日目", [("日本郵便", people)]) for number, people in enumerate(PEOPLE, 1)]
    return picture(days, "People who asked for help about mail that posed as Japan Post, December 2015")


def main() -> int:
    """Write the chart, or compare it."""
    wanted = drawing()
    if "--check" in sys.argv:
        if TARGET.exists() and TARGET.read_text("utf-8") == wanted:
            return 0
        print(f"{TARGET.name} is not current: run make generate", file=sys.stderr)
        return 1
    TARGET.write_text(wanted, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
