"""The way to a server, as far as nobody has to log in: its name, its port, its certificate."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from gettext import gettext as _

from watcher.doctor import mending
from watcher.doctor.check import Check, bad, good, warning
from watcher.doctor.surroundings import Surroundings
from watcher.errors import UserError, WatcherError
from watcher.settings import Account
from watcher.sources.imap import Distrust, Greeting, ImapAccount, distrust, probe, tls_context

_PATIENCE = 10.0
"""Seconds for the server's answer: somebody waits for ours."""

_SOON = timedelta(days=14)
"""A certificate that ends earlier has not been renewed in time: most are 30 days before."""


def reach(account: Account, around: Surroundings) -> Iterator[Check]:
    """One line for the network, and one for TLS where the network is well.

    Args:
        account: whose server is reached.
        around: what to mend it by depends on them.
    """
    server = ImapAccount(
        account.name, account.host, account.user, port=account.port, tls=account.tls, timeout=_PATIENCE
    )
    try:
        context = tls_context(account.ca_file)
    except UserError as problem:  # no certificates in ca_file
        yield bad(f"tls.{account.name}", str(problem), around.edit)
        return
    try:
        greeting = probe(server, context)
    except WatcherError as problem:
        yield from _unreached(account, problem, around)
        return
    yield _reached(account)
    if account.tls != "none":
        yield _secured(account, greeting, datetime.now(UTC))


def _reached(account: Account) -> Check:
    return good(
        f"network.{account.name}", _("{host} answers at port {port}.").format(host=account.host, port=account.port)
    )


def _unreached(account: Account, problem: WatcherError, around: Surroundings) -> Iterator[Check]:
    """What keeps us from the server, told apart by what is to be done about it."""
    cause, name = problem.__cause__, f"network.{account.name}"
    if isinstance(cause, ssl.SSLError):
        yield _reached(account)
        yield bad(f"tls.{account.name}", *_insecure(account, problem, cause, around))
    elif isinstance(cause, OSError | UnicodeError):
        yield bad(name, *_unconnected(account, problem, cause, around))
    elif isinstance(problem, UserError):  # no STARTTLS
        yield bad(f"tls.{account.name}", str(problem), around.edit)
    else:
        yield bad(name, str(problem), around.later)


def _unconnected(
    account: Account, problem: WatcherError, cause: OSError | UnicodeError, around: Surroundings
) -> tuple[str, str]:
    """Finding and mend where no connection came about."""
    words = {"host": account.host, "port": account.port}
    match cause:
        case socket.gaierror(errno=socket.EAI_AGAIN):
            finding = _("The name {host} cannot be resolved now: is this computer online?")
            return finding.format(**words), around.later
        case socket.gaierror():
            finding = _("The name {host} cannot be resolved: there is no such server, or this computer is offline.")
            return finding.format(**words), _mend_host(around.edit)
        case UnicodeError():
            return str(problem), _mend_host(around.edit)
        case ConnectionRefusedError():
            finding = _("{host} is there, but refuses connections at port {port}.")
            return finding.format(**words), _mend_port(around.edit)
        case TimeoutError():
            finding = _("Nobody answers at {host}, port {port}: the server is down, or a firewall lies between.")
            return finding.format(**words), _mend_port(around.edit)
    return str(problem), around.later


def _insecure(account: Account, problem: WatcherError, cause: ssl.SSLError, around: Surroundings) -> tuple[str, str]:
    """Finding and mend where a connection came about, and no TLS."""
    if not isinstance(cause, ssl.SSLCertVerificationError):
        if cause.reason in {"UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE"}:
            finding = _("{host} knows only versions of TLS that are no longer safe.").format(host=account.host)
            return finding, _("have whoever runs the server update it")
        finding = _("{host} speaks no TLS at port {port}.").format(host=account.host, port=account.port)
        return finding, _mend_tls(around.edit)
    match distrust(cause):
        case Distrust.EXPIRED:
            mend = _("have whoever runs the server renew its certificate; is the clock here right? {command}")
            return str(problem), mend.format(command="date")
        case Distrust.EARLY:
            return str(problem), mending.SET_CLOCK
        case Distrust.NAME:
            mend = _("correct “host” to the name in the certificate: {command}").format(command=around.edit)
            return str(problem), mend
    mend = _("only if this server is your own: let “ca_file” name its authority's certificate: {command}")
    return str(problem), mend.format(command=around.edit)


def _secured(account: Account, greeting: Greeting, now: datetime) -> Check:
    name = f"tls.{account.name}"
    left = greeting.expires - now if greeting.expires else _SOON
    if left < _SOON:
        finding = _("The certificate of {host} expires in {days} days: then nobody can log in safely any more.")
        mend = _("have whoever runs the server renew its certificate")
        return warning(name, finding.format(host=account.host, days=left.days), mend)
    return good(name, _("The connection is safe: {version}.").format(version=greeting.tls))


def _mend_host(edit: str) -> str:
    return _("correct “host”: {command}").format(command=edit)


def _mend_port(edit: str) -> str:
    return _("correct “host” and “port”: {command}").format(command=edit)


def _mend_tls(edit: str) -> str:
    return _("correct “tls” and “port”: {command}").format(command=edit)
