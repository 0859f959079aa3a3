"""What was said of real mail, read and counted: of the mail itself nothing is kept but how often."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from watcher.judge import judge
from watcher.model import Direction, Evidence, Facet, Sentence, Strength, Where

KINDS = {
    "brand": ("recall", "poses as a brand"),
    "person": ("recall", "poses as a person"),
    "generic": ("recall", "poses as somebody without a name, such as “the mail administrator”; most should be found"),
    "legit": ("false alarms", "genuine mail that lay among the rest, and must stay"),
    "invented": ("owes no verdict", "plain spam that poses as nobody"),
    "unclear": ("owes no verdict", "whoever read it could not tell"),
}
"""Labels: what their rate is, and what they mean."""

_UNLABELLED = "not labelled"
_SILENT = Sentence("", "")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of one mail. Of the mail itself it holds nothing."""

    suspicious: bool
    facts: tuple[Evidence, ...] = ()
    """The one that decided first; without their words and quotes."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of a set."""

    group: str
    """The name of the set."""
    kind: str
    """Its label, one of KINDS; empty where nobody has labelled it."""
    answer: Answer | None
    """None where it could not be read."""

    @property
    def is_flagged(self) -> bool:
        """Whether it was found to be suspicious."""
        return self.answer is not None and self.answer.suspicious

    @property
    def is_wanted(self) -> bool:
        """Whether it has to stay where it is."""
        return not self.group.startswith("phish") or self.kind == "legit"


@dataclass(frozen=True, slots=True)
class Tally:
    """A set, or the mails of one label in it."""

    name: str
    rate_is: str
    messages: int
    flagged: int
    unread: int


@dataclass(frozen=True, slots=True)
class Record:
    """In how many mails of the phish sets, or of wanted ones, a detector did what."""

    against: int
    in_favour: int
    decided: int
    needed: int


def read_answers(lines: Iterable[str], folder: Path) -> dict[str, Answer]:
    """What `watcher scan --json` printed, by path below the folder; files that could not be read are left out.

    Of several messages in one file the file is what the worst of them is.
    """
    answers: dict[str, Answer] = {}
    for record in map(json.loads, lines):
        path = Path(record["path"]).relative_to(folder).as_posix()
        if record["verdict"] is not None and not (path in answers and answers[path].suspicious):
            facts = tuple(map(_read_fact, record["reasons"]))
            answers[path] = Answer(record["verdict"] == "suspicious", facts)
    return answers


def _read_fact(reason: Mapping[str, str]) -> Evidence:
    return Evidence(
        _SILENT,
        Strength[reason["strength"].upper()],
        Facet(reason["facet"]),
        Where(reason["where"]),
        Direction(reason["direction"]),
        detector=reason["detector"],
    )


def read_labels(lines: Iterable[str]) -> dict[str, str]:
    """The kind of each mail that has a known one, by path."""
    rows = [json.loads(line) for line in lines if line.strip()]
    return {row["path"]: row["kind"] for row in rows if row["kind"] in KINDS}


def tally(mails: Sequence[Mail]) -> list[Tally]:
    """Sets in the order of their names; below each that has labels, its kinds in the order of KINDS."""
    tallies = []
    for group in sorted({mail.group for mail in mails}):
        whole = [mail for mail in mails if mail.group == group]
        rate_is = "false alarms" if group.startswith("ham") else "recall"
        tallies.append(_count(f"**{group}**", rate_is, whole))
        kinds = {mail.kind for mail in whole}
        if kinds != {""}:
            shown = [kind for kind in (*KINDS, "") if kind in kinds]
            tallies += [_count_kind(kind, rate_is, [mail for mail in whole if mail.kind == kind]) for kind in shown]
    return tallies


def _count_kind(kind: str, rate_is: str, mails: Sequence[Mail]) -> Tally:
    return _count(f"– {kind or _UNLABELLED}", KINDS[kind][0] if kind else rate_is, mails)


def _count(name: str, rate_is: str, mails: Sequence[Mail]) -> Tally:
    unread = sum(mail.answer is None for mail in mails)
    return Tally(name, rate_is, len(mails), sum(mail.is_flagged for mail in mails), unread)


def weigh(detector: str, mails: Iterable[Mail]) -> Record:
    """What a detector did in these mails."""
    answers = [mail.answer for mail in mails if mail.answer]
    return Record(
        against=sum(_speaks(detector, answer, Direction.AGAINST) for answer in answers),
        in_favour=sum(_speaks(detector, answer, Direction.FOR) for answer in answers),
        decided=sum(decider(answer) == detector for answer in answers),
        needed=sum(_is_needed(detector, answer) for answer in answers),
    )


def _speaks(detector: str, answer: Answer, direction: Direction) -> bool:
    return any(fact.detector == detector and fact.direction is direction for fact in answer.facts)


def decider(answer: Answer) -> str:
    """The detector whose fact against the sender comes first in a suspicious verdict; empty for any other."""
    against = (fact.detector for fact in answer.facts if fact.direction is Direction.AGAINST)
    return next(against, "") if answer.suspicious else ""


def _is_needed(detector: str, answer: Answer) -> bool:
    others = [fact for fact in answer.facts if fact.detector != detector]
    return answer.suspicious and repeats(answer) and not judge(others).suspicious


def repeats(answer: Answer) -> bool:
    """Whether judging the facts again gives the same verdict, so that one can ask what it rests on."""
    return judge(answer.facts).suspicious == answer.suspicious
