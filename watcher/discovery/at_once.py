"""Doing several things that wait for others side by side, for no longer than agreed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


def at_once(calls: Sequence[Callable[[], T]], seconds: float) -> list[T | None]:
    """What each call gives, in their order; None for one that has not ended after `seconds`, or that failed.

    What is late is left to itself: a thread that waits for a slow server cannot be stopped. It is a daemon, so that
    the program may end before it (those of a `ThreadPoolExecutor` are waited for at exit).
    """
    results: list[T | None] = [None] * len(calls)
    threads = [
        threading.Thread(target=_run, args=(call, results, place), daemon=True) for place, call in enumerate(calls)
    ]
    for thread in threads:
        thread.start()
    until = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return list(results)


def _run(call: Callable[[], T], results: list[T | None], place: int) -> None:
    with suppress(OSError):  # what the world does to a connection; anything else is a bug and is shown
        results[place] = call()
