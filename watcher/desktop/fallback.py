"""Several notifiers as one: each notice goes to the first that can show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watcher.model import Choice, Notice
    from watcher.ports import Notifier


class Fallback:
    """Tries its notifiers in order, for each notice anew, and makes each of them only when its turn first comes.

    Args:
        makers: what makes the notifiers, the preferred one first.
        recalls: whether the preferred one may have notices on the screen from before: then it is made in order to
            listen.
    """

    name = "auto"

    def __init__(self, *makers: Callable[[], Notifier], recalls: bool = False) -> None:
        self._makers = makers
        self._recalls = recalls
        self._made: list[Notifier] = []
        self._pressed: Callable[[str, Choice], None] | None = None
        self._lock = Lock()

    def show(self, notice: Notice) -> bool:
        """Let the first notifier that can show the notice; whether one could."""
        return any(notifier.show(notice) for notifier in self._notifiers())

    def listen(self, pressed: Callable[[str, Choice], None]) -> None:
        """Hear the buttons of all notifiers, also of those made later."""
        with self._lock:
            self._pressed = pressed
            for notifier in self._made:
                notifier.listen(pressed)
        if self._recalls:
            self._notifier(0)

    def buttons(self) -> bool:
        """Whether any of the notifiers can show buttons now."""
        return any(notifier.buttons() for notifier in self._notifiers())

    def close(self) -> None:
        """Close every notifier that was made."""
        for notifier in self._made:
            notifier.close()

    def _notifiers(self) -> Iterator[Notifier]:
        for position in range(len(self._makers)):
            yield self._notifier(position)

    def _notifier(self, position: int) -> Notifier:
        with self._lock:
            if position == len(self._made):
                self._made.append(self._makers[position]())
                if self._pressed is not None:
                    self._made[position].listen(self._pressed)
            return self._made[position]
