"""Whom this person writes to, and who has written before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from watcher.model.mail import Address


@dataclass(frozen=True, slots=True)
class Encounter:
    """One sign that this person and an address know each other: a mail to it, or one from it with an aligned pass."""

    address: Address
    at: datetime
    """INTERNALDATE of the mail."""
    written_to: bool = False
    """Whether this person wrote the mail."""
    likeness: str = ""
    """What the name looks like at a glance, see `contacts.likeness`; empty for one that tells nobody apart."""


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What is kept of one address, over all accounts. The address itself is not kept."""

    name: str
    """The display name as last seen; empty where there never was one."""
    address: str
    """Pseudonym of the addr-spec: a salted hash, in hex."""
    domain: str
    """Pseudonym of the registrable domain."""
    written_to: bool
    """Whether this person has written to the address."""
    mails: int
    """Mails from the address with an aligned pass."""
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a folder has been read for acquaintances: from `lowest` up to, and without, `following`."""

    account: str
    folder: str
    uidvalidity: int
    following: int
    """Mail from this UID on has come since."""
    lowest: int
    """Mail below this UID is still to be read, unless `done`."""
    read: int = 0
    """Mails read so far, those that came since left out."""
    sent: bool = False
    """Whether it is the folder of sent mail."""
    done: bool = False
