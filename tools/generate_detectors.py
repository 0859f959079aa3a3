"""Writes docs/detectors.md from the docstrings of the detectors; with --check only says whether it is current."""

from __future__ import annotations

import sys
from pathlib import Path

from watcher.detectors import Detector, load

TARGET = Path(__file__).parents[1] / "docs" / "detectors.md"
HEAD = """# The detectors

Each is one file in `watcher/detectors/` and yields facts; `watcher/judge.py` says how facts are weighed. This page is
written by `make generate` from their docstrings.
"""


def page(detectors: tuple[Detector, ...]) -> str:
    """The whole page."""
    return "\n".join([HEAD, *map(section, detectors)])


def section(detector: Detector) -> str:
    """One detector: its first line, then its headed parts."""
    summary, _, parts = detector.manual.partition("\n\n")
    lines = [f"## {detector.name}", "", summary, ""]
    for line in parts.splitlines():
        if line and not line.startswith(" "):
            lines += [f"**{line.rstrip(':')}.**"]
        else:
            lines.append(line.strip())
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Write the page, or compare it."""
    wanted = page(load())
    if "--check" in sys.argv:
        if TARGET.exists() and TARGET.read_text("utf-8") == wanted:
            return 0
        print(f"{TARGET.name} is not current: run make generate", file=sys.stderr)
        return 1
    TARGET.write_text(wanted, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
