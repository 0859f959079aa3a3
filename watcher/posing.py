"""Who poses as whom: the questions about claims and ownership that several detectors ask.

To pose is to present oneself under a name without being, or speaking for, its owner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.domains import is_within
from watcher.model import Brand, Claim, Inquiry, Result, Where

_PLACES = (Where.FROM_NAME, Where.FROM_ADDRESS, Where.SUBJECT, Where.BODY)
"""Where a mail says who it is from, the plainest place first."""


def presented(inquiry: Inquiry) -> tuple[Claim, ...]:
    """One claim for each brand that the mail presents as its sender: the one in the plainest place."""
    best: dict[str, Claim] = {}
    for claim in sorted(inquiry.claims, key=lambda claim: (claim.common, _PLACES.index(claim.where))):
        best.setdefault(claim.brand, claim)
    return tuple(best.values())


def posed(inquiry: Inquiry) -> Iterator[tuple[Brand, Claim]]:
    """The brands, with their claims, that the mail presents but whose own address it does not bear.

    A mail that bears the address of one brand may name others (a bank's card, a shop's parcel service): a sender
    with an address of its own is asked for its authentication instead, by `brand_domain`.
    """
    if owners_of_author(inquiry):
        return
    for claim in presented(inquiry):
        brand = inquiry.catalogue.brand(claim.brand)
        if not speaks_for(brand, inquiry):
            yield brand, claim


def posed_as_sender(inquiry: Inquiry) -> Iterator[tuple[Brand, Claim]]:
    """Like `posed`, but only brands that the mail gives for its sender, and does not merely speak of."""
    return ((brand, claim) for brand, claim in posed(inquiry) if names_sender(claim, inquiry))


def names_sender(claim: Claim, inquiry: Inquiry) -> bool:
    """Whether a claim stands where a mail says who sends it: in From, or as the letterhead of the subject.

    People write to each other about parcels and shops; so a subject counts only where it opens with the name in
    brackets (【楽天カード】…), as senders head their own mail. A reply or a forwarded mail opens otherwise.
    """
    if claim.where is Where.SUBJECT:
        letterhead = _LETTERHEAD.match(inquiry.message.subject)
        return letterhead is not None and claim.words in letterhead[0]
    return claim.where in {Where.FROM_NAME, Where.FROM_ADDRESS}


_LETTERHEAD = re.compile(
    r"(?:\s{0,3}(?:【[^】]{1,40}】|〖[^〗]{1,40}〗|\[[^\]]{1,40}\]|＜[^＞]{1,40}＞|<[^>]{1,40}>)){1,4}"
)


def unproven(inquiry: Inquiry) -> Iterator[tuple[Brand, Claim | None]]:
    """The brands in whose name the mail is sent, without proof that it is theirs.

    Either it poses as them, or it bears their own address but nobody vouches for it.
    """
    yield from posed_as_sender(inquiry)
    if inquiry.authentication.aligned is not Result.PASS and not inquiry.authentication.forwarded:
        for brand in owners_of_author(inquiry)[:1]:
            yield brand, next((claim for claim in inquiry.claims if claim.brand == brand.id), None)


def owners_of_author(inquiry: Inquiry) -> tuple[Brand, ...]:
    """The brands that own the domain of From, leaving out domains where anybody can have a mailbox.

    Such a domain is public itself; the hosts below it (info.docomo.ne.jp) are the brand's.
    """
    domain = inquiry.message.author.domain
    return tuple(brand for brand in inquiry.catalogue.owners(domain) if domain not in brand.public_mailboxes)


def speaks_for(brand: Brand, inquiry: Inquiry) -> bool:
    """Whether the author's domain is that of a mailing service of the brand, or of an innocent namesake."""
    domain = inquiry.message.author.domain
    if any(is_within(domain, innocent) for innocent in brand.innocents if "." in innocent):
        return True
    vouched = inquiry.authentication.aligned is not Result.FAIL
    return vouched and any(is_within(domain, service) for service in brand.services)


def is_own(host: str, brand: Brand, inquiry: Inquiry) -> bool:
    """Whether a host belongs to the brand, its family or its mailing services."""
    if any(owner.id == brand.id for owner in inquiry.catalogue.owners(host)):
        return True
    return any(is_within(host, service) for service in brand.services)


def official(brand: Brand) -> str:
    """The domain to show as the brand's own; empty where none is known."""
    return brand.domains[0] if brand.domains else ""
