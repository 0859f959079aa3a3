"""The acquaintances in the ledger: addresses as salted hashes, names as they are.

A lookalike of a name cannot be found in a hash, so names stay readable; the file is for its owner alone. Addresses
cannot be read off it: whoever has got hold of it, with the salt, can only try out those that he guesses.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from watcher.domains import registrable
from watcher.model import Acquaintance, Encounter, Progress
from watcher.store.codec import clean, to_moment

MOST = 50_000
"""Addresses that are kept: more than anybody writes to, and about 15 MB."""
_LONGEST_NAME = 200
_MOST_NAMESAKES = 10
"""Of so many bearers of one name nobody is told apart by it anyway."""

_ADD = """
    INSERT INTO acquaintances
    VALUES (:account, :address, :domain, :name, :likeness, :written_to, :mails, :at, :at)
    ON CONFLICT (address, account) DO UPDATE SET
        name = CASE WHEN excluded.name <> '' AND (name = '' OR excluded.last_at >= last_at)
               THEN excluded.name ELSE name END,
        likeness = CASE WHEN excluded.name <> '' AND (name = '' OR excluded.last_at >= last_at)
                   THEN excluded.likeness ELSE likeness END,
        written_to = max(written_to, excluded.written_to),
        mails = mails + excluded.mails,
        first_at = min(first_at, excluded.first_at),
        last_at = max(last_at, excluded.last_at)"""

_FIND = """
    SELECT max(name) AS name, address, max(domain) AS domain, max(written_to) AS written_to, sum(mails) AS mails,
           min(first_at) AS first_at, max(last_at) AS last_at
    FROM acquaintances WHERE"""
_IN_ORDER = "GROUP BY address ORDER BY max(written_to) DESC, max(last_at) DESC LIMIT ?"

_TRIM = """
    DELETE FROM acquaintances WHERE (address, account) IN (
        SELECT address, account FROM acquaintances ORDER BY last_at
        LIMIT max(0, (SELECT count(*) FROM acquaintances) - ?))"""


def add(db: sqlite3.Connection, account: str, encounters: Iterable[Encounter]) -> None:
    """Keep what these encounters tell; those who were met longest ago make room for others."""
    salt = read_salt(db)
    rows = [
        {
            "account": account,
            "address": pseudonym(salt, encounter.address.spec),
            "domain": pseudonym(salt, registrable(encounter.address.domain)),
            "name": clean(encounter.address.name[:_LONGEST_NAME]),
            "likeness": clean(encounter.likeness),
            "written_to": encounter.written_to,
            "mails": 0 if encounter.written_to else 1,
            "at": to_moment(encounter.at),
        }
        for encounter in encounters
    ]
    db.executemany(_ADD, rows)
    db.execute(_TRIM, (MOST,))


def find(db: sqlite3.Connection, address: str) -> Acquaintance | None:
    """Whoever has the address."""
    sql = f"{_FIND} address = ? {_IN_ORDER}"
    row = db.execute(sql, (pseudonym(read_salt(db), address), 1)).fetchone()
    return _to_acquaintance(row) if row else None


def find_bearers(db: sqlite3.Connection, likeness: str) -> Sequence[Acquaintance]:
    """Whoever bears a name of that likeness."""
    sql = f"{_FIND} likeness = ? {_IN_ORDER}"
    return tuple(map(_to_acquaintance, db.execute(sql, (clean(likeness), _MOST_NAMESAKES))))


def read_salt(db: sqlite3.Connection) -> bytes:
    """This ledger's own."""
    return bytes.fromhex(db.execute("SELECT salt FROM salts").fetchone()[0])


def pseudonym(salt: bytes, words: str) -> str:
    """The same for the same words in any case, and no way back from it."""
    return hashlib.blake2b(words.lower().encode("utf-8", "replace"), key=salt, digest_size=16).hexdigest()


def find_judged(db: sqlite3.Connection, progress: Progress, uids: Sequence[int]) -> frozenset[int]:
    """Those of the UIDs that have a case."""
    sql = """SELECT uid FROM cases
             WHERE account = ? AND folder = ? AND uidvalidity = ? AND uid IN (SELECT value FROM json_each(?))"""
    asked = (progress.account, progress.folder, progress.uidvalidity, json.dumps(list(uids)))
    return frozenset(row[0] for row in db.execute(sql, asked))


def progress_row(progress: Progress) -> dict[str, object]:
    """How far a folder has been read, as a row."""
    return {
        "account": progress.account,
        "folder": progress.folder,
        "uidvalidity": progress.uidvalidity,
        "following": progress.following,
        "lowest": progress.lowest,
        "mails": progress.read,
        "sent": progress.sent,
        "done": progress.done,
    }


def to_progress(row: sqlite3.Row) -> Progress:
    """A row of `progress`."""
    return Progress(
        row["account"],
        row["folder"],
        row["uidvalidity"],
        row["following"],
        row["lowest"],
        read=row["mails"],
        sent=bool(row["sent"]),
        done=bool(row["done"]),
    )


def _to_acquaintance(row: sqlite3.Row) -> Acquaintance:
    return Acquaintance(
        row["name"],
        row["address"],
        row["domain"],
        written_to=bool(row["written_to"]),
        mails=row["mails"],
        first_at=datetime.fromisoformat(row["first_at"]),
        last_at=datetime.fromisoformat(row["last_at"]),
    )
