"""`watcher list` and `watcher show`: what was found, and why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from gettext import gettext as _

import click
from click.shell_completion import CompletionItem

from watcher import paths, report
from watcher.cli import COMMANDS
from watcher.cli.output import case_as_json, language, moment, print_json
from watcher.errors import WatcherError
from watcher.model import Case, Choice, State
from watcher.store.ledger import Ledger, open_ledger
from watcher.text import clean

_SUSPICIOUS = tuple(state for state in State if state not in {State.CLEAN, State.FOREIGN})


@contextmanager
def ledger() -> Iterator[Ledger]:
    """The ledger, for as long as it is needed."""
    store = open_ledger(paths.ledger_file())
    try:
        yield store
    finally:
        store.close()


class CaseNumber(click.IntRange):
    """The number of a case: what the ledger can hold. The Tab key offers the newest ones, with their subjects."""

    def __init__(self) -> None:
        super().__init__(1, 2**63 - 1)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        """Those whose number begins so; none where the ledger cannot be read: this is no moment to complain."""
        del ctx, param
        try:
            with ledger() as store:
                newest = store.cases(_SUSPICIOUS, limit=20)
        except WatcherError:
            return []
        found = [case for case in newest if str(case.id).startswith(incomplete)]
        return [CompletionItem(str(case.id), help=clean(case.subject, 60)) for case in found]


CASE = CaseNumber()


@click.command("list", help=COMMANDS["list"].help)
@click.option("--all", "everything", is_flag=True, help="Also the mail that was found clean.")
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(1, 1_000_000), help="The most cases to list."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for programs.")
def list_command(limit: int, *, everything: bool, as_json: bool) -> None:
    """List cases."""
    with ledger() as store:
        found = store.cases(() if everything else _SUSPICIOUS, limit=limit)
    for case in found:
        if as_json:
            print_json(case_as_json(case))
        else:
            _print_line(case)
    if not found and not as_json:
        click.echo(_("Nothing was found so far."))


@click.command("show", help=COMMANDS["show"].help)
@click.argument("number", metavar="ID", type=CASE)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def show_command(number: int, *, as_json: bool) -> None:
    """Show one case."""
    with ledger() as store:
        case = store.case(number)
    if as_json:
        print_json(case_as_json(case))
    else:
        _print_case(case)


def _print_line(case: Case) -> None:
    click.echo(f"{case.id:>5}  {moment(case.date)}  {report.state(case.state, language())}  {report.author(case)}")
    click.echo(f"       {clean(case.subject, 100)}")
    if why := report.reason(case, language()):
        click.echo(f"       {why}")


def _print_case(case: Case) -> None:
    rows = {
        _("From"): report.author(case),
        _("Subject"): clean(case.subject, 120),
        _("Date"): moment(case.date),
        _("Account"): f"{clean(case.place.account)} / {clean(case.place.folder)}",
        _("State"): report.state(case.state, language()),
    }
    for label, value in rows.items():
        click.echo(f"{label}: {value}")
    _print_facts(
        _("What speaks against the sender:"), [report.in_language(f.text, language()) for f in report.against(case)]
    )
    _print_facts(
        _("What speaks for the sender:"), [report.in_language(f.text, language()) for f in report.in_favour(case)]
    )
    if case.verdict and case.verdict.unseen:
        _print_facts(_("Attachments that were not looked into:"), [clean(name) for name in case.verdict.unseen])
    for choice, words in _offers().items():
        if choice in report.commands(case):
            click.echo(f"{words}: watcher {choice.value} {case.id}")


def _offers() -> dict[Choice, str]:
    return {
        Choice.RESTORE: "\n" + _("To take it back"),
        Choice.TRUST: _("To trust its sender from now on"),
        Choice.CONFIRM: _("To say that it does pose as somebody else"),
        Choice.DELETE: _("To move it to the trash"),
    }


def _print_facts(heading: str, facts: list[str]) -> None:
    if facts:
        click.echo("\n" + heading)
    for fact in facts:
        click.echo(f"  • {fact}")
