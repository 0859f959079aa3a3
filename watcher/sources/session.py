"""The few IMAP commands that Watcher uses, as one conversation with one server: what a back end has to offer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from watcher.errors import UserError
from watcher.model import FolderState, Mail

PHISHING = "$Phishing"
"""The keyword for it in the IANA registry of IMAP keywords."""


WHOLE = ""
"""The section that is the whole mail, with its header (RFC 9051, 6.4.5)."""


class MissingFolderError(UserError):
    """The server knows no such folder: it may be made (RFC 9051, TRYCREATE; RFC 5530, NONEXISTENT)."""


class Landing(NamedTuple):
    """Where the server says that a mail came to lie (RFC 4315, COPYUID)."""

    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Selected:
    """A folder that is open for writing, and which flags it keeps."""

    uidvalidity: int
    permanent: frozenset[str]
    """PERMANENTFLAGS in lower case."""

    def kept(self, keywords: Iterable[str]) -> tuple[str, ...]:
        r"""Those of the keywords that this folder keeps: all where it lists `\*`."""
        return tuple(word for word in keywords if {"\\*", word.lower()} & self.permanent)


class Session(Protocol):
    """One authenticated conversation. Every method may raise TransientError; then it is over.

    At most one folder is open at a time: `examine` opens it for reading, `select` for writing, and the methods
    without a folder speak of the one that is open.
    """

    abilities: frozenset[str]
    """The server's capabilities in upper case."""

    def hang_up(self) -> None:
        """End the conversation. Never raises."""

    # Folders.

    def exists(self, folder: str) -> bool:
        """Whether there is such a folder, and mail can lie in it."""

    def folders(self) -> Mapping[str, frozenset[str]]:
        """This person's folders in which mail can lie, named as elsewhere here, with their attributes in lower case."""

    def subscribed(self) -> frozenset[str]:
        """This person's folders that mail programs are asked to show, named likewise."""

    def create(self, folder: str) -> None:
        """Make the folder; no error where it is there already."""

    def subscribe(self, folder: str) -> None:
        """Let mail programs show the folder."""

    def append(self, folder: str, raw: bytes) -> None:
        """Put a mail in, without flags: APPEND. Raises MissingFolderError where there is no such folder."""

    def examine(self, folder: str) -> FolderState:
        """Open for reading: EXAMINE. Fresh numbers. Raises MissingFolderError where there is no such folder."""

    def view(self, folder: str) -> FolderState:
        """The same, but without a word to the server where the folder is open for reading already."""

    def select(self, folder: str) -> Selected:
        """Open for writing: SELECT. Raises MissingFolderError likewise."""

    def hold(self, folder: str) -> Selected:
        """The same; a back end that knows how the folder stands need not ask where it is open for writing already."""
        return self.select(folder)

    # Reading the open folder.

    def uids_from(self, first: int, message_id: str = "") -> Sequence[int]:
        """UIDs from `first` on, of mail with this Message-ID (an IMAP atom; any when empty), ascending."""

    def uids_between(self, first: int, end: int) -> Sequence[int]:
        """UIDs from `first` up to, and without, `end`, ascending."""

    def uids_since(self, day: datetime) -> Sequence[int]:
        """UIDs of mail that came on that day or later, ascending."""

    def uids_about(self, day: datetime) -> Sequence[int]:
        """UIDs of mail that came on that day, in whichever time zone, ascending; may hold mail of the days beside."""

    def dates(self, uids: Sequence[int]) -> dict[int, datetime]:
        """INTERNALDATE of each mail, in UTC, in one round trip; mail that is gone is left out."""

    def fetch(self, uids: Sequence[int]) -> Sequence[Mail]:
        """Headers and structure in one round trip; mail that is gone is left out."""

    def headers(self, uids: Sequence[int], fields: Sequence[str]) -> Sequence[Mail]:
        """The named header fields in one round trip, as mail without structure and fingerprint; likewise."""

    def sections(self, uids: Sequence[int], sections: Sequence[str], limit: int) -> dict[int, dict[str, bytes]]:
        """The first `limit` octets of each section of each mail in one round trip; what is not there is left out.

        `WHOLE` is one of them.
        """

    def fingerprints(self, uids: Sequence[int]) -> dict[int, str]:
        """The fingerprint of each mail."""

    # Changing the selected folder.

    def move(self, uid: int, target: str) -> Landing | None:
        """UID MOVE. None: the server did not say where to. Raises MissingFolderError where there is no target."""

    def copy(self, uid: int, target: str) -> Landing | None:
        """UID COPY, likewise."""

    def remove(self, uid: int) -> None:
        r"""`+FLAGS (\Deleted)` and UID EXPUNGE of this one mail; needs UIDPLUS."""

    def store(self, uid: int, add: Sequence[str], remove: Sequence[str]) -> None:
        """Add and take off keywords, and touch no other flag."""

    def flags(self, uid: int) -> frozenset[str] | None:
        """The flags of a mail as they are written; None: there is no such mail."""

    # Waiting.

    def start_idle(self) -> int | None:
        """Begin IDLE: the file descriptor to wait on; None where the server has no IDLE."""

    def check_idle(self) -> bool:
        """Whether the server has told of mail since the last look; never blocks."""

    def probe_idle(self) -> bool:
        """Ask for a sign of life, which makes the descriptor stir; False: the last one is still owed. Never blocks."""

    def renew_idle(self) -> bool | None:
        """Take the sign of life, go on: whether the server has told of mail; None: not all has come. Never blocks."""

    def end_idle(self) -> bool:
        """End IDLE; whether the server had told of mail."""


Dial = Callable[[], Session]
"""Opens a new conversation. Raises RefusedError for a refused login, TransientError where nobody answers."""
