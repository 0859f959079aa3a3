"""`watcher run` as a process, against Cyrus over TLS: the main job on a second real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.kit.cyrus import Cyrus, cyrus
from tests.kit.daemon import Home, await_that
from tests.kit.house import hit, wanted

__all__ = ["cyrus"]

pytestmark = pytest.mark.cyrus

MAILS = 12


@pytest.fixture
def home(tmp_path: Path, cyrus: Cyrus, user: str) -> Iterator[Home]:
    """The home of a user of Cyrus."""
    with Home(tmp_path, cyrus, [user]) as home:
        yield home


@pytest.fixture
def mailbox(cyrus: Cyrus, user: str) -> Iterator[IMAPClient]:
    """The user's other mail program."""
    client = cyrus.client(user)
    yield client
    client.shutdown()


def lying(mailbox: IMAPClient, folder: str) -> list[tuple[bytes, frozenset[bytes]]]:
    """Every mail of a folder and its flags, without what the server and we add."""
    if not mailbox.folder_exists(folder):
        return []
    mailbox.select_folder(folder, readonly=True)
    mails = mailbox.fetch(mailbox.search(), ["BODY.PEEK[]", "FLAGS"]).values()
    ours = {rb"\Recent", b"$Phishing", b"$Junk", b"NotPhishing"}
    return sorted((mail[b"BODY[]"], frozenset(mail[b"FLAGS"]) - ours) for mail in mails)


def test_mail_is_moved_while_it_watches_and_restored(home: Home, mailbox: IMAPClient) -> None:
    """Each hit is moved exactly once, other mail is left as it was and unread, and restore brings a hit back."""
    hits = [(hit(number), frozenset({rb"\Flagged"})) for number in range(0, MAILS, 3)]
    others = [(wanted(number), frozenset[bytes]()) for number in range(MAILS) if number % 3]
    home.start()
    await_that(lambda: home.count("watching INBOX") == 1)
    for raw, flags in (*hits, *others):
        mailbox.append("INBOX", raw, flags)
    await_that(lambda: len(home.cases()) == MAILS)
    await_that(lambda: lying(mailbox, "Suspicious") == sorted(hits))
    assert lying(mailbox, "INBOX") == sorted(others)

    moved = [str(case["id"]) for case in home.cases() if case["state"] == "moved"]
    assert home.run("restore", moved[0]).returncode == 0

    await_that(lambda: len(lying(mailbox, "Suspicious")) == len(hits) - 1)
    assert sorted(lying(mailbox, "INBOX") + lying(mailbox, "Suspicious")) == sorted(hits + others)
    assert home.stop() == 0
