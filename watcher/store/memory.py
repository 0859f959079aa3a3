"""The store without a file, for the demo and for tests: the ledger itself, on a database that is gone when closed."""

from watcher.store.connection import open_connection
from watcher.store.ledger import Ledger
from watcher.store.schema import migrate


def open_memory() -> Ledger:
    """An empty ledger in memory."""
    db = open_connection(":memory:")
    migrate(db, ":memory:")
    return Ledger(db, ":memory:")
