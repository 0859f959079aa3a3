"""One thread that waits for many connections.

Everything reaches the selector through a queue, in order, so that no two threads ever touch it. A descriptor is watched
once: when it stirs it is let go, since its connection is then used by somebody else.
"""

from __future__ import annotations

import logging
import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress

_log = logging.getLogger(__name__)


class Waiter:
    """Calls back, in its own thread, when a watched descriptor has something to read."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._requests: deque[Callable[[], None]] = deque()
        self._awake, self._bell = socket.socketpair()
        for end in (self._awake, self._bell):
            end.setblocking(False)
        self._selector.register(self._awake, selectors.EVENT_READ)
        self._running = True
        self._thread = threading.Thread(target=self._wait, name="waiter", daemon=True)

    def start(self) -> None:
        """Begin to wait."""
        self._thread.start()

    def stop(self) -> None:
        """Stop waiting; no callback is called afterwards."""
        self.call(self._end)
        self._thread.join()
        self._selector.close()
        self._awake.close()
        self._bell.close()

    def call(self, work: Callable[[], None]) -> None:
        """Have `work` done in the waiter's thread, soon. It must not block."""
        self._requests.append(work)
        with suppress(BlockingIOError):  # it has not been heard for so long that it holds no more, and rings already
            self._bell.send(b"!")

    def watch(self, descriptor: int, stirred: Callable[[], None]) -> None:
        """Call `stirred` once when `descriptor` can be read."""
        self.call(lambda: self._register(descriptor, stirred))

    def forget(self, descriptor: int, stirred: Callable[[], None]) -> None:
        """Watch this descriptor no longer; does nothing if it stirred already, or is somebody else's by now."""
        self.call(lambda: self._forget(descriptor, stirred))

    def _wait(self) -> None:
        while self._running:
            for key, _ in self._selector.select():
                if key.fileobj is self._awake:
                    self._do_requests()
                elif self._selector.get_map().get(key.fd) is key:  # not closed, and given to somebody else, meanwhile
                    self._unregister(key.fd)
                    _call(key.data)

    def _do_requests(self) -> None:
        self._awake.recv(4096)
        while self._requests:
            _call(self._requests.popleft())

    def _register(self, descriptor: int, stirred: Callable[[], None]) -> None:
        self._unregister(descriptor)
        try:
            self._selector.register(descriptor, selectors.EVENT_READ, stirred)
        except (OSError, ValueError):  # closed in the meantime: its account must have a look
            stirred()

    def _forget(self, descriptor: int, stirred: Callable[[], None]) -> None:
        key = self._selector.get_map().get(descriptor)
        if key is not None and key.data is stirred:
            self._unregister(descriptor)

    def _unregister(self, descriptor: int) -> None:
        if descriptor in self._selector.get_map():
            self._selector.unregister(descriptor)

    def _end(self) -> None:
        self._running = False


def _call(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception:  # noqa: BLE001 - one account's bug is not the end of the others' wait
        _log.exception("a bug in what the waiter was asked to do")
