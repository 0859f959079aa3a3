"""An IMAP server that goes over to TLS half-way, and a man in the middle who says something before that."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping

from tests.kit.imap_servers import ScriptedServer

OFFER = b"* CAPABILITY IMAP4rev1 STARTTLS\r\n{tag} OK done\r\n"


class StarttlsServer(ScriptedServer):
    """Such a server. What it heard in the clear is in `plain`, what it heard by TLS in `commands`.

    Args:
        answers: what to say by TLS, as for `ScriptedServer`.
        context: for TLS.
        plain: what to say before, by the same rules; `STARTTLS` in one piece, with whatever stands behind the OK.
    """

    def __init__(self, answers: Mapping[str, bytes], context: ssl.SSLContext, plain: Mapping[str, bytes]) -> None:
        super().__init__({**answers, "GREETING": b""})
        self.plain: list[bytes] = []
        self._protection = context
        self._before = {"GREETING": b"* OK ready\r\n", "CAPABILITY": OFFER, "STARTTLS": b"{tag} OK begin\r\n", **plain}

    def _converse(self, connection: socket.socket) -> None:
        connection.sendall(self._before["GREETING"])
        if self._is_asked_for_tls(connection):
            protected = self._protection.wrap_socket(connection, server_side=True)
            self._connection = protected
            super()._converse(protected)

    def _is_asked_for_tls(self, connection: socket.socket) -> bool:
        """Talk in the clear; whether TLS begins now."""
        with connection.makefile("rb", buffering=0) as lines:  # unbuffered: what comes next is TLS, and not ours
            for line in lines:
                self.plain.append(line.strip())
                tag, _, command = line.strip().partition(b" ")
                answer = self._before.get(command.decode().upper(), b"{tag} BAD what?\r\n").replace(b"{tag}", tag)
                connection.sendall(answer)
                if tag + b" OK begin" in answer:
                    return True
        return False
