"""What an attachment is and holds: pure, bounded, and the only thing that the caged child does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from watcher import kinds
from watcher.attachments.contents import contents
from watcher.attachments.formats import Entry, Format, TooLargeError, streams, tars, zips
from watcher.attachments.limits import KIB, LONGEST_DETAIL, Limits
from watcher.model import Finding, Member, Opened, Opening

FORMATS: Final = tuple(Format(each.recognises, each.entries) for each in (zips, tars, streams))

_PEEK: Final = 4 * KIB
"""Octets that tell nearly every kind; more are unpacked only for what asks for more."""

_CROWD: Final = 30
"""Times the members that are looked at, beyond which even names are not read any more."""

_GRAVITY: Final = (Opened.OPENED, Opened.ENCRYPTED, Opened.BROKEN, Opened.TOO_LARGE)
"""Of several things that stood in the way, the last of these is reported."""

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
        The opening, without `sha256`. Its state is the gravest thing that was met: TOO_LARGE, BROKEN, ENCRYPTED.
    """
    search = _Search(limits or Limits())
    kind = kinds.kind(filename, content)
    search.read("", filename, content)
    search.enter("", filename, content, kind)
    return Opening(search.state, kind, tuple(search.members), tuple(search.findings))


class _Search:
    """One walk through an attachment: what has been found so far, and how much may still be unpacked."""

    def __init__(self, limits: Limits) -> None:
        self.state = Opened.OPENED
        self.members: dict[Member, None] = {}  # ordered, and none twice where an archive is read in two ways
        self.findings: dict[Finding, None] = {}
        self._limits = limits
        self._left = limits.inflated
        self._seen = 0
        self._depth = 0

    def read(self, path: str, filename: str, content: bytes) -> None:
        """Note what a document, a page or a picture holds; `path` is that of the member, empty for the attachment."""
        for form in contents():
            if not form.recognises(filename, content[:_PEEK]):
                continue
            try:
                self._note(path, form.look(filename, content))
            except Exception:  # noqa: BLE001 - as below
                self._worsen(Opened.BROKEN)

    def _note(self, path: str, findings: Iterator[Finding]) -> None:
        for finding in findings:
            if len(self.findings) == self._limits.findings:
                self._worsen(Opened.TOO_LARGE)
                return
            self.findings[replace(finding, detail=finding.detail[:LONGEST_DETAIL], path=path)] = None

    def enter(self, prefix: str, filename: str, content: bytes, kind: str) -> None:
        """List what `content` holds; `prefix` is the path to it."""
        form = next((form for form in FORMATS if form.recognises(filename, content)), None)
        if form is None or kind == "program":
            return
        if self._depth == self._limits.depth:
            self._worsen(Opened.TOO_LARGE)
            return
        self._depth += 1
        try:
            self._list(form, prefix, filename, content, kind)
        except TooLargeError:
            self._worsen(Opened.TOO_LARGE)
        except Exception:  # noqa: BLE001 - what the library's readers raise on hostile input is not known in advance
            self._worsen(Opened.BROKEN)
        self._depth -= 1

    def _list(self, form: Format, prefix: str, filename: str, content: bytes, kind: str) -> None:
        announced = 0
        for entry in form.entries(filename, content):
            announced += entry.size
            if announced > max(self._limits.harmless, self._limits.ratio * len(content)):
                self._worsen(Opened.TOO_LARGE)
            self._look_at(entry, prefix + entry.path, kind)

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
        if any(form.recognises(entry.path, head) for form in contents()) and not entry.encrypted:
            content = self._unpack(entry, self._limits.content)
            self.read(path, entry.path, content)
        if any(form.recognises("", head) for form in FORMATS):
            content = self._unpack(entry, self._limits.nested)
            if len(content) == self._limits.nested:
                self._worsen(Opened.TOO_LARGE)
            self.enter(path + "!", entry.path, content, kind)

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
        wanted = min(kinds.reach(head), self._limits.head)
        return self._unpack(entry, wanted) if wanted > len(head) == _PEEK else head

    def _unpack(self, entry: Entry, octets: int) -> bytes:
        """The first octets, as many as may still be unpacked; none where that fails."""
        try:
            content = entry.read(min(octets, self._left)) if self._left else b""
        except Exception:  # noqa: BLE001 - as above; the other members may still be sound
            self._worsen(Opened.BROKEN)
            return b""
        self._left -= len(content)
        if not self._left:
            self._worsen(Opened.TOO_LARGE)
        return content

    def _worsen(self, state: Opened) -> None:
        self.state = max(self.state, state, key=_GRAVITY.index)
