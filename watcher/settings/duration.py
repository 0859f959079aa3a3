"""Durations as people write them: "30s", "5m", "1h", "7d"."""

import re
from datetime import timedelta

_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1), "s": timedelta(seconds=1)}


def parse_duration(text: str) -> timedelta:
    """The duration that is written as a whole number and one of s, m, h, d.

    Raises:
        ValueError: it is written in another way, or longer than 99999 of its unit.
    """
    written = re.fullmatch(r"([0-9]{1,5})([smhd])", text)
    if not written:
        raise ValueError("not a duration")
    return int(written[1]) * _UNITS[written[2]]


def format_duration(duration: timedelta) -> str:
    """The shortest way to write a duration of whole seconds."""
    unit = next(unit for unit, length in _UNITS.items() if not duration % length)
    return f"{duration // _UNITS[unit]}{unit}" if duration else "0d"
