"""An address from which no organisation writes, under the name of one.

Sees:
    A mail in the name of a brand, an authority or a role whose From bears no address at all, one that no mail can be
    sent to (no domain, letters that no domain has, an ending that does not exist), a free mailbox, or an ending that
    is used for little else than abuse (.icu, .cfd, …).

Why it matters:
    Organisations write from their own domain. An address that cannot be answered was made up; a free mailbox takes a
    minute to get, a name under a cheap ending a few cents.

Example:
    From: Correios <aviso@correios>, From: イオンカード <admin@free-mailbox.example>

Leaves alone:
    Mail that gives no organisation for its sender, friends with a free mailbox whose subject names one, and names that
    only share a word with one. It is one fact of two: a self-employed dealer writes from a free mailbox too.

Sources:
    Measured 2026: a free mailbox under a brand's name 2.7 % of such honeypot mail, about 0.1 % of wanted mail; risky
    endings of the sender 4.0 to 16.7 % against 0 to 0.08 %.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.domains import to_unicode
from watcher.links import has_risky_suffix
from watcher.model import Evidence, Facet, Inquiry, Sentence, Strength, Where
from watcher.posing import is_public, owners_of_author, posed_as_sender
from watcher.text import clean, fill

NONE = Sentence(
    ja="{brand}を名乗っていますが、差出人のアドレスがありません。",
    en="It calls itself {brand} but gives no address of a sender.",
)
IMPOSSIBLE = Sentence(
    ja="差出人のアドレス {address} は実在しない形で、返信もできません。",
    en="The sender's address {address} is no possible address; nobody could answer it.",
)
FREE = Sentence(
    ja="{brand}を名乗っていますが、個人でも持てるメールアドレス ({domain}) から送られています。",
    en="It calls itself {brand} but writes from a mailbox that anybody can have ({domain}).",
)
RISKY = Sentence(
    ja="送信元 {domain} のように「.{ending}」で終わるドメインは、企業よりも迷惑メールで多く使われています。",
    en="It comes from {domain}; addresses that end in .{ending} are used for abuse more often than by organisations.",
)
_DOMAIN = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})")


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """What is unlikely about the address, once, if the mail gives an organisation for its sender."""
    for brand, claim in posed_as_sender(inquiry):
        sentence = _unlikely(inquiry)
        if sentence and not (sentence is FREE and claim.where is Where.SUBJECT):
            author = inquiry.message.author
            yield Evidence(
                text=fill(
                    sentence,
                    brand=brand.label,
                    domain=to_unicode(author.domain),
                    ending=author.domain.rpartition(".")[2],
                    address=author.spec,
                ),
                strength=Strength.MEDIUM,
                facet=Facet.DOMAIN,
                where=Where.FROM_ADDRESS,
                claim=claim,
                quote=clean(author.spec),
            )
        return


def _unlikely(inquiry: Inquiry) -> Sentence | None:
    author = inquiry.message.author
    if not author.spec:
        return NONE
    if not _DOMAIN.fullmatch(author.domain):
        return IMPOSSIBLE
    if is_public(author.domain, inquiry):
        return FREE
    return RISKY if has_risky_suffix(author.domain) and not owners_of_author(inquiry) else None
