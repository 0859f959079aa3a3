"""`watcher login`: the password of an account, or access to it by OAuth, given anew."""

from __future__ import annotations

import sys
from gettext import gettext as _
from pathlib import Path

import click

from watcher import app as house
from watcher import paths
from watcher.cli import COMMANDS
from watcher.cli.completion import complete_account
from watcher.cli.dialogue import dialogue
from watcher.daemon.control import reread
from watcher.errors import UserError
from watcher.ports import Vault
from watcher.settings import Account, FromKeyring, FromOAuth, Settings, load
from watcher.setup.consent import ask_leave
from watcher.text import clean
from watcher.vault.memory import MemoryVault


@click.command("login", help=COMMANDS["login"].help)
@click.argument("account", shell_complete=complete_account)
@click.option("--device", is_flag=True, help="By OAuth: get a code, and give access on another device.")
@click.option("--client-secret", is_flag=True, help="By OAuth: ask for the client's secret first, and keep it.")
@click.option("--stdin", "piped", is_flag=True, help="Read the password from the first line of the standard input.")
@click.pass_obj
def login_command(config: Path, account: str, *, device: bool, client_secret: bool, piped: bool) -> None:
    """Ask for what the account logs in with, try it, and keep it in the key ring."""
    settings = load(config)
    chosen = _find(account, settings)
    ask_user = _read_line if piped else _ask
    if isinstance(chosen.password, FromOAuth):
        vault = house.oauth_vault(chosen, settings)
        if client_secret:
            vault.keep_client_secret(ask_user(_("Secret of the client")))
        ask_leave(vault, dialogue(), lambda address: click.launch(address) == 0, by_device=device)
        _try(chosen, settings, vault)
    elif isinstance(chosen.password, FromKeyring):
        secret = ask_user(_("Password"))
        _try(chosen, settings, MemoryVault(secret))
        house.keyring_vault(chosen).store(secret)
    else:
        words = _("The password of {account} comes from a command or a credential: change it there.")
        raise UserError(words.format(account=account))
    reread(paths.runtime_dir())  # a daemon that was refused is resting
    click.echo(_("Logged in at {host} as {user}.").format(host=chosen.host, user=chosen.user))


def _find(name: str, settings: Settings) -> Account:
    for account in settings.accounts:
        if account.name == name:
            return account
    names = ", ".join(account.name for account in settings.accounts)
    raise UserError(_("There is no account {name}; there are: {names}").format(name=clean(name), names=names))


def _ask(question: str) -> str:
    return str(click.prompt(question, hide_input=True))


def _read_line(question: str) -> str:
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise UserError(_("{question}: nothing came on the standard input.").format(question=question))
    return line


def _try(account: Account, settings: Settings, vault: Vault) -> None:
    """Log in. Raises RefusedError where the server does not take it."""
    source = house.source(account, settings, vault)
    try:
        source.open()
    finally:
        source.close()
