"""Answers that go to somebody else than the mail says.

Sees:
    A mail in the name of a brand, an authority or a role whose Reply-To, or a mail link in its text, leads to a free
    mailbox although the mail does not come from one; or, in a brand's name, to an address that is neither the brand's
    nor the sender's.

Why it matters:
    Where a mail cannot lead to a forged page it asks for an answer: "report the user" opens a mail to the impostor.

Example:
    From: Microsoft account team <no-reply@access.example>, with a button that writes to report@other.example.

Leaves alone:
    Any other difference between From and Reply-To, which 7 to 19 % of wanted mail shows; mail that gives no
    organisation for its sender, or proves it.

Sources:
    Measured 2026: a Reply-To at a free mailbox of another domain 6.1 % of honeypot mail, 0 to 0.7 % of wanted mail.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from watcher.domains import same_organisation, to_ascii
from watcher.model import Brand, ClaimKind, Evidence, Facet, Inquiry, Offer, Sentence, Strength, Where
from watcher.posing import is_own, unproven
from watcher.text import clean, fill

FREE = Sentence(
    ja="{brand}からのメールのはずですが、返信先は個人でも持てるメールアドレス ({address}) です。",
    en="The mail calls itself {brand}, but answers go to a mailbox that anybody can have ({address}).",
)
FOREIGN = Sentence(
    ja="{brand}からのメールのはずですが、返信先は{brand}でも送信元でもない {address} です。",
    en="The mail calls itself {brand}, but answers go to {address}, which is neither {brand} nor the sender.",
)
_MOST_LINKS = 50


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """The first foreign address that an answer to a mail without proof would go to."""
    for brand, claim in unproven(inquiry):
        for where, address in _answered(inquiry):
            sentence = _foreign(address.rpartition("@")[2], brand, inquiry)
            if sentence:
                text = fill(sentence, brand=brand.label, address=address)
                yield Evidence(text, Strength.MEDIUM, Facet.LINK, where, claim=claim, quote=clean(address))
                return
        return


def _answered(inquiry: Inquiry) -> Iterator[tuple[Where, str]]:
    """Where an answer would go: the place in the mail and the address."""
    yield from ((Where.REPLY_TO, address.spec) for address in inquiry.message.reply_to)
    for link in inquiry.message.links[:_MOST_LINKS]:
        if link.url.lower().startswith("mailto:"):
            addresses = unquote(link.url[len("mailto:") : 1000].partition("?")[0]).split(",")
            yield from ((Where.LINK, address.strip()) for address in addresses)


def _foreign(domain: str, brand: Brand, inquiry: Inquiry) -> Sentence | None:
    domain, author = to_ascii(domain), inquiry.message.author.domain
    if not domain or same_organisation(domain, author):
        return None
    if Offer.MAILBOX in inquiry.catalogue.offers(domain):
        return FREE if Offer.MAILBOX not in inquiry.catalogue.offers(author) else None
    known = brand.kind is ClaimKind.ROLE or not brand.senders_known or is_own(domain, brand, inquiry)
    return None if known else FOREIGN
