"""Writes docs/campaign-2015.svg, the chart of docs/campaigns.md; with --check only says whether it is current."""

from __future__ import annotations

import sys
from pathlib import Path

from watcher.page.chart import picture

TARGET = Path(__file__).parents[1] / "docs" / "campaign-2015.svg"
PEOPLE = {14: 23, 15: 31, 16: 46, 17: 153}
"""Inquiries at Japan Post's own service centre about such mail, by the day of December 2015.

SankeiBiz, 2015-12-18, 19:54 (sankeibiz.jp, bsj1512181954005).
"""


def drawing() -> str:
    """The whole file."""
    days = [(f"2015-12-{day}", [("日本郵便", people)]) for day, people in PEOPLE.items()]
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
