"""`config.example.toml`, out of the models: every option with its comment and its default.

`# ` begins a comment, `#` right before a key an option that is not set.
"""

import json
import textwrap
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any, get_args

from pydantic.fields import FieldInfo

from watcher.settings.duration import format_duration
from watcher.settings.hours import format_time
from watcher.settings.models import Settings
from watcher.settings.values import Options

WIDTH = 100
_OPENING = """\
# Every option of Watcher with its default, made from watcher/settings/models.py (`make generate`).
# Copy it to ~/.config/watcher/config.toml and take away the # before what you set; a key without # may be left out.
"""


def example() -> str:
    """The text of the example file."""
    return _OPENING + "".join(_table(name, field) for name, field in Settings.model_fields.items())


def _table(name: str, field: FieldInfo) -> str:
    model, listed = _model_of(field.annotation)
    hidden = "#" if listed else ""
    heading = f"{hidden}[[{name}]]" if listed else f"[{name}]"
    options = (line for key, option in model.model_fields.items() for line in _option(key, option, hidden))
    return "\n".join(["", *_comment(field), heading, *options, ""])


def _model_of(annotation: Any) -> tuple[type[Options], bool]:
    """The table's model, and whether it is a list of such tables."""
    arguments = get_args(annotation)
    return (arguments[0], True) if arguments else (annotation, False)


def _option(key: str, field: FieldInfo, hidden: str) -> Iterator[str]:
    yield from _comment(field)
    default = None if field.is_required() else field.default
    if default is None or field.default_factory:
        yield f"#{key} = {_to_toml(field.examples[0] if field.examples else '')}"
    else:
        yield f"{hidden}{key} = {_to_toml(default)}"


def _comment(field: FieldInfo) -> list[str]:
    return textwrap.wrap(field.description or "", WIDTH, initial_indent="# ", subsequent_indent="# ")


def _to_toml(value: object) -> str:
    if isinstance(value, timedelta):
        value = format_duration(value)
    if isinstance(value, time):
        value = format_time(value)
    if isinstance(value, Options):
        return "{ " + ", ".join(f"{key} = {_to_toml(inner)}" for key, inner in value if inner) + " }"
    return json.dumps(value, ensure_ascii=False)  # text, numbers, truth and lists are written alike in both
