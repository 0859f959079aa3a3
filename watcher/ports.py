"""The doors between what decides and what acts: everything above floor 4 knows the world by these alone.

Each room of floor 4 ships at least one back end for its port and one in memory; the suites under `tests/contract`
hold them all to what is said here. A port wraps its library's errors: what leaves a door is an error of
`watcher.errors`, and anything else is a bug.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from watcher.model import (
    Acquaintance,
    Bookmark,
    Case,
    Choice,
    Decision,
    Encounter,
    FolderState,
    Intent,
    Lesson,
    Mail,
    Notice,
    Opening,
    Place,
    Progress,
    Receipt,
    Shown,
    State,
    Use,
)


class Reader(Protocol):
    """Mail that can be looked at. Reading never changes anything: no flag, no file."""

    account: str

    def look(self, folder: str) -> FolderState:
        """How the folder stands now. Raises UserError where there is no such folder."""

    def uids_from(self, folder: str, first: int) -> Sequence[int]:
        """The UIDs in `folder` from `first` on, ascending."""

    def uids_since(self, folder: str, day: datetime) -> Sequence[int]:
        """The UIDs of mail whose INTERNALDATE is at or after `day`, ascending; may hold earlier mail of that day."""

    def fetch(self, folder: str, uids: Sequence[int]) -> Iterator[Mail]:
        """Headers and structure of these mails, in batches; those that are gone are left out, without an error."""

    def fill(self, mail: Mail, sections: Sequence[str], limit: int) -> Mail:
        """The same mail with the content of these parts, each cut after `limit` octets."""


class Source(Reader, Protocol):
    """One account's mailbox. Used by one thread at a time.

    Every method may raise TransientError, after which the source has to be opened again.
    """

    def open(self) -> None:
        """Connect, log in and read the abilities. Raises RefusedError for a refused login, TransientError otherwise."""

    def close(self) -> None:
        """Hang up. Never raises, and may be called at any time."""

    def abilities(self) -> frozenset[str]:
        """The server's capabilities in upper case, for `status` and `doctor`."""

    def folders(self) -> Mapping[str, frozenset[str]]:
        """This person's folders in which mail can lie, with their attributes in lower case (RFC 9051, 7.3.1)."""

    def subscribed(self) -> frozenset[str]:
        """Those that mail programs are asked to show."""

    def keeps_keywords(self, folder: str) -> bool:
        """Whether keywords such as $Phishing stay on mail there. Raises UserError where there is no such folder."""

    def special_folder(self, use: Use) -> str:
        """The folder that this person's mail programs use for that; empty where none is known for it."""

    def fill_all(self, mails: Sequence[Mail], sections: Sequence[str], limit: int) -> Sequence[Mail]:
        """The same as `fill` for several mails of one folder that have these parts, at once.

        Raises UserError for an answer that cannot be read, whichever of the mails it comes of.
        """

    def uids_before(self, folder: str, end: int, most: int) -> Sequence[int]:
        """The last UIDs below `end`, descending: `most` of them, fewer where there are no more."""

    def headers(self, folder: str, uids: Sequence[int], fields: Sequence[str]) -> Sequence[Mail]:
        """Of these mails the named header fields alone: no structure, no fingerprint. What is gone is left out."""

    def find(self, folder: str, case: Case) -> Place | None:
        """Where the mail of a case lies in that folder, told by its fingerprint; None: not there, or no such folder."""

    def whole(self, place: Place) -> bytes:
        """A mail, octet by octet, without marking it as read. Raises UserError where it is not there any more."""

    def append(self, folder: str, raw: bytes) -> None:
        """Put a mail of our own into a folder, unread (RFC 9051, 6.3.12). Raises ReadOnlyError where only observing."""

    def prepare(self, folder: str) -> None:
        """Make sure that a target folder exists and is subscribed. Raises ReadOnlyError where only observing."""

    def apply(self, intent: Intent) -> Receipt | None:
        """Take the step of `intent`, and prove that it happened. None: the mail is not there any more.

        Raises ReadOnlyError where only observing, UserError where the server refuses for good (no such folder,
        over quota), TransientError when it is not known whether it happened: then `locate` tells.
        """

    def locate(self, intent: Intent) -> Receipt | None:
        """The receipt of a step that may have happened before a crash, brought to its end; None: it did not.

        Raises ReadOnlyError where only observing.
        """

    def start_idle(self) -> int | None:
        """Begin IDLE (RFC 2177) on the account's first folder: the file descriptor to wait on, None without IDLE."""

    def check_idle(self) -> bool:
        """Read, without blocking, what the server has said: whether there may be new mail."""

    def probe_idle(self) -> bool:
        """Ask for a sign of life, without blocking: the descriptor stirs when it comes, and then `renew_idle` is due.

        False: the one that was asked for before has not been given yet, or nobody waits.
        """

    def renew_idle(self) -> bool | None:
        """Take the sign of life, as far as it has come, and go on waiting on the same descriptor, without blocking.

        None: there is more of it to come. False: that was all. True: there may be new mail, and `end_idle` is due.
        """

    def end_idle(self) -> bool:
        """End IDLE; whether there may be new mail. Does nothing where none was begun."""


class Opener(Protocol):
    """Looks into attachments that may be hostile."""

    def prepare(self, filename: str = "") -> None:
        """Make ready for a file of this name while it is still being fetched. Never raises, does not wait."""

    def open(self, filename: str, content: bytes) -> Opening:
        """What the attachment is and holds, within fixed limits. Never raises because of what it is given."""

    def close(self) -> None:
        """End the caged child, if there is one."""


class Viewer(Protocol):
    """Opens things in the user's own programs, never as a child of the daemon. Neither method raises."""

    def show_page(self, page: Path) -> bool:
        """Open a page of ours in the browser; whether somebody took it."""

    def show_mail(self, message_id: str) -> bool:
        """Open a mail in the mail program by its Message-ID, which its sender chose; whether somebody took it."""


class Notebook(Protocol):
    """Remembers the notices on the screen, so that their buttons are answered after a restart."""

    def note_shown(self, shown: Shown) -> None:
        """Keep it in place of the one of the same bus, owner and number; 200 are kept, the newest."""

    def shown(self) -> Sequence[Shown]:
        """All that is kept, oldest first."""


class Notifier(Protocol):
    """Shows notices and hears which button was pressed."""

    name: str

    def show(self, notice: Notice) -> bool:
        """Show a notice; whether it was shown. Never raises: False lets the next notifier try."""

    def listen(self, pressed: Callable[[str, Choice], None]) -> None:
        """Call `pressed(token, choice)` for each press, from a thread of its own, until closed."""

    def buttons(self) -> bool:
        """Whether notices shown now can have buttons."""

    def close(self) -> None:
        """Stop listening."""


class Vault(Protocol):
    """Gives the password of one account, or a token in place of one."""

    def secret(self) -> str:
        """The password. Raises UserError where there is none, TransientError where asking later may help."""

    def refuse(self, secret: str) -> bool:
        """The server refused this secret: whether asking again may give another one. Never raises."""


class Store(Notebook, Protocol):
    """What must survive: cases, intents, receipts, decisions, lessons, bookmarks, acquaintances, notices.

    Each method is one transaction, and what it wrote is on disk when it returns. Only what merely comes of judging a
    mail (a case from which nothing has followed, whom it tells of) gets there with the next of all others, such as the
    bookmark behind it. May be called from any thread. A method that is given the number of something that is not there
    raises UserError.
    """

    def close(self) -> None:
        """Close the ledger."""

    # Where each folder stands.

    def bookmark(self, account: str, folder: str) -> Bookmark | None:
        """Up to where the folder has been judged; None at first sight."""

    def set_bookmark(self, bookmark: Bookmark) -> None:
        """Remember it in place of the former one."""

    # Cases.

    def known(self, account: str, fingerprints: Sequence[str]) -> frozenset[str]:
        """Those of the fingerprints that have, or once had, a case in this account."""

    def add_case(self, case: Case) -> Case:
        """Keep a new case: the same with its id. The account's case of the same fingerprint is given back instead."""

    def case(self, number: int) -> Case:
        """The case of that id. Raises UserError where there is none."""

    def cases(self, states: Sequence[State] = (), account: str = "", limit: int = 100) -> Sequence[Case]:
        """The newest cases first, of these states (all when empty) and this account (all when empty)."""

    def find_cases(self, account: str, fingerprints: Sequence[str]) -> Mapping[str, Case]:
        """The account's cases of these fingerprints."""

    def kept_in(self, account: str, folder: str, states: Sequence[State]) -> Sequence[tuple[int, Place]]:
        """The numbers of the account's cases of these states whose mail was last put into that folder, and where.

        Mere copies are left out: their original lies elsewhere.
        """

    def counts(self) -> Mapping[State, int]:
        """How many cases there are of each state; states without any are left out."""

    def set_state(self, case: int, state: State) -> None:
        """What has become of the case."""

    def set_notified(self, cases: Sequence[int]) -> None:
        """The user has been told of these."""

    def untold(self, account: str) -> Sequence[Case]:
        """Moved, copied, marked and held cases of which the user has not been told, oldest first."""

    # Intents and receipts.

    def intend(self, intent: Intent, state: State) -> Intent:
        """Keep an intent before its step is taken, and set the case's state, at once: the intent with its id."""

    def settle(self, intent: Intent, receipt: Receipt | None, state: State) -> None:
        """Close an intent, with its receipt or without, and set the case's state, at once."""

    def record(self, receipt: Receipt, state: State, decision: Decision | None = None) -> None:
        """Keep a step that others have taken, the case's state, and what the user decided by it, at once."""

    def open_intents(self, account: str) -> Sequence[Intent]:
        """Intents that have not been settled, oldest first: a crash lies between."""

    def receipts(self, case: int) -> Sequence[Receipt]:
        """The steps taken for a case, oldest first."""

    # Decisions and lessons.

    def add_decision(self, decision: Decision) -> Decision:
        """Keep a decision that waits to be carried out: the same with its id."""

    def decision(self, number: int) -> Decision:
        """The decision of that id, with its outcome once there is one."""

    def waiting_decisions(self) -> Sequence[Decision]:
        """Decisions without an outcome, oldest first."""

    def set_outcome(self, decision: int, outcome: str) -> None:
        """What became of a decision."""

    def add_lesson(self, lesson: Lesson) -> Lesson:
        """Keep a lesson: the same with its id; an equal one is not kept twice."""

    def lessons(self, *, revoked: bool = False) -> Sequence[Lesson]:
        """All lessons that count, oldest first; those that the user took back instead, when asked for."""

    def forget_lesson(self, number: int, at: datetime) -> None:
        """Take a lesson back. Raises UserError where none of that id counts."""

    # Times, and what is no longer wanted.

    def moment(self, name: str) -> datetime | None:
        """The time that was kept under that name; None where there is none."""

    def set_moment(self, name: str, at: datetime | None) -> None:
        """Keep a time under a name; None forgets it."""

    def prune(self, clean_before: datetime, before: datetime) -> int:
        """Forget cases that were judged before these times, with all that belongs to them: how many.

        Args:
            clean_before: for cases that nothing was done about: clean, foreign and failed ones.
            before: for all others but those that wait: moving and held ones are never forgotten.
        """

    # Whom to believe.

    def note_authserv(self, account: str, authserv: str, domain: str) -> None:
        """`authserv` was seen topmost in a mail from `domain`. An empty `authserv`: written without an id."""

    def authserv_counts(self, account: str) -> Sequence[tuple[str, int, int]]:
        """(authserv-id, mails, different domains) seen so far, most mails first."""

    # Whom this person knows. Addresses are kept as salted hashes.

    def acquaint(self, account: str, encounters: Sequence[Encounter], progress: Progress | None = None) -> None:
        """Keep what these encounters tell, and how far the folder that they come from has been read, at once."""

    def acquaintance(self, address: str) -> Acquaintance | None:
        """What is kept of an addr-spec, over all accounts; None where nothing is."""

    def bearers(self, likeness: str) -> Sequence[Acquaintance]:
        """Some of those whose name has that likeness, over all accounts, who were written to first."""

    def pseudonym(self, words: str) -> str:
        """Under what an address or a domain is kept: the same in any case."""

    def progress(self, account: str) -> Sequence[Progress]:
        """How far each folder of the account has been read for acquaintances."""

    def judged(self, progress: Progress, uids: Sequence[int]) -> frozenset[int]:
        """Those of the UIDs of that folder that have a case."""


Clock = Callable[[], datetime]
"""The time now, aware and in UTC."""

__all__ = ["Clock", "Notebook", "Notifier", "Opener", "Reader", "Source", "Store", "Vault", "Viewer"]
