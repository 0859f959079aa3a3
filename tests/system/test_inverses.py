"""Every action has an inverse that undoes it, by commands, without a daemon and beside one, on Dovecot."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.kit.confirmed import AUTHSERV, SENDER, confirmed
from tests.kit.daemon import Home, await_that

pytestmark = pytest.mark.dovecot

FOLDERS = ("INBOX", "Suspicious", "Trash")
Stands = tuple[str, Mapping[str, int], AbstractSet[str]]
"""The case's state, how many mails lie in each folder, and which lessons count."""


@pytest.fixture(params=["alone", "beside a daemon"])
def home(request: pytest.FixtureRequest, home: Home, user: str, mailbox: IMAPClient) -> Home:
    """The user's home, in which two mails have been judged: a moved one and a clean one."""
    mailbox.create_folder("Trash")
    home.configure([user], authserv=f'"{AUTHSERV}"')
    home.start()
    await_that(lambda: home.count("watching INBOX") == 1)
    for suspicious in (True, False):
        expected = len(home.cases()) + 1
        mailbox.append("INBOX", confirmed(suspicious=suspicious))
        await_that(lambda expected=expected: len(home.cases()) == expected)  # type: ignore[misc]  # bound now
    await_that(lambda: [case["state"] for case in home.cases()] == ["moved", "clean"])
    if request.param == "alone":
        home.stop()
    return home


def stands(home: Home, mailbox: IMAPClient, case: int) -> Stands:
    """How everything stands."""
    counts = {}
    for folder in FOLDERS:
        mailbox.select_folder(folder, readonly=True)
        counts[folder] = len(mailbox.search())
    state = next(found["state"] for found in home.cases() if found["id"] == case)
    return state, counts, frozenset(lesson["kind"] for lesson in home.ask("lessons"))


def do(home: Home, *words: str) -> None:
    """Give a command that has to succeed."""
    done = home.run(*words)
    assert done.returncode == 0, done.stdout + done.stderr


MOVED = {"INBOX": 1, "Suspicious": 1, "Trash": 0}
BOTH_IN_INBOX = {"INBOX": 2, "Suspicious": 0, "Trash": 0}


def test_restore_and_confirm(home: Home, mailbox: IMAPClient) -> None:
    """A restored mail is moved again by `confirm`, and the other way round; each takes the other's lesson back."""
    do(home, "restore", "1")
    assert stands(home, mailbox, 1) == ("released", BOTH_IN_INBOX, {"trust"})
    do(home, "confirm", "1")
    assert stands(home, mailbox, 1) == ("moved", MOVED, {"distrust"})
    do(home, "restore", "1")
    assert stands(home, mailbox, 1) == ("released", BOTH_IN_INBOX, {"trust"})


def test_delete_and_restore(home: Home, mailbox: IMAPClient) -> None:
    """A deleted mail lies in the trash, and `restore` takes it home."""
    do(home, "delete", "1")
    assert stands(home, mailbox, 1) == ("deleted", {"INBOX": 1, "Suspicious": 0, "Trash": 1}, frozenset())
    do(home, "delete", "1")
    do(home, "restore", "1")
    assert stands(home, mailbox, 1) == ("released", BOTH_IN_INBOX, {"trust"})


def test_confirm_and_restore_of_a_clean_mail(home: Home, mailbox: IMAPClient) -> None:
    """A clean mail is reported by `confirm`, and `restore` takes that back."""
    do(home, "confirm", "2")
    assert stands(home, mailbox, 2) == ("reported", {"INBOX": 0, "Suspicious": 2, "Trash": 0}, {"distrust"})
    do(home, "restore", "2")
    assert stands(home, mailbox, 2) == ("released", MOVED, {"trust"})


def test_trust_and_forget(home: Home, mailbox: IMAPClient) -> None:
    """Trust in the sender of a case restores it; `forget` takes the trust back, not the mail."""
    do(home, "trust", "1")
    assert stands(home, mailbox, 1) == ("released", BOTH_IN_INBOX, {"trust"})
    (lesson,) = home.ask("lessons")
    assert (lesson["sender"], lesson["explicit"]) == (SENDER, True)
    do(home, "forget", str(lesson["id"]))
    assert stands(home, mailbox, 1) == ("released", BOTH_IN_INBOX, frozenset())
    assert home.run("forget", str(lesson["id"])).returncode == 2


def test_restore_all(home: Home, mailbox: IMAPClient) -> None:
    """All that was moved lately comes back at once; what is older stays."""
    home.age(hours=5)
    do(home, "restore", "--all", "--since", "1h")
    assert stands(home, mailbox, 1)[0] == "moved"
    do(home, "restore", "--all", "--since", "1d")
    assert stands(home, mailbox, 1) == ("released", BOTH_IN_INBOX, {"trust"})
    assert stands(home, mailbox, 2)[0] == "clean"


def test_pause_and_resume(home: Home, mailbox: IMAPClient) -> None:
    """During a pause nothing is judged, but what the user decides is done; afterwards what came is looked at."""
    if home.process is None:
        home.start()
        await_that(lambda: home.count("watching INBOX") == 2)
    do(home, "pause", "1h")
    await_that(lambda: home.ask("status")[0]["accounts"][0]["health"] == "paused")
    mailbox.append("INBOX", confirmed(suspicious=True, number=3))
    do(home, "restore", "1")
    assert [case["state"] for case in home.cases()] == ["released", "clean"]

    do(home, "resume")
    await_that(lambda: [case["state"] for case in home.cases()] == ["released", "clean", "moved"])


def test_report_beside_everything(home: Home, mailbox: IMAPClient) -> None:
    """The mail that reports a case holds the original, octet by octet, is a draft, and nothing is sent or changed."""
    before = stands(home, mailbox, 1)
    (answer,) = home.ask("forward-report", "1")
    letter = Path(answer["file"]).read_bytes()

    assert answer["to"].count("@") == 1
    assert b"X-Unsent: 1" in letter
    assert "日本郵便追跡".encode() not in letter  # as it came: encoded
    assert stands(home, mailbox, 1) == before
    assert Path(answer["file"]).stat().st_mode & 0o077 == 0
