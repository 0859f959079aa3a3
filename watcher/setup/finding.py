"""Whose mailbox it is, and where its server is: from Thunderbird, from an address, or by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from gettext import gettext as _
from typing import cast

from watcher.discovery import providers, search, thunderbird
from watcher.discovery.found import Candidate, Origin, Tls, Way
from watcher.domains import is_within
from watcher.errors import UserError
from watcher.settings import Account
from watcher.setup.dialogue import Answer, Tone
from watcher.setup.given import Given
from watcher.setup.surroundings import Surroundings


def find(given: Given, around: Surroundings, known: Sequence[Account], address: str) -> Iterator[Candidate]:
    """The accounts that the user wants to have watched.

    Args:
        given: asked.
        around: where Thunderbird's profiles and the network are.
        known: the accounts that are in the configuration already.
        address: given beforehand; empty where it is to be asked for, or picked among those of Thunderbird.
    """
    theirs = tuple(in_thunderbird(around))
    picked = _pick(given, theirs, known) if given.interactive and not address else ()
    yield from picked
    if address or not picked:
        yield _by_address(given, around, _mail_address(given, address), theirs)


def _pick(given: Given, theirs: Sequence[Candidate], known: Sequence[Account]) -> Sequence[Candidate]:
    """Those of Thunderbird's accounts that are not watched yet and are wished to be; none where another one is."""
    watched = {(account.host.lower(), account.user.lower()) for account in known}
    new = [candidate for candidate in theirs if (candidate.host.lower(), candidate.user.lower()) not in watched]
    if not new:
        if theirs:
            given.say(_("All accounts of Thunderbird are watched already."))
        return ()
    given.say(_("Thunderbird has these accounts. Its passwords were not looked at."))
    answers = [Answer(str(index), _line(candidate)) for index, candidate in enumerate(new)]
    keys = given.pick("--address", _("Which of them shall be watched? (none: another account)"), answers)
    return [new[int(key)] for key in keys]


def in_thunderbird(around: Surroundings) -> Iterator[Candidate]:
    """The accounts of all its profiles, each once."""
    seen = set()
    for profile in thunderbird.profiles(around.home, around.environ, around.platform):
        for candidate in thunderbird.accounts(profile.path):
            key = (candidate.host.lower(), candidate.user.lower())
            if key not in seen:
                seen.add(key)
                yield candidate


def _line(candidate: Candidate) -> str:
    who = candidate.address or candidate.user
    return f"{who}  ({candidate.host})"


def _mail_address(given: Given, address: str) -> str:
    """The addr-spec, asked for until it is one."""
    while True:
        address = address or given.text("--address", _("Your mail address:"))
        try:
            return search.mail_address(address)
        except UserError as problem:
            if not given.interactive:
                raise
            given.say(str(problem), Tone.BAD)
            address = ""


def _by_address(given: Given, around: Surroundings, address: str, theirs: Sequence[Candidate]) -> Candidate:
    """What is known best: what the user says, then Thunderbird, then the table, then what the network is asked."""
    if given.has("--host"):
        return by_hand(given, address)
    for candidate in theirs:
        if candidate.address.lower() == address.lower():
            return candidate
    found = search.find(address, None)
    if search.questions(address):
        found = _asking_around(given, around, address) or found
    return _choose(given, found) if found else by_hand(given, address)


def _asking_around(given: Given, around: Surroundings, address: str) -> tuple[Candidate, ...]:
    """What the network knows of the address's domain; nothing where the user would rather not ask it."""
    given.say(_("The server of this address is not known for sure. It can be looked for; then these are asked:"))
    for question in search.questions(address):
        given.say(f"  {question}", Tone.ASIDE)
    if not given.agree("--network", _("Ask them?"), default=given.interactive):
        return ()
    with given.waiting(_("Looking for the server …")):
        found = search.find(address, around.network)
    if not found:
        given.say(_("No server was found."), Tone.BAD)
    return found


def _choose(given: Given, found: Sequence[Candidate]) -> Candidate:
    """The first one, where its server bears the domain's name or is known; otherwise the user says (RFC 6186, 6)."""
    first = found[0]
    if len(found) == 1 and (first.provider or is_within(first.host, first.address.rpartition("@")[2])):
        return first
    if not given.interactive:
        words = _("{host} is no server of {domain} by its name. Where it is the right one, say: --host {host}")
        raise UserError(words.format(host=first.host, domain=first.address.rpartition("@")[2]))
    answers = [Answer(f"{each.host}:{each.port}", _described(each)) for each in found]
    key = given.choose("--host", _("Which of these is your mail server?"), answers)
    return found[[answer.key for answer in answers].index(key)]


def _described(candidate: Candidate) -> str:
    origins = {
        Origin.TABLE: _("known to Watcher"),
        Origin.AUTOCONFIG: _("said by the domain's web site"),
        Origin.SRV: _("said by the domain's DNS"),
        Origin.GUESS: _("guessed, and it answers"),
        Origin.THUNDERBIRD: _("from Thunderbird"),
    }
    return f"{candidate.host}:{candidate.port}  ({origins[candidate.origin]})"


def by_hand(given: Given, address: str, present: Candidate | None = None) -> Candidate:
    """The server as the user tells it.

    Args:
        given: asked.
        address: whose it is.
        present: what is there to be corrected; None: nothing.
    """
    host = given.text("--host", _("The IMAP server, as your provider names it:"), present.host if present else "")
    tls = given.choose("--tls", _("How is the connection protected?"), _protections(), _protection(present))
    usual = str(present.port) if present and present.tls == tls else {"implicit": "993"}.get(tls, "143")
    port = _port(given, usual)
    user = given.text("--user", _("The name to log in with:"), present.user if present else address)
    provider = providers.by_host(host)
    ways = provider.ways if provider else (Way.PASSWORD,)
    return Candidate(address, user, host, port, cast("Tls", tls), Origin.GUESS, ways, provider.key if provider else "")


def _protections() -> list[Answer]:
    return [
        Answer("implicit", _("TLS from the beginning (usual)")),
        Answer("starttls", _("STARTTLS")),
        Answer("none", _("not at all: only for a server on this very computer")),
    ]


def _protection(present: Candidate | None) -> str:
    return present.tls if present else "implicit"


def _port(given: Given, usual: str) -> int:
    """A number from 1 to 65535, asked for until it is one."""
    while True:
        text = given.text("--port", _("Its port:"), usual).strip()
        if text.isascii() and text.isdecimal() and 0 < int(text) < 65536:
            return int(text)
        words = _("A port is a number from 1 to 65535.")
        if not given.interactive:
            raise UserError(words)
        given.say(words, Tone.BAD)
