"""Which folder is for sent mail, which for the trash and which for junk mail."""

from __future__ import annotations

import unicodedata

import pytest

from watcher.model import Use
from watcher.sources.special import find_special


@pytest.mark.parametrize(
    ("use", "names", "found"),
    [
        (Use.SENT, ["INBOX", "Sent"], "Sent"),
        (Use.SENT, ["Sent Messages", "Sent Items", "Sent"], "Sent"),
        (Use.SENT, ["INBOX", "INBOX/Sent"], "INBOX/Sent"),
        (Use.SENT, ["[Gmail]/Sent Mail"], "[Gmail]/Sent Mail"),
        (Use.SENT, ["送信済みトレイ", "ごみ箱"], "送信済みトレイ"),
        (Use.SENT, ["Projects/Sent", "Sent to print", "Unsent"], ""),
        (Use.TRASH, ["Deleted Items", "Trash"], "Trash"),
        (Use.TRASH, ["Deleted Messages", "Sent Messages"], "Deleted Messages"),
        (Use.TRASH, ["INBOX/TRASH"], "INBOX/TRASH"),
        (Use.TRASH, ["[Gmail]/Bin", "Bin/Old"], "[Gmail]/Bin"),
        (Use.TRASH, ["[Gmail]/ゴミ箱"], "[Gmail]/ゴミ箱"),
        (Use.TRASH, [unicodedata.normalize("NFD", "ゴミ箱")], unicodedata.normalize("NFD", "ゴミ箱")),
        (Use.TRASH, ["迷惑メール", "削除済みアイテム"], "削除済みアイテム"),
        (Use.TRASH, ["Trashcan", "Cabin", "送信済み"], ""),
        (Use.JUNK, ["Spam", "Junk"], "Junk"),
        (Use.JUNK, ["Junk Email"], "Junk Email"),
        (Use.JUNK, ["Junk E-mail", "Inbox"], "Junk E-mail"),
        (Use.JUNK, ["[Gmail]/迷惑メール"], "[Gmail]/迷惑メール"),
        (Use.JUNK, ["Bulk Mail", "Trash"], "Bulk Mail"),
        (Use.JUNK, ["迷惑メール フォルダー"], "迷惑メール フォルダー"),
        (Use.JUNK, ["Suspicious", "Suspicious/Junk", "疑わしいメール"], ""),
        (Use.JUNK, [], ""),
    ],
)
def test_by_its_name(use: Use, names: list[str], found: str) -> None:
    """Where the server does not say, the most usual name counts, and only where mail programs put it."""
    assert find_special(dict.fromkeys(names, frozenset[str]()), use) == found


@pytest.mark.parametrize("use", Use)
def test_the_server_knows_best(use: Use) -> None:
    """A folder of any name that the server says is for this use goes before those that are merely called so."""
    named = dict.fromkeys(("Sent", "Trash", "Junk"), frozenset({r"\hasnochildren"}))

    assert find_special(named | {"Anders": frozenset({r"\hasnochildren", use.value})}, use) == "Anders"
