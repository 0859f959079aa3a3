"""Address lists (RFC 5322, 3.4) as they are really written, in linear time.

Phishers write what a strict parser refuses and a mail program shows: names with commas, colons and at-signs outside
quotes, missing brackets, encoded words inside quotes. Here every value gives the addresses that a reader would see.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from watcher.domains import to_ascii
from watcher.headers import decode_words
from watcher.model import Address

_MOST_ADDRESSES = 500
_MOST_COMMAS = 50
"""Commas in one name that stand outside quotes; at each of them everything before is looked through for an address."""
_LONGEST_NAME = 1_000
_LONGEST_LOCAL = 320

_TOKEN = re.compile(
    r"""
    (?P<encoded>=\?[^?\s]{1,100}\?[bq]\?[^?]*\?=)
    | "(?P<quoted>(?:[^"\\]|\\.)*+)"
    | \((?P<comment>(?:[^()\\]|\\.|\([^()]*+\))*+)\)
    | <(?P<angle>[^<>]*+)>
    | (?P<end>[,;])
    | (?P<colon>:)
    | \\(?P<escaped>.)
    | (?P<words>[^="(<,;:\\]++|.)
    """,
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SPEC = re.compile(r"[^\s@<>\"']{1,320}@[^\s@<>\"']{1,300}")
_JUNK = re.compile(r"[^!-;=?-~]")


@dataclass(slots=True)
class _Mailbox:
    """What has been read of one mailbox of the list."""

    name: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    angle: str = ""
    is_name: bool = False
    """Whether quotes or brackets say that `name` is one, and not the address."""
    has_at: bool = False
    """Whether there is an at-sign in `name`."""
    commas: int = 0
    """How many stand in `name` outside quotes."""

    @property
    def words(self) -> str:
        return "".join(self.name).strip()

    def say(self, words: str) -> None:
        """Add to the name, or to what may still turn out to be the address."""
        self.name.append(words)
        self.has_at = self.has_at or "@" in words


def parse_addresses(value: str) -> tuple[Address, ...]:
    """The mailboxes of an address field, groups dissolved.

    Args:
        value: the unfolded field, raw octets decoded, encoded words still encoded.
    """
    found: list[Address] = []
    mailbox = _Mailbox()
    has_groups = ";" in value
    for token in _TOKEN.finditer(value):
        if token["end"] or (token["colon"] and has_groups and not mailbox.angle and not mailbox.has_at):
            if token["colon"]:
                mailbox = _Mailbox()  # what stood before was the name of a group
            elif address := _finish(mailbox):
                found.append(address)
                mailbox = _Mailbox()
            elif mailbox.commas == _MOST_COMMAS:
                mailbox = _Mailbox()
            elif token["end"] == ",":
                mailbox.name.append(token[0])
                mailbox.commas += 1
            if len(found) >= _MOST_ADDRESSES:
                return tuple(found)
        else:
            _add(mailbox, token)
    last = _finish(mailbox) or _finish_without_address(mailbox)
    return (*found, last) if last else tuple(found)


def _add(mailbox: _Mailbox, token: re.Match[str]) -> None:
    if token["angle"] is not None:
        mailbox.angle = token["angle"].strip() or mailbox.angle
        mailbox.is_name = True
    elif token["comment"] is not None:
        mailbox.comments.append(_ESCAPED.sub(r"\1", token["comment"]))
    elif token["quoted"] is not None:
        mailbox.is_name = True
        mailbox.say(_ESCAPED.sub(r"\1", token["quoted"]))
    else:
        mailbox.say(token["escaped"] or token[0])


def _finish(mailbox: _Mailbox) -> Address | None:
    """The address, if the mailbox has one yet: a name may hold commas outside quotes."""
    if mailbox.angle:
        return _address(mailbox.words or " ".join(mailbox.comments), mailbox.angle)
    words = mailbox.words
    specs = list(_SPEC.finditer(words)) if "@" in words and not mailbox.is_name else []
    if specs:
        spec = specs[-1]
        name = (words[: spec.start()] + words[spec.end() :]).strip(" \t<>") or " ".join(mailbox.comments)
        return _address(name, spec[0])
    if mailbox.is_name and len(mailbox.name) > 1 and (spec_after := _SPEC.search(mailbox.name[-1])):
        return _address("".join(mailbox.name[:-1]), spec_after[0])
    return None


def _finish_without_address(mailbox: _Mailbox) -> Address | None:
    """What is left at the end of the list: a name alone, or a local part alone."""
    words = mailbox.words.strip(",<> ")
    if spec := _SPEC.search(" ".join(mailbox.comments)):
        return _address(words, spec[0])
    if not words:
        return None
    if mailbox.is_name or not words.isascii() or " " in words or "=?" in words:
        return Address(name=_name(words))
    return Address(local=words[:_LONGEST_LOCAL])


def _address(name: str, spec: str) -> Address:
    spec = decode_words(spec).strip()
    spec = spec.removeprefix("mailto:")
    if spec.startswith("@"):  # an obsolete route (RFC 5322, 4.4)
        spec = spec.rpartition(":")[2]
    local, at, domain = spec.rpartition("@")
    if not at:
        local, domain = spec, ""
    return Address(_name(name), local.strip("\"' ")[:_LONGEST_LOCAL], _domain(domain))


def _domain(words: str) -> str:
    """The domain in A-labels; nonsense is kept as far as it is ASCII, since it is what the mail says."""
    words = words.strip(" .>\"'")
    return to_ascii(words) or _JUNK.sub("", words.lower())[:255]


def _name(words: str) -> str:
    """The display name as a reader sees it."""
    decoded = decode_words(words[: _LONGEST_NAME * 4])
    return " ".join(decoded.split())[:_LONGEST_NAME].strip("\"', ")


def first(addresses: Sequence[Address]) -> Address:
    """The first of the addresses, an empty one where there is none."""
    return addresses[0] if addresses else Address()
