"""`watcher doctor`."""

from __future__ import annotations

from dataclasses import asdict
from gettext import gettext as _
from pathlib import Path

import click

from watcher.cli import COMMANDS
from watcher.cli.output import print_json
from watcher.doctor import Check, examine
from watcher.text import clean


@click.command("doctor", help=COMMANDS["doctor"].help)
@click.option("--notify", is_flag=True, help="Show a notice as a trial.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for programs.")
@click.pass_obj
def doctor_command(config: Path, *, notify: bool, as_json: bool) -> int:
    """Print what was found. Exit status 0 when all is well, 1 otherwise."""
    well = True
    for check in examine(config, notify=notify):
        well &= check.good
        if as_json:
            print_json(asdict(check))
        else:
            _print(check)
    return 0 if well else 1


def _print(check: Check) -> None:
    mark = click.style("✓", fg="green") if check.good else click.style("✗", fg="red", bold=True)
    click.echo(f"{mark} {clean(check.finding, 300)}")
    if check.mend:
        click.echo("    " + _("To mend it: %s") % check.mend)
