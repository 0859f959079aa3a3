"""Finding the server of an address, with a real name server, a real web server and a real Dovecot on loopback."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from tests.kit.dns_server import DnsServer
from tests.kit.dovecot import Dovecot
from tests.kit.web_servers import Page, WebServer
from watcher.discovery.found import Candidate, Origin, Way
from watcher.discovery.https import Fetcher
from watcher.discovery.probe import Prober
from watcher.discovery.records import Records
from watcher.discovery.search import Internet, find

pytestmark = pytest.mark.dovecot

NAMES = (
    "example.test",
    "autoconfig.example.test",
    "imap.example.test",
    "mail.example.test",
    "xn--wgv71a119e.test",
    "autoconfig.xn--wgv71a119e.test",
    "imap.ocn.ne.jp",
)
ADDRESS = "taro@example.test"

FILE = "autoconfig.example.test/mail/config-v1.1.xml"
SECOND_FILE = "example.test/.well-known/autoconfig/mail/config-v1.1.xml"
SRV = "_imaps._tcp.example.test SRV"


def config(host: str, socket_type: str = "SSL", port: int = 993, ways: Sequence[str] = ("password-cleartext",)) -> Page:
    """A file for mail programs that names one server."""
    return Page(
        f"""<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="x"><incomingServer type="imap">
        <hostname>{host}</hostname><port>{port}</port><socketType>{socket_type}</socketType>
        <username>%EMAILLOCALPART%</username>{"".join(f"<authentication>{way}</authentication>" for way in ways)}
        </incomingServer></emailProvider></clientConfig>""".encode()
    )


@dataclass
class World:
    """A small internet, and what happened in it."""

    internet: Internet
    dns: DnsServer
    web: WebServer
    dialled: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    """An IMAP server that bears any of the names."""
    with Dovecot(names=NAMES) as running:
        yield running


@contextmanager
def world(
    server: Dovecot,
    records: Mapping[str, Sequence[str]] | None = None,
    pages: Mapping[str, Page] | None = None,
    doors: Sequence[str] = (),
) -> Iterator[World]:
    """An internet with these records, pages and IMAP servers; all certificates are valid for `NAMES`."""
    dialled: list[str] = []

    def dial(host: str, port: int, seconds: float) -> socket.socket:
        dialled.append(f"{host}:{port}")
        if f"{host}:{port}" not in doors:
            raise ConnectionRefusedError
        return socket.create_connection((server.host, server.port if port == 143 else server.tls_port), seconds)

    certificates = server.certificates
    with (
        DnsServer(records or {}) as dns,
        WebServer(pages or {}, certificates.server_context()) as web,
    ):
        fetcher = Fetcher(certificates.ca, web.proxies)
        prober = Prober(certificates.client_context, dial)
        yield World(Internet(Records(dns.resolver()), fetcher, prober), dns, web, dialled)


def summary(found: Sequence[Candidate]) -> list[tuple[str, int, Origin]]:
    """Where the accounts are, and how that was found out."""
    return [(candidate.host, candidate.port, candidate.origin) for candidate in found]


def test_the_table_asks_nobody(server: Dovecot) -> None:
    """A provider that is known for sure is found without a single question."""
    with world(server) as around:
        found = find("taro@gmail.com", around.internet)

    assert summary(found) == [("imap.gmail.com", 993, Origin.TABLE)]
    assert (around.dns.asked, around.web.asked, around.dialled) == ([], [], [])


def test_a_row_that_is_not_sure_is_tried(server: Dovecot) -> None:
    """A row whose source could not be read is believed once its server answers."""
    with world(server, doors=["imap.ocn.ne.jp:993"]) as around:
        found = find("taro@ocn.ne.jp", around.internet)

    assert summary(found) == [("imap.ocn.ne.jp", 993, Origin.TABLE)]
    assert around.dialled == ["imap.ocn.ne.jp:993"]
    assert around.web.asked == []


def test_a_row_whose_server_is_gone_is_better_than_nothing(server: Dovecot) -> None:
    """Where nobody answers at all, the row is still what is known best."""
    with world(server) as around:
        assert summary(find("taro@ocn.ne.jp", around.internet)) == [("imap.ocn.ne.jp", 993, Origin.TABLE)]


def test_a_domain_kept_by_a_provider_is_recognised(server: Dovecot) -> None:
    """Where a domain's mail goes tells the provider, whatever the domain's web server says."""
    records = {"example.test MX": ["1 aspmx.l.google.com.", "5 alt1.aspmx.l.google.com."]}
    with world(server, records, {FILE: config("mail.example.test")}) as around:
        (found,) = find(ADDRESS, around.internet)

    assert (found.host, found.user, found.provider, found.origin) == ("imap.gmail.com", ADDRESS, "gmail", Origin.TABLE)
    assert found.ways == (Way.APP_PASSWORD, Way.OAUTH)
    assert around.web.asked == []


@pytest.mark.parametrize("place", [FILE, SECOND_FILE])
def test_the_domains_own_file_is_read(server: Dovecot, place: str) -> None:
    """Either place of the file will do, and the name to log in with is made as it says."""
    with world(server, pages={place: config("imap.example.test")}) as around:
        (found,) = find(ADDRESS, around.internet)

    assert (found.host, found.port, found.user, found.origin) == (
        "imap.example.test",
        993,
        "taro",
        Origin.AUTOCONFIG,
    )


def test_the_domains_records_are_read(server: Dovecot) -> None:
    """A server that DNS names is found, and says that DNS alone vouches for it."""
    with world(server, {SRV: ["0 1 993 mail.hoster.test."]}) as around:
        (found,) = find(ADDRESS, around.internet)

    assert (found.host, found.user, found.tls, found.origin) == ("mail.hoster.test", ADDRESS, "implicit", Origin.SRV)


def test_file_and_records_come_in_order(server: Dovecot) -> None:
    """What the file says comes before what DNS says, and a server that both name comes once."""
    records = {SRV: ["0 1 993 imap.example.test.", "5 1 993 mail.hoster.test."]}
    with world(server, records, {FILE: config("imap.example.test")}) as around:
        found = find(ADDRESS, around.internet)

    assert summary(found) == [
        ("imap.example.test", 993, Origin.AUTOCONFIG),
        ("mail.hoster.test", 993, Origin.SRV),
    ]


def test_a_known_server_is_recognised(server: Dovecot) -> None:
    """A domain whose file leads to a provider of the table gets that provider's ways in."""
    pages = {FILE: config("outlook.office365.com", ways=["password-cleartext"])}
    with world(server, pages=pages) as around:
        (found,) = find(ADDRESS, around.internet)

    assert (found.provider, found.ways, found.origin) == ("outlook", (Way.OAUTH,), Origin.AUTOCONFIG)


def test_an_unprotected_server_is_not_taken(server: Dovecot) -> None:
    """A file that names a server without TLS is as good as none."""
    with world(server, pages={FILE: config("imap.example.test", "plain", 143)}) as around:
        assert find(ADDRESS, around.internet) == ()


@pytest.mark.parametrize(
    ("doors", "expected"),
    [
        (["imap.example.test:993", "mail.example.test:993", "imap.example.test:143"], ("imap.example.test", 993)),
        (["mail.example.test:993", "imap.example.test:143"], ("mail.example.test", 993)),
        (["example.test:143"], ("example.test", 143)),
    ],
)
def test_the_likeliest_guess_wins(server: Dovecot, doors: Sequence[str], expected: tuple[str, int]) -> None:
    """Where the domain says nothing, the first usual name at which a real IMAP server answers is taken."""
    with world(server, doors=doors) as around:
        found = find(ADDRESS, around.internet)

    assert summary(found) == [(*expected, Origin.GUESS)]
    assert len(around.dialled) == 6


def test_nothing_is_found(server: Dovecot) -> None:
    """A domain that says nothing and answers nowhere gives nothing, and soon."""
    with world(server) as around:
        start = time.monotonic()

        assert find(ADDRESS, around.internet) == ()
        assert time.monotonic() - start < 5


def test_the_address_is_sent_to_nobody(server: Dovecot) -> None:
    """In the whole search the name before the @ leaves the machine nowhere."""
    with world(server, {"example.test MX": ["1 mx.example.test."]}) as around:
        find("hanako.himitsu@example.test", around.internet)

    said = [*around.dns.asked, *around.web.asked, *(str(headers) for headers in around.web.headers)]
    assert len(around.web.asked) == 2
    assert not any("hanako" in words or "himitsu" in words for words in said)


def test_an_international_domain(server: Dovecot) -> None:
    """A domain in its own script is asked for as DNS knows it."""
    pages = {"autoconfig.xn--wgv71a119e.test/mail/config-v1.1.xml": config("imap.example.test")}
    with world(server, pages=pages) as around:
        (found,) = find("taro@日本語.test", around.internet)

    assert found.address == "taro@xn--wgv71a119e.test"
    assert "xn--wgv71a119e.test MX" in around.dns.asked
