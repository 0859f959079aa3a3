"""How a command reaches the running daemon."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.kit.daemon import await_that
from watcher.daemon.control import NAME, ControlSocket, ask
from watcher.daemon.waiter import Waiter
from watcher.errors import TransientError, UserError


def answer(request: str) -> Mapping[str, Any]:
    """Says what was asked."""
    if request == "bug":
        raise RuntimeError("a mistake of ours")
    return {"asked": request}


@contextmanager
def served(directory: Path) -> Iterator[Path]:
    """A daemon's end that answers for as long as the context lasts; gives its directory."""
    control, waiter = ControlSocket(directory, answer), Waiter()

    def serve() -> None:
        try:
            control.serve()
        finally:
            waiter.watch(control.fileno(), serve)

    waiter.watch(control.fileno(), serve)
    waiter.start()
    try:
        yield directory
    finally:
        waiter.stop()
        control.close()


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    """The directory of a daemon that answers."""
    with served(tmp_path / "watcher") as directory:
        yield directory


@contextmanager
def caller(directory: Path) -> Iterator[socket.socket]:
    """A caller of any kind."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(20)
        connection.connect(str(directory / NAME))
        yield connection


@pytest.mark.parametrize("request_", ["wake", "status", "お荷物", "", "x" * 10_000])
def test_a_request_is_answered(directory: Path, request_: str) -> None:
    """One line there, one line of JSON back."""
    assert ask(directory, request_) == {"asked": request_}


def test_many_callers(directory: Path) -> None:
    """Each gets the answer to what he asked, whoever else asks at the same time."""
    answers: list[dict[str, Any]] = []
    threads = [threading.Thread(target=lambda n=n: answers.append(ask(directory, f"{n}"))) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(each["asked"] for each in answers) == sorted(str(n) for n in range(8))


@pytest.mark.parametrize(
    "octets",
    [b"", b"\n", b"\xff\xfe\x00\n", b"status", b"status\nwake\nstatus\n", b"GET / HTTP/1.1\r\n\r\n", b"x" * 1_000_000],
    ids=["nothing", "an empty line", "no UTF-8", "no line's end", "several lines", "another protocol", "a megabyte"],
)
def test_garbage_harms_nobody(directory: Path, octets: bytes) -> None:
    """Whatever a caller sends, the next one is answered."""
    with caller(directory) as connection, suppress(OSError):
        connection.sendall(octets)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1 << 16)

    assert ask(directory, "status") == {"asked": "status"}


def test_a_caller_who_hangs_up_harms_nobody(directory: Path) -> None:
    """Nobody waits for an answer any more, and the next caller gets his."""
    for _ in range(3):
        with caller(directory) as connection:
            connection.sendall(b"status\n")

    assert ask(directory, "status") == {"asked": "status"}


def trickle(connection: socket.socket) -> bool:
    """Send one octet, and wait a little; whether the daemon is still there."""
    try:
        connection.sendall(b"x")
        return connection.recv(1) != b""
    except TimeoutError:
        return True
    except OSError:
        return False


def test_a_slow_caller_cannot_block_for_ever(directory: Path) -> None:
    """Who sends one octet after the other, and never a whole line, is left after a few seconds."""
    began = time.monotonic()
    with caller(directory) as connection:
        connection.settimeout(0.5)
        while trickle(connection):
            assert time.monotonic() - began < 15

    assert ask(directory, "status") == {"asked": "status"}


def test_a_slow_caller_holds_nobody_up(directory: Path) -> None:
    """While one trickles, another says nothing and a third does not take his answer, everybody else is answered."""
    with caller(directory) as slow, caller(directory) as silent, caller(directory) as deaf:
        slow.sendall(b"sta")
        deaf.sendall(b"status\n" * 100)
        began = time.monotonic()
        for number in range(20):
            assert ask(directory, f"{number}") == {"asked": f"{number}"}
        assert time.monotonic() - began < 2
        slow.sendall(b"tus\n")
        assert slow.recv(4096) == b'{"asked": "status"}\n'
        silent.sendall(b"late\n")
        assert silent.recv(4096) == b'{"asked": "late"}\n'


def test_a_thousand_callers(directory: Path) -> None:
    """Who connects a thousand times and says nothing takes no more than some descriptors, and nobody's turn."""
    with ExitStack() as silent:
        before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - pathlib would open one more
        kept = [silent.enter_context(caller(directory)) for _ in range(200)]
        for _ in range(800):
            with caller(directory):
                pass
        assert ask(directory, "status") == {"asked": "status"}
        assert len(os.listdir("/proc/self/fd")) - before <= len(kept) + 70  # noqa: PTH208 - alike


def test_a_caller_who_makes_room_as_he_speaks(tmp_path: Path) -> None:
    """Who is left for a newcomer in the very moment in which he says something harms nobody."""
    control = ControlSocket(tmp_path, answer)
    callers = [socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) for _ in range(80)]
    for number, caller in enumerate(callers):
        caller.connect(str(tmp_path / NAME))
        if number == 63:  # as many as are listened to at a time
            control.serve()
    callers[0].sendall(b"half a")

    control.serve()
    callers[-1].sendall(b"status\n")
    control.serve()

    assert json.loads(callers[-1].recv(1000)) == {"asked": "status"}
    control.close()
    for caller in callers:
        caller.close()


def test_another_user_is_not_answered() -> None:
    """Even where folder and socket would let him in, another user is left without a word; only root can try that."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        with served(Path(name)) as directory:
            (directory / NAME).chmod(0o666)
            for stranger in [65534] if os.getuid() == 0 else []:
                assert heard_by(stranger, directory) == b""
            assert heard_by(os.getuid(), directory) == b'{"asked": "status"}\n'


def heard_by(user: int, directory: Path) -> bytes:
    """What another process hears that runs as that user."""
    read, write = os.pipe()
    if not (child := os.fork()):
        try:
            os.setresuid(user, user, user)
            with caller(directory) as connection:
                connection.sendall(b"status\n")
                os.write(write, connection.recv(4096))
        finally:  # whatever has happened: nothing else of the tests may go on here
            os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with os.fdopen(read, "rb") as pipe:
        return pipe.read()


def test_a_bug_in_an_answer_harms_nobody(directory: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The caller is told that there is no answer, the log says why, and the next caller gets his."""
    with pytest.raises(TransientError):
        ask(directory, "bug")

    assert ask(directory, "status") == {"asked": "status"}
    assert "RuntimeError: a mistake of ours" in caplog.text


def test_only_its_owner_can_open_it(directory: Path) -> None:
    """Directory and socket let nobody else in."""
    assert directory.stat().st_mode & 0o777 == 0o700
    assert (directory / NAME).stat().st_mode & 0o777 == 0o600


def test_a_stale_socket_is_replaced(tmp_path: Path) -> None:
    """What a killed daemon left behind keeps no new one from answering."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as killed:
        killed.bind(str(tmp_path / NAME))
    assert (tmp_path / NAME).exists()

    with served(tmp_path):
        assert ask(tmp_path, "status") == {"asked": "status"}


def test_the_socket_goes_with_the_daemon(tmp_path: Path) -> None:
    """Afterwards nobody answers, and nothing lies in the directory."""
    with served(tmp_path):
        pass

    assert list(tmp_path.iterdir()) == []
    with pytest.raises(TransientError, match="does not answer"):
        ask(tmp_path, "status")


def test_a_daemon_that_hangs_is_told_from_none(tmp_path: Path) -> None:
    """A command does not wait for ever for a daemon that accepts nothing."""
    control = ControlSocket(tmp_path, answer)
    failures: list[Exception] = []

    def call() -> None:
        try:
            ask(tmp_path, "status")
        except TransientError as failure:
            failures.append(failure)

    began = time.monotonic()
    thread = threading.Thread(target=call)
    thread.start()
    await_that(lambda: bool(failures))
    control.close()
    thread.join(10)

    assert time.monotonic() - began < 15


def test_a_path_too_long_for_a_socket_is_told(tmp_path: Path) -> None:
    """Where the system allows no socket the user is told in words, and a command finds no daemon."""
    deep = tmp_path.joinpath("d" * 60, "e" * 60)

    with pytest.raises(UserError, match="cannot be used"):
        ControlSocket(deep, answer)
    with pytest.raises(TransientError):
        ask(deep, "status")
