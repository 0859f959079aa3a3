"""A DNS server on loopback that knows the records it was given."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Mapping, Sequence
from typing import Self

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset

HOST = "127.0.0.1"

Request = tuple[bytes, object]
"""The datagram, and the socket that it came by."""


class DnsServer:
    """Answers over UDP while the context lasts, and remembers what it was asked.

    Args:
        records: by name and type, as in "example.test MX": what stands behind the type in a zone file. A name that
            has no record of any type does not exist.
        silent: let every question go unanswered.
    """

    def __init__(self, records: Mapping[str, Sequence[str]], *, silent: bool = False) -> None:
        self.asked: list[str] = []
        self._records = dict(records)
        self._silent = silent
        self._server = socketserver.UDPServer((HOST, 0), self._answer_to)  # type: ignore[arg-type] # a function will do
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        """Start."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def resolver(self) -> dns.resolver.Resolver:
        """A resolver that asks this server and no other."""
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = [HOST]
        resolver.port = self._server.server_address[1]
        return resolver

    def _answer_to(self, request: Request, client: tuple[str, int], server: socketserver.UDPServer) -> None:
        query = dns.message.from_wire(request[0])
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        self.asked.append(f"{name} {kind}")
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        values = self._records.get(f"{name} {kind}", ())
        if values:
            response.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *values))
        elif not any(record.partition(" ")[0] == name for record in self._records):
            response.set_rcode(dns.rcode.NXDOMAIN)
        if not self._silent:
            server.socket.sendto(response.to_wire(), client)
