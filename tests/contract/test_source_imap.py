"""Logins, certificates and servers that misbehave: what only an IMAP source meets."""

from __future__ import annotations

import base64
import socket
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from tests.kit.dovecot import PASSWORD, Dovecot, dovecot
from tests.kit.imap_servers import HOST, ScriptedServer, Secret
from tests.kit.sources import AT, PLAIN, STEP, fetch_one
from watcher.errors import RefusedError, TransientError, UserError
from watcher.model import Intent, Place
from watcher.parse import split
from watcher.sources.imap import ImapAccount, ImapSource, tls_context
from watcher.sources.imap.connection import connect, hang_up

__all__ = ["dovecot"]


@pytest.mark.dovecot
def test_a_refused_login_is_told_without_the_password(dovecot: Dovecot) -> None:
    """The password is in no word of the error, nor in what it was raised from."""
    source = ImapSource(dovecot.account("taro"), Secret("wrong-one"), dovecot.certificates.client_context)
    with pytest.raises(RefusedError) as caught:
        source.open()
    assert "taro" in str(caught.value)
    assert "wrong-one" not in f"{caught.value!r}{source!r}{vars(source)!r}"
    assert caught.value.__suppress_context__


@pytest.mark.dovecot
@pytest.mark.parametrize("password", ["pässwörd", 'a"b\\c'])
def test_any_password_can_be_given(password: str) -> None:
    """Letters beyond ASCII, quotes and backslashes reach the server as they are."""
    with Dovecot(password=password) as server:
        source = ImapSource(server.account("taro"), Secret(password), server.certificates.client_context)
        source.open()
        source.close()


@pytest.mark.dovecot
def test_starttls_is_used(dovecot: Dovecot) -> None:
    """A connection by STARTTLS works as one with TLS from the start."""
    account = replace(dovecot.account("taro"), port=dovecot.port, tls="starttls")
    source = ImapSource(account, Secret(PASSWORD), dovecot.certificates.client_context)
    source.open()
    assert source.look("INBOX").folder == "INBOX"
    source.close()


def test_an_access_token_is_sent_as_such() -> None:
    """With `oauth` the vault's secret goes to the server as XOAUTH2 has it, and never as a password."""
    able = b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 AUTH=OAUTHBEARER\r\n{tag} OK done\r\n"
    with ScriptedServer({"AUTHENTICATE": b"+ \r\n", "CAPABILITY": able}) as server:
        account = ImapAccount("home", HOST, "taro", server.port, "none", oauth=True)
        source = ImapSource(account, Secret("token"), tls_context())
        source.open()
        source.close()
    (sent,) = [then for now, then in pairwise(server.commands) if now.endswith(b"AUTHENTICATE XOAUTH2")]
    assert base64.b64decode(sent) == b"user=taro\1auth=Bearer token\1\1"


def test_a_silent_peer_is_given_up_within_a_minute() -> None:
    """The connection asks a peer that says nothing, and sends at once what is sent."""
    with ScriptedServer({}) as server:
        account = ImapAccount("home", HOST, "taro", server.port, "none", timeout=7)
        client = connect(account, Secret("secret"), tls_context())
        option = partial(client.socket().getsockopt, socket.IPPROTO_TCP)
        patience = option(socket.TCP_KEEPIDLE) + option(socket.TCP_KEEPINTVL) * option(socket.TCP_KEEPCNT)
        assert client.socket().getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert patience <= 60
        assert 0 < option(socket.TCP_USER_TIMEOUT) <= 60_000
        assert option(socket.TCP_NODELAY)
        assert client.socket().gettimeout() == 7
        hang_up(client)


def test_starttls_is_insisted_on() -> None:
    """A server that does not offer STARTTLS is not given a password."""
    with ScriptedServer({}) as server:
        account = ImapAccount("home", HOST, "taro", server.port, "starttls", timeout=2)
        with pytest.raises(UserError, match="STARTTLS"):
            ImapSource(account, Secret("secret"), tls_context()).open()
        assert not any(b"LOGIN" in command for command in server.commands)


@pytest.mark.dovecot
def test_an_unknown_certificate_is_a_matter_for_the_user(dovecot: Dovecot) -> None:
    """A certificate of an authority that is not trusted ends the connection before the login."""
    with pytest.raises(UserError, match="certificate"):
        ImapSource(dovecot.account("taro"), Secret(PASSWORD), tls_context()).open()


@pytest.mark.parametrize("host", ["imap..example.jp", "x" * 64 + ".example.jp"])
def test_a_host_that_cannot_be(host: str) -> None:
    """A name that DNS has no form for is a matter for the user, like any other wrong one."""
    with pytest.raises(UserError, match=rf"^{host}: There can be no such name"):
        ImapSource(ImapAccount("home", host, "taro"), Secret("secret"), tls_context()).open()


@pytest.mark.parametrize("host", ["imap.example.org", "imap.localhost"])
def test_no_tls_is_for_this_machine_only(host: str) -> None:
    """Without TLS no other host is ever talked to."""
    account = ImapAccount("home", host, "taro", 143, "none")
    with pytest.raises(UserError, match="without TLS"):
        ImapSource(account, Secret("secret"), tls_context()).open()


def test_a_missing_authority_is_a_matter_for_the_user(tmp_path: Path) -> None:
    """A `ca_file` that is not there, or is none, is named."""
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for path in (tmp_path / "none.pem", empty):
        with pytest.raises(UserError, match=path.name):
            tls_context(path)


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"GREETING": b"* BYE too many connections\r\n"}, TransientError),
        ({"GREETING": b""}, TransientError),
        ({"LOGIN": b"{tag} NO [UNAVAILABLE] later\r\n"}, TransientError),
        ({"LOGIN": b"* BYE down\r\n"}, TransientError),
        ({"LOGIN": b"{tag} NO [AUTHENTICATIONFAILED] no\r\n"}, RefusedError),
        ({"LOGIN": b"{tag} NO Wrong password, please try again\r\n"}, RefusedError),
        ({"LOGIN": b"{tag} NO [ALERT] Too many simultaneous connections. (Failure)\r\n"}, TransientError),
    ],
)
def test_refusal_and_outage_are_told_apart(answers: dict[str, bytes], error: type[Exception]) -> None:
    """Only a login that will be refused again is RefusedError."""
    with ScriptedServer(answers) as server:
        account = ImapAccount("home", HOST, "taro", server.port, "none", timeout=0.5)
        with pytest.raises(error) as caught:
            ImapSource(account, Secret("secret"), tls_context()).open()
        assert isinstance(caught.value, RefusedError) == (error is RefusedError)


@pytest.mark.parametrize(
    "structure",
    [b"NIL", b"(NIL)", b'("TEXT")', b'("TEXT" "PLAIN" NIL NIL NIL "7BIT")', b'(("A" "B" NIL) "MIXED")', b"(" * 300],
)
def test_a_broken_structure_is_made_up_for(structure: bytes) -> None:
    """Where the server's BODYSTRUCTURE makes no sense the mail is fetched and taken apart here."""
    identity = b'UID 1 FLAGS () INTERNALDATE "04-Mar-2026 05:06:07 +0000" RFC822.SIZE %d BODY[HEADER] ' % len(PLAIN)
    header = split(PLAIN)[0]
    start = b"* 1 FETCH (" + identity + b"{%d}\r\n" % len(header) + header
    answers = {
        "UID FETCH": start + b" BODYSTRUCTURE " + structure + b")\r\n{tag} OK done\r\n",
        "UID FETCH 1 (FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER] BODY.PEEK[]": start
        + b" BODY[]<0> {%d}\r\n" % len(PLAIN)
        + PLAIN
        + b")\r\n{tag} OK done\r\n",
    }
    with ScriptedServer(answers) as server:
        source = ImapSource(ImapAccount("home", HOST, "taro", server.port, "none"), Secret("secret"), tls_context())
        source.open()
        mail = fetch_one(source, 1)
        assert mail.parts == split(PLAIN)[1]
        source.close()


@pytest.mark.parametrize(("code", "error"), [(b"[OVERQUOTA]", UserError), (b"[UNAVAILABLE]", TransientError)])
def test_a_refused_move_is_told_apart(code: bytes, error: type[Exception]) -> None:
    """A server that will not move, and one that cannot now, are different matters."""
    fetched = b"* 1 FETCH (UID 1 FLAGS ())\r\n{tag} OK done\r\n"
    with ScriptedServer({"UID MOVE": b"{tag} NO " + code + b" no\r\n", "UID FETCH": fetched}) as server:
        source = ImapSource(ImapAccount("home", HOST, "taro", server.port, "none"), Secret("secret"), tls_context())
        source.open()
        intent = Intent(1, STEP, Place("home", "INBOX", 7, 1), "fingerprint", "", 7, 4, AT)
        with pytest.raises(error):
            source.apply(intent)
        source.close()
