"""Times of the day as people write them: "08:00", and from one to another: "22:00-07:00"."""

import re
from datetime import time


def parse_time(text: str) -> time:
    """The time of the day that is written as hours and minutes.

    Raises:
        ValueError: it is written in another way, or there is no such time.
    """
    written = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", text)
    if not written:
        raise ValueError("not a time of the day")
    return time(int(written[1]), int(written[2]))


def parse_hours(text: str) -> tuple[time, time]:
    """From when to when; over midnight where the second time is the earlier one.

    Raises:
        ValueError: it is written in another way, or the two are the same.
    """
    begin, _, end = text.partition("-")
    hours = parse_time(begin.strip()), parse_time(end.strip())
    if hours[0] == hours[1]:
        raise ValueError("no time lies between")
    return hours


def format_time(moment: time) -> str:
    """As it is written."""
    return moment.strftime("%H:%M")
