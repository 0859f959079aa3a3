"""Two computers of one person watch one account, while he reads, moves and deletes mail himself."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.kit.daemon import Home, await_that
from tests.kit.dovecot import Dovecot
from tests.kit.house import hit, wanted

pytestmark = pytest.mark.dovecot

MAILS = 24


@pytest.fixture
def other(tmp_path: Path, dovecot: Dovecot, user: str) -> Iterator[Home]:
    """The same person's other computer."""
    (tmp_path / "other").mkdir()
    with Home(tmp_path / "other", dovecot, [user]) as home:
        yield home


def contents(mailbox: IMAPClient) -> dict[bytes, list[str]]:
    """In which folders each mail lies, by its octets."""
    found: dict[bytes, list[str]] = {}
    for _flags, _delimiter, folder in mailbox.list_folders():
        mailbox.select_folder(folder, readonly=True)
        for mail in mailbox.fetch(mailbox.search(), ["BODY.PEEK[]"]).values():
            found.setdefault(mail[b"BODY[]"], []).append(folder)
    return found


def act(mailbox: IMAPClient, rolls: random.Random) -> bytes | None:
    """The user moves, deletes or marks some mail of his inbox: the one that he has deleted, if any."""
    mailbox.select_folder("INBOX")
    uids: Sequence[int] = mailbox.search()
    if not uids:
        return None
    uid = rolls.choice(uids)
    raw: bytes = mailbox.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(b"BODY[]", b"")
    deed = rolls.choice(["move", "delete", "mark"]) if raw else "mark"
    if deed == "move":
        mailbox.move([uid], "Mine")
    elif deed == "delete":
        mailbox.add_flags([uid], [rb"\Deleted"])
        mailbox.uid_expunge([uid])
        return raw
    else:
        mailbox.add_flags([uid], [rb"\Flagged"])
    return None


def test_two_watchers_and_a_busy_user(home: Home, other: Home, mailbox: IMAPClient) -> None:
    """Whoever is faster, in the end each mail that nobody deleted is there once, and no hit is left in the inbox."""
    rolls = random.Random(9051)  # noqa: S311 - the same deeds in each run, at moments that no run repeats
    mailbox.create_folder("Mine")
    for each in (home, other):
        each.start()
    await_that(lambda: home.count("watching INBOX") == other.count("watching INBOX") == 1)
    deleted = set()
    for number in range(MAILS):
        mailbox.append("INBOX", hit(number) if number % 2 else wanted(number))
        deleted.add(act(mailbox, rolls))
    hits = {hit(number) for number in range(MAILS) if number % 2}
    await_that(lambda: not any("INBOX" in folders for raw, folders in contents(mailbox).items() if raw in hits))
    await_that(lambda: all(case["state"] != "moving" for each in (home, other) for case in each.cases()))

    found = contents(mailbox)
    # A hit that both moved in the very same moment may be there twice: Dovecot's MOVE then copies for both.
    doubled = {raw: folders for raw, folders in found.items() if len(folders) > 1}
    assert all(raw in hits and folders == ["Suspicious"] * 2 for raw, folders in doubled.items())
    assert len(doubled) <= 2
    mails = hits | {wanted(number) for number in range(MAILS) if not number % 2}
    assert found.keys() | {raw for raw in deleted if raw} == mails
    assert all(set(folders) == {"Suspicious"} or "Mine" in folders for raw, folders in found.items() if raw in hits)
    assert not any("Suspicious" in folders for raw, folders in found.items() if raw not in hits)
    assert (home.count("Traceback"), other.count("Traceback")) == (0, 0)
    assert (home.stop(), other.stop()) == (0, 0)


def test_taken_back_while_the_other_computer_was_off(home: Home, other: Home, mailbox: IMAPClient) -> None:
    """What one Watcher moved and the user took back is left alone by another, which sees it for the first time."""
    for each in (home, other):
        each.start()
        await_that(lambda each=each: each.count("watching INBOX") == 1)  # type: ignore[misc]  # bound at once
    other.stop()
    mailbox.append("INBOX", hit(1))
    await_that(lambda: [case["state"] for case in home.cases()] == ["moved"])
    assert home.run("restore", "1").returncode == 0
    other.start()
    await_that(lambda: [case["state"] for case in other.cases()] == ["released"])

    assert contents(mailbox) == {hit(1): ["INBOX"]}
    assert (home.stop(), other.stop()) == (0, 0)
