"""What was learned, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from watcher import report
from watcher.model import Lesson
from watcher.page import dates
from watcher.page.survey import Survey, known_brand
from watcher.text import clean

_SENTENCE = 400


@dataclass(frozen=True, slots=True)
class Learned:
    """One lesson in force."""

    text: str
    date: str
    """Empty for a lesson from the configuration."""
    command: str
    """What to type to take it back; empty for a lesson from the configuration, which only the user can change there."""


def learned(survey: Survey, language: str) -> tuple[Learned, ...]:
    """The lessons in force, the latest first."""
    return tuple(_learned(lesson, survey, language) for lesson in reversed(survey.lessons))


def _learned(lesson: Lesson, survey: Survey, language: str) -> Learned:
    brand = known_brand(lesson.brand, survey.catalogue)
    named = replace(lesson, brand=report.in_language(brand.label, language)) if brand else lesson
    return Learned(
        text=clean(report.lesson(named, language), _SENTENCE),
        date=dates.day(dates.local_day(lesson.at, survey.timezone), language) if lesson.at else "",
        command=f"watcher forget {lesson.id}" if lesson.id else "",
    )
