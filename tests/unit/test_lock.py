"""One ledger, one daemon."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.daemon import await_that
from watcher.errors import TransientError
from watcher.lock import Lock


def test_only_one_holds_it(tmp_path: Path) -> None:
    """While it is held nobody else gets it, and nobody waits."""
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")

    assert first.acquire()
    assert not second.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()


def test_letting_go_of_nothing_is_no_error(tmp_path: Path) -> None:
    """A lock that was never held, or let go of already, can be let go of."""
    lock = Lock(tmp_path / "lock")
    lock.release()
    lock.acquire()
    lock.release()
    lock.release()

    assert Lock(tmp_path / "lock").acquire()


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    """Nobody else can hold the lock and so keep the daemon from starting."""
    lock = Lock(tmp_path / "lock")
    lock.acquire()

    assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600
    lock.release()


def test_it_ends_with_its_process(tmp_path: Path) -> None:
    """A daemon that was killed leaves no lock behind."""
    path = tmp_path / "lock"
    program = "import sys, pathlib; from watcher.lock import Lock\n"
    program += "lock = Lock(pathlib.Path(sys.argv[1])); print(lock.acquire(), flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        lock = Lock(path)
        assert not lock.acquire()
        holder.kill()

    await_that(lock.acquire)
    lock.release()


def test_commands_do_not_inherit_it(tmp_path: Path) -> None:
    """What the daemon starts (a password command) does not hold the lock after the daemon has ended."""
    lock = Lock(tmp_path / "lock")
    lock.acquire()
    command = [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, close_fds=False) as child:
        assert child.stdout is not None
        child.stdout.readline()
        lock.release()

        assert Lock(tmp_path / "lock").acquire()
        child.kill()


def test_where_no_file_can_be_made_it_is_waited_for(tmp_path: Path) -> None:
    """What keeps the file from being opened, such as a full disk, may pass."""
    with pytest.raises(TransientError, match="cannot be opened"):
        Lock(tmp_path / "gone" / "lock").acquire()
