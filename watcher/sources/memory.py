"""An account in memory: for the demonstration, for trying things out, and for tests, which hold it to the same suite.

`MemoryServer` is the server, with whatever abilities it is given and with a way to break a connection at any
command; `MemorySource` a connection to it. Two sources on one server are two mail programs of the same person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Lock

from watcher.errors import TransientError
from watcher.headers import split_fields
from watcher.model import FolderState, Mail, Place
from watcher.parse import fingerprint, split
from watcher.sources.bell import Bell
from watcher.sources.mailbox import Mailbox
from watcher.sources.session import WHOLE, Landing, MissingFolderError, Selected, Session

ABILITIES = frozenset({"IMAP4REV1", "IDLE", "MOVE", "UIDPLUS"})


@dataclass(frozen=True, slots=True)
class Stored:
    """One mail as it lies on the server."""

    raw: bytes
    flags: frozenset[str]
    at: datetime
    """INTERNALDATE."""


@dataclass(slots=True)
class Folder:
    """One folder: what lies in it by UID, and the numbers that go with it."""

    uidvalidity: int
    mails: dict[int, Stored] = field(default_factory=dict)
    uidnext: int = 1
    subscribed: bool = False
    attributes: frozenset[str] = frozenset()
    """As LIST tells them, in lower case."""

    def add(self, mail: Stored) -> int:
        """Put a mail in under the next UID."""
        uid = self.uidnext
        self.mails[uid] = mail
        self.uidnext += 1
        return uid


class MemoryServer:
    r"""The server: folders, abilities, and who waits for mail.

    Args:
        abilities: capabilities in upper case. Without UIDPLUS nothing can be expunged and no COPYUID is told.
        keywords: whether folders keep keywords: `\*` in PERMANENTFLAGS.
    """

    def __init__(self, abilities: frozenset[str] = ABILITIES, *, keywords: bool = True) -> None:
        self.abilities = abilities
        self.permanent = frozenset({r"\seen", r"\flagged", r"\answered", r"\deleted", r"\draft"})
        self.permanent |= {"\\*"} if keywords else set()
        self.folders: dict[str, Folder] = {}
        self.running = True
        self.silent = False
        """Whether it keeps all connections and says nothing on them."""
        self.commands_left: int | None = None
        """The connection breaks before the command that comes after so many; None: never."""
        self._waiting: list[tuple[str, Callable[[], None]]] = []
        self._lock = Lock()
        """Nobody is woken any more who has stopped waiting."""
        self._uidvalidities = count(1_700_000_000)
        self.create("INBOX")

    def create(self, folder: str) -> None:
        """Make a folder that is not there yet."""
        if folder not in self.folders:
            self.folders[folder] = Folder(next(self._uidvalidities))

    def deliver(self, folder: str, raw: bytes, flags: Sequence[str] = (), at: datetime | None = None) -> int:
        """Put a mail into a folder, as the postman or another program would: its UID."""
        return self.put(folder, Stored(raw, frozenset(flags), at or datetime.now(UTC)))

    def put(self, folder: str, mail: Stored) -> int:
        """Put a stored mail into a folder, and tell those who wait there: its UID."""
        uid = self.folders[folder].add(mail)
        self._tell(folder)
        return uid

    def renumber(self, folder: str) -> None:
        """Give out all UIDs of a folder anew, as a server does that was restored from a backup."""
        old = self.folders[folder]
        self.folders[folder] = Folder(next(self._uidvalidities), subscribed=old.subscribed)
        for mail in old.mails.values():
            self.folders[folder].add(mail)

    def stop(self) -> None:
        """Go down: every connection breaks."""
        self.running = False
        self._tell("")

    def wait(self, folder: str, wake: Callable[[], None]) -> Callable[[], None]:
        """Call `wake` when a mail comes into the folder, and when the server goes down: what ends that."""
        entry = (folder, wake)
        with self._lock:
            self._waiting.append(entry)
        return lambda: self._forget(entry)

    def _forget(self, entry: tuple[str, Callable[[], None]]) -> None:
        with self._lock:
            self._waiting.remove(entry)

    def _tell(self, folder: str) -> None:
        with self._lock:
            if self.silent:
                return
            for name, wake in self._waiting:
                if folder in ("", name):
                    wake()


class MemorySession(Session):
    """One connection to a `MemoryServer`."""

    def __init__(self, account: str, server: MemoryServer) -> None:
        self._account = account
        self._server = server
        self._folder = ""
        self._writable = False
        self._told = 0
        """The UIDNEXT that was last told: mail from there on is news."""
        self._bell: Bell | None = None
        self._is_probed = False
        self._command()
        self.abilities = server.abilities

    def hang_up(self) -> None:
        """Stop waiting."""
        if self._bell is not None:
            self._bell.close()
            self._bell = None

    # Folders.

    def exists(self, folder: str) -> bool:
        """Whether there is such a folder."""
        self._command()
        return folder in self._server.folders

    def folders(self) -> Mapping[str, frozenset[str]]:
        """All of them."""
        self._command()
        return {name: folder.attributes for name, folder in self._server.folders.items()}

    def subscribed(self) -> frozenset[str]:
        """Those of which that is noted."""
        self._command()
        return frozenset(name for name, folder in self._server.folders.items() if folder.subscribed)

    def create(self, folder: str) -> None:
        """Make it."""
        self._command()
        self._server.create(folder)

    def subscribe(self, folder: str) -> None:
        """Note it."""
        self._command()
        self._find(folder).subscribed = True

    def append(self, folder: str, raw: bytes) -> None:
        """Put a mail in."""
        self._command()
        self._find(folder)
        self._server.deliver(folder, raw)

    def examine(self, folder: str) -> FolderState:
        """Open it for reading."""
        self._command()
        found = self._find(folder)
        self._folder, self._writable, self._told = folder, False, found.uidnext
        return FolderState(folder, found.uidvalidity, found.uidnext, len(found.mails))

    def view(self, folder: str) -> FolderState:
        """Open it for reading, where it is not open for that already."""
        if (folder, False) != (self._folder, self._writable):
            return self.examine(folder)
        found = self._find(folder)
        return FolderState(folder, found.uidvalidity, self._told, len(found.mails))

    def select(self, folder: str) -> Selected:
        """Open it for writing."""
        self._command()
        found = self._find(folder)
        self._folder, self._writable = folder, True
        return Selected(found.uidvalidity, self._server.permanent)

    # Reading.

    def uids_from(self, first: int, message_id: str = "") -> Sequence[int]:
        """By UID, and by what stands in the header as it is."""
        wanted = message_id.encode()
        mails = list(self._open().mails.items())  # at once: another thread may deliver meanwhile
        return sorted(uid for uid, mail in mails if uid >= first and wanted in split(mail.raw)[0])

    def uids_between(self, first: int, end: int) -> Sequence[int]:
        """By UID."""
        return sorted(uid for uid in list(self._open().mails) if first <= uid < end)

    def uids_since(self, day: datetime) -> Sequence[int]:
        """By date, a day early like IMAP."""
        earliest = (day - timedelta(days=1)).date()
        return sorted(uid for uid, mail in list(self._open().mails.items()) if mail.at.date() >= earliest)

    def uids_about(self, day: datetime) -> Sequence[int]:
        """By date, a day more at either end like IMAP."""
        latest = (day + timedelta(days=1)).date()
        return [uid for uid, mail in self._present(self.uids_since(day)) if mail.at.date() <= latest]

    def dates(self, uids: Sequence[int]) -> dict[int, datetime]:
        """As they were delivered."""
        return {uid: mail.at for uid, mail in self._present(uids)}

    def fetch(self, uids: Sequence[int]) -> Sequence[Mail]:
        """Headers and parts, the parts still empty."""
        return [self._describe(uid, mail) for uid, mail in self._present(uids)]

    def headers(self, uids: Sequence[int], fields: Sequence[str]) -> Sequence[Mail]:
        """Cut out of the whole header."""
        wanted = {field.lower() for field in fields}
        mails = self.fetch(uids)
        return [replace(mail, fingerprint="", header=_only(wanted, mail.header), parts=()) for mail in mails]

    def sections(self, uids: Sequence[int], sections: Sequence[str], limit: int) -> dict[int, dict[str, bytes]]:
        """From the raw mail."""
        found = {}
        for uid, mail in self._present(uids):
            contents = {part.section: part.content or b"" for part in split(mail.raw)[1]} | {WHOLE: mail.raw}
            found[uid] = {section: contents[section][:limit] for section in sections if section in contents}
        return found

    def fingerprints(self, uids: Sequence[int]) -> dict[int, str]:
        """From the raw mail."""
        return {uid: _fingerprint(mail) for uid, mail in self._present(uids)}

    # Changing.

    def move(self, uid: int, target: str) -> Landing | None:
        """Out of one folder and into the other, at once."""
        landing = self._carry(uid, target)
        self._written().mails.pop(uid, None)
        return landing

    def copy(self, uid: int, target: str) -> Landing | None:
        """Into the other folder as well."""
        return self._carry(uid, target)

    def remove(self, uid: int) -> None:
        """Two commands, like IMAP's."""
        self.store(uid, (r"\Deleted",), ())
        self._command()
        self._written().mails.pop(uid, None)

    def store(self, uid: int, add: Sequence[str], remove: Sequence[str]) -> None:
        """Change the flags of a mail that is there."""
        self._command()
        mails = self._written().mails
        if uid in mails:
            mails[uid] = replace(mails[uid], flags=mails[uid].flags.union(add).difference(remove))

    def flags(self, uid: int) -> frozenset[str] | None:
        """Its flags."""
        return next((mail.flags for _, mail in self._present([uid])), None)

    # Waiting.

    def start_idle(self) -> int | None:
        """A bell that rings when mail comes, and at once for mail that came since the folder was looked at."""
        self._command()
        if "IDLE" not in self.abilities:
            return None
        self._bell, self._is_probed = Bell(), False
        self._bell.silence = self._server.wait(self._folder, self._bell.ring)
        if self._find(self._folder).uidnext > self._told:
            self._bell.ring()
        return self._bell.descriptor

    def check_idle(self) -> bool:
        """Whether it has rung."""
        self._answering()
        return self._bell is not None and self._bell.heard()

    def probe_idle(self) -> bool:
        """Sound the bell, once."""
        if self._bell is None or self._is_probed:
            return False
        self._is_probed = True
        if not self._server.silent:
            self._bell.sound()
        return True

    def renew_idle(self) -> bool | None:
        """Hear the bell."""
        self._command()
        self._is_probed = False
        return self._bell is None or self._bell.heard()

    def end_idle(self) -> bool:
        """Put the bell away."""
        self._command()
        if self._folder in self._server.folders:
            self._told = self._server.folders[
                self._folder
            ].uidnext  # before the bell is heard: what comes later is news
        news = self._bell is not None and self._bell.heard()
        self.hang_up()
        return news

    # What lies where.

    def _carry(self, uid: int, target: str) -> Landing | None:
        self._command()
        origin, folder = self._written(), self._find(target)
        if uid not in origin.mails:
            return None
        landing = Landing(folder.uidvalidity, self._server.put(target, origin.mails[uid]))
        return landing if "UIDPLUS" in self.abilities else None

    def _describe(self, uid: int, mail: Stored) -> Mail:
        header, parts = split(mail.raw)
        return Mail(
            place=Place(self._account, self._folder, self._find(self._folder).uidvalidity, uid),
            fingerprint=_fingerprint(mail),
            size=len(mail.raw),
            internal_date=mail.at,
            flags=tuple(sorted(mail.flags)),
            header=header,
            parts=tuple(replace(part, content=None) for part in parts),
        )

    def _present(self, uids: Sequence[int]) -> list[tuple[int, Stored]]:
        mails = self._open().mails
        return [(uid, mails[uid]) for uid in uids if uid in mails]

    def _open(self) -> Folder:
        self._command()
        return self._find(self._folder)

    def _written(self) -> Folder:
        if not self._writable:
            raise AssertionError("a change of a folder that was opened for reading")
        return self._find(self._folder)

    def _find(self, folder: str) -> Folder:
        if folder not in self._server.folders:
            raise MissingFolderError(f"{self._account} has no folder {folder}.")
        return self._server.folders[folder]

    def _command(self) -> None:
        """Count a command, and break the connection where the server was told to."""
        self._answering()
        if self._server.commands_left is not None:
            if self._server.commands_left == 0:
                raise TransientError("The connection is gone.")
            self._server.commands_left -= 1

    def _answering(self) -> None:
        if not self._server.running:
            raise TransientError("The server is down.")
        if self._server.silent:
            raise TransientError("The server does not answer.")


class MemorySource(Mailbox):
    """A connection to a server in memory.

    Args:
        account: the account's name.
        server: the server.
        first: the folder to wait on.
        readonly: observe only: see `Mailbox`.
    """

    def __init__(self, account: str, server: MemoryServer, first: str = "INBOX", *, readonly: bool = False) -> None:
        super().__init__(account, lambda: MemorySession(account, server), first, readonly=readonly)


def _only(wanted: set[str], header: bytes) -> bytes:
    fields = [name.encode() + b": " + value + b"\r\n" for name, value in split_fields(header) if name in wanted]
    return b"".join(fields) + b"\r\n"


def _fingerprint(mail: Stored) -> str:
    return fingerprint(split(mail.raw)[0], len(mail.raw), mail.at)
