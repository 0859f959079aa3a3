"""The ledger as a file: who may read it, what becomes of old, newer, foreign and damaged ones, what its faults mean."""

import json
import math
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from stat import S_IMODE

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.ledger import NOON, VERDICT, a_case, a_receipt, an_intent
from watcher.errors import TransientError, UserError, WatcherError
from watcher.model import Direction, Facet, Lesson, Likeness, State, Step, Strength, Verdict, Where
from watcher.store import codec
from watcher.store.codec import from_json, to_json
from watcher.store.connection import connect
from watcher.store.ledger import Ledger, open_ledger
from watcher.store.schema import MIGRATIONS, Migration


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a ledger is to be; nothing is there yet, not even its folder."""
    return tmp_path / "state" / "watcher" / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    """A new ledger on disk."""
    opened = open_ledger(path)
    yield opened
    opened.close()


def _names(path: Path) -> list[str]:
    db = sqlite3.connect(path)
    names = [row[0] for row in db.execute("SELECT name FROM migrations ORDER BY rowid")]
    db.close()
    return names


# The file


def test_nobody_else_can_read(ledger: Ledger, path: Path) -> None:
    """The folder is 0700 and the ledger with all that SQLite puts beside it 0600, however wide the umask is."""
    ledger.add_case(a_case())
    assert S_IMODE(path.parent.stat().st_mode) == 0o700
    modes = {file.name: S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == dict.fromkeys(["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"], 0o600)


def test_ledger_that_others_could_read(ledger: Ledger, path: Path) -> None:
    """A ledger that was put back from a backup with wider permissions is closed to others again."""
    ledger.close()
    path.chmod(0o644)
    open_ledger(path).close()
    assert S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_written_is_on_disk(ledger: Ledger) -> None:
    """SQLite is told to write ahead, and to wait for the disk at each commit."""
    assert ledger._db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert ledger._db.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL


def test_only_what_would_be_judged_again_does_not_wait_for_the_disk(ledger: Ledger) -> None:
    """A case from which nothing has followed waits for the next commit; whatever comes of it is on disk at once."""

    def waits() -> bool:
        return bool(ledger._db.execute("PRAGMA synchronous").fetchone()[0] == 2)

    ledger.add_case(a_case(1, state=State.CLEAN))
    assert not waits()
    moving = ledger.add_case(a_case(2, state=State.MOVING))
    assert not waits()
    ledger.intend(an_intent(moving), State.MOVING)
    assert waits()
    for more in (a_case(3, state=State.HELD), a_case(4, state=State.CLEAN, verdict=None)):
        ledger.note_authserv("home", "mx.example", "a.example")
        assert not waits()
        ledger.add_case(more)
        assert waits()


def test_people_can_read_it(ledger: Ledger, path: Path) -> None:
    """The columns and the JSON of a verdict can be queried with nothing but SQL."""
    ledger.add_case(a_case())
    db = sqlite3.connect(path)
    query = "SELECT state, author_name, judged_at, json_extract(verdict, '$.reasons[0].claim.name') FROM cases"
    assert db.execute(query).fetchone() == ("moved", "日本郵便", "2026-03-01T12:00:00.123456+00:00", "日本郵便")
    assert "日本郵便を名乗" in db.execute("SELECT verdict FROM cases").fetchone()[0]
    db.close()


def test_second_process_writes(ledger: Ledger, path: Path) -> None:
    """What another connection wrote is seen at once, and the other way round."""
    other = open_ledger(path)
    first = other.add_case(a_case(1))
    assert ledger.case(first.id) == first
    ledger.set_state(first.id, State.RELEASED)
    assert other.case(first.id).state is State.RELEASED
    other.close()


# Migrations


def m9999_colour(db: sqlite3.Connection) -> None:
    """A migration that this version does not have."""
    db.execute("ALTER TABLE cases ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey'")


def m9999_fails(db: sqlite3.Connection) -> None:
    """A migration that does harm before it fails."""
    db.execute("DROP TABLE receipts")
    db.execute("nonsense")


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_every_older_ledger_is_migrated(path: Path, version: int) -> None:
    """A ledger of any earlier version, from the first, comes to the present one and keeps its cases."""
    db = connect(path, MIGRATIONS[:version])
    columns = {column["name"] for column in db.execute("PRAGMA table_info(cases)")}
    row = {name: value for name, value in codec.case_row(a_case()).items() if name in columns}
    names, places = ", ".join(row), ", ".join("?" * len(row))
    db.execute(f"INSERT INTO cases ({names}) VALUES ({places})", tuple(row.values()))  # noqa: S608 - column names
    db.close()
    assert len(_names(path)) == version

    ledger = open_ledger(path)
    intent = ledger.intend(an_intent(ledger.case(1)), State.MOVING)
    ledger.settle(intent, a_receipt(intent), State.MOVED)
    assert ledger.case(1) == replace(a_case(), id=1)
    ledger.note_authserv("home", "mx.example", "a.example")
    ledger.add_lesson(Lesson("news@example.org"))
    ledger.close()
    assert _names(path) == [migration.__name__ for migration in MIGRATIONS]


def test_migrations_are_numbered() -> None:
    """The migrations' names begin with their number in the list, so that none is lost or put in between."""
    assert [name.__name__[:6] for name in MIGRATIONS] == [f"m{n:04}_" for n in range(1, len(MIGRATIONS) + 1)]


def test_failed_migration_changes_nothing(ledger: Ledger, path: Path) -> None:
    """When a migration fails, those before it are taken back too, and the ledger is as it was."""
    case = ledger.add_case(a_case())
    ledger.close()

    with pytest.raises(WatcherError, match="nonsense"):
        connect(path, (*MIGRATIONS, m9999_colour, m9999_fails))
    assert _names(path) == [migration.__name__ for migration in MIGRATIONS]
    reopened = open_ledger(path)
    assert reopened.case(case.id) == case
    reopened.close()


@pytest.mark.parametrize(
    "theirs",
    [(*MIGRATIONS, m9999_colour), (MIGRATIONS[0], m9999_colour), (*MIGRATIONS[1:2], MIGRATIONS[0])],
    ids=["newer", "branched off", "in another order"],
)
def test_newer_ledger_is_refused(path: Path, theirs: tuple[Migration, ...]) -> None:
    """A ledger with migrations that this version does not know, or knows in another order, is left alone."""
    connect(path, theirs).close()
    before = path.read_bytes()
    with pytest.raises(UserError, match="newer version") as caught:
        open_ledger(path)
    assert str(path) in caught.value.problems[0]
    assert path.read_bytes() == before


# Files that are no ledger


def _foreign(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE bookmarks (url TEXT)")
    db.commit()
    db.close()


def _foreign_and_marked(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("PRAGMA application_id = 252006674")
    db.execute("CREATE TABLE migrations (name TEXT)")
    db.commit()
    db.close()


def _text(path: Path) -> None:
    path.write_text("Dear diary, " * 100)


def _torn(path: Path) -> None:
    open_ledger(path).close()
    content = bytearray(path.read_bytes())
    content[100:8192] = b"\xa5" * (8192 - 100)
    path.write_bytes(content)


@pytest.mark.parametrize("make", [_foreign, _foreign_and_marked, _text, _torn])
def test_no_ledger(path: Path, make: Callable[[Path], None]) -> None:
    """Another program's database, a file of another kind and a damaged ledger are named, and never written to."""
    path.parent.mkdir(parents=True)
    make(path)
    path.chmod(0o644)
    before = path.read_bytes()
    with pytest.raises(UserError, match="left as it is") as caught:
        open_ledger(path)
    assert str(path) in caught.value.problems[0]
    assert path.read_bytes() == before
    assert S_IMODE(path.stat().st_mode) == 0o644


def test_empty_file_becomes_a_ledger(path: Path) -> None:
    """An empty file, as a full disk leaves behind, is as good as none."""
    path.parent.mkdir(parents=True)
    path.touch()
    ledger = open_ledger(path)
    assert ledger.add_case(a_case()).id == 1
    ledger.close()


def test_folder_in_the_way(path: Path) -> None:
    """Something that cannot be opened as a file is told as such."""
    path.mkdir(parents=True)
    with pytest.raises(UserError, match="not a ledger"):
        open_ledger(path)


# Faults while at work


def test_damaged_in_the_middle(ledger: Ledger, path: Path) -> None:
    """Damage that shows only later, when the page is read, is told in the same words."""
    for uid in range(300):
        ledger.add_case(a_case(uid))
    ledger.close()
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = b"\xa5" * (len(content) - len(content) // 2)
    path.write_bytes(content)
    damaged = open_ledger(path)
    with pytest.raises(UserError, match="damaged"):
        damaged.cases(limit=1000)
    damaged.close()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE cases SET verdict = '{'",
        "UPDATE cases SET verdict = '{\"score\": 0.5}'",
        "UPDATE cases SET verdict = '[]'",
        "UPDATE cases SET state = 'elsewhere'",
        "UPDATE cases SET date = 'yesterday'",
        "UPDATE cases SET subject = CAST(x'ff' AS TEXT)",
    ],
)
def test_row_that_is_no_noun(ledger: Ledger, damage: str) -> None:
    """A row that was changed by hand so that it means nothing is damage, and no crash."""
    ledger.add_case(a_case())
    ledger._db.execute(damage)
    with pytest.raises(UserError, match="damaged"):
        ledger.cases()


def test_busy(ledger: Ledger, path: Path) -> None:
    """While another process holds the ledger, reading goes on, and writing can be tried again later."""
    case = ledger.add_case(a_case())
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ledger._db.execute("PRAGMA busy_timeout = 20")
    assert ledger.case(case.id) == case
    with pytest.raises(TransientError, match="locked"):
        ledger.set_state(case.id, State.RELEASED)
    other.execute("ROLLBACK")
    other.close()
    ledger.set_state(case.id, State.RELEASED)
    assert ledger.case(case.id).state is State.RELEASED


def test_full_disk(ledger: Ledger) -> None:
    """A full disk can be tried again later; nothing is half written, and there is room again when there is room."""
    case = ledger.add_case(a_case())
    pages = ledger._db.execute("PRAGMA page_count").fetchone()[0]
    ledger._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(TransientError, match="full"):
        list(map(ledger.add_case, map(a_case, range(2, 1000))))
    kept = len(ledger.cases(limit=1000))
    ledger._db.execute("PRAGMA max_page_count = 1000000")
    assert ledger.case(case.id) == case
    ledger.add_case(a_case(5000))
    assert len(ledger.cases(limit=1000)) == kept + 1


# What only the ledger can tell


def test_counts(ledger: Ledger) -> None:
    """Cases are counted by their state."""
    for uid, state in enumerate([State.MOVED, State.CLEAN, State.MOVED]):
        ledger.add_case(a_case(uid, state=state))
    assert ledger.counts() == {State.MOVED: 2, State.CLEAN: 1}


def test_lesson_is_forgotten(ledger: Ledger) -> None:
    """A lesson that is taken back counts no more, its number is not given again, and taking it back twice is told."""
    lesson = ledger.add_lesson(Lesson("news@example.org"))
    ledger.forget_lesson(lesson.id, NOON)
    assert ledger.lessons() == ()
    assert ledger.lessons(revoked=True) == (replace(lesson, revoked_at=NOON),)
    with pytest.raises(UserError, match=f"no lesson {lesson.id}"):
        ledger.forget_lesson(lesson.id, NOON)
    assert ledger.add_lesson(Lesson("news@example.org")).id > lesson.id


# Nouns as JSON


@given(st.from_type(Verdict).filter(lambda verdict: not math.isnan(verdict.score)))
def test_any_verdict_comes_back(verdict: Verdict) -> None:
    """Every verdict that there can be is read exactly as it was written."""
    assert from_json(Verdict, to_json(verdict)) == verdict


@given(st.from_type(Step))
def test_any_step_comes_back(step: Step) -> None:
    """Every step that there can be is read exactly as it was written."""
    assert from_json(Step, to_json(step)) == step


def test_verdict_of_a_later_version() -> None:
    """Values and fields from the future become the plainest that there are; words and quote are still shown."""
    later = json.loads(to_json(VERDICT))
    later["mood"] = "grim"
    later["reasons"][0] |= {"facet": "gait", "strength": 9, "where": "x-gait", "direction": "sideways", "pace": 3}
    later["claims"][0] |= {"kind": "pet", "likeness": 7}
    verdict = from_json(Verdict, json.dumps(later))
    reason = verdict.reasons[0]
    assert reason.text == VERDICT.reasons[0].text
    assert reason.quote == VERDICT.reasons[0].quote
    assert (reason.facet, reason.strength, reason.where) == (Facet.WORDING, Strength.WEAK, Where.HEADER)
    assert reason.direction is Direction.AGAINST
    assert verdict.claims[0].likeness is Likeness.LOOKALIKE
    assert verdict.reasons[1:] == VERDICT.reasons[1:]


def test_step_of_a_later_version() -> None:
    """A kind of step that is not known is never taken for another: undo rests on it."""
    with pytest.raises(ValueError, match="teleport"):
        from_json(Step, '{"kind": "teleport", "origin": "INBOX", "target": "Suspicious"}')
