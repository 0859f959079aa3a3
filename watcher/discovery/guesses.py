"""The names under which IMAP servers usually stand, for a domain that says nothing itself."""

from __future__ import annotations

from itertools import product
from typing import Literal

from watcher.discovery.found import Candidate, Origin, Way

_NAMES = ("imap.{}", "mail.{}", "{}")
_DOORS: tuple[tuple[int, Literal["implicit", "starttls"]], ...] = ((993, "implicit"), (143, "starttls"))
"""TLS from the first octet on is preferred (RFC 8314, 3)."""


def guesses(address: str) -> tuple[Candidate, ...]:
    """Where the account of that addr-spec may be, likeliest first; each has still to be tried."""
    domain = address.rpartition("@")[2]
    return tuple(
        Candidate(address, address, name.format(domain), port, tls, Origin.GUESS, (Way.PASSWORD,))
        for (port, tls), name in product(_DOORS, _NAMES)
    )
