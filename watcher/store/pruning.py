"""What the ledger forgets, and what it never does: that a mail was dealt with once."""

import json
import sqlite3

from watcher.model import State

_IDLE = (State.CLEAN, State.FOREIGN, State.FAILED)
_WAITING = (State.MOVING, State.HELD)


def prune(db: sqlite3.Connection, clean_before: str, before: str) -> int:
    """Forget cases, with all that belongs to them: how many.

    Nothing is forgotten where all mail seems to be that old: rather our clock is wrong than that no mail came for so
    long. INTERNALDATE is of the server's clock.

    Of mail that was ever found suspicious, or decided about, the fingerprint stays: it is never judged again. Cases
    stay as long as a decision about them waits, or a step for them is under way.

    Args:
        db: within a transaction.
        clean_before: until when those are forgotten that nothing was done about.
        before: until when all others are but those that wait.
    """
    if not db.execute("SELECT 1 FROM cases WHERE date >= ? LIMIT 1", (clean_before,)).fetchone():
        return 0
    db.execute(
        """CREATE TEMP TABLE old AS SELECT id FROM cases
           WHERE ((judged_at < ? AND state IN (SELECT value FROM json_each(?)))
               OR (judged_at < ? AND state NOT IN (SELECT value FROM json_each(?))))
             AND id NOT IN (SELECT case_id FROM decisions WHERE outcome = '')
             AND id NOT IN (SELECT case_id FROM intents WHERE NOT settled)""",
        (clean_before, _values(_IDLE), before, _values(_WAITING)),
    )
    db.execute(
        """INSERT OR IGNORE INTO dealt_with SELECT account, fingerprint FROM cases
           WHERE id IN (SELECT id FROM old) AND state <> 'clean'"""
    )
    db.execute("DELETE FROM receipts WHERE intent_id IN (SELECT id FROM intents WHERE case_id IN (SELECT id FROM old))")
    for table in ("intents", "decisions"):
        db.execute(f"DELETE FROM {table} WHERE case_id IN (SELECT id FROM old)")  # noqa: S608 - our own words
    pruned = db.execute("DELETE FROM cases WHERE id IN (SELECT id FROM old)").rowcount
    db.execute("DROP TABLE old")
    return pruned


def _values(states: tuple[State, ...]) -> str:
    return json.dumps([state.value for state in states])
