"""`watcher service` and the unit that it writes, in a real user manager of systemd, against Dovecot."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.kit.bus import PrivateBus
from tests.kit.daemon import Home, await_that
from tests.kit.dovecot import Dovecot
from tests.kit.house import hit, wanted
from tests.kit.keyring_daemon import keyring_daemon
from tests.kit.notification_server import NotificationServer
from tests.kit.service_home import UNIT, ServiceHome
from tests.kit.systemd_user import systemd_user
from watcher.vault.keyring import KeyringVault

PROBE = """
import errno, ctypes, json, mmap, os, socket, subprocess, sys
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    if getattr(libc, name)(*arguments):
        raise OSError(ctypes.get_errno(), name)
def tried(work):
    try:
        work()
    except OSError as error:
        return errno.errorcode[error.errno]
    return ""
print("secret")
found = {
    "a namespace": tried(lambda: call("unshare", 0x10000000)),
    "a packet socket": tried(lambda: socket.socket(17, socket.SOCK_RAW)),
    "a set-user-ID file": tried(lambda: os.chmod(__file__, 0o4700)),
    "a mount": tried(lambda: call("mount", b"none", b"/tmp", b"tmpfs", 0, None)),
    "which addresses there are": tried(lambda: socket.if_nameindex() + socket.getaddrinfo("localhost", 993)),
    "code made as it runs": tried(lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)),
    "a child": tried(lambda: subprocess.run(["true"], check=True)),
}
with open(sys.argv[1], "w") as file:
    json.dump(found, file)
"""
"""A password command that notes which calls are refused to it."""

pytestmark = [pytest.mark.systemd, pytest.mark.dbus, pytest.mark.dovecot]


@pytest.fixture(scope="module")
def manager() -> Iterator[PrivateBus]:
    """The bus of a user manager."""
    with systemd_user() as bus:
        yield bus


@pytest.fixture
def home(tmp_path: Path, dovecot: Dovecot, user: str, manager: PrivateBus) -> Iterator[ServiceHome]:
    """That user's home, with Watcher configured and no service yet."""
    with ServiceHome(tmp_path, dovecot, [user], manager) as home:
        yield home


@pytest.fixture
def watching(home: ServiceHome) -> ServiceHome:
    """The same with the service, and the mailbox watched."""
    home.install()
    await_that(lambda: home.count("watching INBOX") == 1)
    return home


def count(mailbox: IMAPClient, folder: str) -> int:
    """How many mails lie there."""
    return int(mailbox.select_folder(folder, readonly=True)[b"EXISTS"]) if mailbox.folder_exists(folder) else 0


def standing(home: Home) -> dict[str, object]:
    """What `watcher service status --json` says."""
    (found,) = home.ask("service", "status")
    return found


# From the command line.


def test_from_nothing_to_a_moved_mail(home: ServiceHome, mailbox: IMAPClient) -> None:
    """One command installs the service, and mail that arrives then is moved or left, attachments looked into."""
    before = home.run("service", "status")
    done = home.run("service", "install")

    assert (before.returncode, "is not installed as a service" in before.stdout) == (1, True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Watcher runs, and starts by itself from now on.")
    await_that(lambda: home.count("watching INBOX") == 1)
    for mail in (wanted(), hit()):
        mailbox.append("INBOX", mail)
    await_that(lambda: count(mailbox, "Suspicious") == 1)
    await_that(lambda: len(home.cases()) == 2)
    assert count(mailbox, "INBOX") == 1
    assert {"program_attached"} <= {reason["detector"] for case in home.cases() for reason in case["reasons"]}


def test_status(watching: ServiceHome) -> None:
    """People and programs are told how the service is, by what systemd knows of it, and exit status 0 says it runs."""
    done = watching.run("service", "status")

    assert done.returncode == 0
    assert "Watcher runs since" in done.stdout
    found = standing(watching)
    assert str(found.pop("since")).endswith("+00:00")
    assert str(found.pop("status")).endswith("of 1 accounts")
    assert found == {
        "manager": "systemd",
        "installed": True,
        "current": True,
        "enabled": True,
        "active": True,
        "failed": False,
        "lingering": None,  # there is no logind here
        "restarts": 0,
    }


def test_installing_again(watching: ServiceHome) -> None:
    """A second time the same is done again: the same file for all to read, and a new process."""
    former, text = watching.pid, watching.file.read_text()
    watching.install()

    assert (watching.file.read_text(), watching.file.stat().st_mode & 0o777) == (text, 0o644)
    assert watching.pid not in {0, former}


def test_uninstalling(watching: ServiceHome) -> None:
    """Nothing of the service is left, all of the user's own is, and a second time there is nothing to do."""
    done = watching.run("service", "uninstall")
    again = watching.run("service", "uninstall")

    assert (done.returncode, again.returncode) == (0, 0)
    assert str(watching.config) in done.stdout
    assert "was not installed" in again.stdout
    assert [path.name for path in watching.units.rglob("*") if path.is_symlink() or path.is_file()] == ["test.conf"]
    assert watching.show("ActiveState") == "inactive"
    assert watching.config.exists()
    assert watching.cases() == []


def test_a_file_that_was_changed_by_hand(watching: ServiceHome) -> None:
    """The user's own changes to the file stay, and he is told of the drop-in, until he asks to replace them."""
    changed = watching.file.read_text().replace("MemoryMax=512M", "MemoryMax=1G")
    watching.file.write_text(changed)
    watching.systemctl("daemon-reload")
    refused = watching.run("service", "install")

    assert refused.returncode == 2
    assert "systemctl --user edit watcher" in refused.stderr
    assert watching.file.read_text() == changed
    assert standing(watching)["current"] is False
    assert watching.run("service", "install", "--replace").returncode == 0
    assert standing(watching)["current"] is True


def test_a_masked_unit(home: ServiceHome) -> None:
    """A unit that the user has masked is not unmasked in passing."""
    home.systemctl("mask", UNIT)
    refused = home.run("service", "install")

    assert refused.returncode == 2
    assert home.file.readlink() == Path("/dev/null")


@pytest.mark.parametrize("folder", ["my mail's", "100% $HOME", '"quoted" \\x41;', "日本語"])
def test_the_path_of_the_program(home: ServiceHome, tmp_path: Path, folder: str) -> None:
    """Whatever the path of the program holds, systemd starts that program with that configuration."""
    (tmp_path / folder).mkdir()
    home.config = home.config.rename(tmp_path / folder / "config $x %n.toml")
    home.set_program(tmp_path / folder / "bin" / "watcher")
    home.install()

    words = Path(f"/proc/{home.pid}/cmdline").read_text().split("\0")
    assert words[-5:] == [str(home.program), "--config", str(home.config), "run", ""]


def test_a_folder_that_systemd_does_not_know(home: ServiceHome, tmp_path: Path) -> None:
    """Where the shell's XDG_CONFIG_HOME is not the user manager's, that is said, and no file is left."""
    home.desktop = {"XDG_CONFIG_HOME": str(tmp_path / "elsewhere")}
    done = home.run("service", "install")

    assert done.returncode == 2
    assert "XDG_CONFIG_HOME" in done.stderr
    assert [path for path in (tmp_path / "elsewhere").rglob("*") if path.is_file()] == []


# What systemd does for it.


def test_a_crash(watching: ServiceHome, mailbox: IMAPClient) -> None:
    """A daemon that is killed is started again, and finds what has arrived since."""
    watching.signal(signal.SIGKILL)
    mailbox.append("INBOX", hit())

    await_that(lambda: count(mailbox, "Suspicious") == 1)
    assert standing(watching)["restarts"] == 1
    assert "started again 1 time" in watching.run("service", "status").stdout


def test_a_hang(home: ServiceHome, mailbox: IMAPClient) -> None:
    """A daemon that gives no sign of life any more is ended by the watchdog and started again."""
    home.drop_in("[Service]\nWatchdogSec=1s\n", "watchdog")
    home.install()
    await_that(lambda: home.count("watching INBOX") == 1)
    home.signal(signal.SIGSTOP)
    mailbox.append("INBOX", hit())

    await_that(lambda: count(mailbox, "Suspicious") == 1)
    assert home.show("NRestarts") == "1"


def test_a_new_configuration(watching: ServiceHome, user: str) -> None:
    """A reload takes a good configuration over and leaves a bad one, in the same process."""
    pid, good = watching.pid, watching.config.read_text()
    await_that(lambda: watching.show("StatusText") == "watching 1 of 1 accounts")
    watching.config.write_text(good.replace("[watch]", "[wacth]"))
    assert watching.systemctl("reload", UNIT).returncode == 0
    await_that(lambda: watching.count("the configuration is kept as it was") == 1)
    await_that(lambda: "kept as it was" in watching.show("StatusText"))
    watching.config.write_text(good.replace(f'name = "{user}"', 'name = "renamed"'))
    assert watching.systemctl("reload", UNIT).returncode == 0
    await_that(lambda: watching.count("renamed: watching INBOX") == 1)
    await_that(lambda: watching.show("StatusText") == "watching 1 of 1 accounts")

    assert (watching.pid, watching.show("ActiveState")) == (pid, "active")


def test_what_a_person_has_to_mend(watching: ServiceHome) -> None:
    """A daemon whose configuration is bad is not started over and over, and the commands say what to do."""
    watching.config.write_text("[wacth]\n")
    assert watching.systemctl("restart", UNIT).returncode != 0

    assert [watching.show(key) for key in ("ActiveState", "ExecMainStatus", "NRestarts")] == ["failed", "2", "0"]
    told = watching.run("service", "status")
    assert (told.returncode, "is down after a fault" in told.stdout) == (1, True)
    refused = watching.run("service", "install")
    assert (refused.returncode, "wacth" in refused.stderr) == (2, True)


def test_one_that_runs_already(home: ServiceHome) -> None:
    """Where somebody runs Watcher by hand, installing says that this may be why the service does not start."""
    home.start()
    done = home.run("service", "install")

    assert done.returncode == 2
    assert "it is running already (watcher status)" in done.stderr
    assert home.stop() == 0


def test_stopping(home: ServiceHome, tmp_path: Path) -> None:
    """It ends when asked to, by its own will and with success."""
    note = f'sh -c "echo $SERVICE_RESULT $EXIT_CODE $EXIT_STATUS > {tmp_path}/ended"'
    home.drop_in(f"[Service]\nExecStopPost=:{note}\n", "note")
    home.install()
    assert home.systemctl("stop", UNIT).returncode == 0

    assert (tmp_path / "ended").read_text() == "success exited 0\n"
    assert home.show("ActiveState") == "inactive"


# What it can do there, and what it cannot.


def test_a_credential(home: ServiceHome, user: str, manager: PrivateBus) -> None:
    """A password from LoadCredential= in a drop-in opens the mailbox."""
    (manager.folder / "imap-home").write_text("secret\n")
    home.drop_in("[Service]\nLoadCredential=imap-home:%h/imap-home\n", "credential")
    home.configure([user], password='{ credential = "imap-home" }')
    home.install()

    await_that(lambda: home.count("watching INBOX") == 1)


@pytest.mark.keyring
def test_a_key_ring(home: ServiceHome, user: str, manager: PrivateBus) -> None:
    """A password from the key ring of that session opens the mailbox: the child that asks for it works there."""
    environ = {**manager.environment(), "XDG_RUNTIME_DIR": str(manager.folder / "run")}
    with keyring_daemon(manager):
        KeyringVault(user, user, environment=environ).store("secret")
        home.configure([user], password="{ keyring = true }")
        home.install()

        await_that(lambda: home.count("watching INBOX") == 1)


def test_a_notice(home: ServiceHome, user: str, manager: PrivateBus, mailbox: IMAPClient) -> None:
    """A notice reaches the desktop from within the service, and its button takes the mail back."""
    home.desktop = {}  # the service finds the bus by itself
    home.configure([user])
    with NotificationServer(manager.address) as desktop:
        home.install()
        await_that(lambda: home.count("watching INBOX") == 1)
        mailbox.append("INBOX", hit())
        await_that(lambda: bool(desktop.calls), "no notice is shown")
        desktop.press(desktop.calls[-1], desktop.calls[-1].keys[0])

        await_that(lambda: (count(mailbox, "INBOX"), count(mailbox, "Suspicious")) == (1, 0))


def test_its_confinement(watching: ServiceHome) -> None:
    """The kernel holds the daemon: no new privileges, filtered system calls, no core file, files for itself alone."""
    found = watching.proc()

    assert (found["NoNewPrivs"], found["Seccomp"], found["Umask"]) == ("1", "2", "0077")
    limits = Path(f"/proc/{watching.pid}/limits").read_text()
    (core,) = [line.split()[4:6] for line in limits.splitlines() if line.startswith("Max core file size")]
    assert core == ["0", "0"]


def test_what_children_may_do(home: ServiceHome, user: str, tmp_path: Path) -> None:
    """The unit's prohibitions hold for a password command too, and leave it what such programs need."""
    program = tmp_path / "probe.py"
    program.write_text(PROBE)
    command = [sys.executable, str(program), str(tmp_path / "found")]
    home.configure([user], password=f"{{ command = {json.dumps(command)} }}")
    home.install()
    await_that(lambda: home.count("watching INBOX") == 1)

    assert json.loads((tmp_path / "found").read_text()) == {
        "a namespace": "EPERM",
        "a packet socket": "EAFNOSUPPORT",
        "a set-user-ID file": "EPERM",
        "a mount": "EPERM",
        "which addresses there are": "",
        "code made as it runs": "",
        "a child": "",
    }


# Where there is none.


@pytest.mark.parametrize("command", ["install", "uninstall", "status"])
def test_without_a_user_manager(tmp_path: Path, dovecot: Dovecot, user: str, command: str) -> None:
    """Without one it is said in words that there is none, with exit status 2 and no traceback."""
    home = Home(tmp_path, dovecot, [user])
    done = home.run("service", command)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("watcher: No systemd answers for this user")
    assert len(done.stderr.splitlines()) == 1
