"""Which of a person's folders is the one for sent mail, for the trash, for junk mail."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from watcher.model import Use

_NAMES = {
    Use.SENT: (
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
    ),
    Use.TRASH: (
        "trash",
        "deleted items",
        "deleted messages",
        "bin",
        "deleted",
        "ゴミ箱",
        "ごみ箱",
        "削除済みアイテム",
        "削除済みメール",
        "削除済みメッセージ",
        "削除済み",
    ),
    Use.JUNK: (
        "junk",
        "spam",
        "junk mail",
        "junk e-mail",
        "junk email",
        "bulk mail",
        "bulk",
        "迷惑メール",
        "迷惑メールフォルダ",
        "迷惑メールフォルダー",
        "迷惑メール フォルダ",
        "迷惑メール フォルダー",
    ),
}
"""What Gmail, Outlook, iCloud, Yahoo! JAPAN, Thunderbird and Apple Mail call it, the most usual name first, as `_plain`
makes it. Never "Suspicious": what lies there is ours, and is no junk mail yet."""
_ABOVE = frozenset({"", "inbox", "[gmail]", "[google mail]"})
"""Where it lies."""


def find_special(folders: Mapping[str, frozenset[str]], use: Use) -> str:
    """The folder that the server says is for this use, otherwise the one with the most usual name; empty for none.

    Args:
        folders: names, divided by "/", and attributes in lower case.
        use: what the folder is for.
    """
    for name, attributes in folders.items():
        if use.value in attributes:
            return name
    usual = {name: _rank(name, use) for name in folders}
    named = (name for name in usual if usual[name] < len(_NAMES[use]))
    return min(named, key=usual.__getitem__, default="")


def _rank(folder: str, use: Use) -> int:
    above, _, name = _plain(folder).rpartition("/")
    return _NAMES[use].index(name) if above in _ABOVE and name in _NAMES[use] else len(_NAMES[use])


def _plain(folder: str) -> str:
    """The name without what differs between programs: case, width, and on a Mac the marks of ゴ and ば apart."""
    return unicodedata.normalize("NFKC", folder).casefold()
