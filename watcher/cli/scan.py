"""`watcher scan`: mail in files, judged and left as it is."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path

import click

from watcher.app import examiner
from watcher.attachments.cage import Cage
from watcher.cli import COMMANDS
from watcher.cli.output import in_words, language, print_json
from watcher.cli.progress import ProgressBar
from watcher.cores import share_out, uninterrupted
from watcher.errors import WatcherError
from watcher.model import Belief
from watcher.scanning import Scanned, Scanner, portions
from watcher.sources.folder import FolderReader
from watcher.text import clean

_INTERRUPTED = 130
"""Exit status of what was ended by Ctrl-C, as shells have it."""


@click.command("scan", help=COMMANDS["scan"].help)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for programs.")
@click.option("--authserv", help="Believe the Authentication-Results of this server, not the topmost ones.")
def scan_command(paths: tuple[Path, ...], authserv: str | None, *, as_json: bool) -> int:
    """Judge all messages. Exit status 0 all clean, 1 something suspicious, 2 something could not be read."""
    opener = Cage(one=True)
    scanner = Scanner(examiner(opener), Belief(authserv=authserv.lower()) if authserv else Belief(topmost=True))
    told: list[int] = []
    try:
        with (
            closing(share_out(scanner.scan, portions(paths), prepare=scanner.warm_up)) as judged,
            closing(_with_bar(paths, judged, as_json=as_json)) as results,
        ):
            for scanned in results:
                _print(scanned, as_json=as_json)
                told.append(scanned.status)
    except KeyboardInterrupt:
        click.echo(ngettext("Stopped after %d mail.", "Stopped after %d mails.", len(told)) % len(told), err=True)
        return _INTERRUPTED
    finally:
        opener.close()
    if not told:
        click.echo(_("There is no mail in it."), err=True)
    return max(told, default=0)


def _with_bar(paths: Sequence[Path], judged: Iterator[list[Scanned]], *, as_json: bool) -> Generator[Scanned]:
    """One by one, while a bar grows by the octets that were read: how many mails there are is not known beforehand."""
    with ProgressBar(_("Judging"), as_json=as_json) as bar:
        total = _octets(paths) if bar.seen else 0
        read = 0
        for count, scanned in enumerate((each for portion in judged for each in portion), 1):
            read += scanned.size
            yield scanned
            bar.show(min(read, total), total, str(count))


def _octets(paths: Sequence[Path]) -> int:
    """What lies in all these files together; those that cannot be read are told of later."""
    total = 0
    for path in paths:
        with suppress(WatcherError, OSError):
            total += sum(Path(file).stat().st_size for file in FolderReader([path]).folders())
    return total


def _print(scanned: Scanned, *, as_json: bool) -> None:
    with uninterrupted():  # a write that is broken off loses what it had in hand
        if as_json:
            print_json({"path": scanned.path, "index": scanned.index, **scanned.record})
        else:
            click.echo(_as_text(scanned))


def _as_text(scanned: Scanned) -> str:
    record = scanned.record
    name = clean(scanned.path, 200) + (f" [{scanned.index}]" if scanned.index is not None else "")
    reasons = [r["text"][language()] for r in record["reasons"] if r["direction"] == "against"]
    why = record["error"] or (reasons[0] if record["verdict"] == "suspicious" and reasons else "")
    return f"{in_words(record['verdict'])}  {name}" + (f"\n    {why}" if why else "")
