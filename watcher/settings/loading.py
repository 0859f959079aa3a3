"""From a file to settings, or to a list of all that is wrong with it."""

import re
import shlex
import stat
import tomllib
from collections.abc import Mapping
from gettext import gettext as _
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from watcher.errors import UserError
from watcher.settings.models import Settings
from watcher.settings.problems import explain

_CONSEQUENCES = {"default_factory_not_called"}
"""What pydantic tells of a key only because another, which it tells of too, is wrong."""


def load(path: Path, *, unfinished: bool = False) -> Settings:
    """The settings of that TOML file.

    Args:
        path: where it lies.
        unfinished: whether a file that names no account yet is good enough.

    Raises:
        UserError: every problem there is, each with the path of its key, or line and column where the file is not
            TOML. No value is repeated in it.
    """
    return check(_parse(path), path.absolute().parent, unfinished=unfinished)


def check(tables: Mapping[str, Any], folder: Path, *, unfinished: bool = False) -> Settings:
    """The settings that those tables stand for, which are in no file yet.

    Args:
        tables: as TOML has them.
        folder: at which relative paths start.
        unfinished: as for `load`.

    Raises:
        UserError: every problem there is, each with the path of its key. No value is repeated in it.
    """
    try:
        return Settings.model_validate(tables, context={"folder": folder, "unfinished": unfinished})
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        problems = [explain(details) for details in found if details["type"] not in _CONSEQUENCES]
    raise UserError(*problems)  # out here, so that the values in pydantic's error do not travel along


def _parse(path: Path) -> dict[str, Any]:
    text = _read(path)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason = str(error)
    raise UserError(_explain_syntax(path, text, reason))


def _read(path: Path) -> str:
    try:
        if not path.stat().st_mode & stat.S_IWOTH:
            return path.read_text(encoding="utf-8-sig")  # some editors begin a file with a byte order mark
        words = _("{file} can be changed by every user of this computer, and with it which programs you run: {mend}")
        problem = words.format(file=path, mend=shlex.join(("chmod", "o-w", str(path))))
    except FileNotFoundError:
        problem = _("{file}: there is no such file; begin with a copy of config.example.toml").format(file=path)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = _("{file}, line {line}: not UTF-8 text").format(file=path, line=line)
    except OSError as error:
        problem = _("{file} cannot be read: {reason}").format(file=path, reason=error.strerror)
    raise UserError(problem)


def _explain_syntax(path: Path, text: str, reason: str) -> str:
    """Where the file ceases to be TOML. `tomllib` tells it only at the end of its sentence, before Python 3.14."""
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", reason)
    words = reason[: place.start()] if place else reason
    lines = text.splitlines() or [""]
    line, column = (place[1], place[2]) if place and place[1] else (len(lines), len(lines[-1]) + 1)
    return _("{file}, line {line}, column {column}: not TOML ({reason})").format(
        file=path, line=line, column=column, reason=words
    )
