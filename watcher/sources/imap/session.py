"""One conversation with an IMAP server: the commands of `session` in the words of imapclient."""

from __future__ import annotations

import logging
import re
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from gettext import gettext as _
from typing import Any, TypeVar

from watcher.errors import UserError
from watcher.model import FolderState, Mail, Part, Place
from watcher.parse import fingerprint, split
from watcher.ports import Vault
from watcher.sources.imap.connection import ImapAccount, connect, hang_up
from watcher.sources.imap.failures import GARBLED, told_apart
from watcher.sources.imap.idle import Idle
from watcher.sources.imap.structure import leaves
from watcher.sources.session import Landing, MissingFolderError, Selected, Session

WHOLE = 128 * 1024
"""Octets of a mail that are fetched to find its parts where the server's BODYSTRUCTURE cannot be read."""

_LONGEST = 16 * 1024
"""Octets of a mail's named header fields that are fetched."""

_IDENTITY = ("INTERNALDATE", "RFC822.SIZE", "BODY.PEEK[HEADER]")
_ENVELOPE = ("FLAGS", *_IDENTITY)

_COPYUID = re.compile(rb"(\d+) \S+ (\d+)(?::\2)?$")

T = TypeVar("T")
_log = logging.getLogger(__name__)


class ImapSession(Session):
    """Connects and logs in when it is made; see `connect` for the errors."""

    def __init__(self, account: ImapAccount, vault: Vault, context: ssl.SSLContext) -> None:
        self._account = account
        self._client = connect(account, vault, context)
        self._examined: FolderState | None = None
        self._selected: tuple[str, Selected] | None = None
        self._idle: Idle | None = None
        self.abilities = frozenset(_words(self._client.capabilities()))

    def hang_up(self) -> None:
        """Close the socket."""
        hang_up(self._client)

    # Folders.

    def exists(self, folder: str) -> bool:
        """Whether LIST shows a folder that can be opened."""
        listed = self._run(self._client.list_folders, "", self.name(folder))
        return any(_lower(flags).isdisjoint({r"\noselect", r"\nonexistent"}) for flags, _delimiter, _name in listed)

    def folders(self) -> Mapping[str, frozenset[str]]:
        """LIST of the personal namespace; a name that would be taken for another one is left out."""
        found = self._named_as_ours(self._client.list_folders)
        return {name: flags for name, flags in found.items() if flags.isdisjoint({r"\noselect", r"\nonexistent"})}

    def subscribed(self) -> frozenset[str]:
        """LSUB."""
        return frozenset(self._named_as_ours(self._client.list_sub_folders))

    def _named_as_ours(self, command: Callable[[str, str], Any]) -> Mapping[str, frozenset[str]]:
        """What LIST or LSUB tells of the personal namespace, by our names of the folders."""
        prefix, delimiter = self._namespace
        found = {}
        for flags, _delimiter, name in self._run(command, prefix, "*"):
            folder = str(name).removeprefix(prefix)
            if delimiter not in {"", "/"} and "/" not in folder:
                folder = folder.replace(delimiter, "/")
            if self.name(folder) == name:
                found[folder] = _lower(flags)
        return found

    def create(self, folder: str) -> None:
        """CREATE."""
        try:
            self._run(self._client.create_folder, self.name(folder))
        except UserError as error:
            if "EXISTS" not in str(error).upper():
                raise

    def subscribe(self, folder: str) -> None:
        """SUBSCRIBE."""
        self._run(self._client.subscribe_folder, self.name(folder))

    def append(self, folder: str, raw: bytes) -> None:
        """APPEND."""
        with self._named(folder) as name:
            self._run(self._client.append, name, raw)

    def examine(self, folder: str) -> FolderState:
        """EXAMINE, always."""
        answer = self._open(folder, readonly=True)
        uidnext = answer.get(b"UIDNEXT") or self._ask_uidnext(folder)
        self._examined = FolderState(folder, answer[b"UIDVALIDITY"], uidnext, answer.get(b"EXISTS", 0))
        return self._examined

    def view(self, folder: str) -> FolderState:
        """EXAMINE, where the folder is not open for reading."""
        if self._examined is not None and self._examined.folder == folder:
            return self._examined
        return self.examine(folder)

    def select(self, folder: str) -> Selected:
        """SELECT, always: it shows what other programs have done meanwhile."""
        answer = self._open(folder, readonly=False)
        selected = Selected(answer[b"UIDVALIDITY"], _lower(answer.get(b"PERMANENTFLAGS", ())))
        self._selected = folder, selected
        return selected

    def hold(self, folder: str) -> Selected:
        """SELECT, where the folder is not open for writing."""
        if self._selected is not None and self._selected[0] == folder:
            return self._selected[1]
        return self.select(folder)

    def name(self, folder: str) -> str:
        """The server's own name of a folder that is written with "/" and without the personal namespace's prefix."""
        if folder.upper() == "INBOX":
            return "INBOX"
        prefix, delimiter = self._namespace
        name = folder.replace("/", delimiter) if delimiter else folder
        return name if name.upper().startswith(prefix.upper()) else prefix + name

    @cached_property
    def _namespace(self) -> tuple[str, str]:
        """Prefix and hierarchy delimiter of the personal namespace (RFC 2342); of the root where there is none."""
        if "NAMESPACE" in self.abilities:
            personal = self._run(self._client.namespace).personal
            if personal:
                return str(personal[0][0]), str(personal[0][1] or "")
        listed = self._run(self._client.list_folders, "", "")
        return "", listed[0][1].decode("ascii", "replace") if listed and listed[0][1] else ""

    def _open(self, folder: str, *, readonly: bool) -> dict[bytes, Any]:
        self._examined = self._selected = None
        with self._named(folder) as name:
            answer: dict[bytes, Any] = self._run(self._client.select_folder, name, readonly=readonly)
        if not answer.get(b"UIDVALIDITY"):  # 0 is none either (RFC 9051, 9)
            words = _("{host} keeps no UIDs in {folder}: it cannot be watched.")
            raise UserError(words.format(host=self._account.host, folder=folder))
        return answer

    @contextmanager
    def _named(self, folder: str) -> Iterator[str]:
        """The server's own name of the folder; that it is missing is told by ours."""
        try:
            yield self.name(folder)
        except MissingFolderError as error:
            words = _("{account} has no folder {folder}.")
            raise MissingFolderError(words.format(account=self._account.name, folder=folder)) from error

    def _ask_uidnext(self, folder: str) -> int:
        status = self._run(self._client.folder_status, self.name(folder), ["UIDNEXT"])
        return int(status[b"UIDNEXT"])

    # Reading.

    def uids_from(self, first: int, message_id: str = "") -> Sequence[int]:
        """UID SEARCH. `n:*` always holds the last mail (RFC 9051, 9): what is below `n` is taken out."""
        criteria = ["UID", f"{first}:*"]
        if message_id:
            criteria += ["HEADER", "Message-ID", message_id]
        found = self._search(criteria)
        if not (found or message_id) and self._examined and self._examined.messages:
            found = self._search(criteria)  # the answer has been lost, or all mail: only one of them twice
        return sorted(uid for uid in found if uid >= first)

    def uids_between(self, first: int, end: int) -> Sequence[int]:
        """UID SEARCH; a range whose end is not there holds the last mail, too (RFC 9051, 9)."""
        return sorted(uid for uid in self._search(["UID", f"{first}:{end - 1}"]) if first <= uid < end)

    def uids_since(self, day: datetime) -> Sequence[int]:
        """UID SEARCH SINCE the day before: servers compare dates in a time zone of their own."""
        return sorted(self._search(["SINCE", (day.astimezone(UTC) - timedelta(days=1)).date()]))

    def uids_about(self, day: datetime) -> Sequence[int]:
        """UID SEARCH SINCE BEFORE, a day more at either end, for the same reason."""
        middle = day.astimezone(UTC).date()
        return sorted(self._search(["SINCE", middle - timedelta(days=1), "BEFORE", middle + timedelta(days=2)]))

    def dates(self, uids: Sequence[int]) -> dict[int, datetime]:
        """One FETCH."""
        answers = self._fetch(uids, ("INTERNALDATE",))
        return {uid: found.astimezone(UTC) for uid, answer in answers.items() if (found := answer.get(b"INTERNALDATE"))}

    def fetch(self, uids: Sequence[int]) -> Sequence[Mail]:
        """One FETCH; one for each mail only where the answer to that could not be read."""
        try:
            answers = self._fetch(uids, (*_ENVELOPE, "BODYSTRUCTURE"))
        except UserError:
            return [mail for uid in uids if (mail := self._fetch_whole(uid))]
        mails = (self._mail(uid, answer) or self._fetch_whole(uid) for uid, answer in answers.items())
        return [mail for mail in mails if mail]

    def headers(self, uids: Sequence[int], fields: Sequence[str]) -> Sequence[Mail]:
        """One FETCH of BODY.PEEK[HEADER.FIELDS (…)]; an answer that cannot be read is left out."""
        wanted = f"BODY.PEEK[HEADER.FIELDS ({' '.join(fields).upper()})]<0.{_LONGEST}>"
        answers = self._fetch(uids, ("INTERNALDATE", "RFC822.SIZE", wanted))
        return [mail for uid, answer in answers.items() if (mail := self._head(uid, answer))]

    def _head(self, uid: int, answer: dict[bytes, Any]) -> Mail | None:
        header = next((value for key, value in answer.items() if key.startswith(b"BODY[HEADER.FIELDS")), None)
        try:
            return replace(self._describe(uid, {**answer, b"BODY[HEADER]": header}, ()), fingerprint="")
        except GARBLED:
            return None

    def sections(self, uids: Sequence[int], sections: Sequence[str], limit: int) -> dict[int, dict[str, bytes]]:
        """One FETCH of BODY.PEEK[section]<0.limit>."""
        answers = self._fetch(uids, [f"BODY.PEEK[{section}]<0.{limit}>" for section in sections])
        return {uid: dict(_contents(answer, limit)) for uid, answer in answers.items()}

    def fingerprints(self, uids: Sequence[int]) -> dict[int, str]:
        """One FETCH of headers, sizes and dates."""
        answers = self._fetch(uids, _IDENTITY)
        return {uid: _fingerprint(answer) for uid, answer in answers.items() if b"BODY[HEADER]" in answer}

    def _search(self, criteria: Sequence[str | date]) -> list[int]:
        """SEARCH. It may be answered from what was known before it, and new mail be told of only then: search again."""
        found: list[int] = self._run(self._client.search, list(criteria))
        if "EXISTS" in self._client._imap.untagged_responses:  # noqa: SLF001 - imapclient has no word for it
            found = self._run(self._client.search, list(criteria))
        return found

    def _fetch(self, uids: Sequence[int], items: Iterable[str]) -> dict[int, dict[bytes, Any]]:
        """FETCH. Raises UserError for an answer that cannot be read; the connection is as good as before."""
        try:
            with told_apart(garbled_is_over=False):
                self._client.begin_answer()
                answers: dict[int, dict[bytes, Any]] = self._client.fetch(uids, list(items))
        except GARBLED as error:
            words = _("{host} gave an answer that cannot be read.")
            raise UserError(words.format(host=self._account.host)) from error
        return answers

    def _mail(self, uid: int, answer: dict[bytes, Any]) -> Mail | None:
        """The mail; None where its structure cannot be read."""
        try:
            return self._describe(uid, answer, leaves(answer[b"BODYSTRUCTURE"]))
        except GARBLED:
            return None

    def _fetch_whole(self, uid: int) -> Mail | None:
        """The mail without the server's opinion of its structure; None where it is gone, or nothing can be read."""
        try:
            answer = self._fetch([uid], (*_ENVELOPE, f"BODY.PEEK[]<0.{WHOLE}>")).get(uid)
            if answer is None:
                return None
            _header, parts = split(next(value for key, value in answer.items() if key.startswith(b"BODY[]")))
            return self._describe(uid, answer, parts)
        except (*GARBLED, UserError, StopIteration) as error:
            _log.warning("%s: mail %d cannot be read (%s)", self._account.name, uid, type(error).__name__)
            return None

    def _describe(self, uid: int, answer: dict[bytes, Any], parts: tuple[Part, ...]) -> Mail:
        state = self._examined
        if state is None:
            raise ValueError("no folder is open for reading")
        return Mail(
            place=Place(self._account.name, state.folder, state.uidvalidity, uid),
            fingerprint=_fingerprint(answer),
            size=answer[b"RFC822.SIZE"],
            internal_date=answer[b"INTERNALDATE"].astimezone(UTC),
            flags=tuple(_words(answer.get(b"FLAGS", ()))),
            header=answer[b"BODY[HEADER]"] or b"",
            parts=parts,
        )

    # Changing.

    def move(self, uid: int, target: str) -> Landing | None:
        """UID MOVE."""
        return self._carry(self._client.move, uid, target)

    def copy(self, uid: int, target: str) -> Landing | None:
        """UID COPY."""
        return self._carry(self._client.copy, uid, target)

    def remove(self, uid: int) -> None:
        """UID EXPUNGE of this mail; never EXPUNGE."""
        self._run(self._client.delete_messages, [uid], silent=True)
        self._run(self._client.uid_expunge, [uid])

    def store(self, uid: int, add: Sequence[str], remove: Sequence[str]) -> None:
        """UID STORE +FLAGS; -FLAGS of what the mail bears, as far as the answer to that tells."""
        borne = self._add(uid, add) if add else None
        worn = [word for word in remove if borne is None or word.lower() in borne]
        if worn:
            self._run(self._client.remove_flags, [uid], worn, silent=True)

    def _add(self, uid: int, keywords: Sequence[str]) -> frozenset[str] | None:
        """UID STORE +FLAGS: the flags that the mail bears now, in lower case; None where the answer does not tell."""
        try:
            with told_apart(garbled_is_over=False):
                self._client.begin_answer()
                borne = self._client.add_flags([uid], keywords)
            return _lower(borne[uid])
        except GARBLED:
            return None

    def flags(self, uid: int) -> frozenset[str] | None:
        """UID FETCH FLAGS."""
        answer = self._fetch([uid], ["FLAGS"]).get(uid)
        return None if answer is None else frozenset(_words(answer.get(b"FLAGS", ())))

    def _carry(self, command: Callable[[list[int], str], object], uid: int, target: str) -> Landing | None:
        """COPYUID stands in an untagged OK for MOVE and in the tagged one for COPY: imaplib keeps both alike."""
        self._run(command, [uid], self.name(target))
        _name, codes = self._client._imap.response("COPYUID")  # noqa: SLF001 - imapclient hands out neither
        match = _COPYUID.match(codes[-1]) if codes and codes[-1] else None
        return Landing(int(match[1]), int(match[2])) if match else None

    # Waiting.

    def start_idle(self) -> int | None:
        """IDLE, on the folder that is open."""
        if "IDLE" not in self.abilities:
            return None
        with told_apart():
            stream = self._client.socket()
            idle = Idle(stream, self._client.leftover(), self._account.timeout)
            if not idle.start():
                return None
            self._idle = idle
            return int(stream.fileno())

    def check_idle(self) -> bool:
        """Whether there was an EXISTS."""
        return self._idle is not None and self._idle.check()

    def probe_idle(self) -> bool:
        """DONE, whose answer is left for `renew_idle`."""
        return self._idle is not None and self._idle.ask()

    def renew_idle(self) -> bool | None:
        """IDLE anew, without an end of the waiting."""
        return self._idle is None or self._idle.renew()

    def end_idle(self) -> bool:
        """DONE."""
        idle, self._idle = self._idle, None
        return idle is not None and idle.end()

    def _run(self, command: Callable[..., T], *arguments: Any, **options: Any) -> T:
        """Send a command."""
        with told_apart():
            self._client.begin_answer()
            return command(*arguments, **options)


def _contents(answer: dict[bytes, Any], limit: int) -> Iterator[tuple[str, bytes]]:
    for key, value in answer.items():  # some servers answer <0.limit> where the standard has <0>
        if key.startswith(b"BODY[") and isinstance(value, bytes):
            yield key.partition(b"[")[2].partition(b"]")[0].decode("ascii", "replace"), value[:limit]


def _fingerprint(answer: dict[bytes, Any]) -> str:
    return fingerprint(answer[b"BODY[HEADER]"] or b"", answer[b"RFC822.SIZE"], answer[b"INTERNALDATE"].astimezone(UTC))


def _words(atoms: Iterable[bytes | int]) -> Iterator[str]:
    """Atoms as they are written; imapclient makes numbers of those that look like one."""
    return (str(atom) if isinstance(atom, int) else atom.decode("ascii", "replace") for atom in atoms)


def _lower(atoms: Iterable[bytes | int]) -> frozenset[str]:
    """Atoms in lower case; imapclient leaves the parentheses of PERMANENTFLAGS on the first and the last."""
    return frozenset(word.strip("()").lower() for word in _words(atoms))
