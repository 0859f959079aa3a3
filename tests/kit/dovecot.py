"""A Dovecot of our own: on free ports of loopback, with a mailbox for every user name, gone afterwards.

Runs as root and as an ordinary user. Every user's password is `PASSWORD`.
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest
from imapclient import IMAPClient

from tests.kit.certificates import Certificates, issue
from watcher.sources.imap import ImapAccount

HOST = "127.0.0.1"
PASSWORD = "secret"
START_TIMEOUT = 20.0

_INTROSPECTION = """
introspection_mode = auth
introspection_url = {url}
username_attribute = email
username_format = %u
active_attribute = active
active_value = true
"""

_TOKENS = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {file}
}}
"""

_CONFIG = """
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/dovecot.log
protocols = imap
listen = {host}
default_internal_user = {user}
default_login_user = {login_user}
default_internal_group = {group}
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login {tokens}
auth_failure_delay = 0
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{home}/mail/%u/Maildir
mail_home = {home}/mail/%u
mail_uid = {user}
mail_gid = {group}
mail_fsync = never
mail_max_userip_connections = 0
passdb {{
  driver = static
  args = password={password}
  mechanisms = plain login
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = {host}
    port = {port}
  }}
  inet_listener imaps {{
    address = {host}
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
{more}
"""


class Dovecot:
    """The server, up while the context lasts.

    Args:
        separator: hierarchy delimiter.
        prefix: of the personal namespace, for instance "INBOX.".
        more: further lines of configuration.
        password: every user's.
        names: for which its certificate is valid; 127.0.0.1 and localhost unless given.
        until: when its certificate expires; far off unless given.
        introspection: where to ask whether an access token is good; empty where none can be given.
        mechanisms: by which one can be given.
    """

    host = HOST

    def __init__(
        self,
        separator: str = "/",
        prefix: str = "",
        more: str = "",
        *,
        password: str = PASSWORD,
        names: Sequence[str] = (),
        until: datetime | None = None,
        introspection: str = "",
        mechanisms: str = "xoauth2 oauthbearer",
    ) -> None:
        self._options = {"separator": separator, "prefix": prefix, "more": more, "password": password}
        self._options["tokens"] = mechanisms if introspection else ""
        self._introspection = introspection
        self._names, self._until = names, until
        self.port, self.tls_port = _free_ports(2)
        self._home = Path()
        self._process: subprocess.Popen[bytes] | None = None
        self.certificates: Certificates

    def __enter__(self) -> Self:
        """Start it, and wait until it answers."""
        self._home = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.certificates = issue(self._home, *self._names, until=self._until)
        if self._introspection:
            file = self._home / "oauth2.conf"
            file.write_text(_INTROSPECTION.format(url=self._introspection))
            self._options["more"] += _TOKENS.format(file=file)
        self._config.write_text(self._settings())
        if os.getuid() == 0:  # the server's processes are then other users, who have to get in
            self._home.chmod(0o755)
            shutil.chown(self._home, _identity()["user"])
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop it, and leave nothing of it."""
        self.stop()
        shutil.rmtree(self._home, ignore_errors=True)

    def start(self) -> None:
        """Start it, again after `stop`: with the same ports and mailboxes."""
        command = [_binary(), "-F", "-c", str(self._config)]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + START_TIMEOUT
        while not self._answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                log = self.log()
                self.close()
                pytest.fail(f"Dovecot does not start:\n{log}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop it and all that it has started: an imap process in IDLE would stay for as long as its client does."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):  # it may not have started
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(START_TIMEOUT)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def log(self) -> str:
        """What it has had to say."""
        log = self._home / "dovecot.log"
        return log.read_text() if log.exists() else "(no log)"

    def account(self, user: str, name: str = "home") -> ImapAccount:
        """An account of that user, over TLS."""
        return ImapAccount(name, self.host, user, port=self.tls_port, timeout=10)

    def client(self, user: str) -> IMAPClient:
        """Another mail program of that user, logged in."""
        client = IMAPClient(self.host, self.port, ssl=False, timeout=10)
        client.login(user, PASSWORD)
        return client

    @property
    def _config(self) -> Path:
        return self._home / "dovecot.conf"

    def _settings(self) -> str:
        return _CONFIG.format(
            home=self._home,
            host=self.host,
            port=self.port,
            tls_port=self.tls_port,
            **_identity(),
            certificate=self.certificates.certificate,
            key=self.certificates.key,
            **self._options,
        )

    def _answers(self) -> bool:
        try:
            with socket.create_connection((self.host, self.port), timeout=1) as connection:
                return connection.recv(4) == b"* OK"
        except OSError:
            return False


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """One server for all tests of a process: each takes a user name of its own."""
    with Dovecot() as server:
        yield server


def _identity() -> dict[str, str]:
    """Whom the server's processes run as: never as root, which Dovecot refuses."""
    if os.getuid() == 0:
        return {"user": "dovecot", "group": "dovecot", "login_user": "dovenull"}
    user, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    return {"user": user, "group": group, "login_user": user}


def _binary() -> str:
    """Dovecot itself, which Debian keeps where an ordinary user does not look."""
    found = shutil.which("dovecot", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
    if found is None:
        pytest.skip("dovecot is not installed")
    return found


def _free_ports(number: int) -> list[int]:
    sockets = [socket.create_server((HOST, 0)) for _ in range(number)]
    ports = [found.getsockname()[1] for found in sockets]
    for found in sockets:
        found.close()
    return ports
