"""Whatever stands in a mail, nothing that leaves the program speaks to anything but a reader's eye."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.kit.inquiries import AT, catalogue
from tests.kit.poisons import FIELDS, POISONS, SEEN, Judge, letter
from watcher import report
from watcher.cli import _complain, watcher
from watcher.desktop.freedesktop import Server
from watcher.desktop.line import one_line
from watcher.letters import complaint, digest
from watcher.model import Case, Lesson, LessonKind, Notice, State
from watcher.page import Survey, render
from watcher.paths import ledger_file
from watcher.store.ledger import open_ledger

TAG = re.compile("<[^>]*>")
PLAIN = Server("bus", ":1.1", "server", "1", frozenset())
MARKED = Server("bus", ":1.1", "server", "1", frozenset({"body-markup"}))
PRINTED = (("list", "--all", "--limit", "1000"), ("list", "--all", "--limit", "1000", "--json"), ("lessons",))


@cache
def _judge() -> Judge:
    return Judge(catalogue())


@cache
def _cases(poison: str) -> tuple[Case, ...]:
    """A case for each field with that poison in it, and one from a folder of that name."""
    words = POISONS[poison]
    in_fields = (_judge().case(letter(field, words)) for field in FIELDS)
    return (*in_fields, _judge().case(letter("folder", words), folder=words))


@pytest.fixture(params=POISONS)
def poison(request: pytest.FixtureRequest) -> str:
    """Each of them."""
    return str(request.param)


def _is_harmless(words: str) -> bool:
    return not SEEN.search(words) and words.encode("utf-8") is not None


def test_the_mails_are_judged_as_they_are_meant(poison: str) -> None:
    """Most of the poisoned mails are found out, so that all that can be said of them is said."""
    suspicious = [case for case in _cases(poison) if case.verdict and case.verdict.suspicious]

    assert len(suspicious) > len(FIELDS) // 2


def test_sentences_and_quotes(poison: str) -> None:
    """What detectors say, and quote, is one harmless line."""
    for case in _cases(poison):
        assert case.verdict is not None
        for fact in case.verdict.reasons:
            for words in (fact.text.ja, fact.text.en, fact.quote):
                assert _is_harmless(words), (fact.detector, words)
                assert "\n" not in words
            assert len(fact.quote) <= 120


def test_notices(poison: str) -> None:
    """A notice is harmless with and without markup, holds no tag, and never looks like an option."""
    for case in _cases(poison):
        for notice in _notices(case):
            for words in (notice.summary, notice.body, notice.by_hand, one_line(notice.body)):
                assert _is_harmless(words), words
                assert not words.startswith("-")
                assert not TAG.search(words)
            assert not TAG.search(MARKED.body(notice.body))
            assert _is_harmless(PLAIN.body(notice.body))


def _notices(case: Case) -> Iterator[Notice]:
    for language in ("ja", "en"):
        yield from (report.notice([case, case], language, detail) for detail in ("full", "sender", "none"))
        yield report.details(case, language)
        yield report.refusal(case.subject or case.author.name, language)


def test_the_page(poison: str) -> None:
    """The report holds none of it, and no element, attribute or script that it would not hold anyway."""
    page = render(Survey(_cases(poison), (), catalogue(), (), AT), "ja")

    assert _is_harmless(page)
    tags = re.sub(r'"[^"]*"', '""', "".join(TAG.findall(page)))
    assert not re.search(r"<(?:script|img)|\son\w+=|javascript:", tags)


def test_letters(poison: str) -> None:
    """The complaint and the digest have the fields that they have, and only those."""
    for case in _cases(poison):
        draft = complaint(b"Subject: x\r\n\r\n", case, "taro@example.jp", "phishing@example.org")
        summary = digest([case], "taro@example.jp", "ja", AT, "1@example.jp")

        for mail in (draft, summary):
            assert set(_names(mail)) <= _OWN_FIELDS
            assert _is_harmless(mail.decode("utf-8").replace("\r\n", "\n"))


_OWN_FIELDS = {
    *("subject", "from", "to", "date", "message-id", "auto-submitted", "x-unsent"),
    *("mime-version", "content-type", "content-transfer-encoding"),
}


def _names(mail: bytes) -> list[str]:
    lines = mail.split(b"\r\n\r\n")[0].decode().splitlines()
    return [line.partition(":")[0].lower() for line in lines if not line.startswith((" ", "\t"))]


def test_the_ledger_and_the_commands(poison: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases come back from the ledger as they went in, and every command that prints them prints harmless lines."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    ids = _keep(_cases(poison), POISONS[poison])
    shown = [("show", str(ids[-1]), "--json"), *(("show", str(one)) for one in ids)]

    for command in (*PRINTED, *shown):
        printed = CliRunner().invoke(watcher, command, catch_exceptions=False, color=True).stdout
        assert printed
        assert _is_harmless(printed), (command, printed)
        if "--json" in command:
            assert all(isinstance(json.loads(line), dict) for line in printed.splitlines())


def _keep(cases: tuple[Case, ...], words: str) -> list[int]:
    """The numbers under which the ledger has the cases, and a lesson of each kind."""
    ledger_file().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    store = open_ledger(ledger_file())
    try:
        kept = [store.add_case(case) for case in cases]
        for before, after in zip(cases, kept, strict=True):
            again = store.case(after.id)
            assert (again.author, again.subject, again.verdict) == (before.author, before.subject, before.verdict)
            assert again.state is State.MOVED
        store.add_lesson(Lesson(words[:300], explicit=True, at=AT))
        store.add_lesson(Lesson(words[:300], kind=LessonKind.DISTRUST, brand=words[:300], at=AT))
        return [case.id for case in kept]
    finally:
        store.close()


def test_complaints(poison: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What a server or a file is called is harmless in a complaint, which keeps its lines."""
    _complain([f"There is no folder {POISONS[poison]}.\nLook again."])

    complaint = capsys.readouterr().err
    assert _is_harmless(complaint)
    assert complaint.endswith("\nLook again.\n")


def test_scan(poison: str, tmp_path: Path) -> None:
    """`scan` prints harmless lines of mails that are poisoned, in text and for programs, and so of files' names."""
    for number, field in enumerate(FIELDS):
        (tmp_path / f"{number}.eml").write_bytes(letter(field, POISONS[poison]))
    name = POISONS[poison].replace("/", "").replace("\0", "")[:60]
    (tmp_path / f"x{name}.eml").write_bytes(letter("name", POISONS[poison]))

    for more in ((), ("--json",)):
        command = ["scan", str(tmp_path), *more]
        printed = CliRunner().invoke(watcher, command, catch_exceptions=False, color=True).stdout
        assert _is_harmless(printed), printed
        assert len(printed.splitlines()) >= len(FIELDS) + 1


_LOG = """
import logging
from tests.kit.poisons import POISONS
from watcher.daemon.logs import start_log
start_log(verbose=False, environ={environ})
for words in POISONS.values():
    logging.getLogger("watcher").warning("%s: %s", "home", words)
"""


@pytest.mark.parametrize("environ", [{"JOURNAL_STREAM": "8:1"}, {}])
def test_the_log(environ: dict[str, str]) -> None:
    """Every line of the log is harmless, and in the journal no part of it gives itself another weight."""
    program = [sys.executable, "-X", "utf8", "-c", _LOG.format(environ=environ)]
    text = subprocess.run(program, capture_output=True, check=True, timeout=60).stderr.decode("utf-8")

    assert _is_harmless(text)
    assert text.count(": ") >= len(POISONS)
    assert not environ or all(line.startswith("<4>") for line in text.splitlines())
