"""Whether the ledger's file is sound, for `doctor`."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from watcher.store.connection import open_connection, wrapped

_MOST = 3
"""Faults that are named: a damaged file has thousands."""


def faults(path: Path) -> Sequence[str]:
    """What SQLite finds wrong in an existing ledger, in its words. Raises what opening it raises."""
    with wrapped(str(path)), closing(open_connection(str(path))) as db:
        db.execute("BEGIN IMMEDIATE")  # proves that it can be written, and holds nobody up for long
        db.execute("ROLLBACK")
        found = [row[0] for row in db.execute(f"PRAGMA quick_check({_MOST})")]
    return () if found == ["ok"] else tuple(found)
