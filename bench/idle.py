"""What the daemon does while nothing happens: a minute with one account, after everything has settled."""

from __future__ import annotations

import time

from bench._daemon import Daemon, home, set_watch
from bench._figures import Figure, bare_start, publish
from bench._process import Usage, usage
from tests.kit.dovecot import Dovecot

_SETTLE = 4.0
_MINUTE = 60.0
_SWEEPS = 6
"""In that minute, where a sweep was asked for every ten seconds."""


def measure() -> list[Figure]:
    """CPU and wake-ups in a minute of IDLE; beside it, in the same minute, a daemon that sweeps every ten seconds."""
    with Dovecot() as server, home(server, ["taro"]) as calm, home(server, ["hanako"]) as busy:
        set_watch(calm)
        set_watch(busy, interval='"10s"')
        with Daemon(calm) as quiet, Daemon(busy) as sweeping:
            for daemon in (quiet, sweeping):
                daemon.hear("watching INBOX")
            time.sleep(_SETTLE)
            waiting, both = _spend(quiet, sweeping)
    sweep = (both.cpu - waiting.cpu) / _SWEEPS
    return [
        Figure(
            "CPU with one account, a sweep every 5 minutes", (waiting.cpu + sweep / 5) / _MINUTE * 100, "%", budget=0.1
        ),
        Figure("CPU of a minute between two sweeps", waiting.cpu * 1000, "ms"),
        Figure("CPU of one sweep that finds nothing", sweep * 1000, "ms"),
        Figure("wake-ups of all threads in a minute between two sweeps", waiting.wakeups, ""),
        Figure("wake-ups for one sweep", (both.wakeups - waiting.wakeups) / _SWEEPS, ""),
        bare_start(),
    ]


def _spend(*daemons: Daemon) -> list[Usage]:
    before = [usage(daemon.pid) for daemon in daemons]
    time.sleep(_MINUTE)
    after = [usage(daemon.pid) for daemon in daemons]
    return [
        Usage(late.cpu - early.cpu, late.wakeups - early.wakeups) for early, late in zip(before, after, strict=True)
    ]


if __name__ == "__main__":
    publish("idle", measure())
