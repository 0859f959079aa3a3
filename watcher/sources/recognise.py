"""A mail recognised where it lies now: by its fingerprint alone, among those that may be it.

Whatever was done to it, a mail keeps its fingerprint. What narrows the search costs less and never decides: the sender
chose the Message-ID, and many mails came on the same day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from watcher.model import Case, Place
from watcher.sources.session import MissingFolderError, Session

_SEARCHABLE = re.compile(r"[\w.!#$&'+/=?^`|~@-]{1,250}", re.ASCII)
"""A Message-ID that can stand in a SEARCH as it is. The sender chose it: with any other nothing is narrowed."""

_MOST_DATES = 2_000
"""Mails of one day whose time is asked for, the newest: 100 KB."""

_MOST_FINGERPRINTS = 200
"""Mails that are asked for their headers at once, the newest."""


def find(session: Session, folder: str, case: Case) -> Place | None:
    """Where the mail of the case lies in that folder, which is examined by this; None: it does not, or no such folder.

    Looked for by its Message-ID, and where that leads nowhere among the mails that came in the same second, which MOVE
    and COPY keep (RFC 9051, 6.4.7).
    """
    try:
        state = session.examine(folder)
    except MissingFolderError:
        return None
    uid = match(session, case.fingerprint, namesakes(session, case.message_id)[-_MOST_FINGERPRINTS:])
    if uid is None:
        uid = match(session, case.fingerprint, _contemporaries(session, case)[-_MOST_FINGERPRINTS:])
    return None if uid is None else Place(case.place.account, folder, state.uidvalidity, uid)


def namesakes(session: Session, message_id: str, first: int = 1) -> Sequence[int]:
    """Mail in the open folder with this Message-ID: none where it cannot be searched for."""
    return session.uids_from(first, message_id) if _SEARCHABLE.fullmatch(message_id) else ()


def match(session: Session, fingerprint: str, uids: Sequence[int]) -> int | None:
    """The first of these mails that has the fingerprint."""
    found = session.fingerprints(uids) if uids else {}
    return min((uid for uid, other in found.items() if other == fingerprint), default=None)


def _contemporaries(session: Session, case: Case) -> Sequence[int]:
    """Mail in the open folder that came in the same second."""
    uids = session.uids_about(case.date)[-_MOST_DATES:]
    dates = session.dates(uids) if uids else {}
    return sorted(uid for uid, date in dates.items() if abs(date - case.date) < timedelta(seconds=1))
