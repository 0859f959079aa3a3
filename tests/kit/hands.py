"""An account whose user moves mail by hand, in memory."""

from __future__ import annotations

import pytest

from tests.kit.confirmed import AUTHSERV, confirmed
from tests.kit.house import House, hit
from watcher.errors import UserError
from watcher.model import By, Choice, State
from watcher.own_moves import OwnMoves
from watcher.pipeline import Rules


@pytest.fixture
def house() -> House:
    """An account whose empty folders have been seen once."""
    house = House(rules=Rules("home", authserv=AUTHSERV, folders=("INBOX", "Work")))
    house.server.create("Work")
    for name, attribute in (("Trash", r"\trash"), ("Junk", r"\junk"), ("Archive", r"\archive")):
        house.server.create(name)
        house.server.folders[name].attributes = frozenset({attribute})
    house.begin()
    look(house)
    return house


def look(house: House, own_moves: OwnMoves | None = None) -> OwnMoves:
    """Look at the suspicious folder, as each turn does."""
    own_moves = own_moves or OwnMoves(house.pipeline)
    own_moves.look(house.source())
    return own_moves


def decisions(house: House) -> list[tuple[Choice, By, str]]:
    """All decisions that were kept: what, by what means, and what became of them."""
    found = []
    for number in range(1, 20):
        try:
            kept = house.store.decision(number)
        except UserError:
            break
        found.append((kept.choice, kept.by, kept.outcome))
    return found


def move_hit(house: House, *, vouched: bool = True, folder: str = "INBOX") -> None:
    """Deliver a hit, and let it be moved."""
    house.deliver(confirmed(suspicious=True) if vouched else hit(), folder)
    house.sweep()
    assert house.cases()[-1].state is State.MOVED
    look(house)


def report(house: House, **changes: bool) -> None:
    """Deliver a mail that is judged clean, and let the user drag it to Suspicious some time later."""
    house.deliver(confirmed(suspicious=False, **changes))
    house.sweep()
    house.later(minutes=5)
    house.drag(house.only("INBOX"), "INBOX", "Suspicious")
