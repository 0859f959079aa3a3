"""What a search finds: an IMAP account that could be watched, how it was found, and how it logs in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Way(StrEnum):
    """How an account logs in."""

    PASSWORD = "password"  # noqa: S105 - the word for it, not one
    """With the password of the account itself, or with the one that its provider gave out for mail."""
    APP_PASSWORD = "app-password"  # noqa: S105 - likewise
    """With a password made for one program, that the provider's pages give out and take back."""
    OAUTH = "oauth"
    """With a token of OAuth 2.0, after consent in a browser."""


class Origin(StrEnum):
    """How a server was found."""

    THUNDERBIRD = "thunderbird"
    """A profile of Thunderbird has the account."""
    TABLE = "table"
    """The built-in table knows the provider, by the address or by where its domain's mail goes."""
    AUTOCONFIG = "autoconfig"
    """The domain says so in a file for mail programs."""
    SRV = "srv"
    """The domain says so in DNS (RFC 6186). A target outside of the domain has to be confirmed by the user."""
    GUESS = "guess"
    """A usual name, at which an IMAP server was met."""


Tls = Literal["implicit", "starttls", "none"]
"""How a connection is protected. "none" is only ever found for loopback."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An IMAP account that could be watched."""

    address: str
    """The addr-spec of its owner; empty where unknown."""
    user: str
    """The name to log in with."""
    host: str
    """The server, as A-labels or an IP address."""
    port: int
    """1 to 65535; 993 as a rule for implicit TLS, 143 for STARTTLS."""
    tls: Tls
    """From the first octet on, or by STARTTLS."""
    origin: Origin
    """How the server was found."""
    ways: tuple[Way, ...]
    """In the order in which they are to be offered; app passwords before OAuth."""
    provider: str = ""
    """Key of the built-in table ("gmail", "outlook", …); empty for any other."""
    name: str = ""
    """What the mail program calls the account; empty where it has no name."""
