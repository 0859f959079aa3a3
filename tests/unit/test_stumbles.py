"""What a connection breaks off at again and again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import pytest

from tests.kit.house import House, hit, wanted
from watcher.daemon.watch import Watch
from watcher.errors import LedgerBusyError, TransientError
from watcher.model import Intent, Mail, Receipt, State
from watcher.sources.memory import MemorySource
from watcher.stumbles import MOST, Stumbles


class Fragile(MemorySource):
    """A mailbox whose connection breaks off at certain things."""

    def __init__(self, house: House) -> None:
        super().__init__(house.rules.account, house.server)
        self.poison = 0
        """The UID of the mail that cannot be read …"""
        self.moves = True
        """… whether anything can be moved …"""
        self.answers = True
        """… and whether the answer to that is heard, then or later."""

    def fill_all(self, mails: Sequence[Mail], sections: Sequence[str], limit: int) -> Sequence[Mail]:
        """Read on, or stumble."""
        if self.poison in {mail.place.uid for mail in mails}:
            raise TransientError("The connection is gone.")
        return super().fill_all(mails, sections, limit)

    def apply(self, intent: Intent) -> Receipt | None:
        """Move, or stumble."""
        if not self.moves:
            raise TransientError("The connection is gone.")
        receipt = super().apply(intent)
        if not self.answers:
            raise TransientError("The connection is gone.")
        return receipt

    def locate(self, intent: Intent) -> Receipt | None:
        """Find out, or stumble."""
        if not self.answers:
            raise TransientError("The connection is gone.")
        return super().locate(intent)


def attend(watch: Watch, house: House, turns: int) -> None:
    """Some turns, a minute apart."""
    for _turn in range(turns):
        watch.attend()
        house.later(minutes=1)


def test_one_mail_does_not_keep_the_others_from_being_judged() -> None:
    """A mail at which the connection always breaks off is left where it is, and what lies behind it is judged."""
    house = House()
    source = Fragile(house)
    watch = Watch(house.pipeline, source)
    attend(watch, house, 1)
    source.poison = [house.deliver(raw) for raw in (wanted(1), wanted(2), hit())][1]

    attend(watch, house, MOST + 2)

    assert house.raws("Suspicious") == [hit()]
    assert house.raws("INBOX") == [wanted(1), wanted(2)]


def test_a_broken_connection_or_two_are_no_reason_to_leave_a_mail_out() -> None:
    """What can be read again at the third attempt is judged."""
    house = House()
    source = Fragile(house)
    watch = Watch(house.pipeline, source)
    attend(watch, house, 1)
    source.poison = house.deliver(hit())
    attend(watch, house, MOST - 1)
    source.poison = 0

    attend(watch, house, 1)

    assert house.raws("Suspicious") == [hit()]


def test_a_move_that_always_breaks_off_is_given_up_and_told() -> None:
    """The mail stays, the user is told, and the watch goes on."""
    house = House()
    source = Fragile(house)
    watch = Watch(house.pipeline, source)
    attend(watch, house, 1)
    house.deliver(hit())
    source.moves = False

    attend(watch, house, MOST + 2)

    assert [case.state for case in house.cases()] == [State.HELD]
    assert house.raws("INBOX") == [hit()]
    assert house.notifier.notices


def test_success_is_a_new_beginning() -> None:
    """Only failures in a row count."""
    stumbles = Stumbles()
    for _time in range(3):
        for _failure in range(MOST - 1):
            with suppress(TransientError), stumbles.watched("it"):
                raise TransientError("no")
        with stumbles.watched("it"):
            pass
    assert not stumbles.is_given_up("it")


def test_other_errors_do_not_count() -> None:
    """A bug, or a refusal, is dealt with elsewhere."""
    stumbles = Stumbles()
    for _time in range(MOST):
        with pytest.raises(ValueError, match="bug"), stumbles.watched("it"):
            raise ValueError("bug")
    assert not stumbles.is_given_up("it")


def test_a_full_or_locked_ledger_does_not_count() -> None:
    """What cannot be noted is no fault of the mail that it is about."""
    stumbles = Stumbles()
    for _ in range(MOST + 1):
        with suppress(LedgerBusyError), stumbles.watched("a mail"):
            raise LedgerBusyError("full")

    assert not stumbles.is_given_up("a mail")


def test_a_move_of_which_nothing_is_heard_stays_open() -> None:
    """It is neither taken for refused nor taken again: other mail is judged, and the next process finds it moved."""
    house = House()
    source = Fragile(house)
    watch = Watch(house.pipeline, source)
    attend(watch, house, 1)
    house.deliver(hit(1))
    source.answers = False
    attend(watch, house, MOST + 2)
    source.answers = True
    house.deliver(hit(2))
    attend(watch, house, 1)
    (first, _second) = house.cases()
    assert (first.state, house.raws("Suspicious")) == (State.MOVING, [hit(1), hit(2)])

    house.build()
    attend(Watch(house.pipeline, Fragile(house)), house, 1)

    assert [case.state for case in house.cases()] == [State.MOVED, State.MOVED]
    assert (house.raws("Suspicious"), house.raws("INBOX")) == ([hit(1), hit(2)], [])
