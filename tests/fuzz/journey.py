"""A mail's way from octets to verdict, notice and page, and what must be true of whatever comes out of it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

from tests.kit.inquiries import AT, MX, catalogue
from tests.kit.posted import examine_raw
from tests.kit.whole_way import case_of
from watcher import report
from watcher.attachments.in_process import InProcess
from watcher.detectors import load
from watcher.letters import complaint, digest
from watcher.model import Belief, Case, Context, Lesson, Mail, Notice, Opening
from watcher.page import Survey, render
from watcher.pipeline import Examination, Examiner

UNPRINTABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
"""What no line may hold that a person reads."""

PATIENCE = 0.25
"""Seconds of CPU for a mail of up to a mebibyte. Attachments are opened by a child, which has a limit of its own."""

_LONGEST_QUOTE = 120
_TRUSTED = Lesson("@friend.example", explicit=True, at=AT)
_CONTEXTS = (
    {"belief": Belief(topmost=True)},
    {"belief": Belief(authserv=MX), "acquainted": False, "owner": ("taro@example.jp",), "namesake": "山本 誠"},
    {"belief": Belief(), "acquainted": True, "written_to": True, "lessons": (_TRUSTED,)},
)
"""What may be known besides the mail."""


class WrongError(AssertionError):
    """Something that comes out of a mail is not as it must be."""


class Journey:
    """All that a mail passes through, made once."""

    def __init__(self) -> None:
        self._opener = _Timed()
        self._examiner = Examiner(catalogue(), load(), self._opener)
        self._turn = 0

    def travel(self, raw: bytes) -> float:
        """Send a mail on its way.

        Returns:
            Seconds of CPU for its judgement, attachments apart.

        Raises:
            Exception: whatever goes wrong on the way; `WrongError` where it arrives, but not as it must.
        """
        self._turn += 1
        context = Context(catalogue(), **_CONTEXTS[self._turn % len(_CONTEXTS)])
        self._opener.seconds, started = 0.0, time.process_time()
        mail, examination = examine_raw(raw, context, self._examiner)
        seconds = time.process_time() - started - self._opener.seconds
        for problem in self._problems(raw, mail, examination):
            raise WrongError(problem)
        return seconds

    def _problems(self, raw: bytes, mail: Mail, examination: Examination) -> Iterator[str]:
        verdict = examination.verdict
        if verdict.suspicious != (verdict.score >= 0.5):
            yield "the score does not fit the verdict"
        json.dumps(report.as_record(verdict), ensure_ascii=False).encode()
        for fact in verdict.reasons:
            if len(fact.quote) > _LONGEST_QUOTE:
                yield f"{fact.detector} quotes too much"
            for sentence in (fact.text.ja, fact.text.en):
                if not sentence or UNPRINTABLE.search(sentence):
                    yield f"{fact.detector} says {sentence!r}"
        if verdict.suspicious:
            yield from self._told(raw, case_of(mail, examination))

    def _told(self, raw: bytes, case: Case) -> Iterator[str]:
        """What the user is told: in the notice, by the details, by letter, on the page."""
        for language in ("ja", "en"):
            for detail in ("full", "sender", "none"):
                yield from _wrong(report.notice([case, case], language, detail))
            yield from _wrong(report.notice([case], language, "full"))
            yield from _wrong(report.details(case, language))
        if self._turn % 16 == 0:  # the page takes longer than all the rest
            complaint(raw, case, "taro@example.jp", "phishing@example.org")
            digest([case], "taro@example.jp", "ja", AT, "1@example.jp")
            page = render(Survey([case], (), catalogue(), (), AT), "ja")
            if UNPRINTABLE.search(page):
                yield "the page holds what cannot be printed"


class _Timed(InProcess):
    """An opener that tells how long it took."""

    seconds = 0.0

    def open(self, filename: str, content: bytes) -> Opening:
        started = time.process_time()
        try:
            return super().open(filename, content)
        finally:
            self.seconds += time.process_time() - started


def _wrong(notice: Notice) -> Iterator[str]:
    for words in (notice.summary, notice.body, *(button.label for button in notice.buttons)):
        if UNPRINTABLE.search(words) or words.startswith("-") or re.search(r"[<>]", words):
            yield f"a notice says {words!r}"
