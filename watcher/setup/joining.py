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
from watcher.settings import Account, Settings
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
    abilities: frozenset[str]
    """The server's; empty where the login could not be tried."""
    mails: int
    """In the first folder."""


def join(
    given: Given, around: Surroundings, config: ConfigFile, candidate: Candidate, present: Draft | None = None
) -> Joined | None:
    """Try until the login works, or the user gives the account up; then its password is kept where it is to be.

    Args:
        given: asked.
        around: this computer.
        config: where a new client is put; the account itself is not.
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
            return _attempt(given, around, config, candidate, present)
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
    draft = present or _draft(given, config, candidate)
    draft = replace(draft, host=candidate.host, port=candidate.port, tls=candidate.tls, user=candidate.user)
    way = _way(given, config, candidate)
    if way is Way.OAUTH:
        draft, vault = consent(given, around, config, draft, candidate)
        return _knock(given, config, draft, vault)
    place = _place(given, draft)
    draft = replace(draft, password=place)
    if "credential" in place:
        given.say(_("Only the service is given the credential: its login is tried when it starts."), Tone.ASIDE)
        return Joined(draft, frozenset(), 0)
    secret = CommandVault(tuple(place["command"])).secret() if "command" in place else _ask(given, way)
    joined = _knock(given, config, draft, MemoryVault(secret))
    if "keyring" in place:
        house.keyring_vault(draft.account()).store(secret)
        given.say(_("The password is in the key ring."), Tone.GOOD)
    return joined


def _draft(given: Given, config: ConfigFile, candidate: Candidate) -> Draft:
    """The account as it would be written; one that is in the configuration already keeps its name and its folders."""
    known = config.settings.accounts
    if same := [each for each in known if (each.host, each.user) == (candidate.host, candidate.user)]:
        return Draft.of(same[0])
    taken = tuple(account.name for account in known)
    draft = Draft(
        given.optional("--name") or name_for(candidate, taken),
        candidate.host,
        candidate.user,
        address=candidate.address if candidate.address != candidate.user else "",
        ca_file=given.optional("--ca-file"),
        folders=given.all("--folder") or ("INBOX",),
    )
    if draft.name in taken:
        raise UserError(_("There is an account “{name}” already.").format(name=draft.name))
    aside = given.optional("--suspicious-folder")
    return replace(draft, suspicious_folder=aside) if aside else draft


def candidate_of(draft: Draft) -> Candidate:
    """What there is to be tried, of an account that is in the configuration already."""
    provider = providers.by_host(draft.host)
    ways = provider.ways if provider else (Way.PASSWORD,)
    key = provider.key if provider else ""
    address = draft.user if "@" in draft.user else ""
    return Candidate(address, draft.user, draft.host, draft.port, draft.tls, Origin.TABLE, ways, key)


def _way(given: Given, config: ConfigFile, candidate: Candidate) -> Way:
    """How to log in: app passwords first, since they need no client id; OAuth also where a client is configured."""
    further = (Way.OAUTH,) if config.settings.oauth and Way.OAUTH not in candidate.ways else ()
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
    """Where the password is going to be: in the key ring, unless it is said otherwise or there is none."""
    if command := given.optional("--password-command"):
        return {"command": shlex.split(command)}
    if credential := given.optional("--credential"):
        return {"credential": credential}
    place = {"keyring": True, "plaintext": True} if given.optional("--plaintext") else {"keyring": True}
    try:
        name = house.keyring_vault(replace(draft, password=place).account()).describe()
    except UserError as problem:
        if not given.interactive:
            raise
        given.say(str(problem), Tone.BAD)
        words = _("A command that prints the password, such as: pass show mail/home")
        return {"command": shlex.split(given.text("--password-command", words))}
    given.say(_("The password will be kept in the key ring of this desktop ({name}).").format(name=name), Tone.ASIDE)
    return place


def _ask(given: Given, way: Way) -> str:
    question = _("App password (not shown):") if way is Way.APP_PASSWORD else _("Password (not shown):")
    secret = given.secret("--password-stdin", question)
    # Providers show app passwords in groups of four; the spaces are for the eye.
    return secret.replace(" ", "") if way is Way.APP_PASSWORD else secret


def _knock(given: Given, config: ConfigFile, draft: Draft, vault: Vault) -> Joined:
    """Log in, look at the folders, change nothing."""
    account = draft.account(config.settings.oauth)
    source = house.source(account, _observing(config, account), vault)
    with given.waiting(_("Logging in at {host} …").format(host=draft.host)):
        try:
            source.open()
            mails = [source.look(folder).messages for folder in draft.folders]
            joined = Joined(draft, source.abilities(), mails[0])
        finally:
            source.close()
    given.say(_("The login works."), Tone.GOOD)
    return joined


def _observing(config: ConfigFile, account: Account) -> Settings:
    """Settings under which nothing can be changed."""
    watch = config.settings.watch.model_copy(update={"action": "observe"})
    return config.settings.model_copy(update={"watch": watch, "accounts": (account,)})
