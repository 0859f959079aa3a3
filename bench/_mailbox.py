"""The other side of an account: whoever delivers mail into it, and another program that waits for it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

_BATCH = 100
_ARRIVAL = re.compile(rb"\* \d+ EXISTS")


def deliver(client: IMAPClient, mails: Sequence[bytes]) -> None:
    """Put many mails into the inbox, many at a time (MULTIAPPEND)."""
    now = datetime.now(UTC)
    for start in range(0, len(mails), _BATCH):
        client.multiappend("INBOX", [{"msg": mail, "date": now} for mail in mails[start : start + _BATCH]])


class Onlooker:
    """A mail program that idles on the inbox and notes when each new mail became visible to it."""

    def __init__(self, client: IMAPClient) -> None:
        self._client = client
        self._seen: list[float] = []
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        """Begin to wait."""
        self._client.select_folder("INBOX", readonly=True)
        self._client.idle()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Hang up."""
        with suppress(OSError, IMAPClientError):
            self._client.shutdown()
        self._thread.join(5)

    def forget(self) -> None:
        """Begin to count anew."""
        with self._news:
            self._seen.clear()

    def see(self, within: float = 30) -> float:
        """Wait, so many seconds, for the next mail since `forget`; when it was told of, by `time.monotonic`."""
        with self._news:
            if not self._news.wait_for(lambda: self._seen, timeout=within):
                raise SystemExit("the server tells of no mail")
            return self._seen[0]

    def _look(self) -> None:
        """Read the socket itself: `idle_check` would read it by halves."""
        stream = self._client.socket()
        stream.settimeout(None)
        with suppress(OSError, ValueError):
            while piece := stream.recv(1 << 16):
                at = time.monotonic()
                with self._news:
                    self._seen += [at] * len(_ARRIVAL.findall(piece))
                    self._news.notify_all()
