"""Trying whether an IMAP server answers, against real connections on loopback."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

import pytest

from tests.kit.certificates import Certificates, issue
from tests.kit.dovecot import Dovecot, dovecot
from tests.kit.imap_servers import ScriptedServer
from watcher.discovery.found import Candidate, Origin, Way
from watcher.discovery.probe import Prober

__all__ = ["dovecot"]

STRANGERS = {
    "a web server": {"GREETING": b"HTTP/1.1 400 Bad Request\r\n\r\n"},
    "a POP server": {"GREETING": b"+OK ready\r\n"},
    "one who knows us already": {"GREETING": b"* PREAUTH welcome\r\n"},
    "one who turns us away": {"GREETING": b"* BYE too many connections\r\n"},
    "one who never ends a line": {"GREETING": b"* OK " + b"x" * 100_000},
    "one who never ends an answer": {"CAPABILITY": b"* 1 EXISTS\r\n" * 1000},
    "one who does not know the question": {"CAPABILITY": b"{tag} BAD what?\r\n"},
    "one with an empty line": {"GREETING": b"\r\n"},
}


def at(host: str, port: int, tls: Literal["implicit", "starttls"] = "implicit") -> Candidate:
    """A server to be tried."""
    return Candidate("taro@example.test", "taro", host, port, tls, Origin.GUESS, (Way.PASSWORD,))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Valid for localhost."""
    return issue(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def prober(certificates: Certificates) -> Prober:
    """What is tried."""
    return Prober(certificates.client_context)


@pytest.mark.dovecot
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_dovecot_is_met(dovecot: Dovecot, tls: Literal["implicit", "starttls"]) -> None:
    """A real server is met at either door, and says what it can."""
    prober = Prober(dovecot.certificates.client_context)
    port = dovecot.tls_port if tls == "implicit" else dovecot.port

    reach = prober.probe(at("localhost", port, tls))

    assert reach.good
    assert reach.reason == ""
    assert {"IMAP4REV1", "IDLE", "AUTH=PLAIN"} <= reach.capabilities


@pytest.mark.dovecot
def test_another_name_is_not_believed(dovecot: Dovecot) -> None:
    """A server whose certificate is valid for other names is none of ours, and the reason says so."""
    prober = Prober(
        dovecot.certificates.client_context, lambda _, port, wait: socket.create_connection((dovecot.host, port), wait)
    )

    reach = prober.probe(at("imap.example.test", dovecot.tls_port))

    assert not reach.good
    assert reach.reason == "imap.example.test: its certificate does not prove that it is this server."


@pytest.mark.dovecot
def test_a_plain_door_is_not_encrypted(dovecot: Dovecot) -> None:
    """Where TLS is expected and plain text comes no connection is made."""
    reach = Prober(dovecot.certificates.client_context).probe(at("localhost", dovecot.port))

    assert reach.reason == f"localhost: no encrypted connection can be made at port {dovecot.port}."


def test_nobody_answers(prober: Prober) -> None:
    """A closed port is told in plain words."""
    reach = prober.probe(at("localhost", 1))

    assert (reach.good, reach.reason) == (False, "localhost: nobody answers at port 1.")


def test_a_name_that_leads_nowhere(prober: Prober) -> None:
    """A name that DNS does not know is told like a server that does not answer."""
    assert prober.probe(at("imap.invalid", 993)).reason == "imap.invalid: nobody answers at port 993."


@pytest.mark.parametrize("answers", STRANGERS.values(), ids=STRANGERS)
def test_a_stranger_is_known(prober: Prober, certificates: Certificates, answers: dict[str, bytes]) -> None:
    """Whoever does not speak as an IMAP server has to is none, however much he says."""
    with ScriptedServer(answers, certificates.server_context()) as server:
        reach = prober.probe(at("localhost", server.port))

    assert (reach.good, reach.reason) == (
        False,
        f"localhost: what answers at port {server.port} is no IMAP server.",
    )


def test_nobody_logs_in(prober: Prober, certificates: Certificates) -> None:
    """The server is asked what it can, and left."""
    with ScriptedServer({}, certificates.server_context()) as server:
        assert prober.probe(at("localhost", server.port)).good
        time.sleep(0.1)

    assert [command.split()[-1] for command in server.commands] in (
        [b"CAPABILITY"],
        [b"CAPABILITY", b"LOGOUT"],
    )


def test_starttls_that_is_refused(prober: Prober) -> None:
    """A server without STARTTLS is not met unprotected instead."""
    with ScriptedServer({"STARTTLS": b"{tag} NO not here\r\n"}) as server:
        assert not prober.probe(at("localhost", server.port, "starttls")).good


def test_words_that_were_slipped_in(prober: Prober, certificates: Certificates) -> None:
    """A server is not believed when somebody said more in plain text behind its consent to STARTTLS."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        slipping = threading.Thread(target=_slip_in, args=(listener, certificates.server_context()), daemon=True)
        slipping.start()
        reach = prober.probe(at("localhost", listener.getsockname()[1], "starttls"))
        slipping.join(10)

    assert not reach.good


def _slip_in(listener: socket.socket, context: ssl.SSLContext) -> None:
    """An IMAP server with STARTTLS, and a word of somebody else."""
    connection, _ = listener.accept()
    with suppress(OSError), connection:
        connection.sendall(b"* OK ready\r\n")
        connection.recv(4096)
        connection.sendall(b"w OK begin\r\n* CAPABILITY IMAP4rev1 EVIL\r\n")
        with context.wrap_socket(connection, server_side=True) as protected:
            protected.recv(4096)
            protected.sendall(b"* CAPABILITY IMAP4rev1\r\nw OK done\r\n")
            protected.recv(4096)


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of somebody who accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_silence_is_given_up(silent: int, tmp_path: Path) -> None:
    """A server that accepts and says nothing is given up in time."""
    context = ssl.create_default_context(cafile=issue(tmp_path).ca)
    start = time.monotonic()

    reach = Prober(context, patience=0.3).probe(at("localhost", silent))

    assert not reach.good
    assert time.monotonic() - start < 8
