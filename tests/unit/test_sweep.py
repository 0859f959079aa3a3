"""A sweep among mishaps: copies of one mail, folders that are gone, servers that refuse."""

from __future__ import annotations

import logging

import pytest

from tests.kit.house import House, hit, wanted
from watcher.errors import UserError
from watcher.model import By, Choice, Decision, Intent, Receipt, State
from watcher.pipeline import Rules
from watcher.settle import DONE, carry_out, recover
from watcher.sources.memory import MemorySource


@pytest.fixture
def house() -> House:
    """An account whose empty inbox has been seen once."""
    house = House()
    house.begin()
    return house


class Full(MemorySource):
    """A mailbox whose owner is over quota."""

    def apply(self, intent: Intent) -> Receipt | None:
        """Refuse for good."""
        raise UserError(f"{intent.step.target}: over quota.")


class Closed(MemorySource):
    """A server on which no folder can be made."""

    def prepare(self, folder: str) -> None:
        """Refuse for good."""
        raise UserError(f"{folder}: permission denied.")


def test_a_copy_that_lies_beside_its_original(house: House) -> None:
    """Of two mails that nothing tells apart one is moved and told, and its case stays as it is."""
    house.deliver(hit())
    house.deliver(hit())

    swept = house.sweep()

    assert (swept.judged, swept.moved) == (1, 1)
    assert [case.state for case in house.cases()] == [State.MOVED]
    assert house.raws("Suspicious") == [hit()]
    assert len(house.notifier.notices) == 1


def test_a_suspicious_folder_that_was_deleted_is_made_again(house: House) -> None:
    """The user may tidy up while the daemon runs: the next hit moves all the same."""
    source = house.source()
    house.sweep(source)
    del house.server.folders["Suspicious"]
    house.deliver(hit())

    swept = house.sweep(source)

    assert swept.moved == 1
    assert house.raws("Suspicious") == [hit()]


def test_a_mail_is_restored_to_a_folder_that_was_deleted() -> None:
    """It comes back to where it was, even if that has to be made first."""
    house = House(Rules("home", folders=("INBOX", "Lists")))
    house.server.create("Lists")
    house.begin()
    house.deliver(hit(), "Lists")
    house.sweep()
    del house.server.folders["Lists"]
    decision = house.store.add_decision(Decision(Choice.RESTORE, house.cases()[0].id, By.COMMAND, house.now))

    assert carry_out(house.pipeline, house.source(), decision) == DONE
    assert house.raws("Lists") == [hit()]


@pytest.mark.parametrize("kind", [Full, Closed])
def test_a_server_that_refuses_for_good(
    house: House, kind: type[MemorySource], caplog: pytest.LogCaptureFixture
) -> None:
    """The mail stays, its case is held, the log says why, the user is told, and the sweep goes on."""
    caplog.set_level(logging.WARNING)
    del house.server.folders["Suspicious"]
    if kind is Full:
        house.server.create("Suspicious")
    source = kind("home", house.server)
    source.open()
    house.deliver(hit())
    house.deliver(wanted())

    swept = house.sweep(source)

    assert (swept.judged, swept.moved, swept.held) == (2, 0, 1)
    assert house.raws("INBOX") == [hit(), wanted()]
    assert [case.state for case in house.cases()] == [State.HELD, State.CLEAN]
    assert "stays where it is" in caplog.text
    assert len(house.notifier.notices) == 1
    assert house.store.open_intents("home") == ()


def test_what_was_refused_is_not_tried_at_each_reconnect(house: House) -> None:
    """A held case waits for the user's word."""
    source = Full("home", house.server)
    source.open()
    house.deliver(hit())
    house.sweep(source)

    recover(house.pipeline, house.source())

    assert house.raws("INBOX") == [hit()]


def test_the_summary_of_a_sweep_with_the_brake_on() -> None:
    """The notice says how many were moved and how many were left, not the one for the other."""
    house = House(Rules("home", most_moves=2))
    house.begin()
    for number in range(5):
        house.deliver(hit(number))

    house.sweep()

    (notice,) = house.notifier.notices
    assert notice.summary.startswith("Moved 2 mails")
    assert "3 suspicious mails were left" in notice.summary
