"""The whole way of a mail, from its octets to verdict, notice and page, as the daemon goes it and as `scan` does."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from tests.kit.inquiries import AT, catalogue
from watcher import report
from watcher.campaigns import imprint
from watcher.detectors import load
from watcher.model import Belief, Case, Context, Finding, Mail, Member, Opened, Opening, Place, State, Trait
from watcher.page import Survey, render
from watcher.parse import fingerprint, split
from watcher.pipeline import Examination, Examiner
from watcher.text import clean

LANGUAGE = "ja"


class Talkative:
    """An opener that finds as much as one may in everything, at no time: what the child does has limits of its own."""

    def prepare(self, filename: str = "") -> None:
        """There is nothing to make ready."""

    def open(self, filename: str, content: bytes) -> Opening:
        """Members with long names, and links."""
        del filename, content
        return _opening()

    def close(self) -> None:
        """There is nothing to end."""


@cache
def _opening() -> Opening:
    members = tuple(Member("a" * 1_000 + f"/{one}.exe", 1, "program") for one in range(2_000))
    findings = tuple(Finding(Trait.LINK, f"http://{one}.example/{'a' * 280}") for one in range(200))
    return Opening(Opened.OPENED, "archive", members, findings)


class _Reader:
    """Hands out what is asked for of one mail."""

    def __init__(self, mail: Mail) -> None:
        self._contents = {part.section: part.content or b"" for part in mail.parts}

    def fill(self, mail: Mail, sections: Sequence[str], limit: int) -> Mail:
        """See `ports.Reader.fill`."""
        parts = (
            replace(part, content=self._contents[part.section][:limit]) if part.section in sections else part
            for part in mail.parts
        )
        return replace(mail, parts=tuple(parts))


def read_file(raw: bytes) -> Mail:
    """The whole mail, as `scan` has it."""
    header, parts = split(raw)
    return Mail(Place("home", "INBOX", 1, 1), fingerprint(header, len(raw), AT), len(raw), AT, (), header, parts)


def as_described(mail: Mail) -> Mail:
    """The same before anything but its header has been fetched, as the daemon has it."""
    return replace(mail, parts=tuple(replace(part, content=None) for part in mail.parts))


@cache
def _examiner() -> Examiner:
    return Examiner(catalogue(), load(), Talkative())


def travel(mail: Mail, whole: Mail) -> Case:
    """Judge a mail, and tell of it in every way.

    Args:
        mail: as the source describes it.
        whole: where more of it is got.
    """
    context = Context(catalogue(), belief=Belief(topmost=True), acquainted=False, owner=("taro@example.jp",))
    case = case_of(mail, _examiner().examine(_Reader(whole), mail, context))  # type: ignore[arg-type]  # the same of a Reader
    report.as_record(case.verdict)  # type: ignore[arg-type]  # it has been judged
    report.notice([case, case], LANGUAGE, "full")
    report.details(case, LANGUAGE)
    if case.verdict and case.verdict.suspicious:
        render(Survey([case], (), catalogue(), (), AT), LANGUAGE)
    return case


def case_of(mail: Mail, examination: Examination) -> Case:
    """The case that the pipeline makes of a suspicious mail."""
    message = examination.message
    return Case(
        place=mail.place,
        fingerprint=mail.fingerprint,
        author=message.author,
        subject=clean(message.subject),
        message_id=message.message_id,
        date=mail.internal_date,
        state=State.MOVED,
        judged_at=AT,
        id=1,
        verdict=examination.verdict,
        imprint=imprint(message, catalogue().offers),
    )


def time_scan(raw: bytes) -> float:
    """Seconds of CPU for a mail that lies in a file."""
    started = time.process_time()
    mail = read_file(raw)
    travel(mail, mail)
    return time.process_time() - started


def time_daemon(raw: bytes) -> float:
    """Seconds of CPU for a mail of which as much is fetched as the daemon asks for."""
    whole = read_file(raw)
    started = time.process_time()
    travel(as_described(whole), whole)
    return time.process_time() - started
