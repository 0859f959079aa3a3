"""Who poses as whom: the questions about claims and ownership that several detectors ask.

To pose is to present oneself under a name without being, or speaking for, its owner.
"""

from __future__ import annotations

import re
from functools import lru_cache

from watcher.domains import is_within, label, same_organisation, suffix
from watcher.links import has_risky_suffix
from watcher.model import Brand, Claim, ClaimKind, Inquiry, Offer, Result, Where
from watcher.presenting import fills_name, names_sender, presented

_REMEMBERED = 4
"""Inquiries whose answers are remembered: all detectors ask the same of one mail before the next is looked at."""


@lru_cache(_REMEMBERED)
def posed(inquiry: Inquiry) -> tuple[tuple[Brand, Claim], ...]:
    """The brands, with their claims, that the mail presents but whose own address it does not bear.

    A sender who is known may name others (a bank's card, a shop's parcel service). Where only his address is known and
    nobody vouches for it, he is taken for somebody else as soon as From gives another name than that of the address.
    """
    claims = presented(inquiry)
    owners = {owner.id for owner in owners_of_author(inquiry)}
    if owners and (inquiry.authentication.aligned is Result.PASS or _named_in_from(owners, inquiry)):
        return ()
    brands = [(inquiry.catalogue.brand(claim.brand), claim) for claim in claims]
    if _is_known_partner([brand for brand, _ in brands], inquiry):
        return ()
    if owners:
        brands = [(b, claim) for b, claim in brands if b.id not in owners and claim.where is Where.FROM_NAME]
    return tuple((b, claim) for b, claim in brands if not speaks_for(b, inquiry) and not _is_namesake(claim, inquiry))


def _is_namesake(claim: Claim, inquiry: Inquiry) -> bool:
    """Whether the author's domain holds the everyday word by which it calls itself: Orange at orange-cafe.example."""
    named = any(c.brand == claim.brand and not c.common for c in inquiry.claims)
    everyday = claim.common and not claim.shared and not named and claim.kind is not ClaimKind.ROLE
    return everyday and bool(word := _flat(claim.words)) and word in _flat(label(inquiry.message.author.domain))


def _named_in_from(owners: set[str], inquiry: Inquiry) -> bool:
    named = {claim.brand for claim in inquiry.claims if claim.where is Where.FROM_NAME}
    return not named or bool(named & owners) or any(_is_family(brand, owners, inquiry) for brand in named)


def _is_family(identifier: str, owners: set[str], inquiry: Inquiry) -> bool:
    domains = set(inquiry.catalogue.brand(identifier).domains)
    return any(domains.intersection(inquiry.catalogue.brand(owner).domains) for owner in owners)


def _is_known_partner(brands: list[Brand], inquiry: Inquiry) -> bool:
    """Whether a confirmed sender speaks for one of the brands that it names, or is itself a known organisation."""
    if inquiry.authentication.aligned is not Result.PASS:
        return False
    if any(speaks_for(brand, inquiry) for brand in brands if brand.kind is not ClaimKind.ROLE):
        return True
    known = any(owner.indexed for owner in inquiry.catalogue.owners(inquiry.message.author.domain))
    return known and not any(fills_name(claim, inquiry) for claim in inquiry.claims)


@lru_cache(_REMEMBERED)
def posed_as_sender(inquiry: Inquiry) -> tuple[tuple[Brand, Claim], ...]:
    """Like `posed`, but only brands that the mail gives for its sender, and does not merely speak of."""
    return tuple((brand, claim) for brand, claim in posed(inquiry) if names_sender(claim, inquiry))


def pose(inquiry: Inquiry) -> Claim | None:
    """The claim of a sender who calls himself by nothing but the name of a brand or an authority; None without one."""
    for brand, claim in posed_as_sender(inquiry):
        organisation = claim.kind in {ClaimKind.BRAND, ClaimKind.AUTHORITY} and not brand.indexed
        if organisation and fills_name(claim, inquiry) and not claim.common:
            return claim
    return None


@lru_cache(_REMEMBERED)
def unproven(inquiry: Inquiry) -> tuple[tuple[Brand, Claim | None], ...]:
    """The brands in whose name the mail is sent, without proof that it is theirs.

    Either it poses as them, or it bears their own address but nobody vouches for it.
    """
    if inquiry.authentication.aligned is Result.PASS or inquiry.authentication.forwarded:
        return posed_as_sender(inquiry)
    owners = owners_of_author(inquiry)[:1]
    claims = (next((claim for claim in inquiry.claims if claim.brand == owner.id), None) for owner in owners)
    return (*posed_as_sender(inquiry), *zip(owners, claims, strict=True))


@lru_cache(_REMEMBERED)
def spoken_of(inquiry: Inquiry) -> tuple[tuple[Brand, Claim | None], ...]:
    """All brands that the mail presents anywhere without proof: those of `unproven` first."""
    first = {brand.id for brand, _ in unproven(inquiry)}
    return (*unproven(inquiry), *((brand, claim) for brand, claim in posed(inquiry) if brand.id not in first))


@lru_cache(_REMEMBERED)
def owners_of_author(inquiry: Inquiry) -> tuple[Brand, ...]:
    """The brands that own the domain of From, leaving out domains where anybody can have a mailbox.

    Such a domain is public itself; the hosts below it (info.docomo.ne.jp) are the brand's. Organisations of the index
    are left out: it does not know whence they write. Of a family those come first that the mail names.
    """
    author = inquiry.message.author
    owners = inquiry.catalogue.owners(author.domain)
    if is_public(author.domain, inquiry):
        owners = ()
    owners += tuple(brand for brand in inquiry.catalogue.owners(author.spec) if author.spec.lower() in brand.addresses)
    named = {claim.brand for claim in inquiry.claims}
    return tuple(sorted((brand for brand in owners if not brand.indexed), key=lambda brand: brand.id not in named))


def speaks_for(brand: Brand, inquiry: Inquiry) -> bool:
    """Whether the author is known, or may be taken, to write for the brand without bearing its own address.

    So does a mailing service of the brand; an innocent namesake; a confirmed sender whose domain is the brand's name
    under a country's suffix; and, for a brand of which no source says whence it sends, one whose domain holds its name.
    """
    if brand.kind is ClaimKind.ROLE:
        return _may_play(inquiry)
    domain = inquiry.message.author.domain
    if any(is_within(domain, innocent) for innocent in brand.innocents if "." in innocent):
        return True
    if inquiry.message.author.spec.lower() in brand.addresses:
        return inquiry.authentication.aligned is not Result.FAIL
    if inquiry.authentication.aligned is Result.PASS and _bears_name(brand, inquiry):
        return True
    if inquiry.authentication.aligned is Result.FAIL:
        return _is_posted_for(brand, inquiry)
    return any(is_within(domain, service) for service in brand.services) or _is_posted_for(brand, inquiry)


def _may_play(inquiry: Inquiry) -> bool:
    """Whether somebody of the reader's own domain, or any known organisation, writes in a role."""
    if inquiry.authentication.aligned is Result.PASS:
        own = any(same_organisation(inquiry.message.author.domain, domain) for domain in own_domains(inquiry))
        return own or bool(inquiry.catalogue.owners(inquiry.message.author.domain))
    return not inquiry.authentication.hop.ip


def _bears_name(brand: Brand, inquiry: Inquiry) -> bool:
    """Whether the author's domain is the brand's name, as far as nobody knows all of its domains."""
    domain = inquiry.message.author.domain
    if is_public(domain, inquiry):
        return False
    if any(is_within(domain, own) for own in brand.domains):
        return True
    flat = _flat(label(domain))
    names = _flat_names(brand)
    if suffix(domain) in _RESTRICTED and any(name in flat for name in names if len(name) >= _SHORTEST_IN_RESTRICTED):
        return True
    if flat in names and len(suffix(domain).rpartition(".")[2]) == _COUNTRY and not has_risky_suffix(domain):
        return True
    return not brand.senders_known and any(len(name) >= _SHORTEST_NAME and name in flat for name in names)


_COUNTRY = 2
"""Letters of a country's top-level domain (ISO 3166-1)."""
_SHORTEST_IN_RESTRICTED = 3
"""The same under a suffix that only organisations get: smbc-gp.co.jp, jalpak.co.jp."""
_SHORTEST_NAME = 4
"""Letters of the shortest name that does not stand in a domain by chance."""


def _flat(name: str) -> str:
    return re.sub(r"[^0-9a-z]", "", name.casefold())


def _is_posted_for(brand: Brand, inquiry: Inquiry) -> bool:
    """Whether a mailing service wrote its own domain into From, and every link leads to the brand."""
    if Offer.BULK_MAIL not in inquiry.catalogue.offers(inquiry.message.author.domain):
        return False
    hosts = [link.host for link in inquiry.message.links if link.host]
    return bool(hosts) and all(is_own(host, brand, inquiry) for host in hosts)


def own_domains(inquiry: Inquiry) -> tuple[str, ...]:
    """The domains of the reader's own addresses, without those where anybody can have a mailbox.

    Where it is not known whose mailbox it is, the addresses in To and Cc stand in.
    """
    owner = [address.rpartition("@")[2] for address in inquiry.context.owner]
    domains = owner or [address.domain for address in inquiry.message.to]
    return tuple(dict.fromkeys(domain for domain in domains if domain and not is_public(domain, inquiry)))


def is_public(domain: str, inquiry: Inquiry) -> bool:
    """Whether anybody can have a mailbox in the domain."""
    public = any(domain in brand.public_mailboxes for brand in inquiry.catalogue.owners(domain))
    return public or Offer.MAILBOX in inquiry.catalogue.offers(domain)


def is_own(host: str, brand: Brand, inquiry: Inquiry) -> bool:
    """Whether a host belongs to the brand, its family or its mailing services.

    No source knows all domains of a brand: its name by itself under a suffix that only organisations get is its own.
    """
    if any(owner.id == brand.id for owner in inquiry.catalogue.owners(host)):
        return True
    if any(is_within(host, service) for service in brand.services):
        return True
    return suffix(host) in _RESTRICTED and _flat(label(host)) in _flat_names(brand)


_RESTRICTED = frozenset(
    {"co.jp", "go.jp", "lg.jp", "or.jp", "gov", "gov.br", "gov.uk", "ac.jp", "ed.jp", "gouv.fr", "gov.au", "gc.ca"}
)
"""Suffixes given to registered companies (one each) and authorities only (JPRS, "JP domain names", read 2026)."""


def _flat_names(brand: Brand) -> set[str]:
    return {_flat(name) for name in brand.names if "." not in name and name not in brand.common_words}


def official(brand: Brand) -> str:
    """The domain to show as the brand's own; empty where none is known."""
    return brand.domains[0] if brand.domains else ""
