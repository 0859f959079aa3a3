"""The text of many mails, fetched before they are judged: in few round trips, and never more than will be needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from tests.kit.house import House, wanted
from tests.kit.mails import build
from watcher.errors import UserError
from watcher.model import Authentication, Mail, Part, Place, Result, State
from watcher.plan import may_be_proved, together
from watcher.sources.memory import MemorySource
from watcher.sweep import Sweep

PAGE = "<p>Hello</p>"


class Counting(MemorySource):
    """A mailbox that notes which mails are filled at once, and may answer nonsense about one of them."""

    def __init__(self, house: House, poison: int = 0) -> None:
        super().__init__(house.rules.account, house.server)
        self.filled: list[tuple[int, ...]] = []
        self._poison = poison
        self.open()

    def fill_all(self, mails: Sequence[Mail], sections: Sequence[str], limit: int) -> Sequence[Mail]:
        """Note it."""
        uids = tuple(mail.place.uid for mail in mails)
        self.filled.append(uids)
        if self._poison in uids:
            raise UserError("an answer that cannot be read")
        return super().fill_all(mails, sections, limit)


@pytest.fixture
def house() -> House:
    """A house whose inbox has been seen."""
    made = House()
    made.begin()
    return made


def sweep(house: House, source: Counting) -> None:
    """One sweep over that mailbox."""
    Sweep(house.pipeline, source).run()


def test_mails_of_one_shape_are_read_in_one_round_trip(house: House) -> None:
    """The text of plain mails comes at once, that of those with a page beside it likewise, and each only once."""
    plain = [house.deliver(wanted(number)) for number in range(1, 4)]
    pages = [house.deliver(build(subject=f"Menu {number}", text="Hello", html=PAGE)) for number in range(2)]
    source = Counting(house)
    sweep(house, source)
    assert sorted(source.filled) == [tuple(plain), tuple(pages)]


def test_one_that_cannot_be_read_keeps_no_other_from_being_judged(house: House) -> None:
    """Where the answer about many mails is nonsense each is asked for alone, and only one has failed."""
    uids = [house.deliver(wanted(number)) for number in range(1, 4)]
    source = Counting(house, poison=uids[1])
    sweep(house, source)
    assert source.filled == [tuple(uids), *((uid,) for uid in uids)]
    assert [case.state for case in house.cases()] == [State.CLEAN, State.FAILED, State.CLEAN]


def test_copies_are_judged_once(house: House) -> None:
    """Of mails with one fingerprint the first is judged, and the text of the others is not even fetched."""
    uids = [house.deliver(wanted()) for _copy in range(3)]
    source = Counting(house)
    sweep(house, source)
    assert source.filled == [tuple(uids[:1])]
    assert [case.place.uid for case in house.cases()] == uids[:1]


@pytest.mark.parametrize(
    ("aligned", "may"), [(Result.PASS, True), (Result.FAIL, False), (Result.UNKNOWN, False)], ids=str
)
def test_only_who_is_vouched_for_may_be_proved_by_the_header(aligned: Result, may: bool) -> None:  # noqa: FBT001 - a table
    """Without an aligned pass nothing ends the search before the text is read."""
    assert may_be_proved(Authentication(aligned=aligned)) is may


def described(uid: int, octets: int, house: House) -> Mail:
    """A mail with a text of that size, not fetched yet."""
    part = Part("1", "text/plain", octets)
    return Mail(Place("home", "INBOX", 1, uid), str(uid), octets, house.now - timedelta(hours=1), (), b"", (part,))


def test_no_more_text_is_held_than_memory_has_room_for(house: House) -> None:
    """Large texts are read a few at a time, small ones all together, and all of them in their order."""
    small = [described(uid, 1_000, house) for uid in range(50)]
    large = [described(uid, 10_000_000, house) for uid in range(10)]
    assert [len(run) for run in together(small)] == [50]
    assert max(len(run) for run in together(large)) < 6
    assert [mail for run in together(large) for mail in run] == large
    assert list(together([])) == []
