"""Letters between a person and others, and a house with a mailbox full of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.kit.house import House
from tests.kit.mails import build
from watcher.model import Acquaintance, Progress, Use
from watcher.pipeline import Rules

MX = "mx.home.example"
"""The account's own mail server, whose word counts."""
RULES = Rules("home", authserv=MX, owner=("taro@home.example",))


def letter(to: str, number: int = 0, **parts: Any) -> bytes:
    """A mail that the person has sent."""
    return build(author="Taro <taro@home.example>", to=to, message_id=f"<s{number}@home.example>", **parts)


def arrived(author: str, number: int = 0, results: str | None = None, **parts: Any) -> bytes:
    """A mail as it lies in the inbox; without other results its author's domain is confirmed."""
    domain = author.rpartition("@")[2].strip("> ")
    said = f"dkim=pass header.d={domain}" if results is None else results
    headers = [("Authentication-Results", f"{MX}; {said}")] if said else []
    message_id = parts.pop("message_id", f"<a{number}@{domain}>")
    return build(author=author, headers=headers, message_id=message_id, **parts)


def correspondence(rules: Rules = RULES) -> House:
    """A house with a folder for sent mail."""
    house = House(rules)
    house.server.create("Sent")
    house.server.folders["Sent"].attributes = frozenset({Use.SENT.value})
    return house


def known(house: House, address: str) -> Acquaintance:
    """Somebody who must be known by now."""
    found = house.store.acquaintance(address)
    assert found is not None, f"{address} is not known"
    return found


def progress(house: House, folder: str) -> Progress:
    """How far a folder has been read."""
    return next(each for each in house.store.progress(house.rules.account) if each.folder == folder)


def ago(house: House, **time: float) -> datetime:
    """So long before the house's now."""
    return house.now - timedelta(**time)
