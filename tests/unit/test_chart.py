"""The charts of the report, as SVG."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from watcher.page import chart

SVG = "{http://www.w3.org/2000/svg}"
DAYS: list[chart.Stack] = [
    ("1/1", [("日本郵便", 2), ("Amazon", 1)]),
    ("1/2", []),
    ("1/3", [("Amazon", 153)]),
]


def drawn(days: list[chart.Stack]) -> ET.Element:
    """The chart as a file of its own, read again."""
    return ET.fromstring(chart.picture(days, "Mails"))  # noqa: S314 - drawn here


def texts(svg: ET.Element, kind: str) -> list[str | None]:
    """What the words of one class say."""
    return [text.text for text in svg.iter(f"{SVG}text") if text.get("class") == kind]


def test_each_series_of_a_day_is_a_bar() -> None:
    """Each number that is not 0 has a bar that says which it is, and each day its sum."""
    svg = drawn(DAYS)

    bars = [(rect.get("class"), rect.findtext(f"{SVG}title")) for rect in svg.iter(f"{SVG}rect")]
    assert bars == [("s0", "1/1, 日本郵便: 2"), ("s1", "1/1, Amazon: 1"), ("s1", "1/3, Amazon: 153")]
    assert texts(svg, "count") == ["3", "153"]
    assert texts(svg, "day") == ["1/1", "1/2", "1/3"]


def test_a_chart_is_read_aloud() -> None:
    """A reader who does not see the bars hears what they count, and the numbers."""
    svg = drawn(DAYS)

    assert svg.get("role") == "img"
    assert (svg.findtext(f"{SVG}title"), svg.findtext(f"{SVG}desc")) == ("Mails", "1/1: 3, 1/3: 153")


@pytest.mark.parametrize("counts", [[1], [1, 1], [153, 1], [1] * 30, [10**6, 1, 500], [1] * 200])
def test_bars_stay_within_the_chart(counts: list[int]) -> None:
    """No bar, and no number above one, leaves the chart, however many days and whatever numbers there are."""
    svg = drawn([(str(day), [("a", count)]) for day, count in enumerate(counts)])

    heights = [float(rect.get("height", "")) for rect in svg.iter(f"{SVG}rect")]
    tops = [float(rect.get("y", "")) for rect in svg.iter(f"{SVG}rect")]
    rights = [
        float(rect.get("x", "").rstrip("%")) + float(rect.get("width", "").rstrip("%"))
        for rect in svg.iter(f"{SVG}rect")
    ]
    assert min(heights) >= 2
    assert min(tops) >= 12
    assert max(rights) <= 100.01
    assert max(heights) / min(heights) <= max(counts) / min(counts) + 0.01


def test_stacked_bars_do_not_cover_each_other() -> None:
    """Each bar of a day begins where the one below it ends."""
    (below, above, _) = drawn(DAYS).iter(f"{SVG}rect")

    assert float(above.get("y", "")) + float(above.get("height", "")) == pytest.approx(
        float(below.get("y", "")), abs=0.02
    )


def test_colours_follow_the_given_order() -> None:
    """A series keeps its colour in whatever order the days name it, and those beyond the colours share the grey."""
    names = [str(n) for n in range(9)]

    svg = chart.bars([("day", [(name, 1) for name in reversed(names)])], "t", names)

    assert [f's{min(n, 6)}"' in part for n, part in enumerate(svg.split("<rect class=")[1:])] == [True] * 9
    assert [f'class="s{min(n, 6)}"' in chart.swatch(n) for n in range(9)] == [True] * 9


@pytest.mark.parametrize(("days", "first", "count"), [(1, "0", 1), (7, "0", 7), (8, "1", 4), (30, "4", 6)])
def test_labels_have_room(days: int, first: str, count: int) -> None:
    """At most seven days are named, the last always."""
    labels = texts(drawn([(str(day), []) for day in range(days)]), "day")

    assert (labels[0], labels[-1], len(labels)) == (first, str(days - 1), count)


def test_an_empty_chart() -> None:
    """Without days, and without anything on them, a chart is still one."""
    assert list(drawn([]).iter(f"{SVG}rect")) == []
    assert texts(drawn([("1/1", [])]), "count") == []
    assert "<rect" not in chart.spark([], "t") + chart.spark([("1/1", 0)], "t")


def test_words_cannot_leave_their_place() -> None:
    """Markup in a label, a series or a title is shown, not obeyed."""
    evil = '"/><script>alert(1)</script>'
    everything = chart.picture([(evil, [(evil, 1)])], evil) + chart.spark([(evil, 1)], evil)

    assert "<script" not in everything
    assert drawn([(evil, [(evil, 1)])]).findtext(f"{SVG}desc") == f"{evil}: 1"


def test_a_spark_has_a_bar_a_day() -> None:
    """A small chart shows the days between, too."""
    svg = chart.spark([("a", 2), ("b", 0), ("c", 4)], "Days")

    assert svg.count("<rect") == 2
    assert "<desc>a: 2, c: 4</desc>" in svg


def test_a_chart_in_a_page_needs_no_style_attribute() -> None:
    """The page's policy allows one style element only: colours come by class."""
    assert "style" not in chart.bars(DAYS, "t") + chart.spark([("a", 1)], "t") + chart.swatch(0)
