"""2,000 mails that wait in the inbox when the daemon starts: from start to the last case, on Dovecot over TLS."""

from __future__ import annotations

import time
from collections.abc import Mapping

from imapclient import IMAPClient

from bench._daemon import Daemon, await_that, home, set_watch
from bench._figures import Figure, bare_start, publish
from bench._mailbox import deliver
from bench._mails import write
from bench._process import cpu_time, resident
from tests.kit.daemon import Home
from tests.kit.dovecot import Dovecot
from watcher.model import State
from watcher.store.ledger import open_ledger

_MAILS = 2_000
_BATCH = 50


def measure() -> list[Figure]:
    """Time, CPU and memory; beside it how long it takes only to fetch all of that mail."""
    with Dovecot() as server, home(server, ["taro"]) as place:
        set_watch(place, history='"1d"', most_moves=str(_MAILS))
        client = server.client("taro")
        for start in range(0, _MAILS, 200):
            deliver(client, [write(number) for number in range(start, start + 200)])
        fetching = _fetch_all(client)
        client.shutdown()
        took, cpu, peak, states = _catch_up(place)
    return [
        Figure(f"{_MAILS} mails, {states[State.MOVED]} of them moved, from start to the end", took, "s"),
        Figure("a mail", took / _MAILS * 1000, "ms"),
        Figure("CPU of the daemon a mail", cpu / _MAILS * 1000, "ms"),
        Figure("resident at the end", peak, "MB"),
        Figure("only fetching them all, 50 at a time, without TLS", fetching, "s"),
        Figure("the whole in such fetches", took / fetching, "×"),
        bare_start(),
    ]


def _catch_up(place: Home) -> tuple[float, float, float, Mapping[State, int]]:
    """Seconds, seconds of CPU, MB, and what became of the mails."""
    with Daemon(place) as daemon:
        daemon.hear("ready:")
        ledger = open_ledger(place.folder / "state" / "watcher" / "ledger.sqlite")

        def is_done() -> bool:
            counts = ledger.counts()
            return sum(counts.values()) == _MAILS and State.MOVING not in counts

        took = await_that(is_done, pause=0.2) - daemon.started
        used = cpu_time(daemon.pid), resident(daemon.pid)
        states = ledger.counts()
        ledger.close()
    return took, *used, states


def _fetch_all(client: IMAPClient) -> float:
    client._imap.debug = 0  # noqa: SLF001 - as the daemon does; otherwise five times slower
    started = time.monotonic()
    client.select_folder("INBOX", readonly=True)
    uids = client.search()
    for start in range(0, len(uids), _BATCH):
        client.fetch(uids[start : start + _BATCH], ["BODY.PEEK[]"])
    return time.monotonic() - started


if __name__ == "__main__":
    publish("backlog", measure())
