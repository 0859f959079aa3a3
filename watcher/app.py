"""The composition root: the one place that knows every back end and puts the house together.

Whatever is given in takes the place of what would be made: tests and the demo give in what they have.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from gettext import gettext as _
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from watcher import brands, detectors, learn, paths, words
from watcher.brands.glyphs import read_glyphs
from watcher.digest import Schedule
from watcher.errors import UserError
from watcher.model import Catalogue
from watcher.pages import Pages
from watcher.pipeline import Examiner, Pipeline, Rules, Tools
from watcher.ports import Notebook, Notifier, Opener, Source, Store, Vault, Viewer
from watcher.telling import Manners, Teller

if TYPE_CHECKING:
    import ssl

    from watcher.settings import Account, Settings
    from watcher.vault.keyring import KeyringVault
    from watcher.vault.oauth import OAuthVault


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts to use in place of those that would be made."""

    store: Store | None = None
    notifier: Notifier | None = None
    viewer: Viewer | None = None
    opener: Opener | None = None
    vaults: Mapping[str, Vault] = field(default_factory=dict)
    """By account."""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    brands_dir: Path | None = None


@dataclass(frozen=True, slots=True)
class App:
    """The house, put together for one configuration."""

    settings: Settings
    tools: Tools
    opener: Opener
    pipelines: Mapping[str, Pipeline]
    """By account, in the order of the configuration."""
    source: Callable[[str], Source]
    """Makes an account's source, not opened yet."""
    schedule: Schedule
    """Of the digest."""
    language: str

    def close(self) -> None:
        """Let go of what outlives a session: the attachment child and the ledger."""
        self.opener.close()
        self.tools.store.close()


def build(settings: Settings, parts: Parts | None = None) -> App:
    """Put the house together. Nothing is connected to yet.

    Raises:
        UserError: the ledger or a brand file cannot be read.
    """
    parts = parts or Parts()
    language = words.language(settings.notify.language, parts.environ)
    opener = parts.opener or _opener()
    tools = _tools(settings, parts, opener, language)
    rules = {account.name: _rules(account, settings) for account in settings.accounts}
    accounts = {account.name: account for account in settings.accounts}
    context = cache(_tls_context)  # one for all accounts that trust the same authorities
    return App(
        settings,
        tools,
        opener,
        pipelines={name: Pipeline(tools, rule) for name, rule in rules.items()},
        source=lambda name: source(accounts[name], settings, parts.vaults.get(name), context),
        schedule=_schedule(settings),
        language=language,
    )


def build_looking_back(settings: Settings, since: datetime) -> App:
    """Put the house together so that it changes nothing: neither on a server, nor in the ledger, nor on the desktop.

    Args:
        settings: as configured.
        since: aware; the time from which mail is to be judged anew.

    Raises:
        UserError: the ledger or a brand file cannot be read.
    """
    from watcher.store.lookback import open_lookback  # noqa: PLC0415 - loaded only where it is used

    quiet = {
        "watch": settings.watch.model_copy(update={"action": "observe"}),
        "notify": settings.notify.model_copy(update={"backend": "none"}),
    }
    return build(settings.model_copy(update=quiet), Parts(store=open_lookback(paths.ledger_file(), since)))


def _tools(settings: Settings, parts: Parts, opener: Opener, language: str) -> Tools:
    store, judge = parts.store or _store(), examiner(opener, parts.brands_dir)
    shown = parts.notifier or notifier(settings, store)
    manners = Manners(language, settings.notify.detail, settings.notify.quiet)
    return Tools(
        store=store,
        teller=Teller(store, shown, _now, manners),
        pages=pages(store, language, judge.catalogue, parts.viewer),
        examiner=judge,
        clock=_now,
        look=look(),
    )


def pages(store: Store, language: str, catalogue: Catalogue | None = None, given: Viewer | None = None) -> Pages:
    """The report on disk, and in the browser."""
    catalogue = catalogue or brands.load(paths.brands_dir())
    return Pages(store, catalogue, given or viewer(), paths.pages_dir(), language, _now)


def _now() -> datetime:
    return datetime.now(UTC)


def _schedule(settings: Settings) -> Schedule:
    wish = settings.notify.digest
    return Schedule(settings.notify.digest_at, notice=wish in {"notice", "both"}, mail=wish in {"mail", "both"})


def examiner(opener: Opener, brands_dir: Path | None = None) -> Examiner:
    """What judges mail: the catalogue, with the user's own brands, and all detectors."""
    return Examiner(brands.load(brands_dir or paths.brands_dir()), detectors.load(), opener)


def look() -> Callable[[str], str]:
    """What tells what words look like at a glance."""
    return read_glyphs(Path(brands.__file__).with_name("glyphs.toml")).skeleton


def notifier(settings: Settings, notebook: Notebook | None = None) -> Notifier:
    """The notifier that the configuration asks for; it remembers in the notebook what it has shown."""
    from watcher.desktop import choose  # noqa: PLC0415 - `scan` needs no desktop

    return choose(settings.notify.backend, notebook)


def viewer() -> Viewer:
    """What opens pages and mail on this desktop."""
    from watcher.desktop import choose_viewer  # noqa: PLC0415 - alike

    return choose_viewer()


def vault(account: Account, settings: Settings) -> Vault:
    """Where the configuration says that an account's password is, or access to it in place of one."""
    from watcher.settings import FromCommand, FromCredential, FromOAuth  # noqa: PLC0415 - `scan` needs no settings

    if isinstance(account.password, FromOAuth):
        return oauth_vault(account, settings)
    if isinstance(account.password, FromCommand):
        from watcher.vault.command import CommandVault  # noqa: PLC0415 - loaded only where it is used

        return CommandVault(account.password.command)
    if isinstance(account.password, FromCredential):
        from watcher.vault.systemd import CredentialVault  # noqa: PLC0415 - alike

        return CredentialVault(account.password.credential)
    return keyring_vault(account)


def keyring_vault(account: Account, environ: Mapping[str, str] | None = None) -> KeyringVault:
    """The place of an account's password in the key ring; which one that is depends on the environment."""
    from watcher.settings import FromKeyring, FromOAuth  # noqa: PLC0415 - as above
    from watcher.vault.keyring import KeyringVault  # noqa: PLC0415 - loaded only where it is used

    plaintext = isinstance(account.password, FromKeyring | FromOAuth) and account.password.plaintext
    return KeyringVault(account.name, account.user, plaintext=plaintext, environment=environ)


def oauth_vault(account: Account, settings: Settings) -> OAuthVault:
    """What asks for access to an account by OAuth, and renews it, as the client that the account names.

    Raises:
        UserError: the account does not log in by OAuth.
    """
    from watcher.settings import FromOAuth  # noqa: PLC0415 - as above
    from watcher.vault.clients import Client, Owner, complete  # noqa: PLC0415 - loaded only where it is used
    from watcher.vault.oauth import OAuthVault  # noqa: PLC0415 - alike

    wish = account.password
    if not isinstance(wish, FromOAuth):
        raise UserError(_("{account} does not log in by OAuth.").format(account=account.name))
    given = next(client for client in settings.oauth if client.name == wish.oauth)  # settings without it are refused
    client = Client(
        given.name,
        given.client_id,
        given.authorization_endpoint or "",
        given.token_endpoint or "",
        given.device_endpoint or "",
        given.scope or (),
    )
    digest = sha256(account.name.encode()).hexdigest()[:16]  # a name may hold what a file's cannot
    owner = Owner(account.name, account.user, wish.plaintext)
    return OAuthVault(owner, complete(client), paths.state_dir() / f"oauth-{digest}.lock")


def _rules(account: Account, settings: Settings) -> Rules:
    return Rules(
        account=account.name,
        folders=account.folders,
        suspicious_folder=account.suspicious_folder,
        action=settings.watch.action,
        history=settings.watch.history,
        most_moves=settings.watch.most_moves,
        owner=(account.owner,) if account.owner else (),
        authserv=account.authserv,
        trusted=learn.trusted([trust.sender for trust in settings.trust]),
        acquaintances=settings.watch.acquaintances,
    )


def source(
    account: Account,
    settings: Settings,
    given: Vault | None = None,
    context: Callable[[Path | None], ssl.SSLContext] | None = None,
) -> Source:
    """An account's mailbox, not opened yet.

    Args:
        account: as configured.
        settings: of them `action` counts: to observe is enforced in the source.
        given: a vault to use in place of the configured one.
        context: makes, or remembers, the TLS context for a `ca_file`.
    """
    from watcher.settings import FromOAuth  # noqa: PLC0415 - as above
    from watcher.sources.imap import ImapAccount, ImapSource  # noqa: PLC0415 - `scan` needs no imapclient

    server = ImapAccount(
        account.name,
        account.host,
        account.user,
        port=account.port,
        tls=account.tls,
        folders=account.folders,
        oauth=isinstance(account.password, FromOAuth),
    )
    readonly = settings.watch.action == "observe"
    return ImapSource(
        server, given or vault(account, settings), (context or _tls_context)(account.ca_file), readonly=readonly
    )


def _tls_context(ca_file: Path | None) -> ssl.SSLContext:
    from watcher.sources.imap import tls_context  # noqa: PLC0415 - as above

    return tls_context(ca_file)


def _store() -> Store:
    from watcher.store.ledger import open_ledger  # noqa: PLC0415 - `scan` needs no sqlite3

    return open_ledger(paths.ledger_file())


def _opener() -> Opener:
    from watcher.attachments.cage import Cage  # noqa: PLC0415 - loaded only where attachments are opened

    return Cage()
