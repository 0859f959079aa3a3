"""What is said to a server about a mail that is moved, word by word: each round trip may take as long as a blink."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.kit.faults import Effect, always, swap
from tests.kit.imap_servers import HOST, Secret
from tests.kit.misbehaving_server import MisbehavingServer
from tests.kit.sources import PLAIN, STEP, TARGET, apply, intend
from watcher.sources.imap import ImapAccount, ImapSource, tls_context

MOVE = replace(STEP, remove=("NotPhishing",))
SAID = ["SELECT", "UID FETCH", "UID MOVE", "SELECT", "UID FETCH", "UID STORE"]
"""Of these the last is +FLAGS."""


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    """A server that behaves."""
    with MisbehavingServer() as server:
        yield server


def move(server: MisbehavingServer, *flags: str) -> list[str]:
    """Move a new mail with these flags: the commands for it."""
    uid = server.folders["INBOX"].put(PLAIN, set(flags))
    source = ImapSource(ImapAccount("home", HOST, "taro", server.port, "none"), Secret("s"), tls_context())
    source.open()
    intent = intend(source, uid, MOVE)
    server.commands.clear()
    apply(source, intent)
    source.close()
    (mail,) = server.folders[TARGET].mails.values()
    assert mail.flags == {*flags, *MOVE.add} - {*MOVE.remove}
    return [" ".join(words[1:3] if words[1] == "UID" else words[1:2]) for words in map(str.split, server.commands)]


def test_what_is_known_is_not_asked(server: MisbehavingServer) -> None:
    """The target is opened once, and a keyword that the mail does not bear is not taken off."""
    assert move(server) == SAID


def test_a_keyword_is_taken_off(server: MisbehavingServer) -> None:
    """One that the mail bears, in whatever case the server writes it, is."""
    server.fault = always("UID STORE", swap(rb"NotPhishing", b"notphishing"))
    assert move(server, "NotPhishing") == [*SAID, "UID STORE"]


@pytest.mark.parametrize("answer", [swap(rb"\* [^\n]*\n", b""), swap(rb"\(UID", b"((UID"), swap(rb"FLAGS", b"X")])
def test_what_the_server_does_not_tell_is_not_taken_for_known(server: MisbehavingServer, answer: Effect) -> None:
    """Without a word about the flags, or without one that can be read, the keyword is taken off all the same."""
    server.fault = always("UID STORE", answer)
    assert move(server, "NotPhishing") == [*SAID, "UID STORE"]


def test_what_is_told_of_another_mail_counts_for_nothing(server: MisbehavingServer) -> None:
    """Flags of another mail, which are told of in between, are not taken for those of the mail that is moved."""
    server.fault = always("UID STORE", swap(rb"UID \d+", b"UID 99"))
    assert move(server, "NotPhishing") == [*SAID, "UID STORE"]
