"""Notices by the notification server of a Linux desktop (Desktop Notifications Specification 1.3), with buttons.

Other programs of the same user can send signals too. A press therefore counts only when it comes from whoever owns
the server's name at that moment, and only for a key that was drawn at random for this very notice. What was shown is
kept in a notebook, so that a press is answered even after this program has been restarted, by servers that report it
to everybody and not only to whoever showed the notice.
"""

from __future__ import annotations

import html
import logging
import secrets
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from gettext import gettext as _
from queue import Empty, SimpleQueue
from threading import Lock, Thread, current_thread
from typing import TYPE_CHECKING, Any

from jeepney import DBusAddress, HeaderFields, Message, new_method_call

from watcher.desktop.bus import Connection, Subscription, find_address
from watcher.desktop.deadline import Deadline
from watcher.desktop.line import one_line, typed_out, whole_lines
from watcher.desktop.memory import MemoryNotebook
from watcher.errors import TransientError
from watcher.model import Choice, Shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watcher.model import Notice
    from watcher.ports import Notebook

LOG = logging.getLogger(__name__)

SERVICE = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds between attempts to reach the bus again while nobody shows anything."""

MOST_PRESSES, LONGEST_KEY = 100, 64
"""What may wait to be answered: nobody presses so fast, and no key of ours is so long."""

WHATEVER_THE_SERVER_LIKES = -1
"""The server's own choice of how long a notice stays (specification, section 9)."""


@dataclass(frozen=True, slots=True)
class Server:
    """Who shows notices, and what they can hold."""

    bus: str
    """Unique id of the bus."""
    owner: str
    """Unique name on that bus."""
    name: str
    version: str
    capabilities: frozenset[str]
    """As the specification names them (section 9, GetCapabilities): "actions", "body-markup", …"""

    def body(self, text: str) -> str:
        """The text as this server has to be given it, so that it shows just that text."""
        lines = whole_lines(text)
        return html.escape(lines, quote=False) if "body-markup" in self.capabilities else lines


@dataclass(frozen=True, slots=True)
class _Press:
    """A pressed button, as the server reports it."""

    bus: str
    owner: str
    number: int
    key: str


class Freedesktop:
    """Shows notices on the desktop of the session bus.

    Args:
        address: of the bus; empty to look for the session's own each time.
        patience: seconds that one call of `show`, `buttons` or `probe` may take.
        notebook: where to keep what was shown; without one it is forgotten with this notifier.
    """

    name = "freedesktop"

    def __init__(self, address: str = "", patience: float = 2.0, notebook: Notebook | None = None) -> None:
        self._address = address
        self._patience = patience
        self._notebook = notebook or MemoryNotebook()
        self._lock = Lock()
        self._connection: Connection | None = None
        self._server: Server | None = None
        self._presses: SimpleQueue[_Press | None] = SimpleQueue()
        self._listener: Thread | None = None
        self._closed = False

    def show(self, notice: Notice) -> bool:
        """Show a notice in place of the one that it replaces; False where the desktop does not take it."""
        try:
            with self._talk() as (connection, server, deadline):
                self._notify(notice, connection, server, deadline)
        except TransientError as error:
            LOG.info("The desktop does not show notices: %s", error)
        except Exception:
            LOG.exception("A notice was not shown because of a mistake in this program")
        else:
            return True
        return False

    def listen(self, pressed: Callable[[str, Choice], None]) -> None:
        """Call `pressed` from a thread of its own; it may take its time, and may itself call `show`."""
        if self._listener is None:
            recalls = bool(self._notebook.shown())
            work = partial(self._listen, pressed, recalls=recalls)
            self._listener = Thread(target=work, name="watcher-buttons", daemon=True)
            self._listener.start()

    def buttons(self) -> bool:
        """Whether the server that shows notices now has buttons."""
        try:
            return "actions" in self.probe().capabilities
        except TransientError:
            return False

    def probe(self) -> Server:
        """Who shows notices now. Raises TransientError, in plain words, where nobody does."""
        with self._talk() as (_connection, server, _deadline):
            return server

    def close(self) -> None:
        """Stop listening. Notices stay on the screen, but nobody hears their buttons any more."""
        self._closed = True
        self._presses.put(None)
        if self._connection is not None:
            self._connection.close()
        if self._listener not in (None, current_thread()):
            self._listener.join(self._patience)

    # Talking to the server.

    @contextmanager
    def _talk(self) -> Iterator[tuple[Connection, Server, Deadline]]:
        """A live connection and the server behind it, for one thread at a time."""
        deadline = Deadline(self._patience)
        if not self._lock.acquire(timeout=deadline.left()):
            raise TransientError(_("The desktop has not answered an earlier call yet."))
        try:
            connection = self._connect(deadline)
            yield connection, self._recognise(connection, deadline), deadline
        finally:
            self._lock.release()

    def _connect(self, deadline: Deadline) -> Connection:
        if self._closed:
            raise TransientError(_("This notifier has been closed."))
        if self._connection is None or not self._connection.alive:
            address = self._address or find_address()
            self._connection = Connection(address, deadline, Subscription(SERVICE, "ActionInvoked", self._hear))
            self._server = None
        return self._connection

    def _recognise(self, connection: Connection, deadline: Deadline) -> Server:
        """The present server: asked once, and again when the name has passed to somebody else.

        The first question goes to the name, since that may start the server; everything later to its owner: another
        server would take the number of a notice for that of somebody else's, and read markup differently.
        """
        if self._server is None or self._server.owner != connection.owner:
            question = _method(SERVICE, "GetServerInformation")
            name, _vendor, version, _specification = connection.call(question, "ssss", deadline)
            owner = connection.owner or SERVICE  # it may have left again: then what follows fails
            (capabilities,) = connection.call(_method(owner, "GetCapabilities"), "as", deadline)
            self._server = Server(connection.bus, owner, name, version, frozenset(capabilities))
        return self._server

    def _notify(self, notice: Notice, connection: Connection, server: Server, deadline: Deadline) -> None:
        choices = _draw_keys(notice) if "actions" in server.capabilities else {}
        replaced = self._replaced(notice, server)
        content = _content(notice, server, choices)
        call = _method(server.owner, "Notify", "susssasa{sv}i", ("Watcher", replaced, *content))
        (number,) = connection.call(call, "u", deadline)
        self._notebook.note_shown(Shown(server.bus, server.owner, number, notice.token, tuple(choices.items())))

    def _replaced(self, notice: Notice, server: Server) -> int:
        """By which number this server knows the notice that this one replaces; 0, "a new one", where it does not."""
        numbers = {
            shown.token: shown.number
            for shown in self._notebook.shown()
            if shown.token and (shown.bus, shown.owner) == (server.bus, server.owner)
        }
        return numbers.get(notice.replaces) or numbers.get(notice.token, 0)

    # Hearing the buttons.

    def _hear(self, signal: Message | None) -> None:
        """Only note a press, or that the connection was lost: its reader must go on reading."""
        if signal is None:
            self._presses.put(None)
        elif self._connection and signal.header.fields.get(HeaderFields.signature) == "us":
            press = _Press(self._connection.bus, signal.header.fields[HeaderFields.sender], *signal.body)
            if len(press.key) <= LONGEST_KEY and self._presses.qsize() < MOST_PRESSES:
                self._presses.put(press)

    def _listen(self, pressed: Callable[[str, Choice], None], *, recalls: bool) -> None:
        """Answer presses until closed. When the bus is lost, look for it again, less and less often."""
        # Connected, or nothing on the screen: nothing to do but wait for presses.
        pause = FIRST_PAUSE if recalls and not self._reconnect() else 0.0
        while not self._closed:
            try:
                press = self._presses.get(timeout=pause or None)
            except Empty:
                pause = 0.0 if self._reconnect() else min(pause * 2, LONGEST_PAUSE)
                continue
            if press is None:
                pause = pause or FIRST_PAUSE
            else:
                self._answer(press, pressed)

    def _reconnect(self) -> bool:
        deadline = Deadline(self._patience)
        with self._lock:
            try:
                self._connect(deadline)
            except TransientError:
                return False
        return True

    def _answer(self, press: _Press, pressed: Callable[[str, Choice], None]) -> None:
        try:
            with self._lock:  # a notice that is being shown right now is known only when that is done
                notices = self._notebook.shown()
            for shown in notices:
                if _identity(shown) == _identity(press) and press.key in dict(shown.choices):
                    pressed(shown.token, dict(shown.choices)[press.key])
        except Exception:
            LOG.exception("A pressed button could not be answered")


def _identity(notice: Shown | _Press) -> tuple[str, str, int]:
    """A number alone is no identity: another server deals the same ones, and another bus the same owners."""
    return notice.bus, notice.owner, notice.number


def _method(owner: str, member: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> Message:
    address = DBusAddress(PATH, bus_name=owner, interface=SERVICE)
    return new_method_call(address, member, signature, body)


def _draw_keys(notice: Notice) -> dict[str, Choice]:
    """A key that cannot be guessed for each button, in order; a click on the notice itself shows the details."""
    choices = {secrets.token_urlsafe(16): button.choice for button in notice.buttons}
    if Choice.DETAILS in choices.values():
        choices["default"] = Choice.DETAILS
    return choices


def _content(notice: Notice, server: Server, choices: dict[str, Choice]) -> tuple[Any, ...]:
    """The arguments of Notify after `replaces_id` (specification, section 9)."""
    labels = {button.choice: one_line(button.label) for button in notice.buttons}
    # xfce4-notifyd draws "default" as a button unless it has no label.
    actions = [word for key, choice in choices.items() for word in (key, "" if key == "default" else labels[choice])]
    hints = {
        "category": ("s", "email"),
        "desktop-entry": ("s", "watcher"),
        "urgency": ("y", 2 if notice.urgent else 1),
    }
    body = server.body(notice.body if "actions" in server.capabilities else typed_out(notice))
    return "mail-mark-junk", one_line(notice.summary), body, actions, hints, WHATEVER_THE_SERVER_LIKES
