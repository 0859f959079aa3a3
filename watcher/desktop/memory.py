"""A desktop that exists in memory only, for tests and the demo."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watcher.model import Choice, Notice


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
        """What stands on the screen, oldest first: a notice takes the place of an earlier one of the same token."""
        self._pressed: Callable[[str, Choice], None] | None = None

    def show(self, notice: Notice) -> bool:
        """Keep the notice, unless `works` is off."""
        if not self.works:
            return False
        for position, shown in enumerate(self.notices):
            if notice.token and shown.token == notice.token:
                self.notices[position] = notice
                return True
        self.notices.append(notice)
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
