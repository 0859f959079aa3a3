"""Days and times as people of either language write them, in the reader's time zone. Pure."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def local_day(moment: datetime, zone: tzinfo | None) -> date:
    """The day on which an aware time falls in that zone; in that of this computer when None."""
    return moment.astimezone(zone).date()


def day(when: date, language: str) -> str:
    """A day with its year: 2026年11月20日, 20 Nov 2026."""
    if language == "ja":
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{_day_and_month(when)} {when.year}"


def short_day(when: date, language: str) -> str:
    """A day without its year: 11/20, 20 Nov."""
    return f"{when.month}/{when.day}" if language == "ja" else _day_and_month(when)


def time(moment: datetime, zone: tzinfo | None, language: str) -> str:
    """An aware time, to the minute: 2026年11月20日 10:30, 20 Nov 2026, 10:30."""
    local = moment.astimezone(zone)
    gap = " " if language == "ja" else ", "
    return f"{day(local.date(), language)}{gap}{local.hour}:{local.minute:02}"


def _day_and_month(when: date) -> str:
    return f"{when.day} {_MONTHS[when.month - 1]}"
