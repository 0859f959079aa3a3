"""A brand's own address without the signature that the brand's mail bears.

Sees:
    From bears a domain of a brand, the reader's server wrote no results that tell, and the mail carries no DKIM
    signature at all, or, from a brand that is known to sign everything, none of the brand's.

Why it matters:
    40 % of Japanese phishing bears the brand's exact domain. Where the server checks nothing, the missing signature
    is the only trace: since February 2024 the great mailbox providers refuse unsigned mail of large senders.

Example:
    From: Amazon.co.jp <account-update@amazon.co.jp>, without any DKIM-Signature.

Leaves alone:
    Mailing lists and forwarders, which take signatures off; mail whose own transport headers are missing, as after an
    export; old mail, received before 2018, when signing was not yet general; domains where anybody can have a mailbox.
    A signature that nobody verified proves nothing *for* the sender.

Sources:
    RFC 6376; Google, "Email sender guidelines", in force since February 2024; the brand's file for those that sign
    everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.domains import is_within, to_ascii
from watcher.model import Brand, Evidence, Facet, HabitKind, Inquiry, Result, Sentence, Strength, Where
from watcher.posing import is_own, owners_of_author
from watcher.text import clean, fill

UNSIGNED = Sentence(
    ja="送信元は {domain}({brand})と書かれていますが、本物なら付いている、なりすまし防止の署名(DKIM)がありません。",
    en="The mail says it comes from {domain} ({brand}) but lacks the seal against forgery (DKIM) of such senders.",
)
_SIGNER = re.compile(r"(?:^|;)\s*d\s*=\s*([^;\s]{1,253})", re.IGNORECASE)


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """A missing signature on a brand's own domain."""
    authentication = inquiry.authentication
    if authentication.aligned is not Result.UNKNOWN or authentication.forwarded or not authentication.hop.ip:
        return
    if not _is_recent(inquiry):
        return
    for brand in owners_of_author(inquiry)[:1]:
        strength = _missing(brand, inquiry)
        if strength:
            yield Evidence(
                text=fill(UNSIGNED, domain=inquiry.message.author.domain, brand=brand.label),
                strength=strength,
                facet=Facet.AUTHENTICATION,
                where=Where.HEADER,
                claim=next((claim for claim in inquiry.claims if claim.brand == brand.id), None),
                quote=clean(inquiry.message.author.spec),
            )


def _is_recent(inquiry: Inquiry) -> bool:
    """By the topmost Received line: Date is the sender's word."""
    for value in inquiry.message.header("received")[:1]:
        year = _YEAR.search(value.rpartition(";")[2])
        return year is None or int(year[0]) >= _SIGNING_SINCE
    return False


_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SIGNING_SINCE = 2018


def _missing(brand: Brand, inquiry: Inquiry) -> Strength | None:
    signatures = inquiry.message.header("dkim-signature")
    signers = [to_ascii(found[1]) for value in signatures if (found := _SIGNER.search(value))]
    domain = inquiry.message.author.domain
    promised = any(
        habit.kind is HabitKind.SIGNS_ALL and any(is_within(domain, value) for value in habit.values)
        for habit in brand.habits
    )
    if promised and not any(is_own(signer, brand, inquiry) for signer in signers):
        return Strength.STRONG
    return None if signatures else Strength.MEDIUM
