"""A real desktop that nobody sees: an X screen, a window manager, and Xfce's notification server on a private bus."""

from __future__ import annotations

import io
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from PIL import Image, ImageChops

from tests.kit.bus import PrivateBus, private_bus
from tests.kit.programs import require

MARK = (255, 0, 255)
"""Colour of the first button of each notice, where it is asked for: no theme and no font has to be known to find it."""
MARKED = "button:first-child { background-image: none; background-color: rgb(255, 0, 255); }"

PATIENCE = 40.0
"""Seconds for anything to appear on a busy machine."""

Found = TypeVar("Found")


@dataclass(frozen=True)
class Screen:
    """The desktop, as a person at it has it before them."""

    environment: Mapping[str, str]
    """What a program finds in its environment there."""

    def session(self) -> dict[str, str]:
        """Of it what tells a program of another home where the desktop is."""
        return {name: self.environment[name] for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS")}

    def picture(self) -> Image.Image:
        """All that is to be seen."""
        return self._picture("root")

    def notice(self) -> Image.Image:
        """The notice that is shown, as soon as there is one and it does not change any more."""
        window = _await(lambda: self._run("xdotool", "search", "--onlyvisible", "--class", "xfce4-notifyd").split())[0]
        former, picture = None, self._picture(window.decode())
        while former is None or ImageChops.difference(former, picture).getbbox():
            time.sleep(0.5)
            former, picture = picture, self._picture(window.decode())
        return picture

    def click_first_button(self) -> None:
        """Click on the marked button, as soon as it is to be seen."""
        left, top, right, bottom = _await(lambda: _marked(self.picture()))
        self._run("xdotool", "mousemove", str((left + right) // 2), str((top + bottom) // 2), "click", "1")

    def is_empty(self) -> bool:
        """Whether no button is to be seen."""
        return _marked(self.picture()) is None

    def _picture(self, window: str) -> Image.Image:
        return Image.open(io.BytesIO(self._run("import", "-window", window, "png:-"))).convert("RGB")

    def _run(self, *command: str) -> bytes:
        environment = dict(self.environment)
        return subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE, check=False).stdout


@contextmanager
def screen(style: str = MARKED) -> Iterator[Screen]:
    """A desktop for as long as the context lasts.

    Args:
        style: for GTK, above its theme.
    """
    for program in ("Xvfb", "openbox", "xdotool", "import"):
        require(program)
    with private_bus() as bus, tempfile.TemporaryDirectory(prefix="screen-") as home, ExitStack() as running:
        environment = _environment(bus, Path(home), style)
        environment["DISPLAY"] = _start_display(running, environment)
        running.enter_context(_program(["openbox"], environment))
        running.enter_context(_program([str(_notification_server())], environment))
        bus.wait_for("org.freedesktop.Notifications")
        yield Screen(environment)


def _environment(bus: PrivateBus, home: Path, style: str) -> dict[str, str]:
    for folder in ("config/gtk-3.0", "cache", "data"):
        (home / folder).mkdir(parents=True)
    (home / "config/gtk-3.0/gtk.css").write_text(style)
    own = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "CACHE", "DATA")}
    return {**bus.environment(), **own, "HOME": str(home), "NO_AT_BRIDGE": "1", "GDK_BACKEND": "x11"}


def _start_display(running: ExitStack, environment: Mapping[str, str]) -> str:
    """Start a screen with a number that nobody else has: the server itself looks for it."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    running.enter_context(_program(command, environment, writing))
    os.close(writing)
    with os.fdopen(reading) as number:
        return f":{number.readline().strip()}"  # comes when the screen is ready


@contextmanager
def _program(command: list[str], environment: Mapping[str, str], *files: int) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment, stdin=quiet, stdout=quiet, stderr=quiet, pass_fds=files)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _notification_server() -> Path:
    """Debian keeps it in a folder that bears the name of the machine's architecture."""
    found = [path for folder in ("/usr/lib", "/usr/libexec") for path in Path(folder).rglob("xfce4-notifyd")]
    servers = [path for path in found if path.is_file()]
    if not servers:
        pytest.skip("xfce4-notifyd is not installed")
    return servers[0]


def _marked(picture: Image.Image) -> tuple[int, int, int, int] | None:
    """Where the marked button is: left, top, right, bottom."""
    difference = ImageChops.difference(picture, Image.new("RGB", picture.size, MARK))
    red, green, blue = difference.split()
    other = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return other.point(lambda value: 0 if value else 255).getbbox()


def _await(look: Callable[[], Found | None]) -> Found:
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, "it does not appear on the screen"
        time.sleep(0.1)
    return found
