"""Bar charts as SVG: no script, no font from elsewhere, readable aloud, in light and dark. Pure, and of use anywhere.

A chart inside a page takes the width that it is given while its words keep their size: places across are per cent,
places down are pixels. Its colours are those of `STYLE`, which has to stand in the page once; a chart in a file of its
own brings it along.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape
from itertools import accumulate

Stack = tuple[str, Sequence[tuple[str, int]]]
"""What to call a day or a week, and how many there were of each series."""

STYLE = """\
.chart, .swatch {
  --s0: #2c6e9b; --s1: #d98324; --s2: #4f9d69; --s3: #a8527f; --s4: #7667b3; --s5: #b89b1f; --s6: #8d979f;
  color: #2a3137; font-family: system-ui, "Noto Sans CJK JP", "Hiragino Sans", sans-serif;
}
.chart { display: block; overflow: visible; }
.chart text { fill: currentColor; font-size: 12px; text-anchor: middle; }
.chart .day { opacity: .75; }
.chart .ground { stroke: currentColor; stroke-opacity: .35; }
.s0 { fill: var(--s0); } .s1 { fill: var(--s1); } .s2 { fill: var(--s2); } .s3 { fill: var(--s3); }
.s4 { fill: var(--s4); } .s5 { fill: var(--s5); } .s6 { fill: var(--s6); }
@media (prefers-color-scheme: dark) {
  .chart, .swatch {
    --s0: #6fb1dc; --s1: #f0a95a; --s2: #7cc695; --s3: #d88bb2; --s4: #a99ce0; --s5: #dcc458; --s6: #9aa5ad;
    color: #e4e6e3;
  }
}
"""
"""CSS of charts. Series have the colours s0 to s5 in their order; s6, grey, is for those behind them."""

_COLOURS = 7
_HEIGHT = 196
_TOP = 34
"""Room for the highest bar's number, and for what slivers that were made visible add to it."""
_GROUND = 172
_SLIVER = 2
"""Pixels that even the smallest number gets."""
_FILLED = 0.74
"""Of a day's room by its bar."""
_WIDEST = 9.0
"""Per cent of the chart that a bar takes at most."""
_MOST_LABELS = 7
"""Days that are named; more would not stand beside each other on a phone."""
_SPARK = (120, 24)


def bars(days: Sequence[Stack], title: str, series: Sequence[str] = ()) -> str:
    """A chart to stand in a page: one bar a day, its series on top of each other, its sum above.

    Args:
        days: in the order of time.
        title: what is counted. The numbers themselves become the description that is read aloud.
        series: the order of colours; that in which they occur when empty.
    """
    return f'<svg class="chart" role="img" width="100%" height="{_HEIGHT}">{_drawing(days, title, series)}</svg>'


def picture(days: Sequence[Stack], title: str, width: int = 640) -> str:
    """The same chart as a file of its own.

    Args:
        days: in the order of time.
        title: what is counted.
        width: in pixels.
    """
    size = f'width="{width}" height="{_HEIGHT}" viewBox="0 0 {width} {_HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" {size}>'
    return f"{head}<style>{STYLE}</style>{_drawing(days, title, ())}</svg>\n"


def spark(days: Sequence[tuple[str, int]], title: str) -> str:
    """A chart no larger than a few words: bars alone.

    Args:
        days: what to call each, and its number.
        title: what is counted.
    """
    width, height = _SPARK
    slot, highest = width / max(len(days), 1), max((count for _, count in days), default=0) or 1
    drawn = (
        _bar(index * slot, height, (min(slot * _FILLED, 14), count / highest * (height - 2)), f"{label}: {count}")
        for index, (label, count) in enumerate(days)
        if count
    )
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    words = f"<title>{escape(title)}</title><desc>{escape(_aloud(days))}</desc>"
    return f'<svg class="chart spark" role="img" {size}>{words}{"".join(drawn)}</svg>'


def swatch(index: int) -> str:
    """A spot of the colour of the series of that index, for a legend; nothing to be read aloud."""
    colour = min(index, _COLOURS - 1)
    spot = f'<rect class="s{colour}" width="12" height="12" rx="3"/>'
    return f'<svg class="swatch" aria-hidden="true" width="12" height="12">{spot}</svg>'


def _drawing(days: Sequence[Stack], title: str, series: Sequence[str]) -> str:
    names = series or tuple(dict.fromkeys(name for _, counts in days for name, _ in counts))
    sums = [(label, sum(count for _, count in counts)) for label, counts in days]
    scale = (_GROUND - _TOP) / (max((total for _, total in sums), default=0) or 1)
    slot = 100 / max(len(days), 1)
    columns = "".join(
        part
        for index, day in enumerate(days)
        for part in _column(day, ((index + 0.5) * slot, min(slot * _FILLED, _WIDEST)), scale, names)
    )
    labels = "".join(_labels([label for label, _ in days], slot))
    ground = f'<line class="ground" x1="0" x2="100%" y1="{_GROUND}.5" y2="{_GROUND}.5"/>'
    return f"<title>{escape(title)}</title><desc>{escape(_aloud(sums))}</desc>{columns}{ground}{labels}"


def _column(day: Stack, across: tuple[float, float], scale: float, names: Sequence[str]) -> Iterator[str]:
    """The bar of one day, and the number above it.

    Args:
        day: its label and numbers.
        across: its middle and its width, in per cent.
        scale: pixels that one of what is counted is high.
        names: of the series, in the order of their colours, from the ground up.
    """
    label, counts = day
    centre, width = across
    present = sorted(((names.index(name), count) for name, count in counts if count), key=lambda each: each[0])
    heights = [max(count * scale, _SLIVER) for _, count in present]
    for (index, count), height, top in zip(present, heights, accumulate(heights), strict=True):
        place = f'x="{_number(centre - width / 2)}%" y="{_number(_GROUND - top)}" width="{_number(width)}%"'
        colour = min(index, _COLOURS - 1)
        said = escape(f"{label}, {names[index]}: {count}")
        yield f'<rect class="s{colour}" {place} height="{_number(height)}" rx="1.5"><title>{said}</title></rect>'
    if present:
        above = _number(_GROUND - sum(heights) - 6)
        total = sum(count for _, count in present)
        yield f'<text class="count" x="{_number(centre)}%" y="{above}">{total}</text>'


def _labels(labels: Sequence[str], slot: float) -> Iterator[str]:
    """What stands below: the last day always, and as many before it as have room."""
    step = math.ceil(len(labels) / _MOST_LABELS) or 1
    for index, label in enumerate(labels):
        if (len(labels) - 1 - index) % step == 0:
            yield f'<text class="day" x="{_number((index + 0.5) * slot)}%" y="{_HEIGHT - 6}">{escape(label)}</text>'


def _bar(left: float, ground: float, size: tuple[float, float], said: str) -> str:
    width, height = size[0], max(size[1], _SLIVER)
    place = f'x="{_number(left)}" y="{_number(ground - height)}" width="{_number(width)}" height="{_number(height)}"'
    return f'<rect class="s0" {place} rx="1"><title>{escape(said)}</title></rect>'


def _aloud(sums: Sequence[tuple[str, int]]) -> str:
    """The numbers as words; days on which there was nothing are left out."""
    return ", ".join(f"{label}: {total}" for label, total in sums if total)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
