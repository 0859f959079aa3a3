"""How a server answers before anybody logs in there."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime

from watcher.sources.imap.connection import ImapAccount, greet, hang_up


@dataclass(frozen=True, slots=True)
class Greeting:
    """What is known of a server that has been reached."""

    tls: str
    """The version, such as "TLSv1.3"; empty without TLS."""
    expires: datetime | None
    """When its certificate does."""


def probe(account: ImapAccount, context: ssl.SSLContext) -> Greeting:
    """Connect as the account says, and hang up before any login.

    Raises:
        UserError: the certificate or the configuration is at fault; its cause is the library's error, if there is one.
        TransientError: nobody answers, or not now; likewise.
    """
    client = greet(account, context)
    try:
        stream = client.socket()
        if not isinstance(stream, ssl.SSLSocket):
            return Greeting("", None)
        until = (stream.getpeercert() or {}).get("notAfter")
        expires = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(until)), UTC) if until else None
        return Greeting(stream.version() or "", expires)
    finally:
        hang_up(client)
