"""What `watcher.ports.Store` promises of acquaintances, held against the ledger on disk and the one in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.kit.ledger import NOON, a_case
from watcher.model import Address, Encounter, Progress
from watcher.ports import Store
from watcher.store.acquaintances import MOST
from watcher.store.ledger import open_ledger
from watcher.store.memory import open_memory

YAMADA = Address("山田太郎", "Yamada", "mail.company.example")
MET = Encounter(YAMADA, NOON, likeness="山田太郎")
WRITTEN = replace(MET, written_to=True)
DAY = timedelta(days=1)


@pytest.fixture(params=["disk", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of either kind."""
    opened: Store = open_memory() if request.param == "memory" else open_ledger(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


def test_nobody_is_known_at_first(store: Store) -> None:
    """An empty store knows no address and no name."""
    assert store.acquaintance("yamada@mail.company.example") is None
    assert store.bearers("山田太郎") == ()


def test_encounters_add_up(store: Store) -> None:
    """Mails are counted, the first and the last time kept in whatever order they come, and a letter is remembered."""
    store.acquaint("home", [MET, replace(MET, at=NOON - DAY), replace(WRITTEN, at=NOON + DAY)])
    known = store.acquaintance("yamada@mail.company.example")
    assert known is not None
    assert (known.written_to, known.mails) == (True, 2)
    assert (known.first_at, known.last_at) == (NOON - DAY, NOON + DAY)
    assert known.address == store.pseudonym("YAMADA@mail.company.example")
    assert known.domain == store.pseudonym("company.example")


def test_the_last_name_counts(store: Store) -> None:
    """A newer name takes the place of the former one, an older or an empty one does not."""
    renamed = Encounter(replace(YAMADA, name="山田花子"), NOON + DAY, likeness="山田花子")
    nameless = Encounter(replace(YAMADA, name=""), NOON + 2 * DAY)
    store.acquaint("home", [MET, renamed, replace(MET, at=NOON - DAY), nameless])
    assert [bearer.name for bearer in store.bearers("山田花子")] == ["山田花子"]
    assert store.bearers("山田太郎") == ()


def test_one_person_with_two_accounts(store: Store) -> None:
    """What was learnt in one account counts in all, as one acquaintance."""
    store.acquaint("home", [WRITTEN])
    store.acquaint("work", [MET])
    (bearer,) = store.bearers("山田太郎")
    assert (bearer.written_to, bearer.mails) == (True, 1)
    assert store.acquaintance("yamada@mail.company.example") == bearer


def test_contacts_come_first_among_those_of_one_name(store: Store) -> None:
    """However many strangers take a name, the one who was written to is found, and few of the others."""
    strangers = [replace(MET, address=replace(YAMADA, local=f"x{n}"), at=NOON + n * DAY) for n in range(50)]
    store.acquaint("home", [*strangers, WRITTEN])
    bearers = store.bearers("山田太郎")
    assert bearers[0].written_to
    assert 4 <= len(bearers) <= 20


def test_hostile_names(store: Store) -> None:
    """Whatever a name holds is kept as text, bounded, and an address of any kind has its pseudonym."""
    name = "\ud800'; DROP TABLE acquaintances; --" + "字" * 5000
    store.acquaint("home", [Encounter(Address(name, "a\udcff", "b.example"), NOON, likeness="\ud800")])
    (bearer,) = store.bearers("?")
    assert bearer.name.startswith("?'; DROP")
    assert len(bearer.name) <= 1000
    assert store.acquaintance("a\udcff@b.example") == bearer


def test_who_was_met_longest_ago_makes_room(store: Store) -> None:
    """No more are kept than `MOST`, and of those the ones met last."""
    crowd = [Encounter(Address("", str(n), "a.example"), NOON + timedelta(minutes=n)) for n in range(MOST + 2)]
    store.acquaint("home", crowd)
    assert store.acquaintance("1@a.example") is None
    assert store.acquaintance("2@a.example") is not None
    assert store.acquaintance(f"{MOST + 1}@a.example") is not None


def test_progress(store: Store) -> None:
    """How far a folder was read is kept with what was read, in place of the former, for each folder by itself."""
    inbox = Progress("home", "INBOX", 7, following=100, lowest=50, read=50)
    sent = Progress("home", "Sent", 8, following=10, lowest=1, read=9, sent=True, done=True)
    store.acquaint("home", [MET], inbox)
    store.acquaint("home", [], sent)
    store.acquaint("home", [], replace(inbox, lowest=1, done=True))
    assert store.progress("home") == (replace(inbox, lowest=1, done=True), sent)
    assert store.progress("work") == ()


def test_judged(store: Store) -> None:
    """Only UIDs with a case of this account, this folder and these UIDs' validity are known as judged."""
    for case in (a_case(1), a_case(2), a_case(3, account="work")):
        store.add_case(case)
    place = a_case(1).place
    asked = Progress(place.account, place.folder, place.uidvalidity, 9, 1)
    assert store.judged(asked, [1, 3, 4]) == {1}
    assert store.judged(replace(asked, folder="Other"), [1]) == frozenset()
    assert store.judged(replace(asked, uidvalidity=5), [1]) == frozenset()


def test_addresses_are_not_in_the_file(tmp_path: Path) -> None:
    """The ledger holds a name, but neither an address nor a hash of it that another ledger would give."""
    for name in ("one", "other"):
        ledger = open_ledger(tmp_path / name / "ledger.sqlite")
        ledger.acquaint("home", [WRITTEN])
        ledger.close()
    one, other = ((tmp_path / name / "ledger.sqlite").read_bytes() for name in ("one", "other"))
    assert "山田太郎".encode() in one
    assert b"company" not in one.lower()
    ledger = open_ledger(tmp_path / "one" / "ledger.sqlite")
    pseudonym = ledger.pseudonym(YAMADA.spec).encode()
    ledger.close()
    assert pseudonym in one
    assert pseudonym not in other
