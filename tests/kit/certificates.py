"""Certificates of an authority of our own, for servers on loopback."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

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


def issue_odd(
    folder: Path, names: Sequence[x509.GeneralName], common: str = "", since: timedelta = timedelta()
) -> Certificates:
    """Make an authority and let it issue a certificate such as no good one would.

    Args:
        folder: for the files.
        names: that the certificate is for, of any kind; without any it is for `common` only.
        common: the subject's common name, which stood for the server's name before 2000.
        since: from how far ahead it is valid.
    """
    authority, key = trustme.CA(), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.load_pem_x509_certificate(authority.cert_pem.bytes())
    signer = serialization.load_pem_private_key(authority.private_key_pem.bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    begin = datetime.now(UTC) - timedelta(days=1) + since
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)] if common else [])
    builder = x509.CertificateBuilder(issuer.subject, subject, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(begin).not_valid_after(begin + timedelta(days=90))
    keyed = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    builder = builder.add_extension(keyed, critical=False)  # from 3.13 on Python finds fault with one that has none
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=not common)
    found = Certificates(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    authority.cert_pem.write_to_path(found.ca)
    private = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    found.key.write_bytes(key.private_bytes(*private))
    found.certificate.write_bytes(builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return found
