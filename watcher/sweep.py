"""A folder's new mail, found and handled. The end of the known UIDs decides what is new, not the event that woke us."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from gettext import gettext as _

from watcher.errors import TransientError
from watcher.model import Bookmark, FolderState, Mail, State
from watcher.parse import parse
from watcher.pipeline import Pipeline
from watcher.plan import Window, is_within, window
from watcher.ports import Source

_log = logging.getLogger(__name__)

_BATCH = 50
"""Mails fetched and bookmarked together: measured as the sweet spot between round trips and memory."""
_SAMPLE = 50
"""Mails whose headers are read at first sight of a folder, to learn whose Authentication-Results to believe."""


_ROUNDS = 5
"""Fresh looks after a sweep: more would do whatever the server likes, if it tells of another folder each time."""

BEGUN_ANEW = "begun anew"
"""Under which a ledger keeps when it took the place of one that was lost. Of mail from before that time nobody knows
what the user has decided about it, so it is never judged."""


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
        self._unfinished = f"moving since {pipeline.rules.account}"
        """Under which the ledger keeps since when mail has been judged by sweeps that did not come to their end."""
        self._since = pipeline.tools.store.moment(self._unfinished)
        self._already = self._moved_before()

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
        rounds = 0
        while rounds < _ROUNDS and self._has_grown(first):
            self._sweep_folder(first)
            rounds += 1
        if self._since:
            self._pipeline.tools.store.set_moment(self._unfinished, None)
        return Swept(self._judged, self._moved, self._held)

    def _moved_before(self) -> int:
        """How many mails were moved by sweeps that were cut short: this one goes on with them, and with their brake."""
        if self._since is None:
            return 0
        rules = self._pipeline.rules
        moved = self._pipeline.tools.store.cases((State.MOVED, State.COPIED), rules.account, rules.most_moves)
        return sum(case.judged_at >= self._since for case in moved)

    def _sweep_folder(self, folder: str) -> None:
        store, rules = self._pipeline.tools.store, self._pipeline.rules
        now = self._pipeline.tools.clock()
        state = self._source.look(folder)
        bookmark = store.bookmark(rules.account, folder)
        if bookmark is None and not self._pipeline.stumbles.is_given_up(("learn", folder)):
            self._learn(folder, state)
        extent = window(state, bookmark, self._look_back(now), now)
        following = state.uidnext
        uids = self._uids(folder, extent)
        while uids:
            batch, uids = self._split(uids, state)
            self._go_through(state, batch, extent)
            following = max(following, batch[-1] + 1)
            store.set_bookmark(Bookmark(rules.account, folder, state.uidvalidity, batch[-1] + 1, now))
            self._pipeline.tools.teller.tell(rules.account)
        store.set_bookmark(Bookmark(rules.account, folder, state.uidvalidity, following, now))

    def _split(self, uids: Sequence[int], state: FolderState) -> tuple[Sequence[int], Sequence[int]]:
        """What to judge next, and the rest: mail by mail where the connection has broken off."""
        size = 1 if self._pipeline.stumbles.is_shaky((state.folder, state.uidvalidity), uids[0]) else _BATCH
        return uids[:size], uids[size:]

    def _go_through(self, state: FolderState, batch: Sequence[int], extent: Window) -> None:
        """Judge a batch; a mail at which the connection always breaks off is left where it is, and the log says so."""
        stumbles, where = self._pipeline.stumbles, (state.folder, state.uidvalidity)
        what = (where, tuple(batch))
        if len(batch) == 1 and stumbles.is_given_up(what):
            words = _(
                "%(account)s: mail %(uid)d in %(folder)s is not judged: the server breaks off each time it is read"
            )
            _log.warning(words, {"account": self._pipeline.rules.account, "uid": batch[0], "folder": state.folder})
            return
        try:
            with stumbles.watched(what):
                self._handle(state.folder, batch, extent)
        except TransientError:
            if len(batch) > 1:
                stumbles.tread_softly(where, batch[-1])
            raise

    def _look_back(self, now: datetime) -> timedelta:
        """How far to look back at first sight of a folder."""
        history, begun_anew = self._pipeline.rules.history, self._pipeline.tools.store.moment(BEGUN_ANEW)
        return min(history, max(timedelta(), now - begun_anew)) if begun_anew else history

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
        if mails and self._since is None:
            self._since = self._pipeline.tools.clock()
            self._pipeline.tools.store.set_moment(self._unfinished, self._since)
        known = self._pipeline.tools.store.known(self._pipeline.rules.account, fingerprints)
        new: dict[str, Mail] = {}
        for mail in mails:
            if mail.fingerprint not in known:
                new.setdefault(mail.fingerprint, mail)  # the next may be a copy of it
        for mail in self._pipeline.read_ahead(self._source, tuple(new.values())):
            self._judge(mail)

    def _judge(self, mail: Mail) -> None:
        may_move = self._already + self._moved < self._pipeline.rules.most_moves
        case = self._pipeline.handle(self._source, mail, may_move=may_move)
        self._judged += 1
        self._moved += case.state in {State.MOVED, State.COPIED}
        self._held += case.state is State.HELD

    def _learn(self, folder: str, state: FolderState) -> None:
        """Read the headers of the newest mails, judging none, so that results are believed from the first mail on."""
        with self._pipeline.stumbles.watched(("learn", folder)):
            recent = self._source.uids_from(folder, max(1, state.uidnext - _SAMPLE))
            for mail in self._source.fetch(folder, recent):
                self._pipeline.note_authserv(parse(mail))
