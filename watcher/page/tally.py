"""How many there were: in all, by day, by brand and account, by campaign. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from watcher import report
from watcher.model import Campaign, Case, State
from watcher.page import chart, dates
from watcher.page.consequences import defanged
from watcher.page.survey import Survey, known_brand, whom
from watcher.text import clean
from watcher.words import translation

_MOVED = frozenset({State.MOVING, State.MOVED, State.FILED, State.DELETED, State.REPORTED, State.RELEASED})
"""States of mail that was moved, whatever became of it since."""
_IN_PLACE = frozenset({State.OBSERVED, State.MARKED, State.HELD, State.COPIED})
_FEWEST_DAYS = 14
_MOST_DAYS = 30
_MOST_WEEKS = 26
_BRANDS = 6
"""Series that have a colour of their own; the others share one."""
_NAME = 60
_MOST_SPARKS = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: whom mails pose as, how many there are, and where they came."""

    brand: str
    total: int
    accounts: tuple[tuple[str, int], ...]
    """Those with most mails first."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The numbers at the head of the page, finished."""

    moved: int
    restored: int
    in_place: int
    """Suspicious mails that were left where they were."""
    since: str
    """The day of the first mail; empty where there is none."""
    chart: str
    weekly: bool
    legend: tuple[tuple[str, str], ...]
    """(swatch, brand), in the order of the chart."""
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Wave:
    """A campaign, finished."""

    anchor: str
    brand: str
    count: int
    accounts: tuple[str, ...]
    first: str
    last: str
    spark: str
    hosts: tuple[str, ...]
    """As words that nothing takes for a link."""
    cases: tuple[int, ...]
    """Numbers of those of its mails that stand on the page, oldest first."""


def tally(survey: Survey, language: str) -> Tally:
    """Count what the survey holds."""
    series = _series(survey, language)
    first = min((_day(case, survey) for case in survey.cases), default=None)
    weekly = first is not None and (_today(survey) - first).days >= _MOST_DAYS
    return Tally(
        moved=_count(survey.cases, _MOVED),
        restored=_count(survey.cases, frozenset({State.RELEASED})),
        in_place=_count(survey.cases, _IN_PLACE),
        since=dates.day(first, language) if first else "",
        chart=chart.bars(_stacks(survey, language, weekly=weekly), _title(language, weekly=weekly), series),
        weekly=weekly,
        legend=tuple((chart.swatch(index), name) for index, name in enumerate(series)),
        rows=tuple(_rows(survey, language)),
    )


def waves(survey: Survey, language: str) -> tuple[Wave, ...]:
    """The campaigns, the latest first."""
    shown = {case.id for case in survey.cases}
    latest = sorted(survey.campaigns, key=lambda campaign: (campaign.days[-1][0], campaign.cases[-1]), reverse=True)
    return tuple(
        _wave(f"campaign-{number}", campaign, shown, survey, language) for number, campaign in enumerate(latest, 1)
    )


def _wave(anchor: str, campaign: Campaign, shown: set[int], survey: Survey, language: str) -> Wave:
    brand = known_brand(campaign.brand, survey.catalogue)
    _ = translation(language).gettext
    return Wave(
        anchor=anchor,
        brand=report.in_language(brand.label, language) if brand else "",
        count=len(campaign.cases),
        accounts=tuple(clean(account, _NAME) for account in campaign.accounts),
        first=dates.day(campaign.days[0][0], language),
        last=dates.day(campaign.days[-1][0], language),
        spark=chart.spark(_course(campaign, language), _("Mails of this campaign by day")),
        hosts=tuple(map(defanged, campaign.hosts)),
        cases=tuple(case for case in campaign.cases if case in shown),
    )


def _course(campaign: Campaign, language: str) -> list[tuple[str, int]]:
    """The campaign's days with the quiet ones between them; only those that had mail where they lie far apart."""
    counts = dict(campaign.days)
    first, last = campaign.days[0][0], campaign.days[-1][0]
    span = (last - first).days + 1
    days = [first + timedelta(n) for n in range(span)] if span <= _MOST_SPARKS else list(counts)
    return [(dates.short_day(day, language), counts.get(day, 0)) for day in days]


def _count(cases: Sequence[Case], states: frozenset[State]) -> int:
    return sum(case.state in states for case in cases)


def _day(case: Case, survey: Survey) -> date:
    return dates.local_day(case.date, survey.timezone)


def _today(survey: Survey) -> date:
    return dates.local_day(survey.now, survey.timezone)


def _title(language: str, *, weekly: bool) -> str:
    _ = translation(language).gettext
    return _("Suspicious mails by week") if weekly else _("Suspicious mails by day")


def _others(language: str) -> str:
    return translation(language).gettext("Others")


def _series(survey: Survey, language: str) -> tuple[str, ...]:
    """Whom most mails pose as, and behind them the others together where there are any."""
    counts = Counter(whom(case, survey.catalogue, language) for case in survey.cases)
    named = [brand for brand, _ in counts.most_common() if brand]
    has_others = len(named) > _BRANDS or "" in counts
    return (*named[:_BRANDS], *((_others(language),) if has_others else ()))


def _stacks(survey: Survey, language: str, *, weekly: bool) -> list[chart.Stack]:
    """What came on each of the last days, or in each of the last weeks, which are called by their first day."""
    series = _series(survey, language)
    counts: dict[date, Counter[str]] = {start: Counter() for start in _starts(survey, weekly=weekly)}
    for case in survey.cases:
        day = _day(case, survey)
        start = day - timedelta(day.weekday()) if weekly else day
        if start in counts:
            brand = whom(case, survey.catalogue, language)
            counts[start][brand if brand in series else _others(language)] += 1
    return [(dates.short_day(start, language), tuple(found.items())) for start, found in counts.items()]


def _starts(survey: Survey, *, weekly: bool) -> list[date]:
    """The first day of each bar, up to today."""
    today = _today(survey)
    first = min((_day(case, survey) for case in survey.cases), default=today)
    if not weekly:
        days = max((today - first).days + 1, _FEWEST_DAYS)
        return [today - timedelta(n) for n in reversed(range(days))]
    monday = today - timedelta(today.weekday())
    weeks = min((monday - first).days // 7 + 2, _MOST_WEEKS)
    return [monday - timedelta(weeks=n) for n in reversed(range(weeks))]


def _rows(survey: Survey, language: str) -> Iterator[Row]:
    """The table, those whom most mails pose as first, and at its end what poses as nobody who is known."""
    accounts: dict[str, Counter[str]] = {}
    for case in survey.cases:
        brand = whom(case, survey.catalogue, language)
        accounts.setdefault(brand, Counter())[clean(case.place.account, _NAME)] += 1
    for brand, found in sorted(accounts.items(), key=lambda each: (not each[0], -each[1].total())):
        yield Row(brand or _nobody(language), found.total(), tuple(found.most_common()))


def _nobody(language: str) -> str:
    return translation(language).gettext("No organisation named")
