"""Figures, their budgets, and the table that is printed and kept in docs/performance.md."""

from __future__ import annotations

import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

DOCUMENT = Path(__file__).parent.parent / "docs" / "performance.md"

_BARE_MEMORY = "import re; print(re.search(r'Rss: +([0-9]+)', open('/proc/self/smaps_rollup').read())[1])"


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured.

    Args:
        what: in words.
        value: in `unit`.
        unit: "ms", "MB", "%", and so on.
        budget: the most that it may be, in the same unit; None where nothing is promised.
        least: the least that it may be, where more is better; in the same unit.
    """

    what: str
    value: float
    unit: str
    budget: float | None = None
    least: float | None = None

    @property
    def promise(self) -> str:
        """What it may be, and whether it is not; empty where nothing is promised."""
        if self.budget is not None:
            return f"≤ {_number(self.budget)} {self.unit}" + " **over**" * (self.value > self.budget)
        if self.least is not None:
            return f"≥ {_number(self.least)} {self.unit}" + " **under**" * (self.value < self.least)
        return ""


def bare_start() -> Figure:
    """How long `python -c pass` takes here and now: the yardstick of everything absolute."""
    command = [sys.executable, "-c", "pass"]
    return Figure(
        "`python -c pass`, from start to end", 1000 * statistics.median(_time(command) for _ in range(11)), "ms"
    )


def bare_memory() -> Figure:
    """What a Python without any program occupies."""
    command = [sys.executable, "-c", _BARE_MEMORY]
    run = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter
    return Figure("`python -c pass`, resident", int(run.stdout) / 1024, "MB")


def middle(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)


def worst(values: Sequence[float], hundredth: int = 99) -> float:
    """The percentile, of what was measured and not of what lies between: with few values the largest."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * hundredth // 100)]


def publish(name: str, figures: Sequence[Figure], remark: str = "") -> None:
    """Print the figures as a table, and keep it in the document between the markers of that name.

    Args:
        name: of the bench module.
        figures: in the order of the table.
        remark: what stands below it.
    """
    table = "\n\n".join(filter(None, [_table(figures), remark]))
    print(table, end="\n\n")
    text = DOCUMENT.read_text("utf-8")
    begin, end = f"<!-- {name}: written by make bench -->", f"<!-- end of {name} -->"
    between = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if not between.search(text):
        raise SystemExit(f"{DOCUMENT.name} has no place for {name}")
    written = f"{begin}\n\n{table}\n\n{_circumstances()}\n\n{end}"
    DOCUMENT.write_text(between.sub(lambda _: written, text), "utf-8")


def _table(figures: Sequence[Figure]) -> str:
    """In Markdown, and readable as it stands."""
    rows = [("measured", "figure", "budget"), *map(_row, figures)]
    what, figure, budget = (max(len(row[column]) for row in rows) for column in range(3))
    lines = [f"| {row[0]:<{what}} | {row[1]:>{figure}} | {row[2]:<{budget}} |" for row in rows]
    lines.insert(1, f"| {'-' * what} | {'-' * (figure - 1)}: | {'-' * budget} |")
    return "\n".join(lines)


def _row(figure: Figure) -> tuple[str, str, str]:
    return figure.what, f"{_number(figure.value)} {figure.unit}", figure.promise


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def _circumstances() -> str:
    load = os.getloadavg()[0]
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {platform.system()}"
        f" {platform.machine()}, {os.cpu_count()} processors, load {load:.1f}."
    )


def _time(command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True)  # noqa: S603 - our own interpreter
    return time.perf_counter() - started
