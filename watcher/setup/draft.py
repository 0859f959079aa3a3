"""An account on its way into the configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from watcher.discovery.found import Candidate, Tls
from watcher.settings import Account, OAuthClient, check

_PORTS = {"implicit": 993, "starttls": 143, "none": 143}


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of it so far; the fields are those of `[[accounts]]`."""

    name: str
    host: str
    user: str
    port: int = 993
    tls: Tls = "implicit"
    address: str = ""
    """Where it is another than the user."""
    ca_file: str = ""
    password: Mapping[str, Any] = field(default_factory=lambda: {"keyring": True})
    """Where the password is to be got from: never the password itself."""
    folders: tuple[str, ...] = ("INBOX",)
    suspicious_folder: str = "Suspicious"

    def as_table(self) -> dict[str, Any]:
        """The table that goes into the file, with every key."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}

    def usual(self) -> frozenset[str]:
        """The keys of what is as it would be without them. Where the password is, is always told."""
        defaults = {each.name: each.default for each in fields(self)} | {"port": _PORTS[self.tls], "password": None}
        return frozenset(key for key, value in defaults.items() if getattr(self, key) == value)

    def account(self, clients: Sequence[OAuthClient] = ()) -> Account:
        """As the settings have it, beside these clients. Raises UserError for what no configuration may say."""
        told = {key: value for key, value in self.as_table().items() if key not in self.usual()}
        return check({"accounts": [told], "oauth": list(clients)}, Path.cwd()).accounts[0]

    @classmethod
    def of(cls, account: Account) -> Draft:
        """An account that is in the configuration already."""
        return cls(
            account.name,
            account.host,
            account.user,
            account.port,
            account.tls,
            account.address or "",
            str(account.ca_file or ""),
            {key: value for key, value in account.password.model_dump(mode="json").items() if value},
            account.folders,
            account.suspicious_folder,
        )


def name_for(candidate: Candidate, taken: Sequence[str]) -> str:
    """A short name for an account: its provider's, or the first label of its domain, with a number where need be."""
    domain = (candidate.address or candidate.host).rpartition("@")[2]
    plain = candidate.provider or domain.partition(".")[0] or "mail"
    names = (plain if number == 1 else f"{plain}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)
