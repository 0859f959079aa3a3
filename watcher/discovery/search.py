"""Finding the IMAP server of an address, asking no more than is needed.

The built-in table comes first, without any question. Then DNS tells whether a provider of the table keeps the domain's
mail: that comes before what the domain's web server says, since the web is often kept by somebody who answers for all
his customers alike, and a wrong answer there would send the password to the wrong server. Then the domain's own file
and its SRV records; last the usual names, those of them at which an IMAP server with a valid certificate answers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from gettext import gettext as _
from typing import Protocol

from watcher.discovery.at_once import at_once
from watcher.discovery.autoconfig import places, read
from watcher.discovery.found import Candidate, Origin, Way
from watcher.discovery.guesses import guesses
from watcher.discovery.https import Fetcher
from watcher.discovery.probe import Prober, Reach
from watcher.discovery.providers import by_domain, by_exchanger, by_host, candidate
from watcher.discovery.records import Records, Service
from watcher.domains import is_ip, to_ascii, to_unicode
from watcher.errors import UserError
from watcher.text import clean

PATIENCE = 12.0
"""Seconds for all questions of one kind, which are asked side by side."""

_LONGEST = 254
"""Octets of an address (RFC 5321, 4.5.3.1.3)."""
_NEVER = frozenset('"(),:;<>[\\]@')
"""Characters that an address without quotes does not have before the @ (RFC 5322, 3.2.3)."""


Asking = Callable[[], tuple[Candidate, ...]]
"""One question, and what it leads to."""


class Network(Protocol):
    """Whom one can ask."""

    def fetch(self, url: str) -> bytes | None:
        """A small file over HTTPS; None where it is not to be had."""

    def services(self, domain: str) -> Sequence[Service]:
        """The IMAP servers that the domain names in DNS."""

    def exchangers(self, domain: str) -> Sequence[str]:
        """The hosts that take in the domain's mail."""

    def probe(self, candidate: Candidate) -> Reach:
        """Whether an IMAP server answers there."""


class Internet:
    """The network as it is.

    Args:
        records: asks DNS.
        fetcher: gets files.
        prober: tries servers.
    """

    def __init__(
        self, records: Records | None = None, fetcher: Fetcher | None = None, prober: Prober | None = None
    ) -> None:
        self._records = records or Records()
        self._fetcher = fetcher or Fetcher()
        self._prober = prober or Prober()

    def fetch(self, url: str) -> bytes | None:
        """A small file over HTTPS; None where it is not to be had."""
        return self._fetcher.fetch(url)

    def services(self, domain: str) -> Sequence[Service]:
        """The IMAP servers that the domain names in DNS."""
        return self._records.services(domain)

    def exchangers(self, domain: str) -> Sequence[str]:
        """The hosts that take in the domain's mail."""
        return self._records.exchangers(domain)

    def probe(self, candidate: Candidate) -> Reach:
        """Whether an IMAP server answers there."""
        return self._prober.probe(candidate)


def find(address: str, network: Network | None) -> tuple[Candidate, ...]:
    """The IMAP accounts that the address may belong to, likeliest first, each server once; none where none is known.

    Args:
        address: as the user wrote it.
        network: whom to ask; None asks nobody, and only the table is looked at.

    Raises:
        UserError: it is no mail address.
    """
    address = mail_address(address)
    provider = by_domain(address.rpartition("@")[2])
    known = (candidate(provider, address),) if provider else ()
    if network is None or (provider and provider.verified):
        return known
    return _answering(known, network) or _asked(address, network) or known


def questions(address: str) -> tuple[str, ...]:
    """What `find` would ask of whom, a sentence each; none where the table knows.

    Raises:
        UserError: it is no mail address.
    """
    domain = mail_address(address).rpartition("@")[2]
    provider = by_domain(domain)
    if provider and provider.verified:
        return ()
    asked = (
        _("Your name server (DNS): where mail for {domain} goes, and which IMAP server the domain names."),
        _("autoconfig.{domain} and {domain}: for the file in which they tell mail programs their servers."),
        _("imap.{domain}, mail.{domain} and {domain}: whether an IMAP server answers. Nobody logs in."),
        _("Your address itself is sent to nobody."),
    )
    sentences = tuple(sentence.format(domain=to_unicode(domain)) for sentence in asked)
    if provider is None:
        return sentences
    return (_("{host}: whether an IMAP server answers.").format(host=provider.host), *sentences)


def mail_address(words: str) -> str:
    """The addr-spec that the user means, its domain in A-labels; full-width letters count as what they look like.

    Raises:
        UserError: it is none.
    """
    local, at, domain = unicodedata.normalize("NFKC", words).strip().rpartition("@")
    host = to_ascii(domain)
    written = local.isascii() and local.isprintable() and " " not in local and _NEVER.isdisjoint(local)
    if not (local and at and written and len(f"{local}@{host}") <= _LONGEST):
        raise UserError(_("“{words}” is no mail address, such as taro@example.jp.").format(words=clean(words)))
    if "." not in host or "_" in host or is_ip(host):
        raise UserError(_("“{domain}” cannot be the domain of a mail address.").format(domain=clean(domain)))
    return f"{local}@{host}"


def _asked(address: str, network: Network) -> tuple[Candidate, ...]:
    """What there is to be learned of a domain that the table does not know, or not for sure."""
    return (
        _kept_elsewhere(address, network)
        or _said(address, network)
        or _answering(guesses(address), network)[:1]  # the next ones are mostly other names of the same server
    )


def _kept_elsewhere(address: str, network: Network) -> tuple[Candidate, ...]:
    """The account at the provider of the table who keeps the domain's mail, if one does."""
    domain = address.rpartition("@")[2]
    (hosts,) = at_once([partial(network.exchangers, domain)], PATIENCE)
    provider = next(filter(None, map(by_exchanger, hosts or ())), None)
    return (candidate(provider, address),) if provider else ()


def _said(address: str, network: Network) -> tuple[Candidate, ...]:
    """What the domain says itself, by the web and by DNS."""
    domain = address.rpartition("@")[2]
    calls: list[Asking] = [partial(_from_file, url, address, network) for url in places(domain)]
    calls.append(partial(_from_records, address, network))
    answers = at_once(calls, PATIENCE)
    return _unique(map(_recognised, (found for answer in answers for found in answer or ())))


def _from_file(url: str, address: str, network: Network) -> tuple[Candidate, ...]:
    return read(network.fetch(url) or b"", address)


def _from_records(address: str, network: Network) -> tuple[Candidate, ...]:
    """The whole address is the name to begin with (RFC 6186, 4)."""
    services = network.services(address.rpartition("@")[2])
    return tuple(
        Candidate(address, address, service.host, service.port, service.tls, Origin.SRV, (Way.PASSWORD,))
        for service in services
    )


def _recognised(found: Candidate) -> Candidate:
    """The same, with what the table knows of the provider who runs that server."""
    provider = by_host(found.host)
    return replace(found, provider=provider.key, ways=provider.ways) if provider else found


def _answering(candidates: Sequence[Candidate], network: Network) -> tuple[Candidate, ...]:
    """Those of them at which an IMAP server answers."""
    reached = at_once([partial(network.probe, each) for each in candidates], PATIENCE)
    return tuple(each for each, reach in zip(candidates, reached, strict=True) if reach and reach.good)


def _unique(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The first of those that lead to the same host: of two doors the domain prefers the one that it names first."""
    hosts: dict[str, Candidate] = {}
    for each in candidates:
        hosts.setdefault(each.host, each)
    return tuple(hosts.values())
