"""`watcher forward-report`: a mail that tells whoever is posed as, prepared and never sent."""

from __future__ import annotations

from contextlib import closing
from gettext import gettext as _
from pathlib import Path

import click

from watcher import app as house
from watcher import learn, letters, paths, plan
from watcher.app import App
from watcher.cli import COMMANDS
from watcher.cli.cases import CASE, ledger
from watcher.cli.output import print_json
from watcher.errors import TransientError, UserError
from watcher.model import Brand, Case
from watcher.pages import write_private
from watcher.settings import load
from watcher.store.ledger import Ledger


@click.command("forward-report", help=COMMANDS["forward-report"].help)
@click.argument("number", metavar="ID", type=CASE)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Where to write the mail.")
@click.option("--open", "opened", is_flag=True, help="Open it in the mail program, too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.pass_obj
def forward_report_command(config: Path, number: int, output: Path | None, *, opened: bool, as_json: bool) -> None:
    """Write the mail, and say where it is and whom it is for."""
    with ledger() as store:
        case = store.case(number)
        app = house.build(load(config), house.Parts(store=store))
        recipient = letters.recipient(_brand(app, case))
        original = _fetch(app, store, case)
        letter = letters.complaint(original, case, _owner(app, case), recipient)
        file = output or paths.pages_dir() / f"report-{number}.eml"
        write_private(file, letter)
        app.opener.close()
    if as_json:
        print_json({"file": str(file), "to": recipient})
    else:
        click.echo(_("%s\nFor: %s. Nothing was sent: open it, look at it, and send it yourself.") % (file, recipient))
    if opened and not house.viewer().show_page(file.absolute()):
        raise TransientError(_("No mail program could be opened: open the file yourself."))


def _brand(app: App, case: Case) -> Brand | None:
    try:
        return app.tools.examiner.catalogue.brand(learn.posed_brand(case))
    except KeyError:
        return None


def _fetch(app: App, store: Ledger, case: Case) -> bytes:
    account = case.place.account
    if account not in app.pipelines:
        raise UserError(_("The account “%s” is no longer in the configuration.") % account)
    with closing(app.source(account)) as source:
        source.open()
        return source.whole(plan.whereabouts(case, store.receipts(case.id)))


def _owner(app: App, case: Case) -> str:
    """The reader's own address; empty where it is not known."""
    return next(iter(app.pipelines[case.place.account].rules.owner), "")
