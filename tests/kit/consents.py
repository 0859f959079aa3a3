"""What the suites of OAuth share: a mailbox whose owner consents at once, and who keeps that in a real key ring."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.kit.authorisation_server import AuthorisationServer, browse
from tests.kit.bus import private_bus
from tests.kit.keyring_daemon import keyring_daemon
from watcher.errors import TransientError
from watcher.vault.clients import Client, Owner
from watcher.vault.oauth import OAuthVault

BROWSER = """#!{python}
import pathlib, sys, urllib.request
page = urllib.request.urlopen(sys.argv[1]).read()
pathlib.Path(__file__).with_name("page").write_bytes(page)
"""
"""What the desktop opens pages with: its user consents at once, or denies it, and the page at the end is kept."""


@dataclass
class Consenting:
    """A user of an authorisation server, and where he keeps what it gives."""

    server: AuthorisationServer
    environment: dict[str, str]
    lock: Path
    pages: list[tuple[int, str]] = field(default_factory=list)
    """What his browser showed in the end."""
    plaintext: bool = False
    """Whether his configuration asks for a key ring in plain text."""

    @property
    def owner(self) -> Owner:
        """Whose mailbox it is."""
        return Owner("home", self.server.user, self.plaintext)

    def vault(self, client: Client | None = None, patience: float = 10.0) -> OAuthVault:
        """A vault as another process would make it: with nothing in memory."""
        client = client or self.server.client()
        return OAuthVault(self.owner, client, self.lock, patience=patience, environment=self.environment)

    def consented(self) -> OAuthVault:
        """A vault that has been given consent in the browser."""
        vault = self.vault()
        vault.consent_in_browser(self.show)
        return vault

    def access(self) -> str:
        """An access token, asked for as the daemon does: again after what passes by itself, such as a slow key ring."""
        end = time.monotonic() + 30
        while True:
            try:
                return self.vault().secret()
            except TransientError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.5)

    def show(self, address: str) -> bool:
        """His browser."""
        self.pages.append(browse(address))
        return True


@contextmanager
def consenting(user: str = "taro@example.jp", secret: str = "") -> Iterator[Consenting]:
    """Such a user, with a gnome-keyring on a bus of its own, for as long as the context lasts."""
    with (
        private_bus() as bus,
        keyring_daemon(bus),
        AuthorisationServer(user, secret) as server,
        TemporaryDirectory() as folder,
    ):
        yield Consenting(server, bus.environment(), Path(folder) / "lock")
