"""One thread waits for many connections."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue

import pytest

from watcher.daemon.waiter import Waiter

SOON = 10.0
"""Seconds within which a busy machine gets to it."""
NEVER = 0.2
"""Seconds after which nothing more is expected."""


@pytest.fixture
def waiter() -> Iterator[Waiter]:
    """A waiter that waits."""
    waiter = Waiter()
    waiter.start()
    yield waiter
    waiter.stop()


class Pipe:
    """Something that can stir."""

    def __init__(self) -> None:
        self.descriptor, self._end = os.pipe()
        self._descriptors = [self.descriptor, self._end]

    def stir(self) -> None:
        """Make it readable."""
        os.write(self._end, b"!")

    def quiet(self) -> None:
        """Read what there is."""
        os.read(self.descriptor, 100)

    def close(self) -> None:
        """Close both ends, once."""
        while self._descriptors:
            with suppress(OSError):
                os.close(self._descriptors.pop())


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    """A pipe, closed afterwards."""
    pipe = Pipe()
    yield pipe
    pipe.close()


def settle(waiter: Waiter) -> None:
    """Wait until the waiter has done all that it was asked before."""
    done = threading.Event()
    waiter.call(done.set)
    assert done.wait(SOON)


def none_more(calls: SimpleQueue[str]) -> bool:
    """Whether nothing is called for a while."""
    with suppress(Empty):
        calls.get(timeout=NEVER)
        return False
    return True


def test_what_stirs_is_told_once(waiter: Waiter, pipe: Pipe) -> None:
    """Whoever waits is called once, though the descriptor stays readable: it belongs to somebody else then."""
    calls: SimpleQueue[str] = SimpleQueue()
    waiter.watch(pipe.descriptor, lambda: calls.put(threading.current_thread().name))

    pipe.stir()

    assert calls.get(timeout=SOON) == "waiter"
    assert none_more(calls)


def test_it_can_be_watched_again(waiter: Waiter, pipe: Pipe) -> None:
    """After it was told, a new wish counts anew."""
    calls: SimpleQueue[str] = SimpleQueue()
    for word in ("first", "second"):
        waiter.watch(pipe.descriptor, lambda word=word: calls.put(word))  # type: ignore[misc]  # bound at once
        pipe.stir()
        assert calls.get(timeout=SOON) == word
        pipe.quiet()


def test_the_last_wish_counts(waiter: Waiter, pipe: Pipe) -> None:
    """Who asks for the same descriptor takes the place of who asked before."""
    calls: SimpleQueue[str] = SimpleQueue()
    waiter.watch(pipe.descriptor, lambda: calls.put("former"))
    waiter.watch(pipe.descriptor, lambda: calls.put("latter"))
    settle(waiter)

    pipe.stir()

    assert calls.get(timeout=SOON) == "latter"
    assert none_more(calls)


def test_what_is_forgotten_is_not_told(waiter: Waiter, pipe: Pipe) -> None:
    """Nobody is called for what nobody waits for any more, and to forget twice is no error."""
    calls: SimpleQueue[str] = SimpleQueue()
    stirred = partial(calls.put, "stirred")
    waiter.watch(pipe.descriptor, stirred)
    waiter.forget(pipe.descriptor, stirred)
    waiter.forget(pipe.descriptor, stirred)
    settle(waiter)

    pipe.stir()

    assert none_more(calls)


def test_a_number_that_was_given_out_again_is_not_forgotten(waiter: Waiter, pipe: Pipe) -> None:
    """Whoever lets go of a connection that was closed meanwhile does not take its number from another one."""
    calls: SimpleQueue[str] = SimpleQueue()
    former = partial(calls.put, "former")
    waiter.watch(pipe.descriptor, former)
    waiter.watch(pipe.descriptor, partial(calls.put, "latter"))
    waiter.forget(pipe.descriptor, former)
    settle(waiter)

    pipe.stir()

    assert calls.get(timeout=SOON) == "latter"


def test_what_is_closed_already_is_told(waiter: Waiter, pipe: Pipe) -> None:
    """A connection that was lost before it could be watched is looked at, not waited for in vain."""
    calls: SimpleQueue[str] = SimpleQueue()
    pipe.close()

    waiter.watch(pipe.descriptor, lambda: calls.put("closed"))

    assert calls.get(timeout=SOON) == "closed"


def test_each_of_many_is_told(waiter: Waiter) -> None:
    """A hundred connections are told apart."""
    pipes = [Pipe() for _ in range(100)]
    calls: SimpleQueue[int] = SimpleQueue()
    callbacks = [partial(calls.put, number) for number in range(100)]
    for pipe, callback in zip(pipes, callbacks, strict=True):
        waiter.watch(pipe.descriptor, callback)

    for pipe in pipes[::2]:
        pipe.stir()

    assert {calls.get(timeout=SOON) for _ in pipes[::2]} == set(range(0, 100, 2))
    for pipe, callback in zip(pipes, callbacks, strict=True):
        waiter.forget(pipe.descriptor, callback)
    settle(waiter)
    for pipe in pipes:
        pipe.close()


def test_calls_are_done_in_order(waiter: Waiter) -> None:
    """What is asked for is done one after the other, in the waiter's own thread."""
    done: list[int] = []
    threads = set()
    for number in range(1000):
        waiter.call(lambda number=number: done.append(number))  # type: ignore[misc]  # bound at once
        waiter.call(lambda: threads.add(threading.current_thread().name))
    settle(waiter)

    assert done == list(range(1000))
    assert threads == {"waiter"}


def test_a_bug_does_not_end_the_waiting(waiter: Waiter, pipe: Pipe, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever a callback raises is logged, and the others are told as before."""
    calls: SimpleQueue[str] = SimpleQueue()

    def fail() -> None:
        raise RuntimeError("a mistake of ours")

    waiter.call(fail)
    waiter.watch(pipe.descriptor, fail)
    pipe.stir()
    settle(waiter)
    settle(waiter)  # the descriptor's turn comes after the first one's
    waiter.watch(pipe.descriptor, lambda: calls.put("still there"))

    assert calls.get(timeout=SOON) == "still there"
    assert caplog.text.count("RuntimeError: a mistake of ours") == 2


def test_after_the_end_nobody_is_told(pipe: Pipe) -> None:
    """Once stopped the thread is gone, and nothing is called for what stirs later."""
    waiter = Waiter()
    waiter.start()
    calls: SimpleQueue[str] = SimpleQueue()
    waiter.watch(pipe.descriptor, lambda: calls.put("stirred"))

    waiter.stop()
    pipe.stir()

    assert none_more(calls)
    assert "waiter" not in {thread.name for thread in threading.enumerate()}


def test_any_number_may_stir_at_once(waiter: Waiter) -> None:
    """What the waiter asks of itself while it cannot hear the bell never makes it wait for itself."""
    done = threading.Event()

    def ask() -> None:
        for _ in range(5_000):
            waiter.call(lambda: None)
        waiter.call(done.set)

    waiter.call(ask)

    assert done.wait(SOON)
