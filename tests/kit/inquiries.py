"""Turns a mail written in a test's table into what a detector is given, by the house's own way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from tests.kit.mails import build
from watcher import brands
from watcher.attachments.in_process import InProcess
from watcher.authentication import authenticate
from watcher.claims import find_claims
from watcher.model import Belief, Catalogue, Context, Inquiry, Lesson, Mail, Message, Place
from watcher.parse import decode, fingerprint, parse, split

MX = "mx.reader.example"
"""The reader's own mail server."""
AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

Row = Callable[[], Inquiry]
"""One row of a detector's table, made when its test runs."""


def mail(
    *,
    results: str = "",
    received: str = "from mail.sender.example (mail.sender.example [192.0.2.1])",
    lessons: tuple[Lesson, ...] = (),
    acquainted: bool | None = None,
    **parts: Any,
) -> Row:
    """A mail as it lies in the inbox.

    Args:
        results: what the reader's mail server wrote into Authentication-Results; nothing for no such header.
        received: the beginning of the Received line that the reader's mail server wrote.
        lessons: what the user taught before.
        acquainted: whether the author is known to the reader; None where that could not be told.
        parts: `written_to`, `namesake` and `owner` as in Context; for the others see `mails.build`.
    """
    known = {name: parts.pop(name) for name in ("written_to", "namesake", "owner") if name in parts}
    headers = [("Authentication-Results", f"{MX}; {results}")] if results else []
    headers += [("Received", f"{received} by {MX} with ESMTPS; Tue, 24 Nov 2026 18:00:00 +0900")]
    headers += parts.pop("headers", ())

    def inquire() -> Inquiry:
        message = read(build(headers=headers, **parts))
        context = Context(catalogue(), belief=Belief(authserv=MX), lessons=lessons, acquainted=acquainted, **known)
        return Inquiry(message, find_claims(message, context.catalogue), authenticate(message, context.belief), context)

    return inquire


def passed(domain: str) -> str:
    """The results of a mail that is really from `domain`."""
    return f"spf=pass smtp.mailfrom={domain}; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"


@cache
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    return brands.load()


def read(octets: bytes) -> Message:
    """A whole mail, read, its attachments looked into."""
    header, parts = split(octets)
    print_of_it = fingerprint(header, len(octets), AT)
    whole = Mail(Place("test", "INBOX", 1, 1), print_of_it, len(octets), AT, (), header, parts)
    message = parse(whole)
    opener = InProcess()
    contents = {part.section: decode(part) for part in parts}
    attachments = tuple(replace(a, opening=opener.open(a.filename, contents[a.section])) for a in message.attachments)
    return replace(message, attachments=attachments)
