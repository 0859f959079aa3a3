"""A look back: which mail is judged, as whom it knows, and that nothing comes of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.kit.house import House, hit, wanted
from tests.kit.inquiries import passed
from tests.kit.ledger import VERDICT, a_case
from tests.kit.letters import RULES, ago, arrived, correspondence, letter
from watcher.detectors import Detector
from watcher.errors import TransientError, UserError
from watcher.learn import AUTO
from watcher.model import Evidence, Inquiry, Lesson, LessonKind, Progress, State
from watcher.replay import Replay, Replayed, Tally
from watcher.sources.memory import MemorySource
from watcher.store.ledger import open_ledger
from watcher.store.lookback import open_lookback

STRANGER = "No earlier mail"
"""How the sentence begins that a mail of a stranger gets."""


def forged(number: int, results: str = "spf=fail; dkim=none; dmarc=fail") -> bytes:
    """A mail from Japan Post's own address: that it is forged only the server's results tell, if believed."""
    link = '<a href="https://parcel.example/">https://www.post.japanpost.jp/</a>'
    return arrived("日本郵便 <info@post.japanpost.jp>", number, results, subject="不在のお知らせ", html=link)


def posing(number: int) -> bytes:
    """A confirmed mail of a stranger who poses as Japan Post."""
    return arrived(
        "日本郵便 <info@parcel.example>", number, subject="お荷物", html='<a href="https://x.example/">追跡</a>'
    )


def connection(house: House) -> MemorySource:
    """A connection that is not open yet, and changes nothing."""
    return MemorySource("home", house.server, readonly=True)


def look_back(house: House, days: float = 30, source: MemorySource | None = None) -> tuple[int, list[Replayed]]:
    """How many mails there are, and each of them judged."""
    replay = Replay(house.pipeline, source or connection(house), ago(house, days=days), pauses=(0, 0))
    total = replay.prepare()
    return total, list(replay.judge())


def moved(replayed: Sequence[Replayed]) -> set[str]:
    """Message-IDs of those that would have been moved."""
    return {each.case.message_id for each in replayed if each.moves}


def sentences(replayed: Replayed) -> list[str]:
    """The reasons of a verdict."""
    assert replayed.case.verdict is not None
    return [reason.text.en for reason in replayed.case.verdict.reasons]


def year() -> House:
    """A house that Watcher has not seen yet, with mail of a year in it, and results that are still to be learned."""
    house = correspondence(replace(RULES, authserv=AUTO))
    for number in range(40):
        house.deliver(
            letter(f"Keiko Mori <keiko{number % 3}@friend.example>", number), "Sent", at=ago(house, days=9 * number)
        )
    for number in range(60):
        house.deliver(arrived(f"News <news@shop{number}.example>", number), at=ago(house, days=366 - 6 * number))
    for number in range(3):
        house.deliver(forged(1000 + number), at=ago(house, days=12 - number))
        house.deliver(forged(1500 + number, passed("post.japanpost.jp")), at=ago(house, days=10 - number))
        house.deliver(posing(2000 + number), at=ago(house, days=8 - number))
    house.deliver(arrived("Keiko Mori <keiko@mailbox.example>", 3000, results=""), at=ago(house, days=1))
    return house


@pytest.fixture
def house() -> House:
    """An account, not seen yet."""
    return House()


# Which mail.


@pytest.mark.parametrize(
    ("age", "judged"),
    [
        (timedelta(days=2, seconds=1), False),
        (timedelta(days=2), True),
        (timedelta(days=1), True),
        (timedelta(0), True),
        (timedelta(days=-1), True),
    ],
)
def test_days_are_counted_to_the_second(house: House, age: timedelta, judged: bool) -> None:  # noqa: FBT001 - a table
    """A mail counts by its INTERNALDATE alone, though a server searches by whole days."""
    house.deliver(wanted(), at=house.now - age)

    total, replayed = look_back(house, days=2)

    assert (total, len(replayed)) == (judged, judged)


def test_all_watched_folders_and_no_other(house: House) -> None:
    """Mail in the suspicious folder is there already."""
    house.change(folders=("INBOX", "Lists"))
    for number, folder in enumerate(("INBOX", "Lists", "Elsewhere", "Suspicious")):
        house.server.create(folder)
        house.deliver(hit(number), folder)

    total, replayed = look_back(house)

    assert total == 2
    assert [each.case.place.folder for each in replayed if each.moves] == ["INBOX", "Lists"]


def test_an_empty_mailbox(house: House) -> None:
    """There is nothing to judge, and nothing is wrong."""
    assert look_back(house) == (0, [])


def test_a_folder_that_is_missing(house: House) -> None:
    """It is told, as the daemon would."""
    house.change(folders=("INBOX", "Nowhere"))

    with pytest.raises(UserError, match="Nowhere"):
        look_back(house)


def test_of_two_copies_one_counts(house: House) -> None:
    """The daemon would have moved one of them."""
    house.deliver(hit())
    house.deliver(hit())

    _, replayed = look_back(house)

    assert [each.moves for each in replayed] == [True, False]


def test_mail_that_goes_away_meanwhile_is_left_out(house: House) -> None:
    """Another program may tidy up while this one looks."""
    uids = [house.deliver(wanted(number)) for number in range(3)]
    replay = Replay(house.pipeline, connection(house), ago(house, days=1), pauses=())
    assert replay.prepare() == 3
    del house.server.folders["INBOX"].mails[uids[1]]

    assert [each.case.place.uid for each in replay.judge()] == [uids[0], uids[2]]


# Nothing comes of it.


@pytest.mark.parametrize("action", ["move", "notify", "observe"])
def test_nothing_is_done(house: House, action: str) -> None:
    """Whatever the configuration wants, even a source that could change something is asked to change nothing."""
    house.change(action=action)
    house.deliver(hit())
    house.deliver(wanted())
    before = {name: dict(folder.mails) for name, folder in house.server.folders.items()}

    _, replayed = look_back(house, source=MemorySource("home", house.server, readonly=False))

    assert moved(replayed) == {"hit1@parcel.example"}
    assert {name: folder.mails for name, folder in house.server.folders.items()} == before
    assert house.notifier.notices == []


# What is known.


def test_a_fresh_install_judges_as_the_daemon_after_a_year() -> None:
    """Of a mailbox that was never seen the same mails are picked, as if all of it had passed before the daemon."""
    fresh, seasoned = year(), year()
    seasoned.change(history=timedelta(days=400))
    seasoned.sweep()
    by_daemon = {case.message_id for case in seasoned.cases() if case.state is State.MOVED}

    total, replayed = look_back(fresh)

    expected = {f"a{1000 + number}@post.japanpost.jp" for number in range(3)}
    expected |= {f"a{2000 + number}@parcel.example" for number in range(3)}
    assert total == 14
    assert moved(replayed) == by_daemon == expected


def test_results_are_believed_as_far_as_the_daemon_would(house: House) -> None:
    """Where mail has come from too few domains nobody's word counts yet, and nothing rests on it."""
    house.change(authserv=AUTO)
    for number in range(20):
        house.deliver(forged(number))

    assert moved(look_back(house)[1]) == set()


def test_whom_one_writes_to_is_read_first() -> None:
    """Who bears the name of somebody in the folder of sent mail is told as such, before any daemon has read it."""
    _, replayed = look_back(year())

    last = replayed[-1]
    assert last.case.author.local == "keiko"
    assert any("Keiko Mori, to whom you have written" in sentence for sentence in sentences(last))


def test_a_first_mail_is_that_of_a_stranger() -> None:
    """Mail that is judged makes nobody known before it is judged, though it lies in the mailbox already."""
    _, replayed = look_back(year())

    first = next(each for each in replayed if each.case.author.domain == "parcel.example")
    assert any(sentence.startswith(STRANGER) for sentence in sentences(first))


def test_nobody_is_got_to_know_where_that_is_not_wanted() -> None:
    """`acquaintances = false` holds for a look back, too."""
    house = year()
    house.change(acquaintances=False)

    look_back(house)

    assert house.store.progress("home") == ()
    assert house.store.acquaintance("keiko0@friend.example") is None


def test_a_restrained_detector_moves_nothing(house: House) -> None:
    """Mail for which only restrained detectors speak would have been marked, so it is not counted."""
    house.deliver(hit())
    for name in ("program_attached", "brand_name", "unlikely_address", "first_contact", "brand_habit", "foreign_route"):
        house.store.add_lesson(Lesson(kind=LessonKind.RESTRAINT, detector=name, at=house.now))

    _, replayed = look_back(house)

    assert [each.moves for each in replayed] == [False]
    assert replayed[0].case.verdict is not None
    assert replayed[0].case.verdict.suspicious


def test_what_the_daemon_has_read_already_is_not_read_again() -> None:
    """Reading for acquaintances goes on where the ledger says that it ended."""
    house = year()
    folders = house.server.folders
    done = Progress("home", "Sent", folders["Sent"].uidvalidity, 41, 1, read=40, sent=True, done=True)
    house.store.acquaint("home", (), done)

    look_back(house)

    assert house.store.acquaintance("keiko0@friend.example") is None


SETTLED: Mapping[State, bool] = {
    State.CLEAN: False,
    State.OBSERVED: False,
    State.MARKED: False,
    State.HELD: False,
    State.COPIED: False,
    State.FAILED: False,
    State.MOVED: True,
    State.RELEASED: True,
    State.REPORTED: True,
    State.DELETED: True,
    State.FILED: True,
    State.FOREIGN: True,
}
"""Whether a mail of such a case is never judged again."""


@pytest.mark.parametrize("state", SETTLED, ids=lambda state: state.value)
def test_a_decision_holds_and_a_verdict_does_not(tmp_path: Path, state: State, house: House) -> None:
    """Mail that was judged before is judged anew, save what was moved or decided about: that would not be moved."""
    house.deliver(hit())
    (before,) = look_back(house)[1]
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    ledger.add_case(replace(before.case, id=0, state=state, verdict=replace(VERDICT, suspicious=False)))
    ledger.close()
    later = House(server=house.server, store=open_lookback(tmp_path / "ledger.sqlite", ago(house, days=30)))

    _, replayed = look_back(later)

    assert [each.moves for each in replayed] == [not SETTLED[state]]


# Mishaps.


class Shaky(MemorySource):
    """A mailbox whose connection breaks once after so many commands, and works again once it is opened anew."""

    def __init__(self, house: House, commands: int) -> None:
        super().__init__("home", house.server, readonly=True)
        self._house = house
        self._left: int | None = commands

    def open(self) -> None:
        """Connect."""
        self._house.server.commands_left, self._left = self._left, None
        super().open()


@pytest.fixture(scope="module")
def undisturbed() -> list[Replayed]:
    """What comes of the year where the connection holds."""
    return look_back(year())[1]


@pytest.mark.parametrize("commands", range(1, 36))
def test_a_connection_that_breaks_is_made_again(commands: int, undisturbed: list[Replayed]) -> None:
    """Wherever it breaks, each mail is judged once and as it would have been."""
    house = year()

    total, replayed = look_back(house, source=Shaky(house, commands))

    assert total == len(undisturbed)
    assert [each.case.place.uid for each in replayed] == [each.case.place.uid for each in undisturbed]
    assert moved(replayed) == moved(undisturbed)


def test_a_server_that_is_gone_ends_it(house: House) -> None:
    """After a few attempts it is given up, and what was judged until then is there."""
    for number in range(3):
        house.deliver(hit(number))
    replay = Replay(house.pipeline, connection(house), ago(house, days=1), pauses=(0, 0))
    replay.prepare()
    judged = replay.judge()
    first = next(judged)
    house.server.stop()

    with pytest.raises(TransientError):
        list(judged)
    assert first.moves


def test_a_server_that_never_answers_is_told_at_once(house: House) -> None:
    """Nobody waits for attempts at a host that may be misspelt."""
    house.server.stop()

    with pytest.raises(TransientError):
        Replay(house.pipeline, connection(house), ago(house, days=1), pauses=(3600,)).prepare()


def fails_on_the_second(inquiry: Inquiry) -> Iterator[Evidence]:
    """A detector with a bug."""
    if inquiry.message.subject == "Lunch 2?":
        raise ZeroDivisionError
    yield from ()


def test_a_mail_that_fails_is_counted_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    """A bug over one mail is no reason not to judge the next one."""
    caplog.set_level(logging.CRITICAL, "watcher")
    house = House(detectors=(Detector("broken", fails_on_the_second, "", ""),))
    for number in (1, 2, 3):
        house.deliver(wanted(number))

    total, replayed = look_back(house)

    assert tally(total, replayed) == Tally(total=3, judged=3, failed=1)


# The sums.


def tally(total: int, replayed: Sequence[Replayed]) -> Tally:
    """What they come to."""
    result = Tally(total)
    for each in replayed:
        result = result.add(each)
    return result


def test_sums() -> None:
    """Mails are counted, and each detector once for each mail that it spoke against, and not where it spoke for one."""
    case = a_case()
    stays, moves, fails = (
        Replayed(case, False),
        Replayed(case, True),
        Replayed(replace(case, state=State.FAILED), False),
    )

    assert tally(9, [stays, moves, fails]) == Tally(total=9, judged=3, failed=1, moved=(case,))
    assert tally(9, [moves, stays, moves]).detectors == {"brand_name": 2}
    assert tally(1, [moves]) + tally(2, [fails]) == Tally(total=3, judged=2, failed=1, moved=(case,))
