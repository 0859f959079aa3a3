"""Whose turn it is."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.kit.daemon import await_that
from tests.kit.house import House
from watcher.daemon.crew import Size
from watcher.daemon.turns import Turns
from watcher.daemon.waiter import Waiter
from watcher.daemon.watch import Rest, Watch

THREADS = 3


class Account(Watch):
    """An account whose turns last as long as a test wants, and that notes how many there are at a time."""

    def __init__(self, rest: Rest | None = None) -> None:
        house = House()
        super().__init__(house.pipeline, house.source())
        self.rest = rest or Rest()
        self.may_end = threading.Event()
        self.may_end.set()
        self.turns = self.stirs = self.now = self.most = 0
        self.answers = True
        """Whether it has given every sign of life that it was asked for."""
        self.probed = 0
        self.lives: Callable[[], bool] = lambda: False
        """Hears it when it stirs: whether that is no more than a sign of life."""
        self._counting = threading.Lock()

    def attend(self, *, stirred: bool = False) -> Rest:
        """Take a turn."""
        with self._counting:
            self.turns += 1
            self.stirs += stirred
            self.now += 1
            self.most = max(self.most, self.now)
        self.may_end.wait(10)
        with self._counting:
            self.now -= 1
        return self.rest

    def hear(self) -> bool:
        """Stir."""
        return self.lives()

    def probe(self) -> bool:
        """Be asked."""
        self.probed += 1
        return self.answers


class Desk:
    """The turns, with what they are given."""

    def __init__(self) -> None:
        self.waiter = Waiter()
        self.waiter.start()
        self.later: list[tuple[Watch, timedelta]] = []
        self.rests = 0
        """Turns that have come to their end."""
        self.turns = Turns(self.waiter, self._rest, Size(THREADS, THREADS))

    def _rest(self, watch: Watch, pause: timedelta | None) -> None:
        self.rests += 1
        if pause is not None:
            self.later.append((watch, pause))

    def settle(self) -> None:
        """Wait until the waiter has done all that it was asked before."""
        done = threading.Event()
        self.waiter.call(done.set)
        assert done.wait(10)

    def close(self) -> None:
        """End everything."""
        self.turns.close()
        self.waiter.stop()


@pytest.fixture
def desk() -> Iterator[Desk]:
    """Turns that are given, closed afterwards."""
    desk = Desk()
    yield desk
    desk.close()


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """A connection that idles, and its other end."""
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def test_a_request_is_a_turn(desk: Desk) -> None:
    """Who is asked for gets one turn."""
    account = Account()

    desk.turns.request(account)

    await_that(lambda: account.turns == 1)


def test_requests_during_a_turn_are_one_more(desk: Desk) -> None:
    """However often an account is asked for during its turn, it gets exactly one more, afterwards."""
    account = Account()
    account.may_end.clear()
    desk.turns.request(account)
    await_that(lambda: account.turns == 1)

    for _ in range(50):
        desk.turns.request(account)
    account.may_end.set()
    await_that(lambda: account.turns == 2)
    time.sleep(0.1)

    assert (account.turns, account.most) == (2, 1)


def test_an_account_is_never_attended_to_twice_at_the_same_time(desk: Desk) -> None:
    """Whoever asks, from however many threads, a connection is used by one thread at a time."""
    accounts = [Account() for _ in range(5)]
    with ThreadPoolExecutor(8) as pool:
        for number in range(2000):
            pool.submit(desk.turns.request, accounts[number % 5])
    await_that(lambda: not any(account.now for account in accounts))

    assert {account.most for account in accounts} == {1}


def test_several_accounts_have_their_turns_at_the_same_time(desk: Desk) -> None:
    """One slow server keeps no other account waiting, as far as there are threads."""
    accounts = [Account() for _ in range(THREADS + 1)]
    for account in accounts:
        account.may_end.clear()
        desk.turns.request(account)
    await_that(lambda: sum(account.now for account in accounts) == THREADS)

    time.sleep(0.1)
    assert sum(account.turns for account in accounts) == THREADS
    for account in accounts:
        account.may_end.set()
    await_that(lambda: all(account.turns == 1 for account in accounts))


def test_a_connection_that_stirs_gives_a_turn(desk: Desk, pipe: tuple[int, int]) -> None:
    """An account that rests on its connection is attended to when that has something to say, each time."""
    reader, writer = pipe
    account = Account(Rest(waiting_on=reader))
    desk.turns.request(account)
    await_that(lambda: account.turns == 1)

    for turn in (2, 3):
        os.write(writer, b"!")
        await_that(lambda turn=turn: account.turns >= turn)  # type: ignore[misc]  # bound at once
        os.read(reader, 100)


def test_a_request_takes_the_connection_out_of_the_wait(desk: Desk, pipe: tuple[int, int]) -> None:
    """During a turn that was asked for, what the server says is read by the turn, and is no reason for another."""
    reader, writer = pipe
    account = Account(Rest(waiting_on=reader))
    desk.turns.request(account)
    await_that(lambda: account.turns == 1 and account.now == 0)
    account.may_end.clear()
    account.rest = Rest()
    desk.turns.request(account)
    await_that(lambda: account.turns == 2)
    desk.settle()

    os.write(writer, b"!")
    time.sleep(0.1)
    account.may_end.set()
    await_that(lambda: account.now == 0)
    time.sleep(0.1)

    assert account.turns == 2


def test_a_turn_knows_what_it_is_for(desk: Desk, pipe: tuple[int, int]) -> None:
    """A connection that stirs is told apart from whoever asks for a turn."""
    reader, writer = pipe
    account = Account(Rest(waiting_on=reader))
    desk.turns.request(account)
    await_that(lambda: desk.rests == 1)
    assert account.stirs == 0

    os.write(writer, b"!")
    await_that(lambda: account.stirs > 0)
    os.read(reader, 100)


def test_a_sign_of_life_takes_no_turn(desk: Desk, pipe: tuple[int, int]) -> None:
    """Who has no more to say is rested on again, any number of times; who has more gets a turn."""
    reader, writer = pipe
    account = Account(Rest(waiting_on=reader))
    desk.turns.request(account)
    await_that(lambda: desk.rests == 1)
    heard = bytearray()

    def hear() -> bool:
        heard.extend(os.read(reader, 1))
        return heard.endswith(b"!")

    account.lives = hear
    for number in range(1, 4):
        os.write(writer, b"!")
        await_that(lambda number=number: len(heard) == number)  # type: ignore[misc]  # bound at once
    assert account.turns == 1

    os.write(writer, b"?")
    await_that(lambda: account.turns == 2)


def test_who_rests_on_a_connection_is_asked_for_a_sign_of_life(desk: Desk, pipe: tuple[int, int]) -> None:
    """Only who rests on one, and no turn is spent on it; where the last sign is owed, a turn finds out why."""
    resting, pausing, busy = Account(Rest(waiting_on=pipe[0])), Account(), Account()
    busy.may_end.clear()
    for account in (resting, pausing, busy):
        desk.turns.request(account)
    await_that(lambda: desk.rests == 2 and busy.now == 1)

    desk.turns.probe([resting, pausing, busy])
    assert [account.probed for account in (resting, pausing, busy)] == [1, 0, 0]
    time.sleep(0.1)
    assert resting.turns == 1

    resting.answers = False
    desk.turns.probe([resting, pausing, busy])
    await_that(lambda: resting.turns == 2)
    assert (pausing.turns, busy.turns, resting.stirs) == (1, 1, 0)
    busy.may_end.set()


def test_a_pause_is_asked_for(desk: Desk) -> None:
    """An account that wants a turn after a pause gets it by whoever keeps the time."""
    account = Account(Rest(pause=timedelta(seconds=7)))

    desk.turns.request(account)

    await_that(lambda: desk.later == [(account, timedelta(seconds=7))])


def test_no_pause_is_asked_for_where_a_turn_follows_at_once(desk: Desk) -> None:
    """A request that came during the turn makes its pause needless."""
    account = Account(Rest(pause=timedelta(seconds=7)))
    account.may_end.clear()
    desk.turns.request(account)
    desk.turns.request(account)
    account.may_end.set()
    await_that(lambda: account.turns == 2)

    await_that(lambda: (desk.rests, len(desk.later)) == (2, 1))


def test_the_end_waits_for_turns_that_have_begun() -> None:
    """No move is left half done: closing lets a turn come to its end, and begins none of those that wait."""
    desk = Desk()
    accounts = [Account() for _ in range(THREADS + 2)]
    for account in accounts:
        account.may_end.clear()
        desk.turns.request(account)
    await_that(lambda: sum(account.now for account in accounts) == THREADS)
    closing = threading.Thread(target=desk.close)
    closing.start()
    time.sleep(0.1)

    assert closing.is_alive()
    for account in accounts:
        account.may_end.set()
    closing.join(10)

    assert not closing.is_alive()
    assert sum(account.turns for account in accounts) == THREADS


def test_after_the_end_nobody_gets_a_turn() -> None:
    """A button pressed too late is no error."""
    desk = Desk()
    desk.close()
    account = Account()

    desk.turns.request(account)

    assert account.turns == 0
