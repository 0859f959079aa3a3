"""Work shared out among all cores, by processes that are forked from this one and so know all that it knows."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from gettext import gettext as _
from itertools import chain, islice
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from watcher.errors import UserError

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")

_AHEAD = 2
"""Tasks that a process has been given: one that it works on, and one for when it is done."""
_MOST_EARLY = 16
"""Tasks for each process that are begun before the first of them is done: what comes of them is held."""


def cores() -> int:
    """How many processes can work side by side; 1 where none can be forked safely."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Put off Ctrl-C: what is being printed gets whole, and a process that is being forked is ready when it comes."""
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def share_out(
    work: Callable[[_Task], _Result],
    tasks: Iterable[_Task],
    processes: int | None = None,
    prepare: Callable[[], None] = lambda: None,
) -> Generator[_Result]:
    """What is made of each task, in the order of the tasks; a single task is worked on in this process.

    Ctrl-C reaches this process alone. The others end when whoever asks closes this generator, or has drawn all of it.

    Args:
        work: what it knows is inherited, not sent; it must not rely on threads.
        tasks: drawn as they are needed. They and the results are sent by pickle.
        processes: how many; as many as there are cores when None.
        prepare: loads what all of them will need, before they are forked.

    Raises:
        UserError: a process has died.
    """
    remaining = iter(tasks)
    first = list(islice(remaining, 2))
    number = processes or cores()
    if len(first) < 2 or number < 2:
        yield from map(work, chain(first, remaining))
        return
    prepare()
    team = _Team(work, number)
    try:
        yield from team.share_out(chain(first, remaining))
    finally:
        team.end()


class _Team:
    """The processes, each behind a connection of its own."""

    def __init__(self, work: Callable[[Any], Any], number: int) -> None:
        """Start them."""
        forks = multiprocessing.get_context("fork")
        self._connections: list[Connection] = []
        self._processes = []
        for _process in range(number):
            ours, its = forks.Pipe()
            self._connections.append(ours)
            with its, uninterrupted():
                process = forks.Process(target=_serve, args=(work, its, tuple(self._connections)), daemon=True)
                process.start()
            self._processes.append(process)

    def share_out(self, tasks: Iterable[Any]) -> Iterator[Any]:
        """Give whoever is free the next task; what comes back early waits for its turn, but not too much of it."""
        numbered = enumerate(tasks)
        free = deque(self._connections * _AHEAD)
        early: dict[int, Any] = {}
        given = turn = 0
        while True:
            for task in islice(numbered, max(0, min(len(free), turn + _MOST_EARLY * len(self._processes) - given))):
                self._give(free.popleft(), task)
                given += 1
            if given == turn:
                return
            for connection in self._connections_with_news():
                number, result = self._take(connection)
                early[number] = result
                free.append(connection)
            while turn in early:
                yield early.pop(turn)
                turn += 1

    def end(self) -> None:
        """End all of them, whatever they are at."""
        for process, connection in zip(self._processes, self._connections, strict=True):
            process.terminate()
            process.join()
            connection.close()

    def _give(self, connection: Connection, task: tuple[int, Any]) -> None:
        with _still_alive():
            connection.send(task)

    def _take(self, connection: Connection) -> Any:
        with _still_alive():
            return connection.recv()

    def _connections_with_news(self) -> list[Connection]:
        """Wait for them."""
        ready = wait(self._connections)
        return [connection for connection in self._connections if connection in ready]


@contextmanager
def _still_alive() -> Iterator[None]:
    """Raise UserError where the process at the other end is not."""
    try:
        yield
    except (EOFError, OSError) as error:
        raise UserError(_("A process that did part of the work has died.")) from error


def _serve(work: Callable[[Any], Any], connection: Connection, others: Iterable[Connection]) -> None:
    """Work until nobody is there any more who asks for it.

    Args:
        work: what to do.
        connection: to whoever asks.
        others: his ends of the connections, which were inherited: were they kept open, nobody would notice his end.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    for other in others:
        other.close()
    with suppress(EOFError, OSError):
        while True:
            number, task = connection.recv()
            connection.send((number, work(task)))
