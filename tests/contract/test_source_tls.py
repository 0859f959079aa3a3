"""TLS and STARTTLS against those in between: nothing that could be a login reaches a server that is not the right one.

The servers are real, with OpenSSL on both ends; the names that do not lead to this machine are tried without sockets.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
import ssl
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.x509 import DNSName, GeneralName, IPAddress

from tests.kit.certificates import Certificates, issue, issue_odd
from tests.kit.imap_servers import HOST, ScriptedServer, Secret
from tests.kit.starttls_server import OFFER, StarttlsServer
from watcher.discovery.https import Fetcher
from watcher.domains import is_loopback
from watcher.errors import TransientError, UserError, WatcherError
from watcher.sources.imap import ImapAccount, ImapSource, tls_context
from watcher.sources.imap.connection import connect, greet, hang_up
from watcher.vault.clients import Client
from watcher.vault.tokens import AuthorizationServer, UnansweredError

PASSWORD = "Geheim-7491"
TODAY = datetime.now(UTC)


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Those of a server as it should be."""
    return issue(tmp_path_factory.mktemp("right"))


def log_in(server: ScriptedServer, certificates: Certificates, host: str = HOST, tls: str = "implicit") -> ImapSource:
    """A source that has logged in there."""
    account = ImapAccount("home", host, "taro", server.port, "implicit" if tls == "implicit" else "starttls", timeout=3)
    source = ImapSource(account, Secret(PASSWORD), certificates.client_context)
    source.open()
    return source


def only(certificates: Certificates, version: ssl.TLSVersion, ciphers: str = "ALL:@SECLEVEL=0") -> ssl.SSLContext:
    """A server that speaks no other version of TLS."""
    context = certificates.server_context()
    context.set_ciphers(ciphers)
    with warnings.catch_warnings(action="ignore"):  # Python warns of the old ones: they are what is tried
        context.minimum_version = context.maximum_version = version
    return context


# Which versions of TLS.


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_what_is_safe_is_spoken(right: Certificates, version: ssl.TLSVersion, tls: str) -> None:
    """TLS 1.2 and 1.3 lead to a login, from the start and by STARTTLS: the refusals below mean something."""
    context = only(right, version)
    server = ScriptedServer({}, context) if tls == "implicit" else StarttlsServer({}, context, {})
    with server:
        log_in(server, right, tls=tls).close()
        assert any(PASSWORD.encode() in command for command in server.commands)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_what_is_old_is_not(right: Certificates, version: ssl.TLSVersion, tls: str) -> None:
    """A server that speaks TLS 1.0 or 1.1 only hears nothing, although it would have answered somebody who does."""
    context = only(right, version)
    server = ScriptedServer({}, context) if tls == "implicit" else StarttlsServer({}, context, {})
    with server:
        assert answers_an_old_client(right, version)
        with pytest.raises(TransientError, match="no connection"):
            log_in(server, right, tls=tls)
    assert server.commands == []


def answers_an_old_client(right: Certificates, version: ssl.TLSVersion) -> bool:
    """Whether OpenSSL, as it is built here, can speak that version at all."""
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.load_verify_locations(right.ca)
    old.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore"):
        old.minimum_version = version
    return shakes_hands(old, only(right, version), "localhost")


def shakes_hands(client: ssl.SSLContext, server: ssl.SSLContext, host: str) -> bool:
    """Whether a client of a server by that name comes to terms with one of these certificates, without a network."""
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [client.wrap_bio(back, there, server_hostname=host), server.wrap_bio(there, back, server_side=True)]
    for end in ends * 3:
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLError:
            return False
    return True


def test_no_second_try_with_less(right: Certificates) -> None:
    """A man in the middle who breaks off the handshake is not offered an older version afterwards."""
    hellos: list[bytes] = []
    with socket.create_server((HOST, 0)) as listener:
        listener.settimeout(0.3)
        account = ImapAccount("home", HOST, "taro", listener.getsockname()[1], timeout=0.2)
        with pytest.raises(TransientError):
            ImapSource(account, Secret(PASSWORD), right.client_context).open()
        hellos.append(listener.accept()[0].recv(8192))
        with pytest.raises(TimeoutError):
            listener.accept()
    assert b"\x03\x04\x03\x03" in hellos[0], "supported_versions names 1.3 and 1.2"
    assert not [old for old in (b"\x03\x02", b"\x03\x01") if b"\x03\x04\x03\x03" + old in hellos[0]]


# Whose certificates.


def expired(folder: Path) -> Certificates:
    """One that was good until yesterday."""
    return issue(folder, until=TODAY - timedelta(days=1))


def early(folder: Path) -> Certificates:
    """One that will be good."""
    return issue_odd(folder, [DNSName("localhost")], since=timedelta(days=10))


def foreign(folder: Path) -> Certificates:
    """One of an authority that nobody trusts, by another one's name."""
    folder = folder / "foreign"
    folder.mkdir()
    return issue(folder)


def named(*names: GeneralName, common: str = "") -> Callable[[Path], Certificates]:
    """One for those names."""
    return lambda folder: issue_odd(folder, names, common)


IMPOSTORS: dict[str, tuple[Callable[[Path], Certificates], str, str]] = {
    "expired": (expired, "localhost", "has expired"),
    "not valid yet": (early, "localhost", "not valid yet"),
    "unknown issuer": (foreign, "localhost", "whom this computer does not know"),
    "another name": (named(DNSName("imap.example.jp")), "localhost", "another name"),
    "a name that begins like it": (named(DNSName("localhost.example.jp")), "localhost", "another name"),
    "a name for an address": (named(DNSName(HOST)), HOST, "another name"),
    "another address": (named(IPAddress(ipaddress.ip_address("127.0.0.2"))), HOST, "another name"),
    "an address for a name": (named(IPAddress(ipaddress.ip_address(HOST))), "localhost", "another name"),
    "a wildcard for an address": (named(DNSName("*.0.0.1")), HOST, "another name"),
    "a wildcard for all": (named(DNSName("*")), "localhost", "another name"),
    "a part of a wildcard": (named(DNSName("local*")), "localhost", "another name"),
    "NUL": (named(DNSName("localhost\0.evil.example")), "localhost", "another name"),
    "NUL before": (named(DNSName("evil.example\0localhost")), "localhost", "another name"),
    "a common name": (named(common="localhost"), "localhost", "another name"),
    "a common name beside others": (named(DNSName("imap.example.jp"), common="localhost"), "localhost", "another name"),
}


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("kind", IMPOSTORS)
def test_an_impostor_hears_nothing(right: Certificates, tmp_path: Path, kind: str, tls: str) -> None:
    """Whoever shows a certificate that proves nothing hears not one command by TLS, and the user is told why."""
    make, host, told = IMPOSTORS[kind]
    theirs = make(tmp_path)
    trusted = right if kind == "unknown issuer" else theirs
    context = theirs.server_context()
    server = ScriptedServer({}, context) if tls == "implicit" else StarttlsServer({}, context, {})
    with server, pytest.raises(UserError, match=told):
        log_in(server, trusted, host, tls)
    assert server.commands == []


@pytest.mark.parametrize("kind", IMPOSTORS)
def test_an_impostor_on_the_web(right: Certificates, tmp_path: Path, kind: str) -> None:
    """The same certificates end what `setup` asks by HTTPS before it has asked anything."""
    make, host, _ = IMPOSTORS[kind]
    theirs = make(tmp_path)
    trusted = right if kind == "unknown issuer" else theirs
    with ScriptedServer({"GREETING": b"HTTP/1.0 200 OK\r\n\r\nfound"}, theirs.server_context()) as server:
        assert Fetcher(trusted.ca).fetch(f"https://{host}:{server.port}/file") is None
    assert server.commands == []


@pytest.mark.parametrize("kind", IMPOSTORS)
def test_an_impostor_gets_no_token(
    right: Certificates, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They also end what is asked of an authorisation server before a refresh token goes out."""
    make, host, _ = IMPOSTORS[kind]
    theirs = make(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str((right if kind == "unknown issuer" else theirs).ca))
    with ScriptedServer({"GREETING": b""}, theirs.server_context()) as server:
        client = Client("tests", "id", token_endpoint=f"https://{host}:{server.port}/token")
        with pytest.raises(UnansweredError, match="SSLError"):
            AuthorizationServer(client, "").renew(PASSWORD)
    assert server.commands == []


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_versions_on_the_web(right: Certificates, version: ssl.TLSVersion) -> None:
    """What is too old for mail is too old for `setup` as well."""
    with ScriptedServer({}, only(right, version)) as server:
        assert Fetcher(right.ca).fetch(f"https://{HOST}:{server.port}/file") is None
    assert server.commands == []


@pytest.mark.parametrize(
    ("names", "host", "agreed"),
    [
        (["imap.example.jp"], "imap.example.jp", True),
        (["IMAP.Example.JP"], "imap.example.jp", True),
        (["*.example.jp"], "imap.example.jp", True),
        (["*.example.jp"], "a.imap.example.jp", False),
        (["*.example.jp"], "example.jp", False),
        (["*.jp"], "example.jp", False),
        (["*"], "jp", False),
        (["*.*.jp"], "imap.example.jp", False),
        (["im*.example.jp"], "imap.example.jp", False),
        (["*p.example.jp"], "imap.example.jp", False),
        (["imap.*.jp"], "imap.example.jp", False),
        ([".example.jp"], "imap.example.jp", False),
        (["imap.example.jp.evil.example"], "imap.example.jp", False),
        (["imap-example.jp"], "imap.example.jp", False),
        (["xn--*.example.jp"], "xn--wgv71a.example.jp", False),
    ],
)
def test_which_name_a_certificate_is_good_for(tmp_path: Path, names: Sequence[str], host: str, *, agreed: bool) -> None:
    """A star stands for one whole label at the front of a name of three, and for nothing else (RFC 9525, 6.3)."""
    theirs = issue_odd(tmp_path, [DNSName(name) for name in names])
    assert shakes_hands(tls_context(theirs.ca), theirs.server_context(), host) is agreed


# STARTTLS.


INJECTED = b'* LIST (\\Junk) "/" "Evil"\r\n* CAPABILITY IMAP4rev1 AUTH=EVIL\r\n* FLAGS (Evil)\r\n'

STRIPPED = {
    "not offered": {"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n"},
    "not offered any more": {"CAPABILITY": b"* CAPABILITY IMAP4rev1 XSTARTTLS STARTTLSX\r\n{tag} OK done\r\n"},
    "NO": {"STARTTLS": b"{tag} NO not now\r\n"},
    "BAD": {"STARTTLS": b"{tag} BAD unknown command\r\n"},
    "silence": {"STARTTLS": b""},
    "BYE": {"STARTTLS": b"* BYE\r\n"},
    "another tag's OK": {"STARTTLS": b"x1 OK begun\r\n"},
    "PREAUTH": {"GREETING": b"* PREAUTH welcome, taro\r\n"},
    "PREAUTH, not offered": {
        "GREETING": b"* PREAUTH [CAPABILITY IMAP4rev1] welcome\r\n",
        "CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n",
    },
    "no TLS behind the OK": {"STARTTLS": b"{tag} OK begun\r\n"},
    "answers in place of TLS": {"STARTTLS": b"{tag} OK begun\r\n" + b"* OK go on\r\n" * 20},
}


@pytest.mark.parametrize("kind", STRIPPED)
def test_starttls_cannot_be_taken_away(right: Certificates, kind: str) -> None:
    """Whatever somebody in between says in place of STARTTLS, in the clear he hears of no login."""
    with StarttlsServer({}, right.server_context(), STRIPPED[kind]) as server:
        account = ImapAccount("home", HOST, "taro", server.port, "starttls", timeout=0.5)
        with pytest.raises(WatcherError) as caught:
            ImapSource(account, Secret(PASSWORD), right.client_context).open()
    heard = b"\n".join([*server.plain, *server.commands])
    assert not [word for word in (b"LOGIN", b"AUTHENTICATE", PASSWORD.encode(), b"SELECT") if word in heard.upper()]
    assert PASSWORD not in str(caught.value)


def test_preauth_is_told(right: Certificates) -> None:
    """Who says before TLS that nobody has to log in is told of as what he may be (RFC 9051, 11.1)."""
    server = StarttlsServer({}, right.server_context(), STRIPPED["PREAUTH"])
    with server, pytest.raises(UserError, match="without TLS and without a login"):
        log_in(server, right, tls="starttls")


@pytest.mark.parametrize(
    "plain",
    [
        {"STARTTLS": INJECTED + b"{tag} OK begin\r\n"},
        {"STARTTLS": b"{tag} OK begin\r\n" + INJECTED},
        {"GREETING": b"* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=EVIL] ready\r\n" + INJECTED},
        {"CAPABILITY": INJECTED + OFFER},
    ],
    ids=["before the OK", "in one segment with the OK", "with the greeting", "with the capabilities"],
)
def test_nothing_said_in_the_clear_is_believed_later(right: Certificates, plain: dict[str, bytes]) -> None:
    """What somebody in between says before TLS is no answer to anything that is asked by TLS (CVE-2011-0411)."""
    folders = {"LIST": b'* LIST () "/" "INBOX"\r\n{tag} OK done\r\n', "LOGIN": b"{tag} OK done\r\n"}
    with StarttlsServer(folders, right.server_context(), plain) as server:
        account = ImapAccount("home", HOST, "taro", server.port, "starttls", timeout=3)
        try:
            client = connect(account, Secret(PASSWORD), right.client_context)
        except TransientError:
            assert server.commands == []  # that is an answer, too
            return
        assert [name for _flags, _separator, name in client.list_folders()] == ["INBOX"]
        assert b"AUTH=EVIL" not in client.capabilities()
        assert not client._imap.untagged_responses.get("FLAGS")
        hang_up(client)
    assert [command.split()[1] for command in server.commands].count(b"CAPABILITY") >= 1


# Without TLS.


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1.example",
        "localhost.example",
        "example.localhost",
        "localhost.",
        "LOCALHOST\0",
        "127.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "0.0.0.0",  # noqa: S104 - nothing is bound to it
        "::",
        "::127.0.0.1",
        "[::1]",
        "127.0.0.1 ",
        "128.0.0.1",
        "",
    ],
)
def test_what_only_looks_like_this_machine(host: str) -> None:
    """Where a name or a number is not plainly this machine, there is no connection without TLS."""
    assert not is_loopback(host)
    with pytest.raises(UserError, match="without TLS"):
        greet(ImapAccount("home", host, "taro", 1, "none", timeout=0.5), tls_context())


def test_a_name_that_leads_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a resolver sends "localhost" to another machine, that one hears not a word without TLS."""
    monkeypatch.setattr(socket.socket, "getpeername", lambda _: ("192.0.2.7", 143))  # no test reaches another machine
    with ScriptedServer({}) as server:
        account = ImapAccount("home", "localhost", "taro", server.port, "none", timeout=3)
        with pytest.raises(UserError, match="without TLS"):
            connect(account, Secret(PASSWORD), tls_context())
    assert not any(b"LOGIN" in command for command in server.commands)


def test_a_peer_who_has_left_by_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who greets and hangs up before it is asked where he is, is a connection that was lost, and no bug."""

    def gone(_: socket.socket) -> None:
        raise OSError(errno.ENOTCONN, "not connected")

    monkeypatch.setattr(socket.socket, "getpeername", gone)  # the moment in between is too short to be met
    with ScriptedServer({}) as server, pytest.raises(TransientError):
        greet(ImapAccount("home", "localhost", "taro", server.port, "none", timeout=3), tls_context())
