"""Commands that answer from the ledger alone, as processes in a home without a mail server and without a desktop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.kit.commands import Person
from tests.kit.ledger import a_case
from tests.system.test_commands import JAPANESE, is_japanese, keep
from watcher.model import Address, Lesson, LessonKind
from watcher.store.ledger import open_ledger


@pytest.fixture
def person(tmp_path: Path) -> Person:
    """Somebody with an empty home."""
    return Person(tmp_path / "home")


# Lessons.


def test_nothing_learned_yet(person: Person) -> None:
    """People are told in their language, and programs get no object."""
    assert person.run("lessons").stdout == "Nothing was learned so far.\n"
    assert is_japanese(person.run("lessons", language=JAPANESE).stdout)
    assert person.ask("lessons") == []


def test_trust_in_an_address(person: Person) -> None:
    """A sender is trusted without a case, listed in words of both languages, and forgotten by number."""
    assert "news@example.org" in person.run("trust", "News@Example.org").stdout
    (lesson,) = person.ask("lessons")
    assert (lesson["sender"], lesson["kind"], lesson["explicit"]) == ("news@example.org", "trust", True)
    assert is_japanese(lesson["text"]["ja"])
    assert not is_japanese(lesson["text"]["en"])

    assert person.run("forget", str(lesson["id"])).returncode == 0
    assert person.ask("lessons") == []
    assert person.run("forget", str(lesson["id"])).returncode == 2


def test_every_kind_is_explained(person: Person) -> None:
    """Each kind of lesson has a sentence of its own, with the brand by its name and the command that takes it back."""
    keep(person)
    ledger = open_ledger(person.home / "state" / "watcher" / "ledger.sqlite")
    for lesson in (
        Lesson("a@b.example", brand="japan_post"),
        Lesson("a@b.example"),
        Lesson("a@b.example", brand="japan_post", kind=LessonKind.DISTRUST),
        Lesson("a@b.example", kind=LessonKind.DISTRUST),
        Lesson("a@b.example", explicit=True),
        Lesson(kind=LessonKind.RESTRAINT, detector="odd_link"),
        Lesson("a@b.example", brand="a_brand_of_former_days"),
    ):
        ledger.add_lesson(lesson)
    ledger.close()

    lessons = person.ask("lessons")
    sentences = [lesson["text"]["en"] for lesson in lessons]
    assert len(set(sentences)) == 7
    assert [lesson["text"]["ja"].count("日本郵便") for lesson in lessons] == [1, 0, 1, 0, 0, 0, 0]
    told = person.run("lessons").stdout
    assert all(f"watcher forget {lesson['id']}" in told for lesson in lessons)


# Some peace.


def test_pause_is_kept_without_a_daemon(person: Person) -> None:
    """The end of a pause stands in the ledger until it is over or taken back."""
    (answer,) = person.ask("pause", "2h")
    until = datetime.fromisoformat(answer["until"])
    assert timedelta(hours=1, minutes=59) < until - datetime.now(UTC) <= timedelta(hours=2)
    assert is_japanese(person.run("pause", "1d", language=JAPANESE).stdout)
    assert person.run("resume").returncode == 0
    assert is_japanese(person.run("resume", language=JAPANESE).stdout)


# The page.


@pytest.mark.parametrize(("language", "title"), [("C.UTF-8", "Watcher report"), (JAPANESE, "なりすまし")])
def test_report(person: Person, language: str, title: str) -> None:
    """The page lies where its path says, in the reader's language, for the owner alone."""
    keep(person, a_case())
    done = person.run("report", language=language)
    page = Path(done.stdout.strip())

    assert done.returncode == 0
    assert page.is_relative_to(person.home)
    assert title in page.read_text("utf-8")
    assert 'id="mail-1"' in page.read_text("utf-8")
    assert page.stat().st_mode & 0o777 == 0o600


def test_report_into_a_file(person: Person) -> None:
    """The page goes where it is wished, also when nothing was found."""
    done = person.run("report", "--output", "new/page.html")
    assert done.stdout.strip() == str(Path("new/page.html"))
    assert (person.home / "new" / "page.html").read_text("utf-8").startswith("<!DOCTYPE html>")


def test_without_a_desktop_nothing_is_opened(person: Person) -> None:
    """Exit status 1, and a hint how to go on by hand; the page is written all the same."""
    keep(person, a_case())
    opened, shown = person.run("report", "--open"), person.run("open", "1")

    assert (opened.returncode, shown.returncode) == (1, 1)
    assert Path(opened.stdout.strip()).exists()
    assert opened.stderr.strip()
    assert "Suspicious" in shown.stderr, "where it lies now"


def test_a_message_id_cannot_become_an_option(person: Person) -> None:
    """What the sender chose is never given to a program as an argument of its own."""
    hostile = a_case(message_id="--help", author=Address("A", "a", "b.example"))
    keep(person, hostile)
    assert person.run("open", "1").returncode == 1
