"""Ledgers that were put aside: kept under telling names, none in place of another, none ever deleted."""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import NamedTuple

from watcher.store.connection import connect, wrapped
from watcher.store.unusable import Fault

_BESIDE = ("-wal", "-shm")
"""What SQLite adds to the names of the files that belong to one ledger."""
_FAR = 1_000_000
"""Further than the cases of any ledger are numbered: a button or a page of old must not mean a new case."""


class Aside(NamedTuple):
    """A ledger that was put aside."""

    path: Path
    fault: Fault


def put_aside(path: Path, fault: Fault, now: datetime) -> Aside:
    """Rename a ledger that nobody has open, with all that belongs to it.

    Raises:
        UserError: it cannot be renamed.
        TransientError: it can perhaps be later.
    """
    kept = _free_name(path, f"{fault.value}-{now:%Y%m%d-%H%M%S}")
    _rename(path, kept)
    return Aside(kept, fault)


def finish(path: Path) -> None:
    """Put aside what a crash left of a ledger that is gone: SQLite would take it for that of the one that comes next.

    Raises what `put_aside` raises.
    """
    if not os.path.lexists(path) and any(os.path.lexists(f"{path}{suffix}") for suffix in _BESIDE):
        asides = [aside.path for aside in lying_aside(path) if not os.path.lexists(f"{aside.path}{_BESIDE[0]}")]
        _rename(path, asides[-1] if asides else _free_name(path, f"{Fault.DAMAGED.value}-rest"))


def lying_aside(path: Path) -> Sequence[Aside]:
    """The ledgers that were put aside and still lie beside that one, oldest first."""
    found = [
        Aside(kept, fault) for fault in Fault for kept in path.parent.glob(f"{path.stem}-{fault.value}-*{path.suffix}")
    ]
    return sorted(found, key=lambda aside: aside.path.name.removeprefix(f"{path.stem}-{aside.fault.value}"))


def last_number(asides: Sequence[Aside]) -> int:
    """Above which number the cases of the next ledger are counted; 0 where nothing lies aside."""
    return max((_read_last(aside.path) or _FAR * (place + 1) for place, aside in enumerate(asides)), default=0)


def count_on(path: Path, last: int) -> None:
    """Have a ledger without cases count them from there on; it is made if need be.

    Raises what `connection.connect` raises.
    """
    with wrapped(str(path)), closing(connect(path)) as db:
        db.execute(
            """INSERT INTO sqlite_sequence SELECT 'cases', ?
               WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'cases')""",
            (last,),
        )


def _read_last(path: Path) -> int:
    """The last case's number; 0 where that cannot be read. Not a word is written."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            (number,) = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'cases'").fetchone() or (0,)
            return int(number)
    except (sqlite3.Error, ValueError):
        return 0


def _rename(path: Path, kept: Path) -> None:
    with wrapped(str(path)):
        for suffix in ("", *_BESIDE):
            if os.path.lexists(f"{path}{suffix}"):
                Path(f"{path}{suffix}").rename(f"{kept}{suffix}")


def _free_name(path: Path, words: str) -> Path:
    names = (path.with_name(f"{path.stem}-{words}-{number}{path.suffix}") for number in count(1))
    return next(name for name in names if not os.path.lexists(name))
