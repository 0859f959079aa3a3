"""A notification server that does what a test tells it to, on a real bus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from dbus_fast import Message, MessageType, NameFlag
from dbus_fast.aio import MessageBus

from tests.kit.bus_loop import BusLoop, connect, disconnect

SERVICE = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
FULL = ("actions", "body", "body-markup")


@dataclass(frozen=True)
class Call:
    """One call of Notify, as it came over the bus."""

    sender: str
    number: int
    """The id that was given back."""
    app_name: str
    replaces: int
    icon: str
    summary: str
    body: str
    actions: tuple[str, ...]
    hints: dict[str, Any]
    timeout: int

    @property
    def keys(self) -> tuple[str, ...]:
        """Action keys, in order."""
        return self.actions[::2]

    @property
    def labels(self) -> tuple[str, ...]:
        """What the buttons say, in order."""
        return self.actions[1::2]


class NotificationServer:
    """Answers on a thread of its own from `start` to `stop`, and records all calls of Notify.

    Args:
        address: of the bus.
        capabilities: what it says that it can do.
        mute: methods that it never answers.
    """

    def __init__(self, address: str, capabilities: Sequence[str] = FULL, *, mute: Sequence[str] = ()) -> None:
        self.address = address
        self.capabilities = list(capabilities)
        self.mute = mute
        self.calls: list[Call] = []
        self.owner = ""
        self._numbers = 0
        self._loop = BusLoop()
        self._bus: MessageBus | None = None

    def __enter__(self) -> Self:
        """Start the thread and connect."""
        self._loop.__enter__()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Disconnect and end the thread."""
        self.stop()
        self._loop.__exit__()

    def start(self) -> None:
        """Connect and take the name, from its present owner too."""
        self._bus = self._loop.run(connect(self.address))
        self._bus.add_message_handler(self._answer)
        self._loop.run(self._bus.request_name(SERVICE, NameFlag.REPLACE_EXISTING | NameFlag.ALLOW_REPLACEMENT))
        self.owner = str(self._bus.unique_name)

    def stop(self) -> None:
        """Leave the bus, forgetting every notice."""
        if self._bus is not None and self._bus.connected:
            self._loop.run(disconnect(self._bus))
        self._bus = None
        self._numbers = 0

    def press(self, call: Call, key: str, *, privately: bool = True) -> None:
        """Report that the button of `key` was pressed, to the caller only or to everybody: servers do both."""
        assert self._bus is not None
        self._loop.run(_emit(self._bus, _pressed(call, key, privately=privately)))

    def shout(self, signature: str, *bodies: Sequence[Any]) -> None:
        """Report as many presses to everybody, of whatever form."""
        assert self._bus is not None
        for body in bodies:
            self._loop.run(_emit(self._bus, _signal(signature, body)))

    def forge_replies(self, call_of: str, message_type: MessageType, serials: Iterable[int]) -> None:
        """Answer, from a connection that was not asked, whatever that connection may have asked just now."""
        forged = [
            Message(
                destination=call_of,
                message_type=message_type,
                path=PATH,
                interface=SERVICE,
                member="ActionInvoked",
                error_name="org.example.Forged" if message_type is MessageType.ERROR else None,
                reply_serial=serial,
                signature="u",
                body=[4711],
            )
            for serial in serials
        ]
        self._loop.run(self._from_a_stranger(*forged))

    def impersonate(self, call: Call, key: str, *, privately: bool) -> None:
        """Report a press from a connection that does not own the name."""
        self._loop.run(self._from_a_stranger(_pressed(call, key, privately=privately)))

    def usurp(self, call: Call, key: str) -> None:
        """Claim, from a connection of somebody else, to be the name's new owner, then report a press."""
        self._loop.run(self._from_a_stranger(None, _pressed(call, key, privately=True), victim=call.sender))

    def names(self) -> list[str]:
        """Every name on the bus."""
        assert self._bus is not None
        reply = self._loop.run(self._bus.call(_question("ListNames")))
        return list(reply.body[0])

    async def _from_a_stranger(self, *signals: Message | None, victim: str = "") -> None:
        stranger = await connect(self.address)
        for signal in signals:
            await _emit(stranger, signal or _lie(victim, str(stranger.unique_name)))
        await stranger.call(_question("GetId"))  # answered only when the bus has passed on what came before
        await disconnect(stranger)

    def _answer(self, message: Message) -> Message | bool | None:
        if message.message_type is not MessageType.METHOD_CALL or message.interface != SERVICE:
            return None
        if message.member in self.mute:
            return True  # handled, says dbus-fast, and nothing is sent
        if message.member == "GetServerInformation":
            return Message.new_method_return(message, "ssss", ["Scripted", "Tests", "1.0", "1.3"])
        if message.member == "GetCapabilities":
            return Message.new_method_return(message, "as", [self.capabilities])
        if message.member == "Notify":
            return Message.new_method_return(message, "u", [self._record(message)])
        return None

    def _record(self, message: Message) -> int:
        app_name, replaces, icon, summary, body, actions, hints, timeout = message.body
        if not replaces:
            self._numbers += 1
        number = replaces or self._numbers
        plain = {name: variant.value for name, variant in hints.items()}
        sender = str(message.sender)
        self.calls.append(Call(sender, number, app_name, replaces, icon, summary, body, tuple(actions), plain, timeout))
        return int(number)


def _pressed(call: Call, key: str, *, privately: bool) -> Message:
    return Message(
        destination=call.sender if privately else None,
        message_type=MessageType.SIGNAL,
        path=PATH,
        interface=SERVICE,
        member="ActionInvoked",
        signature="us",
        body=[call.number, key],
    )


def _signal(signature: str, body: Sequence[Any]) -> Message:
    return Message(
        message_type=MessageType.SIGNAL,
        path=PATH,
        interface=SERVICE,
        member="ActionInvoked",
        signature=signature,
        body=list(body),
    )


def _question(member: str) -> Message:
    bus = "org.freedesktop.DBus"
    return Message(destination=bus, path="/org/freedesktop/DBus", interface=bus, member=member)


def _lie(victim: str, owner: str) -> Message:
    return Message(
        destination=victim,
        message_type=MessageType.SIGNAL,
        path="/org/freedesktop/DBus",
        interface="org.freedesktop.DBus",
        member="NameOwnerChanged",
        signature="sss",
        body=[SERVICE, "", owner],
    )


async def _emit(bus: MessageBus, signal: Message) -> None:
    await bus.send(signal)
