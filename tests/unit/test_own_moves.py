"""What the user moves by hand in another program, and what Watcher makes of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest

from tests.kit.confirmed import AUTHSERV, SENDER, confirmed
from tests.kit.house import House, hit, wanted
from watcher.errors import TransientError, UserError
from watcher.model import By, Choice, Decision, How, LessonKind, State
from watcher.own_moves import OwnMoves
from watcher.pipeline import Rules
from watcher.plan import KEYWORDS
from watcher.settle import DONE, carry_out, recover
from watcher.sources.memory import MemoryServer


@pytest.fixture
def house() -> House:
    """An account whose empty folders have been seen once."""
    house = House(rules=Rules("home", authserv=AUTHSERV, folders=("INBOX", "Work")))
    house.server.create("Work")
    for name, attribute in (("Trash", r"\trash"), ("Junk", r"\junk"), ("Archive", r"\archive")):
        house.server.create(name)
        house.server.folders[name].attributes = frozenset({attribute})
    house.begin()
    look(house)
    return house


def look(house: House, own_moves: OwnMoves | None = None) -> OwnMoves:
    """Look at the suspicious folder, as each turn does."""
    own_moves = own_moves or OwnMoves(house.pipeline)
    own_moves.look(house.source())
    return own_moves


def decisions(house: House) -> list[tuple[Choice, By, str]]:
    """All decisions that were kept: what, by what means, and what became of them."""
    found = []
    for number in range(1, 20):
        try:
            kept = house.store.decision(number)
        except UserError:
            break
        found.append((kept.choice, kept.by, kept.outcome))
    return found


def move_hit(house: House, *, vouched: bool = True, folder: str = "INBOX") -> None:
    """Deliver a hit, and let it be moved."""
    house.deliver(confirmed(suspicious=True) if vouched else hit(), folder)
    house.sweep()
    assert house.cases()[-1].state is State.MOVED
    look(house)


# Out of the folder.


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


# Into the folder.


def report(house: House, **changes: bool) -> None:
    """Deliver a mail that is judged clean, and let the user drag it to Suspicious some time later."""
    house.deliver(confirmed(suspicious=False, **changes))
    house.sweep()
    house.later(minutes=5)
    house.drag(house.only("INBOX"), "INBOX", "Suspicious")


def test_put_in_by_hand_is_a_report(house: House) -> None:
    """A mail that was judged clean and is dragged to Suspicious is reported, and its sender distrusted."""
    report(house)
    look(house)

    assert house.cases()[-1].state is State.REPORTED
    assert decisions(house) == [(Choice.CONFIRM, By.OWN_MOVE, DONE)]
    (lesson,) = house.store.lessons()
    assert (lesson.sender, lesson.kind) == (SENDER, LessonKind.DISTRUST)


def test_the_next_one_of_a_reported_sender_is_moved(house: House) -> None:
    """Such mail from there is moved from then on, and stays when the lesson is taken back."""
    report(house)
    look(house)
    house.deliver(confirmed(suspicious=False, number=2))
    house.sweep()
    assert house.cases()[-1].state is State.MOVED

    house.store.forget_lesson(house.store.lessons()[0].id, house.now)
    house.deliver(confirmed(suspicious=False, number=3))
    house.sweep()
    assert house.cases()[-1].state is State.CLEAN


def test_a_report_is_taken_back_by_hand(house: House) -> None:
    """A mail that was reported and is dragged back is released, and the distrust is gone."""
    report(house)
    look(house)
    house.drag(house.only("Suspicious"), "Suspicious", "INBOX")
    look(house)

    assert house.cases()[-1].state is State.RELEASED
    assert [lesson.kind for lesson in house.store.lessons()] == [LessonKind.TRUST]


def test_a_reported_mail_is_restored(house: House) -> None:
    """The command takes a report back, to the folder that the mail came from."""
    report(house)
    look(house)
    decision = house.store.add_decision(Decision(Choice.RESTORE, house.cases()[-1].id, By.COMMAND, house.now))

    assert carry_out(house.pipeline, house.source(), decision) == DONE
    assert len(house.raws("INBOX")) == 1


def test_marked_by_another_watcher_is_no_report(house: House) -> None:
    """A mail that bears $Phishing was put there by another computer's Watcher, or reported to it."""
    report(house)
    folder = house.server.folders["Suspicious"]
    uid = house.only("Suspicious")
    folder.mails[uid] = type(folder.mails[uid])(folder.mails[uid].raw, frozenset({"$Phishing"}), folder.mails[uid].at)
    look(house)

    assert house.cases()[-1].state is State.CLEAN
    assert house.store.lessons() == ()


def test_what_was_judged_this_moment_is_looked_at_again(house: House) -> None:
    """Another Watcher moves first and marks then: only a minute later the lack of a mark means something."""
    house.deliver(confirmed(suspicious=False))
    house.sweep()
    house.drag(house.only("INBOX"), "INBOX", "Suspicious")
    own_moves = look(house)
    assert house.cases()[-1].state is State.CLEAN

    house.later(minutes=2)
    look(house, own_moves)
    assert house.cases()[-1].state is State.REPORTED


def test_unknown_mail_put_in_is_never_judged(house: House) -> None:
    """A mail from before the watch is no report; and it is left alone when it is taken out again."""
    house.deliver(hit(7), "Archive")
    house.drag(house.only("Archive"), "Archive", "Suspicious")
    look(house)
    assert [case.state for case in house.cases()] == [State.FOREIGN]

    house.drag(house.only("Suspicious"), "Suspicious", "INBOX")
    look(house)
    house.sweep()
    assert house.raws("INBOX") == [hit(7)]
    assert house.store.lessons() == ()


def test_what_lay_there_before_is_no_report() -> None:
    """At first sight the folder may be full of mail that somebody moved long ago."""
    house = House()
    house.begin()
    house.deliver(wanted())
    house.sweep()
    house.later(hours=1)
    house.drag(house.only("INBOX"), "INBOX", "Suspicious")
    look(house)

    assert [case.state for case in house.cases()] == [State.CLEAN]


def test_put_back_after_a_release_is_a_change_of_mind(house: House) -> None:
    """A released mail that is dragged to Suspicious again is moved again, and its lesson taken back."""
    move_hit(house)
    house.drag(house.only("Suspicious"), "Suspicious", "INBOX")
    look(house)
    house.later(minutes=5)
    house.drag(house.only("INBOX"), "INBOX", "Suspicious")
    look(house)

    assert house.cases()[-1].state is State.MOVED
    assert [lesson.kind for lesson in house.store.lessons()] == [LessonKind.DISTRUST]


def test_a_marked_mail_that_is_put_in(house: House) -> None:
    """What was only marked, and is dragged there by hand, counts as moved; our own mark is no other Watcher's."""
    house.change(action="notify")
    house.deliver(confirmed(suspicious=True))
    house.sweep()
    assert house.cases()[-1].state is State.MARKED
    house.drag(house.only("INBOX"), "INBOX", "Suspicious")
    look(house)
    assert house.cases()[-1].state is State.MOVED
    assert house.store.lessons() == ()

    house.drag(house.only("Suspicious"), "Suspicious", "INBOX")
    look(house)
    assert house.cases()[-1].state is State.RELEASED
    (mail,) = house.server.folders["INBOX"].mails.values()
    assert not mail.flags


def test_what_a_filter_puts_into_junk_is_no_report() -> None:
    """Where the suspicious folder is that of junk mail, others put mail there too, and nobody has said anything."""
    house = House(rules=Rules("home", authserv=AUTHSERV, suspicious_folder="Junk"))
    house.server.folders["Junk"].attributes = frozenset({r"\junk"})
    house.begin()
    look(house)
    house.deliver(confirmed(suspicious=False))
    house.sweep()
    house.later(minutes=5)
    house.drag(house.only("INBOX"), "INBOX", "Junk")
    look(house)

    assert house.cases()[-1].state is State.CLEAN
    assert house.store.lessons() == ()


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
