"""OLE objects, wherever they are kept: which file a package carries, where a link leads, what class something is of."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice
from typing import Final

from watcher import kinds
from watcher.attachments import names
from watcher.attachments.compound import Compound, wide
from watcher.attachments.limits import KIB, MIB
from watcher.model import Finding, Trait

NATIVE: Final = "\x01ole10native"
"""Name, in lower case, of the stream in which a package keeps its file ([MS-OLEDS] 2.3.6)."""
_LINK: Final = "\x01ole"

_URL_MONIKER: Final = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b")  # [MS-OSHARED] 2.3.7.6
_LONGEST_URL: Final = 4 * KIB
_MOST: Final = 100
"""Objects of one document that are looked into."""
_OF_NOTE: Final = frozenset({"program", "disk", "html"})


def packages(file: Compound) -> Iterator[Finding]:
    """The objects that are a file in a wrapper, and links that are followed when the document is opened."""
    for entry in islice(file.find(NATIVE), _MOST):
        yield from package(file.read(entry, MIB)[4:])
    for entry in islice(file.find(_LINK), _MOST):
        for url in monikers(file.read(entry, 64 * KIB)):
            yield Finding(Trait.REMOTE_TEMPLATE, url)


def package(native: bytes) -> Iterator[Finding]:
    """What a package carries: its file name; besides, for what runs, what it is.

    Args:
        native: its native data, without the length before it: a label and a path, each ended by NUL, then the path
            once more with a length, then the file with a length. The format is described nowhere; all that write
            it agree.
    """
    kind, rest = native[:2], native[2:]
    label, _, rest = rest.partition(b"\0")
    path, _, rest = rest.partition(b"\0")
    if kind != b"\x02\0" or len(label) > 4 * KIB or len(path) > 4 * KIB:
        yield Finding(Trait.EMBEDDED_OBJECT, "Package")
        return
    name = _last_name(label) or _last_name(path)
    yield Finding(Trait.EMBEDDED_OBJECT, name or "Package")
    if len(rest) >= 8:
        length = int.from_bytes(rest[4:8], "little")
        found = kinds.kind(name, rest[8 + length + 4 :])
        if found in _OF_NOTE:
            yield Finding(Trait.EMBEDDED_FILE, found)


def _last_name(raw: bytes) -> str:
    return names.tidy(raw.decode(names.guess_charset([raw]), "replace")).rpartition("/")[2]


def monikers(octets: bytes) -> Iterator[str]:
    """The addresses of URL monikers, at most 100."""
    position = octets.find(_URL_MONIKER)
    for _ in range(_MOST):
        if position < 0:
            return
        start = position + len(_URL_MONIKER) + 4
        length = min(int.from_bytes(octets[start - 4 : start], "little"), _LONGEST_URL)
        url = wide(octets[start : start + length]).partition("\0")[0]
        if url:
            yield url
        position = octets.find(_URL_MONIKER, start)


def class_of(described: bytes) -> str:
    """What an object says of itself in its stream CompObj ([MS-OLEDS] 2.3.8): "Microsoft Equation 3.0"."""
    if len(described) < 32:
        return ""
    (length,) = struct.unpack_from("<L", described, 28)
    return described[32 : 32 + min(length, 256)].partition(b"\0")[0].decode("latin-1")
