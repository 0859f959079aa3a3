"""What is to be done with a mail, and how it is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from watcher import plan
from watcher.model import (
    Attachment,
    Bookmark,
    Claim,
    ClaimKind,
    Direction,
    Evidence,
    Facet,
    FolderState,
    How,
    Intent,
    Mail,
    Message,
    Needs,
    Opened,
    Opening,
    Place,
    Plan,
    Receipt,
    Sentence,
    State,
    Step,
    StepKind,
    Strength,
    Verdict,
    Where,
)
from watcher.plan import (
    ATTACHMENT_LIMIT,
    KEYWORDS,
    MOST_PICTURES,
    NOT_PHISHING,
    PICTURE_LIMIT,
    Window,
    decide,
    is_within,
    move,
    needs,
    state_after,
    step,
    unseen,
    window,
)

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
INBOX, SUSPICIOUS = Place("home", "INBOX", 1, 7), Place("home", "Suspicious", 2, 3)
MOVE = move("INBOX", "Suspicious")


def attached(filename: str, content_type: str = "application/octet-stream", **changes: object) -> Attachment:
    """An attachment that has not been looked into."""
    return replace(Attachment("2", filename, content_type, 1000), **changes)  # type: ignore[arg-type]  # tests' table


def fact(strength: Strength, direction: Direction) -> Evidence:
    """One piece of evidence."""
    return Evidence(Sentence("事実", "a fact"), strength, Facet.AUTHENTICATION, Where.HEADER, direction)


def mail(at: datetime = NOON) -> Mail:
    """A mail in the inbox that came in at a time."""
    return Mail(INBOX, "f", 100, at, (), b"\r\n", ())


def receipt(step: Step, place: Place, landed: Place, how: How = How.MOVE) -> Receipt:
    """The receipt of a step on the mail at `place`."""
    return Receipt(Intent(1, step, place, "f", "m", 2, 3, NOON), landed, how, NOON)


# What must be got.


def test_the_text_is_got_before_any_attachment() -> None:
    """Unfetched text comes first, since it may make the attachments needless."""
    message = Message(unfetched=("1.1", "1.2"), attachments=(attached("a.zip"),))

    assert needs(message, ()) == Needs(fetch=("1.1", "1.2"))


def test_nothing_is_got_for_mail_that_is_proved_genuine() -> None:
    """A strong fact for the sender spares the rest of the mail from being fetched."""
    message = Message(unfetched=("1",), attachments=(attached("a.zip"),))

    assert needs(message, (fact(Strength.STRONG, Direction.FOR),)) == Needs()


def test_a_former_release_does_not_spare_the_attachments() -> None:
    """Only proof or explicit trust ends the search: a sender who was taken back once may still send a program."""
    message = Message(attachments=(attached("a.zip"),))
    released = replace(fact(Strength.STRONG, Direction.FOR), facet=Facet.HISTORY)
    trusted = replace(released, strength=Strength.DECISIVE)

    assert needs(message, (released,)).open != ()
    assert needs(message, (trusted,)) == Needs()


@pytest.mark.parametrize(
    "evidence", [(), (fact(Strength.MEDIUM, Direction.FOR),), (fact(Strength.DECISIVE, Direction.AGAINST),)]
)
def test_less_than_proof_spares_nothing(evidence: tuple[Evidence, ...]) -> None:
    """A weaker fact for the sender, or any against him, leaves the text wanted."""
    assert needs(Message(unfetched=("1",)), evidence) == Needs(fetch=("1",))


OPENED = {
    "archive": attached("a.zip"),
    "program": attached("a.exe"),
    "disk image": attached("a.iso"),
    "no telling name, but binary": attached("", "application/zip"),
    "as large as may be": attached("a.zip", size=ATTACHMENT_LIMIT),
    "archive that says to be a picture": attached("a.zip", "image/png"),
}
LEFT = {
    "picture": attached("a.png", "image/png"),
    "document": attached("a.pdf", "application/pdf"),
    "no telling name, but text": attached("", "text/calendar"),
    "too large": attached("a.zip", size=ATTACHMENT_LIMIT + 1),
    "opened already": attached("a.zip", opening=Opening(Opened.OPENED)),
    "encrypted": attached("a.zip", opening=Opening(Opened.ENCRYPTED)),
    "opened, but nobody can read it": attached("a.ace", opening=Opening(Opened.NOT_YET, "archive", sha256="0")),
}


@pytest.mark.parametrize("attachment", OPENED.values(), ids=OPENED)
def test_opened(attachment: Attachment) -> None:
    """An attachment that may hold a program is looked into."""
    assert needs(Message(attachments=(attachment,)), ()) == Needs(open=("2",))


@pytest.mark.parametrize("attachment", LEFT.values(), ids=LEFT)
def test_not_opened(attachment: Attachment) -> None:
    """Harmless kinds, too large ones and those looked into already are left alone."""
    assert needs(Message(attachments=(attachment,)), ()) == Needs()


SUSPICION = fact(Strength.MEDIUM, Direction.AGAINST)
POSE = replace(
    fact(Strength.WEAK, Direction.AGAINST),
    claim=Claim(ClaimKind.BRAND, "japan_post", "日本郵便", "日本郵便", Where.SUBJECT),
)
ON_SUSPICION = {
    "document": attached("a.pdf", "application/pdf"),
    "document of an office": attached("見積書.xlsm"),
    "page": attached("a.html", "text/html"),
    "page without a name": attached("", "text/html"),
    "drawing": attached("a.svg", "image/svg+xml"),
    "picture": attached("a.png", "image/png"),
    "picture without a name": attached("", "image/jpeg"),
    "picture as large as may be": attached("a.png", "image/png", size=PICTURE_LIMIT),
    "message": attached("a.eml", "message/rfc822"),
    "message without a name": attached("", "message/rfc822"),
    "drawing by another name": attached("a.xml", "text/xml"),
    "invitation": attached("invite.ics", "application/ics"),
    "invitation without a name": attached("", "text/calendar"),
}
NEVER = {
    "large picture": attached("a.png", "image/png", size=PICTURE_LIMIT + 1),
    "too large a document": attached("a.pdf", size=ATTACHMENT_LIMIT + 1),
    "text": attached("a.txt", "text/plain"),
    "sound": attached("a.mp3", "audio/mpeg"),
    "report of a mail server": attached("", "message/delivery-status"),
    "opened already": attached("a.pdf", opening=Opening(Opened.OPENED)),
}


@pytest.mark.parametrize("attachment", ON_SUSPICION.values(), ids=ON_SUSPICION)
def test_opened_only_on_suspicion(attachment: Attachment) -> None:
    """What may hold code, a form or a link is looked into once something speaks against the sender, and not before."""
    message = Message(attachments=(attachment,))

    assert needs(message, ()) == Needs()
    assert needs(message, (SUSPICION,)) == Needs(open=("2",))


@pytest.mark.parametrize("attachment", NEVER.values(), ids=NEVER)
def test_not_opened_even_on_suspicion(attachment: Attachment) -> None:
    """What shows itself, and what is too large, is left alone."""
    assert needs(Message(attachments=(attachment,)), (SUSPICION,)) == Needs()


@pytest.mark.parametrize(
    ("fact", "rouses"),
    [
        (SUSPICION, True),
        (POSE, True),
        (fact(Strength.WEAK, Direction.AGAINST), False),
        (fact(Strength.MEDIUM, Direction.FOR), False),
        (replace(POSE, claim=replace(POSE.claim, where=Where.BODY)), False),  # type: ignore[type-var]  # it has one
        (replace(POSE, direction=Direction.FOR), False),
    ],
)
def test_what_rouses_suspicion(fact: Evidence, rouses: bool) -> None:  # noqa: FBT001 - a table
    """A fact of some weight against the sender does, and any against a name that he bears, but not one he mentions."""
    message = Message(attachments=(ON_SUSPICION["document"],))

    assert bool(needs(message, (fact,)).open) is rouses


def test_few_pictures_are_looked_at() -> None:
    """The first five small pictures are got, and no others once these have been looked at."""
    pictures = [attached("a.jpg", section=str(number)) for number in range(2 * MOST_PICTURES)]
    large = attached("b.jpg", section="large", size=PICTURE_LIMIT + 1)
    message = Message(attachments=(large, *pictures))
    seen = [replace(picture, opening=Opening(Opened.OPENED)) for picture in pictures[:MOST_PICTURES]]

    assert needs(message, (SUSPICION,)) == Needs(open=("0", "1", "2", "3", "4"))
    assert needs(replace(message, attachments=(large, *seen, *pictures[MOST_PICTURES:])), (SUSPICION,)) == Needs()


def test_what_was_not_looked_into_is_named() -> None:
    """Attachments that ought to have been opened but were not are told to the user, and no others."""
    attachments = (
        attached("unopened.zip"),
        attached("huge.zip", size=ATTACHMENT_LIMIT + 1),
        attached("cut.zip", opening=Opening(Opened.TOO_LARGE)),
        attached("seen.zip", opening=Opening(Opened.OPENED)),
        attached("locked.zip", opening=Opening(Opened.ENCRYPTED)),
        attached("photo.jpg", "image/jpeg"),
        attached("huge.pdf", size=ATTACHMENT_LIMIT + 1),
    )

    assert unseen(Message(attachments=attachments)) == ("unopened.zip", "huge.zip", "cut.zip")


def test_on_suspicion_more_is_missed() -> None:
    """Where something speaks against the sender, the documents that were not looked into are named as well."""
    attachments = (
        attached("huge.pdf", size=ATTACHMENT_LIMIT + 1),
        attached("seen.pdf", opening=Opening(Opened.OPENED)),
        attached("huge.jpg", section="3", size=PICTURE_LIMIT + 1),
        attached("photo.jpg", section="4"),
    )

    assert unseen(Message(attachments=attachments), (SUSPICION,)) == ("huge.pdf", "photo.jpg")


# What is done.


@pytest.mark.parametrize(
    ("suspicious", "action", "may_move", "expected"),
    [
        (False, "move", True, Plan(State.CLEAN)),
        (False, "observe", False, Plan(State.CLEAN)),
        (True, "move", True, Plan(State.MOVED, (MOVE,), notify=True)),
        (True, "move", False, Plan(State.HELD, notify=True)),
        (True, "observe", True, Plan(State.OBSERVED)),
        (True, "observe", False, Plan(State.OBSERVED)),
        (True, "notify", True, Plan(State.MARKED, (step("INBOX", "notify", "")[0],), notify=True)),
        (True, "notify", False, Plan(State.MARKED, (step("INBOX", "notify", "")[0],), notify=True)),
    ],
)
def test_decide(suspicious: bool, action: str, may_move: bool, expected: Plan) -> None:  # noqa: FBT001 - a table
    """Clean mail is left, and suspicious mail gets what `action` says, within the brake on moves."""
    verdict = Verdict(suspicious=suspicious, score=0.9 if suspicious else 0.0)

    assert decide(verdict, mail(), action, "Suspicious", may_move=may_move) == expected


def test_each_step_knows_its_inverse() -> None:
    """The inverse of a move goes back and takes the keywords off, and its own inverse is the move again."""
    assert Step(StepKind.MOVE, "INBOX", "Suspicious", add=KEYWORDS, remove=(NOT_PHISHING,)) == MOVE
    assert MOVE.inverse == Step(StepKind.MOVE, "Suspicious", "INBOX", add=(NOT_PHISHING,), remove=KEYWORDS)
    assert MOVE.inverse.inverse == MOVE


@pytest.mark.parametrize(
    ("taken", "done", "expected"),
    [
        (receipt(MOVE, INBOX, SUSPICIOUS), State.MOVED, State.MOVED),
        (receipt(MOVE, INBOX, SUSPICIOUS, How.COPY_EXPUNGE), State.MOVED, State.MOVED),
        (receipt(MOVE, INBOX, SUSPICIOUS, How.COPY_ONLY), State.MOVED, State.COPIED),
        (receipt(step("INBOX", "notify", "")[0], INBOX, INBOX, How.STORE), State.MARKED, State.MARKED),
        (None, State.MOVED, State.VANISHED),
        (None, State.MARKED, State.VANISHED),
        (None, State.RELEASED, State.RELEASED),
        (receipt(MOVE.inverse, SUSPICIOUS, INBOX, How.COPY_ONLY), State.RELEASED, State.RELEASED),
    ],
)
def test_state_after(taken: Receipt | None, done: State, expected: State) -> None:
    """A receipt tells what a case became; what the user took back stays released even if the mail was gone."""
    assert state_after(taken, done) is expected


# Which mail is new.

STATE = FolderState("INBOX", uidvalidity=5, uidnext=100)


@pytest.mark.parametrize(
    ("bookmark", "history", "expected"),
    [
        (None, timedelta(0), Window()),
        (None, timedelta(days=2), Window(since=NOON - timedelta(days=2))),
        (Bookmark("home", "INBOX", 5, 42, NOON), timedelta(days=2), Window(first=42)),
        (Bookmark("home", "INBOX", 4, 42, NOON), timedelta(days=2), Window(since=NOON)),
    ],
    ids=["first sight", "first sight with history", "as left", "UIDs given out anew"],
)
def test_window(bookmark: Bookmark | None, history: timedelta, expected: Window) -> None:
    """The bookmark's UID decides; without one that holds, only a time does, never the whole folder."""
    assert window(STATE, bookmark, history, NOON) == expected


@pytest.mark.parametrize(
    ("at", "since", "expected"),
    [
        (NOON, None, True),
        (NOON, NOON, True),
        (NOON - timedelta(minutes=9), NOON, True),
        (NOON - timedelta(minutes=11), NOON, False),
        (NOON - timedelta(hours=11), NOON, False),
    ],
    ids=["no time asked", "at that time", "the server's clock is behind", "just before", "earlier that day"],
)
def test_is_within(at: datetime, since: datetime | None, expected: bool) -> None:  # noqa: FBT001 - a table
    """Of the days that a server finds, only what is younger belongs to the window, give or take its clock."""
    assert is_within(mail(at), Window(since=since)) is expected


@pytest.mark.parametrize("parts", [1, 2, 5, 20, 100])
def test_all_text_together_stays_within_the_limit(parts: int) -> None:
    """However many text parts a mail has, what is fetched of them fits the budget, and each is read a little."""
    share = plan.share_text_limit(parts)

    assert share * parts <= plan.TEXT_LIMIT
    assert share >= 1024


def test_no_more_attachments_are_opened_than_may_be_waited_for() -> None:
    """Of a thousand archives the first ones are looked into once, and the others are named as unseen."""
    archives = tuple(Attachment(str(number), f"{number}.zip", "application/zip", 9) for number in range(1_000))
    message = Message(attachments=archives)
    wanted = plan.needs(message, ()).open
    opened = tuple(replace(one, opening=Opening(Opened.OPENED)) for one in archives[: plan.MOST_OPENED])

    assert wanted == tuple(map(str, range(plan.MOST_OPENED)))
    seen = Message(attachments=opened + archives[plan.MOST_OPENED :])
    assert plan.needs(seen, ()) == Needs()
    assert len(plan.unseen(seen)) == 1_000 - plan.MOST_OPENED
