"""Answers that were given beforehand."""

from __future__ import annotations

import pytest

from tests.kit.dialogue import Person
from watcher.errors import UserError
from watcher.setup.dialogue import Answer
from watcher.setup.given import Given

YES_OR_NO = [Answer("yes", "Yes"), Answer("no", "No")]


def test_what_was_given_is_not_asked() -> None:
    """An option answers its question, in the form in which it was given."""
    given = Given({"--host": "imap.example.jp", "--network": False, "--tls": "no"}, Person())

    assert given.text("--host", "Host?") == "imap.example.jp"
    assert given.agree("--network", "Ask?", default=True) is False
    assert given.choose("--tls", "Which?", YES_OR_NO) == "no"


def test_what_was_not_given_is_asked() -> None:
    """Everything else is put to whoever is there, with the default to be changed."""
    person = Person("taro@example.jp", True, "yes", ("yes",))
    given = Given({"--host": None, "--folder": ()}, person)

    assert given.text("--host", "Host?", "imap") == "taro@example.jp"
    assert given.agree("--network", "Ask?", default=False) is True
    assert given.choose("--tls", "Which?", YES_OR_NO) == "yes"
    assert given.pick("", "Which?", YES_OR_NO) == ("yes",)
    assert person.asked == ["Host?", "Ask?", "Which?", "Which?"]


def test_an_answer_counts_once() -> None:
    """What is asked a second time was no good the first time."""
    given = Given({"--password-stdin": "wrong"}, Person("right"))

    assert [given.secret("--password-stdin", "Password?") for _ in range(2)] == ["wrong", "right"]


def test_what_is_never_asked_for_is_not_used_up() -> None:
    """A second attempt finds the same folders as the first; the next account does not."""
    given = Given({"--folder": ("A", "B"), "--ca-file": "ca.pem", "--action": "move"}, Person())

    assert [given.all("--folder") for _ in range(2)] == [("A", "B")] * 2
    assert [given.optional("--ca-file") for _ in range(2)] == ["ca.pem"] * 2
    given.next_account()
    assert (given.all("--folder"), given.optional("--ca-file"), given.has("--action")) == ((), "", True)


def test_a_script_takes_defaults() -> None:
    """Where nobody can be asked, a default is the answer."""
    given = Given({}, Person(interactive=False))

    assert given.text("--port", "Port?", "993") == "993"
    assert given.agree("--network", "Ask?", default=False) is False
    assert given.choose("--tls", "Which?", YES_OR_NO, "no") == "no"


def test_a_script_is_told_which_option_it_lacks() -> None:
    """Where nobody can be asked and there is no default, the option is named, and nobody is asked."""
    person = Person(interactive=False)
    given = Given({}, person)
    with pytest.raises(UserError, match="--address is needed"):
        given.text("--address", "Address?")
    with pytest.raises(UserError, match="--password-stdin is needed"):
        given.secret("--password-stdin", "Password?")
    with pytest.raises(UserError, match="--tls is needed"):
        given.choose("--tls", "Which?", YES_OR_NO)

    assert person.asked == []


def test_an_answer_that_is_none_is_refused() -> None:
    """A given key has to be one of the answers; which they are is told."""
    with pytest.raises(UserError, match="--tls must be one of: yes, no"):
        Given({"--tls": "maybe"}, Person()).choose("--tls", "Which?", YES_OR_NO)
