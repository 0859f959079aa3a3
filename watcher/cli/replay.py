"""`watcher replay`: what would have been moved of one's own mail of late, and why. Nothing is."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path

import click

from watcher import app as house
from watcher import report
from watcher.app import App
from watcher.cli import COMMANDS
from watcher.cli.output import case_as_json, language, moment, print_json
from watcher.cli.progress import ProgressBar
from watcher.errors import TransientError, UserError, WatcherError
from watcher.model import Case
from watcher.replay import Replay, Tally, sentence
from watcher.settings import Settings, load
from watcher.text import clean

_INTERRUPTED = 130
"""Exit status of what was ended by Ctrl-C, as shells have it."""
_UNTOLD = ("id", "state", "judged_at")
"""What a case has in the ledger alone."""


@dataclass(slots=True)
class _Found:
    """What there is to tell, whichever way it ends."""

    tally: Tally = field(default_factory=Tally)
    problems: list[str] = field(default_factory=list)
    status: int = 0
    stopped: bool = False


@click.command("replay", help=COMMANDS["replay"].help)
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 3650), help="How many days to look back.")
@click.option("--account", "names", multiple=True, help="Only this account. May be given several times.")
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(0, 1_000_000), help="The most mails to list."
)
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object a line for programs, the last one with the sums."
)
@click.pass_obj
def replay_command(config: Path, days: int, names: tuple[str, ...], limit: int, *, as_json: bool) -> int:
    """Look back. Exit status 0 whatever was found, 1 or 2 where not all could be read, 130 after Ctrl-C."""
    if not logging.getLogger("watcher").isEnabledFor(logging.DEBUG):
        logging.getLogger("watcher").setLevel(logging.CRITICAL)  # what failed is counted and told
    settings, found = load(config), _Found()
    accounts = _choose(settings, names)
    since = datetime.now(UTC) - timedelta(days=days)
    with closing(house.build_looking_back(settings, since)) as app:
        for name in accounts:
            _look_back(app, name, since, found, as_json=as_json)
            if found.stopped:
                break
    newest = sorted(found.tally.moved, key=lambda case: case.date, reverse=True)[:limit]
    if as_json:
        _print_json(found, newest, days)
    else:
        _print(found, newest, days)
    return found.status


def _choose(settings: Settings, wanted: Sequence[str]) -> list[str]:
    """The accounts to look at, in the order of the configuration."""
    names = [account.name for account in settings.accounts]
    for name in wanted:
        if name not in names:
            words = _("There is no account {name}; there are: {names}")
            raise UserError(words.format(name=clean(name), names=", ".join(names)))
    return [name for name in names if name in wanted or not wanted]


def _look_back(app: App, name: str, since: datetime, found: _Found, *, as_json: bool) -> None:
    """One account; what ends it is told, and the next one goes on."""
    others, tally = found.tally, Tally()
    try:
        with closing(app.source(name)) as source, ProgressBar(clean(name, 40), as_json=as_json) as bar:
            bar.show(0, None, _("finding out whom you know"), at_once=True)
            replay = Replay(app.pipelines[name], source, since)
            tally = Tally(replay.prepare())
            for replayed in replay.judge():
                tally = tally.add(replayed)
                bar.show(tally.judged, tally.total, f"{tally.judged}/{tally.total}")
    except KeyboardInterrupt:
        found.stopped, found.status = True, _INTERRUPTED
    except WatcherError as problem:
        found.problems.append(f"{name}: {problem}")
        found.status = max(found.status, 1 if isinstance(problem, TransientError) else 2)
    finally:
        found.tally = others + tally


def _print_json(found: _Found, newest: Sequence[Case], days: int) -> None:
    for case in newest:
        print_json({key: value for key, value in case_as_json(case).items() if key not in _UNTOLD})
    tally = found.tally
    print_json(
        {
            "days": days,
            "mails": tally.total,
            "judged": tally.judged,
            "failed": tally.failed,
            "would_move": len(tally.moved),
            "detectors": tally.detectors,
            "stopped": found.stopped,
            "problems": [clean(problem, 300) for problem in found.problems],
        }
    )


def _print(found: _Found, newest: Sequence[Case], days: int) -> None:
    tally = found.tally
    if found.stopped:
        click.echo(_("Stopped after {judged} of {total} mails.").format(judged=tally.judged, total=tally.total))
    if tally.judged or not found.problems:
        click.echo(sentence(tally, days))
    if tally.moved:
        _print_moved(tally, newest)
    click.echo("\n" + _("Nothing was moved, marked or written down."))
    for problem in found.problems:
        click.echo(f"watcher: {clean(problem, 300)}", err=True)


def _print_moved(tally: Tally, newest: Sequence[Case]) -> None:
    click.echo("\n" + _("How many of them each detector spoke against:"))
    for detector, count in tally.detectors.items():
        click.echo(f"{count:>7}  {detector}")
    click.echo()
    for case in newest:
        _print_case(case)
    if more := len(tally.moved) - len(newest):
        click.echo(ngettext("and %d more", "and %d more", more) % more)


def _print_case(case: Case) -> None:
    click.echo(f"{moment(case.date)}  {report.author(case)}")
    click.echo(f"    {clean(case.subject, 100)}")
    click.echo(f"    {report.reason(case, language())}")
