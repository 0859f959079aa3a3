"""What `ports.Notebook` promises, held against every one that is shipped."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from watcher.desktop.memory import MemoryNotebook
from watcher.model import Choice, Shown
from watcher.ports import Notebook
from watcher.store.memory import open_memory

MAKERS: dict[str, Callable[[], Notebook]] = {"memory": MemoryNotebook, "ledger": open_memory}
KEPT = 200


@pytest.fixture(params=MAKERS)
def notebook(request: pytest.FixtureRequest) -> Notebook:
    """An empty one of each kind."""
    return MAKERS[request.param]()


def shown(number: int, token: str = "", bus: str = "bus", owner: str = ":1.1") -> Shown:
    """A notice on the screen."""
    return Shown(bus, owner, number, token, (("key", Choice.RESTORE), ("default", Choice.DETAILS)))


def test_an_empty_one(notebook: Notebook) -> None:
    """At first nothing is kept."""
    assert list(notebook.shown()) == []


def test_keeps_everything_in_order(notebook: Notebook) -> None:
    """What was noted comes back as it was, keys and choices and all, oldest first."""
    noted = [shown(3, "a"), shown(1, "b", owner=":1.2"), shown(2, "c", bus="another"), Shown("bus", ":1.1", 4, "", ())]
    for each in noted:
        notebook.note_shown(each)
    assert list(notebook.shown()) == noted


@pytest.mark.parametrize(
    ("second", "kept"),
    [
        (shown(1, "later"), [shown(2), shown(1, "later")]),
        (shown(1, "later", bus="another"), [shown(1), shown(2), shown(1, "later", bus="another")]),
        (shown(1, "later", owner=":1.9"), [shown(1), shown(2), shown(1, "later", owner=":1.9")]),
    ],
    ids=["the same place", "another bus", "another owner"],
)
def test_one_notice_a_place(notebook: Notebook, second: Shown, kept: list[Shown]) -> None:
    """A notice takes the place of that of the same bus, owner and number, of no other, and is the newest then."""
    for each in (shown(1), shown(2), second):
        notebook.note_shown(each)
    assert list(notebook.shown()) == kept


def test_forgets_the_oldest(notebook: Notebook) -> None:
    """Of more than 200 the newest are kept."""
    for number in range(KEPT + 5):
        notebook.note_shown(shown(number))
    assert [each.number for each in notebook.shown()] == list(range(5, KEPT + 5))


def test_a_notice_that_grows_pushes_nobody_out(notebook: Notebook) -> None:
    """However often one notice is shown anew, it takes one place only."""
    notebook.note_shown(shown(1))
    for _ in range(KEPT + 5):
        notebook.note_shown(shown(2))
    assert [each.number for each in notebook.shown()] == [1, 2]
