"""What the commands say that they have done, on Dovecot: where the mail lies now, and whether anything was learned."""

from __future__ import annotations

import json

import pytest
from imapclient import IMAPClient

from tests.kit.confirmed import AUTHSERV, confirmed
from tests.kit.daemon import Home, await_that
from tests.kit.house import hit, wanted

pytestmark = pytest.mark.dovecot

NOT_LEARNED = "Nothing was learned of the sender"


@pytest.fixture
def judged(home: Home, user: str, mailbox: IMAPClient) -> Home:
    """A home in which 1 was moved, whose sender nobody confirms; 2 likewise, confirmed; and 3 was found clean."""
    mailbox.create_folder("Trash")
    home.configure([user], authserv=f'"{AUTHSERV}"')
    home.start()
    await_that(lambda: home.count("watching INBOX") == 1)
    for number, raw in enumerate([hit(), confirmed(suspicious=True), wanted()], 1):
        mailbox.append("INBOX", raw)
        await_that(lambda number=number: len(home.cases()) == number)  # type: ignore[misc]  # bound now
    await_that(lambda: [case["state"] for case in home.cases()] == ["moved", "moved", "clean"])
    home.stop()
    return home


@pytest.mark.parametrize(
    ("command", "case", "words", "learns"),
    [
        ("restore", 1, "taken back to INBOX", False),
        ("restore", 2, "taken back to INBOX", True),
        ("restore", 3, "left in INBOX; it is never moved again", False),
        ("confirm", 2, "confirmed; the mail lies in Suspicious", True),
        ("confirm", 3, "confirmed; the mail lies in Suspicious", False),
        ("trust", 2, "the sender is trusted from now on; the mail was taken back to INBOX", True),
        ("trust", 3, "the sender is trusted from now on; the mail stays in INBOX", True),
        ("delete", 1, "moved to the trash (Trash)", True),
    ],
)
def test_what_was_done(judged: Home, command: str, case: int, words: str, learns: bool) -> None:  # noqa: FBT001 - a column of the table
    """People are told where the mail lies now, and that nothing was learned where the server confirms no sender."""
    done = judged.run(command, str(case))

    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == f"{case}: {words}"
    assert (NOT_LEARNED in done.stdout) is not learns


def test_programs_are_told_as_before(judged: Home) -> None:
    """With --json an outcome is one word, and there is one line for each case."""
    done = judged.run("restore", "--json", "1", "2")

    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"id": number, "choice": "restore", "outcome": "done"} for number in (1, 2)
    ]
