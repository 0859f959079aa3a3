"""Certificates of an authority of our own, for servers on loopback."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import trustme

from watcher.sources.imap import tls_context


@dataclass(frozen=True)
class Certificates:
    """An authority, and one certificate of it, as PEM files."""

    ca: Path
    certificate: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        """What a server on loopback needs."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context

    @cached_property
    def client_context(self) -> ssl.SSLContext:
        """What a client that trusts the authority needs."""
        return tls_context(self.ca)


def issue(folder: Path, *names: str, until: datetime | None = None) -> Certificates:
    """Make an authority and let it issue a certificate, for 127.0.0.1 and localhost unless for other names.

    Args:
        folder: for the files.
        names: that the certificate is for.
        until: when it expires; far off unless given.
    """
    authority = trustme.CA()
    issued = authority.issue_cert(*(names or ("127.0.0.1", "localhost")), not_after=until)
    found = Certificates(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    authority.cert_pem.write_to_path(found.ca)
    issued.private_key_pem.write_to_path(found.key)
    for blob in issued.cert_chain_pems:
        blob.write_to_path(found.certificate, append=True)
    return found
