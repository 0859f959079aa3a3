"""The store: every method is one transaction on one SQLite file, and on disk when it returns.

Only what comes of judging mail, until anything follows from it, does not wait for the disk: see `Ledger._noting`. One
connection serves all threads, one at a time; other processes (commands beside the daemon) have their own, and WAL lets
them read while somebody writes. See `watcher.ports.Store` for what each method promises.
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from gettext import gettext as _
from pathlib import Path

from watcher.errors import UserError, WatcherError
from watcher.model import (
    Acquaintance,
    Bookmark,
    Case,
    Decision,
    Encounter,
    Intent,
    Lesson,
    Place,
    Progress,
    Receipt,
    Shown,
    State,
)
from watcher.store import acquaintances, codec
from watcher.store.connection import IN_TURN, connect, meaningless, transaction, wrapped
from watcher.store.pruning import prune

_NOTICES = 200
"""Notices whose buttons are still answered after a restart."""

_JUDGED = (State.CLEAN, State.MOVING)  # and no more: nothing has followed from it yet
_TO_BE_TOLD = (State.MOVED, State.COPIED, State.MARKED, State.HELD)


def _bear_it(_ledger: "Ledger") -> None:
    """What most do about damage: the error itself says enough."""


def open_ledger(path: Path, damaged: Callable[["Ledger"], None] = _bear_it) -> "Ledger":
    """The ledger in that file, created (0600, its folder 0700) or migrated if need be.

    Args:
        path: the file.
        damaged: called, from any thread, whenever it turns out later that the file can be used no more.

    Raises what `connection.connect` raises.
    """
    return Ledger(connect(path), str(path), damaged)


class Ledger:
    """The `Store` on SQLite."""

    def __init__(self, db: sqlite3.Connection, name: str, damaged: Callable[["Ledger"], None] = _bear_it) -> None:
        self._db = db
        self._name = name
        self._damaged = partial(damaged, self)
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the ledger. May be called twice."""
        with self._lock, wrapped(self._name):
            self._db.close()

    @contextmanager
    def _transaction(self, *begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock, wrapped(self._name, self._damaged), transaction(self._db, *begin) as db:
            yield db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._transaction("PRAGMA synchronous = FULL", IN_TURN) as db:
            yield db

    @contextmanager
    def _noting(self) -> Iterator[sqlite3.Connection]:
        """Like `_writing`, but on disk only with the next of those.

        A power cut in between takes this as well as the bookmark that would follow: then the mail is judged again.
        """
        with self._transaction("PRAGMA synchronous = NORMAL", IN_TURN) as db:
            yield db

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._transaction("BEGIN") as db:
            try:
                yield db
            except ValueError as error:  # a row that is no noun
                raise meaningless(self._name) from error

    # Where each folder stands.

    def bookmark(self, account: str, folder: str) -> Bookmark | None:
        """Up to where the folder has been judged; None at first sight."""
        with self._reading() as db:
            row = db.execute("SELECT * FROM bookmarks WHERE account = ? AND folder = ?", (account, folder)).fetchone()
            return codec.to_bookmark(row) if row else None

    def set_bookmark(self, bookmark: Bookmark) -> None:
        """Remember it in place of the former one."""
        with self._writing() as db:
            _insert(db, "bookmarks", codec.bookmark_row(bookmark), verb="REPLACE")

    # Cases.

    def known(self, account: str, fingerprints: Sequence[str]) -> frozenset[str]:
        """Those of the fingerprints that have, or once had, a case in this account."""
        sql = """SELECT fingerprint FROM cases
                 WHERE account = :account AND fingerprint IN (SELECT value FROM json_each(:asked))
                 UNION SELECT fingerprint FROM dealt_with
                 WHERE account = :account AND fingerprint IN (SELECT value FROM json_each(:asked))"""
        with self._reading() as db:
            rows = db.execute(sql, {"account": account, "asked": json.dumps(list(fingerprints))})
            return frozenset(row[0] for row in rows)

    def add_case(self, case: Case) -> Case:
        """Keep a new case: the same with its id. The account's case of the same fingerprint is given back instead."""
        is_more = case.verdict is None or case.state not in _JUDGED
        with self._writing() if is_more else self._noting() as db:
            if number := _insert(db, "cases", codec.case_row(case), verb="INSERT OR IGNORE"):
                return replace(case, id=number)
            sql = "SELECT * FROM cases WHERE account = ? AND fingerprint = ?"
            return codec.to_case(db.execute(sql, (case.place.account, case.fingerprint)).fetchone())

    def case(self, number: int) -> Case:
        """The case of that id. Raises UserError where there is none."""
        with self._reading() as db:
            row = db.execute("SELECT * FROM cases WHERE id = ?", (number,)).fetchone()
            if row is None:
                raise _no_case(number)
            return codec.to_case(row)

    def cases(self, states: Sequence[State] = (), account: str = "", limit: int = 100) -> Sequence[Case]:
        """The newest cases first, of these states (all when empty) and this account (all when empty)."""
        sql = """SELECT * FROM cases
                 WHERE (:states = '[]' OR state IN (SELECT value FROM json_each(:states)))
                   AND :account IN ('', account)
                 ORDER BY id DESC LIMIT :limit"""
        asked = {"states": _values(states), "account": account, "limit": limit}
        with self._reading() as db:
            return tuple(map(codec.to_case, db.execute(sql, asked)))

    def find_cases(self, account: str, fingerprints: Sequence[str]) -> Mapping[str, Case]:
        """The account's cases of these fingerprints."""
        with self._reading() as db:
            sql = "SELECT * FROM cases WHERE account = ? AND fingerprint IN (SELECT value FROM json_each(?))"
            rows = db.execute(sql, (account, json.dumps(list(fingerprints))))
            return {row["fingerprint"]: codec.to_case(row) for row in rows}

    def kept_in(self, account: str, folder: str, states: Sequence[State]) -> Sequence[tuple[int, Place]]:
        """The numbers of the account's cases of these states whose mail was last put into that folder, and where."""
        sql = """SELECT cases.id AS number, receipts.* FROM cases JOIN receipts ON intent_id =
                     (SELECT max(intent_id) FROM receipts JOIN intents ON intents.id = intent_id
                      WHERE case_id = cases.id)
                 WHERE cases.account = ? AND state IN (SELECT value FROM json_each(?)) AND receipts.folder = ?
                   AND how <> 'UID COPY'
                 ORDER BY number"""
        with self._reading() as db:
            rows = db.execute(sql, (account, _values(states), folder))
            return tuple((row["number"], codec.to_place(row)) for row in rows)

    def counts(self) -> Mapping[State, int]:
        """How many cases there are of each state; states without any are left out."""
        with self._reading() as db:
            rows = db.execute("SELECT state, count(*) FROM cases GROUP BY state").fetchall()
            return {State(state): number for state, number in rows}

    def set_state(self, case: int, state: State) -> None:
        """What has become of the case. Raises UserError where there is none."""
        with self._writing() as db:
            _set_state(db, case, state)

    def set_notified(self, cases: Sequence[int]) -> None:
        """The user has been told of these."""
        with self._writing() as db:
            sql = "UPDATE cases SET notified = 1 WHERE id IN (SELECT value FROM json_each(?))"
            db.execute(sql, (json.dumps(list(cases)),))

    def untold(self, account: str) -> Sequence[Case]:
        """Moved, copied, marked and held cases of which the user has not been told, oldest first."""
        sql = """SELECT * FROM cases
                 WHERE account = ? AND NOT notified AND state IN (SELECT value FROM json_each(?))
                 ORDER BY id"""
        with self._reading() as db:
            return tuple(map(codec.to_case, db.execute(sql, (account, _values(_TO_BE_TOLD)))))

    # Intents and receipts.

    def intend(self, intent: Intent, state: State) -> Intent:
        """Keep an intent before its step is taken, and set the case's state, at once: the intent with its id."""
        with self._writing() as db:
            _set_state(db, intent.case, state)
            return replace(intent, id=_insert(db, "intents", codec.intent_row(intent)))

    def settle(self, intent: Intent, receipt: Receipt | None, state: State) -> None:
        """Close an intent, with its receipt or without, and set the case's state, at once.

        Raises WatcherError where the intent is not open: that is a bug of the caller.
        """
        with self._writing() as db:
            if not db.execute("UPDATE intents SET settled = 1 WHERE id = ? AND NOT settled", (intent.id,)).rowcount:
                raise WatcherError(f"intent {intent.id} is not open")
            if receipt:
                _insert(db, "receipts", codec.receipt_row(intent.id, receipt))
            _set_state(db, intent.case, state)

    def record(self, receipt: Receipt, state: State, decision: Decision | None = None) -> None:
        """Keep a step that others have taken, the case's state, and what the user decided by it, at once."""
        with self._writing() as db:
            number = _insert(db, "intents", {**codec.intent_row(receipt.intent), "settled": 1})
            _insert(db, "receipts", codec.receipt_row(number, receipt))
            _set_state(db, receipt.intent.case, state)
            if decision:
                _insert(db, "decisions", codec.decision_row(decision))

    def open_intents(self, account: str) -> Sequence[Intent]:
        """Intents that have not been settled, oldest first: a crash lies between."""
        with self._reading() as db:
            sql = "SELECT * FROM intents WHERE account = ? AND NOT settled ORDER BY id"
            return tuple(map(codec.to_intent, db.execute(sql, (account,))))

    def receipts(self, case: int) -> Sequence[Receipt]:
        """The steps taken for a case, oldest first."""
        with self._reading() as db:
            settled = db.execute("SELECT * FROM intents WHERE case_id = ? AND settled", (case,))
            intents = {row["id"]: codec.to_intent(row) for row in settled}
            sql = """SELECT receipts.* FROM receipts JOIN intents ON intents.id = intent_id
                     WHERE case_id = ? ORDER BY intent_id"""
            return tuple(codec.to_receipt(row, intents[row["intent_id"]]) for row in db.execute(sql, (case,)))

    # Decisions and lessons.

    def add_decision(self, decision: Decision) -> Decision:
        """Keep a decision that waits to be carried out: the same with its id. Raises UserError for an unknown case."""
        with self._writing() as db:
            if not db.execute("SELECT 1 FROM cases WHERE id = ?", (decision.case,)).fetchone():
                raise _no_case(decision.case)
            return replace(decision, id=_insert(db, "decisions", codec.decision_row(decision)))

    def decision(self, number: int) -> Decision:
        """The decision of that id, with its outcome once there is one. Raises UserError where there is none."""
        with self._reading() as db:
            row = db.execute("SELECT * FROM decisions WHERE id = ?", (number,)).fetchone()
            if row is None:
                raise UserError(_("There is no decision {number}.").format(number=number))
            return codec.to_decision(row)

    def waiting_decisions(self) -> Sequence[Decision]:
        """Decisions without an outcome, oldest first."""
        with self._reading() as db:
            return tuple(map(codec.to_decision, db.execute("SELECT * FROM decisions WHERE outcome = '' ORDER BY id")))

    def set_outcome(self, decision: int, outcome: str) -> None:
        """What became of a decision."""
        with self._writing() as db:
            db.execute("UPDATE decisions SET outcome = ? WHERE id = ?", (codec.clean(outcome), decision))

    def add_lesson(self, lesson: Lesson) -> Lesson:
        """Keep a lesson: the same with its id; an equal one that counts is not kept twice, whenever it was learnt."""
        row = codec.lesson_row(lesson)
        with self._writing() as db:
            _insert(db, "lessons", row, verb="INSERT OR IGNORE")
            sql = """SELECT * FROM lessons
                     WHERE kind = :kind AND sender = :sender AND brand = :brand AND explicit = :explicit
                       AND detector = :detector AND case_id = :case_id AND revoked_at IS NULL"""
            return codec.to_lesson(db.execute(sql, row).fetchone())

    def lessons(self, *, revoked: bool = False) -> Sequence[Lesson]:
        """All lessons that count, oldest first; those that the user took back instead, when asked for."""
        sql = "SELECT * FROM lessons WHERE (revoked_at IS NOT NULL) = ? ORDER BY id"
        with self._reading() as db:
            return tuple(map(codec.to_lesson, db.execute(sql, (revoked,))))

    def forget_lesson(self, number: int, at: datetime) -> None:
        """Take a lesson back. Raises UserError where none of that id counts."""
        sql = "UPDATE lessons SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"
        with self._writing() as db:
            if not db.execute(sql, (codec.to_moment(at), number)).rowcount:
                raise UserError(_("There is no lesson {number}.").format(number=number))

    # Times, and what stands on the screen.

    def moment(self, name: str) -> datetime | None:
        """The time that was kept under that name; None where there is none."""
        with self._reading() as db:
            row = db.execute("SELECT at FROM moments WHERE name = ?", (name,)).fetchone()
            return datetime.fromisoformat(row["at"]) if row else None

    def set_moment(self, name: str, at: datetime | None) -> None:
        """Keep a time under a name; None forgets it."""
        with self._writing() as db:
            if at is None:
                db.execute("DELETE FROM moments WHERE name = ?", (name,))
            else:
                db.execute("REPLACE INTO moments VALUES (?, ?)", (name, codec.to_moment(at)))

    def note_shown(self, shown: Shown) -> None:
        """Keep it in place of the one of the same bus, owner and number; the newest are kept."""
        with self._writing() as db:
            _insert(db, "notices", codec.shown_row(shown), verb="REPLACE")
            newest = "SELECT rowid FROM notices ORDER BY rowid DESC LIMIT ?"
            db.execute(f"DELETE FROM notices WHERE rowid NOT IN ({newest})", (_NOTICES,))  # noqa: S608 - our own words

    def shown(self) -> Sequence[Shown]:
        """All that is kept, oldest first."""
        with self._reading() as db:
            return tuple(map(codec.to_shown, db.execute("SELECT * FROM notices ORDER BY rowid")))

    def prune(self, clean_before: datetime, before: datetime) -> int:
        """Forget cases that were judged before these times, with all that belongs to them: how many.

        Args:
            clean_before: for cases that nothing was done about: clean, foreign and failed ones.
            before: for all others but those that wait: moving and held ones are never forgotten.
        """
        with self._writing() as db:
            return prune(db, codec.to_moment(clean_before), codec.to_moment(before))

    # Whom to believe.

    def note_authserv(self, account: str, authserv: str, domain: str) -> None:
        """`authserv` was seen topmost in a mail from `domain`. An empty `authserv`: written without an id."""
        sql = """INSERT INTO authservs VALUES (?, ?, ?, 1)
                 ON CONFLICT (account, authserv, domain) DO UPDATE SET mails = mails + 1"""
        with self._noting() as db:
            db.execute(sql, (account, codec.clean(authserv), codec.clean(domain)))

    def authserv_counts(self, account: str) -> Sequence[tuple[str, int, int]]:
        """(authserv-id, mails, different domains) seen so far, most mails first."""
        sql = """SELECT authserv, sum(mails), count(*) FROM authservs
                 WHERE account = ? GROUP BY authserv ORDER BY sum(mails) DESC, authserv"""
        with self._reading() as db:
            return tuple((authserv, mails, domains) for authserv, mails, domains in db.execute(sql, (account,)))

    # Acquaintances.

    def acquaint(self, account: str, encounters: Sequence[Encounter], progress: Progress | None = None) -> None:
        """Keep what these encounters tell, and how far the folder that they come from has been read, at once."""
        with self._writing() if progress else self._noting() as db:
            if encounters:
                acquaintances.add(db, account, encounters)
            if progress:
                _insert(db, "progress", acquaintances.progress_row(progress), verb="REPLACE")

    def acquaintance(self, address: str) -> Acquaintance | None:
        """What is kept of an addr-spec, over all accounts; None where nothing is."""
        with self._reading() as db:
            return acquaintances.find(db, address)

    def bearers(self, likeness: str) -> Sequence[Acquaintance]:
        """Some of those whose name has that likeness, over all accounts, who were written to first."""
        with self._reading() as db:
            return acquaintances.find_bearers(db, likeness)

    def pseudonym(self, words: str) -> str:
        """Under what an address or a domain is kept."""
        with self._reading() as db:
            return acquaintances.pseudonym(acquaintances.read_salt(db), words)

    def progress(self, account: str) -> Sequence[Progress]:
        """How far each folder has been read for acquaintances."""
        with self._reading() as db:
            rows = db.execute("SELECT * FROM progress WHERE account = ? ORDER BY folder", (account,))
            return tuple(map(acquaintances.to_progress, rows))

    def judged(self, progress: Progress, uids: Sequence[int]) -> frozenset[int]:
        """Those of the UIDs of that folder that have a case."""
        with self._reading() as db:
            return acquaintances.find_judged(db, progress, uids)


def _insert(db: sqlite3.Connection, table: str, row: codec.Row, verb: str = "INSERT") -> int:
    """Write a row; its id, 0 where it was ignored. Table and column names are our own words, the values are bound."""
    columns, places = ", ".join(row), ", ".join(f":{name}" for name in row)
    written = db.execute(f"{verb} INTO {table} ({columns}) VALUES ({places})", row)
    return (written.lastrowid or 0) if written.rowcount else 0


def _set_state(db: sqlite3.Connection, case: int, state: State) -> None:
    if not db.execute("UPDATE cases SET state = ? WHERE id = ?", (state.value, case)).rowcount:
        raise _no_case(case)


def _no_case(number: int) -> UserError:
    return UserError(_("There is no case {number}.").format(number=number))


def _values(states: Sequence[State]) -> str:
    return json.dumps([state.value for state in states])
