"""A private D-Bus session bus on a socket of its own, on which nothing is started by itself."""

from __future__ import annotations

import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jeepney import message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection

from tests.kit.programs import require

CONFIGURATION = """
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass
class PrivateBus:
    """A running dbus-daemon."""

    address: str
    folder: Path
    process: subprocess.Popen[str]

    def environment(self) -> dict[str, str]:
        """What a program has to find in its environment to use this bus and nothing of the user's own."""
        return {
            "DBUS_SESSION_BUS_ADDRESS": self.address,
            "HOME": str(self.folder),
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "XDG_RUNTIME_DIR": str(self.folder),
            "LANG": "C.UTF-8",
        }

    def wait_for(self, name: str, *, owned: bool = True) -> None:
        """Return when somebody owns the name, or nobody."""
        end = time.monotonic() + 10
        with open_dbus_connection(self.address) as connection:
            bus = Proxy(message_bus, connection, timeout=5)
            while bool(bus.NameHasOwner(name)[0]) is not owned:
                assert time.monotonic() < end, f"nobody takes the name {name}, or lets go of it"
                time.sleep(0.01)

    def freeze(self) -> None:
        """Let the bus hang: it keeps its connections, and answers nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End the bus and all connections to it."""
        self.process.kill()
        self.process.wait()
        (self.folder / "socket").unlink(missing_ok=True)

    def start(self) -> None:
        """Start it again at the same address."""
        self.process = _start(self.folder)


@contextmanager
def private_bus() -> Iterator[PrivateBus]:
    """A bus for as long as the context lasts."""
    require("dbus-daemon")
    with tempfile.TemporaryDirectory(prefix="bus-") as name:
        folder = Path(name)
        socket = folder / "socket"
        (folder / "session.conf").write_text(CONFIGURATION.format(socket=socket))
        bus = PrivateBus(f"unix:path={socket}", folder, _start(folder))
        try:
            yield bus
        finally:
            bus.stop()


def _start(folder: Path) -> subprocess.Popen[str]:
    command = ["dbus-daemon", f"--config-file={folder}/session.conf", "--nofork", "--nopidfile", "--print-address=1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    with process.stdout:
        process.stdout.readline()  # comes when the socket is ready
    return process
