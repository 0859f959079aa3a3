"""`watcher completion`: the Tab key, for the shells that click knows."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, CompletionItem, FishComplete, ZshComplete

from watcher import paths
from watcher.cli import COMMANDS, watcher
from watcher.errors import UserError

_SHELLS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
_VARIABLE = "_WATCHER_COMPLETE"
"""By this the script asks `watcher` what could stand where the Tab key was pressed."""


@click.command(
    "completion",
    help=COMMANDS["completion"].help,
    epilog="""To have it in every new terminal, run once:

bash: echo 'eval "$(watcher completion bash)"' >> ~/.bashrc

zsh (after compinit): echo 'eval "$(watcher completion zsh)"' >> ~/.zshrc

fish: echo 'watcher completion fish | source' >> ~/.config/fish/config.fish""",
)
@click.argument("shell", type=click.Choice(list(_SHELLS)))
def completion_command(shell: str) -> None:
    """Print the script."""
    click.echo(_SHELLS[shell](watcher, {}, "watcher", _VARIABLE).source(), nl=False)


def complete_account(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem[str]]:
    """The configured accounts whose names begin so, for an argument's `shell_complete`.

    None where there is no sound configuration: this is no moment to complain.
    """
    from watcher.settings import load  # noqa: PLC0415 - printing a script needs no settings

    del parameter
    config = context.find_root().params.get("config") or paths.config_file()
    try:
        accounts = load(config).accounts
    except UserError:
        return []
    return [CompletionItem(account.name, help=account.user) for account in accounts if account.name.startswith(begun)]
