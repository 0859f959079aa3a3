"""A program where the mail promises a document.

Sees:
    An attachment that is a program by its content or its name, or an archive with one in it, at any depth and in any
    folder.

Why it matters:
    This is how the campaigns of 2015 and 2016 emptied bank accounts: 日本郵便追跡….zip held an EXE that showed a
    picture and installed ROVNIX. No brand and no authority sends programs by mail.

Example:
    日本郵便追跡.zip, in it 委託運送状/委託運送状.exe.

Leaves alone:
    Archives of documents, pictures or source code; what merely begins like a program. From a sender whom the reader
    knows, or who poses as nobody (to write about a brand is not to pose), it is one fact among others and decides
    nothing alone; scripts among the sources that they belong to then weigh less.

Sources:
    Japan Post's warning of 2015-12; the blocked file types that Gmail and Outlook publish.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from watcher.kinds import extension
from watcher.model import Attachment, Evidence, Facet, Inquiry, Member, Sentence, Strength, Where
from watcher.posing import unproven
from watcher.text import clean, fill

DIRECT = Sentence(
    ja="添付ファイル「{file}」は書類ではなくプログラムです。開くとパソコンが乗っ取られるおそれがあります。",
    en="The attachment “{file}” is no document but a program; opening it may let others take control of your computer.",
)
INSIDE = Sentence(
    ja="添付ファイル「{file}」の中にプログラム「{member}」が入っています。開くとパソコンが乗っ取られるおそれがあります。",
    en="The attachment “{file}” holds a program, “{member}”; opening it may let others take control of your computer.",
)


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """One fact for each attachment that is or holds a program."""
    claim = next((claim for _, claim in unproven(inquiry) if claim and not claim.common), None)
    for attachment in inquiry.message.attachments:
        if (program := _program(attachment)) is not None:
            sentence = INSIDE if program else DIRECT
            yield Evidence(
                text=fill(sentence, file=attachment.filename, member=program.rpartition("/")[2].rpartition("!")[2]),
                strength=_strength(attachment, poses=claim is not None and not inquiry.context.acquainted),
                facet=Facet.ATTACHMENT,
                where=Where.ATTACHMENT,
                claim=claim,
                quote=clean(program or attachment.filename),
            )


def _strength(attachment: Attachment, *, poses: bool) -> Strength:
    if poses:
        return Strength.DECISIVE
    return Strength.MEDIUM if _is_source(attachment.opening.members) else Strength.STRONG


def _is_source(members: Sequence[Member]) -> bool:
    """Whether the only programs are scripts, in an archive with more texts than scripts."""
    programs = [member for member in members if member.kind == "program"]
    texts = sum(member.kind in _SOURCES for member in members)
    return 0 < len(programs) < texts and all(extension(member.path) in _SCRIPTS for member in programs)


_SCRIPTS = frozenset({"js", "bat", "cmd", "ps1", "psm1", "psd1", "vbs", "vb", "ws", "reg", "desktop"})
_SOURCES = frozenset({"text", "html"})


def _program(attachment: Attachment) -> str | None:
    """The path of the first program inside; empty if the attachment itself is one; None without any."""
    if attachment.opening.kind == "program":
        return ""
    return next((member.path for member in attachment.opening.members if member.kind == "program"), None)
