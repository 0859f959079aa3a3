"""What the key ring's vault promises besides: with a real key ring, a hung one, and back ends of every temper."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kit.bus import PrivateBus
from tests.kit.keyring_daemon import hung_key_ring, keyring_daemon
from tests.kit.vaults import SECRET, key_ring, runs, told, wait_for_end
from watcher.errors import TransientError, UserError, WatcherError
from watcher.vault.keyring import KeyringVault


@pytest.mark.dbus
@pytest.mark.keyring
def test_storing_and_forgetting(bus: PrivateBus) -> None:
    """What is stored is given back until it is replaced or forgotten, each account for itself."""
    with keyring_daemon(bus):
        vault = key_ring(bus)
        other = KeyringVault("work", "taro@example.jp", environment=bus.environment())
        vault.store("first")
        vault.store(SECRET)
        other.store("another")
        assert (vault.secret(), other.secret()) == (SECRET, "another")
        vault.forget()
        with pytest.raises(UserError):
            vault.secret()
        with pytest.raises(UserError):
            vault.forget()
        assert other.secret() == "another"


@pytest.mark.dbus
@pytest.mark.keyring
def test_the_error_names_the_command_that_helps(bus: PrivateBus) -> None:
    """Without a password the error names the command that asks for it and stores it."""
    with keyring_daemon(bus), pytest.raises(UserError, match="`watcher login home`"):
        key_ring(bus).secret()


@pytest.mark.dbus
@pytest.mark.keyring
def test_a_locked_key_ring_may_open_later(bus: PrivateBus) -> None:
    """A locked key ring is not waited for, says that it is locked, and gives the password once it is open."""
    vault = key_ring(bus)
    with keyring_daemon(bus):
        vault.store(SECRET)
    with keyring_daemon(bus, locked=True):
        start = time.monotonic()
        with pytest.raises(TransientError, match="locked"):
            vault.secret()
        assert time.monotonic() - start < 5
    with keyring_daemon(bus):
        assert vault.secret() == SECRET


@pytest.mark.dbus
@pytest.mark.keyring
def test_describes_the_key_ring(bus: PrivateBus) -> None:
    """`describe` names the back end for `doctor`."""
    with keyring_daemon(bus):
        assert key_ring(bus).describe() == "SecretService Keyring"


@pytest.mark.dbus
@pytest.mark.parametrize("work", [KeyringVault.secret, KeyringVault.describe, KeyringVault.forget])
def test_no_key_ring(bus: PrivateBus, work: Callable[[KeyringVault], object]) -> None:
    """Where no key ring is, nor can be started, the user has to choose something else."""
    with pytest.raises(UserError, match="no key ring"):
        work(key_ring(bus))


def test_no_session_bus(tmp_path: Path) -> None:
    """Without a session bus there is no key ring either."""
    vault = KeyringVault("home", "taro", environment={"HOME": str(tmp_path)})
    with pytest.raises(UserError, match="no key ring"):
        vault.secret()


@pytest.mark.dbus
def test_a_hung_key_ring(bus: PrivateBus) -> None:
    """A key ring that never answers costs the time that was allowed, each time, and no process is left behind."""
    vault = key_ring(bus, patience=1.0)
    with hung_key_ring(bus):
        for work in (vault.secret, vault.secret, vault.forget):
            start = time.monotonic()
            with pytest.raises(TransientError, match="did not answer within 1 seconds"):
                work()
            assert time.monotonic() - start < 2.5
        assert vault._open is not None
        pid = vault._open._child.pid
        vault.close()
        vault.close()
    assert not runs(pid)


HANG = """
import sys
from watcher.errors import TransientError
from watcher.vault.keyring import KeyringVault
vault = KeyringVault("home", "taro", patience=0.5)
try:
    vault.secret()
except TransientError:
    print(vault._open._child.pid)
"""


@pytest.mark.dbus
def test_a_hung_key_ring_does_not_keep_the_process(bus: PrivateBus) -> None:
    """A process whose request still hangs ends when it likes, and the request's child ends with it."""
    with hung_key_ring(bus):
        start = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-c", HANG], env=bus.environment(), capture_output=True, text=True, timeout=20, check=True
        )
        assert time.monotonic() - start < 3
        wait_for_end(int(done.stdout))


# The key ring, by back ends that are made for the test and chosen the way that users choose them.

BACKENDS = """
import pathlib, sys, time
from keyring.backend import KeyringBackend

class Good(KeyringBackend):
    priority = 1
    def get_password(self, service, username):
        print("chatter"); print("chatter", file=sys.stderr)
        return f"{service} {username}"
    def set_password(self, service, username, password): pass
    def delete_password(self, service, username): pass

class PlaintextKeyring(Good): pass

class Slow(Good):
    def get_password(self, service, username):
        with open("asked", "a") as asked:
            asked.write("x")
        while not pathlib.Path("unlocked").exists():
            time.sleep(0.01)
        return "at last"

class Empty(Good):
    def get_password(self, service, username):
        return None

class Unready(Good):
    priority = property(lambda self: 1 / 0)

class Leaky(Good):
    def get_password(self, service, username):
        raise ValueError("h\\u00fcnter2")
    def set_password(self, service, username, password):
        raise ValueError("cannot store " + password)

class Fatal(Good):
    def get_password(self, service, username):
        import os
        os._exit(3)

class NotViable(Good):
    class Priority:
        def __get__(self, instance, owner):
            raise RuntimeError("the service is not running")
    priority = Priority()
"""


@pytest.fixture
def chosen(tmp_path: Path) -> Callable[..., KeyringVault]:
    """A vault whose back end is that of the given name."""
    (tmp_path / "rings.py").write_text(
        BACKENDS.replace('"asked"', repr(str(tmp_path / "asked"))).replace(
            '"unlocked"', repr(str(tmp_path / "unlocked"))
        )
    )

    def choose(name: str, *, plaintext: bool = False, patience: float = 10.0) -> KeyringVault:
        environment = {"PYTHONPATH": str(tmp_path), "PYTHON_KEYRING_BACKEND": name, "HOME": str(tmp_path)}
        return KeyringVault("home", "taro", plaintext=plaintext, patience=patience, environment=environment)

    return choose


def test_a_back_end_that_talks(chosen: Callable[..., KeyringVault]) -> None:
    """Service and user are what the documentation says, and what a back end prints is not taken for the password."""
    assert chosen("rings.Good").secret() == "watcher/home taro"


def test_plain_text_only_when_allowed(chosen: Callable[..., KeyringVault]) -> None:
    """A back end that keeps passwords in plain text is neither read nor written, unless that was allowed."""
    careful = chosen("rings.PlaintextKeyring")
    for work in (careful.secret, careful.describe, careful.forget, lambda: careful.store(SECRET)):
        with pytest.raises(UserError, match="plain text"):
            work()
    assert chosen("rings.PlaintextKeyring", plaintext=True).secret() == "watcher/home taro"


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("rings.Empty", TransientError, "locked, or has no password"),
        ("rings.NotViable", TransientError, "not ready"),
        ("rings.Leaky", TransientError, "ValueError"),
        ("rings.Fatal", TransientError, "not ready"),
        ("rings.Missing", UserError, "cannot be loaded"),
        ("missing.Ring", UserError, "cannot be loaded"),
        ("nonsense", UserError, "cannot be loaded"),
        ("keyring.backends.fail.Keyring", UserError, "no key ring"),
        ("keyring.backends.null.Keyring", UserError, "no key ring"),
    ],
)
def test_back_ends_that_give_nothing(
    chosen: Callable[..., KeyringVault], name: str, kind: type[WatcherError], words: str
) -> None:
    """What may pass by itself is tried again; what only the user can mend is said to the user."""
    with pytest.raises(kind, match=words) as problem:
        chosen(name).secret()
    assert "hünter2" not in told(problem.value)


def test_a_failing_store_gives_nothing_away(chosen: Callable[..., KeyringVault]) -> None:
    """A back end that names the password in its own error does not get it into ours."""
    with pytest.raises(TransientError) as problem:
        chosen("rings.Leaky").store(SECRET)
    assert "hünter2" not in told(problem.value)


def test_a_prompt_is_opened_once(chosen: Callable[..., KeyringVault], tmp_path: Path) -> None:
    """While a key ring waits to be unlocked, later calls wait for the same request, and then get its answer."""
    vault = chosen("rings.Slow", patience=0.7)
    for _ in range(2):
        with pytest.raises(TransientError):
            vault.secret()
    (tmp_path / "unlocked").touch()
    assert vault.secret() == "at last"
    assert (tmp_path / "asked").read_text() == "x"


def test_the_library_stays_outside(chosen: Callable[..., KeyringVault]) -> None:
    """The libraries for key rings are loaded by the child alone, since memory once taken is not given back."""
    assert chosen("rings.Good").secret()
    script = "import sys, watcher.vault.keyring; print(*(m for m in ('keyring', 'cryptography') if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=20)
    assert done.stdout.strip() == ""


def test_nothing_in_the_working_folder_is_run(tmp_path: Path) -> None:
    """A file that happens to be called like a library, where the daemon was started, is not taken for it."""
    (tmp_path / "keyring.py").write_text("open('ran', 'w')")
    script = "from watcher.vault.keyring import KeyringVault; KeyringVault('home', 'taro').secret()"
    command = [sys.executable, "-P", "-c", script]
    done = subprocess.run(command, cwd=tmp_path, env={"HOME": str(tmp_path)}, capture_output=True, check=False)
    assert b"no key ring" in done.stderr
    assert not (tmp_path / "ran").exists()
