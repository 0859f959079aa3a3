"""A mail as the page shows it: clean words, ready to be set. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from watcher import report
from watcher.model import Brand, Case, Choice, Evidence, Habit, State
from watcher.page import dates
from watcher.page.consequences import consequences, defanged
from watcher.page.survey import Survey, brand_of, whom
from watcher.page.tally import Wave
from watcher.text import clean
from watcher.words import translation

_NAME = 80
_ADDRESS = 120
_SUBJECT = 200
_FILE = 160
_SENTENCE = 400
_FELLOWS = 12
"""Links from one mail to others: a campaign has its own list, and all with all would be a page without end."""
_IN_SIGHT = frozenset(
    {State.OBSERVED, State.MARKED, State.HELD, State.MOVED, State.COPIED, State.RELEASED, State.FILED, State.REPORTED}
)
"""States in which the mail lies where its mail program can show it."""
_REPORTABLE = frozenset({State.OBSERVED, State.MARKED, State.HELD, State.MOVED, State.COPIED, State.REPORTED})
_GOOD_NEWS = frozenset({State.RELEASED, State.FILED, State.CLEAN})


@dataclass(frozen=True, slots=True)
class Command:
    """What to type for one thing that can be done."""

    line: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Official:
    """One thing that the brand says of its own mail."""

    text: str
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class Article:
    """One mail."""

    number: int
    state: str
    settled: bool
    """Whether the user has said that it is no impersonation, or has put it elsewhere."""
    name: str
    address: str
    subject: str
    date: str
    account: str
    folder: str
    brand: str
    reason: str
    """The fact that decided; empty where there is none."""
    against: tuple[str, ...]
    """All other facts against the sender."""
    in_favour: tuple[str, ...]
    consequences: tuple[str, ...]
    hosts: tuple[str, ...]
    """As words that nothing takes for a link."""
    files: tuple[str, ...]
    unseen: tuple[str, ...]
    """Names of attachments that were not looked into."""
    official: tuple[Official, ...]
    report_to: str
    advice_url: str
    """An https address from the catalogue, the only kind of address that becomes a link; or empty."""
    commands: tuple[Command, ...]
    campaign: str
    """Anchor of the campaign that it is of; empty for none."""
    fellows: tuple[int, ...]
    """Numbers of other mails of that campaign that stand on the page, the latest first, `_FELLOWS` at most."""


def articles(survey: Survey, waves: Sequence[Wave], language: str) -> tuple[Article, ...]:
    """All mails, in the survey's order.

    Args:
        survey: all that there is to tell.
        waves: its campaigns, with their anchors.
        language: "ja" or "en".
    """
    campaigns = {number: wave for wave in waves for number in wave.cases}
    return tuple(_article(case, campaigns.get(case.id), survey, language) for case in survey.cases)


def _article(case: Case, wave: Wave | None, survey: Survey, language: str) -> Article:
    brand = brand_of(case, survey.catalogue)
    against = _sentences(report.against(case), language)
    return Article(
        number=case.id,
        state=report.state(case.state, language),
        settled=case.state in _GOOD_NEWS,
        name=clean(case.author.name, _NAME),
        address=clean(case.author.spec, _ADDRESS),
        subject=clean(case.subject, _SUBJECT),
        date=dates.time(case.date, survey.timezone, language),
        account=clean(case.place.account, _NAME),
        folder=clean(case.place.folder, _NAME),
        brand=whom(case, survey.catalogue, language),
        reason=against[0] if against else "",
        against=against[1:],
        in_favour=_sentences(report.in_favour(case), language),
        consequences=consequences(case, survey.catalogue, language),
        hosts=tuple(map(defanged, case.imprint.hosts)),
        files=tuple(clean(name, _FILE) for name in case.imprint.files),
        unseen=tuple(clean(name, _FILE) for name in (case.verdict.unseen if case.verdict else ())),
        official=tuple(_official(habit, language) for habit in (brand.habits if brand else ())),
        report_to=clean(brand.report_to, _ADDRESS) if brand else "",
        advice_url=_advice(brand),
        commands=tuple(_commands(case, language)),
        campaign=wave.anchor if wave else "",
        fellows=_fellows(case, wave) if wave else (),
    )


def _fellows(case: Case, wave: Wave) -> tuple[int, ...]:
    return tuple(number for number in reversed(wave.cases) if number != case.id)[:_FELLOWS]


def _sentences(facts: Sequence[Evidence], language: str) -> tuple[str, ...]:
    """What the facts say, each once."""
    return tuple(dict.fromkeys(clean(report.in_language(fact.text, language), _SENTENCE) for fact in facts))


def _official(habit: Habit, language: str) -> Official:
    _ = translation(language).gettext
    read = habit.date.removeprefix("read ")
    when = _("read on {date}").format(date=read) if read != habit.date else read
    return Official(report.in_language(habit.text, language), habit.source, when)


def _advice(brand: Brand | None) -> str:
    return brand.advice_url if brand and brand.advice_url.startswith("https://") else ""


def _commands(case: Case, language: str) -> Iterator[Command]:
    """Everything that the case's state allows, what changes nothing first."""
    _ = translation(language).gettext
    if case.state in _IN_SIGHT:
        yield Command(f"watcher open {case.id}", _("shows the mail in Thunderbird"))
    purposes = {
        Choice.RESTORE: _("takes it back to the folder that it came from; it is not moved again"),
        Choice.TRUST: _("takes it back, and trusts this sender from now on"),
        Choice.CONFIRM: _("says that it is an impersonation; such mail from this sender is moved in future, too"),
        Choice.DELETE: _("puts it into the trash"),
    }
    for choice in report.commands(case):
        yield Command(f"watcher {choice.value} {case.id}", purposes[choice])
    if case.state in _REPORTABLE:
        yield Command(f"watcher forward-report {case.id}", _("prepares a mail that reports it"))
