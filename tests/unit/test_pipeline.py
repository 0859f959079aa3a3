"""A mail's journey from the inbox to the user's undo, with every room but the world."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.kit.house import House, hit, wanted
from watcher.detectors import Detector
from watcher.errors import TransientError
from watcher.model import By, Choice, Decision, Evidence, Inquiry, State
from watcher.pipeline import Rules
from watcher.plan import KEYWORDS, NOT_PHISHING
from watcher.settle import DONE, GONE, carry_out, recover
from watcher.sources.memory import ABILITIES, MemoryServer


@pytest.fixture
def house() -> House:
    """An account whose empty inbox has been seen once."""
    house = House()
    house.begin()
    return house


def decide(house: House, choice: Choice, case: int) -> str:
    """Have a decision carried out; its outcome."""
    decision = house.store.add_decision(Decision(choice, case, By.COMMAND, house.now))
    return carry_out(house.pipeline, house.source(), decision)


def test_a_hit_is_moved_and_told_and_other_mail_stays(house: House) -> None:
    """The main job: one mail moves, byte for byte, with one notice; the other is untouched."""
    house.deliver(wanted())
    house.deliver(hit())

    swept = house.sweep()

    assert (swept.judged, swept.moved) == (2, 1)
    assert house.raws("INBOX") == [wanted()]
    assert house.raws("Suspicious") == [hit()]
    (notice,) = house.notifier.notices
    assert "日本郵便" in notice.body
    assert [button.choice for button in notice.buttons] == [Choice.RESTORE, Choice.DETAILS, Choice.DELETE]


def test_nothing_is_marked_read_and_keywords_are_added(house: House) -> None:
    """The moved mail bears $Phishing and $Junk and no other new flag."""
    house.deliver(hit())

    house.sweep()

    (moved,) = house.server.folders["Suspicious"].mails.values()
    assert moved.flags == {keyword.lower() for keyword in KEYWORDS} or moved.flags == set(KEYWORDS)


def test_restore_puts_it_back_for_good(house: House) -> None:
    """A restored mail is what it was, where it was, and is never moved again."""
    house.deliver(hit())
    house.sweep()
    (case,) = house.cases()

    outcome = decide(house, Choice.RESTORE, case.id)
    house.sweep()

    assert outcome == DONE
    (mail,) = house.server.folders["INBOX"].mails.values()
    assert (mail.raw, mail.flags) == (hit(), frozenset({NOT_PHISHING}))
    assert house.raws("Suspicious") == []
    assert house.store.case(case.id).state is State.RELEASED


def test_restoring_twice_does_no_more_than_once(house: House) -> None:
    """The receipts tell that nothing is left to take back."""
    house.deliver(hit())
    house.sweep()
    (case,) = house.cases()

    decide(house, Choice.RESTORE, case.id)
    decide(house, Choice.RESTORE, case.id)

    assert house.raws("INBOX") == [hit()]


def test_restoring_what_the_user_moved_himself_is_said(house: House) -> None:
    """The mail is no longer where it was put: the outcome says so, and nothing else is touched."""
    house.deliver(hit())
    house.sweep()
    house.server.folders["Suspicious"].mails.clear()

    assert decide(house, Choice.RESTORE, house.cases()[0].id) == GONE


def test_old_mail_is_left_alone_at_first_sight() -> None:
    """Without `history` only mail that comes after the start counts."""
    house = House()
    house.deliver(hit())

    assert house.sweep().judged == 0
    assert house.raws("INBOX") == [hit()]


def test_history_looks_back_as_far_as_wished() -> None:
    """With `history` younger mail is judged at first sight, older is not."""
    house = House(Rules("home", history=timedelta(days=2)))
    house.deliver(hit(1), at=house.now - timedelta(days=1))
    house.deliver(hit(2), at=house.now - timedelta(days=5))

    assert house.sweep().moved == 1
    assert house.raws("INBOX") == [hit(2)]


def test_observe_changes_nothing_and_tells_nothing() -> None:
    """`action = "observe"` only writes into the ledger."""
    house = House(Rules("home", action="observe"))
    house.begin()
    house.deliver(hit())

    house.sweep()

    assert house.raws("INBOX") == [hit()]
    assert house.notifier.notices == []
    assert [case.state for case in house.cases()] == [State.OBSERVED]


def test_notify_leaves_the_mail_and_marks_it() -> None:
    """`action = "notify"` marks the mail where it lies, and restore takes the mark off."""
    house = House(Rules("home", action="notify"))
    house.begin()
    house.deliver(hit())

    house.sweep()

    (mail,) = house.server.folders["INBOX"].mails.values()
    assert {flag.lower() for flag in mail.flags} == {"$phishing"}
    assert len(house.notifier.notices) == 1

    decide(house, Choice.RESTORE, house.cases()[0].id)

    (mail,) = house.server.folders["INBOX"].mails.values()
    assert mail.flags == frozenset({NOT_PHISHING})


def test_the_brake_holds_what_is_too_much_at_once() -> None:
    """Beyond `most_moves` nothing more moves until the user says so."""
    house = House(Rules("home", most_moves=2))
    house.begin()
    for number in range(5):
        house.deliver(hit(number))

    assert house.sweep().moved == 2
    held = [case for case in house.cases() if case.state is State.HELD]
    assert len(held) == 3

    assert decide(house, Choice.CONFIRM, held[0].id) == DONE
    assert len(house.raws("Suspicious")) == 3


def test_a_bug_in_a_detector_costs_one_mail_its_verdict() -> None:
    """The mail is recorded as failed and left; the next one is judged."""

    def detect(inquiry: Inquiry) -> Iterator[Evidence]:
        if "Lunch 1" in inquiry.message.subject:
            raise RuntimeError("a bug")
        yield from ()

    house = House()
    house = House(detectors=(*house.detectors, Detector("broken", detect, "", "")))
    house.begin()
    house.deliver(wanted(1))
    house.deliver(hit())

    house.sweep()

    assert [case.state for case in house.cases()] == [State.FAILED, State.MOVED]
    assert house.raws("INBOX") == [wanted(1)]


def test_after_a_change_of_uidvalidity_only_newer_mail_is_judged(house: House) -> None:
    """All UIDs mean something else then: the whole folder is never judged again."""
    house.deliver(wanted(1), at=house.now - timedelta(days=3))
    house.sweep()
    house.later(hours=1)
    house.server.folders["INBOX"].mails.clear()
    house.deliver(hit(1), at=house.now - timedelta(days=30))
    house.deliver(hit(2))
    house.server.renumber("INBOX")

    house.sweep()

    assert house.raws("INBOX") == [hit(1)]
    assert house.raws("Suspicious") == [hit(2)]


def test_a_mail_that_vanishes_meanwhile_is_nobodys_fault(house: House) -> None:
    """The user was faster: the case says so, and the sweep goes on."""
    house.deliver(hit(1))
    source = house.source()
    mails = list(source.fetch("INBOX", source.uids_from("INBOX", 1)))
    house.server.folders["INBOX"].mails.clear()

    case = house.pipeline.handle(source, mails[0], may_move=True)

    assert case.state is State.VANISHED


def test_without_uidplus_a_copy_is_made_and_the_original_kept() -> None:
    """A plain EXPUNGE is never sent; restore takes the mark off and doubles nothing."""
    house = House(server=MemoryServer(ABILITIES - {"MOVE", "UIDPLUS"}))
    house.begin()
    house.deliver(hit())

    house.sweep()

    assert house.raws("INBOX") == [hit()]
    assert house.raws("Suspicious") == [hit()]
    assert [case.state for case in house.cases()] == [State.COPIED]

    assert decide(house, Choice.RESTORE, house.cases()[0].id) == DONE
    assert house.raws("INBOX") == [hit()]
    (mail,) = house.server.folders["INBOX"].mails.values()
    assert mail.flags == frozenset({NOT_PHISHING})


@pytest.mark.parametrize("abilities", [ABILITIES, ABILITIES - {"MOVE"}], ids=["MOVE", "COPY and EXPUNGE"])
@pytest.mark.parametrize("commands", range(1, 20))
def test_the_connection_may_break_before_any_command(commands: int, abilities: frozenset[str]) -> None:
    """Wherever it breaks: after coming back the hit is moved once, told once, and the other mail untouched."""
    house = House(server=MemoryServer(abilities))
    house.begin()
    house.deliver(hit())
    house.deliver(wanted())
    house.server.commands_left = commands
    try:
        house.sweep()
    except TransientError:
        house.server.commands_left = None
    house.server.commands_left = None

    recover(house.pipeline, house.source())
    house.sweep()

    assert house.raws("INBOX") == [wanted()]
    assert house.raws("Suspicious") == [hit()]
    assert len(house.notifier.notices) == 1


@pytest.mark.parametrize("commands", range(1, 10))
def test_a_restore_may_be_cut_short_anywhere(commands: int) -> None:
    """Wherever it breaks, the decision is carried out in the end, once."""
    house = House()
    house.begin()
    house.deliver(hit())
    house.sweep()
    decision = house.store.add_decision(Decision(Choice.RESTORE, house.cases()[0].id, By.BUTTON, house.now))
    source = house.source()
    house.server.commands_left = commands
    try:
        carry_out(house.pipeline, source, decision)
    except TransientError:
        house.server.commands_left = None
        source = house.source()
        recover(house.pipeline, source)
        for waiting in house.store.waiting_decisions():
            carry_out(house.pipeline, source, waiting)
    house.server.commands_left = None
    house.sweep()

    assert house.raws("INBOX") == [hit()]
    assert house.raws("Suspicious") == []


def test_the_user_is_told_when_the_desktop_is_there_again(house: House) -> None:
    """A notice that could not be shown is shown later."""
    house.notifier.works = False
    house.deliver(hit())
    house.sweep()

    house.notifier.works = True
    house.pipeline.tools.teller.tell("home")

    assert len(house.notifier.notices) == 1


def test_a_release_teaches_only_with_a_confirmed_address(house: House) -> None:
    """The sender of an unconfirmed mail could be anybody: no lesson is drawn."""
    house.deliver(hit())
    house.sweep()

    decide(house, Choice.RESTORE, house.cases()[0].id)

    assert house.store.lessons() == ()
