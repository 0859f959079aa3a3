"""A mail that is a picture, in somebody's name.

Sees:
    In a mail that presents a brand or a role without proof: pictures, hardly any words, and a link that leads away
    from the sender.

Why it matters:
    What stands in a picture no filter reads: neither the brand's name nor the lure.

Example:
    From: Pending Package <info@parcel.example>, one linked picture and nothing else.

Leaves alone:
    Mail that presents nobody; confirmed senders who do not call themselves by a brand, or bear an everyday name;
    pictures with a text of their own beside them; mail whose links lead to the sender.

Sources:
    Measured 2026: image-only with a link outside the sender's domain: 4.5 % of honeypot mail, none in three sets of
    wanted mail; SpamAssassin's statistics: HTML_IMAGE_ONLY_04 4.49 % of spam, 0.044 % of wanted mail.
"""

from __future__ import annotations

from collections.abc import Iterator

from watcher.domains import same_organisation
from watcher.leads import hosts_of, web_links
from watcher.model import Evidence, Facet, Inquiry, Result, Sentence, Strength, Where
from watcher.posing import spoken_of

PICTURE = Sentence(
    ja="本文がほとんど画像だけで、文字として読める内容がありません。",
    en="The mail is hardly more than a picture, so that its words cannot be checked.",
)
_FEW = 120
"""Letters: a line of small print below the picture."""


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """The picture, once, if the mail presents somebody without proof."""
    message = inquiry.message
    if not message.images or message.unfetched or sum(map(str.isalnum, message.text[: 20 * _FEW])) > _FEW:
        return
    hosts = [host for link in web_links(inquiry) for host in hosts_of(link, inquiry)]
    if not hosts or any(same_organisation(host, message.author.domain) for host in hosts):
        return
    for _, claim in spoken_of(inquiry):
        called = claim is not None and claim.where is Where.FROM_NAME and (claim.shared or not claim.common)
        if inquiry.authentication.aligned is Result.PASS and not called:
            continue
        yield Evidence(PICTURE, Strength.MEDIUM, Facet.CONTENT, Where.BODY, claim=claim)
        return
