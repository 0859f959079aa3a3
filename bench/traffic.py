"""How much of a mail is fetched, and in how many round trips: counted between the daemon and the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bench._daemon import Daemon, await_that, home
from bench._figures import Figure, publish
from bench._mailbox import deliver
from bench._mails import KINDS, armed, impostor, with_parts, write
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
    shares = {what: _share(count, mails) for what, mails in _mailboxes().items()}
    return [
        Figure("round trips for one wanted mail, IDLE ended and begun again", wanted.round_trips, ""),
        Figure("round trips for one that is moved", moved.round_trips, ""),
        Figure("round trips for one that is opened and moved", opened.round_trips, ""),
        Figure(f"round trips a mail, {_BATCH} wanted ones at once", many.round_trips / _BATCH, ""),
        Figure("fetched of 900 kB of text and a film of 5 MB", large.received / _KIB, "KiB", budget=128),
        Figure("fetched of five texts of 200 kB each", texts.received / _KIB, "KiB", budget=128),
        Figure("fetched of a mail with a header of 400 kB", header.received / _KIB, "KiB", budget=128),
        *(
            Figure(f"of {what}: octets fetched", share, "%", budget=25 if "attachments" in what else None)
            for what, share in shares.items()
        ),
    ]


def _mailboxes() -> Mapping[str, Sequence[bytes]]:
    """Mail of one sort each; mail with text alone has to be fetched but for its other alternative."""
    wanted = ("plain", "japanese", "newsletter")
    return {
        f"{_BATCH} mails with attachments": [KINDS["attachment"](number) for number in range(_BATCH)],
        f"{_BATCH} wanted ones without": [KINDS[wanted[number % 3]](number) for number in range(_BATCH)],
        f"{_BATCH} hits without, which are moved": [impostor(number) for number in range(1_000, 1_000 + _BATCH)],
    }


def _share(count: Callable[..., Count], mails: Sequence[bytes]) -> float:
    """How much the server says in all, in hundredths of the mail."""
    return 100 * count(*mails).received / sum(map(len, mails))


if __name__ == "__main__":
    publish("traffic", measure())
