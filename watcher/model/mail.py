"""A mail, as a source has it and as it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail lies: good for as long as the folder keeps its UIDVALIDITY (RFC 9051, 2.3.1.1)."""

    account: str
    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of a mail's MIME tree, as BODYSTRUCTURE or the mail itself describes it."""

    section: str
    """Section number as in FETCH BODY[…], for instance "1.2"."""
    content_type: str
    """Lower case, without parameters, as declared: "application/zip"."""
    size: int
    """Octets in transfer encoding."""
    charset: str = ""
    encoding: str = ""
    """Content-Transfer-Encoding in lower case."""
    disposition: str = ""
    """Content-Disposition in lower case: "attachment", "inline" or nothing."""
    filename: str = ""
    """Decoded, but exactly as the sender wrote it: it may hold anything."""
    alternative: str = ""
    """Section of the innermost multipart/alternative that it stands in, "0" for the whole mail; empty for none."""
    content: bytes | None = None
    """As transferred, still encoded, perhaps cut; None while it has not been fetched."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as a source hands it over: where it lies, and as much of it as has been fetched."""

    place: Place
    fingerprint: str
    """See `parse.fingerprint`: stays the same when the mail moves, whatever its Message-ID says. Empty in a file."""
    size: int
    internal_date: datetime
    flags: tuple[str, ...]
    header: bytes
    """The whole header section, raw, with its closing empty line."""
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class FolderState:
    """What SELECT, EXAMINE or STATUS tells of a folder."""

    folder: str
    uidvalidity: int
    uidnext: int
    messages: int = 0
    """How many mails lie in it."""


class Use(Enum):
    """What a folder is for: the special uses of RFC 6154 that matter here, as LIST tells them, in lower case."""

    SENT = r"\sent"
    TRASH = r"\trash"
    JUNK = r"\junk"


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Up to where a folder has been judged. Mail at `uidnext` and above is new."""

    account: str
    folder: str
    uidvalidity: int
    uidnext: int
    swept_at: datetime


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of an address header: decoded display name, local part, lower-case ASCII (A-label) domain."""

    name: str = ""
    local: str = ""
    domain: str = ""

    @property
    def spec(self) -> str:
        """The addr-spec of RFC 5322, 3.4.1; empty where there is none."""
        return f"{self.local}@{self.domain}" if self.domain else self.local


@dataclass(frozen=True, slots=True)
class Link:
    """Something in the text that leads elsewhere: where to, and what the reader is shown instead."""

    url: str
    host: str
    """Lower-case ASCII host of `url`; empty where it has none (mailto:, broken)."""
    text: str = ""
    """The words that the reader sees; empty for a bare address in plain text."""


class Opened(Enum):
    """How far an attachment was looked into."""

    NOT_YET = "not yet"
    """Also where it was not possible to look."""
    OPENED = "opened"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    """Damaged, contradictory, or too much for whoever looked into it."""
    TOO_LARGE = "too large"


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside an archive, at any depth."""

    path: str
    """Decoded, with "/" between folders and "!" between an archive and what lies in it."""
    size: int
    """Unpacked; 0 where the format does not say."""
    kind: str
    """What it really is, by its first octets and its name; empty where neither tells. See `kinds`."""
    encrypted: bool = False


class Trait(Enum):
    """What was found in a document, a page or a picture that its reader does not see, or would act on."""

    MACRO = "macro"
    """Code that an office suite runs."""
    REMOTE_TEMPLATE = "remote template"
    """It loads code or a form from elsewhere when it is opened."""
    EMBEDDED_OBJECT = "embedded object"
    """An OLE object or package, which a double click opens."""
    EMBEDDED_FILE = "embedded file"
    SCRIPT = "script"
    """JavaScript in a PDF or a drawing."""
    LAUNCH = "launch"
    """An action that starts a program or another file."""
    FORM = "form"
    """A form that sends what is filled in."""
    PASSWORD_FIELD = "password field"  # noqa: S105 - no secret
    ASSEMBLES_DOWNLOAD = "assembles download"
    """Code that puts a file together in the browser, out of sight of every filter."""
    LINK = "link"
    QR_CODE = "qr code"
    ENCRYPTED = "encrypted"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found in a document, a page or a picture."""

    trait: Trait
    detail: str = ""
    """The address, the name or the words, 300 characters at most, as they stand there."""
    path: str = ""
    """Of the member that it was found in; empty for the attachment itself."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What the opened attachment turned out to be."""

    state: Opened = Opened.NOT_YET
    kind: str = ""
    members: tuple[Member, ...] = ()
    findings: tuple[Finding, ...] = ()
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the text of the mail."""

    section: str
    filename: str
    content_type: str
    size: int
    opening: Opening = field(default_factory=Opening)


@dataclass(frozen=True, slots=True)
class Message:
    """A mail, read: decoded, bounded, never trusted. What was wrong with it is listed, never raised."""

    headers: tuple[tuple[str, str], ...] = ()
    """(lower-case name, unfolded and decoded value), topmost first. In X-… fields encoded words stay as they are."""
    author: Address = field(default_factory=Address)
    """The first mailbox of From (RFC 5322, 3.6.2)."""
    sender: Address = field(default_factory=Address)
    """The mailbox of Sender; empty in most mails."""
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    """To and Cc together."""
    subject: str = ""
    date: datetime | None = None
    message_id: str = ""
    """Without angle brackets."""
    text: str = ""
    """What a reader sees of the sender's own words: hidden, quoted and forwarded text is not in it."""
    quoted: str = ""
    """What the sender passes on from somebody else: quoted replies, forwarded and attached messages."""
    links: tuple[Link, ...] = ()
    """Of the sender's own words only."""
    images: int = 0
    """Pictures shown in the HTML body."""
    attachments: tuple[Attachment, ...] = ()
    unfetched: tuple[str, ...] = ()
    """Sections of text parts that have not been fetched yet."""
    defects: tuple[str, ...] = ()
    """Short codes, such as "header-8bit" or "html-cut"."""

    def header(self, name: str) -> tuple[str, ...]:
        """All values of the header field `name` (lower case), topmost first."""
        return tuple(value for key, value in self.headers if key == name)
