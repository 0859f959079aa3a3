"""One account's life, on a mailbox in memory."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.kit.house import House, hit, wanted
from watcher.daemon.watch import Health, Watch
from watcher.errors import RefusedError, TransientError, UserError
from watcher.model import By, Choice, Decision, FolderState, Intent, Receipt, State
from watcher.pipeline import Rules
from watcher.settle import DONE
from watcher.sources.memory import ABILITIES, MemoryServer, MemorySource


class Moody(MemorySource):
    """A mailbox that fails as it is told, and counts how often it is opened."""

    def __init__(self, house: House) -> None:
        super().__init__(house.rules.account, house.server, readonly=house.rules.action == "observe")
        self.refusal: UserError | None = None
        self.bug: Exception | None = None
        self.breaks_off = False
        self.meanwhile: list[bytes] = []
        self.opened = 0
        self._server = house.server

    def open(self) -> None:
        """Connect, or be refused."""
        self.opened += 1
        if self.refusal:
            raise self.refusal
        super().open()

    def look(self, folder: str) -> FolderState:
        """Look, or stumble."""
        if self.bug:
            raise self.bug
        return super().look(folder)

    def apply(self, intent: Intent) -> Receipt | None:
        """Take a step, or lose the connection before it."""
        if self.breaks_off:
            raise TransientError("The connection is gone.")
        return super().apply(intent)

    def start_idle(self) -> int | None:
        """Begin IDLE, while mail comes in."""
        descriptor = super().start_idle()
        while self.meanwhile:
            self._server.deliver("INBOX", self.meanwhile.pop(0))
        return descriptor


class Life:
    """A house, its mailbox, and who watches it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.source = Moody(house)
        self.watch = Watch(house.pipeline, self.source)

    def health(self) -> Health:
        """How the account stands."""
        return self.watch.standing.health

    def pause(self) -> timedelta:
        """A turn that ends in a pause: how long it is."""
        rest = self.watch.attend()
        assert rest.waiting_on is None
        assert rest.pause is not None
        return rest.pause


@pytest.fixture
def life(caplog: pytest.LogCaptureFixture) -> Iterator[Life]:
    """An account that has been attended to once."""
    caplog.set_level(logging.INFO)
    life = Life(House())
    life.watch.attend()
    yield life
    life.watch.close()


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log says of how the account stands."""
    return [record.message for record in caplog.records if record.name == "watcher.daemon.watch"]


# Watching.


def test_before_the_first_turn_it_starts() -> None:
    """An account that had no turn yet is starting, and nothing has been asked of its server."""
    life = Life(House())

    assert (life.health(), life.source.opened) == (Health.STARTING, 0)


def test_a_turn_sweeps_and_rests_on_the_connection(life: Life) -> None:
    """New mail is handled, and then the account waits on its connection."""
    life.house.deliver(hit())
    life.house.deliver(wanted())

    rest = life.watch.attend()

    assert life.house.raws("Suspicious") == [hit()]
    assert life.house.raws("INBOX") == [wanted()]
    assert (life.health(), life.watch.standing.moved) == (Health.WATCHING, 1)
    assert rest.waiting_on is not None


def test_one_connection_is_kept(life: Life) -> None:
    """Turn after turn the same session is used."""
    for _ in range(5):
        life.watch.attend()

    assert life.source.opened == 1


def test_without_idle_it_waits_for_the_next_interval() -> None:
    """A server without IDLE is no trouble: there is nothing to wait on, and no pause of its own."""
    life = Life(House(Rules("home", acquaintances=False), server=MemoryServer(ABILITIES - {"IDLE"})))

    rest = life.watch.attend()

    assert (rest.waiting_on, rest.pause) == (None, None)
    assert life.health() is Health.WATCHING


def test_the_suspicious_folder_is_made_and_subscribed() -> None:
    """Before the first mail moves the folder is there, where a mail program shows it."""
    house = House()
    del house.server.folders["Suspicious"]

    Life(house).watch.attend()

    assert house.server.folders["Suspicious"].subscribed


@pytest.mark.parametrize("action", ["notify", "observe"])
def test_no_folder_is_made_where_nothing_moves(action: str) -> None:
    """Who only wants to be told, or only to observe, gets no new folder."""
    house = House(Rules("home", action=action))
    del house.server.folders["Suspicious"]

    Life(house).watch.attend()

    assert set(house.server.folders) == {"INBOX"}


def test_mail_that_comes_before_anybody_waits_is_swept(life: Life) -> None:
    """What arrives while IDLE begins is handled in the same turn, again and again, until none comes."""
    life.source.meanwhile = [hit(1), wanted(2), hit(3)]

    rest = life.watch.attend()

    assert rest.waiting_on is not None
    assert life.house.raws("Suspicious") == [hit(1), hit(3)]
    assert life.house.raws("INBOX") == [wanted(2)]


# Away and back.


def test_away_and_back(life: Life, caplog: pytest.LogCaptureFixture) -> None:
    """A server that comes back is watched again, and mail that came meanwhile is handled."""
    life.house.server.running = False
    assert timedelta(seconds=0.5) <= life.pause() <= timedelta(seconds=1)
    assert life.health() is Health.AWAY
    assert life.watch.standing.problem

    life.house.deliver(hit())
    life.house.server.running = True
    life.watch.attend()

    assert life.health() is Health.WATCHING
    assert life.watch.standing.problem == ""
    assert life.house.raws("Suspicious") == [hit()]
    assert lines(caplog) == ["home: away: The server is down.", "home: watching INBOX"]


def test_pauses_grow_to_half_a_minute(life: Life) -> None:
    """Each attempt waits longer than the one before, never more than 30 s, and not to the second alike."""
    life.house.server.running = False

    pauses = [life.pause().total_seconds() for _ in range(40)]

    for number, pause in enumerate(pauses):
        longest = min(2**number, 30)
        assert longest / 2 <= pause <= longest
    assert len({round(pause, 3) for pause in pauses[5:]}) > 5


def test_pauses_begin_anew(life: Life) -> None:
    """Once it was there again for a minute, the next absence begins with a short pause."""
    life.house.server.running = False
    for _ in range(10):
        life.pause()
    life.house.server.running = True
    life.watch.attend()
    life.house.later(minutes=1)
    life.house.server.running = False

    assert life.pause() <= timedelta(seconds=1)


def test_the_log_has_one_line_a_change(life: Life, caplog: pytest.LogCaptureFixture) -> None:
    """A hundred attempts are one line, and `since` tells when it began."""
    life.house.server.running = False
    life.pause()
    began = life.house.now
    for _ in range(100):
        life.house.later(seconds=30)
        life.pause()

    assert len([line for line in lines(caplog) if "away" in line]) == 1
    assert life.watch.standing.since == began


# Refused.


@pytest.mark.parametrize(
    ("refusal", "mend"),
    [
        (RefusedError("Wrong password."), "To log in anew: watcher login home"),
        (UserError("The server's certificate has expired."), "To find out more: watcher doctor"),
    ],
)
def test_a_refused_login_rests_long(refusal: UserError, mend: str, caplog: pytest.LogCaptureFixture) -> None:
    """More attempts would only lock the account: ten minutes, however often refused, told once with what mends it."""
    life = Life(House())
    life.source.refusal = refusal

    assert {life.pause() for _ in range(3)} == {timedelta(minutes=10)}
    assert (life.health(), life.watch.standing.problem) == (Health.REFUSED, f"{refusal} {mend}")
    assert lines(caplog) == [f"home: refused: {refusal} {mend}"]


def test_a_mended_login_is_taken(life: Life) -> None:
    """The next attempt after the user mended it watches as if nothing had been."""
    life.watch.close()
    life.source.refusal = RefusedError("wrong password")
    life.pause()
    life.source.refusal = None

    assert life.watch.attend().waiting_on is not None
    assert life.health() is Health.WATCHING


# Bugs.


def test_a_bug_does_not_end_the_watch(life: Life, caplog: pytest.LogCaptureFixture) -> None:
    """A turn that a bug ended is logged with its traceback, told in `status`, and followed by another."""
    life.source.bug = ZeroDivisionError("a mistake of ours")

    assert life.pause() <= timedelta(seconds=30)
    assert life.health() is Health.AWAY
    assert "bug" in life.watch.standing.problem
    assert "ZeroDivisionError: a mistake of ours" in caplog.text

    life.source.bug = None
    life.house.deliver(hit())
    life.watch.attend()

    assert life.house.raws("Suspicious") == [hit()]
    assert life.source.opened == 2, "the connection is not trusted any more"


# Decisions.


def wish(life: Life, choice: Choice) -> Decision:
    """A decision about the newest case, that waits."""
    case = life.house.store.cases(limit=1)[0]
    return life.house.store.add_decision(Decision(choice, case.id, By.COMMAND, life.house.now))


def test_decisions_are_carried_out(life: Life) -> None:
    """What waits in the ledger is done in the next turn, once."""
    life.house.deliver(hit())
    life.watch.attend()
    decision = wish(life, Choice.RESTORE)

    life.watch.attend()

    assert life.house.raws("INBOX") == [hit()]
    assert life.house.store.decision(decision.id).outcome == DONE
    assert life.house.store.waiting_decisions() == ()


def test_decisions_about_other_accounts_are_left_to_them(life: Life) -> None:
    """Each account carries out its own."""
    life.house.deliver(hit())
    life.watch.attend()
    decision = wish(life, Choice.RESTORE)
    other = Life(House(Rules("other"), store=life.house.store))

    other.watch.attend()

    assert life.house.store.waiting_decisions() == (decision,)
    assert life.house.raws("Suspicious") == [hit()]


def test_a_decision_waits_while_the_server_is_away(life: Life) -> None:
    """It is carried out when the server is back."""
    life.house.deliver(hit())
    life.watch.attend()
    decision = wish(life, Choice.RESTORE)
    life.house.server.running = False
    life.pause()
    assert life.house.store.waiting_decisions() == (decision,)

    life.house.server.running = True
    life.watch.attend()

    assert life.house.store.decision(decision.id).outcome == DONE


def test_a_wish_that_observing_forbids_does_not_stop_the_watch(life: Life) -> None:
    """Where nothing may be changed any more the wish is answered so, and new mail is judged all the same."""
    life.house.deliver(hit(1))
    life.watch.attend()
    decision = wish(life, Choice.RESTORE)
    life.house.change(action="observe")
    observing = Life(life.house)
    life.house.deliver(hit(2))

    observing.watch.attend()

    assert life.house.store.decision(decision.id).outcome not in {"", DONE}
    assert [case.state for case in life.house.cases()] == [State.MOVED, State.OBSERVED]
    assert observing.health() is Health.WATCHING


def test_a_step_that_observing_forbids_waits(life: Life) -> None:
    """A move that a crash cut short is finished once moving is allowed again, and does not stop the watch before."""
    life.house.deliver(hit())
    life.source.breaks_off = True
    life.pause()
    assert [case.state for case in life.house.cases()] == [State.MOVING]
    life.house.change(action="observe")
    observing = Life(life.house)

    observing.watch.attend()
    assert observing.health() is Health.WATCHING
    life.house.change(action="move")
    Life(life.house).watch.attend()

    assert life.house.raws("Suspicious") == [hit()]


def test_settle_does_what_waits_and_no_more(life: Life) -> None:
    """Without a daemon a command has the decisions carried out, and sweeps nothing."""
    life.house.deliver(hit(1))
    life.watch.attend()
    decision = wish(life, Choice.RESTORE)
    life.watch.close()
    life.house.deliver(hit(2))

    life.watch.settle()

    assert life.house.store.decision(decision.id).outcome == DONE
    assert life.house.raws("INBOX") == [hit(2), hit(1)]


def test_settle_says_what_hinders_it() -> None:
    """Unlike a turn it raises: whoever typed the command has to know."""
    life = Life(House())
    life.source.refusal = RefusedError("wrong password")
    with pytest.raises(RefusedError):
        life.watch.settle()

    life.source.refusal = None
    life.house.server.running = False
    with pytest.raises(TransientError):
        life.watch.settle()
