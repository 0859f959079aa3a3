"""`watcher doctor` as a process: what it looks at on this computer, and how it tells."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.kit.commands import WORKING
from tests.kit.doctor import Visitor, of_level
from tests.kit.dovecot import Dovecot, dovecot
from watcher.store.ledger import open_ledger

__all__ = ["dovecot"]

JAPANESE = re.compile("[ぁ-んァ-ヺ一-龠]")


@pytest.fixture
def person(tmp_path: Path) -> Visitor:
    """Somebody with an empty home."""
    return Visitor(tmp_path / "home")


def ledger(person: Visitor) -> Path:
    """The ledger's file, made by Watcher itself."""
    (person.home / "state" / "watcher").mkdir(mode=0o700, exist_ok=True)
    path = person.home / "state" / "watcher" / "ledger.sqlite"
    open_ledger(path).close()
    return path


# Configuration.


def test_an_empty_home(person: Visitor) -> None:
    """Without a configuration everything else is looked at all the same, and `setup` is named."""
    checks = person.examine()

    assert of_level(checks).keys() == {"config"}
    assert checks["config"]["mend"] == "watcher setup"
    assert {"brands", "ledger", "disk"} < checks.keys()


def test_every_mistake_of_the_configuration(person: Visitor) -> None:
    """All of them at once, one a line, by their key paths."""
    person.config.write_text('[watch]\ninterval = 5\ntypo = 1\n[[accounts]]\nname = "a"\nport = "x"\n')

    lines = person.run("doctor").stdout.splitlines()

    for path in ("watch.interval", "watch.typo", "accounts[0].host", "accounts[0].port", "accounts[0].user"):
        assert len([line for line in lines if line.startswith("  ✗") and path in line]) == 1


def test_another_configuration_than_the_usual(person: Visitor) -> None:
    """Commands that mend are about the file that was looked at, wherever they are pasted."""
    other = person.home / "other one.toml"
    named = f"watcher --config '{other}'"

    def mended() -> dict[str, str]:
        checks = person.ask("--config", other.name, "doctor")
        return {check["name"]: check["mend"] for check in checks if check["level"] == "bad"}

    assert mended() == {"config": f"{named} setup"}
    other.write_text(WORKING)
    assert mended()["daemon"] == f"{named} run"


def test_the_editor_that_the_user_wants(tmp_path: Path) -> None:
    """What opens the configuration is the reader's own editor where he has chosen one."""
    person = Visitor(tmp_path / "home", {"EDITOR": "cat -n"})
    person.config.write_text("nonsense")

    assert person.examine()["config"]["mend"] == f"cat -n {person.config}"


def test_a_brand_file_that_is_wrong(person: Visitor) -> None:
    """The user's own brands are looked at as well."""
    person.config.write_text(WORKING)
    (person.config.parent / "brands").mkdir()
    (person.config.parent / "brands" / "mine.toml").write_text("names = 3\n")

    assert "mine.toml" in of_level(person.examine())["brands"]


# The ledger.


def test_no_ledger_at_all(person: Visitor) -> None:
    """One that is no ledger is told, with the command that puts it aside, and the account is looked at all the same."""
    person.config.write_text(WORKING)
    ledger(person).write_bytes(b"garbage " * 1000)

    checks = person.examine()

    assert of_level(checks).keys() == {"ledger", "network.elsewhere", "daemon"}
    assert checks["ledger"]["mend"].startswith("mv ")
    assert {"disk", "pause", "authserv.elsewhere"}.isdisjoint(checks)


def test_a_ledger_that_was_damaged(person: Visitor) -> None:
    """A page in the middle of it that was overwritten is found, although the ledger can be opened."""
    person.config.write_text(WORKING)
    path = ledger(person)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
        page = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'acquaintances_by_age'").fetchone()[0]
        size = db.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)

    checks = person.examine()

    assert "damaged" in of_level(checks)["ledger"]
    assert checks["ledger"]["mend"] == f"mv {path} {path}.old"


def test_a_ledger_of_a_newer_version(person: Visitor) -> None:
    """It is not to be put aside: Watcher is to be updated."""
    person.config.write_text(WORKING)
    path = ledger(person)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO migrations VALUES ('m9999_later', '2030-01-01')")

    checks = person.examine()

    assert "newer version" in of_level(checks)["ledger"]
    assert checks["ledger"]["mend"] == "update Watcher"


def test_a_state_that_is_no_folder(person: Visitor) -> None:
    """Where no folder can be made for it, the ledger's line says which."""
    person.config.write_text(WORKING)
    (person.home / "state" / "watcher").write_text("")

    assert str(person.home / "state" / "watcher") in of_level(person.examine())["ledger"]


def test_a_ledger_that_somebody_writes(person: Visitor) -> None:
    """Beside a program that reads and writes the ledger it is found sound, with its size."""
    person.config.write_text(WORKING)
    path = ledger(person)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO moments VALUES ('test', '2026-01-01')")
        db.commit()
        db.execute("SELECT * FROM moments").fetchall()

        assert re.search(r"sound \(\d+\.\d MB\)", person.examine()["ledger"]["finding"])


# How it is told.


@pytest.mark.dovecot
def test_all_that_is_looked_at(person: Visitor, dovecot: Dovecot) -> None:
    """With an account that works a line for each thing, and only that nobody watches has to be mended."""
    person.configure(dovecot)

    checks = person.examine()

    assert of_level(checks).keys() == {"daemon"}
    assert [name for name in checks if name not in {"clock", "popup.home"}] == [
        "config",
        "brands",
        "ledger",
        "disk",
        "network.home",
        "tls.home",
        "password.home",
        "login.home",
        "folders.home",
        "suspicious.home",
        "trash.home",
        "authserv.home",
        "notifier",
        "pause",
        "daemon",
    ]


@pytest.mark.dovecot
def test_one_subject_after_another(person: Visitor, dovecot: Dovecot) -> None:
    """People read it by subjects, what mends something beneath it, and in the end how much there is to do."""
    person.configure(dovecot)

    lines = person.run("doctor").stdout.splitlines()

    headings = [line for line in lines[:-1] if line and not line.startswith(" ")]
    assert headings == ["Configuration", "This computer", "Account “home”", "Desktop", "Service"]
    assert lines[-1] == "1 thing to mend, 3 to know."
    assert [line[:8] for line in lines if line.startswith("    ")] == ["      → "] * len(
        [line for line in lines if "→" in line]
    )


def test_it_speaks_japanese(person: Visitor) -> None:
    """A Japanese reader is told in Japanese, also what mends it."""
    person.config.write_text(WORKING)

    lines = [line for line in person.run("doctor", language="ja_JP.UTF-8").stdout.splitlines() if line]

    assert lines
    assert [line for line in lines if not JAPANESE.search(line) and "→ watcher" not in line] == []


# Times.


def test_a_pause(person: Visitor) -> None:
    """A pause is told, until when, with what ends it."""
    person.config.write_text(WORKING)
    assert person.examine()["pause"]["level"] == "good"

    person.run("pause", "1h")

    pause = person.examine()["pause"]
    assert (pause["level"], pause["mend"]) == ("warning", "watcher resume")


@pytest.mark.parametrize(("begin", "end", "level"), [(-1, 1, "warning"), (1, 2, "good")])
def test_quiet_hours(person: Visitor, begin: int, end: int, level: str) -> None:
    """That it is quiet now explains why nothing is shown; quiet hours to come are merely told."""
    now = datetime.now().astimezone()
    hours = "-".join(f"{now + timedelta(hours=offset):%H:%M}" for offset in (begin, end))
    person.config.write_text(WORKING.replace('backend = "none"', f'backend = "none"\nquiet = "{hours}"'))

    assert person.examine()["quiet"]["level"] == level
