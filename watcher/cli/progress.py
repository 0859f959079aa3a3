"""A progress bar on standard error, for a person who waits at a terminal; everybody else sees nothing of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress

_T = TypeVar("_T")

_PATIENCE = 1.0
"""Seconds within which an answer needs no bar."""


def follow(words: str, steps: Iterable[_T], total: int) -> Iterator[_T]:
    """The same steps, while a bar shows how many of them are done. Ctrl-C during a step ends them there.

    Args:
        words: what is being done; finished clean text.
        steps: as many as `total`, or fewer.
        total: at least 0.
    """
    remaining = iter(steps)
    with ProgressBar(words) as bar:
        done = 0
        while True:
            bar.show(done, total, f"{done}/{total}")
            try:
                step = next(remaining)
            except (StopIteration, KeyboardInterrupt):
                return
            yield step
            done += 1


class ProgressBar:
    """Shows how much is done, from the second second on, for as long as the context lasts.

    Args:
        label: what is being done.
        as_json: whether standard output is for a program: on a terminal nothing else may then stand between its lines.
    """

    def __init__(self, label: str, *, as_json: bool = False) -> None:
        self._label = label
        self.seen = sys.stderr.isatty() and not (as_json and sys.stdout.isatty())
        """Whether anybody would see a bar."""
        self._begun = time.monotonic()
        self._progress: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def show(self, done: float, total: float | None, count: str, *, at_once: bool = False) -> None:
        """Say how much is done.

        Args:
            done: in whatever is counted.
            total: of which; None as long as it is not known.
            count: the same in words.
            at_once: whether it is known already that it takes a while.
        """
        if not self.seen:
            return
        if self._progress is None:
            if time.monotonic() - self._begun < _PATIENCE and not at_once:
                return
            self._progress = _prepare(self._label)
        self._progress.update(self._progress.task_ids[0], completed=done, total=total, count=count)
        self._progress.start()


def _prepare(label: str) -> Progress:
    from rich.console import Console  # noqa: PLC0415 - takes longer to load than a short answer takes
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415 - alike

    progress = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[count]}", markup=False),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=sys.stdout.isatty(),  # lines for the same terminal are put above the bar
    )
    progress.add_task(label, total=None, count="")
    return progress
