"""What a domain says of its mail in DNS, asked of a real server on loopback."""

from __future__ import annotations

import time
from collections.abc import Sequence

import dns.resolver
import pytest

from tests.kit.dns_server import DnsServer
from watcher.discovery.records import Records, Service

SERVICES: dict[str, tuple[dict[str, Sequence[str]], list[Service]]] = {
    "implicit TLS": (
        {"_imaps._tcp.example.test SRV": ["0 1 993 imap.example.test."]},
        [Service("imap.example.test", 993, "implicit")],
    ),
    "STARTTLS alone": (
        {"_imap._tcp.example.test SRV": ["0 1 143 imap.example.test."]},
        [Service("imap.example.test", 143, "starttls")],
    ),
    "implicit TLS before STARTTLS, whatever their priorities": (
        {
            "_imap._tcp.example.test SRV": ["0 1 143 imap.example.test."],
            "_imaps._tcp.example.test SRV": ["10 1 993 imap.example.test."],
        },
        [Service("imap.example.test", 993, "implicit"), Service("imap.example.test", 143, "starttls")],
    ),
    "priority, then weight": (
        {"_imaps._tcp.example.test SRV": ["20 9 993 c.example.test.", "10 1 993 b.example.test.", "10 5 993 a.test."]},
        [Service(host, 993, "implicit") for host in ("a.test", "b.example.test", "c.example.test")],
    ),
    "no such service": ({"_imaps._tcp.example.test SRV": ["0 0 0 ."]}, []),
    "no such service, but the other": (
        {
            "_imaps._tcp.example.test SRV": ["0 0 0 ."],
            "_imap._tcp.example.test SRV": ["0 1 143 imap.example.test."],
        },
        [Service("imap.example.test", 143, "starttls")],
    ),
    "another port": (
        {"_imaps._tcp.example.test SRV": ["0 1 9993 imap.example.test."]},
        [Service("imap.example.test", 9993, "implicit")],
    ),
    "port 0": ({"_imaps._tcp.example.test SRV": ["0 1 0 imap.example.test."]}, []),
    "an address for a name": ({"_imaps._tcp.example.test SRV": ["0 1 993 127.0.0.1."]}, []),
    "a name with a control character": ({"_imaps._tcp.example.test SRV": [r"0 1 993 imap\027.example.test."]}, []),
    "nothing": ({"example.test A": ["192.0.2.1"]}, []),
    "no such domain": ({}, []),
}

EXCHANGERS: dict[str, tuple[dict[str, Sequence[str]], list[str]]] = {
    "by preference": (
        {"example.test MX": ["20 b.example.test.", "5 Aspmx.L.Google.com.", "10 c.example.test."]},
        ["aspmx.l.google.com", "c.example.test", "b.example.test"],
    ),
    "no mail at all (RFC 7505)": ({"example.test MX": ["0 ."]}, []),
    "nothing": ({"example.test A": ["192.0.2.1"]}, []),
    "no such domain": ({}, []),
}


@pytest.mark.parametrize(("records", "services"), SERVICES.values(), ids=SERVICES)
def test_services(records: dict[str, Sequence[str]], services: list[Service]) -> None:
    """The IMAP servers come in the order in which the domain wants them tried."""
    with DnsServer(records) as server:
        assert list(Records(server.resolver()).services("example.test")) == services


@pytest.mark.parametrize(("records", "hosts"), EXCHANGERS.values(), ids=EXCHANGERS)
def test_exchangers(records: dict[str, Sequence[str]], hosts: list[str]) -> None:
    """The hosts that take in mail come in the order of their preference."""
    with DnsServer(records) as server:
        assert list(Records(server.resolver()).exchangers("example.test")) == hosts


def test_only_the_domain_is_asked_for() -> None:
    """No search list of this machine is put behind the name."""
    with DnsServer({}) as server:
        resolver = server.resolver()
        resolver.search = [dns.name.from_text("corp.example")]
        resolver.use_search_by_default = True
        Records(resolver).services("example.test")

    assert server.asked == ["_imaps._tcp.example.test SRV", "_imap._tcp.example.test SRV"]


def test_many_records_are_not_all_taken() -> None:
    """A domain that names hundreds of servers is believed as to sixteen."""
    records = {"_imaps._tcp.example.test SRV": [f"0 1 993 a{number}.test." for number in range(20)]}
    with DnsServer(records) as server:
        assert len(Records(server.resolver()).services("example.test")) == 16


def test_a_name_that_cannot_be_asked_for() -> None:
    """A domain that DNS cannot hold has no records."""
    with DnsServer({}) as server:
        assert Records(server.resolver()).services(f"{'a' * 64}.test") == ()
        assert Records(server.resolver()).exchangers("a..test") == ()


def test_a_silent_server_is_given_up() -> None:
    """Nobody waits longer for an answer than was agreed."""
    with DnsServer({}, silent=True) as server:
        start = time.monotonic()

        assert Records(server.resolver(), lifetime=0.3).exchangers("example.test") == ()
        assert time.monotonic() - start < 4
