"""A look back: what would have been moved of the mail of the last days. Nothing is moved, marked or written down.

It is the daemon's own way of judging, on its own pipeline: only that the source refuses every change, that the pipeline
plans none, and that what is learned on the way goes into a ledger in memory (`store.lookback`), which is gone at the
end. So mail that the user has taken back once stays where it is here, too, and a restrained detector moves nothing.

Soon after the setup the daemon knows little: not yet whose Authentication-Results to believe, nor whom this person
writes to. A look back that knew no more would tell worse of genuine mail than the daemon does after some days. So both
is learned first, by the daemon's rules, from the newest mail of the watched folders and from the headers of old mail.
Mail that is judged is not read beforehand: its author becomes known as it is judged. Only whom the person has written
to is known from the beginning, even where that was later than the mail.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from gettext import ngettext
from typing import TypeVar

from watcher import learn, plan
from watcher.acquaint import acquaint
from watcher.errors import TransientError
from watcher.model import Belief, Case, Direction, FolderState, Mail, Progress, State
from watcher.parse import parse
from watcher.pipeline import Pipeline
from watcher.ports import Source

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

_BATCH = 50
"""Mails fetched together, as in a sweep."""
_DATES = 500
"""Mails whose dates are asked for together."""
_SAMPLE = 1_000
"""Mails of a folder that are read, the newest first, until it is known whose results to believe."""
_STEPS = 100
"""Steps of reading old mail: all that the daemon would read of a folder of sent mail and an inbox, in a minute."""
PAUSES = (1.0, 4.0, 15.0)
"""Seconds before a mailbox that went away is opened again; afterwards it is given up."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """One mail, judged."""

    case: Case
    """As the ledger would have kept it; its number means nothing."""
    moves: bool
    """Whether it would have been moved."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a look back has come to so far."""

    total: int = 0
    """Mails that there are to be judged."""
    judged: int = 0
    failed: int = 0
    """Those that could not be judged; among `judged`, as all are."""
    moved: tuple[Case, ...] = ()
    """Those that would have been moved, in the order in which they were judged."""

    @property
    def detectors(self) -> Mapping[str, int]:
        """How many of `moved` each detector spoke against, most first."""
        return dict(Counter(name for case in self.moved for name in sorted(_accusers(case))).most_common())

    def add(self, replayed: Replayed) -> Tally:
        """With one mail more that was judged."""
        return replace(
            self,
            judged=self.judged + 1,
            failed=self.failed + (replayed.case.state is State.FAILED),
            moved=(*self.moved, replayed.case) if replayed.moves else self.moved,
        )

    def __add__(self, other: Tally) -> Tally:
        """Of both mailboxes together."""
        return Tally(
            self.total + other.total, self.judged + other.judged, self.failed + other.failed, self.moved + other.moved
        )


def sentence(tally: Tally, days: int) -> str:
    """The sums in words."""
    words = ngettext(
        "Of {judged} mail of the last {days} days, {moved} would have been moved.",
        "Of {judged} mails of the last {days} days, {moved} would have been moved.",
        tally.judged,
    )
    failed = ngettext("%d mail could not be judged.", "%d mails could not be judged.", tally.failed) % tally.failed
    sentence = words.format(judged=tally.judged, days=days, moved=len(tally.moved))
    return f"{sentence} {failed}" if tally.failed else sentence


def _accusers(case: Case) -> frozenset[str]:
    reasons = case.verdict.reasons if case.verdict else ()
    return frozenset(fact.detector for fact in reasons if fact.direction is Direction.AGAINST)


class Replay:
    """The look back at one account: `prepare` it, then go through it with `judge`, as far as is wanted.

    Both raise TransientError once the mailbox has gone away for good, and UserError for what a person has to mend.

    Args:
        pipeline: the account's, on a ledger that may be written to and is thrown away.
        source: opened to observe only; it is opened here, and closed by whoever made it.
        since: aware; mail whose INTERNALDATE is not earlier is judged.
        pauses: seconds before each attempt to open the mailbox again.
    """

    def __init__(self, pipeline: Pipeline, source: Source, since: datetime, pauses: Sequence[float] = PAUSES) -> None:
        self._pipeline = Pipeline(pipeline.tools, replace(pipeline.rules, action="observe"))
        self._source = source
        self._since = since
        self._pauses = tuple(pauses)
        self._uids: dict[str, list[int]] = {}

    def prepare(self) -> int:
        """Find the mail, and learn what has to be known before it is judged: how many mails there are."""
        self._source.open()
        folders = self._pipeline.rules.folders
        self._uids = {folder: self._firmly(partial(self._find, folder)) for folder in folders}
        for folder in folders:
            self._learn_belief(folder)
        if self._pipeline.rules.acquaintances:
            self._learn_acquaintances()
        return sum(map(len, self._uids.values()))

    def judge(self) -> Iterator[Replayed]:
        """Judge mail by mail, the oldest of each folder first; mail that is gone meanwhile is left out."""
        for folder, uids in self._uids.items():
            for start in range(0, len(uids), _BATCH):
                for mail in self._fetch(folder, uids[start : start + _BATCH]):
                    yield self._firmly(partial(self._judge, mail))

    def _judge(self, mail: Mail) -> Replayed:
        store, account = self._pipeline.tools.store, self._pipeline.rules.account
        if store.known(account, [mail.fingerprint]):  # a copy, or settled long ago
            return Replayed(self._pipeline.clean_case(mail), moves=False)
        case = self._pipeline.handle(self._source, mail, may_move=False)
        if case.verdict is None or not case.verdict.suspicious:
            return Replayed(case, moves=False)
        return Replayed(case, moves=plan.turn_down("move", case.verdict, store.lessons()) == "move")

    # What is known beforehand.

    def _find(self, folder: str) -> list[int]:
        """The mail of that time: the search speaks of days, and in a time zone of the server's."""
        self._source.look(folder)
        found = self._source.uids_since(folder, self._since)
        batches = (found[start : start + _DATES] for start in range(0, len(found), _DATES))
        mails = (mail for batch in batches for mail in self._source.headers(folder, batch, ("Date",)))
        return sorted(mail.place.uid for mail in mails if mail.internal_date >= self._since)

    def _learn_belief(self, folder: str) -> None:
        """As the daemon does at first sight of a folder, but with as much mail as it would have seen after a while."""
        batches = self._newest(folder) if self._pipeline.rules.authserv == learn.AUTO else iter(())
        while self._pipeline.belief() == Belief() and (batch := next(batches, None)):
            for mail in self._fetch(folder, batch):
                self._pipeline.note_authserv(parse(mail))

    def _newest(self, folder: str) -> Iterator[Sequence[int]]:
        uids = self._firmly(partial(self._source.uids_before, folder, self._look(folder).uidnext, _SAMPLE))
        for start in range(0, len(uids), _BATCH):
            yield uids[start : start + _BATCH]

    def _learn_acquaintances(self) -> None:
        for folder, uids in self._uids.items():
            if uids:
                self._put_aside(self._look(folder), uids[0])
        for _ in range(_STEPS):
            if not self._firmly(partial(acquaint, self._pipeline, self._source)):
                return

    def _put_aside(self, state: FolderState, first: int) -> None:
        """Let only mail below that UID be read for acquaintances."""
        store, account = self._pipeline.tools.store, self._pipeline.rules.account
        place = (state.folder, state.uidvalidity)
        kept = [each for each in store.progress(account) if (each.folder, each.uidvalidity) == place and not each.sent]
        progress = kept[0] if kept else Progress(account, *place, following=state.uidnext, lowest=state.uidnext)
        store.acquaint(account, (), replace(progress, lowest=min(progress.lowest, first)))

    # How to talk to a server that may go away.

    def _look(self, folder: str) -> FolderState:
        return self._firmly(partial(self._source.look, folder))

    def _fetch(self, folder: str, uids: Sequence[int]) -> list[Mail]:
        return self._firmly(lambda: sorted(self._source.fetch(folder, uids), key=lambda mail: mail.place.uid))

    def _firmly(self, work: Callable[[], _T]) -> _T:
        """Do it, again after each pause where the mailbox went away meanwhile."""
        for pause in self._pauses:
            try:
                return work()
            except TransientError as problem:
                _log.info("%s: opened again in %.0f s: %s", self._pipeline.rules.account, pause, problem)
                time.sleep(pause)
                with suppress(TransientError):
                    self._source.open()
        return work()
