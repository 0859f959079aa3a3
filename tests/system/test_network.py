"""`watcher run` as a process, behind a network that goes silent, is torn down, and comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.kit.daemon import Home, await_that
from tests.kit.dovecot import Dovecot
from tests.kit.house import hit, wanted
from tests.kit.proxy import Proxy

pytestmark = pytest.mark.dovecot

A_MINUTE = 60.0
"""Seconds within which mail is watched again after the network's return."""

CUTS = {"fetch": (b"UID FETCH", False), "move": (b"UID MOVE", True), "moved": (b"UID MOVE", False)}
"""At which words of ours the network goes silent, and whether the server never hears them: otherwise its answer is
what is lost."""


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Closes what is opened during a test."""
    with ExitStack() as stack:
        yield stack


def folder(mailbox: IMAPClient, name: str) -> list[bytes]:
    """Every mail that lies there."""
    mailbox.select_folder(name, readonly=True)
    return [mail[b"BODY[]"] for mail in mailbox.fetch(mailbox.search(), ["BODY.PEEK[]"]).values()]


def configure(home: Home, networks: Mapping[str, Proxy]) -> None:
    """Give each user a network of his own: without TLS, so that it knows what is said."""
    texts = []
    for user, network in networks.items():
        home.server = network
        home.configure([user], tls='"none"')
        texts.append(home.config.read_text().partition("[[accounts]]"))
    head = texts[0][0]
    home.config.write_text(head + "".join(start + table for _, start, table in texts))


def test_a_network_that_went_silent_comes_back(tmp_path: Path, dovecot: Dovecot, user: str, stack: ExitStack) -> None:
    """Silent while we wait, fetch or move: a minute after its return mail is watched, and each hit moved once."""
    users = {cut: f"{user}-{cut}" for cut in ("idle", *CUTS)}
    networks = {cut: stack.enter_context(Proxy(dovecot, tls=False)) for cut in users}
    home = stack.enter_context(Home(tmp_path, networks["idle"], list(users.values())))
    configure(home, {users[cut]: network for cut, network in networks.items()})
    mailboxes = [dovecot.client(user) for user in users.values()]
    home.start()
    await_that(lambda: home.count("watching INBOX") == len(users))

    networks["idle"].mute()
    for cut, (words, swallow) in CUTS.items():
        networks[cut].mute_at(words, swallow=swallow)
    for mailbox in mailboxes:
        mailbox.multiappend("INBOX", [hit(), wanted()])
    assert all(networks[cut].trapped.wait(A_MINUTE) for cut in CUTS)
    for network in networks.values():
        network.come_back()
    back = time.monotonic()
    await_that(lambda: home.count("watching INBOX") == 2 * len(users), within=A_MINUTE)
    await_that(lambda: len(home.cases()) == 2 * len(users))

    assert time.monotonic() - back < A_MINUTE
    for mailbox in mailboxes:
        assert (folder(mailbox, "INBOX"), folder(mailbox, "Suspicious")) == ([wanted()], [hit()])
        mailbox.shutdown()
    assert {case["state"] for case in home.cases()} == {"moved", "clean"}
    assert home.count("away") == len(users)
    assert home.stop() == 0


def test_a_network_that_was_torn_down_comes_back(tmp_path: Path, dovecot: Dovecot, user: str, stack: ExitStack) -> None:
    """Reset connections, and refused ones for a while: it is noticed at once, and mail is watched soon afterwards."""
    network = stack.enter_context(Proxy(dovecot))
    home = stack.enter_context(Home(tmp_path, network, [user]))
    mailbox = dovecot.client(user)
    home.start()
    await_that(lambda: home.count("watching INBOX") == 1)

    network.reset()
    await_that(lambda: home.count("watching INBOX") == 2)
    network.refuse()
    mailbox.append("INBOX", hit())
    await_that(lambda: home.count("away") == 2)
    network.admit()
    await_that(lambda: home.count("watching INBOX") == 3)

    assert (folder(mailbox, "INBOX"), folder(mailbox, "Suspicious")) == ([], [hit()])
    mailbox.shutdown()
    assert home.stop() == 0
