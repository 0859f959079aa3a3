"""How much of a mail is fetched, and in how many round trips: counted between the daemon and the server."""

from __future__ import annotations

from collections.abc import Callable

from bench._daemon import Daemon, await_that, home
from bench._figures import Figure, publish
from bench._mailbox import deliver
from bench._mails import armed, impostor, with_parts, write
from bench._proxy import Count, Proxy
from tests.kit.dovecot import Dovecot
from watcher.store.ledger import open_ledger

_BATCH = 50
_KIB = 1024


def measure() -> list[Figure]:
    """One mail of each kind, and a batch."""
    with (
        Dovecot() as server,
        Proxy(server.port) as proxy,
        home(server, ["taro"], port=str(proxy.port), tls='"none"') as place,
        Daemon(place) as daemon,
    ):
        daemon.hear("watching INBOX")
        await_that(lambda: proxy.last_command == "IDLE")
        proxy.take()
        ledger = open_ledger(place.folder / "state" / "watcher" / "ledger.sqlite")
        client = server.client("taro")

        def count(*mails: bytes) -> Count:
            expected = sum(ledger.counts().values()) + len(mails)
            deliver(client, mails)
            await_that(lambda: sum(ledger.counts().values()) >= expected and proxy.last_command == "IDLE")
            return proxy.take()

        figures = _measure(count)
        client.shutdown()
        ledger.close()
    return figures


def _measure(count: Callable[..., Count]) -> list[Figure]:
    """The figures, by a function that delivers mails and counts what they cause."""
    wanted, moved, opened = count(write(1)), count(impostor(7)), count(armed(1))
    many = count(*(with_parts(number) for number in range(100, 100 + _BATCH)))
    large = count(with_parts(1, text=900_000, attachment=5_000_000))
    texts = count(with_parts(2, texts=5, text=200_000))
    header = count(with_parts(3, header=400_000))
    return [
        Figure("round trips for one wanted mail, IDLE ended and begun again", wanted.round_trips, ""),
        Figure("round trips for one that is moved", moved.round_trips, ""),
        Figure("round trips for one that is opened and moved", opened.round_trips, ""),
        Figure(f"round trips a mail, {_BATCH} wanted ones at once", many.round_trips / _BATCH, ""),
        Figure("fetched of 900 kB of text and a film of 5 MB", large.received / _KIB, "KiB", budget=128),
        Figure("fetched of five texts of 200 kB each", texts.received / _KIB, "KiB", budget=128),
        Figure("fetched of a mail with a header of 400 kB", header.received / _KIB, "KiB", budget=128),
    ]


if __name__ == "__main__":
    publish("traffic", measure())
