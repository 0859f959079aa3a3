"""A Dovecot of our own: on free ports of loopback, with a mailbox for every user name, gone afterwards.

Runs as root and as an ordinary user. Every user's password is `PASSWORD`.
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from tests.kit.mail_server import HOST, PASSWORD, MailServer

__all__ = ["CROWDED", "HOST", "PASSWORD", "Dovecot", "dovecot"]

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


CROWDED = """
default_client_limit = 20000
default_process_limit = 5000
service imap {
  process_limit = 5000
}
service imap-login {
  service_count = 0
  process_min_avail = 2
  process_limit = 2
  client_limit = 5000
}
"""
"""Further lines with which it takes some thousand connections; as root, let it have inotify as well (inotify(7))."""


class Dovecot(MailServer):
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

    kind = "Dovecot"
    runs_as = "dovecot"

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
        super().__init__(names, until)
        self._options = {"separator": separator, "prefix": prefix, "more": more, "password": password}
        self._options["tokens"] = mechanisms if introspection else ""
        self._introspection = introspection

    def configure(self) -> None:
        """Write its one file, and the one about tokens."""
        if self._introspection:
            file = self._home / "oauth2.conf"
            file.write_text(_INTROSPECTION.format(url=self._introspection))
            self._options["more"] += _TOKENS.format(file=file)
        self._config.write_text(self._settings())

    def command(self) -> Sequence[str]:
        """Its master process."""
        return [_binary(), "-F", "-c", str(self._config)]

    def log(self) -> str:
        """Its own log."""
        log = self._home / "dovecot.log"
        return log.read_text() if log.exists() else super().log()

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
