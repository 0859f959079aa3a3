"""`watcher demo`."""

from __future__ import annotations

from gettext import gettext as _
from importlib.util import find_spec

import click

from watcher.cli import COMMANDS
from watcher.cli.output import language
from watcher.errors import UserError


@click.command("demo", help=COMMANDS["demo"].help)
@click.option("--keep", is_flag=True, help="Stay until interrupted, to look at the mailbox with Thunderbird.")
def demo_command(*, keep: bool) -> int:
    """Run the demo. Exit status 0 when everything went as it should."""
    if find_spec("pymap") is None:
        raise UserError(_("The demo needs its own mail server. Install it with: pip install '.[demo]'"))
    from watcher.demo.show import show  # noqa: PLC0415 - needs the extra "demo"

    return show(language(), keep=keep)
