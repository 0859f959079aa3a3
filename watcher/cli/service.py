"""`watcher service`: let Watcher run by itself, and look at how it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path

import click

from watcher import paths
from watcher.cli import COMMANDS
from watcher.cli.output import moment, print_json
from watcher.errors import UserError
from watcher.service import Standing, choose
from watcher.service.command import present
from watcher.settings import load
from watcher.text import clean


@click.group("service", help=COMMANDS["service"].help)
def service_command() -> None:
    """Nothing by itself."""


@service_command.command("install", help="Let Watcher start by itself when you log in, and start it now.")
@click.option("--replace", is_flag=True, help="Also overwrite a service file that was changed by hand.")
@click.pass_obj
def install_command(config: Path, *, replace: bool) -> None:
    """Install the service, or bring it up to date."""
    load(config)  # what has to be mended in it is said now, and here
    service = choose(os.environ)
    service.install(present(config), replace=replace)
    standing = service.standing()
    click.echo(_("Watcher runs, and starts by itself from now on."))
    if standing.lingering is False:
        click.echo(_lingering())


@service_command.command("uninstall", help="Stop Watcher, and let it not start by itself any more.")
@click.pass_obj
def uninstall_command(config: Path) -> None:
    """Take the service away, and say what stays."""
    if not choose(os.environ).uninstall():
        click.echo(_("Watcher was not installed as a service."))
        return
    words = _("Watcher has stopped and does not start by itself any more. Kept as they are: {config} and {state}")
    click.echo(words.format(config=config, state=paths.state_dir()))


@service_command.command("status", help="Say whether Watcher runs as a service. Exit status 0 only where it does.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def status_command(*, as_json: bool) -> int:
    """Print how the service is."""
    service = choose(os.environ)
    standing = service.standing()
    if as_json:
        since = standing.since.isoformat() if standing.since else None
        print_json({"manager": service.name, **asdict(standing), "since": since})
    else:
        click.echo("\n".join(_told(standing)))
    return 0 if standing.active else 1


@service_command.command("logs", help="Show what Watcher has written into the log.")
@click.option(
    "-n", "--lines", default=50, show_default=True, type=click.IntRange(1, 1_000_000), help="How many lines to show."
)
@click.option("-f", "--follow", is_flag=True, help="Go on with each line that is written, until Ctrl+C.")
def logs_command(lines: int, *, follow: bool) -> None:
    """Become the program that shows the log."""
    program, *arguments = choose(os.environ).logs(lines, follow=follow)
    try:
        os.execvp(program, [program, *arguments])  # noqa: S606 - the service manager's own tool, without a shell
    except OSError as error:
        raise UserError(_("{program} cannot be run: {error}.").format(program=program, error=error.strerror)) from None


def _told(standing: Standing) -> Iterator[str]:
    """One sentence for each thing that one would want to know."""
    yield _state(standing)
    if standing.active and standing.status:
        yield _("It says: {status}").format(status=clean(standing.status, 200))
    if not standing.installed:
        return
    if not standing.enabled:
        yield _("It does not start by itself; to change that: watcher service install")
    if not standing.current:
        yield _("Its service file is not the one of this version; to renew it: watcher service install")
    if standing.restarts:
        count = standing.restarts
        times = ngettext(
            "It was started again {count} time after a fault.",
            "It was started again {count} times after faults.",
            count,
        )
        yield times.format(count=count)
    if standing.lingering is not None:
        yield _("It also runs while you are not logged in.") if standing.lingering else _lingering()


def _state(standing: Standing) -> str:
    if standing.active:
        if standing.since is None:
            return _("Watcher runs.")
        return _("Watcher runs since {time}.").format(time=moment(standing.since))
    if standing.failed:
        return _("Watcher is down after a fault. To see why: watcher service logs; then: watcher service install")
    if standing.installed:
        return _("Watcher is installed as a service, but does not run. To start it: watcher service install")
    return _("Watcher is not installed as a service. To let it start by itself: watcher service install")


def _lingering() -> str:
    return _(
        "It runs only while you are logged in. To let it run from the start of the computer: loginctl enable-linger"
    )
