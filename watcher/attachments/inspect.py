"""What an attachment is and holds: pure, bounded, and the only thing that the caged child does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from watcher import kinds
from watcher.attachments.contents import contents, is_heavy
from watcher.attachments.formats import (
    EncryptedArchiveError,
    Entry,
    Format,
    NoReaderError,
    TooLargeError,
    formats,
)
from watcher.attachments.limits import KIB, LONGEST_DETAIL, Limits
from watcher.model import Finding, Member, Opened, Opening

_PEEK: Final = 4 * KIB
"""Octets that tell nearly every kind; more are unpacked only for what asks for more."""

_DISK_PEEK: Final = 34 * KIB
"""Octets that tell whether it is a disk image, which begins with 32 KiB of nothing (ECMA-119, 6.2.1)."""

_CROWD: Final = 30
"""Times the members that are looked at, beyond which even names are not read any more."""

_GRAVITY: Final = (Opened.OPENED, Opened.NOT_YET, Opened.ENCRYPTED, Opened.BROKEN, Opened.TOO_LARGE)
"""Of several things that stood in the way, the last of these is reported."""

_IN_THE_WAY: Final = {
    EncryptedArchiveError: Opened.ENCRYPTED,
    NoReaderError: Opened.NOT_YET,
    TooLargeError: Opened.TOO_LARGE,
}
"""What any other exception means is `Opened.BROKEN`."""

_CONTAINERS: Final = frozenset({"archive", "disk"})
"""What must not pass for looked into where nothing here reads it."""

_OF_NOTE: Final = frozenset({"program", "archive", "disk"})
"""What an office document has no use for: of its dozens of parts only these are listed."""


def inspect(filename: str, content: bytes, limits: Limits | None = None) -> Opening:
    """Look into an attachment, and into the archives within it.

    Members are listed in the archive's own order, folders left out; those of an inner archive follow it. Encrypted
    members are told by their names. A program that is an archive too (.jar) is not looked into.

    Args:
        filename: as the sender wrote it.
        content: the whole attachment, decoded.
        limits: how far to look.

    Returns:
        The opening, without `sha256`. Its state is the gravest thing that was met: TOO_LARGE, BROKEN, ENCRYPTED, or
        NOT_YET for an archive or a disk image that nothing here reads.
    """
    return _Search(limits or Limits()).run(filename, content)


def skim(filename: str, content: bytes, limits: Limits | None = None) -> tuple[Opening, bool]:
    """As `inspect`, but without what takes long to load; and whether that would have had something to look at."""
    search = _Search(limits or Limits(), heavy=False)
    return search.run(filename, content), search.has_skipped


class _Search:
    """One walk through an attachment: what has been found so far, and how much may still be unpacked."""

    def __init__(self, limits: Limits, *, heavy: bool = True) -> None:
        self.state = Opened.OPENED
        self.members: dict[Member, None] = {}  # ordered, and none twice where an archive is read in two ways
        self.findings: dict[Finding, None] = {}
        self.has_skipped = False
        self._is_heavy = heavy
        self._contents = contents(heavy=heavy)
        self._limits = limits
        self._left = limits.inflated
        self._seen = 0
        self._depth = 0

    def run(self, filename: str, content: bytes) -> Opening:
        """Look into the attachment itself."""
        kind = kinds.kind(filename, content)
        self._skip(kind, content)
        self._read("", filename, content)
        self._enter("", filename, content, kind)
        return Opening(self.state, kind, tuple(self.members), tuple(self.findings))

    def _skip(self, kind: str, head: bytes) -> None:
        self.has_skipped = self.has_skipped or (not self._is_heavy and is_heavy(kind, head))

    def _read(self, path: str, filename: str, content: bytes) -> None:
        """Note what a document, a page or a picture holds; `path` is that of the member, empty for the attachment."""
        for form in self._contents:
            if not form.recognises(filename, content[:_PEEK]):
                continue
            try:
                self._note(path, form.look(filename, content))
            except Exception:  # noqa: BLE001 - as below
                if not path:  # one odd picture in an archive does not make it one that cannot be opened
                    self._worsen(Opened.BROKEN)

    def _note(self, path: str, findings: Iterator[Finding]) -> None:
        for finding in findings:
            if len(self.findings) == self._limits.findings:
                self._worsen(Opened.TOO_LARGE)
                return
            self.findings[replace(finding, detail=finding.detail[:LONGEST_DETAIL], path=path)] = None

    def _enter(self, prefix: str, filename: str, content: bytes, kind: str) -> None:
        """List what `content` holds; `prefix` is the path to it."""
        form = next((form for form in formats() if form.recognises(filename, content)), None)
        if form is None or kind == "program":
            self._worsen(Opened.NOT_YET if kind in _CONTAINERS else Opened.OPENED)
            return
        if self._depth == self._limits.depth:
            self._worsen(Opened.TOO_LARGE)
            return
        self._depth += 1
        try:
            self._list(form, prefix, filename, content, kind)
        except Exception as error:  # noqa: BLE001 - what readers raise on hostile input is not known in advance
            self._worsen(_state_after(error))
        self._depth -= 1

    def _list(self, form: Format, prefix: str, filename: str, content: bytes, kind: str) -> None:
        announced, most = 0, max(self._limits.harmless, self._limits.ratio * len(content))
        for entry in form.entries(filename, content):
            announced += entry.size or self._measure(entry, most)
            if announced > most:
                self._worsen(Opened.TOO_LARGE)
            self._look_at(entry, prefix + entry.path, kind)

    def _measure(self, entry: Entry, most: int) -> int:
        """What a small packed file swells to, whose format does not say; larger ones would take too long."""
        is_worth_it = self._seen < self._limits.members and most == self._limits.harmless
        return len(self._unpack(entry, most + 1)) if is_worth_it and not entry.encrypted else 0

    def _look_at(self, entry: Entry, path: str, container: str) -> None:
        self._seen += 1
        if self._seen > self._limits.members:
            self._glance_at(entry, path)
            return
        if entry.encrypted:
            self._worsen(Opened.ENCRYPTED)
        head = b"" if entry.encrypted else self._peek(entry)
        kind = kinds.kind(entry.path, head)
        if container != "document" or kind in _OF_NOTE:
            self.members[Member(path, entry.size, kind, entry.encrypted)] = None
        if not entry.encrypted:
            self._look_into(entry, path, head, kind)

    def _look_into(self, entry: Entry, path: str, head: bytes, kind: str) -> None:
        self._skip(kind, head)
        if any(form.recognises(entry.path, head[:_PEEK]) for form in self._contents):
            self._read(path, entry.path, self._unpack(entry, self._limits.content))
        if any(form.recognises(entry.path, head) for form in formats()):
            content = self._unpack(entry, self._limits.nested)
            if len(content) == self._limits.nested:
                self._worsen(Opened.TOO_LARGE)
            self._enter(path + "!", entry.path, content, kind)
        elif kind in _CONTAINERS:
            self._worsen(Opened.NOT_YET)

    def _glance_at(self, entry: Entry, path: str) -> None:
        """Beyond the limit only a first program is looked for, by name: it must not hide behind a crowd."""
        self._worsen(Opened.TOO_LARGE)
        is_program = kinds.kind(entry.path) == "program"
        if is_program:
            self.members[Member(path, entry.size, "program", entry.encrypted)] = None
        if is_program or self._seen > _CROWD * self._limits.members:
            raise TooLargeError

    def _peek(self, entry: Entry) -> bytes:
        """The first octets, as many as tell the kind."""
        head = self._unpack(entry, _PEEK)
        may_be_disk = kinds.kind(entry.path) == "disk" or not head.strip(b"\0")
        wanted = max(min(kinds.reach(head), self._limits.head), _DISK_PEEK if may_be_disk else 0)
        return self._unpack(entry, wanted) if wanted > len(head) == _PEEK else head

    def _unpack(self, entry: Entry, octets: int) -> bytes:
        """The first octets, as many as may still be unpacked; none where that fails."""
        try:
            content = entry.read(min(octets, self._left)) if self._left else b""
        except Exception as error:  # noqa: BLE001 - as above; the other members may still be sound
            self._worsen(_state_after(error))
            return b""
        self._left -= len(content)
        if not self._left:
            self._worsen(Opened.TOO_LARGE)
        return content

    def _worsen(self, state: Opened) -> None:
        self.state = max(self.state, state, key=_GRAVITY.index)


def _state_after(error: Exception) -> Opened:
    return next((state for kind, state in _IN_THE_WAY.items() if isinstance(error, kind)), Opened.BROKEN)
