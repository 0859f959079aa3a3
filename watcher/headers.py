"""Header fields: taken apart, unfolded, decoded (RFC 5322, 2047, 2231), however broken they are.

Python's own `email.policy.default` takes quadratic time for long address lists and raises on broken ones; what is
here is linear, bounded, and raises nothing.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from functools import lru_cache

from watcher.charsets import decode_text

LONGEST_HEADER = 256 * 1024
"""Octets of a header section that are read."""
LONGEST_FIELD = 16 * 1024
"""Octets of one field that are read."""

_FOLD = re.compile(rb"\n(?=[ \t])")
_LINE = re.compile(rb"([!-9;-~]{1,200}+)[ \t]*+:[ \t]*+([^\n]*+)\n?|[^\n]*+\n?")
_ENCODED_WORD = re.compile(r"=\?([^?\s*]{1,64})(?:\*[^?\s]{0,32})?\?([bq])\?([^?]*)\?=", re.IGNORECASE)
_HEX = re.compile(rb"%([0-9a-f]{2})", re.IGNORECASE)
_NO_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
_MOST_PIECES = 200
# One octet, or the two of a character in CP932, whose second may be a backslash.
_OCTET = rb"[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]"
_PARAMETER = re.compile(
    rb";\s*+([^\s=;\"]{1,64})\s*+=\s*+(?:\"((?:" + _OCTET + rb"|\\.|[^\"\\])*+)\"?|([^;]*+))", re.DOTALL
)
_ESCAPED = re.compile(rb"(" + _OCTET + rb")|\\(.)", re.DOTALL)


@lru_cache(maxsize=8)
def split_fields(header: bytes) -> tuple[tuple[str, bytes], ...]:
    """(lower-case name, unfolded raw value) of each field, topmost first; lines that are no field are left out.

    The last ones are kept, since the same header is split for its structure, its fingerprint and its fields.
    """
    section = header[:LONGEST_HEADER]
    if b"\r" in section:
        section = section.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    lines = _LINE.findall(_FOLD.sub(b"", section))
    return tuple([(name.decode("ascii").lower(), value.rstrip()) for name, value in lines if name])


def decode_field(value: bytes, hint: str = "") -> str:
    """The words of an unstructured field: encoded words (RFC 2047) decoded, raw octets too."""
    return decode_words(decode_raw(value, hint))


def decode_raw(value: bytes, hint: str = "") -> str:
    """The field as words, its encoded words still encoded."""
    value = value[:LONGEST_FIELD]
    return value.decode("ascii") if value.isascii() and b"\x1b" not in value else decode_text(value, hint=hint)


def decode_words(words: str) -> str:
    """The words with all encoded words decoded, also those inside quotes or glued to others.

    Neighbours of the same charset are decoded together, since many mailers split characters between them.
    """
    if "=?" not in words:
        return words
    written: list[str] = []
    octets, charset, place = b"", "", 0
    for word in _ENCODED_WORD.finditer(words):
        between = words[place : word.start()]
        if charset and (between.strip() or word[1].lower() != charset):
            written.append(decode_text(octets, charset))
            octets = b""
        if not charset or between.strip():
            written.append(between)
        octets += _decode_word(word[2], word[3])
        charset, place = word[1].lower(), word.end()
    if charset:
        written.append(decode_text(octets, charset))
    return "".join(written) + words[place:]


def _decode_word(encoding: str, text: str) -> bytes:
    octets = text.encode("utf-8", "surrogateescape")
    return decode_base64(octets) if encoding in "bB" else binascii.a2b_qp(octets, header=True)


def decode_base64(octets: bytes) -> bytes:
    """What can be had of base64: strange octets are skipped, missing padding and padding in the middle are mended."""
    pieces = octets.translate(None, _NO_BASE64).split(b"=", _MOST_PIECES)
    return b"".join(_decode_piece(piece.replace(b"=", b"")) for piece in pieces if piece)


def _decode_piece(piece: bytes) -> bytes:
    whole = len(piece) - (len(piece) % 4 == 1)
    return binascii.a2b_base64(piece[:whole] + b"=" * (-whole % 4))


def parse_date(value: str) -> datetime | None:
    """Date (RFC 5322, 3.3), in UTC; None where it is no date, or one before 1970 or after 2100."""
    try:
        parsed = parsedate_tz(value[:200])
        if parsed is None:
            return None
        date = datetime(*parsed[:6], tzinfo=UTC) - timedelta(seconds=parsed[9] or 0)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return date if 1970 <= date.year <= 2100 else None


def split_parameters(value: bytes) -> tuple[str, dict[str, bytes]]:
    """A Content-Type or Content-Disposition (RFC 2045, 5.1): its lower-case value, and its raw parameters by name."""
    value = value[:LONGEST_FIELD]
    parameters: dict[str, bytes] = {}
    for name, quoted, bare in _PARAMETER.findall(value):
        text = _ESCAPED.sub(rb"\1\2", quoted) if quoted else bare.strip()
        parameters.setdefault(name.decode("ascii", "replace").lower(), text)
    return "".join(value.partition(b";")[0].decode("ascii", "replace").split()).lower(), parameters


def decode_filename(parameters: Mapping[str, str | bytes]) -> str:
    """The file name among the parameters of Content-Disposition and Content-Type, as the sender wrote it.

    RFC 2231 (charset, continuations) goes before RFC 2047 and raw octets, `filename` before `name`.

    Args:
        parameters: by lower-case name, as the header or BODYSTRUCTURE gives them.
    """
    raw = {name.lower(): _octets(value) for name, value in parameters.items()}
    for stem in ("filename", "name"):
        for found in (_extended(raw, stem), decode_field(raw.get(stem, b"")).strip()):
            if found:
                return found
    return ""


def _octets(value: str | bytes) -> bytes:
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value


def _extended(raw: Mapping[str, bytes], stem: str) -> str:
    """The value of `stem*`, or of `stem*0`, `stem*1`, …, of which each may be percent-encoded (then with another *)."""
    if f"{stem}*" in raw:
        charset, _, value = _split_charset(raw[f"{stem}*"])
        return decode_text(_unescape(value), charset)
    charset, octets = "", b""
    for number in range(_MOST_PIECES):
        if (piece := raw.get(f"{stem}*{number}*")) is not None:
            if number == 0:
                charset, _, piece = _split_charset(piece)
            octets += _unescape(piece)
        elif (piece := raw.get(f"{stem}*{number}")) is not None:
            octets += piece
        else:
            break
    return decode_text(octets, charset) if charset else decode_field(octets)


def _split_charset(value: bytes) -> tuple[str, str, bytes]:
    """charset'language'value; without the quotes all of it is the value."""
    charset, first, rest = value.partition(b"'")
    language, second, text = rest.partition(b"'")
    if not first or not second:
        return "", "", value
    return charset.decode("ascii", "replace"), language.decode("ascii", "replace"), text


def _unescape(value: bytes) -> bytes:
    return _HEX.sub(lambda match: bytes((int(match[1], 16),)), value)
