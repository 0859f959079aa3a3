"""What a domain says of its mail in DNS: the IMAP server (RFC 6186), and where its mail goes.

DNS can be forged on the way: a server outside of the domain has to be confirmed by the user (RFC 6186, 6), which is
why such a candidate keeps its origin. That mail goes to a known provider only ever leads to the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import dns.exception
import dns.resolver
from dns.rdtypes.IN.SRV import SRV
from dns.rdtypes.mxbase import MXBase

from watcher.domains import is_ip, to_ascii

LIFETIME = 5.0
"""Seconds for one question."""
_MOST_RECORDS = 16

_SERVICES: tuple[tuple[str, Literal["implicit", "starttls"]], ...] = (
    ("_imaps._tcp", "implicit"),  # preferred (RFC 8314, 3)
    ("_imap._tcp", "starttls"),
)


@dataclass(frozen=True, slots=True)
class Service:
    """One IMAP server that a domain names."""

    host: str
    port: int
    tls: Literal["implicit", "starttls"]


class Records:
    """Asks for records.

    Args:
        resolver: whom to ask; the system's own name servers unless given.
        lifetime: seconds for one question, all name servers together.
    """

    def __init__(self, resolver: dns.resolver.Resolver | None = None, lifetime: float = LIFETIME) -> None:
        self._resolver = resolver
        self._lifetime = lifetime

    def services(self, domain: str) -> tuple[Service, ...]:
        """The IMAP servers of the domain, in the order in which they are to be tried; none where it names none.

        Of one priority the heaviest comes first. RFC 2782 draws lots instead, to spread the load; who sets up one
        account is better served by the same answer every time.
        """
        return tuple(service for name, tls in _SERVICES for service in self._servers(f"{name}.{domain}", tls))

    def exchangers(self, domain: str) -> tuple[str, ...]:
        """The hosts that take in the domain's mail, best first."""
        records = [record for record in self._ask(domain, "MX") if isinstance(record, MXBase)]
        records.sort(key=lambda record: record.preference)
        return tuple(filter(None, (to_ascii(str(record.exchange)) for record in records)))

    def _servers(self, name: str, tls: Literal["implicit", "starttls"]) -> Iterator[Service]:
        records = [record for record in self._ask(name, "SRV") if isinstance(record, SRV)]
        records.sort(key=lambda record: (record.priority, -record.weight))
        for record in records:
            host = to_ascii(str(record.target))  # "." says that there is no such service; it has no labels
            if host and not is_ip(host) and record.port:
                yield Service(host, record.port, tls)

    def _ask(self, name: str, kind: str) -> list[object]:
        """The records of that kind; none where there are none, or where nobody can tell."""
        try:
            resolver = self._resolver or dns.resolver.Resolver()
            # The dot at the end keeps this machine's own domains from being tried behind the name.
            answer = resolver.resolve(name + ".", kind, lifetime=self._lifetime)
        except (dns.exception.DNSException, OSError, ValueError):
            return []
        return list(answer)[:_MOST_RECORDS]
