"""Histories in which everything happens to a daemon, in any order: whatever they are, they end well.

The daemon is killed between any two effects, its connection breaks, its ledger is full, nobody shows its notices; mail
comes, is read, dragged, restored, confirmed and deleted; folders get new UIDs. `--histories` says how many are tried.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count
from typing import cast

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.kit.house import House, hit
from tests.kit.inquiries import MX, catalogue, passed
from tests.kit.mails import DATE, build
from tests.kit.mortal import Fuse, KilledError, MortalSession, mortal
from watcher import detectors
from watcher.attachments.in_process import InProcess
from watcher.daemon.watch import Health, Watch
from watcher.desktop.memory import Memory
from watcher.errors import TransientError
from watcher.model import By, Case, Choice, Context, Decision, Mail, State
from watcher.pipeline import Examination, Examiner, Introduce, Rules
from watcher.ports import Reader
from watcher.sources.mailbox import Mailbox
from watcher.sources.memory import ABILITIES, MemoryServer
from watcher.store.memory import open_memory

INBOX, SUSPICIOUS, TRASH = "INBOX", "Suspicious", "Trash"
SHAPES = {
    "MOVE": ABILITIES,
    "COPY and UID EXPUNGE": ABILITIES - {"MOVE"},
    "COPY alone": ABILITIES - {"MOVE", "UIDPLUS"},
    "MOVE without COPYUID": ABILITIES - {"UIDPLUS"},
}
MOST = 8
"""Mails of one history from which on no more come: what goes wrong does so with few."""
FARTHEST = 40
"""Effects that pass before a fault: a turn with a hit has about thirty."""
FATEFUL = (
    *(f"ledger {name}" for name in ("add_case", "known", "set_bookmark", "acquaint", "set_notified")),
    *(f"ledger {name}" for name in ("intend", "settle", "open_intents", "waiting_decisions", "set_outcome", "record")),
    *("server examine", "server select", "server carry", "server store", "server open", "desktop show"),
)
"""Effects before which the daemon is killed more often: those that something hangs on."""


@cache
def innocent(number: int) -> bytes:
    """A mail that must stay; every other one bears the Message-ID of a hit, and each is vouched for."""
    return build(
        author=f"Keiko <keiko{number}@friend.example>",
        subject=f"Lunch {number}?",
        message_id=f"<hit{number - 1}@parcel.example>" if number % 2 else f"<w{number}@friend.example>",
        headers=[
            ("Authentication-Results", f"{MX}; {passed('friend.example')}"),
            ("Received", f"from mail.friend.example (mail.friend.example [192.0.2.1]) by {MX} with ESMTPS; {DATE}"),
        ],
    )


@dataclass
class Delivered:
    """A mail, and where it belongs at last."""

    raw: bytes
    belongs: str
    is_hit: bool
    decided: bool = False
    flags: frozenset[str] = frozenset()


class Remembering(Examiner):
    """Judges each mail once, in whichever history, and reads of it each time what it read then."""

    def __init__(self) -> None:
        super().__init__(catalogue(), detectors.load(), InProcess())
        self._foreseen: dict[bytes, tuple[str, ...]] = {}
        self._known: dict[bytes, tuple[Examination, list[tuple[Sequence[str], int]]]] = {}

    def foresee(self, mail: Mail, context: Context) -> tuple[str, ...]:
        """The same for the same mail."""
        if mail.header not in self._foreseen:
            self._foreseen[mail.header] = super().foresee(mail, context)
        return self._foreseen[mail.header]

    def examine(self, reader: Reader, mail: Mail, context: Context, introduce: Introduce | None = None) -> Examination:
        """The same for the same mail."""
        if mail.header not in self._known:
            read: list[tuple[Sequence[str], int]] = []
            self._known[mail.header] = (
                super().examine(cast("Reader", Noting(reader, read)), mail, context, introduce),
                read,
            )
        examination, read = self._known[mail.header]
        for sections, limit in read:
            reader.fill(mail, sections, limit)
        return examination


class Noting:
    """A reader that notes what is read."""

    def __init__(self, reader: Reader, read: list[tuple[Sequence[str], int]]) -> None:
        self._reader = reader
        self._read = read

    def fill(self, mail: Mail, sections: Sequence[str], limit: int) -> Mail:
        """See `ports.Reader`."""
        self._read.append((sections, limit))
        return self._reader.fill(mail, sections, limit)


EXAMINER = cache(Remembering)


@dataclass
class Tally:
    """What all histories came to."""

    histories: int = 0
    burnt: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """See `Fuse.burnt`."""


class Life(RuleBasedStateMachine):
    """One account's history."""

    def __init__(self, abilities: frozenset[str], tally: Tally) -> None:
        super().__init__()
        self.abilities = abilities
        self.tally = tally
        self.fuse = Fuse()
        self.desktop = Memory()
        self.ledger = open_memory()
        self.house = House(
            Rules("home", authserv=MX),
            MemoryServer(self.abilities),
            mortal(self.ledger, self.fuse, "ledger"),
            mortal(self.desktop, self.fuse, "desktop"),
            examiner=EXAMINER(),
        )
        self.house.server.create(TRASH)
        self.house.server.folders[TRASH].attributes = frozenset({r"\trash"})
        self.mails: list[Delivered] = []
        self.watch = self.start()
        self.watch.attend()

    def start(self) -> Watch:
        """A new process."""
        self.house.build()
        dial = lambda: MortalSession("home", self.house.server, self.fuse)  # noqa: E731 - the word for it is Dial
        return Watch(self.house.pipeline, Mailbox("home", dial))

    # Mail comes, and people read it.

    @initialize(others=st.lists(st.booleans(), max_size=3), effects=st.integers(0, 2), at=st.sampled_from(FATEFUL))
    def begin(self, others: list[bool], effects: int, at: str) -> None:
        """A hit comes, and perhaps more, and the daemon is killed over it."""
        self.deliver([*others, True])
        self.kill_at(effects, at)

    @precondition(lambda self: len(self.mails) < MOST)
    @rule(hits=st.lists(st.booleans(), min_size=1, max_size=3))
    def deliver(self, hits: list[bool]) -> None:
        """Mail comes, some of it hits."""
        for is_hit in hits:
            number = len(self.mails)
            raw = hit(number) if is_hit else innocent(number)
            self.house.later(seconds=70)
            self.house.deliver(raw)
            self.mails.append(Delivered(raw, SUSPICIOUS if is_hit else INBOX, is_hit))

    @precondition(lambda self: self.mails)
    @rule(which=st.integers(0, MOST))
    def read(self, which: int) -> None:
        """The user reads a mail."""
        mail = self.mails[which % len(self.mails)]
        for folder in self.house.server.folders.values():
            for uid, stored in folder.mails.items():
                if stored.raw == mail.raw:
                    folder.mails[uid] = replace(stored, flags=stored.flags | {r"\Seen"})
        mail.flags = frozenset({r"\Seen"})

    @rule(which=st.integers(0, MOST), folder=st.sampled_from([INBOX, TRASH]))
    def drag(self, which: int, folder: str) -> None:
        """The user drags a mail out of the suspicious folder."""
        settled = [case for case in self.cases() if case.state is State.MOVED and not self.waits(case)]
        places = {uid: stored.raw for uid, stored in self.house.server.folders[SUSPICIOUS].mails.items()}
        moved = [uid for uid, raw in places.items() if any(self.of(case).raw == raw for case in settled)]
        if moved and not self.ledger.open_intents("home"):
            uid = moved[which % len(moved)]
            mail = next(mail for mail in self.mails if mail.raw == places[uid])
            mail.belongs, mail.decided = folder, True
            self.house.drag(uid, SUSPICIOUS, folder)

    @rule(which=st.integers(0, MOST), choice=st.sampled_from([Choice.RESTORE, Choice.CONFIRM, Choice.DELETE]))
    def decide(self, which: int, choice: Choice) -> None:
        """The user presses a button, or gives a command, once for each mail."""
        wanted = {Choice.CONFIRM: (State.CLEAN,)}.get(choice, (State.MOVED, State.COPIED))
        cases = [case for case in self.cases() if case.state in wanted and not self.of(case).decided]
        if cases and (choice is Choice.RESTORE or self.can_move):
            case = cases[which % len(cases)]
            self.ledger.add_decision(Decision(choice, case.id, By.COMMAND, self.house.now))
            mail = self.of(case)
            mail.belongs = {Choice.RESTORE: INBOX, Choice.CONFIRM: SUSPICIOUS, Choice.DELETE: TRASH}[choice]
            mail.decided = True

    # What goes wrong.

    @rule(effects=st.integers(0, FARTHEST))
    def kill(self, effects: int) -> None:
        """The daemon is killed during its next turns, and started again."""
        self.fuse.light(effects)
        self.attend()

    @rule(effects=st.integers(0, 3), at=st.sampled_from(FATEFUL))
    def kill_at(self, effects: int, at: str) -> None:
        """The same, when something hangs on it."""
        self.fuse.light(effects, at)
        self.attend()

    @rule(effects=st.integers(0, FARTHEST), at=st.sampled_from(["", *FATEFUL]))
    def break_off(self, effects: int, at: str) -> None:
        """The connection, or the ledger, fails once."""
        self.fuse.light(effects % 4 if at else effects, at, lambda: TransientError("not now"))
        self.attend()

    @rule()
    def attend(self) -> None:
        """The daemon has a turn."""
        self.house.later(minutes=3)
        try:
            self.watch.attend()
        except KilledError:
            self.watch = self.start()

    @rule()
    def restart(self) -> None:
        """The daemon is ended politely, and started again."""
        self.watch.close()
        self.watch = self.start()

    @rule(works=st.booleans())
    def desktop_comes_and_goes(self, *, works: bool) -> None:
        """Nobody shows notices, or somebody does again."""
        self.desktop.works = works

    @precondition(lambda self: not self.ledger.open_intents("home"))
    @rule(folder=st.sampled_from([INBOX, SUSPICIOUS]))
    def renumber(self, folder: str) -> None:
        """A folder's UIDs are given out anew."""
        self.house.server.renumber(folder)

    # What must be true.

    @invariant()
    def nothing_is_lost(self) -> None:
        """Each mail lies somewhere at any moment; two of it only between COPY and EXPUNGE."""
        most = 1 if "MOVE" in self.abilities else 2
        for mail in self.mails:
            assert 1 <= len(list(self.found(mail))) <= most, mail

    def teardown(self) -> None:
        """When all is well again, each mail is where it belongs, and the user has been told."""
        self.fuse.put_out()
        self.desktop.works = True
        for _ in range(4):
            self.attend()
        self.tally.histories += 1
        self.tally.burnt += self.fuse.burnt
        assert self.watch.standing.health is Health.WATCHING
        assert not self.ledger.open_intents("home")
        for mail in self.mails:
            assert [folder for folder, _ in self.found(mail)] == self.expected(mail), (mail, self.cases())
            for _, flags in self.found(mail):
                marks = {flag for flag in flags if not flag.startswith("\\")} if mail.is_hit or mail.decided else set()
                assert flags - marks == mail.flags
        told = {int(number) for notice in self.desktop.notices for number in notice.token.split(",") if number}
        assert {case.id for case in self.cases() if self.of(case).is_hit and not self.of(case).decided} <= told
        self.watch.close()

    @property
    def can_move(self) -> bool:
        """Whether mail can be taken away."""
        return bool({"MOVE", "UIDPLUS"} & self.abilities)

    def expected(self, mail: Delivered) -> list[str]:
        """Where a mail must lie, by folder's name. What can only be copied stays in both."""
        return [mail.belongs] if self.can_move or not mail.is_hit else [INBOX, SUSPICIOUS]

    def found(self, mail: Delivered) -> Iterator[tuple[str, frozenset[str]]]:
        """Where the mail lies, and with which flags."""
        for name, folder in sorted(self.house.server.folders.items()):
            for stored in folder.mails.values():
                if stored.raw == mail.raw:
                    yield name, stored.flags

    def cases(self) -> list[Case]:
        """What the ledger knows of mail that was delivered."""
        return [case for case in self.ledger.cases(limit=1000) if case.state is not State.FOREIGN]

    def of(self, case: Case) -> Delivered:
        """The mail of a case."""
        number = int(case.subject.removesuffix("?").split()[-1])
        return self.mails[number]

    def waits(self, case: Case) -> bool:
        """Whether the user has decided about it, and that is still to be carried out."""
        return any(decision.case == case.id for decision in self.ledger.waiting_decisions())


@pytest.mark.timeout(600)  # a history that ends badly is made as short as may be, which takes its time
@pytest.mark.parametrize("shape", SHAPES)
def test_every_history_ends_well(
    shape: str, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    """Each hit is moved once and told at least once, every other mail is untouched, whatever happened meanwhile."""
    wanted = request.config.getoption("--histories") // len(SHAPES)
    tally = Tally()
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        lambda: Life(SHAPES[shape], tally),  # type: ignore[arg-type]  # the class, or what makes one, says its docstring
        settings=settings(
            max_examples=wanted,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=checks,
            database=None,
            derandomize=True,
        ),
    )

    killed_at = {(former, effect) for error, former, effect in tally.burnt if error == "KilledError"}
    for name, value in (("histories", tally.histories), ("faults", tally.burnt.total()), ("points", len(killed_at))):
        record_property(name, value)
    assert tally.histories >= wanted
    assert tally.burnt.total() > wanted, "hardly anything went wrong"


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("shape", "burn"),
    [("MOVE", KilledError), ("COPY and UID EXPUNGE", KilledError), ("MOVE", lambda: TransientError("not now"))],
    ids=["MOVE, killed", "COPY, killed", "MOVE, failing"],
)
def test_each_point_of_one_history(shape: str, burn: Callable[[], BaseException]) -> None:
    """Between any two effects of a history in which everything happens once, the daemon can be killed, or be failed."""
    for effects in count():
        life = Life(SHAPES[shape], Tally())
        life.fuse.light(effects, burn=burn)
        live(life)
        life.teardown()
        if not life.fuse.burnt:
            break

    assert effects > 200


def live(life: Life) -> None:
    """Mail comes, is moved, taken back, deleted, confirmed and dragged."""
    life.deliver([True, False, True, False, True, True])
    life.attend()
    life.decide(0, Choice.RESTORE)
    life.attend()
    life.decide(0, Choice.DELETE)
    life.decide(1, Choice.CONFIRM)
    life.attend()
    life.drag(0, INBOX)
    life.attend()
    life.drag(0, TRASH)
    life.attend()
