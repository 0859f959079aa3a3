"""`watcher setup` in a terminal: from an empty home to a moved mail, and whatever one may answer on the way."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime

import pexpect
import pytest
from imapclient import IMAPClient

from tests.kit.authorisation_server import AuthorisationServer
from tests.kit.consents import BROWSER
from tests.kit.daemon import await_that
from tests.kit.dovecot import PASSWORD, Dovecot
from tests.kit.house import hit
from tests.kit.newcomer import Newcomer, newcomer, options, watched
from watcher.demo.mails import inbox

__all__ = ["newcomer"]

pytestmark = [pytest.mark.systemd, pytest.mark.dbus, pytest.mark.keyring, pytest.mark.dovecot]

ENTER, SPACE, DOWN = "\r", " ", "\x1b[B"
SECRET = "not the password"
COMMENTED = """\
# What I watch.
[[accounts]] # at home
name = "home"
host = "127.0.0.1"
port = 1 # {port}?
tls = "none"
user = "{user}"
folders = ["INBOX"]
password = {{keyring = true}}

[notify] # quiet, please
backend = "log"
"""
NONE = "a"
"""In a list in which all is picked: what picks nothing."""


@pytest.fixture
def hanako(dovecot: Dovecot) -> Iterator[IMAPClient]:
    """The mailbox of the kept profile's owner, with some mail in it, six of which pose."""
    client = dovecot.client("hanako")
    for mail in inbox(datetime.now(UTC)):
        client.append("INBOX", mail.octets)
    yield client
    client.shutdown()


def answer(terminal: pexpect.spawn[str], question: str, *keys: str) -> None:
    """Wait for a question, and type."""
    terminal.expect_exact(question)
    for key in keys:
        terminal.send(key)


def count(client: IMAPClient, folder: str) -> int:
    """How many mails lie there."""
    return int(client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"])


def test_from_an_empty_home_to_a_moved_mail(newcomer: Newcomer, hanako: IMAPClient, dovecot: Dovecot) -> None:
    """One command asks what it has to know, forgives a wrong password, and from then on mail that poses is moved."""
    newcomer.use_thunderbird(dovecot.port)
    terminal = newcomer.sit_down("setup")

    answer(terminal, "Which of them shall be watched?", NONE, SPACE, ENTER)
    answer(terminal, "Password (not shown):", "wrong" + ENTER)
    terminal.expect_exact("refused the login")
    answer(terminal, "What now?", ENTER)
    answer(terminal, "Password (not shown):", PASSWORD + ENTER)
    terminal.expect_exact("The login works.")
    terminal.expect_exact("is in the key ring.")
    answer(terminal, "another account?", ENTER)
    answer(terminal, "the last 30 days", ENTER)
    terminal.expect_exact("Of 12 mails of the last 30 days, 6 would have been moved.")
    answer(terminal, "from now on?", ENTER)
    answer(terminal, "Start Watcher now", ENTER)
    terminal.expect_exact("Watcher is watching")
    terminal.expect(pexpect.EOF)
    terminal.close()

    assert terminal.exitstatus == 0
    assert newcomer.run("service", "status").returncode == 0
    hanako.append("INBOX", hit())
    await_that(lambda: hanako.folder_exists("Suspicious"), "nothing was moved")
    await_that(lambda: count(hanako, "Suspicious") == 1, "nothing was moved")
    assert count(hanako, "INBOX") == 12, "old mail was moved as well"


def test_running_it_again_changes_an_account(newcomer: Newcomer, dovecot: Dovecot, user: str) -> None:
    """The menu leads to another server for an account; comments in the file, and its other options, stay."""
    newcomer.write(COMMENTED.format(user=user, port=dovecot.port))
    terminal = newcomer.sit_down("setup", "--no-look-back", "--no-service")

    answer(terminal, "What would you like to do?", DOWN, ENTER)
    answer(terminal, "The IMAP server", ENTER)
    answer(terminal, "How is the connection protected?", ENTER)
    answer(terminal, "Its port", "\x15", str(dovecot.port), ENTER)
    answer(terminal, "The name to log in with", ENTER)
    answer(terminal, "Password (not shown):", PASSWORD + ENTER)
    terminal.expect_exact("is in the key ring.")
    answer(terminal, "What would you like to do?", DOWN, DOWN, DOWN, ENTER)
    terminal.expect_exact("To watch: watcher run")
    terminal.expect(pexpect.EOF)

    written = newcomer.config.read_text("utf-8")
    assert written == COMMENTED.format(user=user, port=dovecot.port).replace("port = 1 ", f"port = {dovecot.port} ")


def test_a_watcher_in_a_terminal_follows(newcomer: Newcomer, dovecot: Dovecot, user: str) -> None:
    """A daemon that is no service reads the configuration again, too."""
    command = ("--password-command", f"echo {PASSWORD}")
    assert newcomer.run("setup", *options(dovecot, f"{user}-1"), *command, "--name", "one").returncode == 0
    terminal = newcomer.sit_down("run")
    terminal.expect_exact("ready: accounts: 1")
    done = newcomer.run("setup", *options(dovecot, f"{user}-2"), *command, "--name", "two")

    assert "was told to read the configuration again" in done.stdout
    terminal.expect_exact("ready: accounts: 2")
    terminal.sendintr()
    terminal.expect(pexpect.EOF)


def test_ctrl_c_leaves_everything_as_it_was(newcomer: Newcomer) -> None:
    """Whoever breaks it off finds nothing changed, no traceback, and exit status 130."""
    terminal = newcomer.sit_down("setup")
    answer(terminal, "Your mail address:", "\x03")
    terminal.expect(pexpect.EOF)
    terminal.close()

    assert terminal.exitstatus == 130
    assert "Traceback" not in (terminal.before or "")
    assert not newcomer.config.exists()


def test_an_address_that_nobody_knows(newcomer: Newcomer, dovecot: Dovecot, user: str) -> None:
    """What would be asked of whom is said first; whoever would rather not says where the server is."""
    terminal = newcomer.sit_down("setup", "--no-look-back", "--no-service", "--ca-file", str(dovecot.certificates.ca))

    answer(terminal, "Your mail address:", f"{user}@nowhere.invalid" + ENTER)
    terminal.expect_exact("Your name server (DNS)")
    answer(terminal, "Ask them?", DOWN, ENTER)
    answer(terminal, "The IMAP server", dovecot.host + ENTER)
    answer(terminal, "How is the connection protected?", ENTER)
    answer(terminal, "Its port", "\x15", str(dovecot.tls_port), ENTER)
    answer(terminal, "The name to log in with", "\x15", user, ENTER)
    answer(terminal, "Password (not shown):", SECRET + ENTER)
    answer(terminal, "What now?", ENTER)
    answer(terminal, "Password (not shown):", PASSWORD + ENTER)
    terminal.expect_exact("The login works.")
    answer(terminal, "another account?", ENTER)
    answer(terminal, "from now on?", DOWN, DOWN, ENTER)
    terminal.expect(pexpect.EOF)

    assert tomllib.loads(newcomer.config.read_text("utf-8"))["watch"] == {"action": "observe"}


@pytest.mark.parametrize("device", [False, True], ids=["in the browser", "by a code"])
def test_consent_in_place_of_a_password(newcomer: Newcomer, user: str, device: bool) -> None:  # noqa: FBT001 - a row
    """With a client in the configuration setup asks for consent, and the daemon logs in by what was granted."""
    address = f"{user}@example.jp"
    with (
        AuthorisationServer(address) as authority,
        Dovecot(introspection=f"{authority.url}/introspect") as server,
    ):
        newcomer.write(authority.table())
        newcomer.browse_with(BROWSER.format(python=sys.executable))
        given = [*options(server, user), "--user", address, "--login", "oauth", "--client", "tests", "--service"]
        terminal = newcomer.sit_down("setup", *given, *(["--device"] if device else ["--no-look-back"]))
        if device:
            terminal.expect_exact("on any device and type WDJB-MJHT, within 10 minutes.")
        else:
            answer(terminal, "by a code?", ENTER)
        terminal.expect_exact("The login works.")
        answer(terminal, "another account?", ENTER)
        if device:
            answer(terminal, "the last 30 days", DOWN, ENTER)
        answer(terminal, "from now on?", ENTER)
        terminal.expect_exact("Watcher is watching")
        terminal.expect(pexpect.EOF)

        await_that(lambda: watched(newcomer) == {"example"}, "the account is not watched")
        (account,) = tomllib.loads(newcomer.config.read_text("utf-8"))["accounts"]
        assert account["password"] == {"oauth": "tests"}
