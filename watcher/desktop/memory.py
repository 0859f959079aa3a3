"""A desktop that exists in memory only, for tests and the demo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.desktop.mail_uri import mail_uri

if TYPE_CHECKING:
    from watcher.model import Choice, Notice, Shown

REMEMBERED = 200
"""Notices whose buttons are still answered: people come back from lunch, but memory has an end."""


class Memory:
    """Keeps what it is shown, and lets a test press buttons.

    Args:
        works: whether notices can be shown; may be changed at any time.
        has_buttons: whether they have buttons; may be changed at any time.
    """

    name = "memory"

    def __init__(self, *, works: bool = True, has_buttons: bool = True) -> None:
        self.works = works
        self.has_buttons = has_buttons
        self.notices: list[Notice] = []
        """What stands on the screen, oldest first: a notice takes the place of the one that it replaces."""
        self._pressed: Callable[[str, Choice], None] | None = None

    def show(self, notice: Notice) -> bool:
        """Keep the notice, unless `works` is off."""
        if not self.works:
            return False
        tokens = [shown.token for shown in self.notices]
        former = next((token for token in (notice.replaces, notice.token) if token and token in tokens), None)
        if former is None:
            self.notices.append(notice)
        else:
            self.notices[tokens.index(former)] = notice
        return True

    def listen(self, pressed: Callable[[str, Choice], None]) -> None:
        """Call `pressed` from within `press`."""
        self._pressed = pressed

    def buttons(self) -> bool:
        """As `has_buttons` says."""
        return self.has_buttons

    def close(self) -> None:
        """Stop listening; what was shown stays to be looked at."""
        self._pressed = None

    def press(self, token: str, choice: Choice) -> bool:
        """Press a button of the notice with this token; whether there was such a button and somebody listened."""
        offered = any(
            notice.token == token and any(button.choice is choice for button in notice.buttons)
            for notice in self.notices
        )
        if not (offered and self.has_buttons and self._pressed):
            return False
        self._pressed(token, choice)
        return True


class MemoryNotebook:
    """Keeps what is noted for as long as it lives itself.

    Args:
        shown: what it holds already, oldest first.
    """

    def __init__(self, shown: Sequence[Shown] = ()) -> None:
        self._shown = {(each.bus, each.owner, each.number): each for each in shown}

    def note_shown(self, shown: Shown) -> None:
        """Keep it as the newest, and forget the oldest of too many."""
        key = (shown.bus, shown.owner, shown.number)
        self._shown.pop(key, None)
        self._shown[key] = shown
        while len(self._shown) > REMEMBERED:
            del self._shown[next(iter(self._shown))]

    def shown(self) -> Sequence[Shown]:
        """All that is kept, oldest first."""
        return tuple(self._shown.values())


class MemoryViewer:
    """Opens nothing, and keeps what it was asked to open.

    Args:
        works: whether there are programs that take it; may be changed at any time.
    """

    def __init__(self, *, works: bool = True) -> None:
        self.works = works
        self.pages: list[Path] = []
        self.mails: list[str] = []

    def show_page(self, page: Path) -> bool:
        """Keep the page, unless `works` is off."""
        if self.works:
            self.pages.append(page)
        return self.works

    def show_mail(self, message_id: str) -> bool:
        """Keep the Message-ID, unless `works` is off or no viewer would take it."""
        if not (self.works and mail_uri(message_id)):
            return False
        self.mails.append(message_id)
        return True
