"""`watcher run` on Dovecot while its ledger goes bad, or cannot be written, and with commands beside it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.kit.daemon import Home, await_that
from tests.kit.house import hit, wanted

pytestmark = pytest.mark.dovecot

COMMANDS = (
    ("list",),
    ("status",),
    ("doctor",),
    ("lessons",),
    ("report",),
    ("restore", "1"),
    ("confirm", "1"),
    ("show", "1"),
    ("trust", "1"),
    ("forget", "1"),
    ("pause", "1h"),
    ("resume",),
    ("replay", "--days", "1"),
)


def ledger(home: Home) -> Path:
    """Where the ledger lies."""
    return home.folder / "state" / "watcher" / "ledger.sqlite"


def aside(home: Home) -> list[Path]:
    """The ledgers that were put aside."""
    return sorted(ledger(home).parent.glob("ledger-*.sqlite"))


def count(mailbox: IMAPClient, folder: str) -> int:
    """How many mails lie in a folder."""
    found: int = mailbox.select_folder(folder, readonly=True)[b"EXISTS"] if mailbox.folder_exists(folder) else 0
    return found


def watch(home: Home) -> None:
    """Start the daemon, and wait until it watches."""
    times = home.count("watching INBOX")
    home.start()
    await_that(lambda: home.count("watching INBOX") > times)


def damage(path: Path) -> None:
    """Let the ledger's pages be lost, also for whoever has it open."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.write(b"\xa5" * path.stat().st_size)


def make_newer(path: Path) -> None:
    """Let it be the ledger of a later Watcher."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO migrations VALUES ('m9999_later', '2030-01-01')")


@pytest.mark.parametrize(("harm", "words"), [(damage, "damaged"), (make_newer, "newer")])
def test_a_ledger_of_no_use_at_the_start(
    home: Home, mailbox: IMAPClient, harm: Callable[[Path], None], words: str
) -> None:
    """Commands leave it alone and say so; the daemon puts it aside, tells, moves nothing again, and watches."""
    home.config.write_text(home.config.read_text().replace("[watch]", '[watch]\nhistory = "7d"'))
    watch(home)
    mailbox.append("INBOX", hit(1))
    await_that(lambda: count(mailbox, "Suspicious") == 1)
    home.run("restore", "1")
    await_that(lambda: count(mailbox, "INBOX") == 1)
    mailbox.select_folder("INBOX")
    mailbox.remove_flags(mailbox.search(), ["NotPhishing"])  # as where a server keeps no keywords
    home.stop()
    harm(ledger(home))
    before = ledger(home).read_bytes()

    done = home.run("list")
    assert done.returncode == 2
    assert words in done.stderr
    assert "puts it aside" in done.stderr
    assert ledger(home).read_bytes() == before
    watch(home)
    mailbox.append("INBOX", hit(2))
    await_that(lambda: count(mailbox, "Suspicious") == 1)

    assert [path.read_bytes() for path in aside(home)] == [before]
    assert count(mailbox, "INBOX") == 1, "what the user had taken back was moved again"
    assert home.count("Watcher has begun its records anew") == 1
    status = json.loads(home.run("status", "--json").stdout)
    assert [each["fault"] for each in status["put_aside"]] == [words]
    assert "take it back in your mail program" in home.run("status").stdout
    assert "aside.1" in {check["name"] for check in home.ask("doctor")}
    assert home.cases()[0]["id"] > 1
    assert home.stop() == 0


def test_a_ledger_that_is_damaged_while_it_watches(home: Home, mailbox: IMAPClient) -> None:
    """It is put aside without a restart of the process, and the next hit is moved."""
    watch(home)
    mailbox.append("INBOX", hit(1))
    await_that(lambda: count(mailbox, "Suspicious") == 1)
    await_that(lambda: home.count("Moved 1 mail") == 1)
    process = home.process

    damage(ledger(home))
    mailbox.append("INBOX", wanted(1))  # whose judgement finds out
    await_that(lambda: home.count("watching INBOX") == 2)
    mailbox.append("INBOX", hit(2))
    await_that(lambda: count(mailbox, "Suspicious") == 2)

    assert home.process is process
    assert len(aside(home)) == 1
    assert home.count("Watcher has begun its records anew") == 1
    assert home.count("Traceback") == 0, home.log.read_text()
    assert count(mailbox, "INBOX") == 1
    assert home.stop() == 0


def test_a_ledger_that_another_program_locks(home: Home, mailbox: IMAPClient) -> None:
    """While it is locked nothing moves and `status` says why, from the start or later; then it goes on by itself."""
    watch(home)
    with closing(sqlite3.connect(ledger(home), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        mailbox.append("INBOX", hit(1))
        await_that(lambda: home.count("is locked by another program") == 1)
        assert "is locked by another program" in home.run("status").stdout
        assert (count(mailbox, "INBOX"), count(mailbox, "Suspicious")) == (1, 0)
        home.kill()
        with home.log.open("ab"):
            home.start()
        assert (count(mailbox, "INBOX"), count(mailbox, "Suspicious")) == (1, 0)
    await_that(lambda: count(mailbox, "Suspicious") == 1)

    assert count(mailbox, "INBOX") == 0
    assert home.stop() == 0


def test_all_commands_while_mail_flows(home: Home, mailbox: IMAPClient) -> None:
    """No command beside the daemon ends in a traceback or a lock, and no mail is lost, doubled or left behind."""
    watch(home)
    for number, command in enumerate(COMMANDS):
        mailbox.append("INBOX", hit(number))
        mailbox.append("INBOX", wanted(number))
        done = home.run(*command)
        assert "Traceback" not in done.stderr
        assert "locked" not in done.stdout + done.stderr
        if command == ("list",):
            await_that(lambda: count(mailbox, "Suspicious") == 1)
    total = len(COMMANDS)
    await_that(lambda: len(home.cases()) == 2 * total)
    await_that(lambda: all(case["state"] != "moving" for case in home.cases()))

    assert count(mailbox, "INBOX") + count(mailbox, "Suspicious") == 2 * total
    assert count(mailbox, "Suspicious") >= total - 1
    assert home.count("Traceback") == 0
    assert home.stop() == 0
