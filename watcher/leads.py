"""Where the links of a mail lead, seen from the brand in whose name it is sent: home, to a bystander, or elsewhere."""

from __future__ import annotations

from functools import lru_cache

from watcher.domains import is_private, same_organisation
from watcher.links import destinations
from watcher.model import Brand, ClaimKind, Inquiry, Link, Offer, Result, Where
from watcher.posing import is_own, own_domains
from watcher.presenting import is_aside

_EVERYBODYS = frozenset({Offer.PAGE, Offer.SHORT_LINK, Offer.REDIRECT})
"""What makes a link on a well-known host a stranger's link."""
_HANDLERS = frozenset({Offer.BULK_MAIL, Offer.COUNTER, Offer.WRAPPER})


_REMEMBERED = 4
"""Mails of whose links the answers are remembered: several detectors ask the same of one."""


@lru_cache(_REMEMBERED)
def web_links(inquiry: Inquiry) -> tuple[Link, ...]:
    """The links of the sender's own words that a browser would open."""
    return tuple(
        link for link in inquiry.message.links if link.host and link.url[:5].lower().startswith(("http", "//"))
    )


def hosts_of(link: Link, inquiry: Inquiry) -> tuple[str, ...]:
    """The hosts to which a link leads, through redirectors that say so."""
    found = _destinations(inquiry).get(link.url)
    return (destinations(link.url, inquiry.catalogue.offers) if found is None else found) or (link.host,)


@lru_cache(_REMEMBERED)
def _destinations(inquiry: Inquiry) -> dict[str, tuple[str, ...]]:
    """Where the links of a mail lead, by their addresses."""
    return {url: destinations(url, inquiry.catalogue.offers) for url in {link.url for link in web_links(inquiry)}}


def leads_home(link: Link, brand: Brand, inquiry: Inquiry) -> bool:
    """Whether a link leads to the brand; for a role, or an organisation of the index, also to the sender or the reader.

    A confirmed sender is at home on his own pages, too, where the brand is but one word of his name: "Amazon 物販教室".
    """
    hosts = hosts_of(link, inquiry)
    if brand.kind is ClaimKind.CONTACT:
        return True  # people send each other all sorts of links
    if brand.kind is ClaimKind.ROLE or brand.indexed:
        home = [inquiry.message.author.domain, *own_domains(inquiry), *brand.domains]
        return any(same_organisation(host, domain) for host in hosts for domain in home)
    if any(is_own(host, brand, inquiry) for host in hosts):
        return True
    named = [claim for claim in inquiry.claims if claim.brand == brand.id and claim.where is Where.FROM_NAME]
    if inquiry.authentication.aligned is not Result.PASS or not all(is_aside(claim, inquiry) for claim in named):
        return False
    return any(same_organisation(host, inquiry.message.author.domain) for host in hosts)


def is_bystander(link: Link, brand: Brand, inquiry: Inquiry) -> bool:
    """Whether a link speaks neither way: it leads to the own pages of a known brand, or into the reader's own network.

    So does a click counter or a wrapper that does not say where it leads, where it is not known what the sender uses.
    """
    return all(is_private(host) or _is_known(host, brand, inquiry) for host in hosts_of(link, inquiry))


def _is_known(host: str, brand: Brand, inquiry: Inquiry) -> bool:
    offers = inquiry.catalogue.offers(host)
    if offers & _EVERYBODYS:
        return False
    if offers & _HANDLERS and (brand.indexed or brand.kind is ClaimKind.ROLE or Offer.WRAPPER in offers):
        return True
    return any(not owner.indexed for owner in inquiry.catalogue.owners(host))


@lru_cache(_REMEMBERED)
def foreign_links(brand: Brand, inquiry: Inquiry) -> tuple[Link, ...]:
    """The links that lead neither home nor to a bystander."""
    return tuple(
        link
        for link in web_links(inquiry)
        if not leads_home(link, brand, inquiry) and not is_bystander(link, brand, inquiry)
    )


def may_send_for(brand: Brand, inquiry: Inquiry) -> bool:
    """Whether a sender may well be at work for a brand of which nobody knows whence it writes.

    Its newsletters come from agencies, its questions from review sites. So where the receiving server finds nothing
    wrong, a link to the brand, or a server that says nothing at all, leaves the benefit of the doubt.
    """
    if brand.senders_known or brand.kind not in {ClaimKind.BRAND, ClaimKind.AUTHORITY}:
        return False
    if inquiry.authentication.aligned is Result.UNKNOWN:
        return not inquiry.authentication.unprotected
    home = any(leads_home(link, brand, inquiry) for link in web_links(inquiry))
    return inquiry.authentication.aligned is Result.PASS and home
