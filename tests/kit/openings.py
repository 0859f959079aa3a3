"""Attachments as they look once they are open: what was found in them is written in the test's own table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests.kit.inquiries import Row, mail
from watcher.kinds import kind
from watcher.model import Finding, Inquiry, Member, Opened, Opening, Trait

STRANGER = "Mori <mori@unknown.example>"
PARTNER = "山本 誠 <makoto@partner.example>"
BRAND = "三井住友カード <info@fresh.example>"
ROLE = "Customer Service <info@fresh.example>"


def carrying(
    filename: str,
    *findings: Trait | tuple[Trait, str] | tuple[Trait, str, str],
    state: Opened = Opened.OPENED,
    members: Sequence[str] = (),
    locked: bool = False,
    **parts: Any,
) -> Row:
    """A mail with one attachment that has been opened.

    Args:
        filename: its name.
        findings: what was found: a trait alone, with its detail, or with that and the path of the member.
        state: how far it could be opened.
        members: the paths in it; each is of the kind that its name tells.
        locked: whether the members are encrypted.
        parts: see `inquiries.mail`; without an author it is from a stranger.
    """
    row = mail(**{"author": STRANGER, "attachments": [(filename, b"")], **parts})
    found = tuple(Finding(each) if isinstance(each, Trait) else Finding(*each) for each in findings)
    listed = tuple(Member(path, 1000, kind(path.rpartition("!")[2]), locked) for path in members)

    def inquire() -> Inquiry:
        inquiry = row()
        (attachment,) = inquiry.message.attachments
        opening = Opening(state, kind(filename), listed, found)
        opened = replace(attachment, filename=filename, opening=opening)
        return replace(inquiry, message=replace(inquiry.message, attachments=(opened,)))

    return inquire
