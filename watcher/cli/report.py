"""`watcher report` and `watcher open`: the page, and a mail in the mail program."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from watcher import app as house
from watcher import plan
from watcher.cli import COMMANDS
from watcher.cli.cases import CASE, ledger
from watcher.cli.output import language
from watcher.errors import TransientError
from watcher.text import clean


@click.command("report", help=COMMANDS["report"].help)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Where to write the page.")
@click.option("--open", "opened", is_flag=True, help="Open it in the browser, too.")
def report_command(output: Path | None, *, opened: bool) -> None:
    """Write the page, and say where it is."""
    with ledger() as store:
        pages = house.pages(store, language())
        page = pages.write(output)
        click.echo(str(page))
        if opened and not pages.viewer.show_page(page.absolute()):
            raise TransientError(_("No browser could be opened: open the page yourself."))


@click.command("open", help=COMMANDS["open"].help)
@click.argument("number", metavar="ID", type=CASE)
def open_command(number: int) -> None:
    """Open a mail by its Message-ID."""
    with ledger() as store:
        case = store.case(number)
        place = plan.whereabouts(case, store.receipts(number))
    if not house.viewer().show_mail(case.message_id):
        raise TransientError(
            _("No mail program took it. Look for it in the folder “%s”, by its subject.") % clean(place.folder)
        )
