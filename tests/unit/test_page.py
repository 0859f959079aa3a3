"""The report as a page: what it says, and what it must never say."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.kit import surveys
from tests.kit.inquiries import Row, catalogue, mail
from tests.kit.report_pages import Elements, survey, text
from tests.kit.surveys import NOW, case_of, month
from watcher import detectors
from watcher.letters import COUNCIL
from watcher.model import Address, Campaign, Case, Imprint, Lesson, LessonKind, State
from watcher.page import render
from watcher.page.consequences import KNOWN_BY, consequences

Change = Callable[[Case], Case]


# What happens if it is opened.

PLAIN = mail(author="日本郵便 <info@parcel.example>", subject="お知らせ")


def holding(*files: str) -> Change:
    """A case whose mail has these files."""
    return lambda case: replace(case, imprint=Imprint(files=files))


def leading(*hosts: str) -> Change:
    """A case whose links lead there."""
    return lambda case: replace(case, imprint=Imprint(hosts=hosts))


def as_it_is(case: Case) -> Case:
    """The case unchanged."""
    return case


HAPPENS: dict[str, tuple[Row, Change, list[str]]] = {
    "a program in an archive": (surveys.parcel(1), as_it_is, ["starts a program"]),
    "a program by its name alone": (PLAIN, holding("invoice.pdf.exe"), ["starts a program"]),
    "a program deep inside": (PLAIN, holding("a.zip", "b/c.zip!d/委託運送状.scr"), ["starts a program"]),
    "a disk image": (PLAIN, holding("scan.iso"), ["disk image"]),
    "a page": (PLAIN, holding("Voicemail.html"), ["opens as a page in the browser"]),
    "a picture": (PLAIN, holding("photo.jpg"), ["cannot be told"]),
    "a locked archive": (surveys.locked(), as_it_is, ["is locked"]),
    "a QR code": (surveys.code(), as_it_is, ["QR code opens a page on your telephone"]),
    "a link elsewhere": (surveys.card(1), as_it_is, ["vpass-1[.]card-check[.]example, which is not that of Sumitomo"]),
    "a link home": (PLAIN, leading("www.post.japanpost.jp"), ["cannot be told"]),
    "a link home and one elsewhere": (PLAIN, leading("www.post.japanpost.jp", "evil.example"), ["evil[.]example"]),
    "a link from nobody": (mail(author="a@b.example"), leading("evil.example"), ["leads to a page at evil[.]example."]),
    "an answer, and a link": (surveys.refund(), as_it_is, ["e-tax[.]refund-notice[.]example", "An answer goes to"]),
    "a program and a link": (
        PLAIN,
        lambda case: replace(case, imprint=Imprint(hosts=("evil.example",), files=("a.exe",))),
        ["starts a program", "evil[.]example"],
    ),
    "nothing that can be told": (PLAIN, as_it_is, ["cannot be told"]),
}


@pytest.mark.parametrize(("row", "change", "expected"), HAPPENS.values(), ids=HAPPENS)
def test_consequences(row: Row, change: Change, expected: list[str]) -> None:
    """What happens is told from the facts, the worst first, and never more than they say."""
    told = consequences(change(case_of(1, row, 0)), catalogue(), "en")

    assert len(told) == len(expected), told
    assert all(words in sentence for words, sentence in zip(expected, told, strict=True)), told


def test_dangers_are_known_by_detectors_that_exist() -> None:
    """No detector was renamed or taken away without what is told of its facts."""
    assert set(KNOWN_BY) <= {detector.name for detector in detectors.load()}


# What the page says.


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Mail that poses as somebody else", "21 mails moved", "1 of them taken back by you", "28 Oct 2026"]),
        ("ja", ["なりすましメールの記録", "21 移動したメール", "1 うち、元に戻したもの", "2026年10月28日"]),
    ],
)
def test_the_head(language: str, words: list[str]) -> None:
    """The head counts what was moved and taken back, since when, in the reader's language."""
    page = render(month(), language)

    assert Elements(page).all("html")[0]["lang"] == language
    assert all(each in text(page) for each in words), text(page)[:600]


def test_each_mail_is_told_in_full() -> None:
    """A mail stands there with sender, subject, date, account, state, all its facts, and what the brand says of it."""
    case = case_of(12, surveys.parcel(12), 1)
    assert case.verdict is not None
    words = text(render(survey(case), "ja"))

    assert all(fact.text.ja in words for fact in case.verdict.reasons)
    assert words.index(case.verdict.reasons[0].text.ja) < words.index(case.verdict.reasons[1].text.ja)
    for each in ("info@parcel-office.example", case.subject, "2026年11月23日 18:00", "home", "INBOX", "移動済み"):
        assert each in words
    assert "日本郵便追跡180712.zip" in words
    assert "委託運送状.exe" in words
    assert "2026-11-24 閲覧" in words
    assert COUNCIL in words


COMMANDS = {
    State.MOVED: "open restore trust confirm delete forward-report",
    State.HELD: "open restore trust confirm forward-report",
    State.RELEASED: "open confirm trust",
    State.DELETED: "restore",
    State.REPORTED: "open restore trust delete forward-report",
    State.VANISHED: "",
    State.MOVING: "",
}


@pytest.mark.parametrize(("state", "commands"), COMMANDS.items(), ids=str)
def test_commands_are_those_that_the_state_allows(state: State, commands: str) -> None:
    """Each command stands there to be copied, whole and with the mail's number, and none that would be refused."""
    page = render(survey(case_of(12, surveys.parcel(12), 1, state=state)), "en")

    assert re.findall(r"<code>(.*?)</code>", page) == [f"watcher {command} 12" for command in commands.split()]


def test_the_mail_that_was_asked_for_comes_first() -> None:
    """The focus stands above all else, open, once; all others are closed."""
    elements = Elements(render(month(focus=7), "en"))
    ids = [attributes["id"] for attributes in elements.all("article")]

    assert ids[0] == "mail-7"
    assert sorted(map(str, ids)) == sorted(f"mail-{case.id}" for case in month().cases)
    assert [number for number, each in enumerate(elements.all("details")) if "open" in each] == [0]
    assert elements.text.index("The mail that you asked about") < elements.text.index("At a glance")


def test_a_focus_alone_is_a_whole_page() -> None:
    """One mail that was asked for, and no other, has no empty list below it."""
    words = text(render(survey(case_of(7, surveys.card(7), 1), focus=7), "en"))

    assert "The mail that you asked about" in words
    assert "All other mails" not in words
    assert "Nothing so far" not in words


@pytest.mark.parametrize(("language", "calm"), [("en", "Nothing so far"), ("ja", "まだ何もありません")])
def test_an_empty_page_is_calm(language: str, calm: str) -> None:
    """Where nothing was found the page says so, and shows no chart, no table and no advice for victims."""
    elements = Elements(render(survey(), language))

    assert calm in elements.text
    assert not elements.all("svg") + elements.all("table") + elements.all("article")


def test_a_case_without_a_verdict() -> None:
    """A mail without reasons and without a brand is shown all the same."""
    words = text(render(survey(case_of(3, PLAIN, 1, verdict=None, author=Address(), subject="")), "en"))

    assert "(no sender)" in words
    assert "(no subject)" in words
    assert "No organisation named" in words


@pytest.mark.parametrize(
    ("days", "weekly", "bars"), [(0, False, 14), (20, False, 21), (29, False, 30), (200, True, 26)]
)
def test_days_become_weeks(days: int, weekly: bool, bars: int) -> None:  # noqa: FBT001 - a table
    """The chart has a fortnight at least, thirty days at most, and weeks for what is longer."""
    cases = [case_of(number, PLAIN, ago) for number, ago in enumerate({0, days}, 1)]
    page = render(survey(*cases), "en")

    assert ("Suspicious mails by week" in page) is weekly
    assert page.count('class="count" x=') == len([ago for ago in {0, days} if ago < 7 * bars])


def test_brands_beyond_six_are_one() -> None:
    """The chart tells six brands apart; the table names them all."""
    names = ["日本郵便", "三井住友カード", "楽天カード", "佐川急便", "国税庁", "Amazon", "Microsoft", "PayPal"]
    cases = [case_of(n, mail(author=f"{name} <a@b.example>"), 1) for n, name in enumerate(names, 1)]
    page = render(survey(*cases), "en")

    assert page.count('class="swatch"') == 7
    assert page.count('<th scope="row">') == 8


def test_a_campaign_leads_to_its_mails() -> None:
    """A campaign has its numbers, its days and a link to each mail, and each mail a link to the others."""
    page = render(month(), "en")
    elements = Elements(page)
    anchors = {attributes["id"] for _, attributes in elements.elements if attributes.get("id")}
    links = [str(attributes["href"]) for attributes in elements.all("a")]

    assert "11 mails" in elements.text
    assert "21 Nov 2026 – 24 Nov 2026" in elements.text
    assert {link.removeprefix("#") for link in links if link.startswith("#")} <= anchors
    assert links.count("#mail-12") == 11  # once from the campaign, once from each of the others
    assert links.count("#campaign-1") == 11


def test_a_large_campaign_is_no_endless_page() -> None:
    """Five hundred mails of one campaign make a page that a browser opens, within two seconds."""
    template = case_of(1, surveys.parcel(1), 1)
    cases = [replace(template, id=number) for number in range(500, 0, -1)]
    campaign = Campaign(tuple(range(1, 501)), "japan_post", ("home",), ((date(2026, 11, 23), 500),))

    begin = datetime.now(UTC)
    page = render(survey(*cases, campaigns=(campaign,)), "ja")

    assert datetime.now(UTC) - begin < timedelta(seconds=2)
    assert len(page.encode()) < 5_000_000


def test_a_campaign_of_mails_that_are_not_shown() -> None:
    """Numbers of mails that do not stand on the page are counted, and not linked."""
    campaign = Campaign((1, 2), "", ("home",), ((date(2020, 1, 1), 1), (date(2026, 11, 23), 1)), ("evil.example",))
    page = render(survey(case_of(2, PLAIN, 1), campaigns=(campaign,)), "en")

    assert "2 mails" in page
    assert "#mail-1" not in page
    assert "evil[.]example" in page
    assert "evil.example" not in page


def test_lessons_can_be_forgotten() -> None:
    """Each lesson stands there in words, with its brand's name, and how to take it back."""
    lessons = (
        Lesson("a@b.example", brand="japan_post", at=NOW, id=4),
        Lesson(kind=LessonKind.RESTRAINT, detector="odd_link", at=NOW, id=5),
    )
    words = text(render(survey(lessons=lessons), "en"))

    assert "a@b.example" in words
    assert "Japan Post" in words
    assert "odd_link" in words
    assert "watcher forget 4" in words
    assert words.index("watcher forget 5") < words.index("watcher forget 4")


def test_times_are_the_readers() -> None:
    """A mail of late evening in London came the next day in Tokyo."""
    case = case_of(1, PLAIN, 0, date=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))

    assert "2026年11月21日 8:30" in render(survey(case), "ja")
    assert "20 Nov 2026, 23:30" in render(survey(case, timezone=UTC), "en")
