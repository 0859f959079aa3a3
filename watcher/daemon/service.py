"""What systemd is told (sd_notify(3)). Without systemd nothing happens."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from datetime import timedelta


class Service:
    """The manager that started this process.

    Args:
        environ: NOTIFY_SOCKET and WATCHDOG_USEC are read from it.
    """

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        address = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._watchdog = int(environ.get("WATCHDOG_USEC", "0") or 0)

    @property
    def heartbeat(self) -> timedelta | None:
        """How often the manager wants a sign of life: half of what it allows. None if it wants none."""
        return timedelta(microseconds=self._watchdog) / 2 if self._address and self._watchdog else None

    def ready(self, status: str) -> None:
        """The daemon has started (or has read its configuration again)."""
        self._tell("READY=1", f"STATUS={status}")

    def reloading(self) -> None:
        """The daemon reads its configuration again."""
        self._tell("RELOADING=1")

    def status(self, status: str) -> None:
        """One line for `systemctl status`."""
        self._tell(f"STATUS={status}")

    def alive(self) -> None:
        """A sign of life."""
        self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """The daemon is about to end."""
        self._tell("STOPPING=1")

    def _tell(self, *lines: str) -> None:
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as manager:
            try:
                manager.sendto("\n".join(lines).encode(), self._address)
            except OSError:
                return  # the manager is gone: nobody to tell
