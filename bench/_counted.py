"""What bench/instructions.py has counted: judging and parsing made-up mail, and starting.

Each is done by a process forked from this one, which is counted from the first instruction on; what stands before the
fork is taken off again. So the catalogue is loaded once, and everything is warm.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from watcher.app import examiner
from watcher.attachments.in_process import InProcess
from watcher.model import Belief
from watcher.pipeline import Examiner
from watcher.scanning import Item, Scanner

MAILS = 40


def main() -> None:
    """Print a line for each process: what it did, and its process id."""
    judge = examiner(InProcess(), Path("no brands of the user's own"))
    _fork("start", lambda: None)
    with tempfile.TemporaryDirectory(prefix="watcher-bench-") as scratch:
        _count(judge, Path(scratch))


def _count(judge: Examiner, scratch: Path) -> None:
    from bench._corpus import make_up  # noqa: PLC0415 - no part of the start
    from bench._mails import write  # noqa: PLC0415 - alike
    from bench.scan import parse  # noqa: PLC0415 - alike

    files = make_up(scratch / "mix", write, MAILS)
    scanner, items = Scanner(judge, Belief(topmost=True)), [Item(str(file)) for file in files]

    def judge_all() -> None:
        if any(scanned.status == 2 for scanned in scanner.scan(items)):
            raise SystemExit("a mail could not be judged")

    def parse_all() -> None:
        for file in files:
            parse(file)

    for work in (judge_all, parse_all):
        work()
    _fork("nothing", lambda: None)
    _fork("judge", judge_all)
    _fork("parse", parse_all)


def _fork(name: str, work: Callable[[], object]) -> None:
    pid = os.fork()
    if not pid:
        work()
        os._exit(0)
    if os.waitpid(pid, 0)[1]:
        raise SystemExit(f"{name}: failed")
    print(name, pid, flush=True)


if __name__ == "__main__":
    main()
