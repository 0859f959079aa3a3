"""By what mails of one campaign are recognised as such, and what a campaign is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Imprint:
    """What is kept of a suspicious mail to tell its like: enough to recognise it, too little to read it."""

    hosts: tuple[str, ...] = ()
    """Hosts that its links, and those in its attachments, really lead to: lower case, each once, 20 at most."""
    files: tuple[str, ...] = ()
    """File names of its attachments and of what lies in them, without folders, programs first, clean, 20 at most."""
    digests: tuple[str, ...] = ()
    """SHA-256, in hex, of each attachment that was looked into; pictures only of a mail without words."""
    shape: tuple[int, ...] = ()
    """MinHash signature of the text's shingles: see `campaigns`. Empty where there was too little text."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """One lure that came in several mails, perhaps to several accounts."""

    cases: tuple[int, ...]
    """Numbers of its cases, oldest first; at least two."""
    brand: str
    """Identifier of the brand that most of them pose as; empty where they pose as none."""
    accounts: tuple[str, ...]
    days: tuple[tuple[date, int], ...]
    """How many of its mails came on each day that had any, in UTC, oldest first."""
    hosts: tuple[str, ...] = ()
    """Hosts that its links lead to, but those that say nothing of the sender, the most frequent first, 5 at most."""
