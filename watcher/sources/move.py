"""Taking a step so that no mail is lost whatever happens meanwhile, and proving that it was taken.

UID MOVE where the server has it (RFC 6851). Otherwise UID COPY first; only when the copy is proven is the original
marked and expunged, it alone, by UID EXPUNGE (RFC 4315). A server with neither keeps the original, because a plain
EXPUNGE would take along whatever else the user has marked: there it only gets the keyword.

Proven means: a mail of the same fingerprint lies in the target, where the server says (COPYUID) or at or above the
UIDNEXT that was noted beforehand. The Message-ID narrows that search and never decides it: the sender chose it. A
server that names a UID at which something else lies is not believed, neither before the step nor after it; but where
the original has gone, the word of one that shows its copies late is better than none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from gettext import gettext as _
from typing import NamedTuple

from watcher.errors import UserError
from watcher.model import How, Intent, Place, Receipt, Step, StepKind
from watcher.sources.recognise import match, namesakes
from watcher.sources.session import PHISHING, Landing, MissingFolderError, Selected, Session


def take(session: Session, intent: Intent, at: datetime) -> Receipt | None:
    """Take the step of `intent`. None: the mail is not there any more.

    Raises:
        UserError: the server refuses for good; nothing has been done.
        TransientError: it is not known how far it got; `locate` tells.
    """
    found = _seek(session, intent)
    if found is None:
        return None
    if intent.step.kind is StepKind.FLAG:
        return _flag(session, intent, found, at)
    if "MOVE" in session.abilities:
        return _by_move(session, intent, found.uid, at)
    return _by_copy(session, intent, found.uid, at)


def locate(session: Session, intent: Intent, at: datetime) -> Receipt | None:
    """The receipt of a step that may have been taken before a crash, finished where it was half done."""
    if intent.step.kind is StepKind.FLAG:
        return _flagged(session, intent, at)
    landing = _find_landing(session, intent)
    if landing is None:
        return None
    found = _seek(session, intent)
    if found is not None and session.flags(found.uid) is not None:
        how = _take_away(session, intent, found.uid)
    else:
        how = How.MOVE if "MOVE" in session.abilities else How.COPY_EXPUNGE
    return _receipt(session, intent, landing, how, at)


# The ways of moving.


def _by_move(session: Session, intent: Intent, uid: int, at: datetime) -> Receipt | None:
    named = _carry(session, intent, uid, How.MOVE)
    landing = _confirm(session, intent, named)
    if landing is not None:
        return _receipt(session, intent, landing, How.MOVE, at)
    _check_absence(session, intent, uid)
    return None if named is None else _written(intent, named, How.MOVE, at)


def _by_copy(session: Session, intent: Intent, uid: int, at: datetime) -> Receipt | None:
    landing = None
    if "UIDPLUS" not in session.abilities:
        landing = _find_original(session, intent)
        session.select(intent.step.origin)
    if landing is None:
        landing = _confirm(session, intent, _carry(session, intent, uid, How.COPY_EXPUNGE))
        session.select(intent.step.origin)
    if landing is None:
        _check_absence(session, intent, uid)
        return None
    return _receipt(session, intent, landing, _take_away(session, intent, uid), at)


def _confirm(session: Session, intent: Intent, named: Landing | None) -> Landing | None:
    """Where the mail came to lie: as the server says, if it does lie there, otherwise wherever it is found."""
    if named is not None and _lies_at(session, intent, named):
        return named
    return _find_landing(session, intent)


def _lies_at(session: Session, intent: Intent, landing: Landing) -> bool:
    is_labelled = intent.step.add or intent.step.remove
    enter = session.select if is_labelled else session.examine  # for `_receipt`
    with suppress(MissingFolderError):
        known = enter(intent.step.target).uidvalidity == landing.uidvalidity
        return known and match(session, intent.fingerprint, [landing.uid]) is not None
    return False


def _carry(session: Session, intent: Intent, uid: int, how: How) -> Landing | None:
    """Move or copy; a target that has gone meanwhile is made again (TRYCREATE)."""
    carry = session.move if how is How.MOVE else session.copy
    try:
        return carry(uid, intent.step.target)
    except MissingFolderError:
        session.create(intent.step.target)
        session.subscribe(intent.step.target)
        return carry(uid, intent.step.target)


def _take_away(session: Session, intent: Intent, uid: int) -> How:
    """Take the original away, now that its copy is proven. The origin is selected."""
    if "UIDPLUS" in session.abilities:
        session.remove(uid)
        return How.COPY_EXPUNGE
    if PHISHING in intent.step.add:
        _label(session, session.select(intent.step.origin), uid, Step(StepKind.FLAG, "", "", add=(PHISHING,)))
    return How.COPY_ONLY


def _check_absence(session: Session, intent: Intent, uid: int) -> None:
    """Make sure that no mail arrived because there was none: to IMAP that is no error (RFC 9051, 6.4.9)."""
    session.select(intent.step.origin)
    if session.flags(uid) is not None:
        words = _("The server moved nothing from {origin} to {target}.")
        raise UserError(words.format(origin=intent.step.origin, target=intent.step.target))


def _receipt(session: Session, intent: Intent, landing: Landing, how: How, at: datetime) -> Receipt:
    """Label the moved mail, and write down where it lies."""
    step = intent.step
    if step.add or step.remove:
        _label(session, session.hold(step.target), landing.uid, step)
    return _written(intent, landing, how, at)


def _written(intent: Intent, landing: Landing, how: How, at: datetime) -> Receipt:
    place = Place(intent.place.account, intent.step.target, landing.uidvalidity, landing.uid)
    return Receipt(intent, place, how, at)


# Keywords.


def _label(session: Session, selected: Selected, uid: int, step: Step) -> None:
    """Add and take off keywords in the selected folder, where it keeps them. One that does not is no error."""
    with suppress(UserError):
        session.store(uid, selected.kept(step.add), selected.kept(step.remove))


def _flag(session: Session, intent: Intent, found: _Found, at: datetime) -> Receipt | None:
    """A FLAG step: taken where the mail is there, even if the folder keeps no keywords."""
    if session.flags(found.uid) is None:
        return None
    _label(session, found.selected, found.uid, intent.step)
    place = Place(intent.place.account, intent.step.origin, found.selected.uidvalidity, found.uid)
    return Receipt(intent, place, How.STORE, at)


def _flagged(session: Session, intent: Intent, at: datetime) -> Receipt | None:
    """The receipt of a FLAG step whose every keyword stands as it should."""
    found = _seek(session, intent)
    flags = None if found is None else session.flags(found.uid)
    if found is None or flags is None:
        return None
    if not flags.issuperset(intent.step.add) or flags.intersection(intent.step.remove):
        return None
    return _flag(session, intent, found, at)


# Finding a mail again.


class _Found(NamedTuple):
    """A mail in the folder that is selected."""

    selected: Selected
    uid: int


def _seek(session: Session, intent: Intent) -> _Found | None:
    """The UID that the mail has, or had, in the origin, which is selected by this; None: it is not there.

    Where another mail lies at the noted UID, or UIDVALIDITY says that it means nothing any more, the mail is found by
    its fingerprint: a server that gives a UID out twice must not have us move, or expunge, a wanted mail.
    """
    selected = session.select(intent.step.origin)
    if selected.uidvalidity == intent.place.uidvalidity:
        there = session.fingerprints([intent.place.uid])
        if there.get(intent.place.uid, intent.fingerprint) == intent.fingerprint:
            return _Found(selected, intent.place.uid)
    uid = match(session, intent.fingerprint, namesakes(session, intent.message_id))
    return None if uid is None else _Found(selected, uid)


def _find_landing(session: Session, intent: Intent) -> Landing | None:
    """Where the mail came to lie in the target, which is examined by this."""
    try:
        state = session.examine(intent.step.target)
    except MissingFolderError:
        return None
    known = state.uidvalidity == intent.target_uidvalidity
    candidates = _arrivals(session, intent) if known else _recent(session, intent)
    for uids in candidates:
        uid = match(session, intent.fingerprint, uids)
        if uid is not None:
            return Landing(state.uidvalidity, uid)
    return None


def _find_original(session: Session, intent: Intent) -> Landing | None:
    """Where the mail already lies in the target: so it does when a mere copy of it is moved back."""
    with suppress(MissingFolderError):
        state = session.examine(intent.step.target)
        uid = match(session, intent.fingerprint, namesakes(session, intent.message_id))
        return None if uid is None else Landing(state.uidvalidity, uid)
    return None


def _arrivals(session: Session, intent: Intent) -> Iterator[Sequence[int]]:
    """Mail that arrived in the target since the intent, the likely ones first."""
    yield namesakes(session, intent.message_id, intent.target_uidnext)
    yield session.uids_from(intent.target_uidnext)


def _recent(session: Session, intent: Intent) -> Iterator[Sequence[int]]:
    """Mail that may be it in a target whose UIDs have been given out anew, the likely ones first."""
    yield namesakes(session, intent.message_id)
    yield session.uids_since(intent.at - timedelta(days=1))
