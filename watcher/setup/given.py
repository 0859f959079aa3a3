"""Answers that were given beforehand, by the options of a command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from gettext import gettext as _
from typing import TypeVar

from watcher.errors import UserError
from watcher.setup.dialogue import Answer, Dialogue, Tone

T = TypeVar("T")

_OF_ONE_ACCOUNT = (
    *("--address", "--name", "--host", "--port", "--tls", "--ca-file", "--user", "--folder", "--suspicious-folder"),
    *("--login", "--password-stdin", "--password-command", "--credential", "--plaintext"),
    *("--client", "--client-id", "--client-secret-stdin", "--device"),
)


class Given:
    """Answers each question once from what was given, and passes all others on.

    Args:
        answers: by option. What answers a question does so once: when it is asked again, the first answer was no good.
        dialogue: says what is said, and answers what was not given, where somebody is there.
    """

    def __init__(self, answers: Mapping[str, object], dialogue: Dialogue) -> None:
        self._answers = {option: answer for option, answer in answers.items() if answer not in (None, ())}
        self._dialogue = dialogue
        self.interactive = dialogue.interactive

    def say(self, words: str, tone: Tone = Tone.PLAIN) -> None:
        """Passed on."""
        self._dialogue.say(words, tone)

    def text(self, option: str, question: str, default: str = "") -> str:
        """The given text, as it is."""
        if (answer := self._take(option)) is not None:
            return str(answer)
        if not self.interactive and default:
            return default
        self.insist(option)
        return self._dialogue.text(option, question, default)

    def secret(self, option: str, question: str) -> str:
        """The given secret."""
        if (answer := self._take(option)) is not None:
            return str(answer)
        self.insist(option)
        return self._dialogue.secret(option, question)

    def agree(self, option: str, question: str, *, default: bool) -> bool:
        """As given; where nobody can be asked, the default."""
        if (answer := self._take(option)) is not None:
            return bool(answer)
        return self._dialogue.agree(option, question, default=default) if self.interactive else default

    def choose(self, option: str, question: str, answers: Sequence[Answer], default: str = "") -> str:
        """The given key. Raises UserError where it is none of the answers."""
        keys = [answer.key for answer in answers]
        if (given := self._take(option)) is not None:
            if given not in keys:
                raise UserError(_("{option} must be one of: {keys}").format(option=option, keys=", ".join(keys)))
            return str(given)
        if not self.interactive and default:
            return default
        self.insist(option)
        return self._dialogue.choose(option, question, answers, default)

    def pick(self, option: str, question: str, answers: Sequence[Answer]) -> tuple[str, ...]:
        """Never given beforehand."""
        self.insist(option)
        return self._dialogue.pick(option, question, answers)

    def waiting(self, words: str) -> AbstractContextManager[object]:
        """Passed on."""
        return self._dialogue.waiting(words)

    def follow(self, words: str, steps: Iterable[T], total: int) -> Iterator[T]:
        """Passed on."""
        return self._dialogue.follow(words, steps, total)

    def has(self, option: str) -> bool:
        """Whether the option was given, and has not answered a question yet."""
        return option in self._answers

    def optional(self, option: str) -> str:
        """What was given, empty where nothing was. It is never asked for, and so never used up."""
        return str(self._answers.get(option, ""))

    def all(self, option: str) -> tuple[str, ...]:
        """All that was given by an option that may be repeated; alike."""
        given = self._answers.get(option)
        return tuple(str(each) for each in given) if isinstance(given, tuple) else ()

    def next_account(self) -> None:
        """Forget what was given for one account alone."""
        for option in _OF_ONE_ACCOUNT:
            self._answers.pop(option, None)

    def insist(self, option: str) -> None:
        """Raises UserError where nobody can be asked, and the option was not given."""
        if not self.interactive and not self.has(option):
            raise UserError(_("{option} is needed where nobody can be asked.").format(option=option))

    def _take(self, option: str) -> object:
        return self._answers.pop(option, None)
