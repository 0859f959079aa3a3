"""An account that is to be watched no longer."""

from __future__ import annotations

from gettext import gettext as _

from watcher import app as house
from watcher.errors import UserError, WatcherError
from watcher.settings import Account, FromKeyring, FromOAuth, Settings
from watcher.setup.config_file import ConfigFile
from watcher.setup.dialogue import Tone
from watcher.setup.given import Given
from watcher.setup.surroundings import Surroundings


def leave(given: Given, around: Surroundings, config: ConfigFile, name: str) -> None:
    """Take an account out of the configuration, and its password out of the key ring. Its mail stays as it is.

    Raises:
        UserError: there is no such account.
    """
    account = next((each for each in config.settings.accounts if each.name == name), None)
    if account is None:
        raise UserError(_("There is no account “{name}”.").format(name=name))
    if not given.agree("--yes", _("Watch “{name}” no longer?").format(name=name), default=True):
        return
    _forget(given, account, config.settings)
    config.remove("accounts", name)
    config.save()
    given.say(_("“{name}” is watched no longer. What was moved stays where it is.").format(name=name), Tone.GOOD)
    _tell_service(given, around, config)


def _forget(given: Given, account: Account, settings: Settings) -> None:
    """Take out of the key ring what Watcher has put there."""
    if not isinstance(account.password, FromKeyring | FromOAuth):
        return
    oauth = isinstance(account.password, FromOAuth)
    vault = house.oauth_vault(account, settings) if oauth else house.keyring_vault(account)
    try:
        vault.forget()
    except WatcherError as problem:  # it may never have been there
        given.say(str(problem), Tone.ASIDE)
    else:
        given.say(_("What it logged in with is no longer in the key ring."), Tone.GOOD)


def _tell_service(given: Given, around: Surroundings, config: ConfigFile) -> None:
    """Let a running service know; without any account there is nothing for it to do."""
    try:
        service = around.service()
        if not service.standing().active:
            return
        if config.names():
            service.reload()
        else:
            service.uninstall()
            given.say(_("No account is left, so the service was removed."))
    except WatcherError as problem:
        given.say(str(problem), Tone.ASIDE)
