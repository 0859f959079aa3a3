"""The report as a page to be read by tests, and surveys of which every word is hostile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

from tests.kit import surveys
from tests.kit.inquiries import catalogue
from tests.kit.surveys import NOW, case_of
from watcher.model import Address, Campaign, Case, Imprint, Lesson, LessonKind, Sentence
from watcher.page import Survey

HOSTILE = {
    "script": "<script>document.title='pwned'</script>",
    "attribute": '"><img src=x onerror="document.title=1">',
    "single quote": "' onmouseover='document.title=1",
    "template": "{{7*7}}{% for x in y %}{{ config }}",
    "closes the title": "</title></style></details></article><h1>",
    "format": "{brand} {host} %(brand)s %s",
    "bidi": "\u202eexe.fdp\u2066\u2069\u200f\u200e",
    "control": "a\x00b\x1b[31m\x07\x85\r\n",
    "surrogate": "a\ud800b",
    "tags": "x\U000e0041\U000e0042\ufeff\u200b",
    "long": "A" * 10_000,
}


def survey(*cases: Case, **changes: object) -> Survey:
    """A survey of these cases."""
    known = {"campaigns": (), "catalogue": catalogue(), "lessons": (), "now": NOW, "timezone": surveys.TOKYO}
    return Survey(cases=cases, **{**known, **changes})  # type: ignore[arg-type]  # a test's own words


class Elements(HTMLParser):
    """All elements of a page with their attributes, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep words."""
        self.words.append(data)

    @property
    def text(self) -> str:
        """The words with single spaces between them."""
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each element of that name."""
        return [attributes for name, attributes in self.elements if name == tag]


def text(page: str) -> str:
    """The words of a page."""
    return Elements(page).text


def poisoned(words: str) -> Survey:
    """A survey in which every word that comes from a mail is that; of hosts what a host can be."""
    host = f"{words.encode('ascii', 'ignore').decode().lower()}.example"
    case = case_of(
        12,
        surveys.parcel(12),
        1,
        author=Address(words, words, host),
        subject=words,
        imprint=Imprint(hosts=(host,), files=(words, f"{words}.exe")),
    )
    assert case.verdict is not None
    facts = tuple(replace(fact, text=Sentence(words, words), quote=words) for fact in case.verdict.reasons)
    case = replace(case, verdict=replace(case.verdict, reasons=facts, unseen=(words,)))
    campaign = Campaign((12, 13), "unknown", (words,), ((date(2026, 11, 23), 2),), (host,))
    lessons = (Lesson(words, brand="unknown", at=NOW, id=1), Lesson(kind=LessonKind.RESTRAINT, detector=words, id=2))
    place = replace(case.place, account=words, folder=words)
    return survey(replace(case, place=place), campaigns=(campaign,), lessons=lessons)
