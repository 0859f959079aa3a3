"""What people are told, finished: notices for the desktop, and a case in full. Pure.

Whatever comes from a mail passes `text.clean` before it stands in a sentence. A notice's summary holds nothing from the
mail at all, since desktops show it large and some read it aloud; its body quotes the sender's name in 「」.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from watcher import campaigns
from watcher.model import (
    Button,
    Case,
    Choice,
    Direction,
    Evidence,
    Facet,
    Lesson,
    LessonKind,
    Notice,
    Sentence,
    State,
    Strength,
    Verdict,
)
from watcher.text import clean
from watcher.words import translation

GONE = "gone"
"""Outcome of a decision about a mail that is no longer where it was put."""

_NAME = 40
"""Characters of a sender's name in a notice."""
_LINES = 3
"""Mails that one notice names; the others are counted."""
_REASONS = 8
"""Reasons that a notice gives for one mail; `watcher show` gives them all."""
_CHOICES = MappingProxyType(
    {
        State.CLEAN: (Choice.CONFIRM,),
        State.OBSERVED: (),
        State.MARKED: (Choice.RESTORE, Choice.TRUST, Choice.CONFIRM, Choice.DELETE),
        State.HELD: (Choice.RESTORE, Choice.TRUST, Choice.CONFIRM),
        State.MOVING: (),
        State.MOVED: (Choice.RESTORE, Choice.TRUST, Choice.CONFIRM, Choice.DELETE),
        State.COPIED: (Choice.RESTORE, Choice.TRUST, Choice.CONFIRM),
        State.RELEASED: (Choice.CONFIRM, Choice.TRUST),
        State.FILED: (Choice.TRUST,),
        State.DELETED: (Choice.RESTORE,),
        State.REPORTED: (Choice.RESTORE, Choice.TRUST, Choice.DELETE),
        State.FOREIGN: (),
        State.VANISHED: (),
        State.FAILED: (),
    }
)
_MARKUP = str.maketrans("<>&", "‹›＆")
_QUOTES = str.maketrans("「」", "''")


def notice(cases: Sequence[Case], language: str, detail: str) -> Notice:
    """One notice for one or more cases.

    Args:
        cases: at least one, oldest first.
        language: "ja" or "en".
        detail: "full" for senders and reasons, "sender" for senders, "none" for neither (lock screens show it).
    """
    newest = list(reversed(cases))
    lines = _lines(newest, language, detail) if detail != "none" else []
    return Notice(
        summary=_summary(newest, language),
        body=_without_markup(lines),
        token=",".join(str(case.id) for case in cases),
        buttons=_buttons(newest, language),
        urgent=any(_is_program(case) for case in cases),
        by_hand=_by_hand(newest, language),
    )


def refusal(outcome: str, language: str) -> Notice:
    """A notice that a button could not be answered, and why: an outcome of `settle.carry_out`."""
    _ = translation(language).gettext
    gone = _("The mail is no longer where Watcher had put it.")
    return Notice(_("That could not be done"), _without_markup([gone if outcome == GONE else clean(outcome, 300)]))


def restraint(lesson: Lesson, language: str) -> Notice:
    """A notice that a detector will not have mail moved any more."""
    _ = translation(language).gettext
    lines = [
        _("What “{detector}” finds was taken back too often. Mail moved because of it stays from now on.").format(
            detector=lesson.detector
        ),
        _("To have it moved again: watcher forget %d") % lesson.id,
    ]
    return Notice(_("One kind of finding was wrong too often"), "\n".join(lines), token=f"lesson {lesson.id}")


def begun_anew(fault: str, kept: str, language: str) -> Notice:
    """A notice that Watcher has lost its memory, and what that means.

    Args:
        fault: what was wrong with the ledger: "damaged", "foreign" or "newer".
        kept: the file that it is kept in.
        language: "ja" or "en".
    """
    return Notice(
        translation(language).gettext("Watcher has begun its records anew"),
        _without_markup(lost_memory(fault, kept, language)),
    )


def lost_memory(fault: str, kept: str, language: str) -> tuple[str, ...]:
    """What was wrong with the ledger, what that means, and what to do. See `begun_anew`."""
    _ = translation(language).gettext
    reasons = {
        "damaged": _("The records of mail that was moved so far were damaged."),
        "foreign": _("In place of Watcher's records there was something else."),
        "newer": _("The records of mail that was moved so far were written by a newer version of Watcher."),
    }
    mend = {"newer": _("Update Watcher; then that file can be put back in its place.")}
    return (
        reasons[fault],
        _("They are kept as {file}.").format(file=clean(kept, 300)),
        _("Mail is watched as before. What was moved earlier stays where it is: take it back in your mail program."),
        *((mend[fault],) if fault in mend else ()),
    )


def digest(cases: Sequence[Case], language: str, account: str) -> Notice:
    """A notice that sums up a day.

    Args:
        cases: what was found, at least one.
        language: "ja" or "en".
        account: as the user has named it.
    """
    words = translation(language)
    _ = words.gettext
    found = words.ngettext(
        "In the last day %d suspicious mail was found", "In the last day %d suspicious mails were found", len(cases)
    )
    released = sum(case.state is State.RELEASED for case in cases)
    lines = [_("Account: %s") % account]
    if released:
        lines.append(words.ngettext("%d of them was restored", "%d of them were restored", released) % released)
    lines.append(_("To see them all: watcher report"))
    return Notice(found % len(cases), "\n".join(lines), token=f"digest {account}")


def lesson(lesson: Lesson, language: str) -> str:
    """A lesson in one sentence: what it does."""
    _ = translation(language).gettext
    sender, brand = clean(lesson.sender, 80), clean(lesson.brand, 40)
    match lesson.kind:
        case LessonKind.RESTRAINT:
            words = _("Mail moved because of “{detector}” stays where it is, marked: it was taken back too often.")
        case LessonKind.DISTRUST if brand:
            words = _("Mail from {sender} that poses as “{brand}” is moved: you reported it.")
        case LessonKind.DISTRUST:
            words = _("Mail from {sender} is moved: you reported it.")
        case _ if lesson.explicit:
            words = _("Mail that is proved to be from {sender} stays, whatever is found: you trust it.")
        case _ if brand:
            words = _("Mail from {sender} that calls itself “{brand}” stays: you took such mail back.")
        case _:
            words = _("Mail from {sender} stays: you took such mail back.")
    return words.format(sender=sender, brand=brand, detector=lesson.detector)


def state(state: State, language: str) -> str:
    """How a case stands, for people."""
    _ = translation(language).gettext
    return {
        State.CLEAN: _("clean"),
        State.OBSERVED: _("suspicious, only recorded"),
        State.MARKED: _("suspicious, left in place"),
        State.HELD: _("suspicious, held back"),
        State.MOVING: _("being moved"),
        State.MOVED: _("moved"),
        State.COPIED: _("copied"),
        State.RELEASED: _("restored"),
        State.FILED: _("taken elsewhere by you"),
        State.DELETED: _("deleted"),
        State.REPORTED: _("reported by you"),
        State.FOREIGN: _("put there by somebody else"),
        State.VANISHED: _("gone before it could be moved"),
        State.FAILED: _("could not be judged"),
    }[state]


def commands(case: Case) -> tuple[Choice, ...]:
    """What can be decided about a case, as it stands, in the order in which it is offered."""
    return _CHOICES[case.state]


def details(case: Case, language: str) -> Notice:
    """A notice with all the reasons of one case."""
    _ = translation(language).gettext
    lines = [author(case), *(in_language(fact.text, language) for fact in against(case)[:_REASONS])]
    lines.append(_("More: watcher show %d") % case.id)
    return Notice(
        summary=_("Why this mail is suspicious"),
        body=_without_markup(lines),
        token=str(case.id),
        buttons=_buttons((case,), language)[:1],
    )


def reason(case: Case, language: str) -> str:
    """The one sentence that says why: the fact that decided. Empty for a case without one."""
    facts = against(case)
    return in_language(facts[0].text, language) if facts else ""


def against(case: Case) -> tuple[Evidence, ...]:
    """The facts against the sender, the one that decided first."""
    return _facts(case, Direction.AGAINST)


def in_favour(case: Case) -> tuple[Evidence, ...]:
    """The facts for the sender."""
    return _facts(case, Direction.FOR)


def in_language(sentence: Sentence, language: str) -> str:
    """The sentence in one of the two languages."""
    return sentence.ja if language == "ja" else sentence.en


def author(case: Case) -> str:
    """The sender as a person reads it: the name, and the address that a name so easily hides."""
    spec = clean(case.author.spec, 80)
    return f"{_quoted(case.author.name)} <{spec}>" if case.author.name else f"<{spec}>"


def _facts(case: Case, direction: Direction) -> tuple[Evidence, ...]:
    reasons = case.verdict.reasons if case.verdict else ()
    return tuple(fact for fact in reasons if fact.direction is direction)


def _summary(cases: Sequence[Case], language: str) -> str:
    words = translation(language)
    moved = sum(case.state is State.MOVED for case in cases)
    copied = sum(case.state is State.COPIED for case in cases)
    held = sum(case.state is State.HELD for case in cases)
    marked = len(cases) - moved - copied - held
    texts = (
        words.ngettext("Moved %d mail that poses as somebody else", "Moved %d mails that pose as somebody else", moved),
        words.ngettext(
            "%d suspicious mail was only copied and still is in your inbox: this server cannot move safely",
            "%d suspicious mails were only copied and still are in your inbox: this server cannot move safely",
            copied,
        ),
        words.ngettext(
            "%d suspicious mail was left in place: too many at once",
            "%d suspicious mails were left in place: too many at once",
            held,
        ),
        words.ngettext("%d suspicious mail in your inbox", "%d suspicious mails in your inbox", marked),
    )
    counts = (moved, copied, held, marked)
    return " / ".join(text % count for text, count in zip(texts, counts, strict=True) if count)


def _lines(newest: Sequence[Case], language: str, detail: str) -> list[str]:
    """A line for each mail, one for all mails of a campaign; some lines, and the others counted."""
    words = translation(language)
    counts: dict[int, int] = {}
    alike = campaigns.group(newest, is_public=lambda _: True)  # by attachments and texts: hosts need the catalogue
    first = {number: campaign.cases[-1] for campaign in alike for number in campaign.cases}
    for case in newest:
        number = first.get(case.id, case.id)
        counts[number] = counts.get(number, 0) + 1
    by_id = {case.id: case for case in newest}
    lines = []
    for number, count in list(counts.items())[:_LINES]:
        line = _line(by_id[number], language, detail)
        lines.append(line + words.ngettext(" (%d such mail)", " (%d such mails)", count) % count if count > 1 else line)
    if more := len(newest) - sum(list(counts.values())[:_LINES]):
        lines.append(words.ngettext("and %d more", "and %d more", more) % more)
    return lines


def _line(case: Case, language: str, detail: str) -> str:
    sender = _quoted(case.author.name or case.author.spec)
    if detail != "full":
        return sender
    _ = translation(language).gettext
    return _("Sender's name {sender}: {reason}").format(sender=sender, reason=reason(case, language))


def _quoted(name: str) -> str:
    """A name from a mail, so that nothing in it seems to stand outside the quotation."""
    return f"「{clean(name.translate(_QUOTES), _NAME)}」"


def _without_markup(lines: Sequence[str]) -> str:
    """The body of a notice: some desktops read HTML in it."""
    return "\n".join(lines).translate(_MARKUP)


def _buttons(cases: Sequence[Case], language: str) -> tuple[Button, ...]:
    """At most three, the most needed first: desktops draw three, and some only two."""
    _ = translation(language).gettext
    labels = {Choice.RESTORE: _("Restore"), Choice.DETAILS: _("Details"), Choice.DELETE: _("Delete")}
    if all(case.state is State.HELD for case in cases):
        del labels[Choice.RESTORE], labels[Choice.DELETE]
    elif any(case.state is not State.MOVED for case in cases):
        del labels[Choice.DELETE]  # nobody deletes what still lies in the inbox without having seen it
    return tuple(Button(choice, label) for choice, label in labels.items())


def _by_hand(cases: Sequence[Case], language: str) -> str:
    """What to type where there are no buttons."""
    _ = translation(language).gettext
    moved = [str(case.id) for case in cases if case.state is not State.HELD]
    if not moved:
        return _("To move them: watcher confirm --held")
    return _("To take it back: watcher restore %s") % " ".join(moved[:_LINES])


def _is_program(case: Case) -> bool:
    return any(f.facet is Facet.ATTACHMENT and f.strength is Strength.DECISIVE for f in against(case))


def as_record(verdict: Verdict) -> dict[str, Any]:
    """A verdict as programs are given it (docs/design.md, section 4)."""
    return {
        "verdict": "suspicious" if verdict.suspicious else "clean",
        "score": verdict.score,
        "claims": [{"brand": c.brand, "name": c.name, "where": c.where.value} for c in verdict.claims],
        "reasons": [_fact_as_record(fact) for fact in verdict.reasons],
        "unseen": list(verdict.unseen),
    }


def _fact_as_record(fact: Evidence) -> dict[str, Any]:
    return {
        "detector": fact.detector,
        "direction": fact.direction.value,
        "strength": fact.strength.name.lower(),
        "facet": fact.facet.value,
        "text": {"ja": fact.text.ja, "en": fact.text.en},
        "quote": fact.quote,
        "where": fact.where.value,
    }
