"""`watcher doctor`."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Mapping
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import Any

import click

from watcher import paths
from watcher.cli import COMMANDS
from watcher.cli.output import print_json
from watcher.daemon.control import ask
from watcher.doctor import Check, Level, Surroundings, examine
from watcher.errors import TransientError, UserError
from watcher.text import clean

_LONGEST = 400
"""Characters of a finding: a server may say more."""


@click.command("doctor", help=COMMANDS["doctor"].help)
@click.option("--notify", is_flag=True, help="Show a notice as a trial.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for programs.")
@click.pass_obj
def doctor_command(config: Path, *, notify: bool, as_json: bool) -> int:
    """Print what was found. Exit status 0 when nothing has to be mended, 1 otherwise."""
    around = Surroundings(config, os.environ, sys.platform, _daemon(), notify=notify)
    levels: Counter[Level] = Counter()
    for section in examine(around):
        if not as_json:
            click.secho(("\n" if levels else "") + clean(section.heading, 100), bold=True)
        for check in section.checks:
            levels[check.level] += 1
            if as_json:
                print_json(_as_json(check))
            else:
                _print(check)
    if not as_json:
        click.echo("\n" + _summary(levels))
    return 1 if levels[Level.BAD] else 0


def _daemon() -> Mapping[str, Any]:
    """What the daemon says of itself; empty where none runs."""
    try:
        return ask(paths.runtime_dir(), "status")
    except (TransientError, UserError):
        return {}


def _as_json(check: Check) -> Mapping[str, Any]:
    return {
        "name": check.name,
        "level": check.level.value,
        "good": check.works,
        "finding": check.finding,
        "mend": check.mend,
    }


def _print(check: Check) -> None:
    marks = {
        Level.GOOD: click.style("✓", fg="green"),
        Level.WARNING: click.style("!", fg="yellow", bold=True),
        Level.BAD: click.style("✗", fg="red", bold=True),
    }
    click.echo(f"  {marks[check.level]} {clean(check.finding, _LONGEST)}")
    if check.mend:
        click.echo(f"      → {clean(check.mend, _LONGEST)}")


def _summary(levels: Mapping[Level, int]) -> str:
    bad, known = levels[Level.BAD], levels[Level.WARNING]
    if bad and known:
        words = ngettext("{bad} thing to mend, {known} to know.", "{bad} things to mend, {known} to know.", bad)
        return words.format(bad=bad, known=known)
    if bad:
        return ngettext("{bad} thing to mend.", "{bad} things to mend.", bad).format(bad=bad)
    if known:
        words = ngettext("It works; {known} thing to know.", "It works; {known} things to know.", known)
        return words.format(known=known)
    return _("All is well.")
