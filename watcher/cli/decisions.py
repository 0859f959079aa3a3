"""`watcher restore`, `confirm` and `delete`: what the user wants, beside a running daemon and without one.

The decision is written into the ledger first. Then the daemon is woken to carry it out; where none runs, the command
takes the daemon's lock and does it itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from time import monotonic, sleep

import click

from watcher import app as house
from watcher import learn, paths, plan
from watcher.cli import COMMANDS
from watcher.cli.cases import CASE, ledger
from watcher.cli.output import print_json
from watcher.daemon.control import ask
from watcher.daemon.watch import Watch
from watcher.errors import TransientError, UserError
from watcher.lock import Lock
from watcher.model import By, Choice, Decision, State
from watcher.settings import load, parse_duration
from watcher.settle import DONE, GONE
from watcher.store.ledger import Ledger

_MOVED = (State.MOVED, State.COPIED)
_ALL = 100_000

_PATIENCE = 60.0
"""Seconds for the daemon to carry a decision out."""


@click.command("restore", help=COMMANDS["restore"].help)
@click.argument("numbers", metavar="ID...", nargs=-1, type=CASE)
@click.option("--all", "everything", is_flag=True, help="All that was moved.")
@click.option(
    "--since", help="With --all: only what was moved in this time, such as 2d, or since a day, such as 2026-11-24."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for programs.")
@click.pass_obj
def restore_command(
    config: Path, numbers: tuple[int, ...], since: str | None, *, everything: bool, as_json: bool
) -> int:
    """Restore cases."""
    if bool(numbers) == everything or (since and not everything):
        raise UserError(_("Say which cases, or --all, with --since for the last ones only."))
    if everything:
        earliest = _moment(since, datetime.now(UTC)) if since else None
        with ledger() as store:
            moved = store.cases(_MOVED, limit=_ALL)
        numbers = tuple(case.id for case in moved if earliest is None or case.judged_at >= earliest)
        if not numbers and not as_json:
            click.echo(_("Nothing was moved."), err=True)
    return decide(config, Choice.RESTORE, numbers, as_json=as_json)


@click.command("confirm", help=COMMANDS["confirm"].help)
@click.argument("numbers", metavar="ID...", nargs=-1, type=CASE)
@click.option("--held", is_flag=True, help="All that is held back.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for programs.")
@click.pass_obj
def confirm_command(config: Path, numbers: tuple[int, ...], *, held: bool, as_json: bool) -> int:
    """Confirm cases."""
    if not numbers and not held:
        raise UserError(_("Say which cases, or --held for all that are held back."))
    if held:
        with ledger() as store:
            numbers = tuple(case.id for case in store.cases((State.HELD,), limit=_ALL))
        if not numbers and not as_json:
            click.echo(_("Nothing is held back."), err=True)
    return decide(config, Choice.CONFIRM, numbers, as_json=as_json)


@click.command("delete", help=COMMANDS["delete"].help)
@click.argument("numbers", metavar="ID...", nargs=-1, required=True, type=CASE)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for programs.")
@click.pass_obj
def delete_command(config: Path, numbers: tuple[int, ...], *, as_json: bool) -> int:
    """Delete the mail of cases."""
    return decide(config, Choice.DELETE, numbers, as_json=as_json)


def _moment(text: str, now: datetime) -> datetime:
    """The time that is meant by "2d", or by a day of this computer's calendar."""
    try:
        return now - parse_duration(text)
    except ValueError:
        try:
            return datetime.combine(date.fromisoformat(text), time()).astimezone()
        except ValueError:
            raise UserError(_("“%s” is neither a time, such as 2d, nor a day, such as 2026-11-24.") % text) from None


def decide(config: Path, choice: Choice, numbers: Sequence[int], *, as_json: bool) -> int:
    """Keep the decisions, have them carried out, and print their outcome. Exit status 0 when all were."""
    with ledger() as store:
        accounts = {store.case(number).place.account for number in numbers}
        # All or nothing: what can never be carried out is told before anything is done.
        if missing := accounts - {account.name for account in load(config).accounts}:
            words = _("The account “%s” is no longer in the configuration.")
            raise UserError(*(words % account for account in sorted(missing)))
        kept = [store.add_decision(Decision(choice, n, By.COMMAND, datetime.now(UTC))) for n in numbers]
        outcomes = _carry_out(config, store, kept)
        done = [decision for decision, outcome in zip(kept, outcomes, strict=True) if outcome == DONE]
        for decision, outcome in zip(kept, outcomes, strict=True):
            if as_json:
                print_json({"id": decision.case, "choice": choice.value, "outcome": outcome})
            else:
                click.echo(f"{decision.case}: {_done(store, decision) if decision in done else _in_words(outcome)}")
        if not as_json:
            _say_what_was_not_learned(store, done)
    return 0 if all(outcome == DONE for outcome in outcomes) else 1


def _carry_out(config: Path, store: Ledger, decisions: Sequence[Decision]) -> list[str]:
    lock = Lock(paths.state_dir() / "lock")
    if lock.acquire():
        try:
            _act(config, store, decisions)
        finally:
            lock.release()
    else:
        ask(paths.runtime_dir(), "wake")
    return [_await(store, decision) for decision in decisions]


def _act(config: Path, store: Ledger, decisions: Sequence[Decision]) -> None:
    """Do what the daemon would do, for the accounts that are concerned."""
    app = house.build(load(config), house.Parts(store=store))
    concerned = {store.case(decision.case).place.account for decision in decisions}
    for name in concerned:
        watch = Watch(app.pipelines[name], app.source(name))
        try:
            watch.settle()
        finally:
            watch.close()
    app.opener.close()


def _await(store: Ledger, decision: Decision) -> str:
    deadline = monotonic() + _PATIENCE
    while monotonic() < deadline:
        if outcome := store.decision(decision.id).outcome:
            return outcome
        sleep(0.05)
    raise TransientError(_("The daemon has not got to it yet; it will as soon as the server can be reached."))


def _done(store: Ledger, decision: Decision) -> str:
    """What was done, and where the mail lies now."""
    case = store.case(decision.case)
    receipts = store.receipts(case.id)
    folder = plan.whereabouts(case, receipts).folder
    match decision.choice:
        case Choice.CONFIRM:
            words = _("confirmed; the mail lies in {folder}")
        case Choice.DELETE:
            words = _("moved to the trash ({folder})")
        case Choice.TRUST if receipts:
            words = _("the sender is trusted from now on; the mail was taken back to {folder}")
        case Choice.TRUST:
            words = _("the sender is trusted from now on; the mail stays in {folder}")
        case _restore if receipts:
            words = _("taken back to {folder}")
        case _restore:
            words = _("left in {folder}; it is never moved again")
    return words.format(folder=folder)


def _in_words(outcome: str) -> str:
    return _("the mail is no longer where Watcher had put it") if outcome == GONE else outcome


def _say_what_was_not_learned(store: Ledger, done: Sequence[Decision]) -> None:
    """Of whose senders nothing was learned, since nobody confirms that they are the senders."""
    teaching = [decision for decision in done if decision.choice in {Choice.RESTORE, Choice.CONFIRM}]
    unknown = [each.case for each in teaching if learn.lesson(each, store.case(each.case), each.at) is None]
    if unknown:
        words = ngettext(
            "Nothing was learned of the sender of {cases}: your mail server does not confirm who sent this mail.",
            "Nothing was learned of the senders of {cases}: your mail server does not confirm who sent these mails.",
            len(unknown),
        )
        click.echo(words.format(cases=", ".join(map(str, unknown))))
