"""`watcher status`: is it watching, and what has it done?"""

from __future__ import annotations

from gettext import gettext as _
from typing import Any

import click

from watcher import paths, report
from watcher.cli import COMMANDS
from watcher.cli.cases import ledger
from watcher.cli.output import language, print_json
from watcher.daemon.control import ask
from watcher.errors import TransientError
from watcher.model import State
from watcher.text import clean


@click.command("status", help=COMMANDS["status"].help)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def status_command(*, as_json: bool) -> int:
    """Print the status. Exit status 0 when the daemon runs, 1 when it does not."""
    daemon = _daemon()
    with ledger() as store:
        found = {state.value: count for state, count in store.counts().items()}
    if as_json:
        print_json({"running": bool(daemon), **daemon, "cases": found})
    else:
        _print(daemon, found)
    return 0 if daemon else 1


def _daemon() -> dict[str, Any]:
    try:
        return ask(paths.runtime_dir(), "status")
    except TransientError:
        return {}


def _print(daemon: dict[str, Any], found: dict[str, int]) -> None:
    click.echo(_("Watcher is running.") if daemon else _("Watcher is not running. Start it with: watcher run"))
    for account in daemon.get("accounts", ()):
        problem = f": {clean(account['problem'], 200)}" if account["problem"] else ""
        click.echo(f"  {account['account']}  {_health(account['health'])}{problem}")
    for state, count in sorted(found.items()):
        click.echo(f"{count:>7}  {report.state(State(state), language())}")


def _health(health: str) -> str:
    return {
        "starting": _("starting"),
        "watching": _("watching"),
        "away": _("the server cannot be reached; trying again"),
        "refused": _("needs your help"),
        "paused": _("paused; to end it: watcher resume"),
    }.get(health, health)
