"""How soon the daemon is ready, with a server that takes the connection and never says a word."""

from __future__ import annotations

import socket

from bench._daemon import Daemon, home
from bench._figures import Figure, bare_start, middle, publish, worst
from tests.kit.daemon import Home
from tests.kit.dovecot import HOST, Dovecot

_STARTS = 12


def measure() -> list[Figure]:
    """The time from start to “ready”, and that of a bare interpreter."""
    with Dovecot() as certified, socket.create_server((HOST, 0)) as silent:
        port = str(silent.getsockname()[1])
        with home(certified, ["taro"], port=port, tls='"none"') as place:
            times = [1000 * _start(place) for _ in range(_STARTS)]
    bare = bare_start()
    return [
        Figure("from start to “ready”, before the network, median", middle(times), "ms", budget=700),
        Figure(f"the slowest of {_STARTS}", worst(times), "ms"),
        bare,
        Figure("median, in bare starts", middle(times) / bare.value, "×"),
    ]


def _start(place: Home) -> float:
    with Daemon(place) as daemon:
        ready = daemon.hear("ready:")
        daemon.kill()  # politely it would wait for its server
    return ready - daemon.started


if __name__ == "__main__":
    publish("startup", measure())
