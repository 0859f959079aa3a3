"""The page on how well mail is judged: what is counted, and that nothing of the mail gets into it."""

from __future__ import annotations

import io
import json
import re
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bench._judged import Mail, Record, Tally, decider, read_answers, read_labels, repeats, tally, weigh
from bench._mails import impostor, write
from bench._scanned import Cost
from bench.quality import archives, main, measure, set_rows, table, write_page
from watcher.detectors import load
from watcher.model import Direction, Strength

FOLDER = Path("/mail")
SECRET = "Ermintrude"
"""Stands in everything that a line says of a mail, and nowhere else."""

NAME = ("brand_name", "against", "strong", "name")
LINK = ("foreign_links", "against", "medium", "link")
ROUTE = ("foreign_route", "against", "medium", "route")
WORDS = ("lure_wording", "against", "weak", "wording")
PROOF = ("official_sender", "for", "strong", "authentication")
MILD_PROOF = ("official_sender", "for", "medium", "authentication")

Fact = tuple[str, str, str, str]


def line(path: str, verdict: str | None, *facts: Fact) -> str:
    """What `watcher scan --json` prints of a mail."""
    reasons = [
        {
            **dict(zip(("detector", "direction", "strength", "facet"), fact, strict=True)),
            "text": {"ja": f"{SECRET}を名乗っています。", "en": f"It calls itself {SECRET}."},
            "quote": f"Dear {SECRET}",
            "where": "from.name",
        }
        for fact in facts
    ]
    record: dict[str, Any] = {
        "path": str(FOLDER / path),
        "index": None,
        "verdict": verdict,
        "score": 0.5,
        "claims": [{"brand": SECRET, "name": SECRET, "where": "subject"}],
        "reasons": reasons,
        "unseen": [f"{SECRET}.zip"],
        "defects": [],
        "error": None if verdict else f"{SECRET} cannot be read",
    }
    return json.dumps(record, ensure_ascii=False)


def mails(group: str, lines: Mapping[str, str], kinds: Mapping[str, str] | None = None) -> list[Mail]:
    """A set of such mails; each line with the path that it is of."""
    answers = read_answers((text for text in lines.values() if text), FOLDER)
    return [Mail(group, (kinds or {}).get(path, ""), answers.get(path)) for path in lines]


def judged(group: str, *cases: tuple[str | None, tuple[Fact, ...], str]) -> list[Mail]:
    """A set by verdicts, facts and labels."""
    paths = [f"{group}/{SECRET}-{number}.eml" for number in range(len(cases))]
    lines = {path: line(path, verdict, *facts) for path, (verdict, facts, _) in zip(paths, cases, strict=True)}
    return mails(group, lines, {path: kind for path, (_, _, kind) in zip(paths, cases, strict=True) if kind})


def phish() -> list[Mail]:
    """Two that were found, one that was missed, one that is genuine, one that owes no verdict."""
    return judged(
        "phish_made",
        ("suspicious", (NAME, LINK, WORDS), "brand"),
        ("suspicious", (NAME, LINK, ROUTE), "brand"),
        ("clean", (NAME, PROOF), "person"),
        ("suspicious", (NAME, ROUTE), "legit"),
        ("clean", (), "invented"),
        ("clean", (), ""),
    )


def ham() -> list[Mail]:
    """One that was left, one that was flagged, one that could not be read."""
    return judged("ham_made", ("clean", (LINK,), ""), ("suspicious", (NAME, LINK), ""), (None, (), ""))


# What was said of a mail.


def test_an_answer_keeps_facts_without_their_words() -> None:
    """Of a line there remain the verdict and the facts in their order, and neither words nor quotes nor claims."""
    (answer,) = read_answers([line("a.eml", "suspicious", NAME, LINK)], FOLDER).values()

    assert answer.suspicious
    assert [(fact.detector, fact.strength, fact.direction) for fact in answer.facts] == [
        ("brand_name", Strength.STRONG, Direction.AGAINST),
        ("foreign_links", Strength.MEDIUM, Direction.AGAINST),
    ]
    assert SECRET not in repr(answer)


def test_a_mail_that_could_not_be_read_has_no_answer() -> None:
    """A line with an error is no verdict, so that its mail counts as unread."""
    assert read_answers([line("a.eml", None)], FOLDER) == {}


@pytest.mark.parametrize("verdicts", [("suspicious", "clean"), ("clean", "suspicious")])
def test_a_file_is_what_its_worst_message_is(verdicts: tuple[str, str]) -> None:
    """Where a file holds several messages, it is flagged when one of them is, whichever comes first."""
    answers = read_answers([line("a", verdict, NAME, LINK) for verdict in verdicts], FOLDER)

    assert [answer.suspicious for answer in answers.values()] == [True]


def test_labels_of_no_known_kind_are_none() -> None:
    """A kind that the page does not explain cannot get into it."""
    rows = [{"path": "a", "kind": "brand", "brand": SECRET}, {"path": "b", "kind": SECRET}]

    assert read_labels([*map(json.dumps, rows), ""]) == {"a": "brand"}


# What is counted.


def test_sets_are_counted_whole_and_by_label() -> None:
    """Each set has a sum, and below it a row for each of its labels, in one order; ham has false alarms."""
    assert tally([*phish(), *ham()]) == [
        Tally("**ham_made**", "false alarms", 3, 1, 1),
        Tally("**phish_made**", "recall", 6, 3, 0),
        Tally("– brand", "recall", 2, 2, 0),
        Tally("– person", "recall", 1, 0, 0),
        Tally("– legit", "false alarms", 1, 1, 0),
        Tally("– invented", "owes no verdict", 1, 0, 0),
        Tally("– not labelled", "recall", 1, 0, 0),
    ]


def test_a_mail_that_was_not_reported_counts() -> None:
    """A mail of which the command printed nothing is one that was not flagged, and unread."""
    found = mails("phish_made", {"a.eml": line("a.eml", "suspicious", NAME, LINK), "b.eml": ""})

    assert tally(found) == [Tally("**phish_made**", "recall", 2, 1, 1)]


@pytest.mark.parametrize(
    ("detector", "record"),
    [
        ("brand_name", Record(against=4, in_favour=0, decided=3, needed=3)),
        ("foreign_links", Record(against=2, in_favour=0, decided=0, needed=1)),
        ("foreign_route", Record(against=2, in_favour=0, decided=0, needed=1)),
        ("lure_wording", Record(against=1, in_favour=0, decided=0, needed=0)),
        ("official_sender", Record(against=0, in_favour=1, decided=0, needed=0)),
        ("odd_link", Record(against=0, in_favour=0, decided=0, needed=0)),
    ],
)
def test_what_a_detector_did(detector: str, record: Record) -> None:
    """A detector is needed where the verdict falls without it, and decides where it comes first."""
    assert weigh(detector, phish()) == record


def test_a_detector_counts_once_a_mail() -> None:
    """Two facts of one detector on one mail are one mail in which it spoke."""
    found = judged("phish_made", ("suspicious", (NAME, NAME, LINK), ""))

    assert weigh("brand_name", found) == Record(against=1, in_favour=0, decided=1, needed=1)


def test_what_speaks_for_the_sender_never_decides() -> None:
    """The first reason *against* the sender decides, also where one for him comes before it."""
    (mail,) = judged("phish_made", ("suspicious", (MILD_PROOF, LINK, NAME), ""))

    assert mail.answer
    assert decider(mail.answer) == "foreign_links"


def test_what_judging_cannot_repeat_needs_nobody() -> None:
    """Where the facts do not give the verdict again, nothing can be said of what it rests on, and the page tells."""
    found = judged("phish_made", ("suspicious", (NAME,), ""))

    assert found[0].answer
    assert not repeats(found[0].answer)
    assert weigh("brand_name", found) == Record(against=1, in_favour=0, decided=1, needed=0)
    assert "1 verdicts do not follow" in write_page(found, {}, 10.0, "today")


# The page.


def test_a_table_is_readable_as_it_stands() -> None:
    """Words stand on the left, figures on the right, and all lines are as long."""
    assert table([("what", "n"), ("all", "1,000")]) == "| what |     n |\n| ---- | ----: |\n| all  | 1,000 |"


def test_cost_is_told_for_one_mail_of_a_whole_set() -> None:
    """Seconds of the set become milliseconds a mail, set against a bare start, and rows of labels have none."""
    _, whole, kind, *_ = set_rows(tally(phish()), {"phish_made": Cost(seconds=0.06, cpu=0.03)}, bare=20.0)

    assert whole[-5:] == ("50.0 %", "0", "10.00", "0.50 ×", "5.00")
    assert kind == ("– brand", "recall", "2", "2", "100.0 %", "0", "", "", "")


def test_errors_are_those_on_wanted_mail() -> None:
    """Ham and what is labelled genuine count as wanted, and are missing on the other side of the table."""
    page = write_page([*phish(), *ham()], {}, 10.0, "today")

    rows = {row[0]: row[1:] for row in (re.findall(r"[^|\s]+", text) for text in page.splitlines()) if row}
    assert rows["`brand_name`"] == ["3", "0", "2", "2", "0", "2", "2"]
    assert rows["`foreign_links`"] == ["2", "0", "0", "1", "0", "2", "0"]


def test_the_page_is_the_same_whatever_came_first() -> None:
    """Sets, labels and detectors have an order of their own."""
    found = [*phish(), *ham()]

    assert write_page(found, {}, 10.0, "today") == write_page(found[::-1], {}, 10.0, "today")


def test_every_detector_has_its_row() -> None:
    """Also a detector that never spoke is in the table: that it did not is worth knowing."""
    page = write_page(ham(), {}, 10.0, "today")

    assert re.findall(r"^\| `(\w+)`", page, re.MULTILINE) == [detector.name for detector in load()]


# The mail itself.


def corpus_of(folder: Path) -> Path:
    """A folder of two sets of made-up mail, one of them with labels."""
    sets = {"phish_made": [impostor(number) for number in range(3)], "ham_made": [write(number) for number in range(2)]}
    for name, contents in sets.items():
        with tarfile.open(folder / f"{name}.tar.xz", "w:xz") as packed:
            for number, content in enumerate(contents):
                member = tarfile.TarInfo(f"{name}/{SECRET}-{number}.eml")
                member.size = len(content)
                packed.addfile(member, io.BytesIO(content))
    labels = [{"path": f"phish_made/{SECRET}-{number}.eml", "kind": "brand", "brand": SECRET} for number in range(2)]
    (folder / "phish_made.labels.jsonl").write_text("".join(f"{json.dumps(label)}\n" for label in labels), "utf-8")
    return folder


def test_the_shipped_command_judges_a_corpus(tmp_path: Path) -> None:
    """Archives are unpacked, `watcher scan` judges them, and labels find their mail."""
    found, costs = measure(corpus_of(tmp_path))

    assert tally(found) == [
        Tally("**ham_made**", "false alarms", 2, 0, 0),
        Tally("**phish_made**", "recall", 3, 3, 0),
        Tally("– brand", "recall", 2, 2, 0),
        Tally("– not labelled", "recall", 1, 1, 0),
    ]
    assert all(repeats(mail.answer) for mail in found if mail.answer)
    assert all(cost.cpu > 0 and cost.seconds > 0 for cost in costs.values())


def test_nothing_of_a_mail_gets_into_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither what is written nor what is printed has a word of a mail, or of its file's name."""
    document = tmp_path / "quality.md"
    main(corpus_of(tmp_path), document)

    told = document.read_text("utf-8") + capsys.readouterr().out
    assert "phish_made" in told
    assert not [word for word in (SECRET, "日本郵便", "redelivery.example", ".eml", str(tmp_path)) if word in told]
    assert SECRET not in write_page([*phish(), *ham()], {}, 10.0, "today")


@pytest.mark.parametrize("corpus", ["nowhere", "."])
def test_without_mail_the_page_stays(corpus: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is no such folder, or no set in it, one line says so and the document is not touched."""
    document = tmp_path / "quality.md"
    document.write_text("measured before", "utf-8")
    (tmp_path / "other.tar.xz").touch()
    (tmp_path / "ham_made.labels.jsonl").touch()
    main(tmp_path / corpus, document)

    assert document.read_text("utf-8") == "measured before"
    assert len(capsys.readouterr().out.strip().splitlines()) == 1
    assert archives(tmp_path / corpus) == []
