"""Which folder holds the mail that this person has sent."""

from __future__ import annotations

from collections.abc import Mapping

SENT = r"\sent"
"""The special use of RFC 6154, in lower case; not all servers that know it write it alike."""

_NAMES = (
    "sent",
    "sent items",
    "sent messages",
    "sent mail",
    "送信済み",
    "送信済みトレイ",
    "送信済みアイテム",
    "送信済みメール",
    "送信済メール",
    "送信控え",
)
"""What mail programs call it, in lower case, where the server does not say."""
_ABOVE = frozenset({"", "inbox", "[gmail]", "[google mail]"})
"""Where it lies."""


def find_sent(folders: Mapping[str, frozenset[str]]) -> str:
    r"""The folder that the server calls \Sent, otherwise the one with the most usual name; empty where there is none.

    Args:
        folders: names, divided by "/", and attributes in lower case.
    """
    for name, attributes in folders.items():
        if SENT in attributes:
            return name
    usual = {name: _rank(name) for name in folders}
    return min((name for name in usual if usual[name] < len(_NAMES)), key=usual.__getitem__, default="")


def _rank(folder: str) -> int:
    above, _, name = folder.lower().rpartition("/")
    return _NAMES.index(name) if above in _ABOVE and name in _NAMES else len(_NAMES)
