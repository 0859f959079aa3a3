"""Two computers of one person, each with a Watcher and a ledger of its own, on one mailbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.kit.house import House, hit
from watcher.model import By, Case, Choice, Decision, FolderState, Intent, Mail, Receipt, State
from watcher.own_moves import OwnMoves
from watcher.pipeline import Rules
from watcher.plan import NOT_PHISHING
from watcher.settle import DONE, carry_out
from watcher.sources.memory import MemoryServer, MemorySource


class Interrupted(MemorySource):
    """A mailbox at which somebody else acts, once, at a certain point of our doing.

    Args:
        house: whose it is.
        point: a method of this class.
        act: what he does.
    """

    def __init__(self, house: House, point: str, act: Callable[[], object]) -> None:
        super().__init__(house.rules.account, house.server)
        self._point = point
        self._act = act
        self.open()

    def fill_all(self, mails: Sequence[Mail], sections: Sequence[str], limit: int) -> Sequence[Mail]:
        """After the headers were fetched, before the text is."""
        self._reach("fill_all")
        return super().fill_all(mails, sections, limit)

    def look(self, folder: str) -> FolderState:
        """Before the intent, for which the target is looked at."""
        if folder == "Suspicious":
            self._reach("look")
        return super().look(folder)

    def apply(self, intent: Intent) -> Receipt | None:
        """Between intent and MOVE, and between MOVE and its confirmation."""
        self._reach("before the move")
        receipt = super().apply(intent)
        self._reach("after the move")
        return receipt

    def _reach(self, point: str) -> None:
        if point == self._point:
            self._point = ""
            self._act()


def drag(house: House, target: str) -> None:
    """The user takes the one mail, wherever it lies, and moves it."""
    (origin,) = [name for name in ("INBOX", "Suspicious") if house.server.folders[name].mails]
    house.drag(house.only(origin), origin, target)


def delete(house: House, _target: str) -> None:
    """The user deletes it for good."""
    for folder in house.server.folders.values():
        folder.mails.clear()


def flag(house: House, _target: str) -> None:
    """The user reads it and marks it."""
    for folder in house.server.folders.values():
        for uid, mail in folder.mails.items():
            folder.mails[uid] = replace(mail, flags=mail.flags | {r"\Seen", r"\Flagged"})


POINTS = ("fill_all", "look", "before the move", "after the move")


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize(("act", "left"), [(drag, 1), (delete, 0), (flag, 1)])
def test_the_user_acts_while_we_do(act: Callable[[House, str], None], left: int, point: str) -> None:
    """Whatever he does with the mail at whatever point: it is there once, as he wants it, and no step stays open."""
    house = House()
    house.server.create("Mine")
    house.begin()
    house.deliver(hit())

    source = Interrupted(house, point, lambda: act(house, "Mine"))
    house.sweep(source)
    OwnMoves(house.pipeline).look(source)
    house.sweep(source)

    mails = [mail for folder in house.server.folders.values() for mail in folder.mails.values()]
    assert [mail.raw for mail in mails] == [hit()] * left
    assert not house.store.open_intents("home")
    assert len(house.raws("Mine")) == (act is drag)
    if act is flag:
        assert {r"\Seen", r"\Flagged"} < mails[0].flags
        assert len(house.raws("Suspicious")) == 1


def two(*, keywords: bool = True, history: timedelta = timedelta()) -> tuple[House, House]:
    """Two computers that have seen the empty mailbox."""
    server = MemoryServer(keywords=keywords)
    houses = House(server=server), House(Rules("home", history=history), server=server)
    for house in houses:
        house.begin()
    return houses


def restore(house: House) -> None:
    """The user takes back what was moved."""
    decision = house.store.add_decision(Decision(Choice.RESTORE, house.cases()[-1].id, By.COMMAND, house.now))
    assert carry_out(house.pipeline, house.source(), decision) == DONE


def turn(house: House) -> Case | None:
    """What a turn does; the newest case afterwards."""
    house.sweep()
    OwnMoves(house.pipeline).look(house.source())
    return next(iter(house.cases()[-1:]), None)


def test_what_was_taken_back_meanwhile_is_not_moved_again() -> None:
    """A computer that was off when a mail was moved and taken back leaves it where the user wants it."""
    first, second = two()
    first.deliver(hit())
    first.sweep()
    restore(first)

    case = turn(second)

    assert case is not None
    assert case.state is State.RELEASED
    assert first.raws("INBOX") == [hit()]
    assert not second.notifier.notices


def test_the_users_last_word_counts() -> None:
    """A mail that was taken back and confirmed again after all loses that mark, and is moved."""
    first, second = two()
    first.deliver(hit())
    first.sweep()
    restore(first)
    confirm = first.store.add_decision(Decision(Choice.CONFIRM, first.cases()[-1].id, By.COMMAND, first.now))
    assert carry_out(first.pipeline, first.source(), confirm) == DONE
    turn(second)

    (mail,) = first.server.folders["Suspicious"].mails.values()
    assert NOT_PHISHING not in mail.flags
    assert not first.raws("INBOX")


@pytest.mark.parametrize("faster", [0, 1])
def test_a_mail_is_moved_by_one_of_them(faster: int) -> None:
    """When both have seen it the slower one finds it gone, and neither doubles it or moves it back and forth."""
    houses = two()
    quick, slow = houses[faster], houses[1 - faster]
    quick.deliver(hit())

    slow.sweep(Interrupted(slow, "before the move", quick.sweep))
    for _ in range(3):
        turn(quick)
        turn(slow)
    assert (quick.raws("INBOX"), quick.raws("Suspicious")) == ([], [hit()])

    restore(quick)
    for _ in range(3):
        turn(slow)
        turn(quick)
    assert (quick.raws("INBOX"), quick.raws("Suspicious")) == ([hit()], [])
    assert slow.cases()[-1].state is State.RELEASED


def test_nobody_can_send_a_mail_that_bears_the_mark() -> None:
    """What a mail says in its header is no keyword of the server's."""
    house = House()
    house.begin()
    for header in (b"X-Keywords: NotPhishing\r\n", b"Keywords: NotPhishing\r\n", b"X-Status: NotPhishing\r\n"):
        house.deliver(header + hit())
    house.sweep()

    assert len(house.raws("Suspicious")) == 3
