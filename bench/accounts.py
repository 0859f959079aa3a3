"""A thousand accounts in one process, on Dovecot, and five thousand on a server that only waits."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bench._daemon import Daemon, home, set_watch
from bench._figures import Figure, bare_memory, bare_start, middle, publish, worst
from bench._mailbox import Onlooker
from bench._mails import impostor
from bench._process import cpu_time, resident, usage
from tests.kit.daemon import Home
from tests.kit.dovecot import CROWDED, Dovecot
from tests.kit.waiting_server import WaitingServer

_THOUSAND, _THOUSANDS = 1_000, 5_000
_SPAN = 20.0
"""Seconds that are looked at: each connection is asked once for a sign of life."""
_SETTLE = 10.0
_MAILS = 60
_MAILBOXES, _MAILS_EACH = 10, 4
"""On Dovecot, where another program waits for the same mail, to see when it becomes visible."""
_INSTANCES = Path("/proc/sys/fs/inotify/max_user_instances")
_NOTICE = "as somebody else"

Deliver = Callable[[Daemon, Sequence[str]], list[float]]
"""Delivers mails to these users one by one: from when each was visible until it was moved and told, in milliseconds."""


def measure() -> list[Figure]:
    """Both, and what one account occupies beside them."""
    with Dovecot() as server, home(server, ["taro"]) as place, Daemon(place) as daemon:
        daemon.hear("watching INBOX")
        time.sleep(2)
        one = resident(daemon.pid)
    with _watchers(), Dovecot(more=CROWDED) as server, home(server, _users(_THOUSAND)) as place:
        figures = _wait("1,000 on Dovecot", place, _THOUSAND, one, lambda *each: _through_dovecot(server, *each))
    with WaitingServer() as crowd, home(crowd, _users(_THOUSANDS)) as place:
        figures += _wait("5,000", place, _THOUSANDS, one, lambda *each: _through_crowd(crowd, *each))
    return [*figures, bare_memory(), bare_start()]


def _users(number: int) -> list[str]:
    return [f"user{each}" for each in range(number)]


def _wait(name: str, place: Home, number: int, one: float, deliver: Deliver) -> list[Figure]:
    set_watch(place, interval='"1h"', acquaintances="false")  # which are work of their own, and would find a mail first
    with Daemon(place) as daemon:
        ready = daemon.hear("ready:") - daemon.started
        watched = daemon.hear("watching INBOX", number) - daemon.started
        opening = cpu_time(daemon.pid)
        time.sleep(_SETTLE)
        before = usage(daemon.pid)
        time.sleep(_SPAN)
        after = usage(daemon.pid)
        memory, descriptors = resident(daemon.pid), len(list(Path(f"/proc/{daemon.pid}/fd").iterdir()))
        delays = deliver(daemon, _users(number))
    return [
        Figure(f"{name}: ready", 1000 * ready, "ms", budget=700 if number == _THOUSAND else None),
        Figure(f"{name}: from start until all are watched", watched, "s"),
        Figure(f"{name}: CPU until then, an account", 1000 * opening / number, "ms"),
        Figure(f"{name}: resident", memory, "MB"),
        Figure(f"{name}: each account after the first", (memory - one) * 1024 / (number - 1), "kB", budget=80),
        Figure(f"{name}: descriptors", descriptors, ""),
        Figure(f"{name}: CPU while nothing happens", 100 * (after.cpu - before.cpu) / _SPAN, "%"),
        Figure(f"{name}: wake-ups a second", (after.wakeups - before.wakeups) / _SPAN, ""),
        Figure(f"{name}: visible → moved and told, median", middle(delays), "ms", budget=100),
        Figure(f"{name}: the same, p99 of {len(delays)}", worst(delays), "ms", budget=300),
    ]


def _through_dovecot(server: Dovecot, daemon: Daemon, users: Sequence[str]) -> list[float]:
    rolls = random.Random(1)  # noqa: S311 - no secret
    delays: list[float] = []
    for user in rolls.sample(users, _MAILBOXES):
        postman = server.client(user)
        with Onlooker(server.client(user)) as onlooker:
            for number in range(_MAILS_EACH):
                time.sleep(0.7 + rolls.uniform(0.0, 0.2))  # see bench/delivery.py
                onlooker.forget()
                told = daemon.count(_NOTICE) + 1
                postman.append("INBOX", impostor(number))
                delays += _delay(daemon.hear(_NOTICE, told), onlooker)
        postman.shutdown()
    return delays


def _delay(moved: float, onlooker: Onlooker) -> Iterator[float]:
    """In milliseconds; none where the mail was gone before Dovecot told of it: the daemon was just asking."""
    with suppress(SystemExit):
        yield 1000 * (moved - onlooker.see(2))


def _through_crowd(crowd: WaitingServer, daemon: Daemon, users: Sequence[str]) -> list[float]:
    rolls = random.Random(1)  # noqa: S311 - no secret
    delays = []
    for number in range(_MAILS):
        time.sleep(rolls.uniform(0.0, 0.5))  # at any time between two questions to all of them
        told = daemon.count(_NOTICE) + 1
        visible = crowd.deliver(rolls.choice(users), impostor(number))
        delays.append(1000 * (daemon.hear(_NOTICE, told) - visible))
    return delays


@contextmanager
def _watchers() -> Iterator[None]:
    """Let one user's Dovecot have an inotify for each connection, where that is ours to allow."""
    allowed = _INSTANCES.read_text()
    with suppress(PermissionError):
        _INSTANCES.write_text("8192")
    try:
        yield
    finally:
        with suppress(PermissionError):
            _INSTANCES.write_text(allowed)


if __name__ == "__main__":
    publish("accounts", measure())
