"""`watcher run`."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from watcher.cli import COMMANDS


@click.command("run", help=COMMANDS["run"].help)
@click.pass_obj
def run_command(config: Path) -> None:
    """Watch until a signal ends it."""
    from watcher.daemon.logs import start_log  # noqa: PLC0415 - loads APScheduler and imapclient, for this command only
    from watcher.daemon.run import serve  # noqa: PLC0415 - alike

    start_log(verbose=logging.getLogger("watcher").isEnabledFor(logging.DEBUG))
    serve(config)
