"""The back ends of `ports.Notifier`, each with the eyes and the hand of the user before it."""

from __future__ import annotations

import html
import logging
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

import pytest

from tests.kit.notification_server import NotificationServer
from watcher.desktop.freedesktop import Freedesktop
from watcher.desktop.log import Log
from watcher.desktop.memory import Memory
from watcher.model import Button, Choice, Notice
from watcher.ports import Notifier

RESTORE = Button(Choice.RESTORE, "元に戻す")
DETAILS = Button(Choice.DETAILS, "詳しく見る")
TRUST = Button(Choice.TRUST, "Trust & keep")
MOVED = Notice("怪しいメールを移しました", "「日本郵便」を名乗っています", "token-1", (RESTORE, DETAILS))

HOSTILE = [
    "「<b>日本郵便</b>」 & co.",
    """'quoted' "twice", <'%s' {0}>""",
    "-u critical --help",
    "--",
    r"C:\new\101\x41 \\",
    "<img src='http://example.org/a.png'/>&lt;",
    "$(touch gone) `id`",
    "𝐏𝐚𝐲𝐏𝐚𝐥 👩‍💻",
]


class Stage(Protocol):
    """A notifier together with the eyes and the hand of its user."""

    buttons: bool

    @property
    def notifier(self) -> Notifier:
        """What is tested."""

    def screen(self) -> Sequence[tuple[str, str]]:
        """Summary and body of what can be read now, oldest first."""

    def labels(self) -> Sequence[str]:
        """What the buttons of the newest notice say."""

    def grip(self, choice: Choice) -> Callable[[], object]:
        """Put the finger on a button of the newest notice, which is one like `MOVED`: what presses it."""


class MemoryStage:
    """The user of a desktop in memory."""

    buttons = True

    def __init__(self) -> None:
        self.notifier = self.memory = Memory()

    def screen(self) -> Sequence[tuple[str, str]]:
        """What is kept."""
        return [(notice.summary, notice.body) for notice in self.memory.notices]

    def labels(self) -> Sequence[str]:
        """As they were given."""
        return [button.label for button in self.memory.notices[-1].buttons]

    def grip(self, choice: Choice) -> Callable[[], object]:
        """That of the notice with this token."""
        token = self.memory.notices[-1].token
        return partial(self.memory.press, token, choice)


class LogStage:
    """The reader of a log."""

    buttons = False

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO)
        self.notifier = Log()
        self._caplog = caplog

    def screen(self) -> Sequence[tuple[str, str]]:
        """The lines of the log, taken apart."""
        lines = [line.split(": ", 1) for line in self._caplog.messages]
        return [(summary, body) for summary, body in lines]

    def labels(self) -> Sequence[str]:
        """None."""
        return []

    def grip(self, choice: Choice) -> Callable[[], object]:
        """Impossible."""
        raise NotImplementedError


class DesktopStage:
    """The user of a notification server, which reads markup where it says so."""

    def __init__(self, server: NotificationServer) -> None:
        self.server = server
        self.notifier = Freedesktop(server.address)
        self.buttons = "actions" in server.capabilities

    def screen(self) -> Sequence[tuple[str, str]]:
        """What stands on the screen: the last call of each number."""
        read = html.unescape if "body-markup" in self.server.capabilities else str
        shown = {call.number: (call.summary, read(call.body)) for call in self.server.calls}
        return list(shown.values())

    def labels(self) -> Sequence[str]:
        """All but that of "default", which servers do not draw."""
        call = self.server.calls[-1]
        return [label for key, label in zip(call.keys, call.labels, strict=True) if key != "default"]

    def grip(self, choice: Choice) -> Callable[[], object]:
        """The button whose label is that of the choice in `MOVED`."""
        call = self.server.calls[-1]
        label = next(button.label for button in MOVED.buttons if button.choice is choice)
        return lambda: self.server.press(call, call.keys[call.labels.index(label)])


class Presses:
    """Remembers what was pressed."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Choice]] = []

    def __call__(self, token: str, choice: Choice) -> None:
        """As `Notifier.listen` calls it."""
        self.heard.append((token, choice))

    def wait(self, number: int = 1) -> list[tuple[str, Choice]]:
        """All that was heard, as soon as it is that many."""
        until(lambda: len(self.heard) >= number)
        return self.heard


def until(ready: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for something that happens in another thread."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)
