"""Leave to log in, by OAuth 2.0: as whose client, and the user's consent itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path

from watcher import app as house
from watcher.discovery import providers
from watcher.discovery.found import Candidate
from watcher.errors import UserError
from watcher.settings import OAuthClient, check
from watcher.settings.oauth import COMPLETE
from watcher.setup.config_file import ConfigFile
from watcher.setup.dialogue import Answer, Dialogue, Tone
from watcher.setup.draft import Draft
from watcher.setup.given import Given
from watcher.setup.surroundings import Surroundings
from watcher.vault.oauth import DeviceCode, OAuthVault

WITH_SECRET = ("google",)
"""Providers that give a client a secret besides its id, although an installed program cannot keep one."""


@dataclass(frozen=True, slots=True)
class Consent:
    """Leave that was given."""

    draft: Draft
    vault: OAuthVault
    client: OAuthClient
    """As which Watcher logs in; perhaps in no configuration yet."""


def consent(given: Given, around: Surroundings, config: ConfigFile, draft: Draft, candidate: Candidate) -> Consent:
    """Ask for leave to log in to an account.

    Raises:
        UserError: there is no client, or no leave was given.
        TransientError: the provider cannot be reached, or the key ring is not ready.
    """
    client = _client(given, config, candidate)
    known = client in config.settings.oauth
    clients = config.settings.oauth if known else (*config.settings.oauth, client)
    plain = {"plaintext": True} if given.optional("--plaintext") else {}
    draft = replace(draft, password={"oauth": client.name, **plain})
    vault = house.oauth_vault(draft.account(clients), config.settings.model_copy(update={"oauth": clients}))
    if not known and client.name in WITH_SECRET:
        vault.keep_client_secret(given.secret("--client-secret-stdin", _("Secret of the client (not shown):")))
    question = _("Give access on another device, by a code?")
    by_device = vault.gives_codes and given.agree("--device", question, default=False)
    ask_leave(vault, given, around.browse, by_device=by_device)
    given.say(_("Access was given, and what it is renewed with is in the key ring."), Tone.GOOD)
    return Consent(draft, vault, client)


def ask_leave(vault: OAuthVault, dialogue: Dialogue, browse: Callable[[str], bool], *, by_device: bool) -> None:
    """Show the user where to give leave, and wait until it is given.

    Args:
        vault: keeps what is granted.
        dialogue: says where.
        browse: opens a page on the web.
        by_device: whether by a code on any device, and not in the browser.
    """
    if by_device:
        vault.consent_by_device(_code(dialogue))
    else:
        vault.consent_in_browser(_page(dialogue, browse))


def _client(given: Given, config: ConfigFile, candidate: Candidate) -> OAuthClient:
    """The provider's own; for a server that nobody knows one whose endpoints the user has configured.

    What Google or Microsoft grant opens a whole mailbox there: it is never shown to another server.
    """
    provider = providers.by_key(candidate.provider)
    wanted = provider.oauth if provider else ""
    if wanted:
        return next((client for client in config.settings.oauth if client.name == wanted), None) or _new(given, wanted)
    own = {client.name: client for client in config.settings.oauth if client.name not in COMPLETE}
    if not own:
        words = _("For OAuth with this server a table [[oauth]] is needed in {file} first: see docs/oauth.md.")
        raise UserError(words.format(file=config.path))
    question = _("As which client shall Watcher log in at {host}?").format(host=candidate.host)
    return own[given.choose("--client", question, [Answer(name, name) for name in own])]


def _new(given: Given, name: str) -> OAuthClient:
    given.say(_("{provider} lets in only clients that are registered there.").format(provider=name.capitalize()))
    given.say(_("How you get a client id of your own stands in docs/oauth.md."))
    table = {"name": name, "client_id": given.text("--client-id", _("Client id:"))}
    return check({"oauth": [table]}, Path(), unfinished=True).oauth[0]


def _page(dialogue: Dialogue, browse: Callable[[str], bool]) -> Callable[[str], bool]:
    def show(address: str) -> bool:
        words = _("Your browser shows a page of your provider, where you can give access. If it does not, open this:")
        dialogue.say(words)
        dialogue.say(address)
        browse(address)
        return True

    return show


def _code(dialogue: Dialogue) -> Callable[[DeviceCode], None]:
    def tell(code: DeviceCode) -> None:
        minutes = max(1, round(code.seconds / 60))
        words = ngettext(
            "Open {page} on any device and type {code}, within {n} minute.",
            "Open {page} on any device and type {code}, within {n} minutes.",
            minutes,
        )
        dialogue.say(words.format(page=code.address, code=code.user_code, n=minutes), Tone.HEADING)

    return tell
