"""What `ports.Viewer` promises: pages and mail are opened by others, without a shell, whatever a sender wrote."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.kit.bus import PrivateBus
from tests.kit.openers import BY_FILE, BY_NAME, PORTAL, SYSTEMD, Openers, Unit
from watcher.desktop import choose_viewer
from watcher.desktop.browser import Browser
from watcher.desktop.memory import MemoryViewer
from watcher.desktop.viewer import DesktopViewer

DBUS = pytest.mark.dbus

FIT = {
    "hit1@parcel.example": "mid:hit1@parcel.example",
    "<hit1@parcel.example>": "mid:hit1@parcel.example",
    "CA+x=y_z-1.2~3@mail.example": "mid:CA+x=y_z-1.2~3@mail.example",
    "000001d7$9ab0$cd@host.example": "mid:000001d7$9ab0$cd@host.example",
    "a/b?c#d@e.example": "mid:a%2Fb%3Fc%23d@e.example",
    "100%20@e.example": "mid:100%2520@e.example",
    "a;reboot|b&c`d`'e\"f\\g@h.example": "mid:a%3Breboot%7Cb%26c%60d%60%27e%22f%5Cg@h.example",
    "${HOME}$(id)@h.example": "mid:$%7BHOME%7D$%28id%29@h.example",
    "no-at-sign": "mid:no-at-sign",
    "x" * 250: "mid:" + "x" * 250,
}
UNFIT = [
    "",
    "<>",
    "-P evil@h.example",
    "--profile=x@h.example",
    "<-v@h.example>",
    "a b@h.example",
    "a\nb@h.example",
    "a\n",
    "a\x00b@h.example",
    "a\x7fb@h.example",
    "日本@h.example",
    "a\u202eb@h.example",
    "\ud83d@h.example",
    "a<b@h.example",
    "<<a@h.example>>",
    "x" * 251,
]

BROWSE = """
import sys
from pathlib import Path
from watcher.desktop.browser import Browser
print(Browser().show_page(Path(sys.argv[1])), Browser().show_mail("a@h.example"))
"""


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder of programs with an xdg-open in it, which nobody here runs."""
    folder = tmp_path / "programs"
    folder.mkdir()
    (folder / "xdg-open").write_text("#!/bin/false\n")
    (folder / "xdg-open").chmod(0o755)
    return folder


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page of ours whose name needs care."""
    page = tmp_path / "レポート $1 %n.html"
    page.write_text("<p>page</p>")
    return page


@pytest.fixture
def viewer(bus: PrivateBus, programs: Path) -> DesktopViewer:
    """A viewer on that bus."""
    return on_desktop(bus, {"PATH": str(programs)})


def on_desktop(bus: PrivateBus, environment: Mapping[str, str], patience: float = 5.0) -> DesktopViewer:
    """A viewer that sees nothing of the environment of the tests."""
    return DesktopViewer(bus.address, patience, environment)


def command(unit: Unit) -> tuple[str, list[str]]:
    """What a unit runs: the program and its arguments, their number checked."""
    ((program, arguments, ignore_failure),) = unit.properties["ExecStart"]
    assert not ignore_failure
    assert arguments[0] == program
    return program, arguments[1:]


# By the user manager.


@DBUS
@pytest.mark.parametrize("message_id", FIT)
def test_a_mail_is_opened_by_one_argument(
    bus: PrivateBus, viewer: DesktopViewer, programs: Path, message_id: str
) -> None:
    """The user manager runs xdg-open with one URI that holds nothing but what a URI may, dollars doubled for it."""
    with Openers(bus.address) as openers:
        assert viewer.show_mail(message_id)
    assert command(openers.units[0]) == (str(programs / "xdg-open"), [FIT[message_id].replace("$", "$$")])
    assert openers.asked == []


@DBUS
@pytest.mark.parametrize("message_id", UNFIT)
def test_what_is_no_message_id_is_not_opened(bus: PrivateBus, viewer: DesktopViewer, message_id: str) -> None:
    """Nobody is even asked to open what is too long, could be an option, or is not visible ASCII."""
    with Openers(bus.address) as openers:
        assert not viewer.show_mail(message_id)
    assert (openers.units, openers.asked) == ([], [])


@DBUS
def test_a_page_is_opened_by_its_address(bus: PrivateBus, viewer: DesktopViewer, programs: Path, page: Path) -> None:
    """A page is one argument too, with its whole path."""
    with Openers(bus.address) as openers:
        assert viewer.show_page(page)
    assert command(openers.units[0]) == (str(programs / "xdg-open"), [page.as_uri()])


@DBUS
def test_what_unit_it_is(bus: PrivateBus, programs: Path, page: Path) -> None:
    """Each opening is a unit of its own that leaves the browser alone, is tidied away, and finds the user's screen."""
    screen = {"DISPLAY": ":7", "XAUTHORITY": "/x", "WAYLAND_DISPLAY": "", "IMAP_PASSWORD": "secret"}
    viewer = on_desktop(bus, {"PATH": str(programs), **screen})
    with Openers(bus.address) as openers:
        assert viewer.show_page(page)
        assert viewer.show_page(page)
    first, second = openers.units
    assert first.name != second.name
    assert first.name.startswith("watcher-open-")
    assert first.name.endswith(".service")
    wanted = {"Type": "exec", "KillMode": "process", "CollectMode": "inactive-or-failed"}
    assert first.properties | wanted == first.properties
    assert first.properties["Environment"] == ["DISPLAY=:7", "XAUTHORITY=/x"]
    assert set(first.properties) == {*wanted, "Description", "Environment", "ExecStart"}


# By the portal.


@DBUS
@pytest.mark.parametrize(
    ("names", "refuses"),
    [((SYSTEMD, PORTAL), (SYSTEMD,)), ((PORTAL,), ())],
    ids=["the user manager refuses", "no user manager"],
)
def test_otherwise_the_portal_is_asked(
    bus: PrivateBus, viewer: DesktopViewer, page: Path, names: tuple[str, ...], refuses: tuple[str, ...]
) -> None:
    """Where the user manager takes nothing, the portal gets a mail's URI, and a page as an open file."""
    with Openers(bus.address, names, refuses=refuses) as openers:
        assert viewer.show_mail("a$b@h.example")
        assert viewer.show_page(page)
    assert openers.asked == [(BY_NAME, "mid:a$b@h.example"), (BY_FILE, "<p>page</p>")]


@DBUS
def test_without_xdg_open_the_portal_is_asked(bus: PrivateBus, page: Path) -> None:
    """The user manager is not asked to run what is not there."""
    viewer = on_desktop(bus, {"PATH": str(bus.folder)})
    with Openers(bus.address) as openers:
        assert viewer.show_page(page)
    assert (openers.units, openers.asked) == ([], [(BY_FILE, "<p>page</p>")])


@DBUS
def test_the_portal_is_not_left(bus: PrivateBus, viewer: DesktopViewer) -> None:
    """The viewer stays on the bus, since the portal would close its question to the user when the asker has gone."""
    with Openers(bus.address, (PORTAL,)) as openers:
        assert viewer.show_mail("a@h.example")
        assert viewer.show_mail("b@h.example")
        assert len(openers.askers) == 1
        assert openers.askers_are_there()


# By nobody.


@DBUS
def test_nobody_to_open_it(bus: PrivateBus, viewer: DesktopViewer, page: Path, tmp_path: Path) -> None:
    """Where neither is there or both refuse, or the page is gone, the caller is told so."""
    assert not viewer.show_page(page)
    assert not viewer.show_mail("a@h.example")
    with Openers(bus.address, refuses=(SYSTEMD, PORTAL)):
        assert not viewer.show_page(page)
        assert not viewer.show_mail("a@h.example")
    with Openers(bus.address, (PORTAL,)):
        assert not viewer.show_page(tmp_path / "gone.html")


@pytest.mark.parametrize("address", ["", "nonsense", "unix:path=/nonexistent/bus"])
def test_without_a_bus(page: Path, address: str) -> None:
    """Without a session bus the caller is told so."""
    viewer = DesktopViewer(address, environment={})
    assert not viewer.show_page(page)
    assert not viewer.show_mail("a@h.example")


@DBUS
def test_whoever_never_answers(bus: PrivateBus, programs: Path, page: Path) -> None:
    """Those who hang cost no more than the time that was allowed."""
    viewer = on_desktop(bus, {"PATH": str(programs)}, patience=0.5)
    with Openers(bus.address, mute=(SYSTEMD, PORTAL)):
        start = time.monotonic()
        assert not viewer.show_page(page)
        assert time.monotonic() - start < 1.5


@DBUS
def test_a_bus_that_was_restarted(bus: PrivateBus, viewer: DesktopViewer) -> None:
    """After the bus was lost it is found again when something is to be opened."""
    with Openers(bus.address):
        assert viewer.show_mail("a@h.example")
    bus.stop()
    assert not viewer.show_mail("a@h.example")
    bus.start()
    with Openers(bus.address) as openers:
        assert viewer.show_mail("b@h.example")
    assert len(openers.units) == 1


# The others.


def test_memory_keeps_what_it_was_asked(page: Path) -> None:
    """The viewer in memory takes what a real one would, as long as it works."""
    viewer = MemoryViewer()
    assert viewer.show_page(page)
    assert all(viewer.show_mail(message_id) for message_id in FIT)
    assert not any(viewer.show_mail(message_id) for message_id in UNFIT)
    viewer.works = False
    assert not viewer.show_page(page)
    assert not viewer.show_mail("a@h.example")
    assert (viewer.pages, viewer.mails) == ([page], list(FIT))


def test_a_browser_elsewhere(page: Path, tmp_path: Path) -> None:
    """Without a session bus to ask, a page goes to the browser that Python's webbrowser finds, and a mail nowhere."""
    opened = tmp_path / "opened"
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\necho "$#:$1" > {opened}\n')
    program.chmod(0o755)
    run = subprocess.run(
        [sys.executable, "-c", BROWSE, page],
        env={"BROWSER": f"{program} %s"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (run.stdout, opened.read_text()) == ("True False\n", f"1:{page.as_uri()}\n")


def test_which_is_chosen() -> None:
    """On Linux the session bus is asked."""
    assert isinstance(choose_viewer(), DesktopViewer if sys.platform == "linux" else Browser)
