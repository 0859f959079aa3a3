r"""An IMAP server that keeps folders of mail, and into which faults can be plugged.

It knows what IMAP4rev1 (RFC 3501) our client says, and no more. A fault is a function that is asked about every answer
before it is sent: see `Fault`. Mail is looked at as it was put in: bytes, flags, folder.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Self

from tests.kit.imap_servers import HOST
from watcher.parse import split

DATE = b'"24-Nov-2026 12:00:00 +0000"'
ABILITIES = "IMAP4rev1 NAMESPACE IDLE MOVE UIDPLUS"


class HangUpError(Exception):
    """The conversation is over: so a fault ends it."""


@dataclass
class StoredMail:
    """A mail as it lies in a folder."""

    raw: bytes
    flags: set[str] = field(default_factory=set)

    @property
    def header(self) -> bytes:
        """Up to, and with, the empty line."""
        return self.raw[: self.raw.index(b"\r\n\r\n") + 4]


@dataclass
class Folder:
    """Mail by its UID."""

    uidvalidity: int = 7
    uidnext: int = 1
    mails: dict[int, StoredMail] = field(default_factory=dict)

    def put(self, raw: bytes, flags: set[str] | None = None) -> int:
        """Put a mail in: its UID."""
        uid, self.uidnext = self.uidnext, self.uidnext + 1
        self.mails[uid] = StoredMail(raw, set(flags or ()))
        return uid


@dataclass
class Turn:
    """One command, and what is going to be answered."""

    server: MisbehavingServer
    connection: socket.socket
    tag: bytes
    command: str
    """Its words in upper case, such as `UID FETCH`; `GREETING` and `DONE` are turns, too."""
    words: str
    answer: bytes
    """As a server that behaves would send it."""
    before: dict[str, Folder]
    """The folders as they stood before the command was obeyed."""

    def undo(self) -> None:
        """Put everything back as it was before the command."""
        self.server.folders = self.before

    def send(self, answer: bytes) -> None:
        """Send something before, or in place of, the answer."""
        self.connection.sendall(answer)

    def reset(self) -> None:
        """End the connection by RST."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        raise HangUpError


Fault = Callable[[Turn], bytes | None]
"""Gets each turn and gives the octets to be sent in its place; None: nothing is the matter with it."""


class MisbehavingServer:
    """Serves one client after another.

    Args:
        fault: what is wrong with it; None once it behaves.
        abilities: what CAPABILITY says.
        prefix: of the personal namespace.
        delimiter: of the hierarchy; empty for NIL.
    """

    def __init__(
        self, fault: Fault | None = None, abilities: str = ABILITIES, prefix: str = "", delimiter: str = "/"
    ) -> None:
        self.fault = fault
        self.abilities = abilities
        self.prefix = prefix
        self.delimiter = f'"{delimiter}"' if delimiter else "NIL"
        self.folders = {"INBOX": Folder()}
        self.commands: list[str] = []
        self.connections = 0
        self.misdeeds = 0
        """How often the fault has come about."""
        self.ended = threading.Event()
        self.port = 0
        """Once it has started."""
        self._listener: socket.socket
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._talks: list[socket.socket] = []

    def __enter__(self) -> Self:
        """Start."""
        self._listener = socket.create_server((HOST, 0))
        self.port = self._listener.getsockname()[1]
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and hang up."""
        self.ended.set()
        for each in (self._listener, *self._talks):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._thread.join(10)

    def _run(self) -> None:
        while not self.ended.is_set():
            with suppress(OSError, ValueError):
                connection, _address = self._listener.accept()
                self.connections += 1
                self._talks.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, HangUpError, ValueError):
            Talk(self, connection).run()
        connection.close()


class Talk:
    """One connection."""

    def __init__(self, server: MisbehavingServer, connection: socket.socket) -> None:
        self.server = server
        self._connection = connection
        self._folder = ""
        self._idle_tag = b""
        self._before = server.folders

    def run(self) -> None:
        """Answer until one side hangs up."""
        self.greet()
        with self._connection.makefile("rb") as lines:
            for line in lines:
                self.hear(line)

    def greet(self) -> None:
        """Say the first word."""
        self._reply(b"*", "GREETING", "", b"* OK ready\r\n")

    def hear(self, line: bytes) -> None:
        """Answer one line."""
        self.server.commands.append(line.decode("latin-1").strip())
        self._before = deepcopy(self.server.folders)
        if line.strip().upper() == b"DONE":
            self._reply(self._idle_tag, "DONE", "DONE", self._idle_tag + b" OK done\r\n")
            return
        tag, _, rest = line.strip().partition(b" ")
        self._answer(tag, rest.decode("latin-1"))

    def _answer(self, tag: bytes, words: str) -> None:
        verb, _, rest = words.partition(" ")
        command = verb.upper()
        if command == "UID":
            second, _, rest = rest.partition(" ")
            command = f"UID {second.upper()}"
        handler = getattr(self, "_" + command.lower().replace(" ", "_"), None)
        untagged, status = handler(rest) if handler else ("", "BAD unknown")
        body = untagged if isinstance(untagged, bytes) else untagged.encode()
        if command == "IDLE":
            self._idle_tag = tag
            self._reply(tag, command, words, b"+ idling\r\n")
        else:
            self._reply(tag, command, words, body + tag + b" " + status.encode() + b"\r\n")

    def _reply(self, tag: bytes, command: str, words: str, answer: bytes) -> None:
        turn = Turn(self.server, self._connection, tag, command, words, answer, self._before)
        spoilt = self.server.fault(turn) if self.server.fault else None
        self._connection.sendall(answer if spoilt is None else spoilt)

    # Any state.

    def _capability(self, _rest: str) -> tuple[str, str]:
        return f"* CAPABILITY {self.server.abilities}\r\n", "OK done"

    def _login(self, _rest: str) -> tuple[str, str]:
        return "", "OK welcome"

    def _noop(self, _rest: str) -> tuple[str, str]:
        return "", "OK done"

    _subscribe = _idle = _noop

    def _namespace(self, _rest: str) -> tuple[str, str]:
        server = self.server
        return f'* NAMESPACE (("{server.prefix}" {server.delimiter})) NIL NIL\r\n', "OK done"

    # Folders.

    def _list(self, rest: str, verb: str = "LIST") -> tuple[str, str]:
        server, pattern = self.server, _strings(rest)[-1]
        if not pattern:
            return f'* {verb} (\\Noselect) {server.delimiter} ""\r\n', "OK done"
        wanted = re.compile(re.escape(pattern).replace(r"\*", ".*").replace("%", ".*") + "$")
        lines = (f'* {verb} () {server.delimiter} "{name}"\r\n' for name in server.folders if wanted.match(name))
        return "".join(lines), "OK done"

    def _lsub(self, rest: str) -> tuple[str, str]:
        return self._list(rest, "LSUB")

    def _create(self, rest: str) -> tuple[str, str]:
        name = _strings(rest)[-1]
        if name in self.server.folders:
            return "", "NO [ALREADYEXISTS] there is one"
        self.server.folders[name] = Folder()
        return "", "OK done"

    def _status(self, rest: str) -> tuple[str, str]:
        name = _strings(rest)[0]
        folder = self.server.folders[name]
        return f'* STATUS "{name}" (UIDNEXT {folder.uidnext} UIDVALIDITY {folder.uidvalidity})\r\n', "OK done"

    def _select(self, rest: str, mode: str = "READ-WRITE") -> tuple[str, str]:
        name = _strings(rest)[-1]
        folder = self.server.folders.get(name)
        if folder is None:
            return "", "NO [NONEXISTENT] no such folder"
        self._folder = name
        lines = [
            f"* {len(folder.mails)} EXISTS",
            r"* OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft \*)] kept",
            f"* OK [UIDVALIDITY {folder.uidvalidity}] valid",
            f"* OK [UIDNEXT {folder.uidnext}] next",
        ]
        return "".join(line + "\r\n" for line in lines), f"OK [{mode}] done"

    def _examine(self, rest: str) -> tuple[str, str]:
        return self._select(rest, "READ-ONLY")

    # Mail.

    @property
    def _open(self) -> Folder:
        return self.server.folders[self._folder]

    def _uid_search(self, rest: str) -> tuple[str, str]:
        found = list(self._open.mails)
        if match := re.search(r"UID (\d+):(\d+|\*)", rest):
            last = max(found, default=0) if match[2] == "*" else int(match[2])
            low, high = sorted((int(match[1]), last))
            found = [uid for uid in found if low <= uid <= high]
        if match := re.search(r"HEADER Message-ID \"?([^\s\"]+)", rest, re.IGNORECASE):
            found = [uid for uid in found if match[1].encode() in self._open.mails[uid].header]
        return "* SEARCH" + "".join(f" {uid}" for uid in found) + "\r\n", "OK done"

    def _uid_fetch(self, rest: str) -> tuple[bytes, str]:
        numbers, _, items = rest.partition(" ")
        lines = []
        for place, (uid, mail) in enumerate(self._open.mails.items(), start=1):
            if uid in _numbers(numbers):
                lines.append(b"* %d FETCH (UID %d" % (place, uid) + _described(mail, items) + b")\r\n")
        return b"".join(lines), "OK done"

    def _uid_store(self, rest: str) -> tuple[str, str]:
        numbers, verb, flags = rest.split(" ", 2)
        changed = set(flags.strip("()").split())
        lines = []
        for place, (uid, mail) in enumerate(self._open.mails.items(), start=1):
            if uid in _numbers(numbers):
                mail.flags = mail.flags | changed if verb.startswith("+") else mail.flags - changed
                lines.append(f"* {place} FETCH (UID {uid} FLAGS ({' '.join(sorted(mail.flags))}))\r\n")
        return "" if verb.upper().endswith(".SILENT") else "".join(lines), "OK done"

    def _uid_copy(self, rest: str) -> tuple[str, str]:
        code, status = self._carry(rest)
        return "", f"OK {code}done" if status else "NO [TRYCREATE] no such folder"

    def _uid_move(self, rest: str) -> tuple[str, str]:
        code, status = self._carry(rest)
        if not status:
            return "", "NO [TRYCREATE] no such folder"
        gone = [uid for uid in _numbers(rest.partition(" ")[0]) if self._open.mails.pop(uid, None)]
        return (f"* OK {code}moved\r\n" if code else "") + "* 1 EXPUNGE\r\n" * len(gone), "OK done"

    def _carry(self, rest: str) -> tuple[str, bool]:
        numbers, _, name = rest.partition(" ")
        target = self.server.folders.get(_strings(name)[-1])
        if target is None:
            return "", False
        code = ""
        for uid in _numbers(numbers) & set(self._open.mails):
            mail = self._open.mails[uid]
            code = f"[COPYUID {target.uidvalidity} {uid} {target.put(mail.raw, mail.flags)}] "
        return code if "UIDPLUS" in self.server.abilities else "", True

    def _uid_expunge(self, rest: str) -> tuple[str, str]:
        for uid in _numbers(rest):
            if uid in self._open.mails and r"\Deleted" in self._open.mails[uid].flags:
                del self._open.mails[uid]
        return "", "OK done"


def _strings(words: str) -> list[str]:
    return [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|([^\s()"]+)', words)] or [""]


def _numbers(words: str) -> set[int]:
    numbers: set[int] = set()
    for each in words.split(","):
        first, _, last = each.partition(":")
        numbers.update(range(int(first), int(last or first) + 1))
    return numbers


def _described(mail: StoredMail, items: str) -> bytes:
    """The items of a FETCH. `BODY[HEADER.FIELDS …]` is answered with the whole header, which does no harm here."""
    asked = items.upper()
    said = b" FLAGS (" + " ".join(sorted(mail.flags)).encode() + b")" if "FLAGS" in asked else b""
    said += b" INTERNALDATE " + DATE if "INTERNALDATE" in asked else b""
    said += b" RFC822.SIZE %d" % len(mail.raw) if "RFC822.SIZE" in asked else b""
    said += b" BODYSTRUCTURE NIL" if "BODYSTRUCTURE" in asked else b""
    for section, limit in re.findall(r"BODY\.PEEK\[([^\]]*)\](?:<0\.(\d+)>)?", asked):
        content = section_of(mail, section)[: int(limit) if limit else None]
        key = b"BODY[" + section.encode() + (b"]<0>" if limit else b"]")
        said += b" " + key + b" {%d}\r\n" % len(content) + content
    return said


def section_of(mail: StoredMail, section: str) -> bytes:
    """The octets of a section. Of parts there are those that the client finds by itself: BODYSTRUCTURE is NIL."""
    if not section:
        return mail.raw
    if section.startswith("HEADER"):
        return mail.header
    _header, parts = split(mail.raw)
    return next((part.content or b"" for part in parts if part.section == section), b"")
