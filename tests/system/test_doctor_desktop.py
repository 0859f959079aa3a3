"""What `watcher doctor` finds of the desktop: key ring, notices, and the service, each of them real."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.bus import PrivateBus, private_bus
from tests.kit.commands import WORKING
from tests.kit.doctor import Visitor, of_level
from tests.kit.dovecot import Dovecot, dovecot
from tests.kit.keyring_daemon import hung_key_ring, keyring_daemon
from tests.kit.notification_server import NotificationServer
from tests.kit.service_home import ServiceHome
from tests.kit.systemd_user import systemd_user
from watcher.vault.keyring import KeyringVault

__all__ = ["dovecot"]

IN_THE_RING = re.sub(r"^password.*$", "", WORKING, flags=re.MULTILINE)
PLAINTEXT = """
from keyring.backend import KeyringBackend
class PlaintextKeyring(KeyringBackend):
    priority = 1
    def get_password(self, service, username): pass
    def set_password(self, service, username, password): pass
    def delete_password(self, service, username): pass
"""

CLIENT = '[[oauth]]\nname = "microsoft"\nclient_id = "made-up"\n'


def account(name: str, password: str) -> str:
    """The table of an account that nobody answers for."""
    table = "[[accounts]]" + WORKING.partition("[[accounts]]")[2].replace("elsewhere", name)
    return re.sub(r"^password.*$", f"password = {password}", table, flags=re.MULTILINE)


@pytest.fixture
def bus() -> Iterator[PrivateBus]:
    """A session bus on which nobody is yet."""
    with private_bus() as running:
        yield running


@pytest.fixture
def person(tmp_path: Path, bus: PrivateBus) -> Visitor:
    """Somebody on that bus, whose password belongs into the key ring."""
    person = Visitor(tmp_path / "home", {"DBUS_SESSION_BUS_ADDRESS": bus.address})
    person.config.write_text(IN_THE_RING)
    return person


def configure_notices(person: Visitor, backend: str) -> None:
    """Let notices be shown by that back end."""
    person.config.write_text(WORKING.replace('backend = "none"', f'backend = "{backend}"'))


# The key ring.


@pytest.mark.dbus
@pytest.mark.keyring
def test_an_open_key_ring(person: Visitor, bus: PrivateBus) -> None:
    """It is named, and a password that is missing in it is the account's fault, which `watcher login` mends."""
    with keyring_daemon(bus):
        checks = person.examine()
        assert "SecretService" in checks["keyring"]["finding"]
        assert checks["keyring"]["level"] == "good"
        assert checks["password.elsewhere"]["mend"] == "watcher login elsewhere"

        KeyringVault("elsewhere", "taro", environment=bus.environment()).store("secret")
        assert person.examine()["password.elsewhere"]["good"]


@pytest.mark.dbus
@pytest.mark.keyring
def test_a_locked_key_ring(person: Visitor, bus: PrivateBus) -> None:
    """It is one line, however many accounts need it."""
    with keyring_daemon(bus):
        KeyringVault("elsewhere", "taro", environment=bus.environment()).store("secret")
    person.config.write_text(
        IN_THE_RING
        + IN_THE_RING.partition("[[accounts]]")[1]
        + IN_THE_RING.partition("[[accounts]]")[2].replace("elsewhere", "work")
    )
    with keyring_daemon(bus, locked=True):
        checks = person.examine()

    assert "locked" in of_level(checks)["keyring"]
    assert [name for name in checks if name.startswith("password")] == []


@pytest.mark.dbus
def test_no_key_ring(person: Visitor) -> None:
    """Where there is none the password has to come from elsewhere."""
    checks = person.examine()

    assert "no key ring" in of_level(checks)["keyring"]
    assert "command" in checks["keyring"]["mend"]
    assert "password.elsewhere" not in checks


@pytest.mark.dbus
def test_a_key_ring_that_hangs(person: Visitor, bus: PrivateBus) -> None:
    """It is waited for no longer than ten seconds."""
    with hung_key_ring(bus):
        begun = time.monotonic()
        checks = person.examine()

    assert "did not answer" in of_level(checks)["keyring"]
    assert time.monotonic() - begun < 20


def test_a_key_ring_that_keeps_no_secret(tmp_path: Path) -> None:
    """One that keeps passwords in plain text is not used, and is told."""
    (tmp_path / "rings.py").write_text(PLAINTEXT)
    chosen = {"PYTHONPATH": str(tmp_path), "PYTHON_KEYRING_BACKEND": "rings.PlaintextKeyring"}
    person = Visitor(tmp_path / "home", chosen)
    person.config.write_text(IN_THE_RING)

    assert "plain text" in of_level(person.examine())["keyring"]


def test_accounts_that_differ_in_what_will_do(tmp_path: Path) -> None:
    """A key ring in plain text is at fault only for those that do not want it, and only these are left out."""
    (tmp_path / "rings.py").write_text(PLAINTEXT)
    chosen = {"PYTHONPATH": str(tmp_path), "PYTHON_KEYRING_BACKEND": "rings.PlaintextKeyring"}
    person = Visitor(tmp_path / "home", chosen)
    person.config.write_text(
        CLIENT
        + account("safe", "{ keyring = true }")
        + account("content", "{ keyring = true, plaintext = true }")
        + account("granted", '{ oauth = "microsoft", plaintext = true }')
        + account("withheld", '{ oauth = "microsoft" }')
    )

    checks = person.examine()

    assert "plain text" in of_level(checks)["keyring"]
    assert checks["keyring.plaintext"]["good"]
    assert "has no password" in of_level(checks)["grant.granted"]
    assert "has no password" in of_level(checks)["password.content"]
    assert {"password.safe", "grant.withheld"}.isdisjoint(checks)


def test_a_grant_that_no_key_ring_keeps(tmp_path: Path) -> None:
    """Who logs in by OAuth is not told to let a command give the password."""
    (tmp_path / "rings.py").write_text(PLAINTEXT)
    chosen = {"PYTHONPATH": str(tmp_path), "PYTHON_KEYRING_BACKEND": "rings.PlaintextKeyring"}
    person = Visitor(tmp_path / "home", chosen)
    person.config.write_text(CLIENT + account("home", '{ oauth = "microsoft" }'))

    mend = person.examine()["keyring"]["mend"]

    assert 'password = { oauth = "microsoft", plaintext = true }' in mend
    assert "command" not in mend


@pytest.mark.dbus
def test_no_key_ring_of_either_kind(person: Visitor) -> None:
    """One cause is one line, also where it concerns accounts that differ."""
    person.config.write_text(
        account("safe", "{ keyring = true }") + account("content", "{ keyring = true, plaintext = true }")
    )

    assert len([name for name in person.examine() if name.startswith(("keyring", "password"))]) == 1


@pytest.mark.dbus
@pytest.mark.keyring
def test_access_that_nobody_has_given(person: Visitor, bus: PrivateBus) -> None:
    """An account by OAuth has a line of its own, and what mends it is to give consent."""
    grant = re.sub(r"^password.*$", 'password = { oauth = "microsoft" }', WORKING, flags=re.MULTILINE)
    person.config.write_text(f'[[oauth]]\nname = "microsoft"\nclient_id = "made-up"\n{grant}')
    with keyring_daemon(bus):
        checks = person.examine()

    assert checks["keyring"]["good"]
    assert checks["grant.elsewhere"]["mend"] == "watcher login elsewhere"
    assert not checks["grant.elsewhere"]["good"]


# Notices.


@pytest.mark.dbus
@pytest.mark.parametrize("backend", ["auto", "freedesktop"])
@pytest.mark.parametrize(("capabilities", "level"), [(["actions", "body"], "good"), (["body"], "warning")])
def test_a_notification_server(
    person: Visitor, bus: PrivateBus, backend: str, capabilities: list[str], level: str
) -> None:
    """It is named, and that it draws no buttons is told; a trial notice is shown only when asked for."""
    configure_notices(person, backend)
    with NotificationServer(bus.address, capabilities) as server:
        answer = person.examine()["notifier"]
        assert server.calls == []
        assert person.examine("--notify")["notifier"] == answer
        assert [call.summary for call in server.calls] == ["Watcher can show notices."]

    assert answer["level"] == level
    assert "Scripted 1.0" in answer["finding"]


@pytest.mark.dbus
@pytest.mark.parametrize(("backend", "level"), [("auto", "warning"), ("freedesktop", "bad"), ("plyer", "bad")])
def test_no_notification_server(person: Visitor, backend: str, level: str) -> None:
    """What falls back on the log works all the same; what was wished for by name does not."""
    configure_notices(person, backend)

    assert person.examine()["notifier"]["level"] == level
    assert person.examine("--notify")["notifier"]["level"] == level


@pytest.mark.dbus
@pytest.mark.parametrize(("backend", "words"), [("log", "only written into the log"), ("none", "No notices are shown")])
def test_notices_that_nobody_wants(person: Visitor, bus: PrivateBus, backend: str, words: str) -> None:
    """What the configuration asks for is said plainly, and no server is asked for anything."""
    configure_notices(person, backend)
    with NotificationServer(bus.address) as server:
        answer = person.examine("--notify")["notifier"]
        assert server.calls == []

    assert answer["level"] == "warning"
    assert words in answer["finding"]


# The service.


def test_no_service_manager(tmp_path: Path) -> None:
    """Where nothing can start it by itself, it is to be run by hand."""
    person = Visitor(tmp_path / "home")
    person.config.write_text(WORKING)

    checks = person.examine()

    assert checks["daemon"]["level"] == "bad"
    assert checks["daemon"]["mend"] == "watcher run"
    assert "service" not in checks


@pytest.mark.systemd
@pytest.mark.dbus
@pytest.mark.dovecot
def test_the_service(tmp_path: Path, dovecot: Dovecot) -> None:
    """Not installed, installed, not enabled, of another version, and stopped: each is told with what mends it."""
    with systemd_user() as manager, ServiceHome(tmp_path, dovecot, ["doctor-service"], manager) as home:

        def found() -> dict[str, tuple[str, str]]:
            checks = {check["name"]: check for check in home.ask("doctor")}
            return {
                name: (checks[name]["level"], checks[name]["mend"]) for name in ("daemon", "service") if name in checks
            }

        install = f"watcher --config {home.config} service install"
        assert found() == {"daemon": ("bad", install)}
        home.install()
        assert found() == {"daemon": ("good", ""), "service": ("good", "")}
        home.systemctl("disable", "watcher")
        home.systemctl("daemon-reload")
        assert found()["service"] == ("warning", install)
        home.systemctl("enable", "watcher")
        home.file.write_text(home.file.read_text().replace("Restart=", "#Restart="))
        home.systemctl("daemon-reload")
        assert found()["service"] == ("warning", install)
        home.systemctl("stop", "watcher")
        assert found()["daemon"] == ("bad", install)
