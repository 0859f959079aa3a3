"""Takes the pictures of a notice for the README, from a real desktop: docs/notice.en.png and docs/notice.ja.png.

They are taken anew by hand (`.venv/bin/python -m tools.picture_notice`) when a notice has changed its words or its
buttons. Needs the Debian packages xvfb, openbox, xdotool, imagemagick, xfce4-notifyd and fonts-noto-cjk.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

from tests.kit.house import House, hit
from tests.kit.screen import screen
from watcher import report
from watcher.desktop.freedesktop import Freedesktop

DOCS = Path(__file__).parents[1] / "docs"
ROUND_IT = 12
"""Pixels of the desktop to be seen around the notice, without which its edge would vanish on a white page."""
DESKTOP = (62, 84, 110)


def main() -> None:
    """Let a mail be found, and take a picture of what is told of it in each language."""
    house = House()
    house.begin()
    house.deliver(hit())
    house.sweep()
    for language in ("en", "ja"):
        notice = report.notice(house.cases(), language, "full")
        with screen(style="") as desktop:
            notifier = Freedesktop(desktop.session()["DBUS_SESSION_BUS_ADDRESS"])
            if not notifier.show(notice):
                sys.exit("The notice was not shown.")
            _framed(desktop.notice()).save(DOCS / f"notice.{language}.png", optimize=True)
            notifier.close()


def _framed(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    framed = Image.new("RGB", (width + 2 * ROUND_IT, height + 2 * ROUND_IT), DESKTOP)
    framed.paste(picture, (ROUND_IT, ROUND_IT))
    return framed


if __name__ == "__main__":
    main()
