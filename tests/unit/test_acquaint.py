"""Getting to know people from old mail: whom, in what steps, and what happens when a step is cut short."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import pytest

from tests.kit.house import House, hit
from tests.kit.letters import MX, RULES, ago, arrived, correspondence, known, letter, progress
from watcher.acquaint import acquaint
from watcher.errors import TransientError, UserError
from watcher.model import Mail, Use
from watcher.pipeline import Rules
from watcher.ports import Source
from watcher.sources.memory import MemorySource


class Recorder(MemorySource):
    """A mailbox that notes what is read of it."""

    def __init__(self, house: House) -> None:
        super().__init__("home", house.server, readonly=True)
        self.batches: list[tuple[str, list[int]]] = []
        self.refuses = ""
        self.open()

    def headers(self, folder: str, uids: Sequence[int], fields: Sequence[str]) -> Sequence[Mail]:
        """Read, or refuse."""
        self.batches.append((folder, list(uids)))
        if folder == self.refuses:
            raise UserError("an answer that cannot be read")
        return super().headers(folder, uids, fields)


class NoList(MemorySource):
    """A server that does not tell its folders."""

    def special_folder(self, use: Use) -> str:
        """Refuse."""
        raise UserError(f"LIST is not for you, nor {use.value}.")


@pytest.fixture
def house() -> House:
    """An account with mail of both kinds in it, swept for the first time."""
    house = correspondence()
    house.deliver(letter("Keiko Mori <keiko@friend.example>"), "Sent", at=ago(house, days=9))
    house.deliver(arrived("News <news@shop.example>"), at=ago(house, days=5))
    house.begin()
    return house


def fill(house: House, source: Source | None = None) -> int:
    """Take steps until nothing is left to do: how many."""
    source = source or house.source()
    for number in range(1000):
        if not acquaint(house.pipeline, source):
            return number
    raise AssertionError("it does not come to an end")


# Whom.


def test_who_was_written_to_and_who_has_written(house: House) -> None:
    """Recipients of sent mail and confirmed authors of the inbox are known, with the times of those mails."""
    fill(house)

    keiko, shop = known(house, "keiko@friend.example"), known(house, "news@shop.example")
    assert (keiko.name, keiko.written_to, keiko.mails) == ("Keiko Mori", True, 0)
    assert (shop.written_to, shop.mails) == (False, 1)
    assert (keiko.first_at, shop.first_at) == (ago(house, days=9), ago(house, days=5))


@pytest.mark.parametrize("results", ["", "spf=fail; dmarc=fail", "dkim=pass header.d=other.example"])
def test_nobody_is_known_by_an_unconfirmed_name(house: House, results: str) -> None:
    """Who merely claims an address in From makes it known to nobody."""
    house.server.folders["INBOX"].mails.clear()
    house.deliver(arrived("News <news@shop.example>", results=results))

    fill(house)

    assert house.store.acquaintance("news@shop.example") is None


def test_sent_mail_does_not_need_to_be_confirmed_and_is_not_believed_in_the_inbox(house: House) -> None:
    """To and Cc count in the folder of sent mail alone: anybody can write them."""
    house.deliver(arrived("News <news@shop.example>", 2, to="Boss <boss@home.example>"))

    fill(house)

    assert house.store.acquaintance("boss@home.example") is None


def test_results_are_believed_once_it_is_known_whose() -> None:
    """As long as nobody's word counts the inbox waits, unread, and nobody is called a stranger."""
    house = correspondence(replace(RULES, authserv="auto"))
    house.deliver(letter("keiko@friend.example"), "Sent")
    house.deliver(arrived("news@shop.example"))
    assert fill(house) == 1
    assert [each.folder for each in house.store.progress("home")] == ["Sent"]

    house.change(authserv=MX)
    fill(house)

    assert known(house, "news@shop.example").mails == 1


def test_judged_mail_is_not_counted_again(house: House) -> None:
    """A wanted mail counts once, when it is judged, and a suspicious one that was left in the inbox never."""
    house = correspondence(replace(RULES, action="notify"))
    house.begin()
    house.deliver(arrived("news@shop.example"))
    house.deliver(
        hit().replace(
            b"From:", f"Authentication-Results: {MX}; spf=pass smtp.mailfrom=parcel.example\r\nFrom:".encode(), 1
        )
    )
    house.sweep()

    fill(house)

    assert known(house, "news@shop.example").mails == 1
    assert house.store.acquaintance("info@parcel.example") is None


# In what steps.


def test_in_batches_the_newest_first() -> None:
    """A hundred headers a step, the folder of sent mail before the inbox, each mail once."""
    house = correspondence()
    sent = [house.deliver(letter(f"a{n}@friend.example", n), "Sent") for n in range(230)]
    inbox = [house.deliver(arrived(f"b{n}@shop.example", n)) for n in range(120)]
    source = Recorder(house)

    assert fill(house, source) == 5

    assert [folder for folder, _ in source.batches] == ["Sent"] * 3 + ["INBOX"] * 2
    assert [len(uids) for _, uids in source.batches] == [100, 100, 30, 100, 20]
    assert [uid for _, uids in source.batches for uid in uids] == [*reversed(sent), *reversed(inbox)]
    assert known(house, "a0@friend.example").written_to
    assert known(house, "b0@shop.example").mails == 1


def test_no_more_than_the_last_thousands_of_a_folder() -> None:
    """After five thousand mails a folder is left alone, and counts as read."""
    house = correspondence()
    mail = letter("keiko@friend.example")
    for _ in range(5_150):
        house.deliver(mail, "Sent")
    source = Recorder(house)

    fill(house, source)

    assert [len(uids) for _, uids in source.batches] == [100] * 50
    assert progress(house, "Sent").done
    assert source.batches[-1][1][-1] == 151


def test_a_full_mailbox_is_read_once(house: House) -> None:
    """When all is read, further steps find nothing to do and fetch nothing."""
    fill(house)
    source = Recorder(house)

    assert not acquaint(house.pipeline, source)
    assert source.batches == []


def test_mail_sent_since_is_read_and_mail_that_came_since_is_not(house: House) -> None:
    """New letters make new contacts; who wrote since is known by the judgement of that mail, not by a step."""
    fill(house)
    house.deliver(letter("ken@friend.example", 2), "Sent")
    house.deliver(arrived("other@shop.example", 2))
    source = Recorder(house)

    assert fill(house, source) == 1

    assert source.batches == [("Sent", [2])]
    assert known(house, "ken@friend.example").written_to
    assert house.store.acquaintance("other@shop.example") is None


# What goes wrong.


@pytest.mark.parametrize("commands", range(12))
def test_a_step_may_be_cut_short_anywhere(house: House, commands: int) -> None:
    """Wherever the connection breaks, the next step goes on, and in the end every mail was counted once."""
    house.deliver(arrived("news@shop.example", 2), at=ago(house, days=3))
    source = house.source()
    house.server.commands_left = commands
    with suppress(TransientError):
        fill(house, source)
    house.server.commands_left = None

    fill(house)

    assert known(house, "keiko@friend.example").written_to
    assert known(house, "news@shop.example").mails == 2


def test_after_a_restart_it_goes_on_where_it_stopped() -> None:
    """What was read is not read again, by a new program on the same ledger either."""
    house = correspondence()
    for number in range(250):
        house.deliver(letter(f"a{number}@friend.example", number), "Sent")
    acquaint(house.pipeline, house.source())
    later = House(house.rules, house.server, house.store)
    source = Recorder(later)

    fill(later, source)

    assert [uids[0] for folder, uids in source.batches if folder == "Sent"] == [150, 50]


def test_new_uids_are_read_anew(house: House) -> None:
    """After a change of UIDVALIDITY nothing that was noted means anything."""
    fill(house)
    house.server.renumber("Sent")
    house.deliver(letter("ken@friend.example", 2), "Sent")

    fill(house)

    assert known(house, "ken@friend.example").written_to
    assert progress(house, "Sent").uidvalidity == house.server.folders["Sent"].uidvalidity


def test_a_batch_that_cannot_be_read_is_passed_over(house: House) -> None:
    """One answer that makes no sense does not keep the rest of the mailbox unread for ever."""
    source = Recorder(house)
    source.refuses = "Sent"

    fill(house, source)

    assert progress(house, "Sent").done
    assert known(house, "news@shop.example").mails == 1


def test_without_a_folder_of_sent_mail_the_inbox_is_read() -> None:
    """Nobody is called a stranger then: nobody knows to whom the person wrote."""
    house = House(RULES)
    house.deliver(arrived("news@shop.example"))
    source = NoList("home", house.server)
    source.open()

    fill(house)
    fill(house, source)

    assert known(house, "news@shop.example").mails == 1


def test_a_folder_that_was_deleted_meanwhile(house: House) -> None:
    """The others are read all the same."""
    source = house.source()
    assert source.special_folder(Use.SENT) == "Sent"
    del house.server.folders["Sent"]

    fill(house, source)

    assert known(house, "news@shop.example").mails == 1


def test_sent_mail_in_a_watched_folder_is_read_as_sent_mail() -> None:
    """Whoever watches the folder of sent mail does not have it read twice."""
    house = correspondence(Rules("home", ("INBOX", "Sent"), authserv=MX))
    house.deliver(letter("keiko@friend.example"), "Sent")
    source = Recorder(house)

    fill(house, source)

    assert [folder for folder, _ in source.batches] == ["Sent"]
