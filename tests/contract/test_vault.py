"""What `ports.Vault` promises, held against every back end, and what the simple ones promise besides."""

from __future__ import annotations

import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.bus import PrivateBus
from tests.kit.keyring_daemon import keyring_daemon
from tests.kit.vaults import SECRET, key_ring, told, wait_for_end
from watcher.errors import TransientError, UserError, WatcherError
from watcher.ports import Vault
from watcher.vault.command import CommandVault
from watcher.vault.memory import MemoryVault
from watcher.vault.systemd import CredentialVault

KEYRING = [pytest.mark.dbus, pytest.mark.keyring]
ALL = ["memory", "command", "systemd", pytest.param("keyring", marks=KEYRING)]

PRINT = "import sys; sys.stdout.buffer.write({0!r}.encode())"


def printing(text: str) -> tuple[str, ...]:
    """A command that prints a text."""
    return (sys.executable, "-c", PRINT.format(text))


@pytest.fixture
def full(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vault]:
    """The vault that the test's parameter names, with `SECRET` in it."""
    match request.param:
        case "memory":
            yield MemoryVault(SECRET)
        case "command":
            yield CommandVault(printing(SECRET + "\nuser: taro\n"))
        case "systemd":
            (tmp_path / "imap-home").write_text(SECRET + "\n", encoding="utf-8")
            yield CredentialVault("imap-home", {"CREDENTIALS_DIRECTORY": str(tmp_path)})
        case _:
            bus: PrivateBus = request.getfixturevalue("bus")
            with keyring_daemon(bus):
                vault = key_ring(bus)
                vault.store(SECRET)
                yield vault


@pytest.fixture
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vault]:
    """The vault that the test's parameter names, with nothing in it."""
    match request.param:
        case "memory":
            yield MemoryVault(None)
        case "command":
            yield CommandVault(printing("\nthe second line"))
        case "systemd":
            yield CredentialVault("imap-home", {"CREDENTIALS_DIRECTORY": str(tmp_path)})
        case _:
            bus: PrivateBus = request.getfixturevalue("bus")
            with keyring_daemon(bus):
                yield key_ring(bus)


# What every back end promises.


@pytest.mark.parametrize("full", ALL, indirect=True)
def test_gives_the_secret(full: Vault) -> None:
    """The password comes out as it was put in, to the last space, as often as it is asked for."""
    assert full.secret() == SECRET
    assert full.secret() == SECRET


@pytest.mark.parametrize("empty", ALL, indirect=True)
def test_nothing_there_is_the_users_to_mend(empty: Vault) -> None:
    """A vault without the password says so, and is not asked again by itself."""
    with pytest.raises(UserError):
        empty.secret()


@pytest.mark.parametrize("full", ALL, indirect=True)
def test_a_vault_shows_nothing(full: Vault) -> None:
    """What a log or a debugger prints of a vault does not hold its secret."""
    full.secret()
    assert "hünter2" not in f"{full!r} {full!s}"


@pytest.mark.parametrize("full", ALL, indirect=True)
def test_a_refused_password_stays_the_same(full: Vault) -> None:
    """Asking again after a refusal gives no other password, and the vault says so."""
    assert not full.refuse(full.secret())
    assert full.secret() == SECRET


# A command.


@pytest.mark.parametrize(
    ("printed", "secret"),
    [("one\ntwo\n", "one"), ("one\r\ntwo", "one"), ("no line break", "no line break"), (" \t\n", " \t")],
)
def test_the_first_line_is_the_password(printed: str, secret: str) -> None:
    """The first line counts, without its line break, whatever follows."""
    assert CommandVault(printing(printed)).secret() == secret


def test_no_shell_reads_the_command() -> None:
    """Arguments reach the program as they are."""
    assert CommandVault(("printf", "%s", "$(id) *; `id` \\ $HOME")).secret() == "$(id) *; `id` \\ $HOME"


def test_a_command_reads_no_input() -> None:
    """A command that asks on its standard input finds it empty, instead of taking the daemon's."""
    script = "from watcher.vault.command import CommandVault; CommandVault(('cat',)).secret()"
    done = subprocess.run([sys.executable, "-c", script], input=b"typed", capture_output=True, check=False, timeout=20)
    assert b"UserError" in done.stderr


@pytest.mark.parametrize(
    ("argv", "kind"),
    [
        (("/nonexistent/program",), UserError),
        (("/etc/passwd",), UserError),
        (("/etc",), UserError),
        (("printf", "a\0b"), UserError),
        (("printf", "\\377\\376\\n"), UserError),
        (("true",), UserError),
        (("false",), TransientError),
        (("sh", "-c", "kill -9 $$"), TransientError),
    ],
)
def test_commands_that_give_nothing(argv: tuple[str, ...], kind: type[WatcherError]) -> None:
    """What can never work is the user's to mend; what ran and failed may work later."""
    with pytest.raises(kind) as problem:
        CommandVault(argv).secret()
    assert argv[0] in str(problem.value) or argv == ("printf", "a\0b")


def test_no_command_at_all() -> None:
    """An empty command is refused when the vault is made."""
    with pytest.raises(UserError):
        CommandVault(())


@pytest.mark.parametrize(
    "script",
    [
        "echo hünter2; echo wrong: hünter2 >&2; exit 3",
        "echo hünter2; echo hünter2 >&2; sleep 60",
        "exec /nonexistent/hünter2",
    ],
)
def test_a_failing_command_gives_nothing_away(script: str) -> None:
    """Neither its arguments nor what it printed can be read in the error or its traceback."""
    with pytest.raises(TransientError) as problem:
        CommandVault(("sh", "-c", script), patience=0.3).secret()
    assert "hünter2" not in told(problem.value)


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    """The time allowed holds even when a grandchild keeps the pipe open, and the grandchild is gone afterwards."""
    note = tmp_path / "pid"
    start = time.monotonic()
    with pytest.raises(TransientError, match="within"):
        CommandVault(("sh", "-c", f"sleep 60 & echo $! > {note}; wait"), patience=0.5).secret()
    assert time.monotonic() - start < 2
    wait_for_end(int(note.read_text()))


def test_a_command_that_never_stops_printing() -> None:
    """Output without end is not gathered: the command is ended as soon as that cannot be a password any more."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.monotonic()
    with pytest.raises(UserError, match="yes prints much more"):
        CommandVault(("yes", SECRET)).secret()
    assert time.monotonic() - start < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 10_000, "kilobytes"


def test_a_command_that_closes_its_output() -> None:
    """Who has printed the password and stays has the time allowed, and no more."""
    with pytest.raises(TransientError, match="within"):
        CommandVault(("sh", "-c", "echo hünter2; exec >&-; sleep 60"), patience=0.5).secret()


def test_a_command_is_handed_nothing() -> None:
    """It inherits no open file but its output, not even one that is meant to be inherited, and no terminal."""
    files = "[fd for fd in range(64) if os.path.exists(f'/proc/self/fd/{fd}')]"
    script = f"import os; print({files}, os.getsid(0) == os.getpid())"
    with socket.socketpair()[0] as mine:
        mine.set_inheritable(True)
        assert CommandVault((sys.executable, "-c", script)).secret() == "[0, 1, 2] True"


# A credential of systemd.


@pytest.mark.parametrize("name", ["", ".", "..", "../imap-home", "/etc/passwd", "folder", "broken", "empty"])
def test_credentials_that_are_none(tmp_path: Path, name: str) -> None:
    """A name that leads elsewhere, a folder, no text and nothing are the user's to mend."""
    folder = tmp_path / "credentials"
    (folder / "folder").mkdir(parents=True)
    (tmp_path / "imap-home").write_text("elsewhere")
    (folder / "broken").write_bytes(b"\xff\xfe")
    (folder / "empty").write_text("\n")
    with pytest.raises(UserError) as problem:
        CredentialVault(name, {"CREDENTIALS_DIRECTORY": str(folder)}).secret()
    assert str(folder) not in str(problem.value)


def test_credentials_outside_a_service() -> None:
    """Without a unit that gives credentials, the error says which line of the unit would."""
    with pytest.raises(UserError, match="LoadCredential=imap-home"):
        CredentialVault("imap-home", {}).secret()
