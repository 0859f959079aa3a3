"""What people are told, finished: notices for the desktop, and a case in full. Pure.

Whatever comes from a mail passes `text.clean` before it stands in a sentence. A notice's summary holds nothing from the
mail at all, since desktops show it large and some read it aloud; its body quotes the sender's name in 「」.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from watcher.model import (
    Button,
    Case,
    Choice,
    Direction,
    Evidence,
    Facet,
    Notice,
    Sentence,
    State,
    Strength,
    Verdict,
)
from watcher.text import clean
from watcher.words import translation

_NAME = 40
"""Characters of a sender's name in a notice."""
_LINES = 3
"""Mails that one notice names; the others are counted."""
_REASONS = 8
"""Reasons that a notice gives for one mail; `watcher show` gives them all."""
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
    lines = [_line(case, language, detail) for case in newest[:_LINES]] if detail != "none" else []
    if lines and len(newest) > _LINES:
        more = len(newest) - _LINES
        text = translation(language).ngettext("and %d more", "and %d more", more)
        lines.append(text % more)
    return Notice(
        summary=_summary(newest, language),
        body=_without_markup(lines),
        token=",".join(str(case.id) for case in cases),
        buttons=_buttons(newest, language),
        urgent=any(_is_program(case) for case in cases),
    )


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
        words.ngettext(
            "%d mail that poses as somebody else was moved", "%d mails that pose as somebody else were moved", moved
        ),
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


def _line(case: Case, language: str, detail: str) -> str:
    sender = _quoted(case.author.name or case.author.spec)
    return f"{sender} {reason(case, language)}" if detail == "full" else sender


def _quoted(name: str) -> str:
    """A name from a mail, so that nothing in it seems to stand outside the quotation."""
    return f"「{clean(name.translate(_QUOTES), _NAME)}」"


def _without_markup(lines: Sequence[str]) -> str:
    """The body of a notice: some desktops read HTML in it."""
    return "\n".join(lines).translate(_MARKUP)


def _buttons(cases: Sequence[Case], language: str) -> tuple[Button, ...]:
    _ = translation(language).gettext
    if all(case.state is State.HELD for case in cases):
        return (Button(Choice.DETAILS, _("Details")),)
    return Button(Choice.RESTORE, _("Restore")), Button(Choice.DETAILS, _("Details"))


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
