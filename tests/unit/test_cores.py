"""Work that is shared out among processes."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from tests.kit.daemon import await_that
from watcher.cores import cores, share_out
from watcher.errors import UserError

PROCESSES = 3


def is_over(pid: int) -> bool:
    """Whether there is no such process any more."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def work_slowly_at_first(number: int) -> tuple[int, int]:
    """The number, and who worked on it; the first ones take longer than all others together."""
    time.sleep(0.3 if number < 2 else 0.001)
    return number, os.getpid()


def test_results_keep_the_order_of_the_tasks() -> None:
    """Whoever is done first waits until it is his turn, and nothing is left out."""
    results = list(share_out(work_slowly_at_first, range(100), PROCESSES))

    assert [number for number, _pid in results] == list(range(100))


def test_the_work_is_shared() -> None:
    """Each of the processes works, none of them is this one, and whoever is slow gets less to do."""
    pids = [pid for _number, pid in share_out(work_slowly_at_first, range(100), PROCESSES)]

    assert len(set(pids)) == PROCESSES
    assert os.getpid() not in pids
    assert pids.count(pids[0]) < 50


def test_nobody_is_left_behind() -> None:
    """When all is done the processes are gone."""
    pids = {pid for _number, pid in share_out(work_slowly_at_first, range(10), PROCESSES)}

    assert all(map(is_over, pids))


def test_whoever_stops_listening_ends_the_work() -> None:
    """Of tasks without end no more are begun, and the processes are gone."""
    with closing(share_out(work_slowly_at_first, itertools.count(), PROCESSES)) as results:
        pids = {pid for _number, pid in itertools.islice(results, 50)}

    assert all(map(is_over, pids))


@pytest.mark.parametrize(("tasks", "processes"), [(1, PROCESSES), (5, 1)])
def test_this_process_suffices(tasks: int, processes: int) -> None:
    """A single task, or a single core, needs no other process."""
    assert list(share_out(lambda _task: os.getpid(), range(tasks), processes)) == [os.getpid()] * tasks


def test_there_may_be_nothing_to_do() -> None:
    """Of no tasks comes nothing."""
    assert list(share_out(work_slowly_at_first, (), PROCESSES)) == []


def test_tasks_are_drawn_as_they_are_needed() -> None:
    """Whoever has millions of them need not have them at once."""
    drawn: list[int] = []

    def draw() -> Iterator[int]:
        for number in range(1000):
            drawn.append(number)
            yield number

    with closing(share_out(lambda task: task, draw(), PROCESSES)) as results:
        assert next(results) == 0

    assert len(drawn) < 100


def fall_over(number: int) -> int:
    """Die of the fourth task, as where memory runs out."""
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def fail(number: int) -> int:
    """A bug in the fourth task."""
    return number // (number - 3)


@pytest.mark.parametrize("work", [fall_over, fail])
def test_a_process_that_dies_is_told(work: Callable[[int], int]) -> None:
    """Nobody waits for ever for its answer, and nobody takes the rest for all."""
    with pytest.raises(UserError, match="has died"):
        list(share_out(work, range(100), PROCESSES))


def work_long_at_first(number: int) -> int:
    """The first task takes as long as thousands of others."""
    time.sleep(0.0 if number else 1.0)
    return number


def test_nobody_runs_far_ahead() -> None:
    """What waits for its turn behind a task that takes long is held, so no more than some tasks are begun."""
    drawn: list[int] = []

    def draw() -> Iterator[int]:
        for number in itertools.count():
            drawn.append(number)
            yield number

    with closing(share_out(work_long_at_first, draw(), PROCESSES)) as results:
        assert next(results) == 0

    assert PROCESSES < len(drawn) < 100


def test_nobody_outlives_a_parent_that_is_killed() -> None:
    """The processes end by themselves when whoever asks them is gone, however that came."""
    program = (
        "import itertools, os\n"
        "from watcher.cores import share_out\n"
        "for pid in share_out(lambda task: os.getpid(), itertools.count(), 3): print(pid, flush=True)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pids = {int(parent.stdout.readline()) for _ in range(50)}
        parent.kill()

    await_that(lambda: all(map(is_over, pids)))


def test_all_cores_are_used() -> None:
    """Those that this process may use, which may be fewer than the machine has."""
    assert cores() == len(os.sched_getaffinity(0))
