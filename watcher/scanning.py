"""Mail in files, judged and left as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any

from watcher import report
from watcher.errors import WatcherError
from watcher.headers import split_fields
from watcher.mime import split
from watcher.model import Belief, Context, Mail, Place
from watcher.pipeline import Examiner
from watcher.sources.folder import FolderReader
from watcher.text import clean

_ADDRESSES = ("bcc", "cc", "from", "sender", "to")
_FIELDS = frozenset(
    ("date", "in-reply-to", "message-id", "received", "references", "reply-to", "return-path", "subject", *_ADDRESSES)
)
"""One of these names is in every mail (RFC 5322, 3.6); Comments and Keywords are in many other files."""

_MOST_FILES = 16
_MOST_OCTETS = 1 << 20
"""What is judged at a stretch: enough that handing it over costs nothing, so little that all end at the same time."""
_MOST_MESSAGES = 50
"""The same for the messages of one file."""

_NOBODYS = b"""\
Received: from mail.shop.example (mail.shop.example [192.0.2.1]) by mx.reader.example; Tue, 24 Nov 2026 09:00:00 +0900
From: Amazon <info@shop.example>
Subject: Your account has been suspended
Content-Type: text/html

<p>Please <a href="https://www.shop.example/">log in</a>.</p>
"""


@dataclass(frozen=True, slots=True)
class Scanned:
    """One message of a file, or a file that could not be read."""

    path: str
    index: int | None
    record: dict[str, Any]
    size: int = 0
    """Octets that have been read for it."""

    @property
    def status(self) -> int:
        """0 clean, 1 suspicious, 2 could not be read."""
        if self.record["error"]:
            return 2
        return int(self.record["verdict"] == "suspicious")


@dataclass(frozen=True, slots=True)
class Item:
    """A file to be read, some messages of a large one, or what could not even be listed.

    Args:
        path: of the file.
        numbers: of the messages, from 1; None for all.
        size: octets, about.
        problem: why there is nothing to be read; finished clean text.
    """

    path: str
    numbers: range | None = None
    size: int = 0
    problem: str = ""


def portions(paths: Sequence[Path]) -> Iterator[tuple[Item, ...]]:
    """Everything below the paths, in a fixed order, in portions that take about equally long."""
    portion: list[Item] = []
    octets = 0
    for item in _items(paths):
        portion.append(item)
        octets += item.size
        if octets >= _MOST_OCTETS or len(portion) == _MOST_FILES:
            yield tuple(portion)
            portion, octets = [], 0
    if portion:
        yield tuple(portion)


def _items(paths: Sequence[Path]) -> Iterator[Item]:
    """Path by path, so that one whose folders cannot even be listed does not end the others."""
    for path in paths:
        reader = FolderReader([path])
        try:
            for file in reader.folders():
                yield from _divide(reader, file)
        except (WatcherError, OSError) as problem:
            yield Item(str(path), problem=str(problem))


def _divide(reader: FolderReader, file: str) -> Iterator[Item]:
    """The file as a whole; a large mbox piece by piece. What cannot be read is told by whoever reads it."""
    size, numbers = _measure(reader, file)
    for start in range(0, len(numbers), _MOST_MESSAGES):
        piece = range(numbers[start], numbers[start] + len(numbers[start : start + _MOST_MESSAGES]))
        yield Item(file, piece, size * len(piece) // len(numbers))
    if not numbers:
        yield Item(file, size=size)


def _measure(reader: FolderReader, file: str) -> tuple[int, Sequence[int]]:
    """Octets of a file, and where it is a large mbox the numbers of its messages."""
    size = 0
    with suppress(OSError, WatcherError):
        size = Path(file).stat().st_size
        if size > _MOST_OCTETS and reader.indexed(file):
            return size, reader.uids_from(file, 1)
    return size, ()


class Scanner:
    """Judges what lies in files.

    Args:
        judge: what judges.
        belief: whose Authentication-Results count.
    """

    def __init__(self, judge: Examiner, belief: Belief) -> None:
        self._judge = judge
        self._context = Context(judge.catalogue, belief=belief)
        self._reader = FolderReader(())

    def warm_up(self) -> None:
        """Judge a mail that nobody has sent: what most mails need is loaded then, for all processes that are forked."""
        header, parts = split(_NOBODYS)
        place, at = Place("", "", 1, 1), datetime.now(UTC)
        self._judge.examine(self._reader, Mail(place, "", len(_NOBODYS), at, (), header, parts), self._context)

    def scan(self, items: Iterable[Item]) -> list[Scanned]:
        """Judge every message; what cannot be read is told, and the others go on."""
        return [scanned for item in items for scanned in self._scan(item)]

    def _scan(self, item: Item) -> Iterator[Scanned]:
        if item.problem:
            yield Scanned(item.path, None, _failure(item.problem))
            return
        reader, path = self._reader, item.path
        try:
            indexed = reader.indexed(path)
            for mail in reader.fetch(path, item.numbers or reader.uids_from(path, 1)):
                index = mail.place.uid - 1 if indexed else None
                yield Scanned(path, index, self._examine(mail), mail.size)
        except WatcherError as problem:
            yield Scanned(path, None, _failure(str(problem)))

    def _examine(self, mail: Mail) -> dict[str, Any]:
        if not any(name in _FIELDS for name, _value in split_fields(mail.header)):
            return _failure(_("This is no mail: none of its lines is a header field of one."))
        try:
            examination = self._judge.examine(self._reader, mail, self._context)
        except Exception as bug:  # noqa: BLE001 - one message's bug is told, and the others go on
            return _failure(f"{type(bug).__name__}: {bug}")
        record = report.as_record(examination.verdict)
        return {**record, "defects": list(examination.message.defects), "error": None}


def _failure(problem: str) -> dict[str, Any]:
    return {
        "verdict": None,
        "score": 0.0,
        "claims": [],
        "reasons": [],
        "unseen": [],
        "defects": [],
        "error": clean(problem, 300),
    }
