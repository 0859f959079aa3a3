"""What the user moves by hand while other things happen: crashes, copies, other answers, forgotten cases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.kit.confirmed import AUTHSERV, confirmed
from tests.kit.hands import house, look, move_hit, report
from tests.kit.house import House
from tests.kit.ledger import a_case
from watcher import digest
from watcher.daemon.watch import Health, Watch
from watcher.errors import UserError
from watcher.model import Address, By, Case, Choice, Decision, LessonKind, Place, State
from watcher.pipeline import Rules
from watcher.plan import NOT_PHISHING
from watcher.settle import DONE, carry_out, restrain
from watcher.sources.memory import MemoryServer, MemorySource

__all__ = ["house"]


class Killed(BaseException):
    """The process is gone."""


class Unreadable(MemorySource):
    """A mailbox in which nothing is found, because an answer cannot be read."""

    def find(self, folder: str, case: Case) -> Place | None:
        """Fail."""
        raise UserError(f"{folder}: {case.id}: an answer cannot be read.")


def do(house: House, choice: Choice, by: By = By.COMMAND, case: int = 0) -> str:
    """Decide about the newest case, or that one; what comes of it."""
    number = case or house.cases()[-1].id
    return carry_out(house.pipeline, house.source(), house.store.add_decision(Decision(choice, number, by, house.now)))


def attend(house: House, source: MemorySource | None = None, schedule: digest.Schedule | None = None) -> Watch:
    """One turn of the daemon."""
    watch = Watch(house.pipeline, source or MemorySource("home", house.server), schedule)
    watch.attend()
    return watch


def test_trust_leaves_the_mail_where_the_user_put_it(house: House) -> None:
    """What was dragged to a watched folder of the user's own choice stays there, whatever is decided later."""
    move_hit(house)
    house.drag(house.only("Suspicious"), "Suspicious", "Work")
    look(house)
    assert do(house, Choice.TRUST) == do(house, Choice.RESTORE) == DONE
    assert len(house.raws("Work")) == 1


def test_delete_for_many_spares_what_was_taken_back(house: House) -> None:
    """The button of a notice for two mails does not throw away the one that the user has dragged home since."""
    for number in (1, 2):
        house.deliver(confirmed(suspicious=True, number=number))
    house.sweep()
    look(house)
    house.drag(min(house.server.folders["Suspicious"].mails), "Suspicious", "INBOX")
    look(house)
    for case in (1, 2):
        assert do(house, Choice.DELETE, By.BUTTON, case) == DONE
    assert (len(house.raws("INBOX")), len(house.raws("Trash"))) == (1, 1)


@pytest.mark.parametrize("target", ["Archive", "Trash"])
def test_out_and_in_again(house: House, target: str) -> None:
    """A mail that left the folder and came back is there again, and can be restored to where it came from."""
    move_hit(house)
    house.drag(house.only("Suspicious"), "Suspicious", target)
    look(house)
    house.drag(house.only(target), target, "Suspicious")
    look(house)
    assert house.cases()[-1].state is State.MOVED
    assert do(house, Choice.RESTORE) == DONE
    assert len(house.raws("INBOX")) == 1


def test_out_and_in_again_between_two_looks(house: House) -> None:
    """A new UID alone is no move."""
    move_hit(house)
    house.drag(house.only("Suspicious"), "Suspicious", "Archive")
    house.drag(house.only("Archive"), "Archive", "Suspicious")
    look(house)
    assert house.cases()[-1].state is State.MOVED
    assert do(house, Choice.RESTORE) == DONE


def test_a_deleted_mail_with_a_twin_is_no_release(house: House) -> None:
    """The same mail may lie in the inbox a second time: what lies in the trash was deleted, and nothing is learned."""
    move_hit(house)
    house.server.put("INBOX", house.server.folders["Suspicious"].mails[house.only("Suspicious")])
    house.drag(house.only("Suspicious"), "Suspicious", "Trash")
    look(house)
    assert house.cases()[-1].state is State.DELETED
    assert house.store.lessons() == ()


def test_a_copy_that_is_deleted_is_no_release() -> None:
    """Where a server can only copy, the original in the inbox does not mean that the user took anything back."""
    house = House(Rules("home", authserv=AUTHSERV), MemoryServer(frozenset({"IMAP4REV1"})))
    house.begin()
    look(house)
    house.deliver(confirmed(suspicious=False))
    house.sweep()
    do(house, Choice.CONFIRM)
    house.server.folders["Suspicious"].mails.clear()
    look(house)
    assert [lesson.kind for lesson in house.store.lessons()] == [LessonKind.DISTRUST]


def test_what_was_forgotten_is_not_moved_again(house: House) -> None:
    """After the ledger has forgotten a case its mail can still be taken back for good."""
    move_hit(house, vouched=False)
    house.later(days=800)
    house.store.prune(house.now, house.now)
    house.drag(house.only("Suspicious"), "Suspicious", "INBOX")
    house.sweep()
    assert len(house.raws("INBOX")) == 1


def test_home_is_where_it_was_last(house: House) -> None:
    """Dragged to the inbox, and reported from there, a mail goes back to the inbox."""
    move_hit(house, folder="Work")
    house.drag(house.only("Suspicious"), "Suspicious", "INBOX")
    look(house)
    house.later(minutes=5)
    house.drag(house.only("INBOX"), "INBOX", "Suspicious")
    look(house)
    assert do(house, Choice.RESTORE) == DONE
    assert len(house.raws("INBOX")) == 1


@pytest.mark.parametrize("target", ["Trash", "INBOX"])
def test_a_button_pressed_after_the_user_moved_the_mail(house: House, target: str) -> None:
    """Before an answer is carried out the daemon looks where the mail lies: it comes home, without our keywords."""
    move_hit(house)
    house.drag(house.only("Suspicious"), "Suspicious", target)
    house.store.add_decision(Decision(Choice.RESTORE, house.cases()[-1].id, By.BUTTON, house.now))
    attend(house)
    assert house.store.waiting_decisions() == ()
    (mail,) = house.server.folders["INBOX"].mails.values()
    assert mail.flags == {NOT_PHISHING}


def test_a_refused_button_is_told(house: House) -> None:
    """Where an answer cannot be carried out, the user who pressed the button is told why."""
    move_hit(house)
    del house.server.folders["Trash"]
    before = len(house.notifier.notices)
    assert do(house, Choice.DELETE, By.BUTTON) != DONE
    assert len(house.notifier.notices) == before + 1


def test_death_within_a_look(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the daemon dies before the lesson is kept, the next start finds and learns it."""

    def die(*_: object) -> None:
        raise Killed

    move_hit(house)
    house.drag(house.only("Suspicious"), "Suspicious", "INBOX")
    with monkeypatch.context() as context:
        context.setattr(house.store, "add_lesson", die)
        with pytest.raises(Killed):
            look(house)
    attend(house)
    assert house.cases()[-1].state is State.RELEASED
    assert len(house.store.lessons()) == 1
    (mail,) = house.server.folders["INBOX"].mails.values()
    assert mail.flags == {NOT_PHISHING}


def test_an_answer_that_cannot_be_read_does_not_end_the_watch(house: House) -> None:
    """Mail is watched all the same when it cannot be found out where another went."""
    move_hit(house)
    house.drag(house.only("Suspicious"), "Suspicious", "Archive")
    watch = attend(house, Unreadable("home", house.server))
    assert watch.standing.health is Health.WATCHING


def test_a_digest_while_observing(house: House) -> None:
    """Where nothing may be changed no digest is put into the inbox, and the watch goes on."""
    schedule = digest.Schedule(notice=True, mail=True)
    attend(house, schedule=schedule)
    move_hit(house)
    house.later(days=1)
    house.change(action="observe")
    watch = attend(house, MemorySource("home", house.server, readonly=True), schedule)
    assert watch.standing.health is Health.WATCHING
    assert house.raws("INBOX") == []


def test_new_uids_are_found_once(house: House) -> None:
    """After all UIDs were given out anew a report is still one, and nothing is asked twice."""
    move_hit(house)
    house.server.renumber("Suspicious")
    look(house)
    report(house)
    look(house)
    assert [case.state for case in house.cases()] == [State.MOVED, State.REPORTED]


def test_the_user_is_told_once_of_a_restraint(house: House) -> None:
    """Mail of three senders was taken back: a detector is turned down, and that is told once, if need be later."""
    house.notifier.works = False
    for number in range(3):
        author = Address("日本郵便", f"sender{number}", "post.example")
        house.store.add_case(a_case(number + 1, author=author, state=State.RELEASED, judged_at=house.now))
    restrain(house.pipeline)
    restrain(house.pipeline)
    (lesson,) = house.store.lessons()
    assert (lesson.kind, lesson.detector) == (LessonKind.RESTRAINT, "brand_name")

    house.notifier.works = True
    house.pipeline.tools.teller.tell("home")
    house.pipeline.tools.teller.tell("home")
    (notice,) = house.notifier.notices
    assert f"watcher forget {lesson.id}" in notice.body


def test_nothing_is_told_during_a_pause(house: House) -> None:
    """What was found before a pause is told after it."""
    house.notifier.works = False
    move_hit(house)
    house.notifier.works = True
    house.store.set_moment("paused until", house.now + timedelta(hours=1))
    house.pipeline.tools.teller.tell("home")
    assert house.notifier.notices == []
    house.later(hours=2)
    house.pipeline.tools.teller.tell("home")
    assert len(house.notifier.notices) == 1
