"""What `ports.Notifier` promises, held against every back end, and how one of them is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from tests.kit.notification_server import FULL, NotificationServer
from tests.kit.stages import DETAILS, HOSTILE, MOVED, RESTORE, DesktopStage, LogStage, MemoryStage, Presses, Stage
from watcher.desktop import BACKENDS, choose
from watcher.desktop.fallback import Fallback
from watcher.desktop.log import Silent
from watcher.desktop.memory import Memory
from watcher.errors import UserError
from watcher.model import Choice, Notice

DBUS = pytest.mark.dbus
ALL = ("memory", "log", pytest.param("desktop", marks=DBUS), pytest.param("bare desktop", marks=DBUS))
WITH_BUTTONS = ("memory", pytest.param("desktop", marks=DBUS))


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """The back end that the test's parameter names."""
    match request.param:
        case "memory":
            made: Stage = MemoryStage()
        case "log":
            made = LogStage(request.getfixturevalue("caplog"))
        case _:
            server: NotificationServer = request.getfixturevalue("server")
            server.capabilities = list(FULL) if request.param == "desktop" else ["body"]
            made = DesktopStage(server)
    yield made
    made.notifier.close()


# What every back end promises.


@pytest.mark.parametrize("stage", ALL, indirect=True)
@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_shown_as_it_is(stage: Stage, text: str) -> None:
    """A reader sees exactly the words of the notice, whatever characters they hold."""
    assert stage.notifier.show(Notice("怪しいメール", text))
    assert stage.screen() == [("怪しいメール", text)]


@pytest.mark.parametrize("stage", ALL[1:], indirect=True)
def test_no_character_breaks_the_carrier(stage: Stage) -> None:
    """A control character or half a character in a notice cannot forge a line or break what carries it."""
    assert stage.notifier.show(Notice("one\nERROR", "two\r\x1b[2J\x00 \ud83d three"))
    assert stage.screen() == [("one ERROR", "two  [2J    three")]


@pytest.mark.parametrize("stage", ALL[1:], indirect=True)
def test_lines_stay_lines_except_in_a_log(stage: Stage) -> None:
    """A notice of several mails has a line for each; in a log a line break could forge an entry."""
    assert stage.notifier.show(Notice("two mails", "one\nERROR two"))
    assert stage.screen() == [("two mails", "one ERROR two" if isinstance(stage, LogStage) else "one\nERROR two")]


@pytest.mark.parametrize("stage", ALL, indirect=True)
def test_says_whether_it_has_buttons(stage: Stage) -> None:
    """`buttons` tells the truth about the notices shown now."""
    assert stage.notifier.buttons() is stage.buttons
    assert stage.notifier.show(MOVED)
    assert list(stage.labels()) == ([RESTORE.label, DETAILS.label] if stage.buttons else [])


@pytest.mark.parametrize("stage", WITH_BUTTONS, indirect=True)
def test_a_later_notice_takes_the_place_of_the_former(stage: Stage) -> None:
    """A notice of the same token replaces the earlier one; one of another token, or of none, does not."""
    for token, body in (("a", "1"), ("b", "2"), ("a", "3"), ("", "4"), ("", "5")):
        assert stage.notifier.show(Notice("s", body, token))
    assert stage.screen() == [("s", "3"), ("s", "2"), ("s", "4"), ("s", "5")]


@pytest.mark.parametrize("stage", WITH_BUTTONS, indirect=True)
@pytest.mark.parametrize(
    ("replaces", "screen"),
    [
        ("a", [("s", "new"), ("s", "b")]),
        ("b", [("s", "a"), ("s", "new")]),
        ("never shown", [("s", "a"), ("s", "b"), ("s", "new")]),
        ("", [("s", "a"), ("s", "b"), ("s", "new")]),
    ],
)
def test_a_notice_names_the_one_that_it_replaces(
    stage: Stage, replaces: str, screen: Sequence[tuple[str, str]]
) -> None:
    """A notice stands where the one stood whose token it names, and by itself where there is none."""
    for notice in (Notice("s", "a", "a"), Notice("s", "b", "b"), Notice("s", "new", "c", replaces=replaces)):
        assert stage.notifier.show(notice)
    assert stage.screen() == screen


@pytest.mark.parametrize("stage", WITH_BUTTONS, indirect=True)
def test_without_the_one_to_replace_the_own_token_counts(stage: Stage) -> None:
    """A notice whose forerunner is not known takes the place of the one of its own token."""
    for notice in (Notice("s", "a", "a"), Notice("s", "b", "b"), Notice("s", "new", "a", replaces="never shown")):
        assert stage.notifier.show(notice)
    assert stage.screen() == [("s", "new"), ("s", "b")]


@pytest.mark.parametrize("stage", WITH_BUTTONS, indirect=True)
def test_a_replaced_notice_has_no_buttons(stage: Stage) -> None:
    """What is pressed after a notice was replaced speaks of the new one, never of the former."""
    presses = Presses()
    stage.notifier.listen(presses)
    stage.notifier.show(MOVED)
    former = stage.grip(Choice.RESTORE)
    stage.notifier.show(replace(MOVED, token="token-2", replaces=MOVED.token))
    former()
    stage.grip(Choice.RESTORE)()
    assert presses.wait() == [("token-2", Choice.RESTORE)]


@pytest.mark.parametrize("stage", ALL, indirect=True)
def test_says_what_to_type_where_there_are_no_buttons(stage: Stage) -> None:
    """Without buttons the last line says what to type in their place; with buttons they are enough."""
    assert stage.notifier.show(replace(MOVED, by_hand="元に戻すには: watcher restore 3"))
    (shown,) = stage.screen()
    separator = " " if isinstance(stage, LogStage) else "\n"
    typed = "" if stage.buttons else f"{separator}元に戻すには: watcher restore 3"
    assert shown == (MOVED.summary, MOVED.body + typed)


@pytest.mark.parametrize("stage", WITH_BUTTONS, indirect=True)
@pytest.mark.parametrize("choice", [Choice.RESTORE, Choice.DETAILS])
def test_a_press_is_heard(stage: Stage, choice: Choice) -> None:
    """Pressing a button calls back with the notice's token and the button's choice, once."""
    presses = Presses()
    stage.notifier.listen(presses)
    stage.notifier.show(MOVED)
    stage.grip(choice)()
    assert presses.wait() == [(MOVED.token, choice)]


@pytest.mark.parametrize("stage", WITH_BUTTONS, indirect=True)
def test_nothing_is_heard_after_closing(stage: Stage) -> None:
    """A closed notifier does not call back, and closing twice does no harm."""
    presses = Presses()
    stage.notifier.listen(presses)
    stage.notifier.show(MOVED)
    press = stage.grip(Choice.RESTORE)
    stage.notifier.close()
    stage.notifier.close()
    press()
    assert presses.heard == []


def test_memory_presses_only_what_is_there() -> None:
    """A test cannot press a button that its notice does not have, or of a notice that was never shown."""
    memory, presses = Memory(), Presses()
    memory.listen(presses)
    memory.show(MOVED)
    assert not memory.press(MOVED.token, Choice.TRUST)
    assert not memory.press("another", Choice.RESTORE)
    assert presses.heard == []


def test_memory_can_refuse() -> None:
    """A memory that does not work shows nothing and says so."""
    memory = Memory(works=False, has_buttons=False)
    assert not memory.show(MOVED)
    assert not memory.buttons()
    assert memory.notices == []


# Choosing among them.


def test_falls_back_for_each_notice_anew() -> None:
    """The first notifier that can show a notice gets it, whichever worked before."""
    first, second = Memory(works=False), Memory(has_buttons=False)
    chain = Fallback(lambda: first, lambda: second)
    assert chain.show(Notice("s", "1"))
    first.works = True
    assert chain.show(Notice("s", "2"))
    assert chain.buttons()
    assert ([notice.body for notice in first.notices], [notice.body for notice in second.notices]) == (["2"], ["1"])


def test_falls_back_no_further_than_needed() -> None:
    """A notifier whose turn never comes is never made; one that is made late is listened to as well."""
    first, second, presses = Memory(), Memory(), Presses()
    made: list[str] = []

    def late() -> Memory:
        made.append("second")
        return second

    chain = Fallback(lambda: first, late)
    chain.listen(presses)
    chain.show(MOVED)
    assert made == []
    first.works = False
    chain.show(MOVED)
    chain.show(MOVED)
    second.press(MOVED.token, Choice.RESTORE)
    assert (made, presses.heard) == (["second"], [(MOVED.token, Choice.RESTORE)])
    chain.close()
    assert not second.press(MOVED.token, Choice.RESTORE)


@pytest.mark.parametrize(("recalls", "made"), [(True, ["first"]), (False, [])])
def test_whoever_may_be_answered_from_before_listens_at_once(*, recalls: bool, made: list[str]) -> None:
    """The preferred notifier is made for the sake of notices that a former run has shown, and only for these."""
    first, presses, makers = Memory(), Presses(), []

    def make() -> Memory:
        makers.append("first")
        return first

    chain = Fallback(make, Memory, recalls=recalls)
    chain.listen(presses)
    first.show(MOVED)
    assert (makers, first.press(MOVED.token, Choice.RESTORE)) == (made, recalls)


def test_nowhere_left_to_fall() -> None:
    """When no notifier works, the notice is not shown, and the caller is told so."""
    assert not Fallback(lambda: Memory(works=False)).show(MOVED)


@pytest.mark.parametrize("backend", BACKENDS)
def test_each_name_gives_its_notifier(backend: str) -> None:
    """Every name that the configuration may hold gives the notifier of that name."""
    assert choose(backend).name == backend


def test_unknown_name() -> None:
    """A name that is none is the user's to mend."""
    with pytest.raises(UserError, match="growl"):
        choose("growl")


def test_silence_counts_as_shown() -> None:
    """Who wants no notices is not asked again and again."""
    assert Silent().show(MOVED)
    assert not Silent().buttons()
