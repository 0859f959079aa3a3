"""Text that every carrier of notices takes as it is."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watcher.model import Notice

_UNFIT = ("Cc", "Cs")
"""Control characters, which break a line, an argument or a D-Bus string; lone surrogates, which break UTF-8."""


def one_line(text: str) -> str:
    """The same text with a space in place of each character that could end the line or that no carrier can send.

    A notice is clean before it comes here (see `model.Notice`); this is the second lock on a door that hostile
    mail would pass through.
    """
    return "".join(" " if unicodedata.category(character) in _UNFIT else character for character in text)


def whole_lines(text: str) -> str:
    """The same text with each of its lines made fit, for a carrier that can show more than one."""
    return "\n".join(one_line(line) for line in text.split("\n"))


def typed_out(notice: Notice) -> str:
    """The body of a notice where it has no buttons: below it stands what to type in their place."""
    return "\n".join(filter(None, (notice.body, notice.by_hand)))
