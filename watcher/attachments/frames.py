"""What the daemon and its caged child say to each other: a length, JSON, and octets.

The child may have been taken over by what it read. Its answers are therefore bounded, hold no code (JSON, not pickle)
and are checked value by value.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict

from watcher.attachments.limits import LONGEST_DETAIL, MIB, Limits
from watcher.kinds import KINDS
from watcher.model import Finding, Member, Opened, Opening, Trait

LENGTHS = struct.Struct("!LL")
"""Before a question: octets of JSON, octets of content."""
LENGTH = struct.Struct("!L")
"""Before an answer: octets of JSON."""
LONGEST_ANSWER = 16 * MIB
READY = b"ready"
"""What the child says once it is caged."""
LIGHT, HEAVY = "light", "heavy"
"""The two kinds of child, as the last argument of its command says: the heavy one knows pictures and PDF besides."""


def encode_question(filename: str, content: bytes, limits: Limits) -> bytes:
    """What goes before the content: `LENGTHS` and JSON."""
    fields = json.dumps({"filename": filename, "limits": asdict(limits)}).encode()
    return LENGTHS.pack(len(fields), len(content)) + fields


def decode_question(question: bytes) -> tuple[str, Limits]:
    """The file name and the limits of a question."""
    fields = json.loads(question)
    return fields["filename"], Limits(**fields["limits"])


def encode_answer(opening: Opening, *, has_skipped: bool = False) -> bytes:
    """The whole answer: `LENGTH` and JSON; `has_skipped` as `inspect.skim` has it."""
    members = [[member.path, member.size, member.kind, member.encrypted] for member in opening.members]
    findings = [[finding.trait.value, finding.detail, finding.path] for finding in opening.findings]
    answer = json.dumps([opening.state.value, opening.kind, members, findings, has_skipped]).encode()
    return LENGTH.pack(len(answer)) + answer


def decode_answer(answer: bytes) -> tuple[Opening, bool]:
    """What `encode_answer` was given, from an answer without its `LENGTH`.

    Raises ValueError for anything that the child never says.
    """
    try:
        state, kind, members, findings, has_skipped = json.loads(answer)
        found = tuple(Finding(Trait(trait), detail, path) for trait, detail, path in findings)
        opening = Opening(Opened(state), kind, tuple(Member(*member) for member in members), found)
        sound = opening.kind in KINDS and all(map(_is_sound, opening.members)) and all(map(_is_bounded, found))
    except (ValueError, TypeError, RecursionError) as error:
        raise ValueError("not an answer") from error
    if not sound or not isinstance(has_skipped, bool):
        raise ValueError("not an answer")
    return opening, has_skipped


def _is_bounded(finding: Finding) -> bool:
    texts = (finding.detail, finding.path)
    return all(isinstance(text, str) for text in texts) and len(finding.detail) <= LONGEST_DETAIL


def _is_sound(member: Member) -> bool:
    types = (type(member.path), type(member.size), type(member.encrypted))
    return types == (str, int, bool) and member.kind in KINDS
