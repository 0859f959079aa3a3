"""`watcher lessons`, `trust` and `forget`: what was learned, said in words, and taken back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path

import click

from watcher import brands, paths, report
from watcher.cli import COMMANDS
from watcher.cli.cases import CASE, ledger
from watcher.cli.decisions import decide
from watcher.cli.output import language, moment, print_json
from watcher.errors import UserError
from watcher.model import Catalogue, Choice, Lesson, LessonKind

_SENDER = re.compile(r"[^@\s<>]*@[^@\s<>.]+(\.[^@\s<>.]+)+")
"""An address, or a domain of two labels at least: nobody trusts all of .jp."""


@click.command("lessons", help=COMMANDS["lessons"].help)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for programs.")
def lessons_command(*, as_json: bool) -> None:
    """List the lessons that count."""
    with ledger() as store:
        lessons = store.lessons()
    catalogue = brands.load(paths.brands_dir()) if lessons else None
    for lesson in lessons:
        if as_json:
            print_json(_as_json(lesson, catalogue))
        else:
            _print(lesson, catalogue)
    if not lessons and not as_json:
        click.echo(_("Nothing was learned so far."))


@click.command("trust", help=COMMANDS["trust"].help)
@click.argument("sender", metavar="ID|ADDRESS|@DOMAIN")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.pass_obj
def trust_command(config: Path, sender: str, *, as_json: bool) -> int:
    """Trust the sender of a case, whose mail is restored as well, or any other sender."""
    if sender.isdecimal():
        return decide(config, Choice.TRUST, [int(sender)], as_json=as_json)
    if not _SENDER.fullmatch(sender):
        raise UserError(_("Say the number of a case, an address, or a domain as @example.org."))
    with ledger() as store:
        now, sender = datetime.now(UTC), sender.lower()
        for former in store.lessons():
            if former.kind is LessonKind.DISTRUST and former.sender == sender:
                store.forget_lesson(former.id, now)
        lesson = store.add_lesson(Lesson(sender, explicit=True, at=now))
    if as_json:
        print_json(_as_json(lesson))
    else:
        _print(lesson)
    return 0


@click.command("forget", help=COMMANDS["forget"].help)
@click.argument("numbers", metavar="ID...", nargs=-1, required=True, type=CASE)
def forget_command(numbers: tuple[int, ...]) -> None:
    """Take lessons back."""
    with ledger() as store:
        counting = {lesson.id for lesson in store.lessons()}
        if missing := [_("There is no lesson {number}.").format(number=n) for n in numbers if n not in counting]:
            raise UserError(*missing)
        for number in numbers:
            store.forget_lesson(number, datetime.now(UTC))
            click.echo(_("Lesson %d was taken back.") % number)


def _print(lesson: Lesson, catalogue: Catalogue | None = None) -> None:
    when = f"{moment(lesson.at)}  " if lesson.at else ""
    click.echo(f"{lesson.id:>5}  {when}{_sentence(lesson, language(), catalogue)}")
    source = _("from case %d; ") % lesson.case if lesson.case else ""
    click.echo("       " + source + _("to take it back: watcher forget %d") % lesson.id)


def _sentence(lesson: Lesson, language: str, catalogue: Catalogue | None) -> str:
    """What a lesson does, with the brand's name where it is known."""
    try:
        label = catalogue.brand(lesson.brand).label if catalogue and lesson.brand else None
    except KeyError:  # a file of the user's own that is there no more
        label = None
    named = replace(lesson, brand=report.in_language(label, language)) if label else lesson
    return report.lesson(named, language)


def _as_json(lesson: Lesson, catalogue: Catalogue | None = None) -> dict[str, object]:
    return {
        "id": lesson.id,
        "kind": lesson.kind.value,
        "sender": lesson.sender,
        "brand": lesson.brand,
        "detector": lesson.detector,
        "explicit": lesson.explicit,
        "case": lesson.case,
        "at": lesson.at.isoformat() if lesson.at else None,
        "text": {"ja": _sentence(lesson, "ja", catalogue), "en": _sentence(lesson, "en", catalogue)},
    }
