"""Tape archives (POSIX.1-2017, pax)."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from functools import partial

from watcher.attachments import names
from watcher.attachments.formats import Entry


def recognises(_filename: str, content: bytes) -> bool:
    """Whether the first header is one of POSIX or GNU."""
    return content.startswith(b"ustar", 257)


def entries(_filename: str, content: bytes) -> Iterator[Entry]:
    """The files; folders, links and devices cannot run by themselves."""
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
        for info in archive:
            if info.isfile():
                raw = info.name.encode("utf-8", "surrogateescape")
                path = raw.decode(names.guess_charset([raw]), "replace")
                yield Entry(names.tidy(path), info.size, partial(_read, archive, info))


def _read(archive: tarfile.TarFile, info: tarfile.TarInfo, octets: int) -> bytes:
    member = archive.extractfile(info)
    return member.read(octets) if member else b""
