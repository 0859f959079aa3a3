"""What the user, or another Watcher, puts into the suspicious folder, and what is made of it."""

from __future__ import annotations

from tests.kit.confirmed import AUTHSERV, SENDER, confirmed
from tests.kit.hands import decisions, house, look, move_hit, report
from tests.kit.house import House, hit, wanted
from watcher.model import By, Choice, Decision, LessonKind, State
from watcher.pipeline import Rules
from watcher.plan import NOT_PHISHING
from watcher.settle import DONE, carry_out

__all__ = ["house"]


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
    assert mail.flags == {NOT_PHISHING}


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
