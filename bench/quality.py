"""How well mail is judged: recall and false alarms on real mail, and what each detector has to do with it.

The mail lies in archives SET.tar.xz, sets of what should be flagged (phish…) and of what must not be (ham…), in the
folder that the environment variable WATCHER_CORPUS names, or else in `../shared/corpus/dev` beside the repository.
SET.labels.jsonl says of single mails what they are. `watcher scan` judges them as it is shipped, and docs/quality.md is
written anew. The mail is other people's: nothing but counts is kept of it.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench._corpus import place
from bench._figures import bare_start
from bench._judged import KINDS, Mail, Tally, read_answers, read_labels, repeats, tally, weigh
from bench._scanned import Cost, scan
from watcher.detectors import load

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "quality.md"

_SET = re.compile(r"((?:phish|ham)\w*)\.tar\.xz", re.ASCII)

ABOUT = {
    "ham_brand": "genuine mail and newsletters of brands, some with headers cut or rewritten by their publishers",
    "ham_commercial": "genuine commercial mail of 2025 that once fooled another filter: the hardest there is",
    "ham_ja": "Japanese newsletters, and answers that shops send by themselves",
    "ham_lists": "mailing lists of 2002 to 2026, with 1 to 3 % of spam that slipped into some of them",
    "ham_news": "newsletters of 2002",
    "phish_ja": "Japanese mail of 2020 to 2023 that poses as a brand, without a word from its receiving server",
    "phish_lists_en": "English lures that reached mailing lists, among them some advance-fee fraud",
    "phish_world": "what traps were sent from 2022 to 2025, in five languages; a third of it is read and labelled",
}
"""What each set of the evaluation mail is; sets that are not here are measured as well."""

HEAD = """# How well mail is judged

Written by `make bench` where the evaluation mail is at hand; this page alone, from any folder of such sets, by

    WATCHER_CORPUS=DIR .venv/bin/python bench/quality.py

The mail is real, belongs to others and is no part of this repository: it was only counted. It was judged by
`watcher scan` with the catalogue that is shipped and without a mailbox, so that no sender is known and nothing was
learned. What detectors gain from such knowledge is not in these figures.
"""

SETS = """## Sets

Of a `phish…` set as much as possible should be flagged (**recall**), of a `ham…` set nothing (**false alarms**). A
wanted mail moved is worse than a bad mail missed. What could not be read (**unread**) counts as not flagged.
"""

LABELS = """Some mails were read and labelled. Each label has a row of its own, which says more than the sum of its set:
"""

INVENTED = """`invented` owes no verdict, because it impersonates nobody; it is in the sum of its set all the same.

Time is for one mail. The start of the command is in it, shared out among its set, which weighs on the small ones.
Beside it stands how many times `python -c pass` could run meanwhile, which took {bare:.3g} ms here.
"""

DETECTORS = """## Detectors

In how many mails each detector did what:

- **against**, **for**: it spoke against the sender, or for him.
- **decided**: the mail was flagged, and its reason against the sender is the first one, which the user is told.
- **needed**: the mail was flagged, and would not have been without it (`watcher/judge.py`, asked again without it).
- **erred**: it spoke against the sender of wanted mail. Alone that moves nothing; **erred and decided** does.

“Phish” is all mail of the `phish…` sets but what is labelled `legit`; “wanted” is that and all mail of the `ham…` sets.
A detector that speaks for the sender of phish is wrong too, unless that mail is harmless after all. Most mails are
flagged for two facts, so that several detectors can be needed for one; where there are three it may be none.
"""

Row = tuple[str, ...]


def write_page(mails: Sequence[Mail], costs: Mapping[str, Cost], bare: float, circumstances: str) -> str:
    """The whole document.

    Args:
        mails: all sets.
        costs: of each set.
        bare: milliseconds that `python -c pass` takes.
        circumstances: when, of what, and where it was measured.
    """
    groups = sorted({mail.group for mail in mails})
    about = [f"- `{group}`: {ABOUT[group]}." for group in groups if group in ABOUT]
    labels = [f"- `{kind}`: {meaning} ({rate})." for kind, (rate, meaning) in KINDS.items()]
    parts = [
        *(HEAD, circumstances, SETS, "\n".join(about), LABELS, "\n".join(labels), INVENTED.format(bare=bare)),
        *(table(set_rows(tally(mails), costs, bare), words=2), DETECTORS, table(detector_rows(mails))),
    ]
    if strange := sum(not repeats(mail.answer) for mail in mails if mail.answer):
        parts.append(f"{strange} verdicts do not follow from their reasons alone: “needed” leaves them out.")
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def set_rows(tallies: Sequence[Tally], costs: Mapping[str, Cost], bare: float) -> list[Row]:
    """The table of sets, its head first."""
    rows: list[Row] = [
        ("set", "the rate is", *("messages", "flagged", "rate", "unread"), *("ms", "bare starts", "ms of CPU"))
    ]
    for each in tallies:
        rate = f"{100 * each.flagged / each.messages:.1f} %"
        cost = costs.get(each.name.strip("*"))
        spent = _spend(cost, each.messages, bare) if cost else ("", "", "")
        rows.append(
            (each.name, each.rate_is, f"{each.messages:,}", f"{each.flagged:,}", rate, f"{each.unread:,}", *spent)
        )
    return rows


def _spend(cost: Cost, messages: int, bare: float) -> Row:
    wall, cpu = 1000 * cost.seconds / messages, 1000 * cost.cpu / messages
    return f"{wall:.2f}", f"{wall / bare:.2f} ×", f"{cpu:.2f}"


def detector_rows(mails: Sequence[Mail]) -> list[Row]:
    """The table of detectors, its head first; also those that never spoke."""
    wanted = [mail for mail in mails if mail.is_wanted]
    phish = [mail for mail in mails if not mail.is_wanted]
    rows: list[Row] = [
        ("detector", *("phish: against", "for", "decided", "needed"), *("wanted: for", "erred", "erred and decided"))
    ]
    for detector in load():
        found, wrong = weigh(detector.name, phish), weigh(detector.name, wanted)
        figures = (found.against, found.in_favour, found.decided, found.needed)
        errors = (wrong.in_favour, wrong.against, wrong.decided)
        rows.append((f"`{detector.name}`", *(f"{number:,}" for number in (*figures, *errors))))
    return rows


def table(rows: Sequence[Row], words: int = 1) -> str:
    """In Markdown, and readable as it stands.

    Args:
        rows: the head first.
        words: columns that stand on the left; the others are figures.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    sides = ["<" if number < words else ">" for number in range(len(widths))]
    rule = ["-" * width if side == "<" else "-" * (width - 1) + ":" for side, width in zip(sides, widths, strict=True)]
    shown = [[f"{cell:{side}{width}}" for cell, side, width in zip(row, sides, widths, strict=True)] for row in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (shown[0], rule, *shown[1:]))


def measure(corpus: Path) -> tuple[list[Mail], dict[str, Cost]]:
    """Judge all sets of the corpus, one after another."""
    mails: list[Mail] = []
    costs: dict[str, Cost] = {}
    for archive in archives(corpus):
        name = archive.name.partition(".")[0]
        listed = corpus / f"{name}.labels.jsonl"
        labels = read_labels(listed.read_text("utf-8").splitlines()) if listed.exists() else {}
        with tempfile.TemporaryDirectory(prefix="watcher-bench-") as scratch:
            folder = Path(scratch, "mail")
            with tarfile.open(archive) as packed:
                packed.extractall(folder, filter="data")
            paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
            lines, costs[name] = scan(folder)
            answers = read_answers(lines, folder)
        mails += [Mail(name, labels.get(path, ""), answers.get(path)) for path in paths]
    return mails, costs


def archives(corpus: Path) -> list[Path]:
    """The sets of the corpus by name; none where there is no such folder."""
    return sorted(path for path in corpus.glob("*") if _SET.fullmatch(path.name))


def _circumstances() -> str:
    commit = _git("rev-parse", "--short", "HEAD")
    changed = " with changes that are not committed" if commit and _git("status", "--porcelain", "watcher") else ""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {f'commit {commit}{changed}, ' if commit else ''}"
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} processors, "
        f"load {os.getloadavg()[0]:.1f}."
    )


def _git(*arguments: str) -> str:
    """What git says; nothing where it is not there or this is no repository."""
    command = ["git", "-C", str(ROOT), *arguments]
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed arguments
    except OSError:
        return ""
    return run.stdout.strip() if run.returncode == 0 else ""


def main(corpus: Path, document: Path) -> None:
    """Measure and write the document; without any mail say so and leave it as it is."""
    if not archives(corpus):
        print("no evaluation mail (WATCHER_CORPUS names no folder of sets): docs/quality.md is left as it is\n")
        return
    circumstances = _circumstances()
    mails, costs = measure(corpus)
    page = write_page(mails, costs, bare_start().value, circumstances)
    print(page[page.index("## Sets") :])
    document.write_text(page, "utf-8")


if __name__ == "__main__":
    main(place(), DOCUMENT)
