"""One account's mailbox: the port `Source`, over whichever kind of session can be dialled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from gettext import gettext as _

from watcher.errors import ReadOnlyError, TransientError, UserError
from watcher.model import Case, FolderState, Intent, Mail, Place, Receipt, Use
from watcher.ports import Source
from watcher.sources import move, recognise
from watcher.sources.session import PHISHING, WHOLE, Dial, Session
from watcher.sources.special import find_special

BATCH = 50
"""Mails a FETCH: fewer cost round trips, more only memory."""

LARGEST = 64 * 1024 * 1024
"""Octets of a mail that is handed out whole: more than any provider takes in."""


class Mailbox(Source):
    """An account that can be read, waited on and, unless it was opened to observe only, changed.

    Args:
        account: the account's name in the configuration.
        dial: opens a session.
        first: the folder to wait on.
        readonly: observe only. Every change raises ReadOnlyError, whoever asks for it.
    """

    def __init__(self, account: str, dial: Dial, first: str = "INBOX", *, readonly: bool = False) -> None:
        self.account = account
        self._dial = dial
        self._first = first
        self._readonly = readonly
        self._session: Session | None = None
        self._idling = False
        self._special: Mapping[Use, str] | None = None

    # Coming and going.

    def open(self) -> None:
        """Connect and log in, anew where a session was open."""
        self.close()
        self._session = self._dial()

    def close(self) -> None:
        """Hang up."""
        session, self._session, self._idling, self._special = self._session, None, False, None
        if session is not None:
            session.hang_up()

    def abilities(self) -> frozenset[str]:
        """The server's capabilities."""
        with self._talking() as session:
            return session.abilities

    def folders(self) -> Mapping[str, frozenset[str]]:
        """All of them: one LIST."""
        with self._talking() as session:
            return session.folders()

    def subscribed(self) -> frozenset[str]:
        """One LSUB."""
        with self._talking() as session:
            return session.subscribed()

    def keeps_keywords(self, folder: str) -> bool:
        """SELECT, since to EXAMINE servers answer that nothing can be kept; nothing is changed by it."""
        with self._talking() as session:
            return bool(session.select(folder).kept((PHISHING,)))

    # Reading.

    def look(self, folder: str) -> FolderState:
        """How the folder stands now: one EXAMINE."""
        with self._talking() as session:
            return session.examine(folder)

    def uids_from(self, folder: str, first: int) -> Sequence[int]:
        """UIDs from `first` on."""
        with self._talking() as session:
            session.view(folder)
            return session.uids_from(first)

    def uids_since(self, folder: str, day: datetime) -> Sequence[int]:
        """UIDs of mail since that day."""
        with self._talking() as session:
            session.view(folder)
            return session.uids_since(day)

    def fetch(self, folder: str, uids: Sequence[int]) -> Iterator[Mail]:
        """Headers and structure, `BATCH` mails a round trip. Other work may be done between two mails."""
        for start in range(0, len(uids), BATCH):
            with self._talking() as session:
                session.view(folder)
                mails = session.fetch(uids[start : start + BATCH])
            yield from mails

    def fill(self, mail: Mail, sections: Sequence[str], limit: int) -> Mail:
        """All these sections in one round trip; what is gone by now stays unfetched."""
        return self.fill_all([mail], sections, limit)[0]

    def fill_all(self, mails: Sequence[Mail], sections: Sequence[str], limit: int) -> Sequence[Mail]:
        """The same sections of all these mails in one round trip."""
        place = mails[0].place
        with self._talking() as session:
            if not sections or session.view(place.folder).uidvalidity != place.uidvalidity:
                return mails
            found = session.sections([mail.place.uid for mail in mails], sections, limit)
        return [_filled(mail, found.get(mail.place.uid, {})) for mail in mails]

    def special_folder(self, use: Use) -> str:
        """Asked once a connection, for all uses."""
        if self._special is None:
            with self._talking() as session:
                folders = session.folders()
            self._special = {use: find_special(folders, use) for use in Use}
        return self._special[use]

    def uids_before(self, folder: str, end: int, most: int) -> Sequence[int]:
        """Searched in ranges that grow: neither all UIDs of a large folder nor a range for each gap in a sparse one."""
        found: list[int] = []
        width = 2 * most
        with self._talking() as session:
            session.view(folder)
            while end > 1 and len(found) < most:
                first = max(1, end - width)
                found += reversed(session.uids_between(first, end))
                end, width = first, 4 * width
        return found[:most]

    def headers(self, folder: str, uids: Sequence[int], fields: Sequence[str]) -> Sequence[Mail]:
        """All in one round trip: whoever asks for more than a batch waits for it."""
        with self._talking() as session:
            session.view(folder)
            return session.headers(uids, fields) if uids else ()

    def find(self, folder: str, case: Case) -> Place | None:
        """By Message-ID, otherwise by date; told by the fingerprint: see `recognise`."""
        with self._talking() as session:
            return recognise.find(session, folder, case)

    def whole(self, place: Place) -> bytes:
        """EXAMINE, FETCH. A mail of more than `LARGEST` octets is not handed out."""
        with self._talking() as session:
            same = session.examine(place.folder).uidvalidity == place.uidvalidity
            found = session.sections([place.uid], [WHOLE], LARGEST + 1) if same else {}
        raw = found.get(place.uid, {}).get(WHOLE)
        if raw is None:
            raise UserError(_("The mail is not in {folder} any more.").format(folder=place.folder))
        if len(raw) > LARGEST:
            raise UserError(_("The mail in {folder} is too large to be read whole.").format(folder=place.folder))
        return raw

    # Changing.

    def append(self, folder: str, raw: bytes) -> None:
        """Put a mail of our own into a folder: one APPEND, without flags."""
        with self._changing() as session:
            session.append(folder, raw)

    def prepare(self, folder: str) -> None:
        """Make sure that a target folder exists and is subscribed."""
        with self._changing() as session:
            if not session.exists(folder):
                session.create(folder)
            session.subscribe(folder)

    def apply(self, intent: Intent) -> Receipt | None:
        """Take the step and prove it; see `move`."""
        with self._changing() as session:
            return move.take(session, intent, datetime.now(UTC))

    def locate(self, intent: Intent) -> Receipt | None:
        """What became of a step that a crash cut short; finishes a move that had got as far as its copy."""
        with self._changing() as session:
            return move.locate(session, intent, datetime.now(UTC))

    # Waiting.

    def start_idle(self) -> int | None:
        """Begin IDLE on the first folder. What was said meanwhile is only seen by asking `check_idle` at once."""
        with self._talking() as session:
            session.view(self._first)
            descriptor = session.start_idle()
        self._idling = descriptor is not None
        return descriptor

    def check_idle(self) -> bool:
        """Whether there may be new mail."""
        if not self._idling:
            return False
        with self._surviving() as session:
            return session.check_idle()

    def probe_idle(self) -> bool:
        """Ask for a sign of life."""
        if not self._idling:
            return False
        with self._surviving() as session:
            return session.probe_idle()

    def renew_idle(self) -> bool | None:
        """Take the sign of life, and go on."""
        if not self._idling:
            return True
        with self._surviving() as session:
            return session.renew_idle()

    def end_idle(self) -> bool:
        """End IDLE where it was begun."""
        if not self._idling:
            return False
        self._idling = False
        with self._surviving() as session:
            return session.end_idle()

    # How to talk to the server.

    @contextmanager
    def _changing(self) -> Iterator[Session]:
        """The session, for a change."""
        if self._readonly:
            raise ReadOnlyError(f"{self.account} was opened to observe only")
        with self._talking() as session:
            yield session

    @contextmanager
    def _talking(self) -> Iterator[Session]:
        """The session, for commands: they end IDLE, since no command may be sent within (RFC 2177)."""
        self.end_idle()
        with self._surviving() as session:
            yield session

    @contextmanager
    def _surviving(self) -> Iterator[Session]:
        """The session; hung up when it turns out to be over, so that `open` works again."""
        if self._session is None:
            raise TransientError(_("{account} is not connected.").format(account=self.account))
        try:
            yield self._session
        except TransientError:
            self.close()
            raise


def _filled(mail: Mail, contents: Mapping[str, bytes]) -> Mail:
    parts = (replace(part, content=contents.get(part.section, part.content)) for part in mail.parts)
    return replace(mail, parts=tuple(parts))
