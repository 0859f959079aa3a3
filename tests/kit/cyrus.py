"""A Cyrus of our own, which `make test` unpacks beside the tests: as a package it cannot be installed with Dovecot.

Whoever asks for a mailbox has one. Every user's password is `PASSWORD`.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from tests.kit.mail_server import PASSWORD, MailServer

UNPACKED = Path(sys.prefix) / "cyrus"
"""Where tools/system-packages puts it."""

_IMAPD = """
configdirectory: {home}/state
defaultpartition: default
partition-default: {home}/mail
sievedir: {home}/state
cyrus_user: {user}
servername: localhost
allowplaintext: yes
sasl_mech_list: PLAIN LOGIN
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: {home}/passwords
autocreate_quota: 0
expunge_mode: immediate
imapidlepoll: 1
tls_server_cert: {certificate}
tls_server_key: {key}
{more}
"""
_SERVICES = """
START {{
  recover cmd="{bin}/ctl_cyrusdb -C {config} -r"
}}
SERVICES {{
  imap cmd="{bin}/imapd -C {config}" listen="{host}:{port}" prefork=1
  imaps cmd="{bin}/imapd -C {config} -s" listen="{host}:{tls_port}"
}}
EVENTS {{
}}
"""


class Cyrus(MailServer):
    """The server, up while the context lasts.

    Args:
        more: further lines of configuration.
    """

    kind = "Cyrus"
    runs_as = "nobody"

    def __init__(self, more: str = "") -> None:
        super().__init__()
        self._more = more

    def configure(self) -> None:
        """Write both files, and answer its questions about passwords."""
        for name in ("state", "mail"):
            (self._home / name).mkdir()
            if os.getuid() == 0:
                shutil.chown(self._home / name, self.user)
        certificates = self.certificates
        settings = {"home": self._home, "certificate": certificates.certificate, "key": certificates.key}
        config = self._home / "imapd.conf"
        config.write_text(_IMAPD.format(user=self.user, more=self._more, **settings))
        ports = {"port": self.port, "tls_port": self.tls_port}
        services = _SERVICES.format(bin=_bin(), config=config, host=self.host, **ports)
        (self._home / "cyrus.conf").write_text(services)
        if os.getuid() == 0:
            shutil.chown(certificates.key, self.user)
        _vouch(self._home / "passwords")

    def command(self) -> Sequence[str]:
        """Its master process."""
        files = {"-C": "imapd.conf", "-M": "cyrus.conf", "-p": "master.pid"}
        options = [word for option, name in files.items() for word in (option, str(self._home / name))]
        return [str(_bin() / "master"), *options]

    def environment(self) -> Mapping[str, str]:
        """Its libraries lie beside it."""
        libraries = [str(folder) for folder in sorted(UNPACKED.glob("**/lib/*-linux-*"))]
        return {**os.environ, "LD_LIBRARY_PATH": os.pathsep.join(libraries)}


@pytest.fixture(scope="session")
def cyrus() -> Iterator[Cyrus]:
    """One server for all tests of a process: each takes a user name of its own."""
    with Cyrus() as server:
        yield server


def _bin() -> Path:
    return UNPACKED / "usr" / "lib" / "cyrus" / "bin"


def _vouch(path: Path) -> None:
    """Be its saslauthd: whoever knows `PASSWORD` may log in, under any name."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    path.chmod(0o666)
    listener.listen()
    threading.Thread(target=_answer, args=(listener,), daemon=True).start()


def _answer(listener: socket.socket) -> None:
    """Name, password, service and realm are asked about; each word has its length before it, in two octets."""
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as question:
                words = [question.read(int.from_bytes(question.read(2))) for _ in range(4)]
                verdict = b"OK" if words[1] == PASSWORD.encode() else b"NO"
                connection.sendall(len(verdict).to_bytes(2) + verdict)
