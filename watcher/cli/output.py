"""How answers are printed: for people in their language, for programs as JSON."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from datetime import datetime
from gettext import gettext as _
from typing import Any

import click

from watcher import report, words
from watcher.model import Case

_UNPRINTABLE = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e0fff]"
)
"""What JSON need not escape, but a terminal takes for an order, or UTF-8 cannot write."""


def language() -> str:
    """The language of whoever reads the terminal."""
    return words.language("auto", os.environ)


def in_words(verdict: str | None) -> str:
    """A verdict for people."""
    known = {"suspicious": _("suspicious"), "clean": _("clean"), None: _("could not be read")}
    return known[verdict]


def case_as_json(case: Case) -> dict[str, Any]:
    """A case as programs are given it."""
    record: dict[str, Any] = {
        "id": case.id,
        "account": case.place.account,
        "folder": case.place.folder,
        "state": case.state.value,
        "from": {"name": case.author.name, "address": case.author.spec},
        "authenticated": case.authenticated,
        "subject": case.subject,
        "message_id": case.message_id,
        "date": case.date.isoformat(),
        "judged_at": case.judged_at.isoformat(),
    }
    return record | (report.as_record(case.verdict) if case.verdict else {})


def print_json(value: Mapping[str, Any]) -> None:
    """One JSON object on one line, in which nothing from a mail or a file name can steer a terminal."""
    click.echo(_UNPRINTABLE.sub(lambda found: json.dumps(found[0])[1:-1], json.dumps(value, ensure_ascii=False)))


def moment(time: datetime) -> str:
    """A time as the reader's clock shows it."""
    return time.astimezone().strftime("%Y-%m-%d %H:%M")
