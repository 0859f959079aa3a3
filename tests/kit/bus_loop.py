"""A thread in which a test's own services on a bus are carried out."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, Self

from dbus_fast.aio import MessageBus


class BusLoop:
    """An event loop in a thread of its own, while the context lasts."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="bus-loop")

    def __enter__(self) -> Self:
        """Start the thread."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do it in the thread, and wait for what comes of it."""
        done: Future[Any] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return done.result(timeout=10)


async def connect(address: str, *, files: bool = False) -> MessageBus:
    """A new connection to that bus.

    Args:
        address: of the bus.
        files: whether open files can be received.
    """
    return await MessageBus(bus_address=address, negotiate_unix_fd=files).connect()


async def disconnect(bus: MessageBus) -> None:
    """Leave the bus."""
    bus.disconnect()
    await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]  # dbus-fast forgot to say that it gives None
