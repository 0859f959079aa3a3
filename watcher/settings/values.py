"""What a value of the configuration can be: types that check what is written, and the table that they stand in."""

import re
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from watcher.domains import to_ascii
from watcher.settings.duration import parse_duration
from watcher.settings.hours import parse_hours, parse_time

T = TypeVar("T")


class Options(BaseModel):
    """A table of options: frozen, strict about types, without any key that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


def problem(kind: str, **values: object) -> PydanticCustomError:
    """What a validator raises: a kind of problem, of which `problems` knows the words, and the limits in them."""
    return PydanticCustomError(kind, kind, values)


def _to_duration(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    try:
        return parse_duration(value if isinstance(value, str) else "")
    except ValueError:
        raise problem("duration") from None


def _to_time(value: object) -> object:
    if isinstance(value, time):
        return value
    try:
        return parse_time(value if isinstance(value, str) else "")
    except ValueError:
        raise problem("time") from None


def _to_hours(value: object) -> object:
    if value is None or isinstance(value, tuple):
        return value
    try:
        return parse_hours(value if isinstance(value, str) else "")
    except ValueError:
        raise problem("hours") from None


def _to_tuple(value: object) -> object:
    if isinstance(value, dict):
        raise problem("single_brackets")
    return tuple(value) if isinstance(value, list) else value


def _to_file(value: object, info: ValidationInfo) -> object:
    """An existing file; a relative path starts at the folder of the configuration file."""
    if not isinstance(value, str | Path):
        return value
    try:
        path = (info.context or {}).get("folder", Path()) / Path(value).expanduser()
        found = path.is_file()
    except (OSError, RuntimeError, ValueError):
        found = False
    if not found:
        raise problem("no_file")
    return path


def _check_host(host: str) -> str:
    if not re.fullmatch(r"[\w.:-]+", host) or not to_ascii(host):
        raise problem("host")
    return host


def _check_sender(sender: str) -> str:
    if not re.fullmatch(r"[^@\s]*@[^@\s]+", sender):
        raise problem("sender")
    return sender


def _check_address(address: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
        raise problem("address")
    return address


def check_filled(values: tuple[T, ...]) -> tuple[T, ...]:
    """A list with something in it."""
    if not values:
        raise problem("empty")
    return values


def check_differ(values: tuple[T, ...]) -> tuple[T, ...]:
    """A list in which nothing stands twice."""
    if len(set(values)) < len(values):
        raise problem("repeated")
    return values


def between(least: timedelta, most: timedelta) -> AfterValidator:
    """A duration from the one to the other."""

    def check(duration: timedelta) -> timedelta:
        if duration < least:
            raise problem("greater_than_equal", ge=least)
        if duration > most:
            raise problem("less_than_equal", le=most)
        return duration

    return AfterValidator(check)


Duration = Annotated[timedelta, BeforeValidator(_to_duration)]
Time = Annotated[time, BeforeValidator(_to_time)]
Hours = Annotated[tuple[time, time], BeforeValidator(_to_hours)]
File = Annotated[Path, BeforeValidator(_to_file)]
Host = Annotated[str, AfterValidator(_check_host)]
Many = Annotated[tuple[T, ...], BeforeValidator(_to_tuple)]
Address = Annotated[str, AfterValidator(_check_address)]
Sender = Annotated[str, AfterValidator(_check_sender)]
Text = Annotated[str, StringConstraints(min_length=1, pattern=r"^[^\x00-\x1f\x7f]*$")]
