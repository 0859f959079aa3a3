"""Host names: how they compare, whom they belong to, and how they may be shown.

All functions are pure, take whatever a mail holds, and never raise. The public suffix list, private section
included, comes with the `publicsuffixlist` package: nothing is looked up.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from sys import intern
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_LONGEST = 253
"""Octets of a host name (RFC 1035, 2.3.4)."""

_REMEMBERED = 4096
"""Hosts of which the answers are remembered: those of one mail are compared again and again."""

_DOTS = re.compile("[。．｡]")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# Browsers take a backslash for a slash, and any number of either.
_AUTHORITY = re.compile(r"\s*(?:(?:https?|ftp):[/\\]*|[/\\]{2,})([^/\\?#]*)", re.IGNORECASE)
_PORT = re.compile(r":[0-9]*$")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")

# Scripts that are written together in one word.
_TOGETHER = (frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}), frozenset({"CJK", "HANGUL"}))
# Letters of other scripts that cannot be told from Latin ones: a label of nothing else is no harmless label.
_LATIN_LOOKALIKES = frozenset("абвгеѕіјкмнорстухьһԁԛԝѡӏցհոսօαεικνορτυχω")


@lru_cache(_REMEMBERED)
def to_ascii(host: str) -> str:
    """The host as DNS knows it: lower-case A-labels (RFC 5890), no trailing dot; empty for nonsense.

    IP addresses, also those in brackets or in the number forms that browsers accept (0x7f.1), come out in their
    usual form.
    """
    host = _DOTS.sub(".", host.strip()).lower().removesuffix(".").removeprefix("[").removesuffix("]")
    if not host or len(host) > _LONGEST:
        return ""
    if ":" in host:
        return _ip(host)
    labels = [_encode(label) for label in host.split(".")]
    ascii_host = ".".join(labels)
    if _NUMBER.fullmatch(labels[-1]):
        return _ip(ascii_host)
    return ascii_host if all(map(_LABEL.fullmatch, labels)) and len(ascii_host) <= _LONGEST else ""


def to_unicode(host: str) -> str:
    """The host as it may be shown: in its own script where that is harmless, otherwise in A-labels.

    Harmless is a label in a single script (Japanese counts as one) that is not made of Latin lookalikes only.
    """
    return ".".join(map(_decode, to_ascii(host).split(".")))


def host_of(url: str) -> str:
    """The host of a URL as a browser finds it (WHATWG URL), in the form of `to_ascii`; empty where it has none."""
    authority = _AUTHORITY.match(url)
    if not authority:
        return ""
    host = authority[1].rpartition("@")[2]
    if "%" in host:
        host = unquote(host)
    return to_ascii(_PORT.sub("", host))


def registrable(host: str) -> str:
    """The domain that somebody registered: one label below the public suffix. An IP or a suffix stays as it is."""
    return _parted(host)[0]


def suffix(host: str) -> str:
    """The public suffix, "co.jp" of www.amazon.co.jp; empty for an IP address."""
    return _parted(host)[1]


@lru_cache(_REMEMBERED)
def _parted(host: str) -> tuple[str, str]:
    """The registrable domain and the public suffix."""
    host = to_ascii(host)
    if not host or is_ip(host):
        return host, ""
    labels = host.split(".")
    # Asked in their own script: to have its rules in A-labels, too, the list would encode all of them when it is read.
    public = _suffixes().publicsuffix(".".join(map(_in_own_script, labels))) or ""
    below = len(labels) - public.count(".") - 1
    return ".".join(labels[max(0, below - 1) :]), intern(".".join(labels[below:]))


def label(host: str) -> str:
    """The registrable domain without its suffix, "amazon" of www.amazon.co.jp; empty for an IP or a suffix."""
    return registrable(host).removesuffix(suffix(host)).removesuffix(".") if suffix(host) else ""


def is_within(host: str, domain: str) -> bool:
    """Whether `host` is `domain` or lies below it."""
    host, domain = to_ascii(host), to_ascii(domain)
    return bool(domain) and (host == domain or host.endswith("." + domain))


def same_organisation(a: str, b: str) -> bool:
    """Whether both hosts lie below the same registrable domain, which makes them aligned (RFC 7489, 3.1)."""
    return bool(registrable(a)) and registrable(a) == registrable(b)


def is_ip(host: str) -> bool:
    """Whether the host is an IP address, of either version."""
    return bool(_ip(host))


def is_private(host: str) -> bool:
    """Whether the host is an address inside somebody's own network (RFC 1918, 4193), or the machine itself."""
    return is_ip(host) and ipaddress.ip_address(_ip(host)).is_private


def is_loopback(host: str) -> bool:
    """Whether the host is this very computer without anybody being asked: "localhost", or an address of loopback.

    Names below localhost are not (RFC 6761, 6.3): some resolvers do ask the network for them.
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - takes its time: only when it is needed

    return PublicSuffixList(accept_encoded_idn=False)


def _ip(host: str) -> str:
    """The address in its usual form, empty if `host` is none."""
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host.removeprefix("ipv6:")))
        except ValueError:
            return ""
    numbers = host.split(".")
    return _ipv4(numbers) if len(numbers) <= 4 and all(map(_NUMBER.fullmatch, numbers)) else ""


def _ipv4(numbers: list[str]) -> str:
    """One to four numbers as browsers read them (WHATWG URL, IPv4 parser): the last fills all octets that are left."""
    try:
        *octets, rest = [_number(number) for number in numbers]
        if any(octet > 255 for octet in octets):
            return ""
        return str(ipaddress.IPv4Address(bytes(octets) + rest.to_bytes(4 - len(octets), "big")))
    except (ValueError, OverflowError):
        return ""


def _number(digits: str) -> int:
    if digits.startswith("0x"):
        return int(digits[2:] or "0", 16)
    return int(digits, 8 if digits.startswith("0") and len(digits) > 1 else 10)


def _encode(label: str) -> str:
    """One label as an A-label; empty where it has none."""
    if label.isascii():
        return label
    try:
        return label.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def _decode(label: str) -> str:
    """One A-label in its own script where that is harmless, otherwise as it is."""
    decoded = _in_own_script(label)
    harmless = decoded == label or (_encode(decoded) == label and _is_harmless(decoded))
    return decoded if harmless else label


def _in_own_script(label: str) -> str:
    """One A-label in its own script; as it is where it is none, or nonsense."""
    if not label.startswith("xn--"):
        return label
    try:
        return label.encode("ascii").decode("idna")
    except UnicodeError:
        return label


def _is_harmless(label: str) -> bool:
    letters = [letter for letter in label if letter not in "-0123456789"]
    if not all(letter.isalnum() or letter == "ー" or unicodedata.combining(letter) for letter in letters):
        return False
    scripts = frozenset(_scripts(letters))
    one_script = len(scripts) == 1 or any(scripts <= together for together in _TOGETHER)
    return one_script and not _LATIN_LOOKALIKES.issuperset(letters)


def _scripts(letters: list[str]) -> Iterator[str]:
    for letter in letters:
        if not unicodedata.combining(letter):
            yield unicodedata.name(letter, "UNKNOWN").split()[0]
