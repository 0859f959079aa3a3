"""`watcher scan`: mail in files, judged and left as it is."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import Any

import click

from watcher import report
from watcher.app import examiner
from watcher.attachments.cage import Cage
from watcher.cli import COMMANDS
from watcher.cli.output import in_words, language, print_json
from watcher.cli.progress import ProgressBar
from watcher.errors import WatcherError
from watcher.headers import split_fields
from watcher.model import Belief, Context, Mail
from watcher.pipeline import Examiner
from watcher.sources.folder import FolderReader
from watcher.text import clean

_INTERRUPTED = 130
"""Exit status of what was ended by Ctrl-C, as shells have it."""

_ADDRESSES = ("bcc", "cc", "from", "sender", "to")
_FIELDS = frozenset(
    ("date", "in-reply-to", "message-id", "received", "references", "reply-to", "return-path", "subject", *_ADDRESSES)
)
"""One of these names is in every mail (RFC 5322, 3.6); Comments and Keywords are in many other files."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """One message of a file, or a file that could not be read."""

    path: str
    index: int | None
    record: dict[str, Any]
    size: int = 0
    """Octets that have been read for it."""

    @property
    def status(self) -> int:
        """0 clean, 1 suspicious, 2 could not be read."""
        if self.record["error"]:
            return 2
        return int(self.record["verdict"] == "suspicious")


@click.command("scan", help=COMMANDS["scan"].help)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for programs.")
@click.option("--authserv", help="Believe the Authentication-Results of this server, not the topmost ones.")
def scan_command(paths: tuple[Path, ...], authserv: str | None, *, as_json: bool) -> int:
    """Judge all messages. Exit status 0 all clean, 1 something suspicious, 2 something could not be read."""
    belief = Belief(authserv=authserv.lower()) if authserv else Belief(topmost=True)
    opener = Cage()
    told: list[int] = []
    try:
        with closing(_with_bar(paths, _scan_each(paths, examiner(opener), belief), as_json=as_json)) as results:
            for scanned in results:
                _print(scanned, as_json=as_json)
                told.append(scanned.status)
    except KeyboardInterrupt:
        sys.stdout.flush()  # the rest of a line that was being printed: it is to be whole
        click.echo(ngettext("Stopped after %d mail.", "Stopped after %d mails.", len(told)) % len(told), err=True)
        return _INTERRUPTED
    finally:
        opener.close()
    if not told:
        click.echo(_("There is no mail in it."), err=True)
    return max(told, default=0)


def _with_bar(paths: Sequence[Path], results: Iterator[Scanned], *, as_json: bool) -> Generator[Scanned]:
    """The same, while a bar grows by the octets that were read: how many mails there are is not known beforehand."""
    with ProgressBar(_("Judging"), as_json=as_json) as bar:
        total = _octets(paths) if bar.seen else 0
        read = 0
        for count, scanned in enumerate(results, 1):
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


def _scan_each(paths: Sequence[Path], judge: Examiner, belief: Belief) -> Iterator[Scanned]:
    """Path by path, so that one whose folders cannot even be listed does not end the others."""
    for path in paths:
        try:
            yield from scan(FolderReader([path]), judge, belief)
        except (WatcherError, OSError) as problem:
            yield Scanned(str(path), None, _failure(str(problem)))


def scan(reader: FolderReader, judge: Examiner, belief: Belief) -> Iterator[Scanned]:
    """Judge every message that the reader has; what cannot be read is told, and the others go on."""
    context = Context(judge.catalogue, belief=belief)
    for path in reader.folders():
        try:
            numbers = reader.uids_from(path, 1)
            indexed = reader.indexed(path)
            for mail in reader.fetch(path, numbers):
                index = mail.place.uid - 1 if indexed else None
                yield Scanned(path, index, _judge(reader, judge, mail, context), mail.size)
        except WatcherError as problem:
            yield Scanned(path, None, _failure(str(problem)))


def _judge(reader: FolderReader, judge: Examiner, mail: Mail, context: Context) -> dict[str, Any]:
    if not any(name in _FIELDS for name, _value in split_fields(mail.header)):
        return _failure(_("This is no mail: none of its lines is a header field of one."))
    try:
        examination = judge.examine(reader, mail, context)
    except Exception as bug:  # noqa: BLE001 - one message's bug is told, and the others go on
        return _failure(f"{type(bug).__name__}: {bug}")
    record = report.as_record(examination.verdict)
    return {**record, "defects": list(examination.message.defects), "error": None}


def _failure(problem: str) -> dict[str, Any]:
    return {
        "verdict": None,
        "score": 0.0,
        "claims": [],
        "reasons": [],
        "unseen": [],
        "defects": [],
        "error": clean(problem, 300),
    }


def _print(scanned: Scanned, *, as_json: bool) -> None:
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
