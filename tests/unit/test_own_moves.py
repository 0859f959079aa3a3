"""What the user takes out of the suspicious folder by hand, and what Watcher makes of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest

from tests.kit.confirmed import SENDER, confirmed
from tests.kit.hands import decisions, house, look, move_hit
from tests.kit.house import House, wanted
from watcher.errors import TransientError
from watcher.model import By, Choice, Decision, How, LessonKind, State
from watcher.own_moves import OwnMoves
from watcher.pipeline import Rules
from watcher.plan import KEYWORDS
from watcher.settle import DONE, carry_out, recover
from watcher.sources.memory import MemoryServer

__all__ = ["house"]


@pytest.mark.parametrize("target", ["INBOX", "Work"])
def test_taken_back_is_a_release(house: House, target: str) -> None:
    """A mail that the user drags to a watched folder is released there, loses our keywords, and teaches."""
    move_hit(house)

    house.drag(house.only("Suspicious"), "Suspicious", target)
    look(house)

    case = house.cases()[-1]
    assert case.state is State.RELEASED
    assert decisions(house) == [(Choice.RESTORE, By.OWN_MOVE, DONE)]
    (mail,) = house.server.folders[target].mails.values()
    assert not mail.flags & set(KEYWORDS)
    assert house.raws("Suspicious") == []
    (lesson,) = house.store.lessons()
    assert (lesson.sender, lesson.brand, lesson.kind) == (SENDER, "japan_post", LessonKind.TRUST)
    house.sweep()
    assert len(house.raws(target)) == 1, "it was judged again"


def test_the_next_one_stays(house: House) -> None:
    """After a release by hand, such mail from there is left alone, unless it carries a program."""
    move_hit(house)
    house.drag(house.only("Suspicious"), "Suspicious", "INBOX")
    look(house)

    evidence = [lesson.sender for lesson in house.store.lessons()]
    assert evidence == [SENDER]


def test_unconfirmed_mail_taken_back_teaches_nothing(house: House) -> None:
    """Without a confirmed sender a release concerns that mail alone."""
    move_hit(house, vouched=False)
    house.drag(house.only("Suspicious"), "Suspicious", "INBOX")
    look(house)

    assert house.cases()[-1].state is State.RELEASED
    assert house.store.lessons() == ()


@pytest.mark.parametrize(
    ("target", "state"), [("Trash", State.DELETED), ("Junk", State.DELETED), ("Archive", State.FILED)]
)
def test_taken_elsewhere_teaches_nothing(house: House, target: str, state: State) -> None:
    """To the trash or junk it is deleted, to any other folder it is left alone; nobody decided anything."""
    move_hit(house)
    house.drag(house.only("Suspicious"), "Suspicious", target)
    look(house)

    assert house.cases()[-1].state is state
    assert house.store.lessons() == ()
    assert decisions(house) == []
    (mail,) = house.server.folders[target].mails.values()
    assert mail.flags == set(KEYWORDS)


def test_what_was_deleted_by_hand_is_restored_from_the_trash(house: House) -> None:
    """The undo of a mail that the user has put into the trash brings it home."""
    move_hit(house)
    house.drag(house.only("Suspicious"), "Suspicious", "Trash")
    look(house)

    decision = house.store.add_decision(Decision(Choice.RESTORE, house.cases()[-1].id, By.COMMAND, house.now))
    assert carry_out(house.pipeline, house.source(), decision) == DONE
    assert len(house.raws("INBOX")) == 1
    assert house.raws("Trash") == []


def test_erased_mail_is_left_alone(house: House) -> None:
    """A mail that is nowhere any more is no release."""
    move_hit(house)
    house.server.folders["Suspicious"].mails.clear()
    look(house)

    assert house.cases()[-1].state is State.FILED
    assert house.store.lessons() == ()


def test_a_copy_in_the_inbox_is_no_release_yet(house: House) -> None:
    """Some programs move by copying first: while the mail still lies there nothing is concluded."""
    move_hit(house)
    uid = house.only("Suspicious")
    house.server.put("INBOX", house.server.folders["Suspicious"].mails[uid])
    look(house)
    assert house.cases()[-1].state is State.MOVED

    del house.server.folders["Suspicious"].mails[uid]
    look(house)
    assert house.cases()[-1].state is State.RELEASED


def test_our_own_restore_is_no_own_move(house: House) -> None:
    """What the button or a command took back is not found a second time."""
    move_hit(house)
    decision = house.store.add_decision(Decision(Choice.RESTORE, house.cases()[-1].id, By.BUTTON, house.now))
    carry_out(house.pipeline, house.source(), decision)
    look(house)

    assert [by for _, by, _ in decisions(house)] == [By.BUTTON]


def test_after_new_uids_nothing_has_gone(house: House) -> None:
    """A server that gives out all UIDs anew has not moved anything."""
    move_hit(house)
    house.server.renumber("Suspicious")
    look(house)
    assert house.cases()[-1].state is State.MOVED

    house.drag(house.only("Suspicious"), "Suspicious", "INBOX")
    look(house)
    assert house.cases()[-1].state is State.RELEASED


def test_a_folder_that_is_gone_tells_nothing(house: House) -> None:
    """Without the folder nobody knows where its mail went."""
    move_hit(house)
    del house.server.folders["Suspicious"]
    look(house)

    assert house.cases()[-1].state is State.MOVED


# Two computers.


def test_another_watcher_was_faster(house: House) -> None:
    """The mail that it moved is ours as well: the user's release is learned here, too."""
    source = house.source()
    house.deliver(confirmed(suspicious=True))
    fetched = list(source.fetch("INBOX", [house.only("INBOX")]))
    moved = house.drag(house.only("INBOX"), "INBOX", "Suspicious")
    assert moved
    assert house.pipeline.handle(source, fetched[0], may_move=True).state is State.VANISHED

    look(house)
    case = house.cases()[-1]
    assert case.state is State.MOVED
    assert [receipt.how for receipt in house.store.receipts(case.id)] == [How.OTHERS]

    house.drag(moved, "Suspicious", "INBOX")
    look(house)
    assert house.cases()[-1].state is State.RELEASED
    assert len(house.store.lessons()) == 1


# How much is asked.


def test_nothing_is_asked_while_nothing_changes(house: House) -> None:
    """As long as the folder stands as it stood, one look at it is all."""
    move_hit(house)
    own_moves = look(house)
    source = house.source()
    house.server.commands_left = 1
    own_moves.look(source)
    house.server.commands_left = None

    house.later(days=1)
    assert house.cases()[-1].state is State.MOVED


def test_while_observing_nothing_is_concluded() -> None:
    """Where nothing may be changed nothing is learned from moves either."""
    house = House(rules=Rules("home", action="observe"), server=MemoryServer())
    house.begin()
    house.deliver(wanted())
    house.sweep()
    house.now += timedelta(hours=1)
    house.drag(house.only("INBOX"), "INBOX", "Suspicious")
    look(house)

    assert [case.state for case in house.cases()] == [State.CLEAN]


@pytest.mark.parametrize("commands", range(1, 12))
def test_the_connection_may_break_anywhere(house: House, commands: int) -> None:
    """Wherever a look is cut short, the next one comes to the same end, once."""
    move_hit(house)
    house.drag(house.only("Suspicious"), "Suspicious", "INBOX")
    house.server.commands_left = commands
    with suppress(TransientError):
        OwnMoves(house.pipeline).look(house.source())
    house.server.commands_left = None
    house.later(minutes=1)
    recover(house.pipeline, house.source())
    for waiting in house.store.waiting_decisions():
        carry_out(house.pipeline, house.source(), waiting)
    look(house)

    assert house.cases()[-1].state is State.RELEASED
    assert len(house.raws("INBOX")) == 1
    assert len(house.store.lessons()) == 1
