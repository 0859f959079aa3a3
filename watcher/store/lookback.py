"""The ledger as it was some time ago, in memory: for looking back without anything being written down."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from watcher.model import State
from watcher.store.codec import to_moment
from watcher.store.connection import PATIENCE, open_connection, wrapped
from watcher.store.ledger import Ledger
from watcher.store.schema import migrate

_SETTLED = (State.MOVED, State.RELEASED, State.FILED, State.DELETED, State.REPORTED, State.FOREIGN)
"""What becomes of mail that is never judged again, whatever is found in it."""


def open_lookback(path: Path, since: datetime) -> Ledger:
    """What the ledger in that file holds, without what the mail that came since has added to it.

    Lessons, what was learned of servers, and whom this person writes to are all there. Forgotten are the verdicts, so
    that mail is judged anew, and who has first written since then, so that his first mail is that of a stranger again.
    What the user decided about a mail still holds. Whatever is kept in it is gone once it is closed.

    Args:
        path: the ledger, which may be in use, or not be there yet.
        since: aware; the INTERNALDATE of the first mail that is to be judged.

    Raises:
        UserError: the file is foreign, newer, damaged, or not ours to open.
        TransientError: busy.
    """
    db = open_connection(":memory:")
    with wrapped(str(path)):
        try:
            if path.exists():
                _copy(path, db)
            migrate(db, str(path))
            _forget(db, since)
        except BaseException:
            db.close()
            raise
    return Ledger(db, ":memory:")


def _copy(path: Path, target: sqlite3.Connection) -> None:
    """Opened as if to write, or SQLite would leave the files of its log behind; not a word is written."""
    address = f"{path.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(address, uri=True, timeout=PATIENCE)) as source:
        source.execute("PRAGMA query_only = ON")
        source.backup(target)


def _forget(db: sqlite3.Connection, since: datetime) -> None:
    db.execute("PRAGMA foreign_keys = OFF")  # what hangs on these cases is never asked for
    states = ", ".join("?" * len(_SETTLED))
    db.execute(f"DELETE FROM cases WHERE state NOT IN ({states})", [state.value for state in _SETTLED])  # noqa: S608 - question marks alone
    db.execute("DELETE FROM acquaintances WHERE NOT written_to AND first_at >= ?", (to_moment(since),))
