"""A mail with attachments on its whole way: delivered to a server, fetched piece by piece as needed, opened, judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.kit.inquiries import AT, MX, catalogue
from tests.kit.mails import build
from watcher.attachments.in_process import InProcess
from watcher.detectors import load
from watcher.model import Belief, Context, Mail, Verdict
from watcher.pipeline import Examination, Examiner
from watcher.sources.memory import MemoryServer, MemorySource

Content = bytes | Callable[[], bytes]


@dataclass(frozen=True)
class Posted:
    """What was sent, and what is known of the sender."""

    name: str
    """Of the attachment."""
    content: Content
    """Given as a function where it is costly to build."""
    parts: dict[str, Any]
    """See `posted`."""

    def raw(self) -> bytes:
        """The whole mail as the reader's server keeps it."""
        parts = dict(self.parts)
        results = parts.pop("results", "")
        for known in ("acquainted", "written_to"):
            parts.pop(known, None)
        headers = [("Authentication-Results", f"{MX}; {results}")] if results else []
        received = parts.pop("received", "from mail.sender.example (mail.sender.example [192.0.2.1])")
        headers += [("Received", f"{received} by {MX} with ESMTPS; Tue, 24 Nov 2026 18:00:00 +0900")]
        content = self.content() if callable(self.content) else self.content
        attached = [(self.name, content), *parts.pop("more", ())]
        return build(headers=[*headers, *parts.pop("headers", ())], attachments=attached, **parts)

    def context(self) -> Context:
        """What the store knows."""
        known = {name: self.parts[name] for name in ("acquainted", "written_to") if name in self.parts}
        return Context(catalogue(), belief=Belief(authserv=MX), **known)


def posted(name: str, content: Content, author: str, **parts: Any) -> Posted:
    """A mail with an attachment.

    Args:
        name: of the attachment.
        content: of the attachment.
        author: From.
        parts: `more` attachments; `results` and `received` as in `inquiries.mail`; `acquainted` and `written_to` as in
            Context; for the others see `mails.build`.
    """
    return Posted(name, content, {"author": author, **parts})


@cache
def examiner() -> Examiner:
    """All that judges a mail."""
    return Examiner(catalogue(), load(), InProcess())


def judge(mail: Posted) -> Verdict:
    """What the mail is judged to be."""
    return judge_raw(mail.raw(), mail.context())


def judge_raw(raw: bytes, context: Context) -> Verdict:
    """The same of a mail as it lies on a server."""
    return examine_raw(raw, context, examiner())[1].verdict


def examine_raw(raw: bytes, context: Context, examiner: Examiner) -> tuple[Mail, Examination]:
    """The mail as the server describes it, and all that is made of it."""
    server = MemoryServer()
    uid = server.deliver("INBOX", raw, at=AT)
    source = MemorySource("home", server, readonly=True)
    source.open()
    (mail,) = source.fetch("INBOX", [uid])
    return mail, examiner.examine(source, mail, context)
