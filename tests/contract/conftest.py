"""What the contract suites of the desktop and the key ring share: a bus, and who talks on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit.bus import PrivateBus, private_bus
from tests.kit.notification_server import NotificationServer
from watcher.desktop.freedesktop import Freedesktop


@pytest.fixture
def bus() -> Iterator[PrivateBus]:
    """A bus of this test's own."""
    with private_bus() as running:
        yield running


@pytest.fixture
def server(bus: PrivateBus) -> Iterator[NotificationServer]:
    """A notification server with all that we use."""
    with NotificationServer(bus.address) as running:
        yield running


@pytest.fixture
def desktop(bus: PrivateBus) -> Iterator[Freedesktop]:
    """A notifier on that bus."""
    notifier = Freedesktop(bus.address)
    yield notifier
    notifier.close()
