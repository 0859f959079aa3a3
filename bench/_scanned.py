"""`watcher scan` as a whole command: what it prints, and what that takes with all that it starts."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """What a whole set took."""

    seconds: float
    """By the clock on the wall."""
    cpu: float
    """Seconds of all processes."""


def scan(path: Path) -> tuple[list[str], Cost]:
    """All that the command prints of a file or a folder, with the shipped catalogue alone, and what that took."""
    environment = {**os.environ, "XDG_CONFIG_HOME": os.devnull}
    command = [sys.executable, "-m", "watcher", "scan", "--json", str(path)]
    started, before = time.perf_counter(), _cpu_of_children()
    run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=False)  # noqa: S603 - our own program
    cost = Cost(time.perf_counter() - started, _cpu_of_children() - before)
    if run.returncode not in {0, 1, 2} or not run.stdout:
        raise SystemExit(f"watcher scan ended with {run.returncode} and printed {len(run.stdout)} octets")
    return run.stdout.decode("utf-8").strip().split("\n"), cost


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
