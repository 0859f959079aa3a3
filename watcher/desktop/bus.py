"""One connection to a session bus (D-Bus specification 0.43): to call services on it, and to hear one of them."""

from __future__ import annotations

import os
import socket
import struct
from array import array
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from gettext import gettext as _
from itertools import count
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from jeepney import DBusErrorResponse, HeaderFields, MatchRule, Message, MessageType, Parser, message_bus
from jeepney.bus import get_bus
from jeepney.io.blocking import prep_socket
from jeepney.wrappers import unwrap_msg

from watcher.desktop.deadline import Deadline
from watcher.errors import TransientError

BUS = "org.freedesktop.DBus"
"""The name of the bus itself; no connection can own it."""
_LONGEST = 1 << 20
"""Octets of a message. The bus itself lets 128 MB through, from anybody to anybody."""
_REPLIES = (MessageType.method_return, MessageType.error)


def find_address(environment: Mapping[str, str] = os.environ) -> str:
    """The address of the user's session bus; empty where there is none.

    Like sd-bus: `$DBUS_SESSION_BUS_ADDRESS`, otherwise the socket that systemd's user manager listens on.
    """
    if address := environment.get("DBUS_SESSION_BUS_ADDRESS"):
        return address
    path = Path(environment.get("XDG_RUNTIME_DIR", "")) / "bus"
    return f"unix:path={path}" if path.is_absolute() and path.is_socket() else ""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One signal of one service that is to be heard."""

    service: str
    """Well-known name of the service, and of its interface."""
    signal: str
    heard: Callable[[Message | None], None]
    """Called with each such signal of the service's present owner, in order, and once with None when the connection
    has ended, for whatever reason. Must not block."""


@dataclass(frozen=True, slots=True)
class _Question:
    """A call that waits for its reply."""

    whom: str
    reply: Future[Message]

    def is_answered_by(self, sender: str | None) -> bool:
        """Whether that is who was asked. The bus answers for those who are gone; it alone knows who bears a name."""
        return sender in (self.whom, BUS) or not (self.whom.startswith(":") or self.whom == BUS)


class Connection:
    """Calls services from any thread, and hands over the signals of one of them in a thread of its own.

    Who owns the name of that service is known at every moment, so a signal that another connection sends in its name
    is dropped. Everything that can go wrong is a TransientError in plain words, after which, if `alive` is False, a
    new connection has to be made.

    Args:
        address: of the bus, in the form that D-Bus addresses have.
        deadline: for connecting.
        wanted: what is to be heard.
        files: whether open files can be handed over.
    """

    def __init__(
        self, address: str, deadline: Deadline, wanted: Subscription | None = None, *, files: bool = False
    ) -> None:
        self.alive = True
        self.bus = ""
        """The bus's own unique id: another one, and every unique name means somebody else."""
        self._wanted = wanted
        self._owner: str | None = None
        self._serials = count(1)
        self._sending = Lock()
        self._questions: dict[int, _Question] = {}
        self._socket = _connect(address, deadline, files=files)
        self._reader = Thread(target=self._read, name="watcher-bus", daemon=True)
        self._reader.start()
        try:
            self._introduce(deadline)
        except TransientError:
            self.close()
            raise

    @property
    def owner(self) -> str:
        """The unique name that owns the heard service's name now; empty where nobody does."""
        return self._owner or ""

    def call(self, message: Message, signature: str, deadline: Deadline) -> tuple[Any, ...]:
        """Call a method: the body of its reply, which is of that signature."""
        reply: Future[Message] = Future()
        serial = next(self._serials)
        self._questions[serial] = _Question(message.header.fields[HeaderFields.destination], reply)
        try:
            files = array("i")
            self._send(message.serialise(serial=serial, fds=files), files)
            answer = reply.result(timeout=deadline.left())
            body: tuple[Any, ...] = unwrap_msg(answer)
        except TimeoutError:
            raise TransientError(_("The session bus or the desktop did not answer in time.")) from None
        except OSError as error:
            raise TransientError(_("The session bus is gone: {error}.").format(error=error)) from None
        except DBusErrorResponse as error:
            words = _("The session bus or the desktop refused: {error}.")
            raise TransientError(words.format(error=error.name)) from None
        finally:
            self._questions.pop(serial, None)
        if answer.header.fields.get(HeaderFields.signature, "") != signature:
            raise TransientError(_("The desktop answered something that it should not."))
        return body

    def close(self) -> None:
        """Hang up; the reader then ends."""
        self.alive = False
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the other end was faster

    def _introduce(self, deadline: Deadline) -> None:
        self.call(message_bus.Hello(), "s", deadline)
        (self.bus,) = self.call(message_bus.GetId(), "s", deadline)
        if self._wanted is not None:
            self._subscribe(self._wanted, deadline)

    def _subscribe(self, wanted: Subscription, deadline: Deadline) -> None:
        changed = MatchRule(type="signal", sender=BUS, interface=BUS, member="NameOwnerChanged")
        changed.add_arg_condition(0, wanted.service)
        signal = MatchRule(type="signal", sender=wanted.service, interface=wanted.service, member=wanted.signal)
        for rule in (changed, signal):
            self.call(message_bus.AddMatch(rule), "", deadline)
        (names,) = self.call(message_bus.ListNames(), "as", deadline)
        if wanted.service not in names:
            return
        (owner,) = self.call(message_bus.GetNameOwner(wanted.service), "s", deadline)
        if self._owner is None:  # a signal that came in between is newer than this reply
            self._owner = owner

    def _send(self, data: bytes, files: array[int]) -> None:
        with self._sending:
            if not self.alive:
                raise ConnectionError("connection closed")
            try:
                sent = socket.send_fds(self._socket, [data], files) if files else 0
                self._socket.sendall(data[sent:])
            except OSError:
                self.close()  # half a message may have been sent: nothing can follow it
                raise

    def _read(self) -> None:
        try:
            for message in self._messages():
                self._dispatch(message)
        finally:
            self.alive = False
            self._socket.close()
            for question in list(self._questions.values()):
                question.reply.set_exception(ConnectionError("connection closed"))
            if self._wanted is not None:
                self._wanted.heard(None)

    def _messages(self) -> Iterator[Message]:
        """What comes, until the connection ends. So it does where somebody sends more than anybody should."""
        parser = Parser()
        with suppress(OSError):  # ends like an orderly close: `heard` is told of both
            while (parser.next_msg_size or 0) <= _LONGEST and (data := self._socket.recv(4096)):
                parser.add_data(data)
                while (message := parser.get_next_message()) is not None:
                    yield message

    def _dispatch(self, message: Message) -> None:
        """Hand over a reply, or what was to be heard. Buses pass on replies, and signals like them, of anybody."""
        kind, fields = message.header.message_type, message.header.fields
        if kind is MessageType.signal and self._wanted is not None:
            self._hear(message, self._wanted)
        question = self._questions.get(fields.get(HeaderFields.reply_serial, 0))
        if kind in _REPLIES and question and question.is_answered_by(fields.get(HeaderFields.sender)):
            self._questions.pop(fields[HeaderFields.reply_serial], None)
            question.reply.set_result(message)

    def _hear(self, signal: Message, wanted: Subscription) -> None:
        sender, member = (signal.header.fields.get(field) for field in (HeaderFields.sender, HeaderFields.member))
        if sender == BUS and member == "NameOwnerChanged":
            name, _former, owner = signal.body
            if name == wanted.service:
                self._owner = owner
        elif sender and sender == self._owner and member == wanted.signal:
            wanted.heard(signal)


def _connect(address: str, deadline: Deadline, *, files: bool) -> socket.socket:
    if not address:
        raise TransientError(_("There is no session bus: no desktop session runs here."))
    try:
        connected: socket.socket = prep_socket(get_bus(address), files, timeout=deadline.left())
    except OSError as error:
        raise TransientError(_("The session bus cannot be reached: {error}.").format(error=error)) from None
    except (RuntimeError, ValueError, KeyError) as error:  # what jeepney makes of an address that it does not know
        raise TransientError(_("The address of the session bus is of no use: {error}.").format(error=error)) from None
    # Sending must end too when the bus has stopped reading; a timeout set by Python would also end the reading.
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 0, 500_000))  # half a second
    return connected
