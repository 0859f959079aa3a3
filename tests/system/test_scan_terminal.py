"""`watcher scan` of a heap of mail, and somebody who waits for it at a terminal."""

from __future__ import annotations

import json
import re
import signal
import sys
from pathlib import Path

import pexpect
import pytest

from tests.kit.commands import Person
from tests.kit.house import hit, wanted


@pytest.fixture
def person(tmp_path: Path) -> Person:
    """Somebody with an empty home."""
    return Person(tmp_path / "home")


def wait_for(person: Person, *arguments: str | Path) -> pexpect.spawn[str]:
    """The command at a terminal of 100 columns."""
    return pexpect.spawn(
        sys.executable,
        ["-m", "watcher", "scan", *map(str, arguments)],
        env={**person.environment(), "TERM": "xterm"},
        cwd=person.home,
        dimensions=(30, 100),
        encoding="utf-8",
        timeout=90,
    )


def pile_up(folder: Path, number: int) -> Path:
    """So many mails in one file."""
    path = folder / "heap"
    path.write_bytes((b"From x Tue Nov 24 09:00:00 2026\n" + hit() + b"\n") * number)
    return path


@pytest.fixture
def heap(tmp_path: Path) -> Path:
    """More mails than all cores can judge before somebody stops it."""
    return pile_up(tmp_path, 30_000)


def test_a_bar_for_who_waits(person: Person, heap: Path) -> None:
    """After a second a bar shows how far it is, and the verdicts stand above it, each on its line."""
    terminal = wait_for(person, heap)

    terminal.expect("Judging .*━.* [0-9]+ ")
    terminal.expect(r"suspicious  \S+/heap \[[0-9]+\]")
    terminal.sendintr()
    terminal.expect(r"Stopped after [0-9]+ mails?\.")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 130


def test_a_short_answer_needs_no_bar(person: Person, tmp_path: Path) -> None:
    """What takes less than a second is told as ever, without a word to the terminal besides."""
    mail = tmp_path / "a.eml"
    mail.write_bytes(wanted())

    terminal = wait_for(person, mail)

    terminal.expect(pexpect.EOF)

    assert re.fullmatch(r"clean  \S+\r\n\S*a\.eml\r\n|clean  \S+a\.eml\r\n", terminal.before or "")


def test_programs_at_a_terminal_read_nothing_but_json(person: Person, heap: Path) -> None:
    """With --json on a terminal no bar comes between the lines; stopped, all that were printed are whole."""
    terminal = wait_for(person, "--json", heap)

    for _ in range(3):
        terminal.expect(r"\{[^\r\n]*\}\r\n")
        assert json.loads(terminal.after)["verdict"] == "suspicious"
    terminal.kill(signal.SIGINT)  # Ctrl-C would have the terminal throw away what it has not shown yet
    terminal.expect(r"\}\r\nStopped after")
    assert "━" not in (terminal.before or "")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 130


def test_no_bar_where_nobody_looks(person: Person, tmp_path: Path) -> None:
    """In a pipe there are the messages with their reasons, and nothing else."""
    done = person.run("scan", pile_up(tmp_path, 3_000))

    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.count("suspicious  ") == 3_000
    assert done.stdout.count("\n") == 6_000
