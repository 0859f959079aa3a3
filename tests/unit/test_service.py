"""What systemd is told (sd_notify(3))."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from watcher.daemon.service import Service


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """A manager that listens, and the address that it gives its services."""
    address = str(tmp_path / "notify") if request.param == "path" else f"@watcher-{os.getpid()}-{tmp_path.name}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(address.replace("@", "\0", 1))
        listener.settimeout(10)
        yield listener, address


def test_each_message(manager: tuple[socket.socket, str]) -> None:
    """Each word reaches the manager as the datagram that sd_notify(3) describes, at either kind of address."""
    listener, address = manager
    service = Service({"NOTIFY_SOCKET": address})

    service.ready("watching 0 of 1 accounts")
    service.status("watching 1 of 1 accounts")
    service.alive()
    service.reloading()
    service.stopping()

    assert [listener.recv(4096).decode() for _ in range(5)] == [
        "READY=1\nSTATUS=watching 0 of 1 accounts",
        "STATUS=watching 1 of 1 accounts",
        "WATCHDOG=1",
        "RELOADING=1",
        "STOPPING=1",
    ]


def test_without_a_manager_nothing_happens() -> None:
    """Started by hand there is nobody to tell, and no heartbeat is wanted."""
    service = Service({"WATCHDOG_USEC": "1000000"})

    service.ready("ready")
    service.alive()

    assert service.heartbeat is None


def test_a_manager_that_is_gone_is_no_error(manager: tuple[socket.socket, str]) -> None:
    """Nobody hears it, and the daemon goes on."""
    listener, address = manager
    listener.close()

    Service({"NOTIFY_SOCKET": address}).alive()


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"WATCHDOG_USEC": "90000000"}, timedelta(seconds=45)),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": ""}, None),
        ({}, None),
    ],
)
def test_heartbeat(environ: dict[str, str], expected: timedelta | None) -> None:
    """A sign of life is due at half of what the manager allows, where it watches at all."""
    assert Service({"NOTIFY_SOCKET": "/nowhere", **environ}).heartbeat == expected
