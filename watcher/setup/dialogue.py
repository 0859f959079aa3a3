"""How questions are put, whoever answers them: a person at a terminal, or the options of a script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

T = TypeVar("T")


class Tone(StrEnum):
    """How something is said."""

    PLAIN = "plain"
    HEADING = "heading"
    GOOD = "good"
    """Something has been done."""
    BAD = "bad"
    """Something has to be mended."""
    ASIDE = "aside"
    """Whoever is in a hurry may skip it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the answers that a question allows."""

    key: str
    """For programs; what an option would say."""
    words: str
    """For people."""


class Dialogue(Protocol):
    """Puts questions. Each bears the name of the option that answers it beforehand, such as `--host`.

    Whoever cannot answer raises UserError with that option's name. What a person breaks off raises KeyboardInterrupt.
    """

    interactive: bool
    """Whether somebody is there who can answer once more, and otherwise."""

    def say(self, words: str, tone: Tone = Tone.PLAIN) -> None:
        """Tell something: finished clean text."""

    def text(self, option: str, question: str, default: str = "") -> str:
        """A line of text, without spaces around it; never empty."""

    def secret(self, option: str, question: str) -> str:
        """A line that is not shown while it is typed; never empty."""

    def agree(self, option: str, question: str, *, default: bool) -> bool:
        """Yes or no."""

    def choose(self, option: str, question: str, answers: Sequence[Answer], default: str = "") -> str:
        """The key of one answer."""

    def pick(self, option: str, question: str, answers: Sequence[Answer]) -> tuple[str, ...]:
        """The keys of any number of answers; all are picked to begin with."""

    def waiting(self, words: str) -> AbstractContextManager[object]:
        """Say that something takes a while, for as long as it does."""

    def follow(self, words: str, steps: Iterable[T], total: int) -> Iterator[T]:
        """The same steps, while showing how many of them are done. A person may end them early."""
