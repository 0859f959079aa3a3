"""Who opens things on a desktop, scripted: systemd's user manager and the portal, on a real bus."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Self

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from tests.kit.bus_loop import BusLoop, connect, disconnect

SYSTEMD = "org.freedesktop.systemd1"
PORTAL = "org.freedesktop.portal.Desktop"
STARTED = f"{SYSTEMD}.Manager.StartTransientUnit"
BY_NAME = "org.freedesktop.portal.OpenURI.OpenURI"
BY_FILE = "org.freedesktop.portal.OpenURI.OpenFile"


@dataclass(frozen=True)
class Unit:
    """A transient unit that was to be started."""

    name: str
    mode: str
    properties: dict[str, Any]


class Openers:
    """Records what it is asked to open, while the context lasts.

    Args:
        address: of the bus.
        names: which of the two there are.
        refuses: those that refuse everything.
        mute: those that never answer.
    """

    def __init__(
        self,
        address: str,
        names: Collection[str] = (SYSTEMD, PORTAL),
        *,
        refuses: Collection[str] = (),
        mute: Collection[str] = (),
    ) -> None:
        self.units: list[Unit] = []
        self.asked: list[tuple[str, str]] = []
        """What the portal was asked: by which method, and the URI, or what the open file holds."""
        self.askers: set[str] = set()
        """Unique names of those who asked."""
        self._address = address
        self._names = names
        self._refuses = refuses
        self._mute = mute
        self._loop = BusLoop()
        self._buses: list[MessageBus] = []

    def __enter__(self) -> Self:
        """Take the names, each on a connection of its own."""
        self._loop.__enter__()
        for name in self._names:
            self._loop.run(self._serve(name))
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the bus."""
        for bus in self._buses:
            self._loop.run(disconnect(bus))
        self._loop.__exit__()

    def askers_are_there(self) -> bool:
        """Whether all who asked are still on the bus."""
        return all(self._loop.run(_has_owner(self._buses[0], name)) for name in self.askers)

    async def _serve(self, name: str) -> None:
        bus = await connect(self._address, files=True)
        bus.add_message_handler(lambda message: self._answer(name, message))
        await bus.request_name(name)
        self._buses.append(bus)

    def _answer(self, name: str, message: Message) -> Message | bool | None:
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        self.askers.add(str(message.sender))
        if name in self._mute:
            return True  # handled, says dbus-fast, and nothing is sent
        if name in self._refuses:
            return Message.new_error(message, "org.freedesktop.DBus.Error.AccessDenied", "no")
        match f"{message.interface}.{message.member}", message.signature:
            case method, "ssa(sv)a(sa(sv))" if method == STARTED:
                unit, mode, properties, _auxiliary = message.body
                self.units.append(Unit(unit, mode, {key: variant.value for key, variant in properties}))
            case method, "ssa{sv}" if method == BY_NAME:
                self.asked.append((method, message.body[1]))
            case method, "sha{sv}" if method == BY_FILE:
                with os.fdopen(message.unix_fds[message.body[1]]) as file:
                    self.asked.append((method, file.read()))
            case _:
                return None
        return Message.new_method_return(message, "o", ["/accepted"])


async def _has_owner(bus: MessageBus, name: str) -> bool:
    dbus = "org.freedesktop.DBus"
    question = Message(
        destination=dbus,
        path="/org/freedesktop/DBus",
        interface=dbus,
        member="NameHasOwner",
        signature="s",
        body=[name],
    )
    reply = await bus.call(question)
    assert reply is not None
    return bool(reply.body[0])
