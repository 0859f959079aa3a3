"""Getting to know whom this person writes to, and who has written before, from the headers of old mail.

Done in the background and politely: one batch a step, with a pause between two (whoever calls keeps it), the newest
mail first, and no more of a folder than `_MOST`. What was read is kept in the ledger with how far it was read, at once,
so that after a lost connection or a restart the next step goes on where the last one ended. Nothing is ever changed:
folders are opened by EXAMINE, headers are fetched by PEEK.

New mail in the watched folders is not read here: its author becomes known as it is judged.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from watcher import contacts
from watcher.authentication import authenticate
from watcher.errors import UserError
from watcher.model import Belief, Encounter, FolderState, Mail, Progress, Result, Use
from watcher.parse import parse
from watcher.pipeline import Pipeline
from watcher.ports import Source

_log = logging.getLogger(__name__)

PAUSE = timedelta(seconds=20)
"""Between two steps: a mailbox with twice `_MOST` mails is read in half an hour, and nobody notices."""
AGAIN = timedelta(hours=1)
"""Until a look for mail that was sent since: an answer that comes sooner is judged like a stranger's mail."""

_BATCH = 100
"""Mails a step: some 50 KB, and not so long that mail that comes meanwhile would have to wait."""
_MOST = 5_000
"""Mails of one folder that are read: the last years of most people; who has not been met since is hardly expected."""

_SENT_FIELDS = ("To", "Cc", "Auto-Submitted")
_INBOX_FIELDS = ("From", "Authentication-Results")


def acquaint(pipeline: Pipeline, source: Source) -> bool:
    """Take one step.

    Returns:
        Whether there was something to do: then there may be more, after `PAUSE`. Otherwise `AGAIN` is soon enough.

    Raises:
        TransientError: the mailbox went away; the next step goes on where the last one ended.
    """
    sent = _find_sent(pipeline, source)
    if sent and _step(pipeline, source, sent, sent=True):
        return True
    if pipeline.belief() == Belief():
        return False  # nobody's word counts yet for who has written
    return any(_step(pipeline, source, folder, sent=False) for folder in pipeline.rules.folders if folder != sent)


def _find_sent(pipeline: Pipeline, source: Source) -> str:
    try:
        return source.special_folder(Use.SENT)
    except UserError as problem:
        _log.info("%s: the folder of sent mail cannot be found: %s", pipeline.rules.account, problem)
        return ""


def _step(pipeline: Pipeline, source: Source, folder: str, *, sent: bool) -> bool:
    """Read a batch of a folder; whether there was one."""
    try:
        state = source.look(folder)
        before = _progress(pipeline, state, sent=sent)
        uids, after = _choose(source, state, before)
    except UserError as problem:
        _log.info("%s: %s is not read for acquaintances: %s", pipeline.rules.account, folder, problem)
        return False
    if uids or after != before:
        pipeline.tools.store.acquaint(pipeline.rules.account, _read(pipeline, source, after, uids), after)
    return bool(uids)


def _progress(pipeline: Pipeline, state: FolderState, *, sent: bool) -> Progress:
    """How far the folder has been read; where its UIDs are not the same any more, not at all."""
    account = pipeline.rules.account
    for progress in pipeline.tools.store.progress(account):
        if (progress.folder, progress.uidvalidity, progress.sent) == (state.folder, state.uidvalidity, sent):
            return progress
    return Progress(account, state.folder, state.uidvalidity, state.uidnext, state.uidnext, sent=sent)


def _choose(source: Source, state: FolderState, progress: Progress) -> tuple[Sequence[int], Progress]:
    """The mails to read next, and how far the folder has been read once they are: what was sent since comes first."""
    if progress.sent and state.uidnext > progress.following:
        uids = source.uids_from(state.folder, progress.following)[:_BATCH]
        progress = replace(progress, following=uids[-1] + 1 if len(uids) == _BATCH else state.uidnext)
        if uids:
            return uids, progress
    if progress.done:
        return (), progress
    wanted = min(_BATCH, _MOST - progress.read)
    uids = source.uids_before(state.folder, progress.lowest, wanted)
    read = progress.read + len(uids)
    lowest = uids[-1] if uids else progress.lowest
    return uids, replace(progress, lowest=lowest, read=read, done=len(uids) < wanted or read >= _MOST)


def _read(pipeline: Pipeline, source: Source, progress: Progress, uids: Sequence[int]) -> list[Encounter]:
    """What these mails tell. A batch that cannot be read is passed over, or it would be tried for ever."""
    if not progress.sent:  # what was judged was counted then, or is not to be
        judged = pipeline.tools.store.judged(progress, uids)
        uids = [uid for uid in uids if uid not in judged]
    if not uids:
        return []
    try:
        mails = source.headers(progress.folder, uids, _SENT_FIELDS if progress.sent else _INBOX_FIELDS)
    except UserError as problem:
        _log.info("%s: headers in %s are passed over: %s", pipeline.rules.account, progress.folder, problem)
        return []
    if progress.sent:
        return [encounter for mail in mails for encounter in _recipients(pipeline, mail)]
    belief = pipeline.belief()
    return [encounter for mail in mails for encounter in _author(pipeline, mail, belief)]


def _recipients(pipeline: Pipeline, mail: Mail) -> Iterator[Encounter]:
    return contacts.recipients(parse(mail), mail.internal_date, pipeline.tools.look, pipeline.rules.owner)


def _author(pipeline: Pipeline, mail: Mail, belief: Belief) -> Iterator[Encounter]:
    """The author, where the receiving server vouches for the address."""
    message = parse(mail)
    if message.author.domain and authenticate(message, belief).aligned is Result.PASS:
        yield contacts.meet(message.author, mail.internal_date, pipeline.tools.look)
