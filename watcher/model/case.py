"""What is done with a mail, what was done, and what the user wants done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from watcher.model.campaign import Imprint
from watcher.model.mail import Address, Place
from watcher.model.verdict import Verdict


class StepKind(Enum):
    """What can be done to a mail."""

    MOVE = "move"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Step:
    """One change to one mail, and in `inverse` the change that takes it back."""

    kind: StepKind
    origin: str
    """Folder in which the mail lies before the step."""
    target: str
    """Folder in which it lies afterwards; the same for FLAG."""
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    @property
    def inverse(self) -> Step:
        """The step that takes this one back."""
        return Step(self.kind, self.target, self.origin, add=self.remove, remove=self.add)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done with a mail. Without steps nothing is; the case is kept all the same."""

    state: State
    """What the case becomes when all steps are done."""
    steps: tuple[Step, ...] = ()
    notify: bool = False


@dataclass(frozen=True, slots=True)
class Needs:
    """What must still be got before a mail can be judged."""

    fetch: tuple[str, ...] = ()
    """Sections of text parts."""
    open: tuple[str, ...] = ()
    """Sections of attachments to be fetched and looked into."""


@dataclass(frozen=True, slots=True)
class Intent:
    """A step that is about to be taken, with all that is needed to find out later whether it was."""

    case: int
    step: Step
    place: Place
    fingerprint: str
    message_id: str
    target_uidvalidity: int
    target_uidnext: int
    """Of the target folder before the step: the moved mail's UID is not below it."""
    at: datetime
    id: int = 0


class How(Enum):
    """By which commands a step was taken."""

    MOVE = "UID MOVE"
    COPY_EXPUNGE = "UID COPY, UID EXPUNGE"
    COPY_ONLY = "UID COPY"
    """No UIDPLUS: the original is still where it was."""
    STORE = "UID STORE"
    OTHERS = "by others"
    """Not by us: the user's own mail program, or the Watcher of another computer, was seen to have moved it."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A step that was taken. Undo reads these and nothing else."""

    intent: Intent
    place: Place
    """Where the mail lies now."""
    how: How
    at: datetime


class State(Enum):
    """How a case stands."""

    CLEAN = "clean"
    OBSERVED = "observed"
    """Suspicious, only recorded: `action = "observe"`."""
    MARKED = "marked"
    """Suspicious, left in place and told: `action = "notify"`."""
    HELD = "held"
    """Suspicious, but more than `most_moves` at once: waits for the user's word."""
    MOVING = "moving"
    MOVED = "moved"
    COPIED = "copied"
    """A copy was made; the server cannot take the original away safely."""
    RELEASED = "released"
    """The user took it back. Never judged again."""
    FILED = "filed"
    """The user took it out of the suspicious folder to one that is not watched. Left alone."""
    DELETED = "deleted"
    """It was moved to the trash or to junk mail, by the user or by the user's wish."""
    REPORTED = "reported"
    """It was judged clean, and the user says that it poses as somebody else."""
    FOREIGN = "foreign"
    """Somebody else put it into the suspicious folder before it was seen here. Never judged."""
    VANISHED = "vanished"
    """It was gone before it could be moved: the user or another program was faster."""
    FAILED = "failed"
    """A bug kept it from being judged. Left where it is."""


@dataclass(frozen=True, slots=True)
class Case:
    """One judged mail in the ledger."""

    place: Place
    """Where it lay when it was judged."""
    fingerprint: str
    author: Address
    subject: str
    message_id: str
    date: datetime
    """INTERNALDATE."""
    state: State
    judged_at: datetime
    verdict: Verdict | None = None
    authenticated: str = ""
    """The author's domain when it was vouched for, otherwise empty: a lesson needs one."""
    imprint: Imprint = field(default_factory=Imprint)
    """Empty for a case that was judged clean."""
    notified: bool = False
    id: int = 0


class Choice(Enum):
    """What a user can decide about a case."""

    RESTORE = "restore"
    DETAILS = "details"
    DELETE = "delete"
    """To the trash; nothing is ever expunged."""
    CONFIRM = "confirm"
    """It does pose as somebody else."""
    TRUST = "trust"


@dataclass(frozen=True, slots=True)
class Button:
    """One button of a notice."""

    choice: Choice
    label: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Finished, clean words for the desktop. No room below adds a word to them."""

    summary: str
    """Holds no text from the mail."""
    body: str
    token: str = ""
    """Opaque: names the cases to whoever gives the notice back with a button pressed."""
    buttons: tuple[Button, ...] = ()
    urgent: bool = False
    replaces: str = ""
    """Token of the notice that this one takes the place of; empty for the one of its own token."""
    by_hand: str = ""
    """What to type where there are no buttons; back ends without buttons show it below the body."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice on the screen of a desktop, and what its buttons stand for."""

    bus: str
    """Unique id of the message bus."""
    owner: str
    """Unique name of the notification server on that bus."""
    number: int
    """By which the server knows the notice."""
    token: str
    choices: tuple[tuple[str, Choice], ...]
    """What each action key stands for."""


class By(Enum):
    """By what means a decision reached us."""

    BUTTON = "button"
    COMMAND = "command"
    OWN_MOVE = "own move"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the user wants done with a case."""

    choice: Choice
    case: int
    by: By
    at: datetime
    outcome: str = ""
    """Empty while it waits; "done", or why it could not be done."""
    id: int = 0
