"""A mail, read: octets in, a Message out. Pure and total: whatever the octets are, nothing is raised.

`split` takes a whole mail apart as an IMAP server would, `parse` reads what has been fetched of one. How the pieces
are read is in `headers`, `addresses`, `charsets`, `mime`, `html` and `quotes`, which only this module need know.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from watcher.addresses import first, parse_addresses
from watcher.charsets import decode_text
from watcher.domains import host_of
from watcher.headers import (
    LONGEST_FIELD,
    LONGEST_HEADER,
    decode_filename,
    decode_raw,
    decode_words,
    parse_date,
    split_fields,
)
from watcher.html import read
from watcher.markup import MOST_TAGS
from watcher.mime import MOST_PARTS, WHOLE, decode, split
from watcher.model import Address, Attachment, Link, Mail, Message, Part
from watcher.quotes import is_reply, split_quotes

_LONGEST_TEXT = 1 << 20
"""Octets of all text parts together that are read: a thousand parts take no longer than one."""
_LONGEST_ENCODED = 3 * _LONGEST_TEXT
"""The same before the transfer encoding is undone: quoted-printable writes three octets for one."""
_MOST_LINES = 100_000
"""Lines of one plain text that are read: nobody writes a mebibyte in lines of ten octets."""
_MOST_LINKS = 1_000
"""Links that are read: each is asked for where it leads by several detectors, and for each brand."""
_ATTACHED_KINDS = frozenset(("text/html", "image/svg+xml", "application/xhtml+xml"))
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([a-z0-9_-]{1,40})", re.IGNORECASE)
# A host may be written in any script; after it a URL in plain text ends where ASCII does.
_URL = re.compile(
    r"(?:https?://(?:[^\x00-\x7f]{1,60}[.])?|(?<![\w.@/])www\.)[!#-;=?-Z_a-z~\[\]]{1,4000}", re.IGNORECASE
)
_AFTER_URL = ".,:;!?)]'*_"


def fingerprint(header: bytes, size: int, internal_date: datetime) -> str:
    """What stays the same when a mail is moved: SHA-256, in hex.

    Made of the header fields that are all ASCII (some servers change the octets of the others), unfolded, and of
    size and date.

    Args:
        header: the raw header section.
        size: RFC822.SIZE, in octets.
        internal_date: INTERNALDATE; whole seconds count.
    """
    fields = [(name.encode(), b" ".join(value.split())) for name, value in split_fields(header) if value.isascii()]
    lines = [b"%d %d" % (size, internal_date.timestamp()), *(b"%b:%b" % field for field in fields), b""]
    return hashlib.sha256(b"\n".join(lines)).hexdigest()


def parse(mail: Mail) -> Message:
    """Everything that can be read of the mail now; `unfetched` names the text that is still to be got."""
    texts = _choose_texts(mail.parts)
    raw = split_fields(mail.header)
    fields = _Fields(raw, hint=next((part.charset for part in texts if part.charset), ""))
    body = _Body()
    for part in texts:
        body.add(part)
    if not body.own and not fields.is_reply:
        body.take_quoted_for_own()
    chosen = {part.section for part in texts}
    return Message(
        headers=fields.decoded,
        author=_author(fields.addresses("from")),
        sender=first(fields.addresses("sender")),
        reply_to=fields.addresses("reply-to"),
        to=fields.addresses("to", "cc"),
        subject=fields.first("subject"),
        date=parse_date(fields.first("date")),
        message_id=fields.first("message-id").strip("<> "),
        text="\n".join(body.own),
        quoted="\n".join(body.quoted),
        links=tuple(body.links[:_MOST_LINKS]),
        images=body.images,
        attachments=tuple(_attachments(mail.parts, chosen)),
        unfetched=tuple(part.section for part in texts if part.content is None),
        defects=tuple(dict.fromkeys((*_header_defects(mail.header, raw), *_cuts(mail, body), *body.defects))),
    )


class _Fields:
    """The header fields of one mail, decoded."""

    def __init__(self, raw: Sequence[tuple[str, bytes]], hint: str) -> None:
        self._words = [(name, decode_raw(value, hint)) for name, value in raw]
        self.decoded = tuple([(name, _as_read(name, words)) for name, words in self._words])

    def first(self, name: str) -> str:
        """The topmost value of the field, empty where there is none."""
        return next((value for key, value in self.decoded if key == name), "")

    def addresses(self, *names: str) -> tuple[Address, ...]:
        """The addresses in the topmost field of each name."""
        values = (next((words for key, words in self._words if key == name), "") for name in names)
        return tuple(address for value in values if value for address in parse_addresses(value))

    @property
    def is_reply(self) -> bool:
        """Whether the mail says that it answers or forwards another."""
        return is_reply(self.first("subject")) or any(key in {"in-reply-to", "references"} for key, _ in self._words)


def _as_read(name: str, words: str) -> str:
    """The field decoded, unless programs write it for programs: some have kibibytes of encoded words in it."""
    return words if "=?" not in words or name.startswith("x-") else decode_words(words)


def _author(addresses: Sequence[Address]) -> Address:
    """The first mailbox with a domain, since "Bank <service>, Bank <real@example.net>" is from the latter."""
    return next((address for address in addresses if address.domain), first(addresses))


def _header_defects(header: bytes, raw: Sequence[tuple[str, bytes]]) -> Iterator[str]:
    names = [name for name, _ in raw]
    if "from" not in names:
        yield "from-missing"
    if names.count("from") > 1:
        yield "several-from"
    if len(header) > LONGEST_HEADER or any(len(value) > LONGEST_FIELD for _, value in raw):
        yield "header-cut"
    if not header.isascii():
        yield "header-8bit"


def _cuts(mail: Mail, body: _Body) -> Iterator[str]:
    if len(mail.parts) >= MOST_PARTS:
        yield "parts-cut"
    if max(len(body.links), len(body.quoted_links)) > _MOST_LINKS:
        yield "links-cut"


@dataclass(slots=True)
class _Body:
    """What has been read of the body so far."""

    own: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    quoted_links: list[Link] = field(default_factory=list)
    images: int = 0
    defects: list[str] = field(default_factory=list)
    _left: int = _LONGEST_TEXT
    _tags_left: int = MOST_TAGS

    def add(self, part: Part) -> None:
        """Read one text part, if it has been fetched."""
        if part.content is None:
            return
        octets = self._take(part)
        if part.content_type == "text/html":
            self._add_html(octets, part.charset)
        else:
            self._add_plain(decode_text(octets, part.charset))

    def _take(self, part: Part) -> bytes:
        """What the part holds, as far as there is room for it."""
        encoded = part.content or b""
        octets = decode(replace(part, content=encoded[:_LONGEST_ENCODED]))
        if len(encoded) > _LONGEST_ENCODED or len(octets) > self._left:
            self.defects.append("text-cut")
        octets = octets[: self._left]
        self._left -= len(octets)
        return octets

    def _add_plain(self, text: str) -> None:
        lines = text.split("\n", _MOST_LINES)
        if len(lines) > _MOST_LINES:
            text = "\n".join(lines[:-1])
            self.defects.append("text-cut")
        own, quoted = split_quotes(text)
        self._add_words(own, quoted)
        self.links += _find_urls(own)
        self.quoted_links += _find_urls(quoted)

    def _add_html(self, octets: bytes, charset: str) -> None:
        if not charset and (meta := _META_CHARSET.search(octets, 0, 4096)):
            charset = meta[1].decode("ascii")
        html = decode_text(octets, charset)
        page = read(html, self._tags_left)
        self._tags_left = max(0, self._tags_left - html.count("<"))
        self._add_words(page.text, page.quoted)
        self.links += page.links
        self.quoted_links += page.quoted_links
        self.images += page.images
        self.defects += page.defects

    def _add_words(self, own: str, quoted: str) -> None:
        if own:
            self.own.append(own)
        if quoted:
            self.quoted.append(quoted)

    def take_quoted_for_own(self) -> None:
        """For a mail that answers nothing: whoever puts all of it into a citation wants it to be overlooked."""
        self.own, self.quoted = self.quoted, []
        self.links, self.quoted_links = self.quoted_links + self.links, []


def _find_urls(text: str) -> Iterable[Link]:
    if "://" not in text and "www." not in text.lower():
        return
    for match in islice(_URL.finditer(text), _MOST_LINKS + 1):
        url = match[0].rstrip(_AFTER_URL)
        yield Link(url, host_of(url if "://" in url else "http://" + url))


def _choose_texts(parts: Iterable[Part]) -> list[Part]:
    """The text parts that a reader is shown: of alternatives the branch with HTML, otherwise the last one."""
    texts = [part for part in parts if _is_text(part)]
    branches: dict[str, str] = {}
    for part in texts:
        is_better = part.content_type == "text/html" or not _has_html(texts, part.alternative)
        if part.alternative and is_better:
            branches[part.alternative] = _branch(part)
    return [part for part in texts if not part.alternative or branches[part.alternative] == _branch(part)]


def _is_text(part: Part) -> bool:
    if part.disposition == "attachment" or (part.filename and part.content_type in _ATTACHED_KINDS):
        return False
    return part.content_type in {"", "text/plain", "text/html", "text"} or part.content_type.startswith("multipart/")


def _has_html(texts: Iterable[Part], alternative: str) -> bool:
    return any(part.content_type == "text/html" for part in texts if part.alternative == alternative)


def _branch(part: Part) -> str:
    """The alternative, one of several, that the part belongs to: its section down to one below the multipart's."""
    depth = 0 if part.alternative == WHOLE else part.alternative.count(".") + 1
    return ".".join(part.section.split(".")[: depth + 1])


def _attachments(parts: Iterable[Part], chosen: set[str]) -> Iterator[Attachment]:
    for part in parts:
        if part.section not in chosen and not _is_text(part):
            yield Attachment(part.section, part.filename, part.content_type, part.size)


__all__ = ["MOST_PARTS", "decode", "decode_filename", "fingerprint", "parse", "split"]
