"""Core files: none is left of this process and its children, since passwords pass through their memory."""

from __future__ import annotations

import resource
from contextlib import suppress
from pathlib import Path

_FILTER = Path("/proc/self/coredump_filter")


def leave_none() -> None:
    """Let no core file be written, whoever has asked for some.

    The limit is enough where a core is a file. A program that is given cores in its place need not heed it (core(5),
    "Piping core dumps to a program"): by the filter there is no memory in them. Not done by making this process
    undumpable (prctl(2)): the desktop's portal has to see who opens a page.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):  # not Linux, or a sandbox that has no such file
        _FILTER.write_text("0")
