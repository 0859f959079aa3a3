"""The Tab key in real shells, with the script that `watcher completion` prints."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pexpect
import pytest

from tests.kit.commands import WORKING, Person
from tests.kit.ledger import a_case
from watcher.store.ledger import open_ledger

BARE = {"bash": ["--norc", "--noprofile"], "zsh": ["-f"], "fish": ["--no-config"]}
"""How a shell starts without anything of its own."""

PREPARE = {
    "bash": """bind 'set enable-bracketed-paste off'; PS1='ready'' > '; eval "$(watcher completion bash)\"""",
    "zsh": """autoload -U compinit && compinit -u -D; PS1='ready'' > '; eval "$(watcher completion zsh)\"""",
}
"""What is typed before the Tab key is tried."""

HOSTILE = "'$(touch pwned)`touch pwned`; touch pwned\n\x1b]0;pwned\x07 %F{red}, お荷物: *"
"""A subject that a shell or a terminal might obey."""


@pytest.fixture
def person(tmp_path: Path) -> Person:
    """Somebody with an account named “elsewhere”, and two cases, the newest with a hostile subject."""
    person = Person(tmp_path / "home")
    person.config.write_text(WORKING, "utf-8")
    (person.home / "state" / "watcher").mkdir(mode=0o700)
    ledger = open_ledger(person.home / "state" / "watcher" / "ledger.sqlite")
    for uid, subject in enumerate(("お荷物のお届けについて", HOSTILE), 1):
        ledger.add_case(a_case(uid, subject=subject))
    ledger.close()
    return person


def start(person: Person, shell: str, *arguments: str) -> pexpect.spawn[str]:
    """A shell at a terminal of its own, with `watcher` on its path."""
    if not (program := shutil.which(shell)):
        pytest.skip(f"{shell} is not installed")
    environment = {**person.environment(), "TERM": "dumb"}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    started: pexpect.spawn[str] = pexpect.spawn(
        program,
        [*BARE[shell], *arguments],
        env=environment,
        cwd=str(person.home),
        encoding="utf-8",
        timeout=20,
        dimensions=(40, 200),
    )
    return started


def at_the_tab_key(person: Person, shell: str, line: str, expected: str) -> str:
    """What a shell writes after a line and the Tab key, up to what is expected."""
    terminal = start(person, shell)
    try:
        terminal.sendline(PREPARE[shell])
        terminal.expect("ready > ")
        terminal.send(f"{line}\t\t")
        terminal.expect_exact(expected)
        return str(terminal.before)
    finally:
        terminal.close(force=True)


@pytest.mark.parametrize("shell", PREPARE)
@pytest.mark.parametrize(
    ("line", "expected"),
    {
        "a command": ("watcher compl", "watcher completion "),
        "an option": ("watcher scan --auth", "watcher scan --authserv "),
        "an option of all commands": ("watcher --verb", "watcher --verbose "),
        "a word of a list": ("watcher completion fi", "watcher completion fish "),
        "a case": ("watcher show 2", "watcher show 2 "),
    }.values(),
)
def test_the_tab_key_finishes(person: Person, shell: str, line: str, expected: str) -> None:
    """What has only one end is finished: commands, options, values, and cases of the ledger."""
    begun = line.rpartition(" ")[0] + " "

    at_the_tab_key(person, shell, line, expected.removeprefix(begun))


@pytest.mark.parametrize("shell", PREPARE)
def test_the_tab_key_obeys_no_mail(person: Person, shell: str) -> None:
    """A subject is shown beside its case at most: neither the shell nor the terminal obeys it."""
    shown = at_the_tab_key(person, shell, "watcher show ", "1")
    left = sorted(path.name for path in person.home.iterdir())

    assert "2" in shown
    assert "\x1b]0" not in shown
    assert "pwned" not in left


def test_fish(person: Person) -> None:
    """Fish offers the cases, the newest first, with their subjects, and none that begin otherwise."""
    shell = start(person, "fish", "-c", 'watcher completion fish | source; complete -C "watcher show "')
    shell.expect(pexpect.EOF)
    shell.close()

    assert "1\tお荷物のお届けについて" in str(shell.before).splitlines()
