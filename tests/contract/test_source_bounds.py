"""How much of an answer is read, and for how long."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator

import pytest

from tests.kit import faults
from tests.kit.faults import Effect, once
from tests.kit.imap_servers import HOST, ScriptedServer, Secret
from tests.kit.misbehaving_server import MisbehavingServer
from watcher.errors import TransientError
from watcher.sources.imap import ImapAccount, ImapSource, tls_context
from watcher.sources.imap.bounded import LARGEST, PATIENCE

TIMEOUT = 0.1
LENIENT = 0.3
"""Ten times as long as the pause between two octets that trickle: a busy machine does not make one of them late."""
MANY = 200_000


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    """A server with one mail."""
    with MisbehavingServer() as server:
        server.folders["INBOX"].put(b"Subject: hello\r\n\r\nHello.\r\n")
        yield server


def opened(port: int, timeout: float = TIMEOUT) -> ImapSource:
    """An open source."""
    source = ImapSource(ImapAccount("home", HOST, "taro", port, "none", timeout=timeout), Secret("s"), tls_context())
    source.open()
    return source


@pytest.mark.parametrize(
    "effect",
    [
        faults.before(faults.HUGE),
        faults.before(b"* 1 FETCH (UID 1 BODY[] {%d}\r\n" % LARGEST),
        faults.endless(b"* 1 EXISTS\r\n"),
        faults.endless(b"7 "),
        faults.endless(b"* 1 FETCH (UID 1 BODY[] {10}\r\n0123456789)\r\n"),
    ],
    ids=["1 GB", "the bound itself", "lines", "one line", "literals"],
)
def test_an_answer_has_an_end(server: MisbehavingServer, effect: Effect) -> None:
    """Whoever talks without end, or says that he will, is left, and memory does not grow beyond the bound."""
    source = opened(server.port)
    server.fault = once("UID FETCH", effect)
    tracemalloc.start()
    try:
        with pytest.raises(TransientError, match=r"without end|too long"):
            list(source.fetch("INBOX", [1]))
        assert tracemalloc.get_traced_memory()[1] < LARGEST
    finally:
        tracemalloc.stop()


def test_an_answer_has_its_time(server: MisbehavingServer) -> None:
    """One octet after another, each in time, does not hold us up for ever."""
    source = opened(server.port, LENIENT)
    server.fault = once("UID FETCH", faults.trickle)
    began = time.monotonic()
    with pytest.raises(TransientError, match="too long"):
        list(source.fetch("INBOX", [1]))
    assert PATIENCE * LENIENT <= time.monotonic() - began < 2 * PATIENCE * LENIENT


def test_a_large_folder_can_be_searched() -> None:
    """The UIDs of 200,000 mails come in one line, which is longer than imaplib would read."""
    found = b"* SEARCH " + b" ".join(b"%d" % uid for uid in range(1, MANY + 1)) + b"\r\n{tag} OK done\r\n"
    with ScriptedServer({"UID SEARCH": found}) as server:
        assert len(opened(server.port).uids_from("INBOX", 1)) == MANY
