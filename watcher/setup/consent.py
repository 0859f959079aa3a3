"""Leave to log in, by OAuth 2.0: as whose client, and the user's consent itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from gettext import gettext as _
from gettext import ngettext

from watcher import app as house
from watcher.discovery import providers
from watcher.discovery.found import Candidate
from watcher.errors import UserError
from watcher.setup.config_file import ConfigFile
from watcher.setup.dialogue import Answer, Tone
from watcher.setup.draft import Draft
from watcher.setup.given import Given
from watcher.setup.surroundings import Surroundings
from watcher.vault.oauth import DeviceCode, OAuthVault

_SECRET = ("google",)
"""Providers that give a client a secret besides its id, although an installed program cannot keep one."""


def consent(
    given: Given, around: Surroundings, config: ConfigFile, draft: Draft, candidate: Candidate
) -> tuple[Draft, OAuthVault]:
    """The account with its client, and a vault that has been given leave.

    Raises:
        UserError: there is no client, or no leave was given.
        TransientError: the provider cannot be reached, or the key ring is not ready.
    """
    name, new = _client(given, config, candidate)
    draft = replace(draft, password={"oauth": name})
    vault = house.oauth_vault(draft.account(config.settings.oauth), config.settings)
    if new and name in _SECRET:
        vault.keep_client_secret(given.secret("--client-secret-stdin", _("Secret of the client (not shown):")))
    if vault.gives_codes and given.agree("--device", _("Give access on another device, by a code?"), default=False):
        vault.consent_by_device(_code(given))
    else:
        vault.consent_in_browser(_page(given, around))
    given.say(_("Access was given, and what it is renewed with is in the key ring."), Tone.GOOD)
    return draft, vault


def _client(given: Given, config: ConfigFile, candidate: Candidate) -> tuple[str, bool]:
    """The name of the client to log in as, and whether it is new; a new one is in the configuration from now on."""
    provider = providers.by_key(candidate.provider)
    wanted = provider.oauth if provider else ""
    known = [client.name for client in config.settings.oauth]
    if wanted in known:
        return wanted, False
    if wanted:
        given.say(_("{provider} lets in only clients that are registered there.").format(provider=wanted.capitalize()))
        given.say(_("How you get a client id of your own stands in docs/oauth.md."))
        config.put("oauth", {"name": wanted, "client_id": given.text("--client-id", _("Client id:"))})
        config.save()
        return wanted, True
    if not known:
        words = _("For OAuth with this server a table [[oauth]] is needed in {file} first: see docs/oauth.md.")
        raise UserError(words.format(file=config.path))
    if len(known) == 1:
        return known[0], False
    return given.choose("", _("As which client?"), [Answer(name, name) for name in known], known[0]), False


def _page(given: Given, around: Surroundings) -> Callable[[str], bool]:
    def show(address: str) -> bool:
        words = _("Your browser shows a page of your provider, where you can give access. If it does not, open this:")
        given.say(words)
        given.say(address)
        around.browse(address)
        return True

    return show


def _code(given: Given) -> Callable[[DeviceCode], None]:
    def tell(code: DeviceCode) -> None:
        minutes = max(1, round(code.seconds / 60))
        words = ngettext(
            "Open {page} on any device and type {code}, within {n} minute.",
            "Open {page} on any device and type {code}, within {n} minutes.",
            minutes,
        )
        given.say(words.format(page=code.address, code=code.user_code, n=minutes), Tone.HEADING)

    return tell
