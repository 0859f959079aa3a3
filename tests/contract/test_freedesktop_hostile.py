"""What the desktop's notifier puts up with: forged answers, presses of any form, floods, messages without end."""

from __future__ import annotations

import time
from threading import Thread

import pytest
from dbus_fast import MessageType

from tests.kit.bus import PrivateBus
from tests.kit.notification_server import NotificationServer
from tests.kit.stages import MOVED, RESTORE, Presses, until
from watcher.desktop.freedesktop import Freedesktop
from watcher.model import Choice, Notice

pytestmark = pytest.mark.dbus


@pytest.mark.parametrize("kind", [MessageType.SIGNAL, MessageType.METHOD_RETURN, MessageType.ERROR])
def test_a_stranger_cannot_answer(bus: PrivateBus, kind: MessageType) -> None:
    """What somebody sends who was not asked is no reply, even where it names the very call that waits for one."""
    notifier = Freedesktop(bus.address, patience=1.0)
    with NotificationServer(bus.address) as server:
        assert notifier.show(MOVED)
        server.mute = ("Notify",)
        outcomes: list[bool] = []
        waiting = Thread(target=lambda: outcomes.append(notifier.show(Notice("s", "b", "token-2", (RESTORE,)))))
        start = time.monotonic()
        waiting.start()
        server.forge_replies(server.calls[0].sender, kind, range(1, 40))
        waiting.join(10)
        assert outcomes == [False]
        assert time.monotonic() - start >= 1.0, "it still waits for the one whom it has asked"
        notifier.close()


def test_a_hostile_server_is_put_up_with(server: NotificationServer, desktop: Freedesktop) -> None:
    """Presses of wrong form, of notices that there are not, with keys without end, and a flood of them harm nobody."""
    presses = Presses()
    desktop.listen(presses)
    desktop.show(MOVED)
    number, key = server.calls[0].number, server.calls[0].keys[0]
    server.shout("s", [key])
    server.shout("uss", [number, key, key])
    server.shout("su", [key, number])
    server.shout("us", [number + 1, key], [4294967295, key], [0, key], [number, ""], [number, "x" * 500_000])
    server.shout("us", *([number, f"forged-{each}"] for each in range(500)))
    server.press(server.calls[0], key)
    assert presses.wait() == [(MOVED.token, Choice.RESTORE)]


def test_a_message_without_end_is_not_gathered(server: NotificationServer, desktop: Freedesktop) -> None:
    """Where somebody sends megabytes the connection is given up before they are in memory, and made anew."""
    presses = Presses()
    desktop.listen(presses)
    desktop.show(MOVED)
    server.shout("us", [server.calls[0].number, "x" * 20_000_000])
    until(lambda: desktop.show(Notice("s", "again", "token-2", (RESTORE,))))
    assert server.calls[-1].sender != server.calls[0].sender
    server.press(server.calls[-1], server.calls[-1].keys[0])
    assert presses.wait() == [("token-2", Choice.RESTORE)]
