"""What it costs to judge a mail in a file: made-up mail of each kind, and real mail where there is some.

CPU time is set against that of Python's own parser on the same mail, decoding every text part: a yardstick that any
machine has. What rspamd takes for the same mail is measured by bench/peers.py.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from email import message_from_bytes
from functools import partial
from pathlib import Path

from bench._corpus import make_up, place, spread, unpack
from bench._figures import Figure, bare_start, middle, publish, worst
from bench._mails import KINDS, write
from watcher.app import examiner
from watcher.attachments.in_process import InProcess
from watcher.model import Belief
from watcher.pipeline import Examiner
from watcher.scanning import Item, Scanner

_OF_EACH = 60
_MIXED = 300
_OF_A_SET = 150
"""Of each set of real mail, spread over all of it."""


def measure() -> list[Figure]:
    """CPU a message by kind, for the mix, and for real mail; the yardstick beside each."""
    judge = examiner(InProcess(), Path("no brands of the user's own"))
    with tempfile.TemporaryDirectory(prefix="watcher-bench-") as folder:
        figures: list[Figure] = []
        for kind, writer in KINDS.items():
            files = make_up(Path(folder) / kind, writer, _OF_EACH)
            figures.append(Figure(f"{kind}, median", 1000 * middle(_judge(judge, files)), "ms CPU"))
        figures += _compare("made-up mix", judge, make_up(Path(folder) / "mix", write, _MIXED))
        sets = unpack(place(), Path(folder) / "real").values()
        if real := [file for files in sets for file in spread(files, _OF_A_SET)]:
            figures += _compare("real mail", judge, real)
    return [*figures, bare_start()]


def _compare(name: str, judge: Examiner, files: Sequence[Path]) -> list[Figure]:
    ours, yardstick = _judge(judge, files), [_clock(partial(parse, file)) for file in files]
    return [
        Figure(f"{name}, {len(files)} messages, mean", 1000 * sum(ours) / len(ours), "ms CPU"),
        Figure(f"{name}, median", 1000 * middle(ours), "ms CPU"),
        Figure(f"{name}, p99", 1000 * worst(ours), "ms CPU"),
        Figure(f"{name}, the slowest", 1000 * max(ours), "ms CPU"),
        Figure(f"{name}: Python's parser, mean", 1000 * sum(yardstick) / len(yardstick), "ms CPU"),
        Figure(f"{name}: mean, in such parses", sum(ours) / sum(yardstick), "×"),
    ]


def _judge(judge: Examiner, files: Sequence[Path]) -> list[float]:
    """Seconds of CPU for each file, after one of them for warming up."""
    scanner = Scanner(judge, Belief(topmost=True))

    def scan_one(file: Path) -> None:
        (scanned,) = scanner.scan([Item(str(file))])
        if scanned.status == 2:
            raise SystemExit(f"{file.name}: {scanned.record['error']}")

    scan_one(files[0])
    return [_clock(partial(scan_one, file)) for file in files]


def parse(file: Path) -> None:
    """The yardstick: take a mail apart and decode its texts as the standard library does."""
    for part in message_from_bytes(file.read_bytes()).walk():
        if part.get_content_maintype() == "text":
            octets = part.get_payload(decode=True)
            if isinstance(octets, bytes):
                octets.decode("utf-8", "replace")


def _clock(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    publish("scan", measure())
