"""Mail that lies in files: single messages, folders of them, Maildirs and mbox files. Nothing is ever written.

Each file is a folder of the port, and its messages are numbered from 1: one in most files, as many as there are in
an mbox. A file is not asked whether it is mail: whoever reads it finds out.
"""

from __future__ import annotations

import mmap
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path

from watcher.errors import UserError
from watcher.model import FolderState, Mail, Place
from watcher.parse import split
from watcher.ports import Reader

_FROM_LINE = re.compile(rb"^From (?:(?=[^\r\n]*\d\d:\d\d)[^\r\n]++)?\r?\n", re.MULTILINE)
"""What divides an mbox (RFC 4155): with a time in it, or empty as Thunderbird writes it."""

_LARGE = 1 << 20
"""Octets from which on a file is mapped: to map a small one takes longer than to read it."""
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_FLAGS = {"D": r"\Draft", "F": r"\Flagged", "P": "$Forwarded", "R": r"\Answered", "S": r"\Seen", "T": r"\Deleted"}
"""The letters behind ":2," in a Maildir's file names."""


class FolderReader(Reader):
    """The messages in files.

    Args:
        paths: files, folders (searched to the bottom), Maildirs and mbox files.
        account: what to call them together.
    """

    def __init__(self, paths: Sequence[Path], account: str = "files") -> None:
        self.account = account
        self._paths = tuple(paths)
        self._open_file: _File | None = None

    def folders(self) -> Iterator[str]:
        """Every file, in a fixed order. A path that is not there is among them, to be told of when it is read."""
        for path in self._paths:
            yield from (str(file) for file in _files(path))

    def indexed(self, folder: str) -> bool:
        """Whether the file is an mbox, so that its messages are told apart by number."""
        return self._open(folder).is_mbox

    def look(self, folder: str) -> FolderState:
        """How many messages the file has. Raises UserError where it cannot be read."""
        messages = len(self._open(folder))
        return FolderState(folder, uidvalidity=1, uidnext=messages + 1, messages=messages)

    def uids_from(self, folder: str, first: int) -> Sequence[int]:
        """Numbers from `first` on."""
        return range(max(first, 1), len(self._open(folder)) + 1)

    def uids_since(self, folder: str, day: datetime) -> Sequence[int]:
        """All numbers, or none: a file's messages are as old as the file."""
        return self.uids_from(folder, 1) if self._open(folder).at.date() >= day.date() else ()

    def fetch(self, folder: str, uids: Sequence[int]) -> Iterator[Mail]:
        """The messages, read one by one and at once as a whole: their parts hold their content."""
        file = self._open(folder)
        for uid in uids:
            if 1 <= uid <= len(file):
                yield self._describe(file, uid)

    def fill(self, mail: Mail, sections: Sequence[str], limit: int) -> Mail:
        """The same message with the content of these parts cut."""
        parts = self._describe(self._open(mail.place.folder), mail.place.uid).parts
        cut = {part.section: (part.content or b"")[:limit] for part in parts if part.section in sections}
        filled = (replace(part, content=cut.get(part.section, part.content)) for part in mail.parts)
        return replace(mail, parts=tuple(filled))

    def _describe(self, file: _File, uid: int) -> Mail:
        raw = file.message(uid)
        header, parts = split(raw)
        return Mail(
            place=Place(self.account, file.name, 1, uid),
            fingerprint="",  # nothing in a file is ever moved
            size=len(raw),
            internal_date=file.at,
            flags=file.flags,
            header=header,
            parts=parts,
        )

    def _open(self, folder: str) -> _File:
        """The file, which stays mapped until another one is asked for."""
        if self._open_file is None or self._open_file.name != folder:
            self._open_file = _File(folder)
        return self._open_file


class _File:
    """One file. A large one is mapped, so that of an mbox of gigabytes one message at a time is in memory."""

    def __init__(self, name: str) -> None:
        self.name = name
        path = Path(name)
        self._content, changed = _read(path)
        self.is_mbox = bool(_FROM_LINE.match(self._content))
        self._starts = self._find_starts()
        self.at = datetime.fromtimestamp(changed, UTC)
        letters = path.name.partition(":2,")[2]
        self.flags = tuple(_FLAGS[letter] for letter in letters if letter in _FLAGS)

    def __len__(self) -> int:
        return max(1, len(self._starts))

    def message(self, number: int) -> bytes:
        """The message of that number, without what the mbox has added to it."""
        if not self.is_mbox:
            return self._content[:]
        _, start = self._starts[number - 1]
        end = self._starts[number][0] if number < len(self._starts) else len(self._content)
        return _QUOTED_FROM.sub(rb"\1", _without_last_line(self._content[start:end]))

    def _find_starts(self) -> list[tuple[int, int]]:
        """Where the From line of each message of an mbox begins, and where it ends."""
        return [match.span() for match in _FROM_LINE.finditer(self._content)] if self.is_mbox else []


def _without_last_line(raw: bytes) -> bytes:
    """Without the empty line that stands before the next message in an mbox."""
    for ending in (b"\r\n\r\n", b"\n\n"):
        if raw.endswith(ending):
            return raw[: -len(ending) // 2]
    return raw


def _read(path: Path) -> tuple[mmap.mmap | bytes, float]:
    """The file's octets, and when it was changed (seconds). Raises UserError where it cannot be read."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UserError(_("{path}: is not a file.").format(path=path))
        with path.open("rb") as file:
            if status.st_size < _LARGE:
                return file.read(), status.st_mtime
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), status.st_mtime
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UserError(_("{path}: there is no such file.").format(path=path)) from error
    except (OSError, ValueError) as error:
        raise UserError(_("{path}: cannot be read ({reason}).").format(path=path, reason=error)) from error


def _files(path: Path) -> Iterator[Path]:
    """All files of mail below a path, in a fixed order. Raises UserError where a folder cannot be read."""
    try:
        if not path.is_dir():
            yield path
            return
        entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        maildir = (path / "cur").is_dir() and (path / "new").is_dir()
    except OSError as error:
        raise UserError(_("{path}: cannot be read ({reason}).").format(path=path, reason=error.strerror)) from error
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if not (maildir and entry.name == "tmp"):
                yield from _files(Path(entry.path))
        elif not maildir and not entry.name.startswith(".") and entry.is_file():
            yield Path(entry.path)
