"""The connection that an account rests on is asked whether it still lives, and that costs no more than it has to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.kit.house import House, hit
from watcher.acquaint import AGAIN
from watcher.daemon.watch import Health, Watch
from watcher.sources.memory import MemoryServer, MemorySource


class Observed(MemorySource):
    """A mailbox that counts how often it is opened, and its owner's mail comes just when IDLE begins."""

    def __init__(self, server: MemoryServer) -> None:
        super().__init__("home", server)
        self._server = server
        self.opened = 0
        self.meanwhile: list[bytes] = []

    def open(self) -> None:
        """Connect."""
        self.opened += 1
        super().open()

    def start_idle(self) -> int | None:
        """Begin IDLE, while mail comes in."""
        descriptor = super().start_idle()
        while self.meanwhile:
            self._server.deliver("INBOX", self.meanwhile.pop(0))
        return descriptor


@pytest.fixture
def house() -> House:
    """An account that was never seen."""
    return House()


@pytest.fixture
def source(house: House) -> Observed:
    """Its mailbox."""
    return Observed(house.server)


@pytest.fixture
def watch(house: House, source: Observed) -> Iterator[Watch]:
    """Who watches it, and rests on its connection."""
    watch = Watch(house.pipeline, source)
    watch.attend()
    yield watch
    watch.close()


def test_a_sign_of_life_is_no_reason_to_sweep(house: House, source: Observed, watch: Watch) -> None:
    """A connection that gave the sign that it was asked for is waited on again, without a look."""
    assert watch.probe()
    house.server.commands_left = 1

    assert watch.hear()

    assert (watch.standing.health, source.opened) == (Health.WATCHING, 1)


@pytest.mark.parametrize("stirred", [True, False])
def test_mail_beside_a_sign_of_life_is_judged(house: House, watch: Watch, stirred: bool) -> None:  # noqa: FBT001 - a parameter
    """News that came with it are news, and whoever asks for a turn meanwhile gets a whole one."""
    watch.probe()
    house.deliver(hit())
    assert not stirred or not watch.hear()

    watch.attend(stirred=stirred)

    assert house.raws("Suspicious") == [hit()]


def test_mail_while_idle_begins_is_judged(house: House, source: Observed, watch: Watch) -> None:
    """Mail that comes just when IDLE begins again is not left until the next interval."""
    source.meanwhile = [hit()]

    rest = watch.attend(stirred=True)

    assert house.raws("Suspicious") == [hit()]
    assert rest.waiting_on is not None


def test_why_a_connection_is_gone_is_told(house: House, watch: Watch) -> None:
    """Where the sign of life turns out to be the end, the turn that follows says so in the same words."""
    watch.probe()
    house.server.stop()

    assert not watch.hear()
    assert not watch.hear()
    watch.attend(stirred=True)

    assert watch.standing.health is Health.AWAY
    assert watch.standing.problem == "The server is down."


def test_a_server_that_gives_no_sign_of_life_is_left(house: House, source: Observed, watch: Watch) -> None:
    """The second question finds the first one open; the turn that follows hangs up, and the next one opens anew."""
    house.server.silent = True
    assert watch.probe()
    assert not watch.probe()

    assert watch.attend().waiting_on is None
    assert watch.standing.health is Health.AWAY
    assert not watch.probe()

    house.server.silent = False
    house.deliver(hit())
    watch.attend()
    assert house.raws("Suspicious") == [hit()]
    assert source.opened == 2


@pytest.mark.parametrize("back", [timedelta(hours=9), timedelta(days=365)])
def test_a_clock_that_is_set_back_delays_no_acquaintance(house: House, watch: Watch, back: timedelta) -> None:
    """A step of getting acquainted that lies further off than any is put is due at once."""
    house.now -= back

    rest = watch.attend()

    assert watch._step_at <= house.now + AGAIN
    assert rest.pause is None or rest.pause <= AGAIN
