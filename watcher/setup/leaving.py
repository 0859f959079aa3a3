"""An account that is to be watched no longer, and what nothing stands for any more in the key ring."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _

from watcher import app as house
from watcher.errors import UserError, WatcherError
from watcher.settings import Account, FromKeyring, FromOAuth, Settings
from watcher.setup.config_file import ConfigFile
from watcher.setup.consent import WITH_SECRET
from watcher.setup.dialogue import Tone
from watcher.setup.given import Given
from watcher.setup.surroundings import Surroundings


def leave(given: Given, around: Surroundings, config: ConfigFile, name: str) -> None:
    """Take an account out of the configuration, and its password out of the key ring. Its mail stays as it is.

    Raises:
        UserError: there is no such account, or nobody is there who could agree.
    """
    if name not in config.names():
        raise UserError(_("There is no account “{name}”.").format(name=name))
    given.insist("--yes")
    if not given.agree("--yes", _("Watch “{name}” no longer?").format(name=name), default=True):
        return
    former = config.settings
    config.remove("accounts", name)
    config.save()
    forget(given, former, config.settings)
    given.say(_("“{name}” is watched no longer. What was moved stays where it is.").format(name=name), Tone.GOOD)
    if config.names():
        around.reread()
    else:
        _end_service(given, around)


def forget(given: Given, former: Settings, present: Settings) -> None:
    """Take out of the key ring what the former configuration had there, and the present one has no more."""
    kept = {_entry(account) for account in present.accounts}
    for account in former.accounts:
        if isinstance(account.password, FromKeyring | FromOAuth) and _entry(account) not in kept:
            _forget(given, account, former)


def _entry(account: Account) -> tuple[str, str, str]:
    """What tells an account's entry in the key ring from all others."""
    return account.name, account.user, type(account.password).__name__


def _forget(given: Given, account: Account, settings: Settings) -> None:
    try:
        if isinstance(account.password, FromOAuth):
            vault = house.oauth_vault(account, settings)
            vault.forget()
            if account.password.oauth in WITH_SECRET and len(list(_users(account.password.oauth, settings))) == 1:
                vault.forget_client_secret()
        else:
            house.keyring_vault(account).forget()
    except WatcherError as problem:  # it may never have been there
        given.say(str(problem), Tone.ASIDE)
    else:
        given.say(_("What it logged in with is no longer in the key ring."), Tone.GOOD)


def _users(client: str, settings: Settings) -> Iterator[Account]:
    """The accounts that log in as that client."""
    return (a for a in settings.accounts if isinstance(a.password, FromOAuth) and a.password.oauth == client)


def _end_service(given: Given, around: Surroundings) -> None:
    """Without any account there is nothing for it to do."""
    try:
        if around.service().uninstall():
            given.say(_("No account is left, so the service was removed."))
        elif around.reread():
            given.say(_("No account is left: please end Watcher where it runs, by Ctrl-C."))
    except WatcherError as problem:
        given.say(str(problem), Tone.ASIDE)
