"""What the standard library does not read, through libarchive: 7z, RAR, ISO 9660, LHA, cpio, ar, and packed files.

libarchive is told which one format to expect, so that nothing else in it is reached: some of its readers would open
files (mtree) or start programs (lrzip). It reads forwards only; the first octets of a member can therefore be had only
while it passes, and are kept until the next one does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from ctypes import CDLL, c_char_p, c_int, c_void_p, cast, create_string_buffer, string_at
from dataclasses import dataclass
from typing import Final

from libarchive import ffi
from libarchive.exception import ArchiveError

from watcher.attachments import names
from watcher.attachments.formats import (
    BrokenArchiveError,
    EncryptedArchiveError,
    Entry,
    NoReaderError,
    TooLargeError,
    rar5_headers,
)
from watcher.attachments.formats.streams import unpacked_name
from watcher.attachments.limits import KIB, MIB

MOST_PASSED: Final = 128 * MIB
"""Octets that are unpacked only to get at the next member, where all are packed as one."""

_REGULAR: Final = 0o100000  # AE_IFREG of archive_entry.h
_CHUNK: Final = 64 * KIB

_UU_BEGIN: Final = re.compile(rb"begin [0-7]{3,4} ([^\r\n]{1,512})")

_JAPANESE: Final = b"CP932"
"""In which LHA is at home; libarchive gives up an archive whose names do not fit the locale."""

_set_option: Final = ffi.ffi("read_set_option", [ffi.c_archive_p, c_char_p, c_char_p, c_char_p], c_int)
_is_encrypted: Final = ffi.ffi("entry_is_encrypted", [ffi.c_archive_entry_p], c_int)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One format, by the names that `archive_read_support_format_…` and `archive_read_support_filter_…` bear."""

    magic: re.Pattern[bytes]
    form: str
    packer: str = "none"
    is_solid: bool = False
    """Whether libarchive gets at a member, and at its name, only by unpacking those before it."""
    charset: bytes = b""
    """Of its names, where the format leaves that open and libarchive has to be told."""


def _begins(magic: bytes) -> re.Pattern[bytes]:
    return re.compile(magic, re.DOTALL)


_KINDS: Final = (
    _Kind(_begins(rb"7z\xbc\xaf\x27\x1c"), "7zip", is_solid=True),
    _Kind(_begins(rb"Rar!\x1a\x07\0"), "rar"),
    _Kind(_begins(re.escape(rar5_headers.SIGNATURE)), "rar5"),
    _Kind(_begins(rb".{32769}CD001"), "iso9660"),
    _Kind(_begins(rb"..-l[hz][0-9ds]-"), "lha", charset=_JAPANESE),
    _Kind(_begins(rb"07070[127]"), "cpio"),
    _Kind(_begins(rb"!<arch>\n"), "ar"),
    _Kind(_begins(rb"\x28\xb5\x2f\xfd"), "raw", "zstd"),
    _Kind(_begins(rb"\x1f\x9d"), "raw", "compress"),
    _Kind(_begins(rb"LZIP[\0\x01]"), "raw", "lzip"),
    _Kind(_begins(rb"\x04\x22\x4d\x18"), "raw", "lz4"),
    _Kind(_begins(rb"begin [0-7]{3,4} "), "raw", "uu"),
)


def recognises(_filename: str, content: bytes) -> bool:
    """Whether it begins like one of them."""
    return any(kind.magic.match(content) for kind in _KINDS)


def prepare() -> None:
    """Load the C library's table for names, which it takes from a file: called before files can no longer be opened."""
    library = CDLL(None)
    if hasattr(library, "iconv_open"):
        library.iconv_open(b"UTF-8", _JAPANESE)  # never closed: it would be unloaded


def entries(filename: str, content: bytes) -> Iterator[Entry]:
    """The files; folders, links and devices cannot run by themselves."""
    kind = next(kind for kind in _KINDS if kind.magic.match(content))
    headers = rar5_headers.read(content) if kind.form == "rar5" else rar5_headers.Headers(kind.is_solid, frozenset())
    passed, is_sound = 0, True
    with closing(_Archive(kind, content)) as archive:
        while archive.advance():
            path = _packed_name(filename, content) if kind.form == "raw" else archive.path
            if archive.is_file:
                is_encrypted = archive.is_encrypted or path in headers.encrypted
                yield Entry(names.tidy(path), archive.size, archive.read, is_encrypted)
            passed += archive.size
            if headers.is_solid and passed > MOST_PASSED:
                raise TooLargeError
            is_sound = is_sound and (bool(path) or kind.form == "raw")
    if not is_sound:
        raise BrokenArchiveError


def _packed_name(filename: str, content: bytes) -> str:
    """The name of what lies in a packed file; only uuencoding tells it."""
    begin = _UU_BEGIN.match(content)
    return begin[1].decode(names.guess_charset([begin[1]]), "replace") if begin else unpacked_name(filename)


class _Archive:
    """An archive that is being read, and the member that is just passing. Raises what `formats` knows."""

    def __init__(self, kind: _Kind, content: bytes) -> None:
        self._content = content  # libarchive reads it where it lies
        self._archive, self._entry = ffi.read_new(), ffi.entry_new()
        self._buffer = create_string_buffer(_CHUNK)
        self._head, self._is_over = bytearray(), False
        try:
            self._open(kind)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of what libarchive holds."""
        ffi.entry_free(self._entry)
        ffi.read_free(self._archive)

    def advance(self) -> bool:
        """Go on to the next member; whether there is one."""
        self._head, self._is_over = bytearray(), False
        try:
            return bool(ffi.read_next_header2(self._archive, self._entry) != ffi.ARCHIVE_EOF)
        except ArchiveError as error:
            raise _named(error) from error

    @property
    def path(self) -> str:
        """Where the format says in which character set it is, libarchive has made it the locale's."""
        raw = ffi.entry_pathname(self._entry)
        if raw is None:
            return ffi.entry_pathname_w(self._entry) or ""
        return str(raw.decode(names.guess_charset([raw]), "replace"))

    @property
    def size(self) -> int:
        """Octets, 0 where it is not known."""
        return max(int(ffi.entry_size(self._entry)), 0)

    @property
    def is_file(self) -> bool:
        """Whether it is neither a folder nor a link nor a device."""
        return bool(ffi.entry_filetype(self._entry) in {_REGULAR, 0})

    @property
    def is_encrypted(self) -> bool:
        """Whether its content is encrypted."""
        return bool(_is_encrypted(self._entry))

    def read(self, octets: int) -> bytes:
        """The first octets of the member that is just passing."""
        while len(self._head) < octets and not self._is_over:
            try:
                count = ffi.read_data(self._archive, self._buffer, min(octets - len(self._head), _CHUNK))
            except ArchiveError as error:
                raise _named(error) from error
            self._head += string_at(self._buffer, count)
            self._is_over = not count
        return bytes(memoryview(self._head)[:octets])

    def _open(self, kind: _Kind) -> None:
        try:
            ways = (ffi.get_read_format_function(kind.form), ffi.get_read_filter_function(kind.packer))
        except ValueError as error:
            raise NoReaderError from error
        if any(way(self._archive) != ffi.ARCHIVE_OK for way in ways):
            raise NoReaderError  # it would ask an outside program
        if kind.charset:
            _set_option(self._archive, kind.form.encode(), b"hdrcharset", kind.charset)
        try:
            ffi.read_open_memory(self._archive, cast(c_char_p(self._content), c_void_p), len(self._content))
        except ArchiveError as error:
            raise _named(error) from error
        if kind.packer != "none" and ffi.filter_count(self._archive) < 2:
            raise BrokenArchiveError  # it would be handed out as it is, as a member of itself


def _named(error: ArchiveError) -> Exception:
    """What libarchive says only in words, and otherwise in each version."""
    return EncryptedArchiveError() if "encrypt" in str(error).lower() else BrokenArchiveError()
