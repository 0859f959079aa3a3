"""The log, as it leaves the process."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

HOSTILE = {
    "escape": "a\x1b[31mred\x1b[0m\x07",
    "C1": "a\x9b31mb\x85c",
    "carriage return": "a\rb\x0b\x0cc",
    "bidi": "a\u202etxt.exe\u2066b\u200fc\u061cd",
    "line separators": "a\u2028b\u2029c",
    "invisible": "a\u200bb\ufeffc\u00add\u2060e",
    "nothing": "",
}
FORBIDDEN = re.compile(r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")

PROGRAM = """
import logging, sys
from watcher.daemon.logs import start_log
start_log(verbose={verbose}, environ={environ})
log = logging.getLogger("watcher.test")
{work}
"""


def logged(work: str, *, journal: bool = False, verbose: bool = False) -> str:
    """What a program that does this work writes to standard error."""
    environ = {"JOURNAL_STREAM": "8:1"} if journal else {}
    program = PROGRAM.format(verbose=verbose, environ=environ, work=work)
    run = subprocess.run([sys.executable, "-X", "utf8", "-c", program], capture_output=True, check=True)
    return run.stderr.decode("utf-8")


@pytest.mark.parametrize("journal", [True, False])
@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_nothing_from_a_mail_steers_a_terminal(words: str, journal: bool) -> None:  # noqa: FBT001 - a table
    """Escapes, bidi marks and line separators are replaced, and one call is one line."""
    text = logged(f"log.warning('from %s!', {words!r})", journal=journal)

    assert not FORBIDDEN.search(text)
    assert text.count("\n") == 1
    assert "from" in text


@pytest.mark.parametrize(
    ("level", "priority"), [("debug", 7), ("info", 6), ("warning", 4), ("error", 3), ("critical", 2)]
)
def test_priorities(level: str, priority: int) -> None:
    """The journal is told how much each line matters, and adds the time itself."""
    assert logged(f"log.{level}('away')", journal=True, verbose=True) == f"<{priority}>away\n"


def test_every_line_of_a_traceback_has_its_priority() -> None:
    """No line of a traceback is taken for an unimportant one, nor for a priority of its own."""
    text = logged("try:\n    raise ValueError('a\\n<7>b')\nexcept ValueError:\n    log.exception('bug')", journal=True)
    lines = text.splitlines()

    assert len(lines) > 3
    assert all(line.startswith("<3>") for line in lines)
    assert "<3><7>b" in lines


def test_without_the_journal_each_line_has_its_time() -> None:
    """In a terminal time and level stand before the words."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} WARNING away\n", logged("log.warning('away')"))


@pytest.mark.parametrize(("verbose", "expected"), [(False, "<6>seen\n"), (True, "<7>detail\n<6>seen\n")])
def test_verbose(verbose: bool, expected: str) -> None:  # noqa: FBT001 - a table
    """What is of use to a developer only is written when asked for."""
    assert logged("log.debug('detail'); log.info('seen')", journal=True, verbose=verbose) == expected


def test_libraries_are_quiet() -> None:
    """The libraries' chatter, of which some would hold what goes over the wire, is never written."""
    work = "\n".join(
        f"logging.getLogger({name!r}).{level}('chatter')"
        for name in ("imapclient.imaplib", "apscheduler.scheduler", "keyring.backend")
        for level in ("debug", "info")
    )

    assert logged(work, verbose=True) == ""
