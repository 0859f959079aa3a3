"""What hosts offer to everybody: mailboxes, pages, short links and the like, so that their name says nothing.

The lists are `offers/<offer>.txt`: one domain a line, in the order of their octets, under remarks that name the
sources. They are kept in blocks of many lines, since sets of them would take ten times the memory.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from watcher.domains import to_ascii
from watcher.model import Offer

_REMARKS = re.compile(rb"^#.*\n", re.MULTILINE)
_TOGETHER = 64
"""Lines of one block."""
_MOST_LABELS = 6
"""Of a listed domain: deeper hosts are not looked for, so that a host of a hundred labels costs no more than others."""


class Services:
    """What hosts offer to everybody, from the lists in one folder, which are read when they are first asked.

    Args:
        folder: holds a list for each Offer, named like it in lower case: `short_link.txt`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def offers(self, host: str) -> frozenset[Offer]:
        """What this host, or a domain above it, offers; nothing for a host that is in no list.

        The hosts below a mailbox provider's domain are its own (mail.yahoo.co.jp): only where names below it are given
        to everybody too does everybody have a mailbox there.

        Args:
            host: a host name in any form.

        Raises:
            OSError: a list cannot be read.
        """
        host = to_ascii(host)
        found: set[Offer] = set()
        for domain in _upwards(host):
            offers = {offer for offer, domains in self._lists.items() if domain.encode() in domains}
            if domain != host and Offer.PAGE not in offers:
                offers.discard(Offer.MAILBOX)
            found |= offers
        return frozenset(found)

    @cached_property
    def _lists(self) -> dict[Offer, _Domains]:
        return {offer: _Domains((self._folder / f"{offer.name.lower()}.txt").read_bytes()) for offer in Offer}


def read_services(folder: Path) -> Services:
    """The services in the lists of a folder; see `Services`."""
    return Services(folder)


class _Domains:
    """A sorted list of domains, kept as octets, some dozens together."""

    def __init__(self, text: bytes) -> None:
        lines = _REMARKS.sub(b"", text).splitlines()
        self._firsts = lines[::_TOGETHER]
        self._blocks = [
            b"\n%b\n" % b"\n".join(lines[first : first + _TOGETHER]) for first in range(0, len(lines), _TOGETHER)
        ]

    def __contains__(self, domain: bytes) -> bool:
        # What sorts before the first line is sought in the last block (-1), which does not hold it.
        return bool(self._blocks) and b"\n%b\n" % domain in self._blocks[bisect_right(self._firsts, domain) - 1]


def _upwards(host: str) -> Iterator[str]:
    """The host and the domains above it, without the topmost one."""
    labels = host.split(".")
    for first in range(max(0, len(labels) - _MOST_LABELS), len(labels) - 1):
        yield ".".join(labels[first:])
