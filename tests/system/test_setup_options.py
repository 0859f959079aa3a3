"""`watcher setup` by options: nobody is asked, nothing is guessed, and what was mistyped is told."""

from __future__ import annotations

import stat
import tomllib

import pytest

from tests.kit.daemon import await_that
from tests.kit.dovecot import PASSWORD, Dovecot
from tests.kit.newcomer import Newcomer, newcomer, options, watched

__all__ = ["newcomer"]

pytestmark = [pytest.mark.systemd, pytest.mark.dbus, pytest.mark.keyring, pytest.mark.dovecot]

SECRET = "not the password"
PLAIN_RING = """
import json, pathlib
from keyring.backend import KeyringBackend
FILE = pathlib.Path(__file__).with_name("ring")
class PlaintextKeyring(KeyringBackend):
    priority = 1
    def _kept(self):
        return json.loads(FILE.read_text()) if FILE.exists() else {}
    def get_password(self, service, user):
        return self._kept().get(service + user)
    def set_password(self, service, user, password):
        FILE.write_text(json.dumps({**self._kept(), service + user: password}))
    def delete_password(self, service, user):
        FILE.write_text(json.dumps({key: kept for key, kept in self._kept().items() if key != service + user}))
"""
"""A key ring that anybody can read who has the file, as keyrings.alt brings one."""


def test_what_setup_leaves_behind(newcomer: Newcomer, dovecot: Dovecot, user: str) -> None:
    """The configuration is its owner's alone, and the password is nowhere but in the key ring."""
    done = newcomer.run("setup", *options(dovecot, user), "--password-stdin", typed=SECRET + "\n")

    assert done.returncode == 2
    assert not newcomer.config.exists(), "a login that was refused is no account"
    done = newcomer.run("setup", *options(dovecot, user), "--password-stdin", typed=PASSWORD + "\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert stat.S_IMODE(newcomer.config.stat().st_mode) == 0o600
    (account,) = tomllib.loads(newcomer.config.read_text("utf-8"))["accounts"]
    assert account == {
        "name": "example",
        "host": dovecot.host,
        "port": dovecot.tls_port,
        "user": user,
        "address": f"{user}@example.jp",
        "ca_file": str(dovecot.certificates.ca),
        "password": {"keyring": True},
    }
    looked = [check for check in newcomer.ask("doctor") if check["level"] == "bad" and check["name"] != "daemon"]
    assert not looked


def test_a_running_service_follows(newcomer: Newcomer, dovecot: Dovecot, user: str) -> None:
    """A second account is watched without a restart, and leaves again; with the last one the service goes, too."""
    first, second = f"{user}-1", f"{user}-2"
    for name in (first, second):
        more = ("--name", name, "--password-stdin", "--service")
        assert newcomer.run("setup", *options(dovecot, name), *more, typed=PASSWORD + "\n").returncode == 0
    await_that(lambda: watched(newcomer) == {first, second}, "the second account is not watched")

    assert newcomer.run("setup", "--remove", first, "--yes").returncode == 0
    await_that(lambda: watched(newcomer) == {second}, "the first account is still watched")
    assert newcomer.run("setup", "--remove", second, "--yes").returncode == 0
    assert newcomer.run("service", "status").returncode == 1
    gone = newcomer.run("setup", *options(dovecot, second), "--name", second, "--password-stdin", typed="\n")
    assert gone.returncode == 2, "the password was to be forgotten"


def test_a_command_for_the_password_stays(newcomer: Newcomer, dovecot: Dovecot, user: str) -> None:
    """What is not said otherwise stays as it was: where the password is, and other folders; what is said is changed."""
    given = ("setup", *options(dovecot, user))
    command = ("--password-command", f"echo {PASSWORD}")
    assert newcomer.run(*given, *command, "--folder", "INBOX", "--name", "home").returncode == 0
    assert newcomer.run(*given, "--suspicious-folder", "Odd").returncode == 0

    (account,) = tomllib.loads(newcomer.config.read_text("utf-8"))["accounts"]
    assert (account["name"], account["suspicious_folder"]) == ("home", "Odd")
    assert account["password"] == {"command": ["echo", PASSWORD]}


def test_another_way_leaves_no_password_behind(newcomer: Newcomer, dovecot: Dovecot, user: str) -> None:
    """An account whose password now comes from a command has none in the key ring any more."""
    given = ("setup", *options(dovecot, user))
    assert newcomer.run(*given, "--password-stdin", typed=PASSWORD + "\n").returncode == 0
    done = newcomer.run(*given, "--password-command", f"echo {PASSWORD}")

    assert done.returncode == 0
    assert "no longer in the key ring" in done.stdout


def test_a_client_is_no_ones_elsewhere(newcomer: Newcomer, dovecot: Dovecot, user: str) -> None:
    """What Google grants is never shown to another server, whatever was asked for."""
    newcomer.write('[[oauth]]\nname = "google"\nclient_id = "mine"\n')
    done = newcomer.run("setup", *options(dovecot, user), "--login", "oauth")

    assert done.returncode == 2
    assert "--login must be one of: password" in done.stderr


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("--password-command", "cat '"), "quotation mark"),
        (("--password-command", "false"), "exit status 1"),
        (("--ca-file", "missing.pem"), "does not exist"),
    ],
)
def test_mistakes_in_options(
    newcomer: Newcomer, dovecot: Dovecot, user: str, given: tuple[str, ...], words: str
) -> None:
    """What was mistyped is told in words, and nothing is written."""
    done = newcomer.run("setup", *options(dovecot, user), *given)

    assert done.returncode in {1, 2}
    assert words in done.stderr
    assert not newcomer.config.exists()


def test_a_relative_certificate(newcomer: Newcomer, dovecot: Dovecot, user: str) -> None:
    """A path is meant from where one is, and found again from anywhere."""
    (newcomer.folder / "own.pem").write_bytes(dovecot.certificates.ca.read_bytes())
    given = ("setup", *options(dovecot, user), "--ca-file", "own.pem", "--password-stdin")

    assert newcomer.run(*given, typed=PASSWORD + "\n").returncode == 0
    (account,) = tomllib.loads(newcomer.config.read_text("utf-8"))["accounts"]
    assert account["ca_file"] == str(newcomer.folder / "own.pem")


def test_removing_needs_a_word(newcomer: Newcomer, dovecot: Dovecot, user: str) -> None:
    """A script removes nothing without --yes."""
    command = ("--password-command", f"echo {PASSWORD}", "--name", "home")
    assert newcomer.run("setup", *options(dovecot, user), *command).returncode == 0
    done = newcomer.run("setup", "--remove", "home")

    assert done.returncode == 2
    assert "--yes is needed" in done.stderr
    assert 'name = "home"' in newcomer.config.read_text("utf-8")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((), "--address is needed"),
        (("--address", "taro"), "no mail address"),
        (("--address", "taro@nowhere.invalid"), "--host is needed"),
        (("--address", "taro@gmail.com"), "--password-stdin is needed"),
        (("--address", "taro@gmail.com", "--login", "password"), "--login must be one of: app-password, oauth"),
        (("--address", "taro@gmail.com", "--login", "oauth"), "--client-id is needed"),
        (("--address", "t@x.jp", "--host", "a b", "--user", "t", "--password-stdin"), "accounts[0].host: must be"),
        (("--remove", "home"), "There is no account “home”"),
    ],
)
def test_a_script_is_told_what_it_lacks(newcomer: Newcomer, given: tuple[str, ...], words: str) -> None:
    """Without a terminal nobody is asked, nothing of the network, and nothing is written."""
    done = newcomer.run("setup", *given)

    assert done.returncode == 2
    assert words in done.stderr
    assert not newcomer.config.exists() or "accounts" not in newcomer.config.read_text("utf-8")


def test_a_key_ring_in_plain_text(newcomer: Newcomer, dovecot: Dovecot, user: str) -> None:
    """It is refused before the password is asked for, unless it is wished, and then by all commands alike."""
    newcomer.have_plain_key_ring(PLAIN_RING)
    given = ("setup", *options(dovecot, user), "--password-stdin")
    refused = newcomer.run(*given, typed=PASSWORD + "\n")

    assert (refused.returncode, newcomer.config.exists()) == (2, False)
    assert "plain text" in refused.stderr
    assert newcomer.run(*given, "--plaintext", typed=PASSWORD + "\n").returncode == 0
    assert next(each for each in newcomer.ask("doctor") if each["name"] == "login.example")["level"] == "good"
    assert newcomer.run("login", "example", "--stdin", typed=PASSWORD + "\n").returncode == 0
    assert newcomer.run("setup", "--remove", "example", "--yes").returncode == 0
    assert PASSWORD not in (newcomer.folder / "ring").read_text()


def test_a_password_may_come_from_a_command(newcomer: Newcomer, dovecot: Dovecot, user: str) -> None:
    """Then it is tried, and the key ring never sees it."""
    command = f"echo {PASSWORD}"
    done = newcomer.run("setup", *options(dovecot, user), "--password-command", command, "--action", "notify")

    assert (done.returncode, done.stderr) == (0, "")
    written = tomllib.loads(newcomer.config.read_text("utf-8"))
    assert written["accounts"][0]["password"] == {"command": ["echo", PASSWORD]}
    assert written["watch"] == {"action": "notify"}


def test_accounts_of_thunderbird_are_listed(newcomer: Newcomer, dovecot: Dovecot) -> None:
    """A script can ask what there is, one JSON object a line."""
    newcomer.use_thunderbird(dovecot.port)
    listed = newcomer.ask("setup", "--list", plain=True)

    assert [each["host"] for each in listed][:2] == ["127.0.0.1", "imap.gmail.com"]
    assert listed[1]["ways"] == ["app-password", "oauth"]


def test_a_server_that_cannot_be_reached(newcomer: Newcomer) -> None:
    """A script ends with status 1, since it may be tried again; nothing is written."""
    given = ("--address", "t@example.jp", "--host", "127.0.0.1", "--port", "1", "--tls", "none", "--user", "t")
    done = newcomer.run("setup", *given, "--password-stdin", typed="x\n")

    assert done.returncode == 1
    assert not newcomer.config.exists()
