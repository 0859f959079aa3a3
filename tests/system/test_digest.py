"""The digest of a running daemon, on Dovecot."""

from __future__ import annotations

import pytest
from imapclient import IMAPClient

from tests.kit.confirmed import confirmed
from tests.kit.daemon import Home, await_that

pytestmark = pytest.mark.dovecot


@pytest.fixture
def home(home: Home) -> Home:
    """That user's home, where a digest is wished at midnight, as a mail and as a notice."""
    text = home.config.read_text()
    home.config.write_text(text.replace("[notify]", '[notify]\ndigest = "both"\ndigest_at = "00:00"'))
    return home


def subjects(mailbox: IMAPClient) -> list[bytes]:
    """What lies in INBOX, and is unread."""
    mailbox.select_folder("INBOX", readonly=True)
    found = mailbox.fetch(mailbox.search(["UNSEEN"]), ["ENVELOPE"])
    return [mail[b"ENVELOPE"].subject for mail in found.values()]


def test_a_mail_in_the_inbox(home: Home, mailbox: IMAPClient) -> None:
    """The day after, what was moved lies in the inbox as one unread mail, which is not judged, and is told once."""
    home.start()
    await_that(lambda: home.count("watching INBOX") == 1)
    mailbox.append("INBOX", confirmed(suspicious=True))
    await_that(lambda: [case["state"] for case in home.cases()] == ["moved"])
    home.stop()
    assert subjects(mailbox) == []

    home.age(days=2)
    home.start()
    await_that(lambda: len(subjects(mailbox)) == 1)
    await_that(lambda: home.count("suspicious mail was found") == 1)
    assert subjects(mailbox)[0].startswith(b"Watcher: 1")
    await_that(lambda: [case["state"] for case in home.cases()] == ["moved", "clean"])
    assert "reasons" not in home.cases()[1]
    home.stop()
    home.start()
    await_that(lambda: home.count("watching INBOX") == 3)
    assert len(subjects(mailbox)) == 1
