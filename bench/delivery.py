"""How soon a hit is moved and told, counted from when the server tells another mail program of it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from imapclient import IMAPClient

from bench._daemon import Daemon, home, set_watch
from bench._figures import Figure, bare_start, middle, publish, worst
from bench._mailbox import Onlooker
from bench._mails import armed, impostor
from tests.kit.daemon import Home
from tests.kit.dovecot import HOST, PASSWORD, Dovecot
from watcher.demo.server import DemoServer

_NUMBER = 32
_PAUSE = 0.7
"""Seconds between a notice and the next mail: Dovecot waits 0.5 s from the first change on, which was the move."""
_MOST_UNSEEN = 4
"""Mails that Watcher may have moved before the server told anybody of them: see `_deliver`."""
_NOTICE = "as somebody else"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One mail's times in milliseconds."""

    server: float
    """From the end of APPEND until another program was told of it."""
    watcher: float
    """From then until it was moved and the notice shown."""
    armed: bool
    """Whether an attachment had to be opened."""


def measure() -> list[Figure]:
    """Hits delivered one by one, every other one with an archive to open, on both servers."""
    figures: list[Figure] = []
    for name, serve in (("Dovecot", _dovecot), ("pymap", _pymap)):
        with serve() as (place, dial):
            (first, *others), unseen = _deliver(place, dial)
        figures += _sum_up(name, others)
        figures.append(Figure(f"{name}: the first, which starts the attachment child", first.watcher, "ms", budget=100))
        figures.append(Figure(f"{name}: moved before anybody was told, in none of these", unseen, ""))
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


def _deliver(place: Home, dial: Callable[[], IMAPClient]) -> tuple[list[Delivery], int]:
    """The times of `_NUMBER` mails, and how many more there were of which nobody was told.

    Every 20 s Watcher asks each connection for a sign of life, by DONE and IDLE: if a mail has come in that moment, it
    is found there and moved before the server, which takes half a second, has told any other program of it. Then there
    is nothing to count from, and another mail is delivered in its place.
    """
    rolls = random.Random(1)  # noqa: S311 - no secret
    postman = dial()
    # A step of getting acquainted would find the one mail that comes in that moment before the server tells of it.
    set_watch(place, acquaintances="false")
    found: list[Delivery] = []
    number = 0
    with Daemon(place) as daemon, Onlooker(dial()) as onlooker:
        daemon.hear("watching INBOX")
        while len(found) < _NUMBER:
            time.sleep(_PAUSE + rolls.uniform(0.0, 0.2))
            delivery = _deliver_one(number, postman, daemon, onlooker)
            number += 1
            found += [delivery] if delivery else []
            if not found or number - len(found) > _MOST_UNSEEN:
                raise SystemExit("the server tells of no mail")
    postman.shutdown()
    return found, number - len(found)


def _deliver_one(number: int, postman: IMAPClient, daemon: Daemon, onlooker: Onlooker) -> Delivery | None:
    """One mail's times; None where the server has told nobody of it before it was moved."""
    is_armed = number % 2 == 0
    raw = (armed if is_armed else impostor)(number)
    onlooker.forget()
    told = daemon.count(_NOTICE) + 1
    postman.append("INBOX", raw)
    delivered = time.monotonic()
    moved = daemon.hear(_NOTICE, told)
    visible = onlooker.see()
    if visible is None:
        return None
    return Delivery(1000 * (visible - delivered), 1000 * (moved - visible), is_armed)


@contextmanager
def _dovecot() -> Iterator[tuple[Home, Callable[[], IMAPClient]]]:
    """A home that watches a Dovecot over TLS, and how other programs get there."""
    with Dovecot() as server, home(server, ["taro"]) as place:
        yield place, lambda: server.client("taro")


@contextmanager
def _pymap() -> Iterator[tuple[Home, Callable[[], IMAPClient]]]:
    """The same with the demo's server."""

    def dial() -> IMAPClient:
        client = IMAPClient(HOST, server.port, ssl=False, timeout=10)
        client.login("taro", PASSWORD)
        return client

    with (
        Dovecot() as certified,
        DemoServer("taro", PASSWORD) as server,
        home(certified, ["taro"], port=str(server.port), tls='"none"') as place,
    ):
        yield place, dial


if __name__ == "__main__":
    publish("delivery", measure())
