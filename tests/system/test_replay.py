"""`watcher replay` as a process, on a Dovecot whose mail nobody has seen yet: it tells, and changes nothing."""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pexpect
import pytest
from imapclient import IMAPClient

from tests.kit.daemon import Home, await_that
from tests.kit.dovecot import Dovecot, dovecot
from tests.kit.house import hit
from tests.kit.inquiries import passed
from tests.kit.letters import arrived, letter

__all__ = ["dovecot"]

pytestmark = pytest.mark.dovecot

LINK = '<a href="https://parcel.example/">https://www.post.japanpost.jp/</a>'
POSING = {"hit1@parcel.example", "a1001@post.japanpost.jp", "a1002@parcel.example"}
"""Message-IDs. The second one is forged only by the word of the receiving server, which has to be believed first."""


def post(number: int) -> bytes:
    """One of 60 mails, of which three pose as somebody else."""
    match number:
        case 10:
            return hit(1)
        case 20:
            failed = "spf=fail; dkim=none; dmarc=fail"
            return arrived("日本郵便 <info@post.japanpost.jp>", 1001, failed, subject="不在のお知らせ", html=LINK)
        case 30:
            return arrived("日本郵便 <info@parcel.example>", 1002, subject="お荷物\x1b[31m", html=LINK)
        case 40:
            return arrived("日本郵便 <info@post.japanpost.jp>", 1003, passed("post.japanpost.jp"), html=LINK)
    return arrived(f"News <news@shop{number}.example>", number, subject=f"Offer {number}")


@pytest.fixture
def filled(mailbox: IMAPClient) -> IMAPClient:
    """A mailbox with 60 mails of the last days, one of which is read, an older one that poses, and a sent one."""
    now = datetime.now(UTC)
    for number in range(60):
        mailbox.append("INBOX", post(number), [rb"\Seen"] if number == 5 else [], now - timedelta(hours=8 * number))
    mailbox.append("INBOX", hit(2), (), now - timedelta(days=30, minutes=1))
    mailbox.create_folder("Sent")
    mailbox.append("Sent", letter("Keiko Mori <keiko@friend.example>"), [rb"\Seen"], now - timedelta(days=9))
    return mailbox


def contents(client: IMAPClient) -> Mapping[str, Mapping[int, tuple[bytes, tuple[bytes, ...]]]]:
    r"""Octets and flags of all mail by folder and UID, without \Recent, which belongs to the session."""
    found = {}
    for _, _, name in client.list_folders():
        client.select_folder(name, readonly=True)
        mails = client.fetch(client.search(), ["BODY.PEEK[]", "FLAGS"]).items()
        found[name] = {uid: (mail[b"BODY[]"], tuple(set(mail[b"FLAGS"]) - {rb"\Recent"})) for uid, mail in mails}
    return found


def ledger(home: Home) -> list[str]:
    """All that the ledger holds."""
    with closing(sqlite3.connect(home.folder / "state" / "watcher" / "ledger.sqlite")) as db:
        return list(db.iterdump())


def look_back(home: Home, *arguments: str) -> tuple[set[str], dict[str, Any]]:
    """Message-IDs of those that would have been moved, and the sums."""
    *moved, sums = home.ask("replay", *arguments)
    return {mail["message_id"] for mail in moved}, sums


def test_a_look_back_changes_nothing(home: Home, filled: IMAPClient) -> None:
    """Three of 60 mails are told, no flag or folder is another one, and a ledger that is not there is not made."""
    before = contents(filled)

    moved, sums = look_back(home)

    assert moved == POSING
    assert (sums["days"], sums["mails"], sums["judged"], sums["failed"], sums["would_move"]) == (30, 60, 60, 0, 3)
    assert sums["detectors"]["program_attached"] == 1
    assert (sums["stopped"], sums["problems"]) == (False, [])
    assert contents(filled) == before
    assert list((home.folder / "state").rglob("*.sqlite*")) == []


def test_it_judges_as_the_daemon_does(home: Home, filled: IMAPClient) -> None:
    """What a look back before the first start has told is what the daemon moves, once it is told to look back."""
    told, _ = look_back(home)
    home.config.write_text(home.config.read_text().replace("[watch]", '[watch]\nhistory = "29d"', 1))

    home.start()
    await_that(lambda: len(home.cases()) >= 60)

    assert {case["message_id"] for case in home.cases() if case["state"] == "moved"} == told
    assert len(contents(filled)["Suspicious"]) == 3


def test_beside_a_running_daemon(home: Home, filled: IMAPClient) -> None:
    """With its ledger in use it answers all the same, on a connection of its own, and not a row is added."""
    home.start()
    await_that(lambda: home.run("status").returncode == 0)
    filled.append("INBOX", arrived("News <news@shop.example>", 4000))
    await_that(lambda: len(home.cases()) == 1)
    before = judged(home), contents(filled)

    moved, sums = look_back(home)

    assert moved == POSING
    assert sums["judged"] == 61
    assert (judged(home), contents(filled)) == before


def judged(home: Home) -> list[str]:
    """What the ledger holds, without what a running daemon adds meanwhile: how far it has read, and whom it has met."""
    own = re.compile('INSERT INTO "(acquaintances|progress|bookmarks|moments)"')
    return [line for line in ledger(home) if not own.match(line)]


@pytest.mark.usefixtures("filled")
def test_for_people(home: Home) -> None:
    """The sum, each detector, then the newest first with its reason; hostile words are harmless."""
    done = home.run("replay", "--limit", "2")

    assert (done.returncode, done.stderr) == (0, "")
    assert "Of 60 mails of the last 30 days, 3 would have been moved." in done.stdout
    assert re.search(r"^ +1  program_attached$", done.stdout, re.MULTILINE)
    assert "holds a program" in done.stdout
    assert done.stdout.count("「日本郵便」") == 2
    assert "and 1 more" in done.stdout
    assert "Nothing was moved" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(("days", "mails"), [("1", 3), ("3", 9)])
def test_days(home: Home, days: str, mails: int) -> None:
    """So many days, to the minute."""
    assert look_back(home, "--days", days)[1]["mails"] == mails


def test_one_account_of_two(home: Home, dovecot: Dovecot, user: str) -> None:
    """Both are looked at, unless one is named; one that is not configured is a mistake."""
    home.configure([user, f"{user}-other"])
    for name in (user, f"{user}-other"):
        with dovecot.client(name) as client:
            client.append("INBOX", hit())

    assert look_back(home)[1]["would_move"] == 2
    assert look_back(home, "--account", f"{user}-other")[1]["would_move"] == 1
    assert home.run("replay", "--account", "nobody").returncode == 2


def test_an_account_that_cannot_be_reached(home: Home, dovecot: Dovecot, user: str) -> None:
    """The other one is looked at, what is wrong is told, and the exit status says so."""
    home.configure([user])
    gone = home.config.read_text().replace(f'name = "{user}"', 'name = "gone"').replace(str(dovecot.tls_port), "1")
    home.config.write_text(home.config.read_text() + gone[gone.index("[[accounts]]") :])
    with dovecot.client(user) as client:
        client.append("INBOX", hit())

    done = home.run("replay")

    assert done.returncode == 1
    assert "Of 1 mail of the last 30 days, 1 would have been moved." in done.stdout
    assert done.stderr.startswith("watcher: gone: ")


def test_ctrl_c_keeps_what_it_has(home: Home, mailbox: IMAPClient) -> None:
    """Stopped in the middle at a terminal, under a growing bar, it tells what it has found until then."""
    for number in range(1_000):
        mailbox.append("INBOX", hit(number))
    terminal = pexpect.spawn(
        sys.executable,
        ["-m", "watcher", "--config", str(home.config), "replay", "--limit", "1"],
        env={**home.environment, "TERM": "xterm"},
        dimensions=(30, 100),
        encoding="utf-8",
        timeout=60,
    )

    terminal.expect(r"━.* ([1-9][0-9]*)/1000 ")
    terminal.sendintr()
    terminal.expect(r"Stopped after ([0-9]+) of 1000 mails\.")
    judged = int(terminal.match.group(1))
    terminal.expect(rf"Of {judged} mails of the last 30 days, {judged} would have been moved\.")
    terminal.expect("Nothing was moved")
    terminal.expect(pexpect.EOF)
    terminal.close()

    assert terminal.exitstatus == 130
    assert 0 < judged < 1_000
