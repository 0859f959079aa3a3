"""The whole way on a real desktop: a mail is moved, a notice appears, and its button is clicked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.kit.daemon import Home, await_that
from tests.kit.dovecot import Dovecot
from tests.kit.house import hit
from tests.kit.screen import Screen, screen

pytestmark = [pytest.mark.desktop, pytest.mark.dbus, pytest.mark.dovecot]


@pytest.fixture
def desktop() -> Iterator[Screen]:
    """A desktop on which nothing is shown yet."""
    with screen() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, dovecot: Dovecot, user: str, desktop: Screen) -> Iterator[Home]:
    """That user's home on that desktop, with Watcher running and the mailbox watched."""
    with Home(tmp_path, dovecot, [user], {**desktop.session(), "LANG": "ja_JP.UTF-8"}) as home:
        home.start()
        await_that(lambda: home.ask("status")[0]["accounts"][0]["health"] == "watching")
        yield home


def mails(mailbox: IMAPClient, folder: str) -> list[bytes]:
    """The mails in a folder, octet by octet."""
    if not mailbox.folder_exists(folder):
        return []
    mailbox.select_folder(folder, readonly=True)
    return [mail[b"BODY[]"] for mail in mailbox.fetch(mailbox.search(), ["BODY.PEEK[]"]).values()]


@pytest.mark.parametrize("restarted", [False, True], ids=["by the same run", "by the next run"])
def test_a_click_takes_a_mail_back(home: Home, desktop: Screen, mailbox: IMAPClient, *, restarted: bool) -> None:
    """A click on the notice's first button puts the mail back, also when the daemon was restarted in between."""
    mailbox.append("INBOX", hit())
    await_that(lambda: mails(mailbox, "Suspicious") == [hit()])
    await_that(lambda: not desktop.is_empty(), "no notice appears")
    if restarted:
        home.stop()
        home.start()
    desktop.click_first_button()
    await_that(lambda: mails(mailbox, "INBOX") == [hit()], "the mail does not come back")
    assert mails(mailbox, "Suspicious") == []
    assert home.stop() == 0
