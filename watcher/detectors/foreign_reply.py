"""Answers that go to a free mailbox, in an organisation's name.

Sees:
    A mail in the name of a brand, an authority or a role that does not come from a free mailbox itself, but whose
    Reply-To, or a mail link in its text, leads to one.

Why it matters:
    Where a mail cannot lead to a forged page it asks for an answer: "report the user" opens a mail to the impostor.

Example:
    From: Microsoft account team <no-reply@access.example>, with a button that writes to report.user@gmail.com.

Leaves alone:
    Any other difference between From and Reply-To, which 7 to 19 % of wanted mail shows; mail that gives no
    organisation for its sender, or proves it.

Sources:
    Measured 2026: a Reply-To at a free mailbox of another domain 6.1 % of honeypot mail, 0 to 0.7 % of wanted mail.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from watcher.domains import to_ascii
from watcher.model import Evidence, Facet, Inquiry, Offer, Sentence, Strength, Where
from watcher.posing import unproven
from watcher.text import clean, fill

FREE = Sentence(
    ja="{brand}からのメールのはずですが、返信先は誰でも作れるフリーメール ({address}) です。",
    en="The mail calls itself {brand}, but answers go to a free mailbox ({address}).",
)
_MOST_LINKS = 50


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """The first free mailbox that an answer to a mail without proof would go to."""
    if _is_free(inquiry.message.author.domain, inquiry):
        return
    free = next(
        ((where, spec) for where, spec in _answered(inquiry) if _is_free(spec.rpartition("@")[2], inquiry)), None
    )
    for brand, claim in unproven(inquiry):
        if free:
            where, spec = free
            text = fill(FREE, brand=brand.label, address=spec)
            yield Evidence(text, Strength.MEDIUM, Facet.LINK, where, claim=claim, quote=clean(spec))
        return


def _answered(inquiry: Inquiry) -> Iterator[tuple[Where, str]]:
    """Where an answer would go: the place in the mail and the address."""
    yield from ((Where.REPLY_TO, address.spec) for address in inquiry.message.reply_to)
    for link in inquiry.message.links[:_MOST_LINKS]:
        if link.url.lower().startswith("mailto:"):
            for address in unquote(link.url[len("mailto:") : 1000].partition("?")[0]).split(","):
                yield Where.LINK, address.strip()


def _is_free(domain: str, inquiry: Inquiry) -> bool:
    return Offer.MAILBOX in inquiry.catalogue.offers(to_ascii(domain))
