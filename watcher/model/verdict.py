"""Evidence, what it is drawn from, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, IntEnum

from watcher.model.claim import Authentication, Belief, Catalogue, Claim, Sentence, Where
from watcher.model.mail import Message


class Strength(IntEnum):
    """How much one fact weighs. The essay in `judge.py` says what each is for."""

    WEAK = 1
    MEDIUM = 2
    STRONG = 3
    DECISIVE = 4


class Direction(Enum):
    """Which way a fact points. Genuine mail is proved by evidence too."""

    AGAINST = "against"
    FOR = "for"


class Facet(Enum):
    """The side of a mail that a fact is about. Facts of different facets are independent of each other."""

    NAME = "name"
    DOMAIN = "domain"
    AUTHENTICATION = "authentication"
    ROUTE = "route"
    LINK = "link"
    ATTACHMENT = "attachment"
    CONTENT = "content"
    WORDING = "wording"
    HISTORY = "history"
    REPORT = "report"
    """What the user has said of the sender before: suffices by itself, see `judge`."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact about a mail, in words that a layman reads."""

    text: Sentence
    strength: Strength
    facet: Facet
    where: Where
    direction: Direction = Direction.AGAINST
    claim: Claim | None = None
    """The claim that the fact speaks of; None where it needs none."""
    quote: str = ""
    """What stands in the mail, clean, 120 characters at most."""
    detector: str = ""
    """The name of the detector's file; filled in by `detectors.examine`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all the evidence comes to."""

    suspicious: bool
    score: float
    """0.0 to 1.0; at least 0.5 exactly when suspicious."""
    reasons: tuple[Evidence, ...] = ()
    """All evidence, the fact that decided first."""
    claims: tuple[Claim, ...] = ()
    versions: str = ""
    """Which detectors and which lessons it rests on."""
    unseen: tuple[str, ...] = ()
    """File names of attachments that were not looked into."""


class LessonKind(Enum):
    """What a lesson is about."""

    TRUST = "trust"
    DISTRUST = "distrust"
    RESTRAINT = "restraint"
    """A detector whose hits were taken back too often: mail for which it decides stays where it is, marked."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a decision taught: counts for one sender at one authenticated domain and one brand, or for a detector."""

    sender: str = ""
    """addr-spec, or "@domain" for all of a domain; empty for a restraint."""
    brand: str = ""
    """The brand that this sender may call itself, or may not; empty for none, or for any when explicit."""
    explicit: bool = False
    """Said by the user's own `trust`, not merely drawn from a release: only this lowers decisive evidence."""
    kind: LessonKind = LessonKind.TRUST
    detector: str = ""
    """Of a restraint."""
    case: int = 0
    """The case it was drawn from; 0 for one from the configuration."""
    at: datetime | None = None
    revoked_at: datetime | None = None
    """When the user took it back; None while it counts."""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Context:
    """All that a detector may know besides the mail. Filled by `pipeline` from the store beforehand."""

    catalogue: Catalogue
    owner: tuple[str, ...] = ()
    """The addresses of the mailbox's owner, lower case."""
    belief: Belief = field(default_factory=Belief)
    acquainted: bool | None = None
    """Whether this author has been written to, or has written before with an aligned pass.

    True only where this mail has an aligned pass too. None: could not tell, because the mailbox has not been read for
    acquaintances, or because nobody vouches that a known address is really the author's.
    """
    written_to: bool = False
    """Whether an acquainted author is one to whom this person has written."""
    namesake: str = ""
    """The name of somebody to whom this person writes, where the author bears it, or one that looks like it, at
    another address."""
    lessons: tuple[Lesson, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Inquiry:
    """Everything that a detector is given. One is equal to itself only: what is asked of it is remembered by it."""

    message: Message
    claims: tuple[Claim, ...]
    authentication: Authentication
    context: Context

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue of brands."""
        return self.context.catalogue
