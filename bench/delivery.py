"""How soon a hit is moved and told, counted from when the server tells Watcher of it.

A proxy between the two notes that moment. Another mail program would not do: a server tells nobody of a mail that was
moved before it got round to him.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from imapclient import IMAPClient

from bench._daemon import Daemon, home, set_watch
from bench._figures import Figure, bare_start, middle, publish, worst
from bench._mails import armed, impostor
from bench._proxy import Proxy
from tests.kit.daemon import Home
from tests.kit.dovecot import HOST, PASSWORD, Dovecot
from watcher.demo.server import DemoServer

_NUMBER = 32
_PAUSE = 0.7
"""Seconds between a notice and the next mail: Dovecot waits 0.5 s from the first change on, which was the move."""
_NOTICE = "as somebody else"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One mail's times in milliseconds."""

    server: float
    """From the end of APPEND until Watcher was told of it."""
    watcher: float
    """From then until it was moved and the notice shown."""
    armed: bool
    """Whether an attachment had to be opened."""


@dataclass(frozen=True, slots=True)
class Served:
    """A mailbox that is watched."""

    home: Home
    proxy: Proxy
    """Between Watcher and the server, without TLS."""
    postman: IMAPClient
    """Logged in beside the proxy, to deliver mail."""


def measure() -> list[Figure]:
    """Hits delivered one by one, every other one with an archive to open, on both servers."""
    figures: list[Figure] = []
    for name, serve in (("Dovecot", _dovecot), ("pymap", _pymap)):
        with serve() as served:
            first, *others = _deliver(served)
        figures += _sum_up(name, others)
        figures.append(Figure(f"{name}: the first, which starts the attachment child", first.watcher, "ms", budget=100))
    return [*figures, bare_start()]


def _sum_up(name: str, deliveries: list[Delivery]) -> list[Figure]:
    all_of_them = [each.watcher for each in deliveries]
    opened = [each.watcher for each in deliveries if each.armed]
    return [
        Figure(f"{name}: its own delay, median", middle([each.server for each in deliveries]), "ms"),
        Figure(f"{name}: visible → moved and told, median", middle(all_of_them), "ms", budget=100),
        Figure(f"{name}: the same, p99 of {len(deliveries)}", worst(all_of_them), "ms", budget=100),
        Figure(f"{name}: those with an archive to open, median", middle(opened), "ms"),
    ]


def _deliver(served: Served) -> list[Delivery]:
    rolls = random.Random(1)  # noqa: S311 - no secret
    # A step of getting acquainted would find the one mail that comes in that moment before the server tells of it.
    set_watch(served.home, acquaintances="false")
    found = []
    with Daemon(served.home) as daemon:
        daemon.hear("watching INBOX")
        for number in range(_NUMBER):
            time.sleep(_PAUSE + rolls.uniform(0.0, 0.2))
            found.append(_deliver_one(number, served, daemon))
    served.postman.shutdown()
    return found


def _deliver_one(number: int, served: Served, daemon: Daemon) -> Delivery:
    is_armed = number % 2 == 0
    raw = (armed if is_armed else impostor)(number)
    told = daemon.count(_NOTICE) + 1
    served.proxy.take()
    served.postman.append("INBOX", raw)
    delivered = time.monotonic()
    moved = daemon.hear(_NOTICE, told)
    visible = served.proxy.take().told[0]
    return Delivery(1000 * (visible - delivered), 1000 * (moved - visible), is_armed)


@contextmanager
def _dovecot() -> Iterator[Served]:
    """A home that watches a Dovecot."""
    with Dovecot() as server, _watched(server, server.port, server.client("taro")) as served:
        yield served


@contextmanager
def _pymap() -> Iterator[Served]:
    """The same with the demo's server."""
    with Dovecot() as certified, DemoServer("taro", PASSWORD) as server:
        postman = IMAPClient(HOST, server.port, ssl=False, timeout=10)
        postman.login("taro", PASSWORD)
        with _watched(certified, server.port, postman) as served:
            yield served


@contextmanager
def _watched(certified: Dovecot, port: int, postman: IMAPClient) -> Iterator[Served]:
    with Proxy(port) as proxy, home(certified, ["taro"], port=str(proxy.port), tls='"none"') as place:
        yield Served(place, proxy, postman)


if __name__ == "__main__":
    publish("delivery", measure())
