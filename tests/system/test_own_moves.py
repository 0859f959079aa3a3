"""The user moves mail by a second program, as Thunderbird does, and the daemon understands, on Dovecot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from imapclient import IMAPClient

from tests.kit.confirmed import AUTHSERV, SENDER, confirmed
from tests.kit.daemon import Home, await_that
from tests.kit.dovecot import Dovecot

pytestmark = pytest.mark.dovecot


@pytest.fixture
def home(home: Home, user: str) -> Home:
    """That user's home, where the Authentication-Results of the tests' mail are believed."""
    return configure(home, user)


@pytest.fixture
def other(tmp_path_factory: pytest.TempPathFactory, dovecot: Dovecot, user: str) -> Iterator[Home]:
    """The same user's other computer."""
    with Home(tmp_path_factory.mktemp("other"), dovecot, [user]) as home:
        yield configure(home, user)


def configure(home: Home, user: str) -> Home:
    """Believe the tests' mail, and look every ten seconds."""
    home.configure([user], authserv=f'"{AUTHSERV}"')
    home.config.write_text(home.config.read_text().replace('interval = "60s"', 'interval = "10s"'))
    return home


@pytest.fixture
def thunderbird(mailbox: IMAPClient) -> IMAPClient:
    """The user's other mail program, with the folders that it makes."""
    mailbox.create_folder("Trash")
    mailbox.create_folder("Archive")
    return mailbox


def watch(home: Home) -> None:
    """Start, and wait until it watches."""
    before = home.count("watching INBOX")
    home.start()
    await_that(lambda: home.count("watching INBOX") > before)


def uids(client: IMAPClient, folder: str) -> list[int]:
    """What lies in a folder."""
    if not client.folder_exists(folder):
        return []
    client.select_folder(folder, readonly=True)
    return list(client.search())


def drag(client: IMAPClient, origin: str, target: str) -> None:
    """Move the one mail of a folder, by UID MOVE."""
    client.select_folder(origin)
    (uid,) = client.search()
    client.move([uid], target)


def states(home: Home) -> list[str]:
    """How the cases stand, oldest first."""
    return [case["state"] for case in home.cases()]


def lessons(home: Home) -> list[dict[str, Any]]:
    """What `watcher lessons` tells."""
    return home.ask("lessons")


def move_hit(home: Home, client: IMAPClient) -> None:
    """Deliver a hit, and wait until it is moved."""
    client.append("INBOX", confirmed(suspicious=True))
    await_that(lambda: states(home) == ["moved"])


def test_taken_back_while_it_watches(home: Home, thunderbird: IMAPClient) -> None:
    """Dragged to INBOX it is released, loses the keywords, is not moved again, and a lesson is learned."""
    watch(home)
    move_hit(home, thunderbird)
    drag(thunderbird, "Suspicious", "INBOX")

    await_that(lambda: states(home) == ["released"])
    ((lesson),) = lessons(home)
    assert (lesson["kind"], lesson["sender"], lesson["brand"]) == ("trust", SENDER, "japan_post")
    (uid,) = uids(thunderbird, "INBOX")
    assert not {b"$Phishing", b"$Junk"} & set(thunderbird.get_flags([uid])[uid])


def test_taken_back_while_it_was_not_running(home: Home, thunderbird: IMAPClient) -> None:
    """What was moved between two runs is found at the next start."""
    watch(home)
    move_hit(home, thunderbird)
    assert home.stop() == 0
    drag(thunderbird, "Suspicious", "INBOX")

    watch(home)
    await_that(lambda: states(home) == ["released"])
    assert [lesson["kind"] for lesson in lessons(home)] == ["trust"]
    assert len(uids(thunderbird, "INBOX")) == 1


@pytest.mark.parametrize(("target", "state"), [("Trash", "deleted"), ("Archive", "filed")])
def test_taken_elsewhere(home: Home, thunderbird: IMAPClient, target: str, state: str) -> None:
    """To the trash or to a folder of the user's own it is left alone, and nothing is learned."""
    watch(home)
    move_hit(home, thunderbird)
    drag(thunderbird, "Suspicious", target)

    await_that(lambda: states(home) == [state])
    assert lessons(home) == []
    assert len(uids(thunderbird, target)) == 1


def test_put_in_while_it_was_not_running(home: Home, thunderbird: IMAPClient) -> None:
    """A mail judged clean that is dragged to Suspicious is reported; `restore` takes it back with its lesson."""
    watch(home)
    thunderbird.append("INBOX", confirmed(suspicious=False))
    await_that(lambda: states(home) == ["clean"])
    home.stop()
    home.age(minutes=5)
    drag(thunderbird, "INBOX", "Suspicious")

    watch(home)
    await_that(lambda: states(home) == ["reported"])
    assert [lesson["kind"] for lesson in lessons(home)] == ["distrust"]

    assert home.run("restore", "1").returncode == 0
    assert [lesson["kind"] for lesson in lessons(home)] == ["trust"]
    assert (len(uids(thunderbird, "INBOX")), uids(thunderbird, "Suspicious")) == (1, [])


def test_two_computers(home: Home, other: Home, thunderbird: IMAPClient) -> None:
    """Both know of the mail that one of them moved; the user's release is learned, and neither moves it again."""
    watch(home)
    watch(other)
    thunderbird.append("INBOX", confirmed(suspicious=True))
    await_that(lambda: states(home) == states(other) == ["moved"])
    drag(thunderbird, "Suspicious", "INBOX")

    await_that(lambda: states(home) == states(other) == ["released"])
    assert [len(lessons(each)) for each in (home, other)] == [1, 1]
    thunderbird.append("INBOX", confirmed(suspicious=False))
    await_that(lambda: states(home) == states(other) == ["released", "clean"])
    assert len(uids(thunderbird, "INBOX")) == 2
    assert uids(thunderbird, "Suspicious") == []


def test_another_computers_move_is_no_report(home: Home, other: Home, thunderbird: IMAPClient) -> None:
    """What one Watcher moves by its lessons is not taken for a report by another, which judged it clean."""
    watch(home)
    watch(other)
    assert home.run("confirm", "1").returncode == 2, "there is no case yet"
    thunderbird.append("INBOX", confirmed(suspicious=False))
    await_that(lambda: states(home) == states(other) == ["clean"])
    other.age(minutes=5)
    assert home.run("confirm", "1").returncode == 0

    await_that(lambda: states(home) == ["reported"])
    thunderbird.append("INBOX", confirmed(suspicious=False, number=2))
    await_that(lambda: states(home) == ["reported", "moved"])
    await_that(lambda: len(states(other)) == 2)
    assert lessons(other) == []
