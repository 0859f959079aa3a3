"""A few threads do, and more come where turns take long."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from tests.kit.daemon import await_that
from watcher.daemon.crew import Crew, Size

SIZE = Size(few=2, most=6, long=0.3)


class Slow:
    """Work that lasts as long as a test wants."""

    def __init__(self) -> None:
        self.begun, self.may_end = threading.Event(), threading.Event()

    def __call__(self) -> None:
        """Work."""
        self.begun.set()
        self.may_end.wait(10)


@pytest.fixture
def crew() -> Iterator[Crew]:
    """A crew, sent home afterwards."""
    crew = Crew(SIZE)
    yield crew
    crew.close()


def occupy(crew: Crew, number: int) -> list[Slow]:
    """Give it so much to do that takes long."""
    works = [Slow() for _ in range(number)]
    for work in works:
        crew.submit(work)
    return works


def threads() -> int:
    """How many there are by now."""
    return sum(thread.name == "turn" for thread in threading.enumerate())


def test_what_takes_long_holds_up_nobody(crew: Crew) -> None:
    """Where all threads hang others begin all the same, as soon as that is plain, and at once from then on."""
    hanging = occupy(crew, SIZE.few)
    swift = threading.Event()

    crew.submit(swift.set)

    assert not swift.wait(SIZE.long / 2)
    assert swift.wait(5)
    for _ in range(20):
        again = threading.Event()
        crew.submit(again.set)
        assert again.wait(SIZE.long / 2)
    for work in hanging:
        work.may_end.set()


def test_what_is_short_is_done_by_a_few(crew: Crew) -> None:
    """However much waits, only so much is done at the same time."""
    counting, now, most, done = threading.Lock(), 0, 0, 0

    def work() -> None:
        nonlocal now, most, done
        with counting:
            now += 1
            most = max(most, now)
        time.sleep(0.001)
        with counting:
            now -= 1
            done += 1

    for _ in range(300):
        crew.submit(work)
    await_that(lambda: done == 300)

    assert most <= SIZE.few


def test_there_is_an_end_to_it(crew: Crew) -> None:
    """Whatever takes long: no more is begun than there may be threads, and the rest follows."""
    works = occupy(crew, SIZE.most + 2)
    await_that(lambda: sum(work.begun.is_set() for work in works) == SIZE.most)
    time.sleep(2 * SIZE.long)

    assert [work.begun.is_set() for work in works] == [True] * SIZE.most + [False] * 2
    for work in works:
        work.may_end.set()
    await_that(lambda: all(work.begun.is_set() for work in works))


def test_what_is_doubtful_never_takes_all(crew: Crew) -> None:
    """However much of it hangs, other work begins; and all of it is begun in the end."""
    works = [Slow() for _ in range(20)]
    for work in works:
        crew.submit(work, doubtful=True)
    await_that(lambda: sum(work.begun.is_set() for work in works) == SIZE.most - SIZE.few)
    time.sleep(2 * SIZE.long)

    for _ in range(5):
        swift = threading.Event()
        crew.submit(swift.set)
        assert swift.wait(SIZE.long / 2)
    assert sum(work.begun.is_set() for work in works) == SIZE.most - SIZE.few
    for work in works:
        work.may_end.set()
    await_that(lambda: all(work.begun.is_set() for work in works))
    await_that(lambda: threads() == SIZE.few)


def test_who_is_not_needed_goes(crew: Crew) -> None:
    """Once all is done there are no more threads than do for what is short; and none before there is work."""
    assert threads() == 0
    works = occupy(crew, SIZE.most)
    await_that(lambda: threads() == SIZE.most)

    for work in works:
        work.may_end.set()

    await_that(lambda: threads() == SIZE.few)


def test_one_at_a_time_takes_one_thread(crew: Crew) -> None:
    """A crew with little to do is small."""
    for _ in range(20):
        done = threading.Event()
        crew.submit(done.set)
        assert done.wait(5)
        time.sleep(0.01)

    assert threads() == 1


def test_a_bug_ends_no_thread(crew: Crew, caplog: pytest.LogCaptureFixture) -> None:
    """Work that raises is told in the log, and the next is done."""
    done = threading.Event()

    crew.submit(lambda: 1 // 0)  # type: ignore[arg-type]  # it returns nothing, ever
    crew.submit(done.set)

    assert done.wait(5)
    await_that(lambda: "a bug in a turn" in caplog.text)


def test_the_end_waits_for_what_has_begun() -> None:
    """Closing lets it come to its end, and begins nothing more."""
    crew = Crew(SIZE)
    begun, *waiting = occupy(crew, SIZE.few + 2)
    await_that(begun.begun.is_set)
    closing = threading.Thread(target=crew.close)
    closing.start()
    time.sleep(0.1)

    assert closing.is_alive()
    for work in (begun, *waiting):
        work.may_end.set()
    closing.join(5)

    assert not closing.is_alive()
    assert sum(work.begun.is_set() for work in (begun, *waiting)) == SIZE.few
    crew.submit(waiting[-1])
    assert threads() == 0
