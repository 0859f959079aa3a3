"""How cost grows with the size of a mail, of the catalogue and of the mailbox, and with the number of accounts.

The points become a table and a picture in docs/; gnuplot draws it by `growth.gnuplot`.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from bench._corpus import make_up
from bench._daemon import Daemon, await_that, home, set_watch
from bench._figures import DOCUMENT, Figure, bare_start, publish
from bench._mailbox import deliver
from bench._mails import with_page, write
from bench._process import cpu_time, resident
from tests.kit.daemon import Home
from tests.kit.dovecot import Dovecot
from tests.kit.waiting_server import WaitingServer
from watcher import brands, detectors
from watcher.attachments.in_process import InProcess
from watcher.brands.files import read_brands, read_real_names
from watcher.brands.glyphs import read_glyphs
from watcher.brands.services import read_services
from watcher.model import Belief
from watcher.pipeline import Examiner
from watcher.scanning import Item, Scanner
from watcher.store.ledger import open_ledger

_PICTURE = DOCUMENT.with_name("growth.svg")
_SCRIPT = Path(__file__).with_suffix(".gnuplot")

_SIZES = (1_000, 4_000, 16_000, 64_000, 256_000, 1_000_000, 4_000_000)
_BRANDS = (0, 100, 200, 400, 600)
"""Beside all of them."""
_ACCOUNTS = (1, 10, 100, 1_000)
_SETTLE = 10.0
_SPAN = 20.0
"""Seconds in which each connection is asked once for a sign of life."""
_MAILBOXES = (250, 1_000, 4_000, 16_000)
_MIXED = 40
_ROUNDS = 3

Point = tuple[float, ...]
"""Where it stands, and what was measured there."""


def measure() -> tuple[list[Figure], dict[str, list[Point]]]:
    """The figures, and the same as points of the curves."""
    with tempfile.TemporaryDirectory(prefix="watcher-bench-") as scratch:
        sizes = _by_size(Path(scratch))
        known, organisations = _by_brands(make_up(Path(scratch, "mixed"), write, _MIXED))
    accounts = [_by_accounts(number) for number in _ACCOUNTS]
    mailboxes = [_by_mailbox(number) for number in _MAILBOXES]
    figures = [
        *(Figure(f"judging a mail of {size:,.0f} octets of HTML", cpu, "ms CPU") for size, cpu in sizes),
        *(Figure(f"judging a mail, with {number:.0f} brands", cpu, "ms CPU") for number, cpu in known),
        Figure("judging a mail, with all brands and organisations", organisations[1], "ms CPU"),
        *(Figure(f"{number:,.0f} accounts in IDLE: resident", memory, "MB") for number, memory, _ in accounts),
        *(Figure(f"{number:,.0f} accounts in IDLE: CPU", cpu, "%") for number, _, cpu in accounts),
        *(Figure(f"{number:,.0f} mails wait: to judge them, a mail", cpu, "ms CPU") for number, cpu, _ in mailboxes),
        *(
            Figure(f"{number:,.0f} mails are judged: to find that, a mail", again, "ms CPU")
            for number, _, again in mailboxes
        ),
    ]
    points = {"size": sizes, "brands": known, "organisations": [organisations], "accounts": accounts}
    points["mailbox"] = mailboxes
    return [*figures, bare_start()], points


def _by_size(scratch: Path) -> list[Point]:
    scanner = Scanner(Examiner(brands.load(), detectors.load(), InProcess()), Belief(topmost=True))
    points: list[Point] = []
    for size in _SIZES:
        files = make_up(scratch / str(size), partial(with_page, octets=size), 1)
        points.append((size, _judge(scanner, files)))
    return points


def _by_brands(files: Sequence[Path]) -> tuple[list[Point], Point]:
    """With some of the brands and no organisations; then with all of both."""
    here = Path(brands.__file__).parent
    known = read_brands(*(path for path in here.iterdir() if path.is_dir()))
    names, glyphs = read_real_names(here / "real_names.txt"), read_glyphs(here / "glyphs.toml")
    offers = read_services(here / "offers").offers

    def judge_with(number: int) -> float:
        some = dict(islice(known.items(), number))
        catalogue = brands.BrandCatalogue(some, names, glyphs, offers=offers)
        return _judge(Scanner(Examiner(catalogue, detectors.load(), InProcess()), Belief(topmost=True)), files)

    points: list[Point] = [(number, judge_with(number)) for number in (*_BRANDS, len(known))]
    everything = Examiner(brands.load(), detectors.load(), InProcess())
    return points, (len(known), _judge(Scanner(everything, Belief(topmost=True)), files))


def _judge(scanner: Scanner, files: Sequence[Path]) -> float:
    """Milliseconds of CPU a mail, the least of some rounds."""
    items = [Item(str(file)) for file in files]
    scanner.scan(items)
    return min(_clock(lambda: scanner.scan(items)) for _round in range(_ROUNDS)) / len(files)


def _clock(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return 1000 * (time.process_time() - started)


def _by_accounts(number: int) -> Point:
    """How many on a server that only waits, MB resident, and per cent of a processor while nothing happens."""
    with WaitingServer() as server, home(server, [f"user{each}" for each in range(number)]) as place:
        set_watch(place, interval='"1h"', acquaintances="false")
        with Daemon(place) as daemon:
            daemon.hear("watching INBOX", number)
            time.sleep(_SETTLE)
            before = cpu_time(daemon.pid)
            time.sleep(_SPAN)
            return number, resident(daemon.pid), 100 * (cpu_time(daemon.pid) - before) / _SPAN


def _by_mailbox(number: int) -> Point:
    """How many, milliseconds of CPU a mail to judge them all, and to find at a later start that all are judged."""
    with Dovecot() as server, home(server, ["taro"]) as place:
        set_watch(place, history='"1d"', most_moves=str(number))
        client = server.client("taro")
        for start in range(0, number, 250):
            deliver(client, [write(each) for each in range(start, min(start + 250, number))])
        client.shutdown()
        empty = _start(server)
        first = _start_at(place, number) - empty
        again = _start_at(place, number) - empty
    return number, 1000 * first / number, 1000 * max(0.0, again) / number


def _start(server: Dovecot) -> float:
    """Seconds of CPU until an empty inbox is watched."""
    with home(server, ["nobody"]) as place:
        return _start_at(place, 0)


def _start_at(place: Home, number: int) -> float:
    """Seconds of CPU from a start until all those mails are judged and the inbox is watched."""
    with Daemon(place) as daemon:
        daemon.hear("watching INBOX")
        ledger = open_ledger(place.folder / "state" / "watcher" / "ledger.sqlite")
        await_that(lambda: sum(ledger.counts().values()) >= number, pause=0.2)
        ledger.close()
        return cpu_time(daemon.pid)


def _draw(points: dict[str, list[Point]]) -> None:
    """Have gnuplot draw the picture."""
    with tempfile.TemporaryDirectory(prefix="watcher-bench-") as folder:
        for name, curve in points.items():
            lines = (" ".join(f"{value:.6g}" for value in point) for point in curve)
            Path(folder, name).write_text("\n".join(lines) + "\n", "utf-8")
        given = f"folder='{folder}'; picture='{_PICTURE}'"
        subprocess.run(["gnuplot", "-e", given, str(_SCRIPT)], check=True)  # noqa: S603, S607 - our own script


if __name__ == "__main__":
    found, curves = measure()
    _draw(curves)
    publish("growth", found)
