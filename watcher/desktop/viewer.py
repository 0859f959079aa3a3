"""Pages and mail in the user's own programs, by the session bus of a Linux desktop.

What is opened must outlive this program, and must not share its confinement: a browser that were our child would end
with the daemon's unit and inherit its limits. So others are asked to start it: systemd's user manager, by a transient
unit, or else the portal of the desktop (XDG Desktop Portal, OpenURI).
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from jeepney import DBusAddress, new_method_call

from watcher.desktop.bus import Connection, find_address
from watcher.desktop.deadline import Deadline
from watcher.desktop.mail_uri import mail_uri
from watcher.errors import TransientError

LOG = logging.getLogger(__name__)

SYSTEMD = DBusAddress(
    "/org/freedesktop/systemd1", bus_name="org.freedesktop.systemd1", interface="org.freedesktop.systemd1.Manager"
)
PORTAL = DBusAddress(
    "/org/freedesktop/portal/desktop",
    bus_name="org.freedesktop.portal.Desktop",
    interface="org.freedesktop.portal.OpenURI",
)
OPENER = "xdg-open"

OF_THE_SESSION = (
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "DBUS_SESSION_BUS_ADDRESS",
    "XDG_CURRENT_DESKTOP",
)
"""Variables by which a program finds its screen, and by which xdg-open knows the desktop: the user manager of a bare
session may have been started without them."""

_Way = Callable[[Connection, Deadline], None]
"""One way of having something opened. Raises TransientError where it leads nowhere."""


class DesktopViewer:
    """Asks the user manager, and otherwise the portal, to open what it is given.

    That somebody took it means that the request was accepted: whether the program then shows it is not known.

    Args:
        address: of the bus; empty to look for the session's own each time.
        patience: seconds that opening may take. The portal may have to be started first.
        environment: where to look for xdg-open and for the variables of the session.
    """

    def __init__(self, address: str = "", patience: float = 5.0, environment: Mapping[str, str] = os.environ) -> None:
        self._address = address
        self._patience = patience
        self._environment = environment
        self._lock = Lock()
        self._connection: Connection | None = None

    def show_page(self, page: Path) -> bool:
        """Open a page of ours in the browser; whether somebody took it."""
        page = page.absolute()
        return self._open(page.as_uri(), lambda connection, deadline: _hand_over(page, connection, deadline))

    def show_mail(self, message_id: str) -> bool:
        """Open a mail in the mail program by its Message-ID; False for one that is not fit for a command line."""
        uri = mail_uri(message_id)
        return bool(uri) and self._open(uri, lambda connection, deadline: _name(uri, connection, deadline))

    def _open(self, uri: str, by_portal: _Way) -> bool:
        deadline = Deadline(self._patience)
        try:
            connection = self._connect(deadline)
        except TransientError as error:
            LOG.info("Nothing can be opened on the desktop: %s", error)
            return False
        ways: tuple[_Way, ...] = (lambda *given: self._start(uri, *given), by_portal)
        return any(_leads(way, connection, deadline) for way in ways)

    def _connect(self, deadline: Deadline) -> Connection:
        """Kept, since the portal takes its question to the user back when whoever asked it has left the bus."""
        with self._lock:
            if self._connection is None or not self._connection.alive:
                address = self._address or find_address(self._environment)
                self._connection = Connection(address, deadline, files=True)
            return self._connection

    def _start(self, uri: str, connection: Connection, deadline: Deadline) -> None:
        """Run xdg-open in a transient unit of the user manager (org.freedesktop.systemd1(5), StartTransientUnit)."""
        program = shutil.which(OPENER, path=self._environment.get("PATH", os.defpath))
        if program is None:
            raise TransientError(f"{OPENER} is not installed")
        unit = f"watcher-open-{secrets.token_hex(8)}.service"
        body: tuple[Any, ...] = (unit, "fail", self._properties(str(Path(program).absolute()), uri), [])
        connection.call(new_method_call(SYSTEMD, "StartTransientUnit", "ssa(sv)a(sa(sv))", body), "o", deadline)

    def _properties(self, program: str, uri: str) -> list[tuple[str, tuple[str, Any]]]:
        """What the transient unit is (systemd.service(5))."""
        variables = [f"{name}={self._environment[name]}" for name in OF_THE_SESSION if self._environment.get(name)]
        command = [program, uri.replace("$", "$$")]  # the manager replaces variables in arguments
        return [
            ("Description", ("s", "Opens what Watcher shows")),
            ("Type", ("s", "exec")),
            ("KillMode", ("s", "process")),  # the browser stays when xdg-open, which has started it, has ended
            ("CollectMode", ("s", "inactive-or-failed")),
            ("Environment", ("as", variables)),
            ("ExecStart", ("a(sasb)", [(program, command, False)])),
        ]


def _leads(way: _Way, connection: Connection, deadline: Deadline) -> bool:
    try:
        way(connection, deadline)
    except TransientError as error:
        LOG.info("The desktop was asked in vain to open something: %s", error)
    except Exception:
        LOG.exception("Nothing was opened because of a mistake in this program")
    else:
        return True
    return False


def _hand_over(page: Path, connection: Connection, deadline: Deadline) -> None:
    """Give the portal the open file: it takes no `file:` URI, since whoever asks may not be allowed to read it."""
    try:
        with page.open("rb") as file:
            call = new_method_call(PORTAL, "OpenFile", "sha{sv}", ("", file, {}))
            connection.call(call, "o", deadline)
    except OSError as error:
        raise TransientError(f"the page cannot be read: {error.strerror}") from error


def _name(uri: str, connection: Connection, deadline: Deadline) -> None:
    connection.call(new_method_call(PORTAL, "OpenURI", "ssa{sv}", ("", uri, {})), "o", deadline)
