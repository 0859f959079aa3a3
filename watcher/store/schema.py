"""The tables of the ledger, and the numbered migrations by which every ledger arrives at them.

A migration is a function; its name, number first, is written into the ledger when it has been applied. To change the
schema, append one: never edit or reorder those that have been released. Two rules follow from the fact that an older
Watcher refuses a ledger that knows a migration which it does not know:

- a change that an older version would misread (also a new value of `State`, `StepKind`, `How`, `Choice` or `By`)
  needs a migration, if need be an empty one;
- a change that it may ignore (a new kind of evidence inside a verdict) needs none: see `codec`.

Columns hold what a person can read with the `sqlite3` command: enums by their value, times as ISO 8601 in UTC, a
verdict and a step as JSON. No column holds the body of a mail.
"""

import secrets
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from watcher.store.unusable import Fault, UnusableError

Migration = Callable[[sqlite3.Connection], None]

APPLICATION_ID = int.from_bytes(b"Wtch", "big")
"""Marks the file as ours (https://www.sqlite.org/pragma.html#pragma_application_id)."""


def m0001_cases(db: sqlite3.Connection) -> None:
    """Judged mail. No mail has two cases in one account, and no number is given twice."""
    db.execute(
        """CREATE TABLE cases (
               id INTEGER PRIMARY KEY AUTOINCREMENT,
               account TEXT NOT NULL, folder TEXT NOT NULL, uidvalidity INTEGER NOT NULL, uid INTEGER NOT NULL,
               fingerprint TEXT NOT NULL,
               author_name TEXT NOT NULL, author_local TEXT NOT NULL, author_domain TEXT NOT NULL,
               subject TEXT NOT NULL, message_id TEXT NOT NULL, date TEXT NOT NULL,
               state TEXT NOT NULL, judged_at TEXT NOT NULL, verdict TEXT, authenticated TEXT NOT NULL,
               notified INTEGER NOT NULL,
               UNIQUE (account, fingerprint))"""
    )
    db.execute("CREATE INDEX cases_by_state ON cases (state, id)")


def m0002_steps(db: sqlite3.Connection) -> None:
    """Steps that are about to be taken, and the receipts of those that were."""
    db.execute(
        """CREATE TABLE intents (
               id INTEGER PRIMARY KEY AUTOINCREMENT,
               case_id INTEGER NOT NULL REFERENCES cases (id), step TEXT NOT NULL,
               account TEXT NOT NULL, folder TEXT NOT NULL, uidvalidity INTEGER NOT NULL, uid INTEGER NOT NULL,
               fingerprint TEXT NOT NULL, message_id TEXT NOT NULL,
               target_uidvalidity INTEGER NOT NULL, target_uidnext INTEGER NOT NULL, at TEXT NOT NULL,
               settled INTEGER NOT NULL DEFAULT 0)"""
    )
    db.execute("CREATE INDEX open_intents ON intents (account, id) WHERE NOT settled")
    db.execute("CREATE INDEX intents_by_case ON intents (case_id)")
    db.execute(
        """CREATE TABLE receipts (
               intent_id INTEGER PRIMARY KEY REFERENCES intents (id),
               account TEXT NOT NULL, folder TEXT NOT NULL, uidvalidity INTEGER NOT NULL, uid INTEGER NOT NULL,
               how TEXT NOT NULL, at TEXT NOT NULL)"""
    )


def m0003_decisions(db: sqlite3.Connection) -> None:
    """What the user decided, and what was learnt from it."""
    db.execute(
        """CREATE TABLE decisions (
               id INTEGER PRIMARY KEY AUTOINCREMENT,
               choice TEXT NOT NULL, case_id INTEGER NOT NULL REFERENCES cases (id), means TEXT NOT NULL,
               at TEXT NOT NULL, outcome TEXT NOT NULL)"""
    )
    db.execute("CREATE INDEX waiting_decisions ON decisions (id) WHERE outcome = ''")
    db.execute(
        """CREATE TABLE lessons (
               id INTEGER PRIMARY KEY AUTOINCREMENT,
               sender TEXT NOT NULL, brand TEXT NOT NULL, explicit INTEGER NOT NULL, case_id INTEGER NOT NULL,
               at TEXT,
               UNIQUE (sender, brand, explicit, case_id))"""
    )


def m0004_folders(db: sqlite3.Connection) -> None:
    """Up to where each folder was judged, and who writes Authentication-Results in each account."""
    db.execute(
        """CREATE TABLE bookmarks (
               account TEXT NOT NULL, folder TEXT NOT NULL, uidvalidity INTEGER NOT NULL, uidnext INTEGER NOT NULL,
               swept_at TEXT NOT NULL,
               PRIMARY KEY (account, folder)) WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE authservs (
               account TEXT NOT NULL, authserv TEXT NOT NULL, domain TEXT NOT NULL, mails INTEGER NOT NULL,
               PRIMARY KEY (account, authserv, domain)) WITHOUT ROWID"""
    )


def m0005_acquaintances(db: sqlite3.Connection) -> None:
    """Whom this person writes to and who has written, the salt that hides their addresses, and how far was read."""
    db.execute("CREATE TABLE salts (salt TEXT NOT NULL)")
    db.execute("INSERT INTO salts VALUES (?)", (secrets.token_hex(32),))
    db.execute(
        """CREATE TABLE acquaintances (
               account TEXT NOT NULL, address TEXT NOT NULL, domain TEXT NOT NULL,
               name TEXT NOT NULL, likeness TEXT NOT NULL,
               written_to INTEGER NOT NULL, mails INTEGER NOT NULL, first_at TEXT NOT NULL, last_at TEXT NOT NULL,
               PRIMARY KEY (address, account)) WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX acquaintances_by_likeness ON acquaintances (likeness)")
    db.execute("CREATE INDEX acquaintances_by_age ON acquaintances (last_at)")
    db.execute(
        """CREATE TABLE progress (
               account TEXT NOT NULL, folder TEXT NOT NULL, uidvalidity INTEGER NOT NULL,
               following INTEGER NOT NULL, lowest INTEGER NOT NULL, mails INTEGER NOT NULL,
               sent INTEGER NOT NULL, done INTEGER NOT NULL,
               PRIMARY KEY (account, folder)) WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX cases_by_place ON cases (account, folder, uid)")


def m0006_answers(db: sqlite3.Connection) -> None:
    """What tells mail of one campaign, lessons of more kinds that are kept when revoked, times, notices on the screen.

    Of cases that were forgotten the fingerprints, too, so that their mail is not judged again.
    From here on a case can also be filed, deleted, reported or foreign, and a step be taken by others.
    """
    db.execute("ALTER TABLE cases ADD COLUMN imprint TEXT NOT NULL DEFAULT '{}'")
    db.execute("CREATE INDEX cases_by_age ON cases (judged_at)")
    db.execute("ALTER TABLE lessons RENAME TO former_lessons")
    db.execute(
        """CREATE TABLE lessons (
               id INTEGER PRIMARY KEY AUTOINCREMENT,
               kind TEXT NOT NULL, sender TEXT NOT NULL, brand TEXT NOT NULL, explicit INTEGER NOT NULL,
               detector TEXT NOT NULL, case_id INTEGER NOT NULL, at TEXT, revoked_at TEXT)"""
    )
    db.execute(
        """CREATE UNIQUE INDEX lessons_in_force ON lessons (kind, sender, brand, explicit, detector, case_id)
           WHERE revoked_at IS NULL"""
    )
    db.execute(
        """INSERT INTO lessons (id, kind, sender, brand, explicit, detector, case_id, at)
           SELECT id, 'trust', sender, brand, explicit, '', case_id, at FROM former_lessons"""
    )
    db.execute("DROP TABLE former_lessons")
    db.execute(
        """CREATE TABLE dealt_with (
               account TEXT NOT NULL, fingerprint TEXT NOT NULL,
               PRIMARY KEY (account, fingerprint)) WITHOUT ROWID"""
    )
    db.execute("CREATE TABLE moments (name TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID")
    db.execute(
        """CREATE TABLE notices (
               bus TEXT NOT NULL, owner TEXT NOT NULL, number INTEGER NOT NULL, token TEXT NOT NULL,
               choices TEXT NOT NULL,
               UNIQUE (bus, owner, number))"""
    )


MIGRATIONS: tuple[Migration, ...] = (
    m0001_cases,
    m0002_steps,
    m0003_decisions,
    m0004_folders,
    m0005_acquaintances,
    m0006_answers,
)


def identify(db: sqlite3.Connection, name: str, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """How many of the migrations a ledger has had; 0 for an empty file. Changes nothing.

    Raises:
        UnusableError: the file belongs to another program, or to a newer Watcher.
    """
    mark = db.execute("PRAGMA application_id").fetchone()[0]
    if mark != APPLICATION_ID:
        if mark or db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise UnusableError(Fault.FOREIGN, name)
        return 0
    applied = [row[0] for row in db.execute("SELECT name FROM migrations ORDER BY rowid")]
    if applied != [migration.__name__ for migration in migrations[: len(applied)]]:
        raise UnusableError(Fault.NEWER, name)
    return len(applied)


def migrate(db: sqlite3.Connection, name: str, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Apply what is still to be applied, in one transaction: all of it or nothing."""
    if identify(db, name, migrations) == len(migrations):
        return  # without waiting for whoever is writing
    db.execute("BEGIN IMMEDIATE")
    try:
        applied = identify(db, name, migrations)
        if not applied:
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute("CREATE TABLE migrations (name TEXT NOT NULL UNIQUE, applied_at TEXT NOT NULL)")
        for migration in migrations[applied:]:
            migration(db)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            db.execute("INSERT INTO migrations VALUES (?, ?)", (migration.__name__, now))
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
