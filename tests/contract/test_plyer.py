"""What is loaded when, and plyer, which knows no bus but that of its environment: in processes of their own."""

from __future__ import annotations

import html
import json
import subprocess
import sys
from collections.abc import Sequence
from tempfile import TemporaryFile

import pytest

from tests.kit.bus import PrivateBus
from tests.kit.notification_server import FULL, NotificationServer
from tests.kit.programs import require
from tests.kit.stages import HOSTILE

DBUS = pytest.mark.dbus

SHOW = """
import json, logging, sys, time
logging.basicConfig(level=logging.INFO, format="%(name)s %(message)s")
from watcher.desktop import choose
from watcher.model import Notice
notifier = choose(sys.argv[1])
chosen = [name for name in ("jeepney", "plyer") if name in sys.modules]
start = time.monotonic()
shown = [notifier.show(Notice(*words)) for words in json.loads(sys.argv[2])]
seconds = time.monotonic() - start
loaded = [name for name in ("jeepney", "plyer") if name in sys.modules]
notifier.close()
print(json.dumps({"chosen": chosen, "shown": shown, "loaded": loaded, "seconds": seconds}))
"""


LISTEN = """
import sys
from watcher.desktop import choose
from watcher.desktop.memory import MemoryNotebook
from watcher.model import Shown
notifier = choose("auto", MemoryNotebook([Shown("bus", ":1.1", 1, "token", ())] * int(sys.argv[1])))
notifier.listen(print)
print("jeepney" in sys.modules)
notifier.close()
"""


def show_elsewhere(
    backend: str, environment: dict[str, str], *notices: tuple[str, str]
) -> tuple[dict[str, object], str]:
    """Show notices in a process with that environment: what it found, and what it logged."""
    # Into files: a pipe would be kept open by a notify-send that hangs after the process has ended.
    with TemporaryFile("w+") as output, TemporaryFile("w+") as log:
        subprocess.run(
            [sys.executable, "-c", SHOW, backend, json.dumps(notices)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=log,
            timeout=20,
            check=True,
        )
        output.seek(0)
        log.seek(0)
        found: dict[str, object] = json.load(output)
        return found, log.read()


def test_without_a_desktop_the_log_tells() -> None:
    """Where there is no session bus, a notice goes to the log, and plyer is not even loaded."""
    found, log = show_elsewhere("auto", {}, ("summary", "body"))
    assert (found["chosen"], found["shown"], found["loaded"]) == ([], [True], ["jeepney"])
    assert "watcher.desktop.log summary: body" in log


@pytest.mark.parametrize("noted", [0, 1])
def test_the_desktop_is_looked_for_when_it_may_answer(noted: int) -> None:
    """By "auto" the bus is listened to at once where a former run has left a notice on it, and not before otherwise."""
    command = [sys.executable, "-c", LISTEN, str(noted)]
    run = subprocess.run(command, env={}, capture_output=True, text=True, timeout=20, check=True)
    assert run.stdout == f"{noted == 1}\n"


@DBUS
def test_on_a_desktop_the_server_is_used_directly(bus: PrivateBus, server: NotificationServer) -> None:
    """Where a notification server answers, "auto" goes to it at the address of the environment, without plyer."""
    found, _ = show_elsewhere("auto", bus.environment(), ("summary", "body"))
    assert (found["shown"], found["loaded"]) == ([True], ["jeepney"])
    assert server.calls[0].body == "body"


@DBUS
@pytest.mark.parametrize("capabilities", [FULL, ("body",)])
def test_plyer_carries_the_words(bus: PrivateBus, server: NotificationServer, capabilities: Sequence[str]) -> None:
    """Through plyer and a real notify-send every text arrives as it is, apart from a space before a dash."""
    require("notify-send")
    server.capabilities = list(capabilities)
    found, log = show_elsewhere("plyer", bus.environment(), *((text, text) for text in HOSTILE))
    read = html.unescape if "body-markup" in capabilities else str
    arrived = [(call.summary, read(call.body)) for call in server.calls]
    expected = [f" {text}" if text.startswith("-") else text for text in HOSTILE]
    assert found["shown"] == [True] * len(HOSTILE)
    assert arrived == [(text, text) for text in expected]
    assert {call.app_name for call in server.calls} == {"Watcher"}
    assert "Warning" not in log


@DBUS
@pytest.mark.parametrize("backend", ["plyer", "auto"])
def test_plyer_does_not_fail_in_silence(bus: PrivateBus, backend: str) -> None:
    """Without a notification server plyer is not asked, since it would say nothing; the log then gets the notice."""
    require("notify-send")
    found, log = show_elsewhere(backend, bus.environment(), ("summary", "body"))
    assert found["shown"] == [backend == "auto"]
    assert "plyer" not in str(found["loaded"])
    assert ("summary: body" in log) is (backend == "auto")


@DBUS
def test_plyer_without_its_program(bus: PrivateBus, server: NotificationServer) -> None:
    """Without notify-send plyer is not asked."""
    found, log = show_elsewhere("plyer", bus.environment() | {"PATH": str(bus.folder)}, ("summary", "body"))
    assert (found["shown"], server.calls) == ([False], [])
    assert "notify-send" in log


@DBUS
@pytest.mark.parametrize("method", ["GetServerInformation", "Notify"])
def test_plyer_with_a_hung_server(bus: PrivateBus, method: str) -> None:
    """A hung server costs plyer two seconds, not the end of the process."""
    require("notify-send")
    with NotificationServer(bus.address, mute=(method,)):
        found, _ = show_elsewhere("plyer", bus.environment(), ("summary", "body"))
    assert found["shown"] == [False]
    assert isinstance(found["seconds"], float)
    assert found["seconds"] < 2.5
