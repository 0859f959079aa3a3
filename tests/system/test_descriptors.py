"""As many connections as there are accounts, whatever limit the program was started with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.daemon import Home, await_that
from tests.kit.dovecot import Dovecot
from watcher.descriptors import needed

pytestmark = pytest.mark.dovecot

ACCOUNTS = 40
LIMIT = 64
TOLD = "may not be watched"


class Tight(Home):
    """A home where programs start with fewer descriptors than it has accounts, and may ask for more or not."""

    ulimit = "-S"
    """Which limit is set; empty for both."""

    def _command(self, *arguments: str) -> list[str]:
        limited = f'ulimit {self.ulimit} -n {LIMIT} && exec "$@"'
        return ["sh", "-c", limited, "sh", *super()._command(*arguments)]


def test_the_limit_is_raised_as_far_as_it_takes(tmp_path: Path) -> None:
    """Forty accounts are watched by a program that was allowed 64 descriptors, of which it needs some for itself."""
    users = [f"user{number}" for number in range(ACCOUNTS)]
    with Dovecot() as server, Tight(tmp_path, server, users) as home:
        home.start()
        await_that(lambda: home.count("watching INBOX") == ACCOUNTS)
        assert home.process is not None
        limits = Path(f"/proc/{home.process.pid}/limits").read_text().splitlines()

    (files,) = (line.split() for line in limits if line.startswith("Max open files"))
    assert int(files[3]) == needed(ACCOUNTS)
    assert home.count(TOLD) == 0


def test_a_limit_that_cannot_be_raised_is_told(tmp_path: Path) -> None:
    """The log says what it means and what mends it, and so does the doctor; what is possible is done all the same."""
    users = ["taro", "hanako"]
    with Dovecot() as server, Tight(tmp_path, server, users) as home:
        home.ulimit = ""
        home.start()
        await_that(lambda: home.count("watching INBOX") == len(users))
        (finding,) = (line for line in home.run("doctor", "--json").stdout.splitlines() if TOLD in line)

    assert home.count(f"LimitNOFILE={needed(len(users))}") == 1
    assert f"{LIMIT} open files" in finding
