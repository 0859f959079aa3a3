"""Reaching an IMAP server: address, TLS, socket and login."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from typing import Literal

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, ProtocolError

from watcher.domains import is_loopback
from watcher.errors import RefusedError, TransientError, UserError
from watcher.ports import Vault
from watcher.sources.imap import bearer
from watcher.sources.imap.bounded import Client
from watcher.sources.imap.failures import passes, told_apart

KEEPALIVE = {"TCP_KEEPIDLE": 15, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 45_000}
"""A silent peer is asked after 15 s and given up after 45 s at most: an option's name in `socket`, and its value."""


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """Where an account's server is, who logs in there, and which folders are watched."""

    name: str
    host: str
    user: str
    port: int = 993
    tls: Literal["implicit", "starttls", "none"] = "implicit"
    """`none` for a server on this very machine only."""
    folders: tuple[str, ...] = ("INBOX",)
    """The first one is waited on."""
    oauth: bool = False
    """Whether the vault gives an access token instead of a password."""
    timeout: float = 20.0
    """Seconds for connecting, and for each answer."""


def tls_context(ca_file: Path | None = None) -> ssl.SSLContext:
    """What a server's certificate is verified with: the system's authorities, or only those in `ca_file`.

    Raises:
        UserError: there is no such file, or it holds no certificate.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        words = _("Cannot read certificates from {file}: {reason}.")
        raise UserError(words.format(file=ca_file, reason=error.strerror or error)) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION  # in the middle of which a mute server would keep whoever writes waiting
    context.hostname_checks_common_name = False  # RFC 9525, 2: it says who somebody is, not where
    return context


def connect(account: ImapAccount, vault: Vault, context: ssl.SSLContext) -> Client:
    """A client that is logged in. A refused access token is renewed, once.

    Raises:
        RefusedError: the server refused the login.
        UserError: the certificate or the configuration is at fault.
        TransientError: nobody answers, or not now.
    """
    client = greet(account, context)
    try:
        secret = vault.secret()
    except BaseException:
        hang_up(client)
        raise
    try:
        return _enter(client, account, secret)
    except RefusedError:
        if not vault.refuse(secret):
            raise
    renewed = vault.secret()
    return _enter(greet(account, context), account, renewed)


def _enter(client: Client, account: ImapAccount, secret: str) -> Client:
    try:
        client.begin_answer()  # the vault may have taken its time
        _log_in(client, account, secret)
        with told_apart():
            client.capabilities()  # kept by the client; often they came with the answer to the login
    except BaseException:
        hang_up(client)
        raise
    return client


def greet(account: ImapAccount, context: ssl.SSLContext) -> Client:
    """A client that is connected, by TLS where the account says so, before anybody logs in.

    Raises:
        UserError: the certificate or the configuration is at fault.
        TransientError: nobody answers, or not now.
    """
    _require_privacy(account, account.host)
    client = _reach(account, context)
    try:
        with told_apart():
            _require_privacy(account, client.socket().getpeername()[0])  # "localhost" is what a resolver makes of it
        _keep_alive(client.socket())
        if account.tls == "starttls":
            _start_tls(client, account, context)
    except BaseException:
        hang_up(client)
        raise
    return client


def hang_up(client: IMAPClient) -> None:
    """Close the socket, whatever state it is in, without waiting for a farewell."""
    with suppress(OSError, ValueError, IMAPClientError):
        client.shutdown()


def _require_privacy(account: ImapAccount, peer: str) -> None:
    """Only a peer on this very machine is talked to without TLS: its name, and then the address that it has led to."""
    if account.tls == "none" and not is_loopback(peer):
        words = _("{host}: a connection without TLS is only allowed to this machine itself.")
        raise UserError(words.format(host=account.host))


def _reach(account: ImapAccount, context: ssl.SSLContext) -> Client:
    implicit = account.tls == "implicit"
    timeout = SocketTimeout(connect=account.timeout, read=account.timeout)
    try:
        with told_apart():
            client = Client(account.host, account.port, ssl=implicit, ssl_context=context, timeout=timeout)
    except UserError as error:
        if isinstance(error.__cause__, ssl.SSLCertVerificationError | UnicodeError):
            raise UserError(f"{account.host}: {error}") from error.__cause__
        words = _("{host} turned the connection away: {reason}")
        raise TransientError(words.format(host=account.host, reason=error)) from error
    except TransientError as error:
        raise TransientError(f"{account.host}: {error}") from error.__cause__
    client._imap.debug = 0  # noqa: SLF001 - otherwise imaplib formats every literal twice, for a log that nobody reads
    client.normalise_times = False
    return client


def _start_tls(client: IMAPClient, account: ImapAccount, context: ssl.SSLContext) -> None:
    """Go over to TLS. Whatever was said before it, anybody in between may have said: it is forgotten (CVE-2011-0411).

    What came in one segment with the OK goes with the buffer (`bounded`), and what imaplib keeps for later goes here.
    """
    if client._imap.state == "AUTH":  # noqa: SLF001 - imapclient tells of PREAUTH nowhere else
        words = _("{host} lets everybody in without TLS and without a login: somebody may pose as it.")
        raise UserError(words.format(host=account.host))
    with told_apart():
        if not client.has_capability("STARTTLS"):
            words = _("{host} does not offer STARTTLS: no password is sent to it.")
            raise UserError(words.format(host=account.host))
        client.starttls(context)
    client._imap.untagged_responses.clear()  # noqa: SLF001 - imapclient has no word for it


def _log_in(client: IMAPClient, account: ImapAccount, secret: str) -> None:
    """Log in. The library's own words and frames, which could hold the secret, end here: hence `from None`."""
    try:
        _authenticate(client, account, secret)
    except (IMAPClientAbortError, ProtocolError, OSError) as error:
        words = _("{host} was lost during the login ({reason}).")
        raise TransientError(words.format(host=account.host, reason=type(error).__name__)) from None
    except (IMAPClientError, ValueError) as error:
        # imapclient makes a LoginError of everything, of a connection that broke off as well.
        if isinstance(error.__context__, IMAPClientAbortError) or passes(str(error)):
            raise TransientError(_("{host} cannot take the login now.").format(host=account.host)) from None
        words = _("{host} refused the login of {user}.")
        if account.oauth:
            words = _(
                "{host} refused the access to {user}: it may have been given by another account, or without IMAP."
            )
        raise RefusedError(words.format(host=account.host, user=account.user)) from None


def _authenticate(client: IMAPClient, account: ImapAccount, secret: str) -> None:
    if account.oauth:
        _present_token(client, account, secret)
    elif client.has_capability("LOGINDISABLED") or not (account.user + secret).isascii():
        client.plain_login(account.user, secret)
    else:
        client.login(account.user, secret)


def _present_token(client: IMAPClient, account: ImapAccount, token: str) -> None:
    mechanism = bearer.mechanism(client)
    if not mechanism:
        words = _("{host} does not offer a login by OAuth: no access token is sent to it.")
        raise UserError(words.format(host=account.host))
    client.sasl_login(mechanism, bearer.response(mechanism, account.user, token))


def _keep_alive(sock: socket.socket) -> None:
    """Send at once what is sent, and notice a peer that is gone: options that a platform lacks are left out."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in KEEPALIVE.items():
        if hasattr(socket, option):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
