"""Takes a mail apart into its leaves, numbered as IMAP numbers them, and undoes transfer encodings."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from watcher.headers import decode_base64, decode_filename, split_fields, split_parameters
from watcher.model import Part

MOST_PARTS = 1_000
"""Leaves of one mail that are looked at."""
_DEEPEST = 50
"""Multiparts inside each other; what lies deeper is one leaf."""
_MOST_LINES = 20_000
"""Lines that are looked at because they begin like a boundary."""
_MOST_UU_LINES = 200_000
"""Lines of 45 octets that are decoded: as much as an attachment may have."""
_AFTER_BOUNDARY = re.compile(rb"(--)?[ \t]*+(?:\r?\n|\r?\Z)")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\n]*\n", re.MULTILINE)
WHOLE = "0"
"""Stands for the section of the outermost multipart, to which IMAP gives no number."""


def split(raw: bytes) -> tuple[bytes, tuple[Part, ...]]:
    """The header section, with its closing empty line, and the leaves of the MIME tree with their content.

    Sections are those of FETCH BODY[…] (RFC 9051, 6.4.5); a message/rfc822 is one leaf. Never raises: missing or
    broken boundaries leave a part that holds all there is. At most 1,000 leaves, 50 levels deep.
    """
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    body = _skip_header(raw, 0, len(raw))
    header = raw[:body]
    splitter = _Splitter(raw)
    splitter.split(_Entity.read(header), _Stretch(body, len(raw)), _Position())
    return header, tuple(splitter.leaves)


def decode(part: Part) -> bytes:
    """The content without its transfer encoding (RFC 2045, 6), as much of it as can be had. Never raises."""
    content = part.content or b""
    if part.encoding == "base64":
        return decode_base64(content)
    if part.encoding == "quoted-printable":
        return binascii.a2b_qp(content)
    if part.encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        return _decode_uu(content)
    return content


def _decode_uu(content: bytes) -> bytes:
    begin = _UU_BEGIN.search(content)
    if not begin:
        return content
    decoded = []
    for line in content[begin.end() :].split(b"\n", _MOST_UU_LINES)[:_MOST_UU_LINES]:
        if line.strip() in {b"end", b"`", b""}:
            break
        decoded.append(_decode_uu_line(line.rstrip(b"\r")))
    return b"".join(decoded)


def _decode_uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some encoders write more than the count in front says.
        length = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:length])
        except binascii.Error:
            return b""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Where something begins and ends in the mail, in octets."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Position:
    """Where in the MIME tree something stands."""

    section: str = ""
    alternative: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class _Entity:
    """What the header of a mail or of a part says of its body (RFC 2045)."""

    content_type: str
    boundary: bytes
    charset: str
    encoding: str
    disposition: str
    filename: str

    @classmethod
    def read(cls, header: bytes, default: str = "text/plain") -> _Entity:
        fields: dict[str, bytes] = {}
        for name, value in split_fields(header):
            if name.startswith("content-"):
                fields.setdefault(name, value)
        content_type, parameters = split_parameters(fields.get("content-type", b""))
        disposition, more = split_parameters(fields.get("content-disposition", b""))
        return cls(
            content_type=content_type if "/" in content_type else default,
            boundary=parameters.get("boundary", b"").rstrip(),
            charset=parameters.get("charset", b"").decode("ascii", "replace").strip(" '\""),
            encoding=split_parameters(fields.get("content-transfer-encoding", b""))[0],
            disposition=disposition,
            filename=decode_filename({**parameters, **more}) if parameters or more else "",
        )


class _Splitter:
    """Walks through one mail and gathers its leaves."""

    def __init__(self, raw: bytes) -> None:
        self.leaves: list[Part] = []
        self._raw = raw
        self._lines_left = _MOST_LINES

    def split(self, entity: _Entity, body: _Stretch, position: _Position) -> None:
        kind, _, subtype = entity.content_type.partition("/")
        pieces = list(self._pieces(entity, body)) if kind == "multipart" and position.depth < _DEEPEST else []
        if not pieces:
            self._add_leaf(entity, body, position)
        alternative = position.section or WHOLE if subtype == "alternative" else position.alternative
        default = "message/rfc822" if subtype == "digest" else "text/plain"
        for number, piece in enumerate(pieces, 1):
            if len(self.leaves) >= MOST_PARTS:
                break
            section = f"{position.section}.{number}" if position.section else str(number)
            start = _skip_header(self._raw, piece.start, piece.end)
            inner = _Entity.read(self._raw[piece.start : start], default)
            self.split(inner, _Stretch(start, piece.end), _Position(section, alternative, position.depth + 1))

    def _add_leaf(self, entity: _Entity, body: _Stretch, position: _Position) -> None:
        if len(self.leaves) < MOST_PARTS:
            leaf = Part(
                section=position.section or "1",
                content_type=entity.content_type,
                size=body.end - body.start,
                charset=entity.charset,
                encoding=entity.encoding,
                disposition=entity.disposition,
                filename=entity.filename,
                alternative=position.alternative,
                content=self._raw[body.start : body.end],
            )
            self.leaves.append(leaf)

    def _pieces(self, entity: _Entity, body: _Stretch) -> Iterator[_Stretch]:
        """The body parts between the boundaries (RFC 2046, 5.1.1)."""
        if not entity.boundary or len(self.leaves) >= MOST_PARTS:
            return
        start = -1
        for line_start, line_end, is_last in self._boundary_lines(entity.boundary, body):
            if start >= 0:
                yield _Stretch(start, max(start, self._before_line_end(line_start)))
            start = line_end
            if is_last:
                return
        if start >= 0:
            yield _Stretch(start, body.end)

    def _boundary_lines(self, boundary: bytes, body: _Stretch) -> Iterator[tuple[int, int, bool]]:
        """Where each boundary line begins, with the line end before it, and ends; whether it is the closing one."""
        needle = b"\n--" + boundary
        # The search begins with the line end that closes the header.
        place = self._raw.find(needle, max(body.start - 1, 0), body.end)
        while place >= 0 and self._lines_left > 0:
            self._lines_left -= 1
            after = _AFTER_BOUNDARY.match(self._raw, place + len(needle), body.end)
            if after:
                yield place, after.end(), bool(after[1])
            place = self._raw.find(needle, after.end() - 1 if after else place + 1, body.end)

    def _before_line_end(self, place: int) -> int:
        return place - 1 if place and self._raw[place - 1 : place] == b"\r" else place


def _skip_header(raw: bytes, start: int, end: int) -> int:
    """Where the body begins after the header that begins at `start`."""
    if raw.startswith((b"\r\n", b"\n"), start, end):
        return start + 1 + (raw[start : start + 1] == b"\r")
    crlf = raw.find(b"\n\r\n", start, end)
    bare = raw.find(b"\n\n", start, crlf if crlf >= 0 else end)
    if bare >= 0:
        return bare + 2
    return crlf + 3 if crlf >= 0 else end
