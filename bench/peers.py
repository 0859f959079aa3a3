"""Watcher beside what people would use instead: on the same mail, and on equal inboxes of one Dovecot, in one run.

Neighbours that are not installed are left out, and named.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import _imapfilter, _isbg
from bench._corpus import make_up, place, share, spread, unpack
from bench._daemon import Daemon, await_that, home, set_watch
from bench._figures import Figure, bare_start, publish
from bench._mailbox import deliver
from bench._mails import impostor, write
from bench._peer import Peer, find
from bench._rspamd import Rspamd
from bench._scanned import scan
from bench._spamassassin import Spamd
from tests.kit.dovecot import Dovecot
from watcher.model import State
from watcher.store.ledger import open_ledger

_INBOX = 1_000
_MADE_UP = "made-up mix"
_SHOWN = ("phish_world", "ham_commercial", "phish_ja", "ham_lists")
_HELD = {"phish_world", "ham_commercial", _MADE_UP}
"""The sets on which Watcher may cost no more than rspamd."""
_ROUNDS = 3
_STARTS = 7
_FOR_SPAMD = 60
"""It takes so long for a mail that some have to do."""
_SMALL = b"From: Kate <kate@friend.example>\r\nSubject: Minutes\r\n\r\nSee you.\r\n"


@dataclass(frozen=True, slots=True)
class Run:
    """What became of an inbox."""

    seconds: float
    moved: int


Filter = Callable[[Dovecot, str, Path], float]
"""Lets a program at that user's inbox, with a scratch folder; the seconds it took."""


@dataclass(frozen=True, slots=True)
class Program:
    """What can be let at an inbox."""

    name: str
    folder: str
    """Where it moves mail to."""
    needs: Sequence[str | None]
    """Programs, where they were found."""
    rounds: int
    run: Filter


def measure() -> tuple[list[Figure], list[str]]:
    """CPU a mail, then whole inboxes; and the names of those that are not here."""
    judges = {Rspamd.program: _beside_rspamd, Spamd.program: _judge_by_spamd}
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="watcher-bench-") as scratch:
        sets = unpack(place(), Path(scratch)) or _make_up(Path(scratch))
        figures = [figure for name, judge in judges.items() if find(name) for figure in judge(sets)]
        figures += _filter_inboxes([each for each in programs if all(each.needs)], share(sets, _INBOX))
    missing = [name for name in judges if not find(name)] + [each.name for each in programs if not all(each.needs)]
    return [*figures, bare_start()], missing


def _make_up(scratch: Path) -> dict[str, list[Path]]:
    return {
        _MADE_UP: make_up(scratch / _MADE_UP, write, _INBOX // 2),
        "phish, made up": make_up(scratch / "phish, made up", impostor, _INBOX // 2),
    }


# CPU a mail.


def _shown(sets: Mapping[str, Sequence[Path]]) -> list[str]:
    """Of the evaluation mail the sets that tell most; of any other mail all."""
    return [each for each in _SHOWN if each in sets] or list(sets)


def _beside_rspamd(sets: Mapping[str, Sequence[Path]]) -> list[Figure]:
    """`watcher scan` and a rspamd that is up and warm, in turns, and of each the least."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="watcher-bench-") as scratch, Rspamd() as rspamd:
        small = Path(scratch, "small.eml")
        small.write_bytes(_SMALL)
        start = min(scan(small)[1].cpu for _ in range(_STARTS))
        figures.append(Figure("`watcher scan` of one small mail: its start, CPU", 1000 * start, "ms"))
        for name in _shown(sets):
            figures += _compare(name, sets[name], rspamd, start)
        if asked := rspamd.asked():
            raise SystemExit(f"rspamd had {asked} questions for DNS: a module is on that should not be")
    return figures


def _compare(name: str, files: Sequence[Path], rspamd: Peer, start: float) -> list[Figure]:
    mails = [file.read_bytes() for file in files]
    folder = Path(os.path.commonpath(files))
    _check(rspamd, mails)  # for warming up
    rounds = [(_check(rspamd, mails), scan(folder)[1].cpu) for _ in range(_ROUNDS)]
    theirs, ours = (min(times) / len(mails) for times in zip(*rounds, strict=True))
    warm = ours - start / len(mails)
    budget = 1 if name in _HELD else None
    return [
        Figure(f"{name}, {len(mails):,} mails: CPU of rspamd a mail", 1000 * theirs, "ms"),
        Figure(f"{name}: CPU of `watcher scan` a mail, start included", 1000 * ours, "ms"),
        Figure(f"{name}: the same in rspamd's", ours / theirs, "×", budget),
        Figure(f"{name}: without its start, as rspamd's has none, in rspamd's", warm / theirs, "×", budget),
    ]


def _judge_by_spamd(sets: Mapping[str, Sequence[Path]]) -> list[Figure]:
    """For scale."""
    name = _shown(sets)[0]
    mails = [file.read_bytes() for file in spread(sets[name], _FOR_SPAMD)]
    with Spamd() as spamd:
        _check(spamd, mails)
        used = _check(spamd, mails) / len(mails)
    return [Figure(f"{name}, {len(mails)} mails of it: CPU of spamd a mail", 1000 * used, "ms")]


def _check(peer: Peer, mails: Sequence[bytes]) -> float:
    """CPU that it takes for these mails, one after another, in seconds."""
    before = peer.cpu()
    for mail in mails:
        peer.check(mail)
    return peer.cpu() - before


# Whole inboxes.


def _programs() -> list[Program]:
    behind_isbg = [_isbg.installed(), find("spamd"), find("spamc")]
    return [
        Program("Watcher", "Suspicious", [], _ROUNDS, _watch),
        Program("imapfilter", _imapfilter.FOLDER, [find("imapfilter")], _ROUNDS, _imapfilter.filter_inbox),
        Program("isbg", _isbg.FOLDER, behind_isbg, 1, _filter_by_isbg),
    ]


def _filter_inboxes(programs: Sequence[Program], files: Sequence[Path]) -> list[Figure]:
    """In turns, each in an inbox of its own with the same mail; of each the least."""
    mails = [file.read_bytes() for file in files]
    turns = [(number, each) for number in range(_ROUNDS) for each in programs if number < each.rounds]
    runs: dict[str, list[Run]] = {program.name: [] for program in programs}
    with Dovecot() as server, tempfile.TemporaryDirectory(prefix="watcher-bench-") as scratch:
        for number, program in turns:
            user = f"{program.name.lower()}{number}"
            runs[program.name].append(_run(program, server, user, mails, Path(scratch)))
    return _tell({name: min(tried, key=lambda run: run.seconds) for name, tried in runs.items()}, len(mails))


def _tell(runs: Mapping[str, Run], mails: int) -> list[Figure]:
    """The times, and how they compare."""
    figures: list[Figure] = []
    for name, run in runs.items():
        figures.append(Figure(f"an inbox of {mails:,} mails: {name}, from start to end", run.seconds, "s"))
        figures.append(Figure(f"the same: moved by {name}", run.moved, ""))
    ours = runs["Watcher"].seconds
    if isbg := runs.get("isbg"):
        figures.append(Figure("the same: isbg's time in Watcher's", isbg.seconds / ours, "×", least=30))
    if imapfilter := runs.get("imapfilter"):
        figures.append(Figure("the same: Watcher's time in imapfilter's", ours / imapfilter.seconds, "×", budget=4))
    return figures


def _run(program: Program, server: Dovecot, user: str, mails: Sequence[bytes], scratch: Path) -> Run:
    client = server.client(user)
    client.create_folder(program.folder)
    deliver(client, mails)
    seconds = program.run(server, user, scratch)
    moved = client.folder_status(program.folder, ["MESSAGES"])[b"MESSAGES"]
    client.shutdown()
    return Run(seconds, moved)


def _watch(server: Dovecot, user: str, _scratch: Path) -> float:
    """The daemon, from its start until every mail is judged and what is suspicious has been moved."""
    client = server.client(user)
    waiting = client.folder_status("INBOX", ["MESSAGES"])[b"MESSAGES"]
    client.shutdown()
    with home(server, [user]) as made:
        set_watch(made, history='"1d"', most_moves=str(waiting))
        with Daemon(made) as daemon:
            daemon.hear("ready:")
            ledger = open_ledger(made.folder / "state" / "watcher" / "ledger.sqlite")

            def is_done() -> bool:
                counts = ledger.counts()
                return sum(counts.values()) == waiting and State.MOVING not in counts

            took = await_that(is_done, pause=0.05) - daemon.started
            ledger.close()
    return took


def _filter_by_isbg(server: Dovecot, user: str, scratch: Path) -> float:
    with Spamd() as spamd:
        return _isbg.filter_inbox(server, user, spamd.port, scratch)


def _name(missing: Sequence[str]) -> str:
    return f"Left out, since not installed here: {', '.join(missing)}." if missing else ""


if __name__ == "__main__":
    measured, absent = measure()
    publish("peers", measured, _name(absent))
