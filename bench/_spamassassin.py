"""SpamAssassin as a server, spamd: without a network and without its users' preferences, two children."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path

from bench._peer import HOST, PATIENCE, Peer, find


class Spamd(Peer):
    """Asked as spamc would."""

    program = "spamd"

    def command(self, folder: Path) -> Sequence[str]:
        """Local tests only (-L), no preferences (-x), not in the background."""
        children = ["--min-children=2", "--max-children=2"]
        place = [f"--listen={HOST}:{self.port}", f"--pidfile={folder / 'pid'}", f"--helper-home-dir={folder}"]
        return [find("spamd") or "spamd", "-L", "-x", "--syslog=stderr", *children, *place]

    def is_warm(self) -> bool:
        """Whether it answers: its port opens long before."""
        return self._ask(b"PING SPAMC/1.5\r\n\r\n").startswith(b"SPAMD/1.5 0 PONG")

    def check(self, mail: bytes) -> bytes:
        """The score, one mail in flight."""
        answer = self._ask(b"CHECK SPAMC/1.5\r\nContent-length: %d\r\n\r\n" % len(mail) + mail)
        if not answer.startswith(b"SPAMD/1.1 0 "):
            raise SystemExit(f"spamd answers {answer[:200]!r}")
        return answer

    def _ask(self, question: bytes) -> bytes:
        with socket.create_connection((HOST, self.port), PATIENCE) as connection:
            connection.sendall(question)
            connection.shutdown(socket.SHUT_WR)
            with connection.makefile("rb") as answer:
                return answer.read()
