"""Pages and mail opened by a real user manager of systemd."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.bus import PrivateBus
from tests.kit.stages import until
from tests.kit.systemd_user import systemd_user
from watcher.desktop.viewer import DesktopViewer

pytestmark = [pytest.mark.systemd, pytest.mark.dbus]

XDG_OPEN = """#!/bin/sh
(sleep 0.5; echo "the browser" > {folder}/browser) &
printf '%s\\n' "$#" "$1" "$DISPLAY" > {folder}/writing
mv {folder}/writing {folder}/opened
"""


@pytest.fixture(scope="module")
def manager() -> Iterator[PrivateBus]:
    """The bus of a user manager."""
    with systemd_user() as bus:
        yield bus


@pytest.fixture
def viewer(manager: PrivateBus, tmp_path: Path) -> DesktopViewer:
    """A viewer there, with a script in the place of xdg-open that notes what it is given, and starts a browser."""
    program = tmp_path / "xdg-open"
    program.write_text(XDG_OPEN.format(folder=tmp_path))
    program.chmod(0o755)
    return DesktopViewer(manager.address, environment={"PATH": str(tmp_path), "DISPLAY": ":7"})


def opened(folder: Path) -> list[str]:
    """What the script noted: the number of its arguments, the first of them, and the screen."""
    until((folder / "opened").exists)
    return (folder / "opened").read_text().splitlines()


@pytest.mark.parametrize(
    "message_id", ["a$b$$HOME%h@h.example", "$HOME", "x;touch${IFS}gone`id`'\"\\@h.example", "%n%%t@h.example"]
)
def test_a_mail(viewer: DesktopViewer, tmp_path: Path, message_id: str) -> None:
    """Neither a shell nor systemd reads anything into a Message-ID: xdg-open gets its URI as it was made."""
    assert viewer.show_mail(message_id)
    uri = "mid:" + "".join(c if c.isalnum() or c in "$@." else f"%{ord(c):02X}" for c in message_id)
    assert opened(tmp_path) == ["1", uri, ":7"]


def test_a_browser_that_stays(viewer: DesktopViewer, tmp_path: Path) -> None:
    """A browser that xdg-open leaves behind is not ended together with xdg-open."""
    page = tmp_path / "レポート $1 %n.html"
    assert viewer.show_page(page)
    assert opened(tmp_path) == ["1", page.as_uri(), ":7"]
    until((tmp_path / "browser").exists)
