"""Key rings on a private bus: a real gnome-keyring-daemon, and one that never answers."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from jeepney import message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection

from tests.kit.bus import PrivateBus
from tests.kit.programs import require

NAME = "org.freedesktop.secrets"
OWN_PASSWORD = "the key ring's own"


@contextmanager
def keyring_daemon(bus: PrivateBus, *, locked: bool = False) -> Iterator[None]:
    """A key ring with an empty "login" collection, for as long as the context lasts.

    Args:
        bus: its HOME is the folder of the bus: a second daemon on the same bus finds what the first one kept.
        locked: whether nobody has unlocked it; it can then only have been made by an earlier, unlocked one.
    """
    require("gnome-keyring-daemon")
    command = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
    process = subprocess.Popen(
        command if locked else [*command, "--unlock"],
        env=bus.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert process.stdin is not None
        process.stdin.write(b"" if locked else OWN_PASSWORD.encode())
        process.stdin.close()
        bus.wait_for(NAME)
        yield
    finally:
        process.kill()
        with process:
            pass
        bus.wait_for(NAME, owned=False)


@contextmanager
def hung_key_ring(bus: PrivateBus) -> Iterator[None]:
    """Somebody who owns the key ring's name and answers nothing."""
    with open_dbus_connection(bus.address) as connection:
        Proxy(message_bus, connection).RequestName(NAME)
        yield
