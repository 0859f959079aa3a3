"""`watcher pause` and `watcher resume`: some peace."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from gettext import gettext as _

import click

from watcher import paths
from watcher.cli import COMMANDS
from watcher.cli.cases import ledger
from watcher.cli.output import moment, print_json
from watcher.daemon.control import ask
from watcher.errors import TransientError, UserError
from watcher.settings import parse_duration
from watcher.telling import LONGEST_PAUSE, PAUSED


@click.command("pause", help=COMMANDS["pause"].help)
@click.argument("duration")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def pause_command(duration: str, *, as_json: bool) -> None:
    """Pause from now on."""
    try:
        length = parse_duration(duration)
    except ValueError:
        raise UserError(_("Say for how long, such as 30m, 1h or 2d.")) from None
    if not timedelta() < length <= LONGEST_PAUSE:
        raise UserError(_("A pause lasts 30 days at most. To stop for good: systemctl --user disable --now watcher"))
    until = datetime.now(UTC) + length
    _keep(until)
    if as_json:
        print_json({"until": until.isoformat()})
    else:
        click.echo(_("Nothing is moved and nothing is shown until %s. To end it: watcher resume") % moment(until))


@click.command("resume", help=COMMANDS["resume"].help)
def resume_command() -> None:
    """End a pause."""
    _keep(None)
    click.echo(_("Mail is looked at again, also what came meanwhile."))


def _keep(until: datetime | None) -> None:
    with ledger() as store:
        store.set_moment(PAUSED, until)
    with contextlib.suppress(TransientError):  # no daemon runs: it will read it when it starts
        ask(paths.runtime_dir(), "look")
