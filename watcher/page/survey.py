"""What the page is made of, and whom its mails pose as. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from watcher import report
from watcher.learn import posed_brand
from watcher.model import Brand, Campaign, Case, Catalogue, Lesson
from watcher.text import clean

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Survey:
    """All that there is to tell."""

    cases: Sequence[Case]
    """Suspicious or decided ones, newest first."""
    campaigns: Sequence[Campaign]
    catalogue: Catalogue
    lessons: Sequence[Lesson]
    """Those that count."""
    now: datetime
    timezone: tzinfo | None = None
    """The reader's; that of this computer when None."""
    focus: int = 0
    """Number of the case that was asked for, and is to come first; 0 for none."""


def known_brand(identifier: str, catalogue: Catalogue) -> Brand | None:
    """The brand of that identifier; None where there is none, perhaps because it was taken out of the catalogue."""
    try:
        return catalogue.brand(identifier)
    except KeyError:
        return None


def brand_of(case: Case, catalogue: Catalogue) -> Brand | None:
    """The brand that a case poses as; None where it poses as none that is known."""
    return known_brand(posed_brand(case), catalogue)


def whom(case: Case, catalogue: Catalogue, language: str) -> str:
    """Whom a case poses as, in a word; empty where nobody can be named."""
    if brand := brand_of(case, catalogue):
        return report.in_language(brand.label, language)
    claims = (fact.claim for fact in report.against(case) if fact.claim)
    return next((clean(claim.name, _LONGEST_NAME) for claim in claims if claim.name), "")
