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
from watcher.errors import TransientError, UserError, WatcherError
from watcher.model import State
from watcher.store.aside import lying_aside
from watcher.text import clean


@click.command("status", help=COMMANDS["status"].help)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def status_command(*, as_json: bool) -> int:
    """Print the status. Exit status 0 when the daemon runs, 1 when it does not, 2 where the ledger must be mended."""
    daemon = _daemon()
    found, problem = _cases()
    asides = lying_aside(paths.ledger_file())
    if as_json:
        kept = [{"file": str(aside.path), "fault": aside.fault.value} for aside in asides]
        ledgers = {"problems": [str(problem)] if problem else [], "put_aside": kept}
        print_json({"running": bool(daemon), **daemon, "cases": found, **ledgers})
    else:
        _print(daemon, found)
        for aside in asides:
            click.echo(" ".join(report.lost_memory(aside.fault.value, str(aside.path), language())))
    if problem:
        click.echo(f"watcher: {problem}", err=True)
    return 2 if isinstance(problem, UserError) else int(not daemon)


def _cases() -> tuple[dict[str, int], WatcherError | None]:
    """How many cases there are of each state, or why that cannot be told: how the daemon is, is told all the same."""
    try:
        with ledger() as store:
            return {state.value: count for state, count in store.counts().items()}, None
    except WatcherError as problem:
        return {}, problem


def _daemon() -> dict[str, Any]:
    try:
        return ask(paths.runtime_dir(), "status")
    except TransientError:
        return {}


def _print(daemon: dict[str, Any], found: dict[str, int]) -> None:
    click.echo(_("Watcher is running.") if daemon else _("Watcher is not running. Start it with: watcher run"))
    if waiting := daemon.get("problem"):
        click.echo(_("It waits: {problem}").format(problem=clean(waiting, 300)))
    for account in daemon.get("accounts", ()):
        problem = f": {clean(account['problem'], 200)}" if account["problem"] else ""
        click.echo(f"  {account['account']}  {_health(account['health'])}{problem}")
    for state, count in sorted(found.items()):
        click.echo(f"{count:>7}  {report.state(State(state), language())}")


def _health(health: str) -> str:
    return {
        "starting": _("starting"),
        "watching": _("watching"),
        "away": _("not watched at the moment; trying again"),
        "refused": _("needs your help"),
        "paused": _("paused; to end it: watcher resume"),
    }.get(health, health)
