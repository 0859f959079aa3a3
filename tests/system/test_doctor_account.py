"""What `watcher doctor` finds on the way to a server and behind its login: against Dovecot."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.kit.daemon import Home, await_that
from tests.kit.doctor import Visitor, of_level
from tests.kit.dovecot import HOST, Dovecot, dovecot
from tests.kit.imap_servers import ScriptedServer
from watcher.store.ledger import open_ledger

__all__ = ["dovecot"]

pytestmark = pytest.mark.dovecot
BEHIND = {"login.home", "folders.home", "suspicious.home", "abilities.home", "trash.home"}
"""What cannot be looked at without a login."""


@pytest.fixture
def person(tmp_path: Path) -> Visitor:
    """Somebody with an empty home."""
    return Visitor(tmp_path / "home")


@pytest.fixture
def silent() -> Iterator[int]:
    """A port where calls are taken and nothing is said."""
    with closing(socket.create_server((HOST, 0))) as listener:
        yield listener.getsockname()[1]


# The network.


def test_a_name_that_nobody_bears(person: Visitor, dovecot: Dovecot) -> None:
    """That a name cannot be resolved is told, and nothing behind it."""
    person.configure(dovecot, host='"imap.nowhere.invalid"')

    checks = person.examine()

    assert of_level(checks).keys() == {"network.home", "daemon"}
    assert "imap.nowhere.invalid cannot be resolved" in checks["network.home"]["finding"]
    assert checks["password.home"]["good"], "which has nothing to do with it"
    assert BEHIND.isdisjoint(checks)


def test_a_port_where_nobody_listens(person: Visitor, dovecot: Dovecot) -> None:
    """A refused connection is told apart from a name that is wrong."""
    person.configure(dovecot, port="1")

    checks = person.examine()

    assert of_level(checks).keys() == {"network.home", "daemon"}
    assert "refuses connections at port 1" in checks["network.home"]["finding"]
    assert "port" in checks["network.home"]["mend"]


def test_a_server_that_says_nothing(person: Visitor, dovecot: Dovecot, silent: int) -> None:
    """Silence is told apart from a refusal, after ten seconds."""
    person.configure(dovecot, port=str(silent), tls='"starttls"')

    assert "Nobody answers" in of_level(person.examine())["network.home"]


# TLS.


@pytest.mark.parametrize(
    ("left", "level", "words"),
    [(timedelta(days=-1), "bad", "has expired"), (timedelta(days=5), "warning", "in 4 days")],
)
def test_a_certificate_that_ends(person: Visitor, left: timedelta, level: str, words: str) -> None:
    """One that has expired keeps everybody out, and one that soon will is told beforehand."""
    with Dovecot(until=datetime.now(UTC) + left) as server:
        person.configure(server)
        checks = person.examine()

    assert checks["tls.home"]["level"] == level
    assert words in checks["tls.home"]["finding"]
    assert checks["network.home"]["good"]
    assert ("login.home" in checks) is (level == "warning")


def test_a_certificate_for_another_name(person: Visitor) -> None:
    """It is told apart from the others, since it is "host" that has to be corrected."""
    with Dovecot(names=["mail.example"]) as server:
        person.configure(server)
        checks = person.examine()

    assert "another name" in of_level(checks)["tls.home"]
    assert "“host”" in checks["tls.home"]["mend"]


def test_a_certificate_that_nobody_vouches_for(person: Visitor, dovecot: Dovecot) -> None:
    """A server with an authority of its own needs `ca_file`."""
    person.configure(dovecot, ca_file="")

    checks = person.examine()

    assert of_level(checks).keys() == {"tls.home", "daemon"}
    assert "does not know" in checks["tls.home"]["finding"]
    assert "“ca_file”" in checks["tls.home"]["mend"]


def test_a_ca_file_without_certificates(person: Visitor, dovecot: Dovecot) -> None:
    """One account's wrong file is one line, and the other account is looked at."""
    (person.home / "empty.pem").write_text("")
    person.configure(dovecot)
    table = person.config.read_text().partition("[[accounts]]")[2].replace('"home"', '"other"')
    wrong = re.sub(r"^ca_file.*$", f'ca_file = "{person.home}/empty.pem"', table, flags=re.MULTILINE)
    person.config.write_text(f"[[accounts]]{wrong}{person.config.read_text()}")

    checks = person.examine()

    assert of_level(checks).keys() == {"tls.other", "daemon"}
    assert checks["login.home"]["good"]


@pytest.mark.parametrize(("tls", "is_safe"), [("starttls", True), ("implicit", False)])
def test_a_port_for_the_other_kind_of_tls(person: Visitor, dovecot: Dovecot, tls: str, is_safe: bool) -> None:  # noqa: FBT001 - a column of the table
    """At the port for STARTTLS that is well, and TLS from the first octet is not."""
    person.configure(dovecot, port=str(dovecot.port), tls=json.dumps(tls))

    checks = person.examine()

    assert checks["tls.home"]["good"] is is_safe
    assert re.search(r"TLSv1\.[23]" if is_safe else "speaks no TLS", checks["tls.home"]["finding"])


# The login.


@pytest.mark.parametrize("password", ['{ command = ["false"] }', '{ command = ["/nowhere/pass"] }'])
def test_a_password_command_that_fails(person: Visitor, dovecot: Dovecot, password: str) -> None:
    """What mends it is the configuration, and nobody tries to log in."""
    person.configure(dovecot, password=password)

    checks = person.examine()

    assert of_level(checks).keys() == {"password.home", "daemon"}
    assert str(person.config) in checks["password.home"]["mend"]
    assert BEHIND.isdisjoint(checks)


def test_a_credential_that_only_the_service_has(person: Visitor, dovecot: Dovecot) -> None:
    """Outside of the service nothing can be said of it, and so nothing bad either."""
    person.configure(dovecot, password='{ credential = "imap-home" }')

    checks = person.examine()

    assert checks["password.home"]["level"] == "warning"
    assert BEHIND.isdisjoint(checks)


def test_a_wrong_password(person: Visitor, dovecot: Dovecot) -> None:
    """The refused login is told, and what comes behind it left out."""
    person.configure(dovecot, password='{ command = ["echo", "wrong"] }')

    checks = person.examine()

    assert of_level(checks).keys() == {"login.home", "daemon"}
    assert "refused the login" in checks["login.home"]["finding"]
    assert (BEHIND - {"login.home"}).isdisjoint(checks)


# Folders.


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"LIST": b"{tag} NO not for you\r\n"}, "not for you"),
        ({"LIST": b'* LIST () "/" Suspicious\r\n{tag} OK done\r\n', "LSUB": b"{tag} NO nor this\r\n"}, "nor this"),
        ({"LIST": b"{tag} NO [UNAVAILABLE] later\r\n"}, "later"),
    ],
)
def test_a_server_that_says_no(person: Visitor, dovecot: Dovecot, answers: dict[str, bytes], words: str) -> None:
    """What a server refuses behind the login is one line, and all that has nothing to do with it is looked at."""
    with ScriptedServer(answers) as server:
        person.configure(dovecot, port=str(server.port), tls='"none"', ca_file="")
        checks = person.examine()

    assert of_level(checks).keys() == {"mailbox.home", "daemon"}
    assert words in checks["mailbox.home"]["finding"]
    assert ("wait a little" in checks["mailbox.home"]["mend"]) is (words == "later")
    assert checks["folders.home"]["good"]
    assert "notifier" in checks


def test_missing_folders(person: Visitor, dovecot: Dovecot) -> None:
    """Every folder that is not there is named, those that are not."""
    person.configure(dovecot, folders='["INBOX", "Lists", "受信"]')

    checks = person.examine()

    assert of_level(checks).keys() == {"folders.home", "daemon"}
    assert "Lists, 受信" in checks["folders.home"]["finding"]
    assert "INBOX" not in checks["folders.home"]["finding"]


@pytest.mark.parametrize(
    ("steps", "level", "words"),
    [
        ((), "good", "when it is first needed"),
        (("create_folder",), "warning", "not subscribed"),
        (("create_folder", "subscribe_folder"), "good", "is there"),
    ],
)
def test_the_folder_for_suspicious_mail(
    person: Visitor, dovecot: Dovecot, steps: tuple[str, ...], level: str, words: str
) -> None:
    """Not there yet, there but hidden, and as it should be; the doctor makes none itself."""
    person.configure(dovecot, user='"folders"', suspicious_folder=f'"S{len(steps)}"')
    with dovecot.client("folders") as client:
        for step in steps:
            getattr(client, step)(f"S{len(steps)}")

        checks = person.examine()

        assert client.folder_exists(f"S{len(steps)}") is bool(steps)
    assert checks["suspicious.home"]["level"] == level
    assert words in checks["suspicious.home"]["finding"]


def test_a_folder_that_is_the_junk_folder(person: Visitor) -> None:
    r"""A folder that the server marks with \Junk may be emptied by it."""
    junk = "namespace inbox {\n mailbox Suspicious {\n auto = subscribe\n special_use = \\Junk\n}\n}\n"
    with Dovecot(more=junk) as server:
        person.configure(server)
        checks = person.examine()

    assert checks["suspicious.home"]["level"] == "warning"
    assert "junk folder" in checks["suspicious.home"]["finding"]


def test_a_server_with_all_abilities(person: Visitor) -> None:
    """With a folder for deleted mail nothing is lacking on Dovecot, and one line says so."""
    more = "namespace inbox {\n mailbox Trash {\n auto = subscribe\n special_use = \\Trash\n}\n}\n"
    with Dovecot(more=more) as server:
        person.configure(server)
        checks = person.examine()

    assert checks["abilities.home"]["good"]
    assert "trash.home" not in checks


@pytest.mark.parametrize(("domains", "level"), [(4, "warning"), (5, "good")])
def test_who_vouches(person: Visitor, dovecot: Dovecot, domains: int, level: str) -> None:
    """Ten mails from five domains, as the sentence says, teach whom to believe, and fewer do not."""
    (person.home / "state" / "watcher").mkdir(mode=0o700)
    with closing(open_ledger(person.home / "state" / "watcher" / "ledger.sqlite")) as store:
        for number in range(10):
            store.note_authserv("home", "mx.example", f"d{number % domains}.example")
    person.configure(dovecot)

    answer = person.examine()["authserv.home"]

    assert answer["level"] == level
    assert ("mx.example" if level == "good" else "10 mails from 5 domains teach it; so far: 10 from 4") in answer[
        "finding"
    ]


# The running daemon.


def test_beside_the_daemon(tmp_path: Path, dovecot: Dovecot) -> None:
    """Its last look at the account is told, an account that it does not know too, and it goes on."""
    home = Home(tmp_path, dovecot, ["doctor-daemon"])
    with home:
        home.start()
        await_that(lambda: home.count("watching INBOX") == 1)
        checks = {check["name"]: check for check in home.ask("doctor")}
        assert checks["daemon"]["good"]
        assert "within the last minute" in checks["sweep.doctor-daemon"]["finding"]

        home.configure(["doctor-daemon", "doctor-new"])
        checks = {check["name"]: check for check in home.ask("doctor")}
        assert "does not know" in of_level(checks)["sweep.doctor-new"]
        assert home.process is not None
        assert checks["sweep.doctor-new"]["mend"] == f"kill -HUP {home.process.pid}"
        assert home.stop() == 0


def test_mail_from_the_future(person: Visitor, dovecot: Dovecot) -> None:
    """A newest mail that came later than now, by the server's clock, makes ours doubtful."""
    with dovecot.client("future") as client:
        client.append("INBOX", b"Subject: later\r\n\r\n", (), datetime.now(UTC) + timedelta(hours=1))
    person.configure(dovecot, user='"future"')

    assert "the clock here is slow" in of_level(person.examine(), "warning")["clock.home"]
