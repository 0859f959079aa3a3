"""The way of a noun into a row of the ledger and back.

What cannot be a column is JSON of the noun's own fields. A verdict is kept for people: a value in it that this
version does not know is read as the plainest one that it does know, so that the reason is shown and never counts for
more than it did. A step is kept for undo: there an unknown value is an error.
"""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from functools import cache, partial
from types import MappingProxyType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from watcher.model import (
    Address,
    Bookmark,
    By,
    Case,
    Choice,
    ClaimKind,
    Decision,
    Direction,
    Facet,
    How,
    Imprint,
    Intent,
    Lesson,
    LessonKind,
    Likeness,
    Place,
    Receipt,
    Shown,
    State,
    Step,
    Strength,
    Verdict,
    Where,
)

T = TypeVar("T")
Row = dict[str, Any]

LONGEST_TEXT = 1000
LONGEST_QUOTE = 120

_PLAINEST = MappingProxyType(
    {
        ClaimKind: ClaimKind.BRAND,
        Direction: Direction.AGAINST,
        Facet: Facet.WORDING,
        Likeness: Likeness.LOOKALIKE,
        Strength: Strength.WEAK,
        Where: Where.HEADER,
    }
)


# JSON


def to_json(value: object) -> str:
    """The fields of a dataclass as JSON that people can read. Lone surrogates, which UTF-8 cannot hold, are escaped."""
    return json.dumps(_pack(value), ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def from_json(kind: type[T], text: str) -> T:
    """The dataclass again. Fields that it does not have (any more) are left out.

    Raises:
        ValueError: the text is no such noun.
    """
    try:
        noun: T = _reader(cast("Any", kind))(json.loads(text))
    except (TypeError, AttributeError) as error:
        raise ValueError(f"not a {kind.__name__}") from error
    return noun


def _pack(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_pack(item) for item in value]
    if is_dataclass(value):
        return {field.name: _pack(getattr(value, field.name)) for field in fields(value)}
    return value


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What makes a value of that kind out of what JSON has of it; found out once a kind, since each case is read."""
    if get_origin(kind) is tuple:
        item = _reader(get_args(kind)[0])
        return lambda raw: tuple(map(item, raw))
    if get_args(kind):  # the only unions in the nouns are with None
        known = _reader(get_args(kind)[0])
        return lambda raw: None if raw is None else known(raw)
    if kind in (str, int, float, bool):
        return lambda raw: raw
    if issubclass(kind, Enum):
        return partial(_member, kind)
    hints = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
    return lambda raw: kind(**{name: read(raw[name]) for name, read in hints.items() if name in raw})


def _member(kind: type[Enum], value: Any) -> Enum:
    try:
        return kind(value)
    except ValueError:
        if kind in _PLAINEST:
            return _PLAINEST[kind]
        raise


# Columns


def clean(text: str) -> str:
    """Text of a sender's making, fit for a column: bounded, and without what UTF-8 cannot hold."""
    return text[:LONGEST_TEXT].encode("utf-8", "replace").decode()


def to_moment(moment: datetime) -> str:
    """ISO 8601 in UTC, always of the same length, so that the order of text is the order of time.

    Raises:
        ValueError: the time is naive, which is a bug of the caller.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def case_row(case: Case) -> Row:
    """A case without its id."""
    return {
        **place_row(case.place),
        "fingerprint": case.fingerprint,
        "author_name": clean(case.author.name),
        "author_local": clean(case.author.local),
        "author_domain": clean(case.author.domain),
        "subject": clean(case.subject),
        "message_id": clean(case.message_id),
        "date": to_moment(case.date),
        "state": case.state.value,
        "judged_at": to_moment(case.judged_at),
        "verdict": to_json(_bounded(case.verdict)) if case.verdict else None,
        "authenticated": clean(case.authenticated),
        "imprint": to_json(case.imprint),
        "notified": case.notified,
    }


def _bounded(verdict: Verdict) -> Verdict:
    """The verdict with no quote longer than the house allows, whatever a detector did."""
    reasons = tuple(replace(reason, quote=reason.quote[:LONGEST_QUOTE]) for reason in verdict.reasons)
    return replace(verdict, reasons=reasons)


def to_case(row: sqlite3.Row) -> Case:
    """A row of `cases`."""
    return Case(
        place=to_place(row),
        fingerprint=row["fingerprint"],
        author=Address(row["author_name"], row["author_local"], row["author_domain"]),
        subject=row["subject"],
        message_id=row["message_id"],
        date=datetime.fromisoformat(row["date"]),
        state=State(row["state"]),
        judged_at=datetime.fromisoformat(row["judged_at"]),
        verdict=None if row["verdict"] is None else from_json(Verdict, row["verdict"]),
        authenticated=row["authenticated"],
        imprint=from_json(Imprint, row["imprint"]),
        notified=bool(row["notified"]),
        id=row["id"],
    )


def place_row(place: Place) -> Row:
    """The four columns of a place."""
    return {"account": place.account, "folder": place.folder, "uidvalidity": place.uidvalidity, "uid": place.uid}


def to_place(row: sqlite3.Row) -> Place:
    """A place out of any row that has one."""
    return Place(row["account"], row["folder"], row["uidvalidity"], row["uid"])


def intent_row(intent: Intent) -> Row:
    """An intent without its id."""
    return {
        **place_row(intent.place),
        "case_id": intent.case,
        "step": to_json(intent.step),
        "fingerprint": intent.fingerprint,
        "message_id": clean(intent.message_id),
        "target_uidvalidity": intent.target_uidvalidity,
        "target_uidnext": intent.target_uidnext,
        "at": to_moment(intent.at),
    }


def to_intent(row: sqlite3.Row) -> Intent:
    """A row of `intents`."""
    return Intent(
        case=row["case_id"],
        step=from_json(Step, row["step"]),
        place=to_place(row),
        fingerprint=row["fingerprint"],
        message_id=row["message_id"],
        target_uidvalidity=row["target_uidvalidity"],
        target_uidnext=row["target_uidnext"],
        at=datetime.fromisoformat(row["at"]),
        id=row["id"],
    )


def receipt_row(intent: int, receipt: Receipt) -> Row:
    """The receipt of the intent of that id."""
    return {
        **place_row(receipt.place),
        "intent_id": intent,
        "how": receipt.how.value,
        "at": to_moment(receipt.at),
    }


def to_receipt(row: sqlite3.Row, intent: Intent) -> Receipt:
    """A row of `receipts`, and the intent that it belongs to."""
    return Receipt(intent, to_place(row), How(row["how"]), datetime.fromisoformat(row["at"]))


def decision_row(decision: Decision) -> Row:
    """A decision without its id."""
    return {
        "choice": decision.choice.value,
        "case_id": decision.case,
        "means": decision.by.value,
        "at": to_moment(decision.at),
        "outcome": decision.outcome,
    }


def to_decision(row: sqlite3.Row) -> Decision:
    """A row of `decisions`."""
    return Decision(
        choice=Choice(row["choice"]),
        case=row["case_id"],
        by=By(row["means"]),
        at=datetime.fromisoformat(row["at"]),
        outcome=row["outcome"],
        id=row["id"],
    )


def lesson_row(lesson: Lesson) -> Row:
    """A lesson without its id."""
    return {
        "kind": lesson.kind.value,
        "sender": clean(lesson.sender),
        "brand": clean(lesson.brand),
        "explicit": lesson.explicit,
        "detector": clean(lesson.detector),
        "case_id": lesson.case,
        "at": to_moment(lesson.at) if lesson.at else None,
    }


def to_lesson(row: sqlite3.Row) -> Lesson:
    """A row of `lessons`."""
    return Lesson(
        sender=row["sender"],
        brand=row["brand"],
        explicit=bool(row["explicit"]),
        kind=LessonKind(row["kind"]),
        detector=row["detector"],
        case=row["case_id"],
        at=datetime.fromisoformat(row["at"]) if row["at"] else None,
        revoked_at=datetime.fromisoformat(row["revoked_at"]) if row["revoked_at"] else None,
        id=row["id"],
    )


def shown_row(shown: Shown) -> Row:
    """A notice on the screen."""
    return {
        "bus": shown.bus,
        "owner": shown.owner,
        "number": shown.number,
        "token": shown.token,
        "choices": json.dumps([[key, choice.value] for key, choice in shown.choices]),
    }


def to_shown(row: sqlite3.Row) -> Shown:
    """A row of `notices`."""
    choices = tuple((key, Choice(value)) for key, value in json.loads(row["choices"]))
    return Shown(row["bus"], row["owner"], row["number"], row["token"], choices)


def bookmark_row(bookmark: Bookmark) -> Row:
    """A bookmark."""
    return {
        "account": bookmark.account,
        "folder": bookmark.folder,
        "uidvalidity": bookmark.uidvalidity,
        "uidnext": bookmark.uidnext,
        "swept_at": to_moment(bookmark.swept_at),
    }


def to_bookmark(row: sqlite3.Row) -> Bookmark:
    """A row of `bookmarks`."""
    return Bookmark(
        row["account"],
        row["folder"],
        row["uidvalidity"],
        row["uidnext"],
        datetime.fromisoformat(row["swept_at"]),
    )
