"""A stranger's address under the name of somebody to whom the reader writes.

Sees:
    A display name in From that is, or at a glance looks like, the name of somebody to whom the reader has written,
    while the address is not one of that person's as far as the reader's sent mail and inbox tell.

Why it matters:
    A mail from the boss or a friend is not doubted. Whoever has read one address book, or one team page, can write
    under all names in it from any free mailbox, and mail programs on phones show the name alone.

Example:
    From: 山田太郎 <director.office@mail.example>, where the reader writes to 山田太郎 <yamada@company.example>

Leaves alone:
    Known senders; colleagues, which is mail from the contact's or the reader's own domain that the receiving server
    confirms, unless everybody can have a mailbox there; the reader's own address; mailing lists and forwarders, which
    write names of others; names of roles and brands, single words, and names that several addresses bear. People have
    a second mailbox: the fact is of medium strength and never suffices by itself.

Sources:
    FBI IC3, Business E-mail Compromise (PSA 2022-05-04); IPA ビジネスメール詐欺(BEC)対策特設ページ.
"""

from __future__ import annotations

from collections.abc import Iterator

from watcher.domains import same_organisation
from watcher.model import Evidence, Facet, Inquiry, Result, Sentence, Strength, Where
from watcher.posing import own_domains
from watcher.text import clean, fill

STOLEN = Sentence(
    ja="差出人名はあなたの連絡相手「{name}」と同じかよく似ていますが、{address} はその人のアドレスとして未確認です。",
    en="The sender bears the name of {name}, to whom you have written, but {address} is not known to be theirs.",
)


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """The contact whose name the author bears."""
    context, author = inquiry.context, inquiry.message.author
    if not context.namesake or context.acquainted or inquiry.authentication.forwarded or _is_own(inquiry):
        return
    yield Evidence(
        text=fill(STOLEN, name=context.namesake, address=author.spec),
        strength=Strength.MEDIUM,
        facet=Facet.NAME,
        where=Where.FROM_NAME,
        quote=clean(author.name),
    )


def _is_own(inquiry: Inquiry) -> bool:
    """Whether the mail comes from the reader's own address, or confirmed from his own domain."""
    author = inquiry.message.author
    if author.spec.lower() in inquiry.context.owner:
        return True
    confirmed = inquiry.authentication.aligned is Result.PASS
    return confirmed and any(same_organisation(author.domain, own) for own in own_domains(inquiry))
