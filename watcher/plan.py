"""What is to be done with a mail, decided before anything is done. Pure: the clock and the world are given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from watcher.judge import judge
from watcher.kinds import extension, kind
from watcher.model import (
    Attachment,
    Authentication,
    Bookmark,
    Case,
    Direction,
    Evidence,
    Facet,
    FolderState,
    How,
    Lesson,
    LessonKind,
    Mail,
    Message,
    Needs,
    Opened,
    Opening,
    Place,
    Plan,
    Receipt,
    Result,
    State,
    Step,
    StepKind,
    Strength,
    Verdict,
    Where,
)

PHISHING = "$Phishing"
"""Keyword of RFC 9051, 2.3.2, which other clients show."""
JUNK = "$Junk"
"""Keyword of RFC 9051, 2.3.2."""
KEYWORDS = (PHISHING, JUNK)
NOT_PHISHING = "NotPhishing"
"""Our own keyword for what was taken back, by which the Watcher of another computer, which may have been off when that
happened, knows the user's word. No sender can set a keyword: mail programs do. It begins with no "$", which is for
registered ones (RFC 5788), and is not `$NotJunk`, since other programs set that by themselves."""

TEXT_LIMIT = 112 * 1024
"""Octets of all text parts together that are fetched: with the header they stay under 128 KiB."""
_HELD = 256 * 1024
"""Octets of text that are fetched ahead of judging it."""
ATTACHMENT_LIMIT = 8 * 1024 * 1024
"""Octets in transfer encoding up to which an attachment is fetched to be looked into."""
MOST_OPENED = 20
"""Attachments of one mail that are looked into, the first ones: each may take the child five seconds."""

MOST_PICTURES = 5
"""Pictures of one mail that are looked at …"""
PICTURE_LIMIT = 1024 * 1024
"""… and the octets, in transfer encoding, of the largest of them: a code to be scanned needs few."""

_ALWAYS = frozenset({"archive", "program", "disk"})
"""Kinds of files that are looked into in any mail. A binary file whose name tells nothing is looked into as well."""
_ON_SUSPICION = frozenset({"document", "html", "message", "acting text"})
"""Kinds that hold code, forms or links: honest mail is full of them, and they decide nothing by themselves."""
_KIND_OF_TYPE = {
    "application": "archive",
    "image": "picture",
    "image/svg+xml": "html",
    "message/rfc822": "message",
    "text/calendar": "acting text",
    "text/html": "html",
}


_ACTING_TEXTS = frozenset({"ics", "ifb", "vcs", "xml", "xsl"})
"""Endings of texts that a double click makes a calendar or a browser show, with links and scripts."""


def needs(message: Message, evidence: tuple[Evidence, ...]) -> Needs:
    """What must be got before the mail can be judged: first its text, then attachments that call for a look.

    A mail that is proved genuine, or whose sender the user trusts explicitly, needs nothing more. A sender whose mail
    was merely taken back before may still send a program: that is looked for.
    """
    if any(_ends_the_search(fact) for fact in evidence):
        return Needs()
    if message.unfetched:
        return Needs(fetch=message.unfetched)
    called = _call_for_a_look(message, evidence)
    small = islice((a for a in called if a.size <= ATTACHMENT_LIMIT), MOST_OPENED)
    return Needs(open=tuple(a.section for a in small if a.opening == Opening()))


def _ends_the_search(fact: Evidence) -> bool:
    proof = fact.facet is Facet.AUTHENTICATION and fact.strength >= Strength.STRONG
    return fact.direction is Direction.FOR and (proof or fact.strength is Strength.DECISIVE)


def may_be_proved(authentication: Authentication) -> bool:
    """Whether anything could prove a mail genuine before its text is read: for whom nobody vouches nothing counts."""
    return authentication.aligned is Result.PASS


def together(mails: Sequence[Mail]) -> Iterator[Sequence[Mail]]:
    """The mails in their order, in runs whose text may be held at the same time: `_HELD` octets, or one mail."""
    run: list[Mail] = []
    octets = 0
    for mail in mails:
        text = min(TEXT_LIMIT, sum(part.size for part in mail.parts if part.content_type.startswith("text")))
        if run and octets + text > _HELD:
            yield run
            run, octets = [], 0
        run.append(mail)
        octets += text
    if run:
        yield run


def share_text_limit(parts: int) -> int:
    """Octets to fetch of each of so many text parts: the limit divided, but enough of each to read a claim."""
    return max(1024, min(TEXT_LIMIT // 2, TEXT_LIMIT // max(parts, 1)))


def unseen(message: Message, evidence: tuple[Evidence, ...] = ()) -> tuple[str, ...]:
    """The file names of attachments that ought to have been looked into but were not.

    Args:
        message: as it was judged.
        evidence: on which it was judged; without any only what is looked into in every mail is named.
    """
    unfinished = {Opened.NOT_YET, Opened.TOO_LARGE}
    return tuple(a.filename for a in _call_for_a_look(message, evidence) if a.opening.state in unfinished)


def _call_for_a_look(message: Message, evidence: tuple[Evidence, ...]) -> Iterator[Attachment]:
    """The attachments that ought to be looked into, however large, and whether or not they have been."""
    is_suspected = any(_rouses_suspicion(fact) for fact in evidence)
    wanted = _ALWAYS | _ON_SUSPICION if is_suspected else _ALWAYS
    small = (a for a in message.attachments if _likely_kind(a) == "picture" and a.size <= PICTURE_LIMIT)
    pictures = frozenset(a.section for a in islice(small, MOST_PICTURES if is_suspected else 0))
    return (a for a in message.attachments if _likely_kind(a) in wanted or a.section in pictures)


def _rouses_suspicion(fact: Evidence) -> bool:
    """Whether a fact speaks against the sender himself, and not only of what he writes about."""
    poses = fact.claim is not None and fact.claim.where is not Where.BODY
    return fact.direction is Direction.AGAINST and (poses or fact.strength >= Strength.MEDIUM)


def _likely_kind(attachment: Attachment) -> str:
    """By its name, or for want of a telling one by its declared type: both are only the sender's word."""
    if extension(attachment.filename) in _ACTING_TEXTS:
        return "acting text"
    declared = attachment.content_type
    by_type = _KIND_OF_TYPE.get(declared) or _KIND_OF_TYPE.get(declared.partition("/")[0], "")
    return kind(attachment.filename) or by_type


def decide(verdict: Verdict, mail: Mail, action: str, suspicious_folder: str, *, may_move: bool) -> Plan:
    """What to do about a judged mail.

    Args:
        verdict: what the evidence came to.
        mail: where it lies.
        action: `move`, `notify` or `observe`: see `turn_down`.
        suspicious_folder: the account's folder for what is moved.
        may_move: False once the sweep has moved as many as it may (`most_moves`).
    """
    if not verdict.suspicious:
        return Plan(State.CLEAN)
    if NOT_PHISHING.lower() in {flag.lower() for flag in mail.flags}:
        return Plan(State.RELEASED)
    if action == "observe":
        return Plan(State.OBSERVED)
    if action == "move" and not may_move:
        return Plan(State.HELD, notify=True)
    taken, done = step(mail.place.folder, action, suspicious_folder)
    return Plan(done, (taken,), notify=True)


def turn_down(action: str, verdict: Verdict, lessons: Sequence[Lesson]) -> str:
    """What may be done about a mail: `notify` in place of `move` where only restrained detectors would move it."""
    restrained = {lesson.detector for lesson in lessons if lesson.kind is LessonKind.RESTRAINT}
    if action != "move" or not any(fact.detector in restrained for fact in verdict.reasons):
        return action
    others = judge(fact for fact in verdict.reasons if fact.detector not in restrained)
    return "move" if others.suspicious else "notify"


def step(folder: str, action: str, suspicious_folder: str) -> tuple[Step, State]:
    """The one step for a suspicious mail in `folder`, and what its case becomes by it."""
    if action == "notify":
        return Step(StepKind.FLAG, folder, folder, add=(PHISHING,)), State.MARKED
    return move(folder, suspicious_folder), State.MOVED


def move(origin: str, target: str) -> Step:
    """The step that takes a mail to the suspicious folder."""
    return Step(StepKind.MOVE, origin, target, add=KEYWORDS, remove=(NOT_PHISHING,))


def discard(origin: str, trash: str) -> Step:
    """The step that takes a mail to the trash; nothing is expunged."""
    return Step(StepKind.MOVE, origin, trash)


def done(case: Case, step: Step) -> State:
    """What a case becomes when a step has been taken. A released one stays released, whatever is still to be done."""
    if case.state is State.RELEASED:
        return State.RELEASED
    if step.kind is StepKind.FLAG:
        return State.MARKED
    if not step.add:
        return State.DELETED
    clean = case.verdict is None or not case.verdict.suspicious
    return State.REPORTED if clean else State.MOVED


def refused(before: State, step: Step) -> State:
    """What a case becomes when the server refuses a step for good: what it was, or held where it waited for it."""
    if before is not State.MOVING:
        return before
    return State.HELD if step.add else State.MOVED


def state_after(receipt: Receipt | None, done: State) -> State:
    """How a case stands after a step.

    Args:
        receipt: of the step; None where the mail was gone.
        done: what the case becomes when the step was taken.
    """
    if done is State.RELEASED:
        return done
    if receipt is None:
        return State.VANISHED
    return State.COPIED if receipt.how is How.COPY_ONLY and done is State.MOVED else done


def whereabouts(case: Case, receipts: Sequence[Receipt]) -> Place:
    """Where the mail of a case lies, as far as is known."""
    if not receipts:
        return case.place
    last = receipts[-1]
    return last.intent.place if last.how is How.COPY_ONLY else last.place  # a mere copy: the original never left


def undo(receipts: Sequence[Receipt], suspicious_folder: str, watched: Sequence[str] = ()) -> tuple[Step, Place] | None:
    """The one step that takes back what the receipts say, and where the mail lies; None: nothing is left to take back.

    Args:
        receipts: of all steps, oldest first.
        suspicious_folder: home is whence the mail was last taken into it.
        watched: folders in which a mail stays where the user himself has moved it there: it only loses its keywords.
    """
    if not receipts:
        return None
    keywords = _keywords(receipts)
    last = receipts[-1]
    place = last.intent.place if last.how is How.COPY_ONLY else last.place
    home = place.folder if _is_back(receipts, watched) else _home(receipts, suspicious_folder)
    if place.folder != home:
        return Step(StepKind.MOVE, place.folder, home, add=(NOT_PHISHING,), remove=keywords), place
    return (Step(StepKind.FLAG, home, home, add=(NOT_PHISHING,), remove=keywords), place) if keywords else None


def _is_back(receipts: Sequence[Receipt], watched: Sequence[str]) -> bool:
    """Whether the last who moved the mail was the user, to a folder that is watched."""
    moves = [receipt for receipt in receipts if receipt.intent.step.kind is StepKind.MOVE]
    return bool(moves) and moves[-1].how is How.OTHERS and moves[-1].place.folder in watched


def _home(receipts: Sequence[Receipt], suspicious_folder: str) -> str:
    """The folder that a mail was last taken from into the suspicious folder, or at first at all."""
    steps = [receipt.intent.step for receipt in receipts if receipt.intent.step.kind is StepKind.MOVE]
    taken = [step.origin for step in steps if step.target == suspicious_folder or PHISHING in step.add]
    homes = [folder for folder in taken if folder != suspicious_folder]
    return homes[-1] if homes else receipts[0].intent.step.origin


def _keywords(receipts: Sequence[Receipt]) -> tuple[str, ...]:
    """The keywords that a mail has got by these steps and still has."""
    worn: dict[str, None] = {}
    for receipt in receipts:
        step = receipt.intent.step
        added = (PHISHING,) if receipt.how is How.COPY_ONLY else step.add
        worn |= dict.fromkeys(keyword for keyword in added if keyword in KEYWORDS)
        for keyword in step.remove:
            worn.pop(keyword, None)
    return tuple(worn)


@dataclass(frozen=True, slots=True)
class Window:
    """Which mail of a folder is new: from a UID on, or since a time; with neither, none."""

    first: int | None = None
    since: datetime | None = None


def window(state: FolderState, bookmark: Bookmark | None, history: timedelta, now: datetime) -> Window:
    """Which mail is to be judged.

    At first sight of a folder only what is younger than `history`. After a change of UIDVALIDITY (RFC 9051, 2.3.1.1)
    all UIDs mean something else: then only mail that came after the last sweep, never the whole folder.
    """
    if bookmark is None:
        return Window(since=now - history) if history else Window()
    if bookmark.uidvalidity != state.uidvalidity:
        return Window(since=bookmark.swept_at)
    return Window(first=bookmark.uidnext)


def is_within(mail: Mail, window: Window) -> bool:
    """Whether a mail that was found belongs to the window: servers search whole days only (RFC 9051, 6.4.4)."""
    return window.since is None or mail.internal_date >= window.since - _SKEW


_SKEW = timedelta(minutes=10)
"""How far a server's clock may be behind ours."""
