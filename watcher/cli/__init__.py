"""The commands: what is said to people and programs, and nothing else. A command is one function.

Each command's module is imported when the command is called, so that `watcher scan` loads no IMAP library and
`watcher --help` nothing at all.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _
from importlib import import_module
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from watcher import __version__
from watcher.errors import TransientError, UserError


@dataclass(frozen=True, slots=True)
class Entry:
    """A command in the table."""

    module: str
    """Where it is defined, as `<name>_command`, with _ for -."""
    help: str
    """What it does, in English; looked up in the reader's language when it is shown."""


COMMANDS = {
    "setup": Entry(
        "watcher.cli.setup", help="Set up the accounts to be watched, change or remove them, and start the service."
    ),
    "run": Entry("watcher.cli.run", help="Watch the configured accounts until stopped."),
    "service": Entry("watcher.cli.service", help="Let Watcher start by itself when you log in, and see how it is."),
    "status": Entry("watcher.cli.status", help="Say whether Watcher is watching, and what it has found."),
    "doctor": Entry(
        "watcher.cli.doctor", help="Look for the reasons why Watcher might not work, and say what mends each."
    ),
    "login": Entry("watcher.cli.login", help="Give an account's password, or access to it by OAuth, anew."),
    "demo": Entry(
        "watcher.cli.demo", help="Show what Watcher does, on a mailbox of its own: no network, no account needed."
    ),
    "scan": Entry(
        "watcher.cli.scan",
        help="Judge mail in files: .eml files, folders of them, Maildirs and mbox files. Changes nothing.",
    ),
    "replay": Entry(
        "watcher.cli.replay", help="Say what would have been moved of your mail of the last days, and move nothing."
    ),
    "list": Entry("watcher.cli.cases", help="List what was found, the newest first."),
    "show": Entry("watcher.cli.cases", help="Say all that is known of a case, and what can be done."),
    "report": Entry("watcher.cli.report", help="Write a page that shows what was found, why, and what can be done."),
    "open": Entry("watcher.cli.report", help="Open a mail in your mail program."),
    "restore": Entry(
        "watcher.cli.decisions", help="Take mail back to the folder that it came from. It is never moved again."
    ),
    "confirm": Entry(
        "watcher.cli.decisions",
        help="Say that mail does pose as somebody else: it is moved, and such mail from there in future, too.",
    ),
    "delete": Entry("watcher.cli.decisions", help="Move mail to the trash. Nothing is erased: restore takes it back."),
    "trust": Entry(
        "watcher.cli.lessons", help="Trust a sender whatever is found, as long as the address is proved to be genuine."
    ),
    "lessons": Entry("watcher.cli.lessons", help="List what was learned from your decisions."),
    "forget": Entry("watcher.cli.lessons", help="Take back what was learned."),
    "pause": Entry("watcher.cli.pause", help="Leave all mail alone for a while, such as 1h."),
    "resume": Entry("watcher.cli.pause", help="End a pause. What came meanwhile is looked at."),
    "forward-report": Entry(
        "watcher.cli.complaint",
        help="Prepare a mail that reports a case to whoever is posed as. It is never sent by itself.",
    ),
    "completion": Entry(
        "watcher.cli.completion", help="Print a script that lets your shell complete Watcher's commands by the Tab key."
    ),
}


class Commands(click.Group):
    """The commands in the order of the table, loaded when called, in the reader's language."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, its help translated."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        function = f"{cmd_name.replace('-', '_')}_command"
        command = getattr(import_module(COMMANDS[cmd_name].module), function)
        return translated(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What each command does, read off the table."""
        del ctx
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(entry.help)) for name, entry in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """What the Tab key offers; commands are read off the table, since it must not wait for all their modules."""
        begun = [(name, entry) for name, entry in COMMANDS.items() if name.startswith(incomplete)]
        commands = [CompletionItem(name, help=_(entry.help)) for name, entry in begun]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]


def translated(command: click.Command) -> click.Command:
    """The command with all its help in the reader's language."""
    command.help = _(command.help) if command.help else None
    command.epilog = _(command.epilog) if command.epilog else None
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            parameter.help = _(parameter.help)
    if isinstance(command, click.Group):
        for each in command.commands.values():
            each.short_help = translated(each).help  # whole: click would cut it at a space, and Japanese has none
    return command


def main(arguments: Sequence[str]) -> int:
    """Run a command line.

    Returns:
        The exit status: 0, what the command says, or 2 for a problem that the user has to mend.
    """
    try:
        status = translated(watcher).main(list(arguments), prog_name="watcher", standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except click.Abort:
        return 130
    except UserError as problem:
        _complain(problem.problems)
        return 2
    except TransientError as problem:
        _complain([str(problem)])
        return 1
    return status if isinstance(status, int) else 0


@click.group(cls=Commands, help="Finds mail that poses as somebody it is not from, moves it aside and says why.")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The configuration file, in place of the usual one.",
)
@click.option("--verbose", is_flag=True, help="Also log what is only of use to a developer.")
@click.version_option(__version__, prog_name="watcher")
@click.pass_context
def watcher(ctx: click.Context, config: Path | None, *, verbose: bool) -> None:
    """Remember what concerns all commands."""
    from watcher import paths  # noqa: PLC0415 - not needed for --help
    from watcher.cli import core  # noqa: PLC0415 - alike

    core.leave_none()
    ctx.obj = config or paths.config_file()
    logging.getLogger("watcher").setLevel(logging.DEBUG if verbose else logging.INFO)


def _complain(problems: Sequence[str]) -> None:
    from watcher.text import clean  # noqa: PLC0415 - not needed where all goes well

    for problem in problems:
        lines = (clean(line, _LONGEST_LINE) for line in problem.split("\n"))
        click.echo("watcher: " + "\n".join(lines), err=True)


_LONGEST_LINE = 2_000
"""Characters of one line of a complaint, which may hold names that a server or a file has given."""
