"""A folder's new mail, found and handled. The end of the known UIDs decides what is new, not the event that woke us."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from watcher.model import Bookmark, FolderState, Mail, State
from watcher.parse import parse
from watcher.pipeline import Pipeline
from watcher.plan import Window, is_within, window
from watcher.ports import Source

_BATCH = 50
"""Mails fetched and bookmarked together: measured as the sweet spot between round trips and memory."""
_SAMPLE = 50
"""Mails whose headers are read at first sight of a folder, to learn whose Authentication-Results to believe."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep came to."""

    judged: int = 0
    moved: int = 0
    held: int = 0


class Sweep:
    """One pass over all folders of an account."""

    def __init__(self, pipeline: Pipeline, source: Source) -> None:
        self._pipeline = pipeline
        self._source = source
        self._judged = self._moved = self._held = 0

    def run(self) -> Swept:
        """Judge all that is new, batch by batch; after each batch the bookmark is moved on and the user is told.

        Raises:
            TransientError: the mailbox went away; the next sweep goes on where this one stopped.
        """
        first, *others = self._pipeline.rules.folders
        self._sweep_folder(first)
        for folder in others:
            self._sweep_folder(folder)
        self._pipeline.tools.teller.tell(self._pipeline.rules.account)  # what it was too quiet for until now
        return Swept(self._judged, self._moved, self._held)

    def catch_up(self) -> Swept:
        """Judge what has arrived meanwhile in the first folder, until a fresh look at it finds nothing.

        IDLE, which begins after that look, tells only of what comes later: nothing may be asked of the server between.
        """
        first = self._pipeline.rules.folders[0]
        while self._has_grown(first):
            self._sweep_folder(first)
        return Swept(self._judged, self._moved, self._held)

    def _sweep_folder(self, folder: str) -> None:
        store, rules = self._pipeline.tools.store, self._pipeline.rules
        now = self._pipeline.tools.clock()
        state = self._source.look(folder)
        bookmark = store.bookmark(rules.account, folder)
        if bookmark is None:
            self._learn(folder, state)
        extent = window(state, bookmark, rules.history, now)
        following = state.uidnext
        for batch in _batches(self._uids(folder, extent), _BATCH):
            self._handle(folder, batch, extent)
            following = max(following, batch[-1] + 1)
            store.set_bookmark(Bookmark(rules.account, folder, state.uidvalidity, batch[-1] + 1, now))
            self._pipeline.tools.teller.tell(rules.account)
        store.set_bookmark(Bookmark(rules.account, folder, state.uidvalidity, following, now))

    def _has_grown(self, folder: str) -> bool:
        state = self._source.look(folder)
        bookmark = self._pipeline.tools.store.bookmark(self._pipeline.rules.account, folder)
        return bookmark is None or state.uidnext > bookmark.uidnext or state.uidvalidity != bookmark.uidvalidity

    def _uids(self, folder: str, extent: Window) -> Sequence[int]:
        if extent.first is not None:
            return self._source.uids_from(folder, extent.first)
        return self._source.uids_since(folder, extent.since) if extent.since else ()

    def _handle(self, folder: str, batch: Sequence[int], extent: Window) -> None:
        mails = [mail for mail in self._source.fetch(folder, batch) if is_within(mail, extent)]
        fingerprints = [mail.fingerprint for mail in mails]
        known = set(self._pipeline.tools.store.known(self._pipeline.rules.account, fingerprints))
        for mail in mails:
            if mail.fingerprint not in known:
                known.add(mail.fingerprint)  # the next may be a copy of it
                self._judge(mail)

    def _judge(self, mail: Mail) -> None:
        may_move = self._moved < self._pipeline.rules.most_moves
        case = self._pipeline.handle(self._source, mail, may_move=may_move)
        self._judged += 1
        self._moved += case.state in {State.MOVED, State.COPIED}
        self._held += case.state is State.HELD

    def _learn(self, folder: str, state: FolderState) -> None:
        """Read the headers of the newest mails, judging none, so that results are believed from the first mail on."""
        recent = self._source.uids_from(folder, max(1, state.uidnext - _SAMPLE))
        for mail in self._source.fetch(folder, recent):
            self._pipeline.note_authserv(parse(mail))


def _batches(uids: Sequence[int], size: int) -> Iterator[list[int]]:
    remaining = iter(uids)
    while batch := list(islice(remaining, size)):
        yield batch
