"""Somebody who answers questions, in the order in which they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

from watcher.setup.dialogue import Answer, Tone

T = TypeVar("T")


class Person:
    """Gives prepared answers; see `Dialogue`.

    Args:
        answers: one for each question; None for the default.
        interactive: whether anybody can be asked at all.
    """

    def __init__(self, *answers: object, interactive: bool = True) -> None:
        self.interactive = interactive
        self._answers = iter(answers)
        self.asked: list[str] = []
        """The questions."""
        self.told: list[str] = []
        """What was said."""

    def say(self, words: str, tone: Tone = Tone.PLAIN) -> None:
        """Kept."""
        del tone
        self.told.append(words)

    def text(self, option: str, question: str, default: str = "") -> str:
        """The next answer."""
        del option
        return str(self._next(question, default))

    def secret(self, option: str, question: str) -> str:
        """The next answer."""
        del option
        return str(self._next(question, ""))

    def agree(self, option: str, question: str, *, default: bool) -> bool:
        """The next answer."""
        del option
        return bool(self._next(question, default))

    def choose(self, option: str, question: str, answers: Sequence[Answer], default: str = "") -> str:
        """The next answer, which has to be one of those."""
        del option
        answer = str(self._next(question, default or answers[0].key))
        assert answer in [each.key for each in answers], f"{question}: {answer} is none of {answers}"
        return answer

    def pick(self, option: str, question: str, answers: Sequence[Answer]) -> tuple[str, ...]:
        """The next answer, a tuple of keys."""
        del option
        picked = self._next(question, tuple(each.key for each in answers))
        assert isinstance(picked, tuple)
        return picked

    def waiting(self, words: str) -> AbstractContextManager[object]:
        """Kept."""
        self.told.append(words)
        return nullcontext()

    def follow(self, words: str, steps: Iterable[T], total: int) -> Iterator[T]:
        """Kept."""
        self.told.append(f"{words} {total}")
        return iter(steps)

    def _next(self, question: str, default: object) -> object:
        self.asked.append(question)
        answer = next(self._answers)
        return default if answer is None else answer
