"""Authorisation servers that do not do as they should, or are not there."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.kit.consents import Consenting, consenting
from tests.kit.vaults import told
from watcher.errors import TransientError

pytestmark = [pytest.mark.dbus, pytest.mark.keyring]


@pytest.fixture
def mine() -> Iterator[Consenting]:
    """A user of an authorisation server who has not consented yet."""
    with consenting() as user:
        yield user


def unreachable(user: Consenting) -> TransientError:
    """What is told of a renewal that fails for a reason that may pass."""
    with pytest.raises(TransientError) as problem:
        user.vault().secret()
    assert not [secret for secret in user.server.secrets() if secret in told(problem.value)]
    return problem.value


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.0 500 Oops\r\n\r\n", "HTTP 500"),
        (b"HTTP/1.0 503 Busy\r\n\r\n{}", "HTTP 503"),
        (b'HTTP/1.0 400 No\r\n\r\n{"error": "temporarily_unavailable"}', "temporarily_unavailable"),
        (b"HTTP/1.0 200 OK\r\n\r\n<html>Log in to the hotel's network</html>", "ValueError"),
        (b"HTTP/1.0 200 OK\r\n\r\n[1, 2]", ""),
        (b"HTTP/1.0 200 OK\r\n\r\n{}", "no bearer token"),
        (b'HTTP/1.0 200 OK\r\n\r\n{"access_token": 5}', "no bearer token"),
        (b'HTTP/1.0 200 OK\r\n\r\n{"access_token": "x", "token_type": "mac"}', "no bearer token"),
        (b'HTTP/1.0 200 OK\r\n\r\n{"access_token": "x\\r\\nA1 LOGOUT"}', "no bearer token"),
        (b'HTTP/1.0 200 OK\r\n\r\n{"access_token": "x", "refresh_token": "\\u0000"}', "no refresh token"),
        (b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 5_000_000, ""),
        (b"HTTP/1.0 302 Found\r\nLocation: http://127.0.0.1:1/elsewhere\r\n\r\n", ""),
        (b"HTTP/1.0 307 Again\r\nLocation: {url}/token\r\n\r\n", ""),
        (b"", "ConnectionError"),
        (b"garbage", ""),
    ],
)
def test_a_server_that_misbehaves(mine: Consenting, answer: bytes, words: str) -> None:
    """No answer, or none that can be read, may be another one later; no redirect is followed."""
    mine.consented()
    mine.server.will.misbehaves = lambda: answer.replace(b"{url}", mine.server.url.encode())
    assert words in str(unreachable(mine))
    assert mine.server.misbehaved == 1
    mine.server.will.misbehaves = None
    assert mine.server.good(mine.access())


def test_a_server_that_is_not_there(mine: Consenting) -> None:
    """Without a network it is tried again later."""
    mine.consented()
    mine.server.stop()
    assert "127.0.0.1 gives no answer" in str(unreachable(mine))


def test_a_server_that_trickles(mine: Consenting) -> None:
    """An answer that never ends is given up after 20 seconds, however alive the server seems."""
    mine.consented()
    mine.server.will.misbehaves = lambda: b"HTTP/1.0 200 OK\r\nA: "
    mine.server.will.trickles = 60
    start = time.monotonic()
    unreachable(mine)
    assert 15 < time.monotonic() - start < 35
