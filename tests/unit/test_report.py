"""What people and programs are told of a case."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from typing import Any

import pytest

from tests.kit.ledger import CLAIM, VERDICT, a_case
from watcher import report
from watcher.model import Address, Case, Choice, Evidence, Facet, Sentence, State, Strength, Verdict, Where
from watcher.store.unusable import Fault

HOSTILE = {
    "control": "A\x00B\x1b[31m\x07\nC\r",
    "C1 control": "A\x9b31mB",
    "bidi": "A\u202eexe.B\u2066C\u200f",
    "invisible": "A\u200bB\ufeff\u00ad",
    "markup": "<b>A</b>&amp;<img src=x>",
    "leading dash": "--help",
    "end of quotation": "A」は本物の銀行です。「B",
    "surrogate": "A\ud800B",
    "long": "A" * 10_000,
    "many lines": "A\n" * 1000,
    "nothing": "",
}
FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories of what no notice may hold, but for the line feeds between its lines."""

PROGRAM = Evidence(
    Sentence("添付ファイルはプログラムです。", "The attachment is a program."),
    Strength.DECISIVE,
    Facet.ATTACHMENT,
    Where.ATTACHMENT,
)


def from_name(name: str, **changes: Any) -> Case:
    """A moved case whose sender calls itself so."""
    return a_case(author=Address(name, "info", "post.example"), **changes)


def words_of(lines: str) -> str:
    """All characters but the line feeds."""
    return lines.replace("\n", "")


# Notices.


@pytest.mark.parametrize(
    ("language", "summary", "body"),
    [
        (
            "ja",
            "メール 1 通を移動しました（なりすましの疑い）",
            "「日本郵便」を名乗るメール: 差出人名が日本郵便を名乗っています。",
        ),
        (
            "en",
            "Moved 1 mail that poses as somebody else",
            "Sender's name 「日本郵便」: The sender's name is that of Japan Post.",
        ),
    ],
)
def test_one_case(language: str, summary: str, body: str) -> None:
    """One moved mail: what happened, whose it says to be, the reason that decided, and the way back."""
    notice = report.notice([a_case(id=4)], language, "full")

    assert (notice.summary, notice.body, notice.token) == (summary, body, "4")
    assert [button.choice for button in notice.buttons] == [Choice.RESTORE, Choice.DETAILS, Choice.DELETE]
    assert all(button.label for button in notice.buttons)


@pytest.mark.parametrize(
    ("language", "summary", "last"),
    [
        ("ja", "メール 5 通を移動しました（なりすましの疑い）", "ほか 2 件"),
        ("en", "Moved 5 mails that pose as somebody else", "and 2 more"),
    ],
)
def test_many_cases(language: str, summary: str, last: str) -> None:
    """Many mails are one notice: the newest three by name, the others by number, all of them in its token."""
    cases = [from_name(f"Sender {number}", id=number) for number in range(1, 6)]

    notice = report.notice(cases, language, "full")

    assert notice.summary == summary
    named = [line.partition("「")[2].partition("」")[0] for line in notice.body.split("\n")[:3]]
    assert named == [f"Sender {n}" for n in (5, 4, 3)]
    assert notice.body.split("\n")[3:] == [last]
    assert notice.token == "1,2,3,4,5"


@pytest.mark.parametrize(
    ("detail", "body"),
    [
        ("full", "Sender's name 「日本郵便」: The sender's name is that of Japan Post."),
        ("sender", "「日本郵便」"),
        ("none", ""),
    ],
)
def test_detail(detail: str, body: str) -> None:
    """What shows on a lock screen is what the configuration says, and no more."""
    assert report.notice([a_case()], "en", detail).body == body


def test_no_detail_of_many() -> None:
    """Without detail not even the number of the others stands in the body."""
    assert report.notice([a_case(uid) for uid in range(9)], "en", "none").body == ""


@pytest.mark.parametrize(
    ("states", "summary"),
    [
        ([State.MOVED, State.MOVED], "Moved 2 mails that pose as somebody else"),
        (
            [State.COPIED],
            "1 suspicious mail was only copied and still is in your inbox: this server cannot move safely",
        ),
        ([State.HELD], "1 suspicious mail was left in place: too many at once"),
        ([State.MARKED, State.MARKED], "2 suspicious mails in your inbox"),
        (
            [State.MOVED, State.HELD, State.HELD],
            "Moved 1 mail that poses as somebody else / 2 suspicious mails were left in place: too many at once",
        ),
    ],
)
def test_the_summary_counts_what_really_happened(states: list[State], summary: str) -> None:
    """Nobody is told that mail was moved which still lies in the inbox."""
    assert report.notice([a_case(uid, state=s) for uid, s in enumerate(states)], "en", "full").summary == summary


def test_held_mail_has_nothing_to_restore() -> None:
    """A notice of held mail alone offers its details only."""
    notice = report.notice([a_case(state=State.HELD)], "en", "full")

    assert [button.choice for button in notice.buttons] == [Choice.DETAILS]


@pytest.mark.parametrize(("reason", "urgent"), [(PROGRAM, True), (VERDICT.reasons[0], False)])
def test_a_program_is_urgent(reason: Evidence, urgent: bool) -> None:  # noqa: FBT001 - a table
    """Only mail with a program in it may break through "do not disturb"."""
    case = a_case(verdict=Verdict(suspicious=True, score=0.95, reasons=(reason,)))

    assert report.notice([case], "en", "full").urgent is urgent


# Hostile mail.


@pytest.mark.parametrize("detail", ["full", "sender", "none"])
@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_sender_in_a_notice(name: str, detail: str) -> None:
    """No control, bidi, invisible or markup character, no option, no endless name, no way out of the quotation."""
    notice = report.notice([from_name(name, subject=name)], "ja", detail)
    head = notice.body.removesuffix(report.reason(a_case(), "ja")).replace("を名乗るメール: ", "").strip()

    assert not {unicodedata.category(character) for character in notice.body} & FORBIDDEN
    assert not set("<>&") & set(notice.body)
    assert not notice.body.startswith("-")
    assert "\n" not in notice.body
    assert len(head) <= 42
    assert head.count("「") == head.count("」") == (0 if detail == "none" else 1)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_the_summary_holds_nothing_from_the_mail(name: str) -> None:
    """Whatever the mail says, the summary is the same."""
    hostile = from_name(name, subject=name, message_id=name)

    assert report.notice([hostile], "en", "full").summary == report.notice([a_case()], "en", "full").summary
    assert report.details(hostile, "en").summary == report.details(a_case(), "en").summary


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_sender_in_the_details(name: str) -> None:
    """The details are as clean as the notice, and one line a fact."""
    case = replace(from_name(name), author=Address(name, name, "post.example"))
    notice = report.details(case, "en")

    assert not {unicodedata.category(character) for character in words_of(notice.body)} & FORBIDDEN
    assert not set("<>&") & set(notice.body)
    assert not notice.body.startswith("-")
    assert notice.body.count("\n") == 2
    assert len(notice.body) < 300


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_the_address_is_always_seen(name: str) -> None:
    """However a sender calls itself, the address stands behind it, and cannot be pushed out of sight."""
    assert report.author(from_name(name)).endswith("<info@post.example>")


def test_details_give_all_reasons_against_the_sender() -> None:
    """Who it says to be, with the address, each fact against it, none for it, and where there is more."""
    reasons = (*VERDICT.reasons, PROGRAM)
    notice = report.details(a_case(id=4, verdict=replace(VERDICT, reasons=reasons)), "en")

    assert notice.body.split("\n") == [
        "「日本郵便」 ‹info@post.example›",
        "The sender's name is that of Japan Post.",
        "The attachment is a program.",
        "More: watcher show 4",
    ]
    assert [button.choice for button in notice.buttons] == [Choice.RESTORE]
    assert notice.token == "4"


def test_details_are_bounded() -> None:
    """A mail with a thousand reasons gives a notice that still fits a screen, and still tells where there is more."""
    case = a_case(id=4, verdict=replace(VERDICT, reasons=(PROGRAM,) * 1000))

    lines = report.details(case, "ja").body.split("\n")

    assert len(lines) <= 10
    assert "watcher show 4" in lines[-1]


def test_a_case_without_a_verdict_has_no_reason() -> None:
    """A mail that could not be judged is told without one."""
    case = a_case(verdict=None)

    assert report.reason(case, "en") == ""
    assert report.against(case) == report.in_favour(case) == ()


def test_facts_are_told_apart() -> None:
    """What speaks for the sender is never listed as speaking against it."""
    assert report.against(a_case()) == VERDICT.reasons[:1]
    assert report.in_favour(a_case()) == VERDICT.reasons[1:]


# For programs.


def test_as_record() -> None:
    """A verdict for programs has the keys and words of the contract, and can be written as JSON."""
    record = report.as_record(VERDICT)

    assert record == {
        "verdict": "suspicious",
        "score": 0.97,
        "claims": [{"brand": CLAIM.brand, "name": "日本郵便", "where": "from.name"}],
        "reasons": [
            {
                "detector": "brand_name",
                "direction": "against",
                "strength": "strong",
                "facet": "name",
                "text": {
                    "ja": "差出人名が日本郵便を名乗っています。",
                    "en": "The sender's name is that of Japan Post.",
                },
                "quote": VERDICT.reasons[0].quote,
                "where": "from.name",
            },
            {
                "detector": "",
                "direction": "for",
                "strength": "weak",
                "facet": "domain",
                "text": {"ja": "正規です。", "en": "Genuine."},
                "quote": "",
                "where": "link",
            },
        ],
        "unseen": ["請求書.zip"],
    }
    assert json.loads(json.dumps(record)) == record


def test_a_clean_verdict_as_record() -> None:
    """Clean mail has the same keys."""
    record = report.as_record(Verdict(suspicious=False, score=0.1))

    assert record == {"verdict": "clean", "score": 0.1, "claims": [], "reasons": [], "unseen": []}


@pytest.mark.parametrize("fault", [fault.value for fault in Fault])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_ledger_that_was_put_aside(fault: str, language: str) -> None:
    """The notice says what happened, where the ledger is kept and what that means, in clean text."""
    notice = report.begun_anew(fault, "/home/<b>taro</b>/ledger-\x1b[31m.sqlite", language)

    assert len(notice.body.splitlines()) == (4 if fault == "newer" else 3)
    assert "ledger-" in notice.body
    assert not {"<", ">", "\x1b"} & set(notice.body)
    assert not notice.buttons
