"""What the daemon occupies with one account, and with each further one that nothing happens in."""

from __future__ import annotations

import time

from bench._daemon import Daemon, home
from bench._figures import Figure, bare_memory, publish
from bench._mailbox import deliver
from bench._mails import write
from bench._process import own, resident
from tests.kit.dovecot import Dovecot

_NUMBERS = (1, 2, 10, 50)
_MAILS = 10
_REST = 2.0
"""Seconds after the last login."""


def measure() -> list[Figure]:
    """Resident memory with 1, 2, 10 and 50 accounts over TLS, each with some mail in it."""
    with Dovecot() as server:
        names = [f"user{number}" for number in range(max(_NUMBERS))]
        for name in names:
            client = server.client(name)
            deliver(client, [write(number) for number in range(_MAILS)])
            client.shutdown()
        found = {number: _occupy(server, names[:number]) for number in _NUMBERS}
    growth = (found[50][0] - found[2][0]) / 48 * 1024
    return [
        Figure("resident with 1 account", found[1][0], "MB", budget=60),
        Figure("of that shared with nobody", found[1][1], "MB"),
        *(Figure(f"resident with {number} accounts", found[number][0], "MB") for number in _NUMBERS[1:]),
        Figure("each further account, from 2 to 50", growth, "kB", budget=80),
        bare_memory(),
    ]


def _occupy(server: Dovecot, names: list[str]) -> tuple[float, float]:
    with home(server, names) as place, Daemon(place) as daemon:
        daemon.hear("watching INBOX", len(names))
        time.sleep(_REST)
        return resident(daemon.pid), own(daemon.pid)


if __name__ == "__main__":
    publish("memory", measure())
