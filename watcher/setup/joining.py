"""One account, from where its server is to a login that has been tried and a password that is kept."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from gettext import gettext as _
from typing import Any

from watcher import app as house
from watcher.discovery import providers
from watcher.discovery.found import Candidate, Origin, Way
from watcher.errors import UserError, WatcherError
from watcher.ports import Vault
from watcher.report import in_language
from watcher.settings import OAuthClient
from watcher.settings.oauth import COMPLETE
from watcher.setup.config_file import ConfigFile
from watcher.setup.consent import consent
from watcher.setup.dialogue import Answer, Tone
from watcher.setup.draft import Draft, name_for
from watcher.setup.finding import by_hand
from watcher.setup.given import Given
from watcher.setup.surroundings import Surroundings
from watcher.vault.command import CommandVault
from watcher.vault.memory import MemoryVault


@dataclass(frozen=True, slots=True)
class Joined:
    """An account that can be watched."""

    draft: Draft
    present: Draft | None
    """As it is in the configuration; None where it is new."""
    client: OAuthClient | None = None
    """As which it logs in, where it does so by OAuth."""
    abilities: frozenset[str] = frozenset()
    """The server's; empty where the login could not be tried."""
    mails: int = 0
    """In the first folder."""


def join(
    given: Given, around: Surroundings, config: ConfigFile, candidate: Candidate, present: Draft | None = None
) -> Joined | None:
    """Try until the login works, or the user gives the account up; then its password is kept where it is to be.

    Args:
        given: asked.
        around: this computer.
        config: read only: what is to stand in it is in the answer.
        candidate: where the server is.
        present: the account as it is in the configuration, where it is to be changed.

    Raises:
        UserError: it does not work, and nobody is there who could answer otherwise.
        TransientError: alike.
    """
    _introduce(given, around, candidate)
    candidate = _named(given, candidate)
    while True:
        try:
            return _attempt(given, around, config, candidate, present or _present(config, candidate))
        except WatcherError as problem:
            if not given.interactive:
                raise
            for line in getattr(problem, "problems", (str(problem),)):
                given.say(line, Tone.BAD)
        match given.choose("", _("What now?"), _ways_on(), "again"):
            case "server":
                candidate = by_hand(given, candidate.address, candidate)
            case "skip":
                return None


def _present(config: ConfigFile, candidate: Candidate) -> Draft | None:
    """The account, where it is in the configuration already."""
    same = (a for a in config.settings.accounts if (a.host, a.user) == (candidate.host, candidate.user))
    return next(map(Draft.of, same), None)


def _ways_on() -> list[Answer]:
    return [
        Answer("again", _("try once more")),
        Answer("server", _("change the server or the user")),
        Answer("skip", _("leave this account out")),
    ]


def _introduce(given: Given, around: Surroundings, candidate: Candidate) -> None:
    given.say(candidate.address or candidate.user, Tone.HEADING)
    given.say(_("Server: {host}, port {port}").format(host=candidate.host, port=candidate.port), Tone.ASIDE)
    provider = providers.by_key(candidate.provider) if candidate.provider else None
    if provider and provider.note:
        given.say(in_language(provider.note, around.language))
    if provider and provider.app_password_url and Way.APP_PASSWORD in candidate.ways:
        given.say(_("App passwords are made here: {url}").format(url=provider.app_password_url))


def _named(given: Given, candidate: Candidate) -> Candidate:
    """With the name to log in with; some providers give out one that nobody could guess."""
    user = given.optional("--user") or candidate.user
    return replace(
        candidate, user=user or given.text("--user", _("The name to log in with, as your provider gave it:"))
    )


def _attempt(
    given: Given, around: Surroundings, config: ConfigFile, candidate: Candidate, present: Draft | None
) -> Joined:
    draft = _draft(given, config, candidate, present)
    way = _way(given, config, candidate)
    if way is Way.OAUTH:
        leave = consent(given, around, config, draft, candidate)
        return _knock(given, config, Joined(leave.draft, present, leave.client), leave.vault)
    draft = replace(draft, password=_place(given, draft))
    joined = Joined(draft, present)
    if "credential" in draft.password:
        given.say(_("Only the service is given the credential: its login is tried when it starts."), Tone.ASIDE)
        return joined
    if "command" in draft.password:
        return _knock(given, config, joined, CommandVault(tuple(draft.password["command"])))
    secret = _ask(given, way)
    joined = _knock(given, config, joined, MemoryVault(secret))
    house.keyring_vault(draft.account()).store(secret)
    given.say(_("The password is in the key ring."), Tone.GOOD)
    return joined


def _draft(given: Given, config: ConfigFile, candidate: Candidate, present: Draft | None) -> Draft:
    """The account as it is going to be; one that is in the configuration keeps what is not said otherwise."""
    names = [account.name for account in config.settings.accounts if not present or account.name != present.name]
    address = candidate.address if candidate.address != candidate.user else ""
    start = present or Draft(name_for(candidate, names), candidate.host, candidate.user, address=address)
    draft = replace(
        start,
        name=given.optional("--name") or start.name,
        host=candidate.host,
        port=candidate.port,
        tls=candidate.tls,
        user=candidate.user,
        ca_file=given.optional("--ca-file") or start.ca_file,
        folders=given.all("--folder") or start.folders,
        suspicious_folder=given.optional("--suspicious-folder") or start.suspicious_folder,
    )
    if draft.name in names:
        raise UserError(_("There is an account “{name}” already.").format(name=draft.name))
    return draft


def candidate_of(draft: Draft) -> Candidate:
    """What there is to be tried, of an account that is in the configuration already."""
    provider = providers.by_host(draft.host)
    ways = provider.ways if provider else (Way.PASSWORD,)
    key = provider.key if provider else ""
    address = draft.user if "@" in draft.user else ""
    return Candidate(address, draft.user, draft.host, draft.port, draft.tls, Origin.TABLE, ways, key)


def _way(given: Given, config: ConfigFile, candidate: Candidate) -> Way:
    """How to log in: app passwords first, since they need no client id; OAuth also where a client is configured."""
    own = any(client.name not in COMPLETE for client in config.settings.oauth)
    further = (Way.OAUTH,) if own and not candidate.provider and Way.OAUTH not in candidate.ways else ()
    ways: tuple[Way, ...] = (*candidate.ways, *further)
    if len(ways) == 1 and not given.has("--login"):
        return ways[0]
    words = {
        Way.APP_PASSWORD: _("with an app password, which you make in the settings of your account there"),
        Way.PASSWORD: _("with the password of the mailbox"),
        Way.OAUTH: _("in the browser (OAuth 2.0), with a client id of your own"),
    }
    answers = [Answer(way.value, words[way]) for way in ways]
    return Way(given.choose("--login", _("How shall Watcher log in?"), answers, ways[0].value))


def _place(given: Given, draft: Draft) -> Mapping[str, Any]:
    """Where the password is going to be: where it was, or in the key ring, unless it is said otherwise."""
    if command := given.optional("--password-command"):
        return {"command": _split(command)}
    if credential := given.optional("--credential"):
        return {"credential": credential}
    if draft.password.keys() & {"command", "credential"}:
        return draft.password
    plaintext = given.optional("--plaintext") or draft.password.get("plaintext")
    place = {"keyring": True, "plaintext": True} if plaintext else {"keyring": True}
    try:
        name = house.keyring_vault(replace(draft, password=place).account()).describe()
    except UserError as problem:
        if not given.interactive:
            raise
        given.say(str(problem), Tone.BAD)
        words = _("A command that prints the password, such as: pass show mail/home")
        return {"command": _split(given.text("", words))}
    given.say(_("The password will be kept in the key ring of this desktop ({name}).").format(name=name), Tone.ASIDE)
    return place


def _split(command: str) -> list[str]:
    """Its words, as a shell would read them."""
    try:
        return shlex.split(command)
    except ValueError:
        raise UserError(_("The command for the password has a quotation mark that is not closed.")) from None


def _ask(given: Given, way: Way) -> str:
    question = _("App password (not shown):") if way is Way.APP_PASSWORD else _("Password (not shown):")
    secret = given.secret("--password-stdin", question)
    # Providers show app passwords in groups of four; the spaces are for the eye.
    return secret.replace(" ", "") if way is Way.APP_PASSWORD else secret


def _knock(given: Given, config: ConfigFile, joined: Joined, vault: Vault) -> Joined:
    """Log in, look at the folders, change nothing."""
    draft = joined.draft
    account = draft.account([joined.client] if joined.client else ())
    watch = config.settings.watch.model_copy(update={"action": "observe"})
    source = house.source(account, config.settings.model_copy(update={"watch": watch}), vault)
    with given.waiting(_("Logging in at {host} …").format(host=draft.host)):
        try:
            source.open()
            mails = [source.look(folder).messages for folder in draft.folders]
            joined = replace(joined, abilities=source.abilities(), mails=mails[0])
        finally:
            source.close()
    given.say(_("The login works."), Tone.GOOD)
    return joined
