"""Mails that are attached to a mail (RFC 5322), and pages saved as one (RFC 2557): what is attached to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from watcher.attachments import names
from watcher.attachments.formats import BrokenArchiveError, Entry, TooLargeError
from watcher.mime import decode, split
from watcher.model import Part

_FIELD: Final = re.compile(rb"(?:\d{1,9} *\n)?(?:[!-9;-~]{1,76}:|From )[^\n]{0,998}\n")
"""A field, or what stands before the first one in a Unix mailbox and in Apple's .emlx."""
_TELLING: Final = re.compile(
    rb"^(?:return-path|received|delivered-to|date|from|to|subject|message-id|mime-version|content-type)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_ENOUGH: Final = 2
_LOOKED_AT: Final = 4096
_AS_IT_IS: Final = frozenset({"", "7bit", "8bit", "binary"})
_MOST_PARTS: Final = 1_000
"""As many as `split` finds."""
_BODY: Final = frozenset({"text/plain", "text/html"})


def recognises(_filename: str, content: bytes) -> bool:
    """Whether it begins with the header of a mail; its name, which forwarding may lose, is not needed for that."""
    head = content[:_LOOKED_AT]
    if not _FIELD.match(head):
        return False
    return len({field.lower() for field in _TELLING.findall(head)}) >= _ENOUGH


def entries(_filename: str, content: bytes) -> Iterator[Entry]:
    """What is attached, forwarded mails too; not what is merely the text."""
    parts = split(content)[1]
    for part in parts:
        if part.filename or part.disposition == "attachment" or part.content_type not in _BODY:
            size = part.size if part.encoding in _AS_IT_IS else 0
            yield Entry(names.tidy(part.filename) or _name(part), size, _reader(part))
    if len(parts) >= _MOST_PARTS:
        raise TooLargeError
    if any(part.content_type.startswith("multipart/") for part in parts):
        raise BrokenArchiveError  # `split` could not take it apart


def _name(part: Part) -> str:
    return f"{part.section}.eml" if part.content_type == "message/rfc822" else part.section


def _reader(part: Part) -> Callable[[int], bytes]:
    @cache
    def whole() -> bytes:
        return decode(part)

    return lambda octets: whole()[:octets]
