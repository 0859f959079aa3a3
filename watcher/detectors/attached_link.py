"""Links and QR codes inside attachments that do not lead to the brand in whose name the mail is sent.

Sees:
    In a mail in the name of a brand or a role: web addresses in an attached document, page, calendar entry or drawing,
    forms there that send somewhere, and QR codes in an attached picture or document, of which none leads to the brand,
    nor does any link of the mail.

Why it matters:
    A filter reads the text of a mail and judges its links. So the one link that matters is moved into a PDF, or into a
    QR code, which the reader opens on a phone, where no filter watches.

Example:
    From: Microsoft 365 <it@fresh.example>, attached: a picture of a QR code to https://login.fresh.example/

Leaves alone:
    Mail that gives nobody for its sender, or proves it: invoices and tickets are full of links; QR codes that hold no
    web address (a boarding pass, a Wi-Fi key); addresses of other known brands, and mail that leads home anywhere.

Sources:
    Sublime's 44 rules on QR codes; measured 2026: 2.9 % of honeypot mail brings a PDF.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from watcher.domains import host_of, same_organisation, to_unicode
from watcher.leads import hosts_of, is_bystander, leads_home, web_links
from watcher.model import (
    Attachment,
    Brand,
    Claim,
    ClaimKind,
    Evidence,
    Facet,
    Inquiry,
    Link,
    Sentence,
    Strength,
    Trait,
    Where,
)
from watcher.posing import unproven
from watcher.text import clean, fill

QR_CODE = Sentence(
    ja="添付の「{file}」にある QR コードは {host} につながります。{brand}のサイトではありません。",
    en="The QR code in the attached “{file}” leads to {host}, which is not {brand}.",
)
LINK = Sentence(
    ja="添付の「{file}」にあるリンクは {host} につながります。{brand}のサイトではありません。",
    en="A link in the attached “{file}” leads to {host}, which is not {brand}.",
)
QR_CODE_ROLE = Sentence(
    ja="添付の「{file}」にある QR コードは、差出人とも受取人とも関係のない {host} につながります。",
    en="The QR code in the attached “{file}” leads to {host}, which belongs neither to the sender nor to you.",
)
LINK_ROLE = Sentence(
    ja="添付の「{file}」にあるリンクは、差出人とも受取人とも関係のない {host} につながります。",
    en="A link in the attached “{file}” leads to {host}, which belongs neither to the sender nor to you.",
)
FORM = Sentence(
    ja="添付の「{file}」にある入力画面は、書き込んだ内容を {host} に送ります。{brand}のサイトではありません。",
    en="What is filled into the attached “{file}” is sent to {host}, which is not {brand}.",
)
FORM_ROLE = Sentence(
    ja="添付の「{file}」にある入力画面は、書き込んだ内容を、差出人とも受取人とも関係のない {host} に送ります。",
    en="What is filled into the attached “{file}” is sent to {host}, which belongs neither to the sender nor to you.",
)
_SENTENCES = {
    (Trait.FORM, False): FORM,
    (Trait.FORM, True): FORM_ROLE,
    (Trait.QR_CODE, False): QR_CODE,
    (Trait.LINK, False): LINK,
    (Trait.QR_CODE, True): QR_CODE_ROLE,
    (Trait.LINK, True): LINK_ROLE,
}
_WEB = re.compile(r"(https?:/)|(?:[\w-]{1,63}\.){1,10}[a-z]{2,24}(?=[/?#:]|$)", re.IGNORECASE)
"""What a browser or a camera takes for a web address: with its scheme, or a bare host."""
_LEADING = frozenset({Trait.QR_CODE, Trait.LINK, Trait.FORM})
_MOST = 100
"""Links of one mail's attachments that are judged."""


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """For the first brand without proof: a QR code, otherwise a link, that leads elsewhere."""
    carried = _carried(inquiry)
    first = next(iter(unproven(inquiry)), None) if carried else None
    if first is None:
        return
    brand, claim = first
    links = (*web_links(inquiry), *(link for _, _, link in carried))
    if any(leads_home(link, brand, inquiry) for link in links):
        return
    for trait, attachment, link in islice(_foreign(carried, brand, claim, inquiry), 1):
        sentence = _SENTENCES[trait, brand.kind is ClaimKind.ROLE]
        host = to_unicode(hosts_of(link, inquiry)[0])
        text = fill(sentence, file=attachment.filename, host=host, brand=brand.label)
        yield Evidence(text, Strength.MEDIUM, Facet.LINK, Where.ATTACHMENT, claim=claim, quote=clean(link.url))


_Carried = tuple[Trait, Attachment, Link]


def _carried(inquiry: Inquiry) -> list[_Carried]:
    """The web addresses in attachments, QR codes first."""
    found = ((a, finding) for a in inquiry.message.attachments for finding in a.opening.findings)
    carried: list[_Carried] = [
        (finding.trait, attachment, Link(url, host))
        for attachment, finding in found
        if finding.trait in _LEADING and (url := _web_address(finding.detail)) and (host := host_of(url))
    ]
    return sorted(carried, key=lambda each: each[0] is not Trait.QR_CODE)[:_MOST]


def _web_address(detail: str) -> str:
    """The address as a browser takes it; empty for anything else that a code may hold."""
    web = _WEB.match(detail)
    return (detail if web[1] else f"http://{detail}") if web else ""


def _foreign(carried: Sequence[_Carried], brand: Brand, claim: Claim | None, inquiry: Inquiry) -> Iterator[_Carried]:
    """Those that lead neither to a bystander nor to a sender who only names the brand in the subject."""
    named = claim is not None and claim.where is Where.SUBJECT
    for trait, attachment, link in carried:
        own = named and same_organisation(link.host, inquiry.message.author.domain)
        if not own and not is_bystander(link, brand, inquiry):
            yield trait, attachment, link
