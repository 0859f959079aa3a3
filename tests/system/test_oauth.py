"""The whole program with OAuth: from `watcher login` to moved mail, over the end of a token and of the consent."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.kit.authorisation_server import AuthorisationServer
from tests.kit.bus import PrivateBus, private_bus
from tests.kit.consents import BROWSER
from tests.kit.daemon import Home, await_that
from tests.kit.dovecot import Dovecot
from tests.kit.house import hit
from tests.kit.keyring_daemon import keyring_daemon

pytestmark = [pytest.mark.dovecot, pytest.mark.dbus, pytest.mark.keyring]

USER = "taro@example.jp"


class OAuthHome(Home):
    """A home whose account logs in by OAuth, with a key ring, and whose daemon lists what it imports."""

    bus: PrivateBus
    authority: AuthorisationServer

    @property
    def environment(self) -> dict[str, str]:
        """With the key ring's bus, and a browser."""
        own = super().environment
        address = {"DBUS_SESSION_BUS_ADDRESS": self.bus.address, "PYTHONPROFILEIMPORTTIME": "1"}
        return {**own, **address, "PATH": f"{self.folder}/bin:{own['PATH']}"}

    def prepare(self) -> None:
        """Configure the account, and put the browser where it is looked for."""
        self.configure([USER], password='{ oauth = "tests" }')
        self.config.write_text(self.config.read_text() + self.authority.table())
        browser = self.folder / "bin" / "xdg-open"
        browser.parent.mkdir()
        browser.write_text(BROWSER.format(python=sys.executable))
        browser.chmod(0o755)

    def imported(self) -> set[str]:
        """The top packages that the daemon has loaded since it was started."""
        lines = (line for line in self.log.read_text().splitlines() if line.startswith("import time:"))
        return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


@contextmanager
def oauth_home(folder: Path) -> Iterator[tuple[OAuthHome, Dovecot]]:
    """Such a home, with all that it needs."""
    with (
        private_bus() as bus,
        keyring_daemon(bus),
        AuthorisationServer(USER) as authority,
        Dovecot(introspection=f"{authority.url}/introspect") as dovecot,
    ):
        home = OAuthHome(folder, dovecot, [USER])
        home.bus, home.authority = bus, authority
        home.prepare()
        with home:
            yield home, dovecot


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[OAuthHome, Dovecot]]:
    """Such a home, and the mail server."""
    with oauth_home(tmp_path) as place:
        yield place


def words(done: subprocess.CompletedProcess[str]) -> str:
    """What a command said, without the list of its imports."""
    lines = (done.stdout + done.stderr).splitlines()
    return "\n".join(line for line in lines if not line.startswith("import time:"))


def test_over_the_end_of_a_token(place: tuple[OAuthHome, Dovecot]) -> None:
    """After consent the daemon moves mail, also when the server comes back after the token's end, and stays small."""
    home, dovecot = place
    home.authority.will.lifetime = 6
    done = home.run("login", USER)
    assert done.returncode == 0, words(done)
    home.start()
    with dovecot.client(USER) as client:
        moved(home, client, 1)
    dovecot.stop()
    time.sleep(6.5)
    dovecot.start()
    with dovecot.client(USER) as client:
        moved(home, client, 2)
    assert home.stop() == 0
    assert home.authority.grants("refresh_token") >= 2
    assert not home.authority.reused
    assert not home.imported() & {"authlib", "requests", "keyring", "cryptography", "urllib3"}
    assert "imapclient" in home.imported()
    assert not [secret for secret in home.authority.secrets() if secret in home.log.read_text()]


def moved(home: OAuthHome, client: IMAPClient, number: int) -> None:
    """Post a mail that poses as somebody else, once the account is watched, and wait until so many have been moved."""
    await_that(lambda: home.count(f"{USER}: watching INBOX") > 0, "the account is not watched")
    client.append("INBOX", hit(number))
    await_that(lambda: [case["state"] for case in home.cases()].count("moved") == number, "nothing is moved")


def test_withdrawn_consent(place: tuple[OAuthHome, Dovecot]) -> None:
    """The daemon tells of a withdrawn consent with the command that mends it, and goes on as soon as that was done."""
    home, dovecot = place
    assert home.run("login", USER).returncode == 0
    home.authority.withdraw()
    home.start()
    await_that(lambda: home.count(f"watcher login {USER}") > 0)
    assert f"watcher login {USER}" in words(home.run("status"))
    done = home.run("login", USER)
    assert done.returncode == 0, words(done)
    with dovecot.client(USER) as client:
        moved(home, client, 1)


def test_consent_by_a_code(place: tuple[OAuthHome, Dovecot]) -> None:
    """`login --device` shows the page and the code, and says so when it has what it needs."""
    home, _dovecot = place
    done = home.run("login", USER, "--device")
    assert done.returncode == 0, words(done)
    assert f"{home.authority.url}/activate" in done.stdout
    assert "WDJB-MJHT" in done.stdout
    assert f"Logged in at 127.0.0.1 as {USER}." in done.stdout
    assert not [secret for secret in home.authority.secrets() if secret in words(done)]


@pytest.mark.parametrize(
    ("language", "told"), [("en", "no access was given"), ("ja", "アクセスは許可されませんでした")]
)
def test_denied_consent(place: tuple[OAuthHome, Dovecot], language: str, told: str) -> None:
    """Who says no is told so in his own words, with exit status 2."""
    home, _dovecot = place
    home.authority.will.denies = "access_denied"
    home.desktop = {"LANG": f"{language}.UTF-8"}
    done = home.run("login", USER)
    assert done.returncode == 2
    assert told in words(done)
    await_that((home.folder / "bin" / "page").exists)
    page = (home.folder / "bin" / "page").read_text("utf-8")
    assert f'<html lang="{language}">' in page
    assert ("アクセスは許可されませんでした" in page) is (language == "ja")


def test_a_password_for_the_key_ring(place: tuple[OAuthHome, Dovecot]) -> None:
    """`login` tries a password before it keeps it: a wrong one is refused, the right one is there afterwards."""
    home, _dovecot = place
    home.configure([USER], password="{ keyring = true }")
    for password, status in (("wrong", 2), ("", 2), ("secret", 0)):
        done = subprocess.run(
            [sys.executable, "-m", "watcher", "--config", str(home.config), "login", USER, "--stdin"],
            input=f"{password}\n",
            env=home.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == status, words(done)
        checks = {check["name"]: check["good"] for check in home.ask("doctor") if check["name"].startswith("password")}
        assert checks == {f"password.{USER}": status == 0}


def test_login_needs_an_account_to_log_in(place: tuple[OAuthHome, Dovecot]) -> None:
    """An unknown account is told with those that there are, and a password from a command is not asked for."""
    home, _dovecot = place
    assert USER in words(home.run("login", "nobody"))
    home.configure([USER], password='{ command = ["true"] }')
    done = home.run("login", USER)
    assert done.returncode == 2
    assert "comes from a command" in words(done)
