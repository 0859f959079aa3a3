"""What the desktop's notifier promises besides: against strangers on the bus, and when the desktop is not there."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import pytest

from tests.kit.bus import PrivateBus
from tests.kit.notification_server import FULL, NotificationServer
from tests.kit.stages import DETAILS, MOVED, RESTORE, TRUST, Presses, until
from watcher.desktop.freedesktop import Freedesktop
from watcher.desktop.memory import REMEMBERED, MemoryNotebook
from watcher.errors import TransientError
from watcher.model import Button, Choice, Notice

DBUS = pytest.mark.dbus


@DBUS
@pytest.mark.parametrize(
    ("capabilities", "body", "sent"),
    [
        (("body", "body-markup"), "<b>A</b> & 'B'", "&lt;b&gt;A&lt;/b&gt; &amp; 'B'"),
        (("body",), "<b>A</b> & 'B'", "<b>A</b> & 'B'"),
        (("body", "body-markup"), "&amp;", "&amp;amp;"),
    ],
)
def test_markup(
    server: NotificationServer, desktop: Freedesktop, capabilities: Sequence[str], body: str, sent: str
) -> None:
    """The body is escaped for servers that read markup, and for no others; the summary never is."""
    server.capabilities = list(capabilities)
    desktop.show(Notice("<s>", body))
    assert (server.calls[0].summary, server.calls[0].body) == ("<s>", sent)


@DBUS
@pytest.mark.parametrize(("urgent", "urgency"), [(False, 1), (True, 2)])
def test_what_a_notice_says_of_itself(
    server: NotificationServer, desktop: Freedesktop, *, urgent: bool, urgency: int
) -> None:
    """Name, icon, category, desktop entry and urgency let the desktop sort the notice."""
    desktop.show(Notice("s", "b", urgent=urgent))
    call = server.calls[0]
    assert (call.app_name, call.icon, call.timeout) == ("Watcher", "mail-mark-junk", -1)
    assert call.hints == {"category": "email", "desktop-entry": "watcher", "urgency": urgency}


@DBUS
def test_a_click_on_the_notice_shows_details(server: NotificationServer, desktop: Freedesktop) -> None:
    """The notice itself stands for Details, without a label, so that no server draws it as one more button."""
    presses = Presses()
    desktop.listen(presses)
    desktop.show(MOVED)
    desktop.show(Notice("s", "b", "token-2", (RESTORE, TRUST)))
    assert "default" not in server.calls[1].keys
    assert server.calls[0].labels[server.calls[0].keys.index("default")] == ""
    server.press(server.calls[1], "default")
    server.press(server.calls[0], "default", privately=False)
    assert presses.wait() == [(MOVED.token, Choice.DETAILS)]


@DBUS
def test_buttons_keep_their_order(server: NotificationServer, desktop: Freedesktop) -> None:
    """Buttons stand in the order of the notice, and the click on the notice itself comes after them."""
    delete = Button(Choice.DELETE, "削除")
    for buttons in ((RESTORE, DETAILS, delete), (delete, DETAILS, RESTORE)):
        desktop.show(Notice("s", "b", buttons=buttons))
        assert server.calls[-1].labels == (*(button.label for button in buttons), "")
        assert server.calls[-1].keys[-1] == "default"


@DBUS
def test_keys_cannot_be_guessed(server: NotificationServer, desktop: Freedesktop) -> None:
    """Keys are drawn anew for each notice, and neither a former key nor the name of a choice is honoured."""
    presses = Presses()
    desktop.listen(presses)
    desktop.show(MOVED)
    desktop.show(MOVED)
    former, present = server.calls
    assert not set(former.keys) & set(present.keys) - {"default"}
    for key in (*former.keys[:2], "restore", "RESTORE", "0", ""):
        server.press(present, key)
    server.press(present, present.keys[0])
    assert presses.wait() == [(MOVED.token, Choice.RESTORE)]


@DBUS
@pytest.mark.parametrize("privately", [True, False])
def test_a_stranger_cannot_press(server: NotificationServer, desktop: Freedesktop, *, privately: bool) -> None:
    """A signal from a connection that does not own the server's name is dropped, even with the right key."""
    presses = Presses()
    desktop.listen(presses)
    desktop.show(MOVED)
    call = server.calls[0]
    server.impersonate(call, call.keys[0], privately=privately)
    server.press(call, call.keys[1])
    assert presses.wait() == [(MOVED.token, Choice.DETAILS)]


@DBUS
def test_a_stranger_cannot_claim_the_name(server: NotificationServer, desktop: Freedesktop) -> None:
    """Only the bus itself is believed about who owns the server's name."""
    presses = Presses()
    desktop.listen(presses)
    desktop.show(MOVED)
    call = server.calls[0]
    server.usurp(call, call.keys[0])
    server.press(call, call.keys[1])
    assert presses.wait() == [(MOVED.token, Choice.DETAILS)]


@DBUS
def test_a_former_server_cannot_press(bus: PrivateBus, server: NotificationServer, desktop: Freedesktop) -> None:
    """When another program has taken over the name, the former owner's signals are dropped, and the new one's heard."""
    presses = Presses()
    desktop.listen(presses)
    desktop.show(MOVED)
    with NotificationServer(bus.address) as successor:
        until(lambda: desktop.probe().owner == successor.owner)
        server.press(server.calls[0], server.calls[0].keys[0])
        time.sleep(0.2)
        assert presses.heard == []
        assert desktop.show(MOVED)
        assert successor.calls[0].replaces == 0, "the number means another notice there"
        successor.press(server.calls[0], server.calls[0].keys[0])
        successor.press(successor.calls[0], successor.calls[0].keys[1])
        assert presses.wait() == [(MOVED.token, Choice.DETAILS)]


@DBUS
def test_a_restarted_server_is_met_anew(server: NotificationServer, desktop: Freedesktop) -> None:
    """After a restart the server's abilities are asked for again, and old numbers are not used any more."""
    desktop.show(MOVED)
    server.stop()
    assert not desktop.show(MOVED)
    server.capabilities = ["body"]
    server.start()
    assert desktop.show(MOVED)
    assert (server.calls[1].replaces, server.calls[1].actions) == (0, ())
    assert not desktop.buttons()


@DBUS
def test_answers_hours_later(server: NotificationServer, desktop: Freedesktop) -> None:
    """A button is honoured as long as no more than 200 newer notices were shown, then forgotten."""
    presses = Presses()
    desktop.listen(presses)
    for number in range(REMEMBERED + 1):
        desktop.show(Notice("s", "b", f"token {number}", (RESTORE,)))
    forgotten, oldest = server.calls[:2]
    server.press(forgotten, forgotten.keys[0])
    server.press(oldest, oldest.keys[0])
    assert presses.wait() == [("token 1", Choice.RESTORE)]


@DBUS
def test_the_listener_may_show_notices_and_fail(server: NotificationServer, desktop: Freedesktop) -> None:
    """What is called back may itself show a notice, and an error in it does not end the listening."""
    presses = Presses()

    def answer(token: str, choice: Choice) -> None:
        presses(token, choice)
        assert desktop.show(Notice("done", "b"))
        raise RuntimeError("a mistake in the caller")

    desktop.listen(answer)
    desktop.show(MOVED)
    call = server.calls[0]
    server.press(call, call.keys[0])
    server.press(call, call.keys[1])
    assert presses.wait(2) == [(MOVED.token, Choice.RESTORE), (MOVED.token, Choice.DETAILS)]


@DBUS
def test_describes_the_server(server: NotificationServer, desktop: Freedesktop) -> None:
    """`probe` gives the facts that `doctor` prints."""
    facts = desktop.probe()
    assert (facts.name, facts.version, facts.owner) == ("Scripted", "1.0", server.owner)
    assert facts.capabilities == set(FULL)


# After a restart of this program.


def connections(server: NotificationServer) -> int:
    """How many programs are on the bus."""
    return sum(name.startswith(":") for name in server.names())


@pytest.fixture
def present(server: NotificationServer) -> Iterator[Freedesktop]:
    """The notifier of this run, with the notebook of a former one, whose notice is still on the screen."""
    notebook = MemoryNotebook()
    former = Freedesktop(server.address, notebook=notebook)
    assert former.show(MOVED)
    former.close()
    notifier = Freedesktop(server.address, notebook=notebook)
    yield notifier
    notifier.close()


@DBUS
def test_answers_after_a_restart(server: NotificationServer, present: Freedesktop) -> None:
    """A press that the server reports to everybody is answered by the next run, before that has shown anything."""
    presses = Presses()
    present.listen(presses)
    call = server.calls[0]

    def answered() -> bool:
        server.press(call, call.keys[0], privately=False)
        return bool(presses.heard)

    until(answered)
    server.impersonate(call, call.keys[1], privately=False)
    server.press(call, "guessed", privately=False)
    server.press(call, call.keys[1], privately=False)
    until(lambda: (MOVED.token, Choice.DETAILS) in presses.heard)
    assert set(presses.heard[:-1]) == {(MOVED.token, Choice.RESTORE)}
    assert len(server.calls) == 1


@DBUS
def test_a_number_that_another_server_deals_again(server: NotificationServer, present: Freedesktop) -> None:
    """After a restart of the server as well, the old notice's number and keys mean nothing any more."""
    presses = Presses()
    server.stop()
    server.start()
    present.listen(presses)
    present.show(Notice("s", "b", "token-2", (RESTORE,)))
    old, new = server.calls
    assert (new.number, new.replaces) == (old.number, 0)
    server.press(old, old.keys[0], privately=False)
    server.press(new, new.keys[0])
    assert presses.wait() == [("token-2", Choice.RESTORE)]


@DBUS
def test_replaces_what_a_former_run_has_shown(server: NotificationServer, present: Freedesktop) -> None:
    """A notice of the former run is replaced by its token like one of this run."""
    assert present.show(Notice("s", "b", "token-2", (RESTORE,), replaces=MOVED.token))
    assert server.calls[1].replaces == server.calls[0].number


@DBUS
def test_an_empty_notebook_connects_to_nothing(server: NotificationServer, desktop: Freedesktop) -> None:
    """Who has shown nothing has nothing to hear, and leaves the bus alone until then."""
    desktop.listen(Presses())
    time.sleep(0.3)
    assert connections(server) == 1


@DBUS
def test_the_bus_comes_later_than_this_program(
    bus: PrivateBus, server: NotificationServer, present: Freedesktop
) -> None:
    """Where there is no bus yet at the start, it is looked for until there is one."""
    bus.stop()
    present.listen(Presses())
    time.sleep(0.3)
    bus.start()
    server.stop()
    server.start()
    until(lambda: connections(server) == 2)


# When the desktop is not there.


def refuses(notifier: Freedesktop, seconds: float) -> str:
    """Assert that a notice is not shown and that this is known within that time: why."""
    start = time.monotonic()
    assert not notifier.show(MOVED)
    assert time.monotonic() - start < seconds
    assert not notifier.buttons()
    with pytest.raises(TransientError) as problem:
        notifier.probe()
    return str(problem.value)


@DBUS
def test_without_a_server(desktop: Freedesktop) -> None:
    """A bus on which nobody shows notices is known for it at once."""
    assert "refused" in refuses(desktop, 1.0)


@pytest.mark.parametrize(
    "address", ["unix:path=/nonexistent/bus", "tcp:host=127.0.0.1,port=1", "nonsense", "unix:", "unix:path"]
)
def test_without_a_bus(address: str) -> None:
    """An address at which there is no bus, or that is none, is known for it at once."""
    assert "session bus" in refuses(Freedesktop(address), 1.0)


@DBUS
@pytest.mark.parametrize("method", ["GetServerInformation", "GetCapabilities"])
def test_a_server_that_never_answers(bus: PrivateBus, method: str) -> None:
    """A hung server costs no more than the time that was allowed, also for those who wait for their turn."""
    notifier = Freedesktop(bus.address, patience=0.5)
    with NotificationServer(bus.address, mute=(method,)):
        assert "in time" in refuses(notifier, 1.5)
        notifier.close()


@DBUS
def test_a_notice_that_is_never_taken(bus: PrivateBus) -> None:
    """A server that hangs when it is given a notice costs no more than the time that was allowed."""
    notifier = Freedesktop(bus.address, patience=0.5)
    with NotificationServer(bus.address, mute=("Notify",)):
        start = time.monotonic()
        assert not notifier.show(MOVED)
        assert time.monotonic() - start < 1.5
        notifier.close()


@DBUS
def test_a_bus_that_never_answers(bus: PrivateBus, server: NotificationServer) -> None:
    """A hung bus costs no more than the time that was allowed, and is used again when it goes on."""
    notifier = Freedesktop(bus.address, patience=0.5)
    assert notifier.show(MOVED)
    bus.freeze()
    try:
        start = time.monotonic()
        assert not notifier.show(MOVED)
        assert time.monotonic() - start < 1.5
        assert not Freedesktop(bus.address, patience=0.5).show(MOVED)
    finally:
        bus.thaw()
    until(lambda: notifier.show(Notice("s", "again")))
    notifier.close()
    assert server.calls[-1].body == "again"


@DBUS
def test_a_bus_that_stops_reading(bus: PrivateBus, server: NotificationServer, desktop: Freedesktop) -> None:
    """A notice that a hung bus does not even take off our hands costs no more time than any other."""
    assert desktop.show(MOVED)
    bus.freeze()
    try:
        start = time.monotonic()
        assert not desktop.show(Notice("s", "x" * 2_000_000))
        assert time.monotonic() - start < 2.5
    finally:
        bus.thaw()
    until(lambda: desktop.show(Notice("s", "again")))
    assert server.calls[-1].body == "again"


@DBUS
def test_the_bus_is_restarted(bus: PrivateBus, server: NotificationServer, desktop: Freedesktop) -> None:
    """The listener waits for a lost bus without using the processor, comes back by itself, and hears presses again."""
    presses = Presses()
    desktop.listen(presses)
    desktop.show(MOVED)
    bus.stop()
    busy = time.process_time()
    time.sleep(2.5)
    assert time.process_time() - busy < 0.5
    assert not desktop.show(MOVED)
    bus.start()
    server.stop()
    server.start()
    until(lambda: connections(server) == 2)
    server.press(server.calls[0], server.calls[0].keys[0], privately=False)
    time.sleep(0.2)
    assert desktop.show(MOVED)
    assert server.calls[1].replaces == 0, "the new bus deals the same unique names again"
    server.press(server.calls[1], server.calls[1].keys[1])
    assert presses.wait() == [(MOVED.token, Choice.DETAILS)]
