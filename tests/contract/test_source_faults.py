"""Servers that misbehave in each way that is named in `kit.faults`: nothing is lost with any of them."""

from __future__ import annotations

import logging
import resource
from collections import Counter

import pytest

from tests.kit import faults
from tests.kit.faults import PATIENCE, Trouble
from tests.kit.house import House, hit, wanted
from tests.kit.imap_servers import HOST, Secret
from tests.kit.mails import build
from tests.kit.misbehaving_server import MisbehavingServer
from watcher.daemon.watch import Health, Watch
from watcher.model import State
from watcher.sources.imap import ImapAccount, ImapSource, tls_context

TURNS = 6
"""Until the server behaves, where it does in the end; and as many again."""
MOST_COMMANDS = 120
"""A turn: a sweep that begins anew as often as it may."""
MOST_MEMORY = 200 * 1024
"""KiB that the process may grow by: an answer has 80 MiB at most, which are copied once."""

NAMESAKE = build(author="Ken <ken@friend.example>", subject="Lunch today", message_id="<hit1@parcel.example>")
INNOCENT = (wanted(1), wanted(2), NAMESAKE)


class Life:
    """A house whose mail lies on a server that misbehaves."""

    def __init__(self, trouble: Trouble, server: MisbehavingServer) -> None:
        self.house = House()
        self.server = server
        self.trouble = trouble
        account = ImapAccount("home", HOST, "taro", server.port, "none", timeout=PATIENCE)
        self.watch = Watch(self.house.pipeline, ImapSource(account, Secret("secret"), tls_context()))
        self.name = f"{trouble.prefix}Suspicious"

    def run(self) -> None:
        """A turn while all is well; then mail comes, and the server misbehaves from its greeting on."""
        self.begin()
        self.watch.close()
        for raw in (*INNOCENT, hit()):
            self.server.folders["INBOX"].put(raw)
        self.server.folders[self.name].put(NAMESAKE)
        self.server.fault = self.trouble.fault
        self.attend(TURNS)
        if self.trouble.heals:
            self.server.fault = None
        self.attend(TURNS)
        self.watch.close()

    def begin(self) -> None:
        """A turn that comes to its end: on a busy machine even a server that behaves may be late."""
        for _attempt in range(TURNS):
            self.attend(1)
            if self.watch.standing.health is Health.WATCHING:
                return

    def attend(self, turns: int) -> None:
        """Some turns, a minute apart."""
        for _turn in range(turns):
            self.watch.attend(stirred=True)
            self.house.later(minutes=1)

    def count(self, folder: str) -> Counter[bytes]:
        """How often each mail lies in a folder."""
        return Counter(mail.raw for mail in self.server.folders[folder].mails.values())


def check_the_hit(life: Life) -> None:
    """It lies where it must, once, and the user knows."""
    inbox, suspicious = life.count("INBOX")[hit()], life.count(life.name)[hit()]
    match life.trouble.outcome:
        case "moved":
            assert (inbox, suspicious) == (0, 1)
        case "copied":
            assert (inbox, suspicious) == (1, 1)
        case "told":
            assert inbox == 1
        case "left":
            assert (inbox, suspicious) == (1, 0)
            assert State.HELD in {case.state for case in life.house.cases()}
    assert sum(life.count(folder)[hit()] for folder in life.server.folders) >= 1
    assert life.house.notifier.notices or life.trouble.outcome == "any"


def check_the_others(life: Life) -> None:
    """All other mail lies where it lay, with its octets and its flags."""
    vanished = {wanted(1)} if life.trouble.name == "a mail vanishes" else set()
    lying = [mail for mail in life.server.folders["INBOX"].mails.values() if mail.raw != hit()]
    assert Counter(mail.raw for mail in lying) == Counter(set(INNOCENT) - vanished)
    beside = [mail for mail in life.server.folders[life.name].mails.values() if mail.raw != hit()]
    assert [mail.raw for mail in beside] == [NAMESAKE] or life.trouble.name.startswith("TRYCREATE")
    assert not any(mail.flags for mail in (*lying, *beside))


def check_the_commands(life: Life) -> None:
    """Nothing dangerous was said, and not too much."""
    verbs = [command.partition(" ")[2].upper() for command in life.server.commands]
    assert not any(verb.startswith(("EXPUNGE", "CLOSE")) or "\\SEEN" in verb for verb in verbs)
    assert not any(" BODY[" in verb for verb in verbs)
    assert len(verbs) < MOST_COMMANDS * TURNS
    assert life.server.connections <= 2 * TURNS + 2


@pytest.mark.parametrize("trouble", faults.ALL, ids=lambda trouble: trouble.name)
def test_nothing_is_lost(trouble: Trouble, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever the server does, the hit is moved once or left and told, and nothing else is touched."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with MisbehavingServer(None, trouble.abilities, trouble.prefix, trouble.delimiter) as server:
        life = Life(trouble, server)
        life.run()
        assert server.misdeeds or trouble in faults.TRAITS
        check_the_hit(life)
        check_the_others(life)
        check_the_commands(life)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MEMORY
