"""`watcher doctor` as a process: every reason why Watcher might not work, each with what mends it."""

from __future__ import annotations

import json
import os
import re
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.kit.commands import WORKING, Person
from tests.kit.dovecot import PASSWORD, Dovecot, dovecot

__all__ = ["dovecot"]

_users = count(1)


@pytest.fixture
def person(tmp_path: Path) -> Person:
    """Somebody with an empty home."""
    return Person(tmp_path / "home")


def configure(person: Person, server: Dovecot, **changes: str) -> None:
    """One account on that server; `changes` are lines of its table, by key."""
    options = {
        "name": '"home"',
        "host": json.dumps(server.host),
        "port": str(server.tls_port),
        "ca_file": json.dumps(str(server.certificates.ca)),
        "user": json.dumps(f"doctor{os.getpid()}-{next(_users)}"),
        "password": f'{{ command = ["echo", "{PASSWORD}"] }}',
    }
    table = [f"{key} = {value}" for key, value in (options | changes).items()]
    person.config.write_text("\n".join(['[notify]\nbackend = "log"\n[[accounts]]', *table, ""]))


def examine(person: Person, *arguments: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """The exit status, and each check by its name; every bad one says what mends it."""
    done = person.run("doctor", "--json", *arguments)
    checks = [json.loads(line) for line in done.stdout.splitlines()]
    for check in checks:
        assert check.keys() == {"name", "good", "finding", "mend"}
        assert check["finding"]
        assert check["good"] or check["mend"]
        assert PASSWORD not in "".join(map(str, check.values()))
    assert done.returncode == (0 if all(check["good"] for check in checks) else 1)
    return done.returncode, {check["name"]: check for check in checks}


def bad(checks: dict[str, dict[str, Any]]) -> dict[str, str]:
    """What is wrong: the name of each check, and its finding."""
    return {name: check["finding"] for name, check in checks.items() if not check["good"]}


# Without a server.


def test_an_empty_home(person: Person) -> None:
    """Without a configuration everything else is looked at all the same."""
    status, checks = examine(person)

    assert status == 1
    assert bad(checks).keys() == {"config"}
    assert {"brands", "ledger"} < checks.keys()


def test_every_mistake_of_the_configuration(person: Person) -> None:
    """All of them at once, one a line, by their key paths."""
    person.config.write_text('[watch]\ninterval = 5\ntypo = 1\n[[accounts]]\nname = "a"\nport = "x"\n')

    lines = person.run("doctor").stdout.splitlines()

    for path in ("watch.interval", "watch.typo", "accounts[0].host", "accounts[0].port", "accounts[0].user"):
        assert len([line for line in lines if line.startswith("✗") and path in line]) == 1


def test_a_brand_file_that_is_wrong(person: Person) -> None:
    """The user's own brands are looked at as well."""
    person.config.write_text(WORKING)
    (person.config.parent / "brands").mkdir()
    (person.config.parent / "brands" / "mine.toml").write_text("names = 3\n")

    _, checks = examine(person)

    assert "mine.toml" in bad(checks)["brands"]


def test_a_damaged_ledger(person: Person) -> None:
    """It is told, and the account is looked at all the same."""
    person.config.write_text(WORKING)
    (person.home / "state" / "watcher").mkdir()
    (person.home / "state" / "watcher" / "ledger.sqlite").write_bytes(b"garbage " * 1000)

    _, checks = examine(person)

    assert bad(checks).keys() == {"ledger", "login.elsewhere"}


def test_nobody_answers(person: Person) -> None:
    """A server that cannot be reached is one line, and nothing that builds on it is looked at."""
    person.config.write_text(WORKING)

    _, checks = examine(person)

    assert bad(checks).keys() == {"login.elsewhere"}
    assert "port" in checks["login.elsewhere"]["mend"]
    assert "folders.elsewhere" not in checks


@pytest.mark.parametrize(
    ("password", "mend"),
    [('{ command = ["false"] }', "password"), ('{ command = ["/nowhere/pass"] }', "password")],
)
def test_a_password_command_that_fails(person: Person, password: str, mend: str) -> None:
    """What mends it is the configuration, not the key ring; the server is not asked."""
    person.config.write_text(re.sub(r"^password.*$", f"password = {password}", WORKING, flags=re.MULTILINE))

    _, checks = examine(person)

    assert bad(checks).keys() == {"password.elsewhere"}
    assert mend in checks["password.elsewhere"]["mend"]
    assert "keyring" not in checks["password.elsewhere"]["mend"]


def test_a_key_ring_without_a_password(person: Person) -> None:
    """The command that puts it there is told."""
    person.config.write_text(re.sub(r"^password.*$", "", WORKING, flags=re.MULTILINE))

    _, checks = examine(person)

    assert checks["password.elsewhere"]["mend"] == "keyring set watcher/elsewhere taro"


def test_a_desktop_that_is_not_there(person: Person) -> None:
    """Asked to show a notice, it says that none can be shown."""
    person.config.write_text(WORKING.replace('backend = "none"', 'backend = "freedesktop"'))

    _, checks = examine(person, "--notify")

    assert "notifier" in bad(checks)
    assert "notify.backend" in checks["notifier"]["mend"]


@pytest.mark.parametrize("backend", ["auto", "log", "none"])
def test_a_trial_notice_without_a_desktop(person: Person, backend: str) -> None:
    """What needs no desktop can always tell, without buttons."""
    person.config.write_text(WORKING.replace('backend = "none"', f'backend = "{backend}"'))

    _, checks = examine(person, "--notify")

    assert checks["notifier"]["good"]
    assert "without buttons" in checks["notifier"]["finding"]


def test_it_speaks_japanese(person: Person) -> None:
    """A Japanese reader is told in Japanese, also what mends it."""
    lines = person.run("doctor", language="ja_JP.UTF-8").stdout.splitlines()

    assert lines
    assert all(re.search("[ぁ-んァ-ヺ]", line) for line in lines)


# With one.


@pytest.mark.dovecot
def test_all_is_well(person: Person, dovecot: Dovecot) -> None:
    """Exit status 0, and a line for each thing that was looked at."""
    configure(person, dovecot)

    status, checks = examine(person)

    assert (status, bad(checks)) == (0, {})
    assert list(checks) == [
        "config",
        "brands",
        "ledger",
        "notifier",
        "password.home",
        "login.home",
        "folders.home",
        "abilities.home",
    ]
    assert "Traceback" not in person.run("doctor", language="ja_JP.UTF-8").stderr


@pytest.mark.dovecot
def test_a_wrong_password(person: Person, dovecot: Dovecot) -> None:
    """The refused login is told, with the user and the password as the suspects."""
    configure(person, dovecot, password='{ command = ["echo", "wrong"] }')

    _, checks = examine(person)

    assert bad(checks).keys() == {"login.home"}
    assert "password" in checks["login.home"]["mend"]


@pytest.mark.dovecot
def test_missing_folders(person: Person, dovecot: Dovecot) -> None:
    """Every folder that is not there is named, those that are not."""
    configure(person, dovecot, folders='["INBOX", "Lists", "受信"]')

    _, checks = examine(person)

    assert bad(checks).keys() == {"folders.home"}
    assert "Lists, 受信" in checks["folders.home"]["finding"]
    assert "INBOX" not in checks["folders.home"]["finding"]


@pytest.mark.dovecot
def test_a_certificate_that_nobody_vouches_for(person: Person, dovecot: Dovecot) -> None:
    """A server with a certificate of its own needs `ca_file`, as the hint says."""
    configure(person, dovecot)
    person.config.write_text(re.sub(r"^ca_file.*$", "", person.config.read_text(), flags=re.MULTILINE))

    _, checks = examine(person)

    assert bad(checks).keys() == {"login.home"}
    assert "ca_file" in checks["login.home"]["mend"]


@pytest.mark.dovecot
def test_a_ca_file_without_certificates(person: Person, dovecot: Dovecot) -> None:
    """One account's wrong file is one line, and the other account is looked at."""
    (person.home / "empty.pem").write_text("")
    configure(person, dovecot)
    table = person.config.read_text().partition("[[accounts]]")[2].replace('"home"', '"other"')
    wrong = re.sub(r"^ca_file.*$", f'ca_file = "{person.home}/empty.pem"', table, flags=re.MULTILINE)
    person.config.write_text(f"[[accounts]]{wrong}{person.config.read_text()}")

    _, checks = examine(person)

    assert bad(checks).keys() == {"login.other"}
    assert checks["abilities.home"]["good"]
