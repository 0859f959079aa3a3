"""The ledger as it was some time ago, in memory: what is in it, and that the file is left alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.kit.ledger import a_case
from watcher.errors import UserError
from watcher.model import Address, Encounter, Lesson
from watcher.store.ledger import open_ledger
from watcher.store.lookback import open_lookback


def test_a_ledger_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """Before the first start there is none: then nothing is known, and nothing is left behind."""
    path = tmp_path / "none" / "ledger.sqlite"

    assert open_lookback(path, a_case().date).lessons() == ()
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_is_copied_and_never_written(tmp_path: Path) -> None:
    """What is written into the copy is not in the ledger, whose octets stay as they were, beside another user of it."""
    path = tmp_path / "ledger.sqlite"
    ledger = open_ledger(path)
    ledger.add_lesson(Lesson("a@b.example"))
    files = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    copy = open_lookback(path, a_case().date)
    copy.add_lesson(Lesson("c@d.example"))
    copy.note_authserv("home", "mx.example", "shop.example")

    assert [lesson.sender for lesson in copy.lessons()] == ["a@b.example", "c@d.example"]
    copy.close()
    assert [lesson.sender for lesson in ledger.lessons()] == ["a@b.example"]
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.suffix != ".sqlite-shm"} == {
        name: content for name, content in files.items() if not name.endswith("-shm")
    }
    ledger.close()


def test_a_ledger_at_rest_is_left_alone(tmp_path: Path) -> None:
    """With no daemon running nothing lies beside it afterwards, and not even its time of change is another one."""
    path = tmp_path / "ledger.sqlite"
    open_ledger(path).close()
    before = path.read_bytes(), path.stat().st_mtime_ns

    open_lookback(path, a_case().date).close()

    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [file.name for file in tmp_path.iterdir()] == ["ledger.sqlite"]


def test_a_damaged_ledger_is_told(tmp_path: Path) -> None:
    """In words, and it is left as it is."""
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"garbage " * 1000)

    with pytest.raises(UserError, match="ledger"):
        open_lookback(path, a_case().date)
    assert path.read_bytes() == b"garbage " * 1000


def test_who_has_first_written_since_is_a_stranger_again(tmp_path: Path) -> None:
    """Otherwise the very mail that is judged would be the reason why its author is known."""
    at, day = a_case().date, timedelta(days=1)
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    met = {"old": (at - day, False), "new": (at + day, False), "friend": (at + day, True)}
    for name, (first, written_to) in met.items():
        ledger.acquaint("home", [Encounter(Address("", name, "x.example"), first, written_to)])
    ledger.close()

    copy = open_lookback(tmp_path / "ledger.sqlite", at)

    assert [name for name in met if copy.acquaintance(f"{name}@x.example")] == ["old", "friend"]
