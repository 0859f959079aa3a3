"""The providers that are known without asking anybody: one table, `providers.toml`, which explains its own columns."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from watcher.discovery.found import Candidate, Origin, Tls, Way
from watcher.domains import is_ip, is_within, to_ascii
from watcher.model import Sentence

User = Literal["address", "local part", "own"]
"""What one logs in with: the address, what stands before its @, or a name that only the user knows."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Who keeps mailboxes, and how a mail program gets at them."""

    key: str
    label: Sentence
    """What the service calls itself."""
    domains: tuple[str, ...]
    """Of its addresses; "*.ocn.ne.jp" stands for all that lie below."""
    mx: tuple[str, ...]
    """Where the mail of a domain goes that the provider keeps for somebody else."""
    host: str
    other_hosts: tuple[str, ...]
    """Further names of the same server."""
    port: int
    tls: Tls
    user: User
    ways: tuple[Way, ...]
    """In the order in which they are to be offered."""
    oauth: str
    """"google" or "microsoft", where OAuth is among the ways; empty otherwise."""
    app_password_url: str
    """Where an app password is made, or how; empty where there are none."""
    page: str
    """Name of its page in docs/providers, without ".md"; empty where it has none."""
    note: Sentence
    """What has to be done at the provider first."""
    source: str
    date: str
    verified: bool
    """Whether the page that is the source was read. If it was not, the server is tried before it is believed."""


@cache
def providers() -> tuple[Provider, ...]:
    """The whole table, in its own order."""
    text = Path(__file__).with_name("providers.toml").read_text("utf-8")
    return tuple(map(_read, tomllib.loads(text)["providers"]))


def by_key(key: str) -> Provider | None:
    """The provider of that key."""
    return next((provider for provider in providers() if provider.key == key), None)


def by_domain(domain: str) -> Provider | None:
    """The provider whose addresses end in that domain."""
    domain = to_ascii(domain)
    return next((provider for provider in providers() if any(_covers(own, domain) for own in provider.domains)), None)


def by_host(host: str) -> Provider | None:
    """The provider that runs that IMAP server. An IP address tells nothing: anything may listen on this machine."""
    host = to_ascii(host)
    if is_ip(host):
        return None
    return next((provider for provider in providers() if host in {provider.host, *provider.other_hosts}), None)


def by_exchanger(host: str) -> Provider | None:
    """The provider that takes in the mail which is sent to that host, the target of an MX record."""
    return next((provider for provider in providers() if any(is_within(host, own) for own in provider.mx)), None)


def candidate(provider: Provider, address: str) -> Candidate:
    """The account of that addr-spec at the provider; `user` is empty where only its owner knows the name."""
    names: dict[User, str] = {"address": address, "local part": address.rpartition("@")[0], "own": ""}
    return Candidate(
        address=address,
        user=names[provider.user],
        host=provider.host,
        port=provider.port,
        tls=provider.tls,
        origin=Origin.TABLE,
        ways=provider.ways,
        provider=provider.key,
    )


def _covers(own: str, domain: str) -> bool:
    if own.startswith("*."):
        return domain.endswith(own.removeprefix("*"))
    return domain == own


def _read(row: Mapping[str, Any]) -> Provider:
    """One row. That all of them are complete is proved by a test."""
    return Provider(
        key=row["key"],
        label=Sentence(**row["label"]),
        domains=tuple(row["domains"]),
        mx=tuple(row.get("mx", ())),
        host=row["host"],
        other_hosts=tuple(row.get("other_hosts", ())),
        port=row.get("port", 993),
        tls=row.get("tls", "implicit"),
        user=row["user"],
        ways=tuple(map(Way, row["ways"])),
        oauth=row.get("oauth", ""),
        app_password_url=row.get("app_password_url", ""),
        page=row.get("page", ""),
        note=Sentence(**row["note"]),
        source=row["source"],
        date=row["date"],
        verified=row.get("verified", True),
    )
