"""Questions at a terminal, by questionary; where nobody can be asked, there is `Silence`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from gettext import gettext as _
from typing import TYPE_CHECKING, Any, TypeVar

import click

from watcher.cli.progress import follow
from watcher.setup.dialogue import Answer, Dialogue, Tone
from watcher.text import clean

if TYPE_CHECKING:
    from questionary import Choice, Question

T = TypeVar("T")
_LONGEST = 4000
"""Characters: an address at which to give consent is long, and must not be cut."""
_LOOKS: dict[Tone, dict[str, Any]] = {
    Tone.PLAIN: {},
    Tone.HEADING: {"bold": True},
    Tone.GOOD: {"fg": "green"},
    Tone.BAD: {"fg": "red"},
    Tone.ASIDE: {"dim": True},
}
_MARKS = {Tone.GOOD: "✓ ", Tone.BAD: "✗ "}


def dialogue() -> Dialogue:
    """A dialogue with whoever sits at the terminal; with nobody where there is none."""
    return Terminal() if sys.stdin.isatty() and sys.stdout.isatty() else Silence()


def _say(words: str, tone: Tone) -> None:
    if tone is Tone.HEADING:
        click.echo()
    click.echo(click.style(_MARKS.get(tone, "") + clean(words, _LONGEST), **_LOOKS[tone]))


class Silence:
    """Nobody to ask: what was not given beforehand is missing. See `Dialogue`."""

    interactive = False

    def say(self, words: str, tone: Tone = Tone.PLAIN) -> None:
        """Printed."""
        _say(words, tone)

    def text(self, option: str, question: str, default: str = "") -> str:
        """Never asked: `Given` sees to that."""
        raise EOFError(option, question, default)

    def secret(self, option: str, question: str) -> str:
        """Alike."""
        raise EOFError(option, question)

    def agree(self, option: str, question: str, *, default: bool) -> bool:
        """Alike."""
        raise EOFError(option, question, default)

    def choose(self, option: str, question: str, answers: Sequence[Answer], default: str = "") -> str:
        """Alike."""
        raise EOFError(option, question, answers, default)

    def pick(self, option: str, question: str, answers: Sequence[Answer]) -> tuple[str, ...]:
        """Alike."""
        raise EOFError(option, question, answers)

    def waiting(self, words: str) -> AbstractContextManager[object]:
        """Nothing is shown."""
        del words
        return nullcontext()

    def follow(self, words: str, steps: Iterable[T], total: int) -> Iterator[T]:
        """Nothing is shown."""
        del words, total
        return iter(steps)


class Terminal(Silence):
    """Somebody at a terminal."""

    interactive = True

    def text(self, option: str, question: str, default: str = "") -> str:
        """A line, with the default in it to be changed."""
        del option
        return str(self._ask("text", question, default=default, validate=_is_filled)).strip()

    def secret(self, option: str, question: str) -> str:
        """A line that is not shown, not even by its length."""
        del option
        return click.prompt(question, hide_input=True, prompt_suffix=" ")

    def agree(self, option: str, question: str, *, default: bool) -> bool:
        """Yes or no, as words to choose from: y and n mean nothing to many."""
        answers = [Answer("yes", _("Yes")), Answer("no", _("No"))]
        return self.choose(option, question, answers, "yes" if default else "no") == "yes"

    def choose(self, option: str, question: str, answers: Sequence[Answer], default: str = "") -> str:
        """One of a list, by the arrow keys."""
        del option
        choices = _choices(answers)
        instruction = _("(arrow keys, then Enter)")
        chosen = self._ask(
            "select", question, choices=choices, default=default or None, instruction=instruction, pointer="❯"
        )
        return str(chosen)

    def pick(self, option: str, question: str, answers: Sequence[Answer]) -> tuple[str, ...]:
        """Some of a list, by the space bar."""
        del option
        instruction = _("(Space picks, Enter goes on)")
        choices = _choices(answers, checked=True)
        picked = self._ask("checkbox", question, choices=choices, instruction=instruction, pointer="❯")
        return tuple(str(key) for key in picked)

    def waiting(self, words: str) -> AbstractContextManager[object]:
        """A wheel that turns."""
        from rich.console import Console  # noqa: PLC0415 - loaded only where it is used

        return Console().status(clean(words, _LONGEST))

    def follow(self, words: str, steps: Iterable[T], total: int) -> Iterator[T]:
        """A bar that grows."""
        return follow(words, steps, total)

    def _ask(self, kind: str, words: str, **options: Any) -> Any:
        import questionary  # noqa: PLC0415 - 60 modules that only `setup` needs

        style = questionary.Style([("qmark", "fg:ansicyan"), ("pointer", "fg:ansicyan"), ("selected", "noreverse")])
        question: Question = getattr(questionary, kind)(clean(words, _LONGEST), qmark="?", style=style, **options)
        return question.unsafe_ask()


def _choices(answers: Sequence[Answer], *, checked: bool = False) -> list[Choice]:
    from questionary import Choice  # noqa: PLC0415 - as above

    return [Choice(clean(answer.words, _LONGEST), answer.key, checked=checked) for answer in answers]


def _is_filled(text: str) -> bool | str:
    return bool(text.strip()) or _("Please type something, or end with Ctrl-C.")
