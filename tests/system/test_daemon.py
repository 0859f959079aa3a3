"""`watcher run` as a process, against Dovecot over TLS: the main job, whatever happens meanwhile."""

from __future__ import annotations

import json
import random
import signal
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.kit.daemon import Home, await_that
from tests.kit.dovecot import Dovecot
from tests.kit.house import hit, wanted

pytestmark = pytest.mark.dovecot

MAILS = 60
NOT_LEARNED = "Nothing was learned of the sender of {}: your mail server does not confirm who sent this mail.\n"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


Stored = tuple[bytes, datetime, frozenset[bytes]]
OURS = frozenset({rb"\Recent", b"$Phishing", b"$Junk", b"NotPhishing"})
"""Flags that come and go: Dovecot's own, and those of Watcher."""


def mixed(number: int) -> tuple[bytes, bool]:
    """A mail of either kind, and whether it is a hit."""
    is_hit = number % 3 == 0
    return (hit(number) if is_hit else wanted(number)), is_hit


def append(mailbox: IMAPClient, raw: bytes, number: int = 0) -> None:
    """Deliver a mail, every fifth one flagged by the user."""
    flags = [rb"\Flagged"] if number % 5 == 0 else []
    mailbox.append("INBOX", raw, flags, NOON + timedelta(minutes=number))


def contents(mailbox: IMAPClient, folder: str) -> Mapping[bytes, Stored]:
    """What lies in a folder, by its octets: with its date, and its flags without Dovecot's own and ours."""
    if not mailbox.folder_exists(folder):
        return {}
    mailbox.select_folder(folder, readonly=True)
    found = mailbox.fetch(mailbox.search(), ["BODY.PEEK[]", "INTERNALDATE", "FLAGS"])
    mails = [(mail[b"BODY[]"], mail[b"INTERNALDATE"], frozenset(mail[b"FLAGS"]) - OURS) for mail in found.values()]
    assert len({raw for raw, _, _ in mails}) == len(mails), "a mail lies there twice"
    return {raw: (raw, at, flags) for raw, at, flags in mails}


def expected(numbers: range) -> tuple[set[bytes], set[bytes]]:
    """What must lie in INBOX and in Suspicious in the end."""
    mails = [mixed(number) for number in numbers]
    return {raw for raw, is_hit in mails if not is_hit}, {raw for raw, is_hit in mails if is_hit}


def check_end_state(mailbox: IMAPClient, before: Mapping[bytes, Stored]) -> None:
    """Every mail lies where it belongs, once, with its octets, date and flags, and unread."""
    inbox, suspicious = contents(mailbox, "INBOX"), contents(mailbox, "Suspicious")
    must_stay, must_move = expected(range(MAILS))
    assert set(inbox) == must_stay
    assert set(suspicious) == must_move
    assert {**inbox, **suspicious} == before
    assert not any(rb"\Seen" in flags for _, _, flags in (*inbox.values(), *suspicious.values()))


def truth() -> Mapping[bytes, Stored]:
    """Every mail as it was delivered."""
    zone = datetime.now().astimezone().tzinfo
    mails = {}
    for number in range(MAILS):
        raw, _ = mixed(number)
        at = (NOON + timedelta(minutes=number)).astimezone(zone).replace(tzinfo=None)
        mails[raw] = (raw, at, frozenset([rb"\Flagged"] if number % 5 == 0 else []))
    return mails


def test_sixty_mails_while_it_watches(home: Home, mailbox: IMAPClient) -> None:
    """All hits end in Suspicious and all other mail in INBOX, with octets, date and flags kept, and nothing read."""
    home.start()
    await_that(lambda: home.count("watching INBOX") == 1)
    for number in range(MAILS):
        append(mailbox, mixed(number)[0], number)
    await_that(lambda: len(contents(mailbox, "Suspicious")) == len(expected(range(MAILS))[1]))
    await_that(lambda: len(home.cases()) == MAILS)

    check_end_state(mailbox, truth())
    assert home.stop() == 0


def test_sixty_mails_while_it_is_killed(home: Home, mailbox: IMAPClient) -> None:
    """SIGKILL at random moments, and the same end state, no mail twice, every hit told at least once."""
    rolls = random.Random(20151216)  # noqa: S311 - the same moments in each run, as far as a process has any
    home.start()
    await_that(lambda: home.count("watching INBOX") == 1)
    for number in range(MAILS):
        append(mailbox, mixed(number)[0], number)
        if number % 6 == 5:
            time.sleep(rolls.uniform(0.0, 0.7))
            home.kill()
            home.start()
    await_that(lambda: len(contents(mailbox, "Suspicious")) == len(expected(range(MAILS))[1]))
    await_that(lambda: len(home.cases()) == MAILS)
    await_that(lambda: all(case["state"] != "moving" for case in home.cases()))

    check_end_state(mailbox, truth())
    assert home.stop() == 0


def test_restore_beside_the_daemon_and_without_it(home: Home, mailbox: IMAPClient) -> None:
    """`watcher restore` puts a mail back, whether a daemon runs or not, and it is never moved again."""
    home.start()
    await_that(lambda: home.count("watching INBOX") == 1)
    append(mailbox, hit(1))
    append(mailbox, hit(2))
    await_that(lambda: len(contents(mailbox, "Suspicious")) == 2)
    first, second = home.cases()

    beside = home.run("restore", str(first["id"]))
    assert (beside.returncode, beside.stdout) == (
        0,
        f"{first['id']}: taken back to INBOX\n{NOT_LEARNED.format(first['id'])}",
    )
    assert home.stop() == 0
    alone = home.run("restore", "--json", str(second["id"]))
    assert json.loads(alone.stdout) == {"id": second["id"], "choice": "restore", "outcome": "done"}
    home.start()
    append(mailbox, wanted(3))
    await_that(lambda: len(home.cases()) == 3)

    assert set(contents(mailbox, "INBOX")) == {hit(1), hit(2), wanted(3)}
    assert not contents(mailbox, "Suspicious")


def test_a_wrong_password_rests_one_account_only(tmp_path: Path, dovecot: Dovecot, user: str) -> None:
    """It is said once, and the other account is watched."""
    home = Home(tmp_path, dovecot, [user])
    (tmp_path / "wrong").write_text("wrong\n")
    right = home.config.read_text()
    table = right[right.index("[[accounts]]") :]
    home.config.write_text(right + table.replace(f'"{user}"', f'"{user}b"').replace('password"', 'wrong"'))
    home.start()
    await_that(lambda: home.count(f"{user}: watching INBOX") == 1)
    await_that(lambda: home.count(f"{user}b: refused") == 1)
    status = json.loads(home.run("status", "--json").stdout)

    assert [account["health"] for account in status["accounts"]] == ["watching", "refused"]
    assert home.count("wrong\n") == 0
    assert home.count(f"To log in anew: watcher login {user}b") == 1
    assert f"watcher login {user}b" in home.run("status").stdout
    assert home.stop() == 0


def test_the_server_comes_and_goes(tmp_path: Path, user: str) -> None:
    """One line a change of state, and watching again soon after it is back."""
    with Dovecot() as server:
        home = Home(tmp_path, server, [user])
        home.start()
        await_that(lambda: home.count("watching INBOX") == 1)
        server.stop()
        await_that(lambda: home.count("away") == 1)
        time.sleep(3)
        server.start()
        await_that(lambda: home.count("watching INBOX") == 2)
        client = server.client(user)
        append(client, hit(1))
        await_that(lambda: len(contents(client, "Suspicious")) == 1)

        assert home.count("away") == 1
        assert home.stop() == 0
        client.shutdown()


def test_a_new_configuration_is_taken_over_at_sighup(home: Home, user: str) -> None:
    """SIGHUP reads the file again; a bad one is told, and the old one stays."""
    home.start()
    await_that(lambda: home.count("watching INBOX") == 1)
    good = home.config.read_text()
    assert home.process is not None

    home.config.write_text(good.replace("[watch]", "[wacth]"))
    home.process.send_signal(signal.SIGHUP)
    await_that(lambda: home.count("the configuration is kept as it was") == 1)
    home.config.write_text(good.replace(f'name = "{user}"', 'name = "renamed"'))
    home.process.send_signal(signal.SIGHUP)
    await_that(lambda: home.count("renamed: watching INBOX") == 1)

    assert home.stop() == 0


def test_a_file_of_no_use_is_no_reason_to_end(home: Home, user: str, mailbox: IMAPClient) -> None:
    """What the configuration names is looked at before the old one is let go, such as a file without certificates."""
    home.start()
    await_that(lambda: home.count("watching INBOX") == 1)
    empty = home.folder / "empty.pem"
    empty.write_text("no certificate\n")
    process = home.process
    assert process is not None

    home.configure([user], ca_file=json.dumps(str(empty)))
    process.send_signal(signal.SIGHUP)
    await_that(lambda: home.count("the configuration is kept as it was") == 1 or process.poll() is not None)
    assert process.poll() is None, "it has ended"
    assert home.count(f"Cannot read certificates from {empty}") == 1
    append(mailbox, hit(1))
    await_that(lambda: len(contents(mailbox, "Suspicious")) == 1)

    assert home.stop() == 0


def test_a_bad_configuration_starts_nothing(home: Home) -> None:
    """All problems at once, by their key paths, exit status 2."""
    home.config.write_text('[watch]\ninterval = 5\ntypo = 1\n[[accounts]]\nname = "a"\nport = "x"\n')

    done = home.run("run")

    assert done.returncode == 2
    for path in ("watch.interval", "watch.typo", "accounts[0].host", "accounts[0].port", "accounts[0].user"):
        assert path in done.stderr


def test_a_second_daemon_is_refused(home: Home) -> None:
    """Two daemons on one ledger would move mail twice."""
    home.start()

    done = home.run("run")

    assert done.returncode == 2
    assert "already running" in done.stderr
    assert home.stop() == 0
