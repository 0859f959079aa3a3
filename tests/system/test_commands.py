"""The commands as processes in a home where there is nothing yet: help, answers for people and programs, the demo."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from tests.kit.commands import WORKING, Person
from tests.kit.ledger import NOON, VERDICT, a_case, a_receipt, an_intent
from watcher.cli import COMMANDS
from watcher.model import Case, State, Verdict
from watcher.store.ledger import open_ledger

JAPANESE = "ja_JP.UTF-8"
NAMES = list(COMMANDS)
HEAVY = {"apscheduler", "imapclient", "jeepney", "keyring", "plyer", "pydantic", "sqlite3"}
"""What a command that does not use it must not load."""


@pytest.fixture
def person(tmp_path: Path) -> Person:
    """Somebody with an empty home."""
    return Person(tmp_path / "home")


def keep(person: Person, *cases: Case) -> list[Case]:
    """Put cases into the person's ledger: the same with their ids."""
    folder = person.home / "state" / "watcher"
    folder.mkdir(mode=0o700)
    ledger = open_ledger(folder / "ledger.sqlite")
    kept = [ledger.add_case(case) for case in cases]
    for case in kept:
        if case.state is State.MOVED:
            intent = ledger.intend(an_intent(case), State.MOVING)
            ledger.settle(intent, a_receipt(intent), State.MOVED)
    ledger.close()
    return kept


def is_japanese(text: str) -> bool:
    """Whether kana stand in it."""
    return bool(re.search("[ぁ-んァ-ヺ]", text))


# Help.


@pytest.mark.parametrize(("language", "expected"), [("C.UTF-8", False), ("de_DE.UTF-8", False), (JAPANESE, True)])
def test_help_lists_every_command(person: Person, language: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """Every command stands in `watcher --help` with what it does, in the reader's language."""
    done = person.run("--help", language=language)
    commands = done.stdout.partition("コマンド:" if expected else "Commands:")[2]
    told = dict(re.findall(r"^  ([\w-]+) +(\S.*)$", commands, re.MULTILINE))

    assert done.returncode == 0
    assert list(told) == NAMES
    assert {is_japanese(text) for text in told.values()} == {expected}


@pytest.mark.parametrize("language", ["C.UTF-8", JAPANESE])
@pytest.mark.parametrize("name", NAMES)
def test_help_of_each_command(person: Person, name: str, language: str) -> None:
    """Each command says what it is for and what each option does, in the reader's language."""
    done = person.run(name, "--help", language=language)
    usage, *paragraphs = done.stdout.split("\n\n")
    options = re.findall(r"^  (--\S+)( .*)?$", done.stdout, re.MULTILINE)

    assert done.returncode == 0
    assert f"watcher {name}" in usage
    assert is_japanese(paragraphs[0]) is (language == JAPANESE)
    assert paragraphs[0].strip()
    assert all(text.strip() for _, text in options)
    assert "--help" in dict(options)


def test_help_loads_nothing(person: Person) -> None:
    """`watcher --help` answers at once: no back end, no settings, no detector."""
    loaded = person.loaded("--help")

    assert not loaded & HEAVY
    assert not {name for name in loaded if re.match(r"watcher\.(?!__main__|cli$|words|errors|paths)", name)}


def test_scan_loads_no_mailbox(person: Person) -> None:
    """Mail in files is judged without a mail server's, a desktop's or a key ring's library."""
    (person.home / "a.eml").write_text("From: a@b.example\n\nhello\n")

    assert not person.loaded("scan", "a.eml") & (HEAVY - {"pydantic"})


def test_version(person: Person) -> None:
    """One line."""
    assert re.fullmatch(r"watcher, version \S+\n", person.run("--version").stdout)


# Mistakes.


@pytest.mark.parametrize("language", ["C.UTF-8", JAPANESE])
@pytest.mark.parametrize(
    "arguments",
    [
        ["nosuch"],
        ["--nosuch"],
        ["scan"],
        ["show"],
        ["show", "x"],
        ["show", "0"],
        ["show", "-1"],
        ["show", "7"],
        ["show", "9" * 40],
        ["list", "--limit", "0"],
        ["list", "--limit", "9" * 40],
        ["restore"],
        ["restore", "7"],
        ["restore", "9" * 40],
        ["restore", "1", "x"],
        ["confirm"],
        ["confirm", "7"],
        ["confirm", "--held"],
        ["restore", "--all", "1"],
        ["restore", "1", "--since", "2d"],
        ["restore", "--all", "--since", "soon"],
        ["delete"],
        ["delete", "7"],
        ["trust"],
        ["trust", "7"],
        ["trust", "nobody"],
        ["trust", "@jp"],
        ["trust", "a b@example.org"],
        ["forget"],
        ["forget", "7"],
        ["pause"],
        ["pause", "soon"],
        ["pause", "0m"],
        ["pause", "31d"],
        ["open", "7"],
        ["report", "--output", "."],
        ["forward-report", "7"],
        ["run"],
        ["run", "now"],
        ["--config", "nothing.toml", "run"],
        ["--config", ".", "run"],
        ["--config", "nothing.toml", "confirm", "--held"],
    ],
    ids=" ".join,
)
def test_a_mistake_is_told_in_words(person: Person, arguments: Sequence[str], language: str) -> None:
    """Exit status 2, something on standard error, nothing on standard output, and never a traceback."""
    done = person.run(*arguments, language=language)

    assert done.returncode == 2
    assert done.stderr.strip()
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ("[watch\n", ["line 1"]),
        (b"\xff\xfe", ["UTF-8"]),
        (
            '[watch]\ninterval = 5\ntypo = 1\n[notify]\nlanguage = "xx"\n',
            ["watch.interval", "watch.typo", "language", "accounts:"],
        ),
        ('[[accounts]]\nname = "a"\nport = "x"\n', ["accounts[0].host", "accounts[0].port", "accounts[0].user"]),
    ],
)
def test_a_bad_configuration(person: Person, content: str | bytes, problems: Sequence[str]) -> None:
    """All problems are told at once, one a line, and nothing is started."""
    person.config.write_bytes(content if isinstance(content, bytes) else content.encode())

    done = person.run("run")

    assert done.returncode == 2
    assert all(problem in done.stderr for problem in problems)
    assert done.stderr.count("\n") == len(problems)


@pytest.mark.parametrize("command", [["list"], ["show", "1"], ["status"], ["restore", "1"]], ids=" ".join)
def test_a_damaged_ledger(person: Person, command: Sequence[str]) -> None:
    """It is told in words and left as it is."""
    person.config.write_text(WORKING)
    folder = person.home / "state" / "watcher"
    folder.mkdir(mode=0o700)
    (folder / "ledger.sqlite").write_bytes(b"garbage " * 1000)

    done = person.run(*command)

    assert done.returncode == 2
    assert "ledger.sqlite" in done.stderr
    assert (folder / "ledger.sqlite").read_bytes() == b"garbage " * 1000


@pytest.mark.parametrize("command", [["list"], ["status"], ["run"]], ids=" ".join)
def test_a_home_that_cannot_be_written(person: Person, command: Sequence[str]) -> None:
    """Where the state cannot be kept the user is told."""
    person.config.write_text(WORKING)
    (person.home / "state").rmdir()
    (person.home / "state").write_text("a file")

    done = person.run(*command)

    assert done.returncode == 2
    assert "state" in done.stderr


# Answers.


def test_nothing_found_yet(person: Person) -> None:
    """People are told in their language, and programs get no object."""
    assert person.run("list").stdout == "Nothing was found so far.\n"
    assert is_japanese(person.run("list", language=JAPANESE).stdout)
    assert person.ask("list") == []
    assert person.run("list").returncode == 0


def test_status_without_a_daemon(person: Person) -> None:
    """Exit status 1, and the cases counted all the same."""
    keep(person, a_case(1), a_case(2), a_case(3, state=State.CLEAN))

    done = person.run("status", "--json")

    assert done.returncode == 1
    assert person.ask("status") == [
        {"running": False, "cases": {"moved": 2, "clean": 1}, "problems": [], "put_aside": []}
    ]
    assert "watcher run" in person.run("status").stdout
    assert is_japanese(person.run("status", language=JAPANESE).stdout)


def test_list(person: Person) -> None:
    """The newest first, clean mail only when asked for, no more than wished."""
    cases = [a_case(uid, judged_at=NOON + timedelta(minutes=uid), state=State.MOVED) for uid in range(1, 4)]
    keep(person, *cases, a_case(9, state=State.CLEAN, verdict=Verdict(suspicious=False, score=0.0)))

    assert [case["id"] for case in person.ask("list")] == [3, 2, 1]
    assert [case["id"] for case in person.ask("list", "--all", "--limit", "2")] == [4, 3]
    assert person.run("list").stdout.count("日本郵便") >= 3
    assert "移動済み" in person.run("list", language=JAPANESE).stdout


def test_show(person: Person) -> None:
    """All that is known of a case, for people in their language and for programs under the keys of the contract."""
    keep(person, a_case())

    (record,) = person.ask("show", "1")
    english, japanese = (person.run("show", "1", language=language).stdout for language in ("C.UTF-8", JAPANESE))

    assert record["from"] == {"name": "日本郵便", "address": "info@post.example"}
    assert (record["id"], record["state"], record["verdict"]) == (1, "moved", "suspicious")
    assert [reason["detector"] for reason in record["reasons"]] == ["brand_name", ""]
    assert VERDICT.reasons[0].text.en in english
    assert VERDICT.reasons[1].text.en in english
    assert "watcher restore 1" in english
    assert VERDICT.reasons[0].text.ja in japanese
    assert "請求書.zip" in japanese


def test_a_case_without_a_verdict(person: Person) -> None:
    """A mail that could not be judged can be listed and shown like any other."""
    keep(person, a_case(verdict=None, state=State.FAILED))

    assert person.ask("show", "1")[0]["state"] == "failed"
    assert "could not be judged" in person.run("list").stdout
    assert person.run("show", "1").returncode == 0


@pytest.mark.parametrize(
    "command", [["list"], ["show", "1"], ["list", "--json"], ["show", "1", "--json"]], ids=" ".join
)
def test_hostile_mail_cannot_steer_a_terminal(person: Person, command: Sequence[str]) -> None:
    """Neither escapes nor bidi marks of a mail reach the terminal, whoever asks."""
    words = "A\x1b[31m\x9b32m\u202e\u2066\u200b\ufeff\x07\r\nB"
    author = a_case().author
    hostile = a_case(
        author=type(author)(words, words, "post.example"), subject=words, message_id=words, state=State.FAILED
    )
    keep(person, hostile)

    text = person.run(*command).stdout

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]", text)
    assert "A" in text


def test_a_wish_about_an_account_that_is_gone(person: Person) -> None:
    """A mail cannot be restored once its account has left the configuration: exit status 2, in words."""
    keep(person, a_case())
    person.config.write_text(WORKING)

    done = person.run("restore", "1")

    assert done.returncode == 2
    assert "home" in done.stderr
    assert "configuration" in done.stderr


# The demo.


@pytest.mark.parametrize("language", ["C.UTF-8", JAPANESE])
def test_demo(person: Person, language: str) -> None:
    """In an empty home it shows the main job within a minute, succeeds, and leaves nothing behind."""
    began = time.monotonic()

    done = person.run("demo", language=language)

    assert done.returncode == 0, done.stdout + done.stderr
    assert time.monotonic() - began < 60
    assert "watcher restore" in done.stdout
    assert is_japanese(done.stdout.splitlines()[0]) is (language == JAPANESE)
    assert [path for path in person.home.rglob("*") if path.is_file() or path.is_socket()] == []
    assert list((person.home / "tmp").iterdir()) == []
