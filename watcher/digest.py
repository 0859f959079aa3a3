"""Once a day, where the user wants it: what was moved, as a notice, as a mail in the inbox, or both."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from watcher import report
from watcher.errors import UserError
from watcher.model import Case, State
from watcher.pipeline import Pipeline
from watcher.ports import Source

_log = logging.getLogger(__name__)

_FOUND = (State.MOVED, State.COPIED, State.RELEASED, State.FILED, State.DELETED)
"""States of cases that were moved, whatever became of them since."""
_MOST = 1000
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the digest is due, and in which forms."""

    at: time = time(8)
    """By the clock on the wall."""
    notice: bool = False
    mail: bool = False

    def due(self, now: datetime) -> datetime | None:
        """The last time at or before `now`, both aware, at which a digest was due; None where none is wished."""
        if not (self.notice or self.mail):
            return None
        local = now.astimezone()
        today = datetime.combine(local.date(), self.at).astimezone()
        return today if today <= local else datetime.combine(local.date() - _DAY, self.at).astimezone()


def give(pipeline: Pipeline, source: Source, schedule: Schedule) -> None:
    """Give the account's digest where it is due and has not been given. A day on which nothing was found has none.

    Raises:
        TransientError: the mailbox went away; the next call tries again.
    """
    store, now = pipeline.tools.store, pipeline.tools.clock()
    due, name = schedule.due(now), f"digest {pipeline.rules.account}"
    given = store.moment(name)
    if due is None or (given and due <= given <= now):  # one that was given in the future: the clock was wrong
        return
    found = _found_since(pipeline, given or due - _DAY) if given or pipeline.rules.history else ()
    still = tuple(case for case in found if case.state in {State.MOVED, State.COPIED})
    store.set_moment(name, now)  # before it is given: one that got lost is better than one every few seconds
    if still and schedule.mail and pipeline.rules.action != "observe":
        _append(pipeline, source, still)
    if found and schedule.notice:
        teller = pipeline.tools.teller
        teller.show(report.digest(found, teller.manners.language, pipeline.rules.account))


def _found_since(pipeline: Pipeline, since: datetime) -> Sequence[Case]:
    cases = pipeline.tools.store.cases(_FOUND, pipeline.rules.account, _MOST)
    return tuple(case for case in cases if case.judged_at >= since)


def _append(pipeline: Pipeline, source: Source, found: Sequence[Case]) -> None:
    """Put the digest into the inbox, and make sure that it is not judged itself."""
    from watcher import letters  # noqa: PLC0415 - needed once a day, by those who wish it

    rules, tools = pipeline.rules, pipeline.tools
    folder = rules.folders[0]
    message_id = f"{secrets.token_hex(16)}@watcher.invalid"  # nobody can guess it, so nobody can be taken for it
    owner = next(iter(rules.owner), "you@watcher.invalid")  # where the login is no address
    at = tools.clock().astimezone()
    raw = letters.digest(found, owner, tools.teller.manners.language, at, message_id)
    first = source.look(folder).uidnext
    try:
        source.append(folder, raw)
    except UserError as refusal:
        _log.warning("%s: the digest was not put into %s: %s", rules.account, folder, refusal)
        return
    for mail in source.fetch(folder, source.uids_from(folder, first)):
        if message_id.encode() in mail.header:
            tools.store.add_case(pipeline.clean_case(mail))
