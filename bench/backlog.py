"""20,000 mails that wait in the inbox when the daemon starts: from start to the last case, on Dovecot over TLS."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from imapclient import IMAPClient

from bench._corpus import make_up
from bench._daemon import Daemon, await_that, home, set_watch
from bench._figures import Figure, bare_start, publish
from bench._mailbox import deliver
from bench._mails import KINDS
from bench._process import cpu_time, resident
from tests.kit.daemon import Home
from tests.kit.dovecot import Dovecot
from watcher.app import examiner
from watcher.attachments.in_process import InProcess
from watcher.model import Belief, State
from watcher.scanning import Item, Scanner
from watcher.store.ledger import open_ledger

_MAILS = 20_000
_PATTERNS = 200
"""Mails that are written; all others are one of them under another number: writing them all would take minutes."""
_EACH = (*("newsletter", "plain", "japanese", "plain", "newsletter", "japanese", "plain"), *("newsletter", "japanese"))
_HIT_EACH = 100
_FETCHED = 50
_PATIENCE = 600.0


def measure() -> list[Figure]:
    """Time, CPU and memory; beside them what it takes only to fetch all of that mail, and only to judge it."""
    patterns = [_write(number) for number in range(_PATTERNS)]
    with Dovecot() as server, home(server, ["taro"]) as place:
        set_watch(place, history='"1d"', most_moves=str(_MAILS))
        client = server.client("taro")
        for start in range(0, _MAILS, _PATTERNS):
            deliver(client, [_renumber(patterns[each], each, start + each) for each in range(_PATTERNS)])
        fetching = _fetch_all(client)
        client.shutdown()
        took, cpu, peak, states = _catch_up(place)
    judging = _judge(patterns) * _MAILS / _PATTERNS
    return [
        Figure(f"{_MAILS:,} mails, {states[State.MOVED]} of them moved, from start to the end", took, "s"),
        Figure("a mail", took / _MAILS * 1000, "ms"),
        Figure("CPU of the daemon a mail", cpu / _MAILS * 1000, "ms"),
        Figure("CPU of `watcher scan` for the same mail", judging / _MAILS * 1000, "ms"),
        Figure("the whole, in that CPU of judging alone", took / judging, "×"),
        Figure("of the whole time the daemon's CPU is busy", 100 * cpu / took, "%"),
        Figure("resident at the end", peak, "MB"),
        Figure("only fetching them all, 50 at a time, without TLS", fetching, "s"),
        bare_start(),
    ]


def _write(number: int) -> bytes:
    """One mail of the inbox: no attachments, which are not fetched anyway."""
    return KINDS["impostor" if number % _HIT_EACH == 7 else _EACH[number % len(_EACH)]](number)


def _renumber(mail: bytes, former: int, number: int) -> bytes:
    """The same mail under another number: its Message-ID is what tells it from all others."""
    return mail.replace(b"Message-ID: <%d." % former, b"Message-ID: <%d." % number)


def _catch_up(place: Home) -> tuple[float, float, float, Mapping[State, int]]:
    """Seconds, seconds of CPU, MB, and what became of the mails."""
    with Daemon(place) as daemon:
        daemon.hear("ready:")
        ledger = open_ledger(place.folder / "state" / "watcher" / "ledger.sqlite")

        def is_done() -> bool:
            counts = ledger.counts()
            return sum(counts.values()) == _MAILS and State.MOVING not in counts

        took = await_that(is_done, pause=0.5, patience=_PATIENCE) - daemon.started
        used = cpu_time(daemon.pid), resident(daemon.pid)
        states = ledger.counts()
        ledger.close()
    return took, *used, states


def _judge(mails: Sequence[bytes]) -> float:
    """Seconds of CPU for judging the mails from files, after one for warming up."""
    scanner = Scanner(examiner(InProcess(), Path("no brands of the user's own")), Belief(topmost=True))
    with tempfile.TemporaryDirectory(prefix="watcher-bench-") as folder:
        files = make_up(Path(folder, "mails"), lambda number: mails[number], len(mails))
        items = [Item(str(file)) for file in files]
        scanner.scan(items[:1])
        started = time.process_time()
        scanner.scan(items)
        return time.process_time() - started


def _fetch_all(client: IMAPClient) -> float:
    client._imap.debug = 0  # noqa: SLF001 - as the daemon does; otherwise five times slower
    started = time.monotonic()
    client.select_folder("INBOX", readonly=True)
    uids = client.search()
    for start in range(0, len(uids), _FETCHED):
        client.fetch(uids[start : start + _FETCHED], ["BODY.PEEK[]"])
    return time.monotonic() - started


if __name__ == "__main__":
    publish("backlog", measure())
