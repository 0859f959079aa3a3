"""The order of it all: accounts, a look back, what is to become of what is found, and the service."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from gettext import ngettext

from watcher.errors import UserError, WatcherError
from watcher.setup.config_file import ConfigFile
from watcher.setup.dialogue import Answer, Tone
from watcher.setup.draft import Draft
from watcher.setup.finding import by_hand, find
from watcher.setup.given import Given
from watcher.setup.joining import Joined, candidate_of, join
from watcher.setup.leaving import forget, leave
from watcher.setup.looking_back import look_back
from watcher.setup.surroundings import Surroundings


def run(given: Given, around: Surroundings) -> None:
    """Set up, change or remove accounts, and let them be watched.

    Args:
        given: answers, and asks for those that were not given.
        around: this computer.

    Raises:
        UserError: the configuration has problems, or nothing was set up.
        TransientError: a server cannot be reached, and nobody is there who could try again.
    """
    config = ConfigFile(around.config)
    if name := given.optional("--remove"):
        leave(given, around, config, name)
        return
    given.say(_("Watcher looks for mail that poses as somebody it is not from, and moves it to a folder of its own."))
    given.say(_("Nothing is changed before you agree. Ctrl-C ends this at any time."), Tone.ASIDE)
    first = not config.names()
    if first or given.has("--address") or not given.interactive:
        _add(given, around, config)
    else:
        _change(given, around, config)
    if not config.names():
        raise UserError(_("No account was set up."))
    _finish(given, around, config, first=first)


def _add(given: Given, around: Surroundings, config: ConfigFile) -> None:
    """Accounts, one after the other; each is written as soon as its login works."""
    address = given.optional("--address")
    more = True
    while more:
        for candidate in find(given, around, config.settings.accounts, address):
            if joined := join(given, around, config, candidate):
                _write(given, config, joined)
            given.next_account()
        address = ""
        more = given.interactive and given.agree("", _("Is there another account?"), default=False)


def _write(given: Given, config: ConfigFile, joined: Joined) -> None:
    """Put it into the configuration; a login of former days that nothing stands for any more is forgotten."""
    former, present = config.settings, joined.present
    if joined.client and joined.client not in former.oauth:
        config.put("oauth", joined.client.model_dump(exclude_none=True))
    config.put("accounts", joined.draft.as_table(), present.name if present else "", joined.draft.usual())
    config.save()
    forget(given, former, config.settings)
    for line in _abilities(joined):
        given.say(line, Tone.ASIDE)
    words = _("The account “{name}” is in {file}.")
    given.say(words.format(name=joined.draft.name, file=config.path), Tone.GOOD)


def _abilities(joined: Joined) -> Sequence[str]:
    """What the server can do, as far as it makes a difference."""
    if not joined.abilities:
        return ()
    mails = ngettext("{n} mail lies in {folder}.", "{n} mails lie in {folder}.", joined.mails)
    moves = {"MOVE", "UIDPLUS"} & joined.abilities
    return (
        mails.format(n=joined.mails, folder=joined.draft.folders[0]),
        _("The server tells of new mail at once.")
        if "IDLE" in joined.abilities
        else _("The server does not tell of new mail: it is asked every few minutes."),
        _("It can move mail safely.") if moves else _("It can only copy mail safely: the original stays, marked."),
    )


def _change(given: Given, around: Surroundings, config: ConfigFile) -> None:
    """Whatever is wished to the accounts that there are, until nothing more is."""
    while True:
        given.say(_("Watched: {names}").format(names=", ".join(config.names())), Tone.HEADING)
        match given.choose("", _("What would you like to do?"), _wishes(), "add"):
            case "add":
                _add(given, around, config)
            case "change":
                _mend(given, around, config)
            case "remove":
                leave(given, around, config, _which(given, config))
            case _:
                return
        if not config.names():
            return


def _wishes() -> list[Answer]:
    return [
        Answer("add", _("add an account")),
        Answer("change", _("change an account: its server, user, password")),
        Answer("remove", _("remove an account")),
        Answer("done", _("nothing more: go on")),
    ]


def _which(given: Given, config: ConfigFile) -> str:
    answers = [Answer(name, name) for name in config.names()]
    return answers[0].key if len(answers) == 1 else given.choose("", _("Which account?"), answers)


def _mend(given: Given, around: Surroundings, config: ConfigFile) -> None:
    name = _which(given, config)
    account = next(account for account in config.settings.accounts if account.name == name)
    draft = Draft.of(account)
    candidate = by_hand(given, "", candidate_of(draft))
    if joined := join(given, around, config, candidate, draft):
        _write(given, config, joined)


def _finish(given: Given, around: Surroundings, config: ConfigFile, *, first: bool) -> None:
    question = _("Look through the mail of the last 30 days now? Nothing is changed by it.")
    if given.agree("--look-back", question, default=first and given.interactive):
        look_back(given, around, config)
    if first or given.has("--action"):
        action = given.choose("--action", _("What shall become of such mail from now on?"), _actions(), "move")
        config.set("watch", "action", action)
        config.save()
    serve(given, around)
    given.say(_("You can always ask: watcher status, watcher doctor, watcher list"), Tone.ASIDE)


def _actions() -> list[Answer]:
    return [
        Answer("move", _("move it to the folder “Suspicious”, and tell me (it can be taken back)")),
        Answer("notify", _("leave it where it is, mark it, and tell me")),
        Answer("observe", _("change nothing and say nothing, only keep a list")),
    ]


def serve(given: Given, around: Surroundings) -> None:
    """Start the service, or let whatever runs already read the configuration again."""
    wished = given.has("--service")
    try:
        if around.reread():
            given.say(_("Watcher runs, and was told to read the configuration again."), Tone.GOOD)
        elif given.agree("--service", _("Start Watcher now, and at every login?"), default=given.interactive):
            with given.waiting(_("Starting …")):
                around.service().install(around.command)
            given.say(_("Watcher is watching, and will be after every login."), Tone.GOOD)
        else:
            given.say(_("To watch: watcher run"))
            given.say(_("To have it started at every login: watcher service install"))
    except WatcherError as problem:
        if wished and not given.interactive:
            raise
        given.say(str(problem), Tone.BAD)
        given.say(_("To watch nevertheless, as long as the terminal is open: watcher run"))
