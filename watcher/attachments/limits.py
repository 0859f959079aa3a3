"""How far an attachment is looked into."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB
LONGEST_DETAIL = 300
"""Characters of a finding's detail."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one inspection. What lies beyond them is `Opened.TOO_LARGE`, with what was found until then."""

    depth: int = 5
    """Archives within archives, the attachment itself being the first."""
    members: int = 2_000
    """Members looked at, at all depths together."""
    inflated: int = 64 * MIB
    """Octets unpacked, all together."""
    nested: int = 32 * MIB
    """Octets of one archive within another: it has to be unpacked whole."""
    head: int = 512 * KIB
    """Octets of any other member, read to tell its kind."""
    content: int = 8 * MIB
    """Octets of a document, a page or a picture whose content is looked at."""
    findings: int = 200
    """Findings that are listed, at all depths together."""
    ratio: int = 200
    """Octets announced for each octet of the archive, above which it is a bomb …"""
    harmless: int = 10 * MIB
    """… once it announces more than this."""
    seconds: float = 5.0
    """Wall time for one attachment in one caged child, after which that is killed."""
