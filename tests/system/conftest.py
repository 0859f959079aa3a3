"""What the tests of the running program share: a user whom nobody else has, a home, and a second mail program."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.kit.daemon import Home
from tests.kit.dovecot import Dovecot, dovecot

__all__ = ["dovecot"]

_users = count(1)


@pytest.fixture
def user() -> str:
    """A user whom nobody else has."""
    return f"user{os.getpid()}-{next(_users)}"


@pytest.fixture
def home(tmp_path: Path, dovecot: Dovecot, user: str) -> Iterator[Home]:
    """That user's home, with Watcher configured and not running."""
    with Home(tmp_path, dovecot, [user]) as home:
        yield home


@pytest.fixture
def mailbox(dovecot: Dovecot, user: str) -> Iterator[IMAPClient]:
    """The user's other mail program."""
    client = dovecot.client(user)
    yield client
    client.shutdown()
