"""What another process has used, as Linux tells it (proc(5))."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_SCHEDULER_CLOCK = 2


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process has used since it started."""

    cpu: float
    """Seconds of all its threads, also of those that have ended; not of its children."""
    wakeups: int
    """How often one of its threads has waited for something and been woken (voluntary context switches)."""


def usage(pid: int) -> Usage:
    """What that process has used by now."""
    statuses = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/status")]
    switches = (re.search(r"^voluntary_ctxt_switches:\s*(\d+)", status, re.MULTILINE) for status in statuses)
    return Usage(cpu_time(pid), sum(int(found[1]) for found in switches if found))


def cpu_time(pid: int) -> float:
    """Seconds of CPU, to the nanosecond: /proc/PID/stat counts in hundredths of a second."""
    clock = (~pid << 3) | _SCHEDULER_CLOCK  # clock_getcpuclockid(3), which Python offers for threads only
    return time.clock_gettime(clock)


def resident(pid: int) -> float:
    """Resident memory in MB, pages shared with others included."""
    return _rollup(pid, "Rss")


def own(pid: int) -> float:
    """Memory in MB that would be free without the process: pages that it shares with nobody."""
    return _rollup(pid, "Private_Clean") + _rollup(pid, "Private_Dirty")


def _rollup(pid: int, key: str) -> float:
    found = re.search(rf"^{key}:\s*(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def family(pid: int) -> list[int]:
    """The process and all that descend from it and still live."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            parent = int(path.read_text("utf-8", "replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(path.parent.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found
