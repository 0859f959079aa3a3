"""Which folder holds the mail that this person has sent."""

from __future__ import annotations

import pytest

from watcher.sources.sent import SENT, find_sent


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["INBOX", "Sent"], "Sent"),
        (["Sent Messages", "Sent Items", "Sent"], "Sent"),
        (["INBOX", "INBOX/Sent"], "INBOX/Sent"),
        (["[Gmail]/Sent Mail"], "[Gmail]/Sent Mail"),
        (["送信済みトレイ", "ごみ箱"], "送信済みトレイ"),
        (["Projects/Sent", "Sent to print", "Unsent"], ""),
        ([], ""),
    ],
)
def test_by_its_name(names: list[str], found: str) -> None:
    """Where the server does not say, the most usual name counts, and only where mail programs put it."""
    assert find_sent(dict.fromkeys(names, frozenset[str]())) == found


def test_the_server_knows_best() -> None:
    """A folder of any name that the server says is for sent mail goes before one that is merely called so."""
    folders = {"Sent": frozenset({r"\hasnochildren"}), "Gesendet": frozenset({SENT})}

    assert find_sent(folders) == "Gesendet"
