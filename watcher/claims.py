"""Whom a mail presents as its sender: found once, in one pass over each of its texts.

A claim is not yet an accusation: a genuine mail claims to be from its brand, too, and a friend's mail may name one.
Detectors weigh where the claim stands. What the sender only quotes or forwards is not looked at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain

from watcher.domains import same_organisation, to_ascii
from watcher.model import Catalogue, Claim, ClaimKind, Likeness, Mention, Message, Offer, Where
from watcher.text import fold, join_letters

_SHORT = 400
"""Characters of a display name or a subject that are read."""
_OPENING = 1500
_CLOSING = 800
"""Characters at both ends of the body, where a mail says who writes: letterhead, greeting, signature, imprint."""


_TO_BLANKS = str.maketrans("._+@", "    ")
"""What parts the words of an address, each made a blank, so that places stay as they are."""


def find_claims(message: Message, catalogue: Catalogue) -> tuple[Claim, ...]:
    """All claims of a mail, the most exact first at each place, each brand once a place.

    Args:
        message: the mail, as far as it has been fetched.
        catalogue: whom there is to claim to be.
    """
    found = chain(
        _in_name(message, catalogue),
        _own_domain(message, catalogue),
        _in_address(message, catalogue),
        _in_words(message.subject[:_SHORT], Where.SUBJECT, catalogue),
        _in_body(message.text, catalogue),
    )
    first: dict[tuple[str, Where], Claim] = {}
    for claim in found:
        if claim.kind is ClaimKind.ROLE and claim.where is not Where.FROM_NAME:
            continue  # everybody writes about webmail and parcels
        known = first.get((claim.brand, claim.where))
        if known is None or _rank(claim) > _rank(known):
            first[claim.brand, claim.where] = claim
    return tuple(first.values())


def _in_name(message: Message, catalogue: Catalogue) -> Iterator[Claim]:
    """Claims in the display name, also where its words are joined by signs: Trust-Wallet, Surveys_and_Promotions."""
    name = _without_own_addresses(message, catalogue)
    yield from _in_words(name, Where.FROM_NAME, catalogue)
    if (spaced := name.translate(_SIGNS_TO_BLANKS)) != name:
        yield from _in_words(spaced, Where.FROM_NAME, catalogue)


_SIGNS_TO_BLANKS = str.maketrans(dict.fromkeys("-_=*#~|+/", " "))


def _own_domain(message: Message, catalogue: Catalogue) -> Iterator[Claim]:
    """The reader's mail administrator, whom a name with the reader's own domain presents: example.jp Helpdesk."""
    name = fold(message.author.name[:_SHORT]).text
    for address in message.to[:3]:
        domain = address.domain
        if "." in domain and domain in name and Offer.MAILBOX not in catalogue.offers(domain):
            yield Claim(ClaimKind.ROLE, _ADMINISTRATOR, domain, domain, Where.FROM_NAME)
            return


_ADMINISTRATOR = "mail_administrator"


def _without_own_addresses(message: Message, catalogue: Catalogue) -> str:
    """The display name, less addresses that are no name: the author's own, and those where anybody has a mailbox."""

    def keep(found: re.Match[str]) -> str:
        domain = to_ascii(found[1])
        public = any(domain in brand.public_mailboxes for brand in catalogue.owners(domain))
        return "" if public or same_organisation(domain, message.author.domain) else found[0]

    return _SPEC.sub(keep, message.author.name[:_SHORT])


_SPEC = re.compile(r"[^\s@<>\"'()]{1,64}@([\w.-]{1,255})")


def _rank(claim: Claim) -> tuple[bool, int]:
    return not claim.common, claim.likeness


def _in_words(words: str, where: Where, catalogue: Catalogue) -> Iterator[Claim]:
    """Claims in a short text: as it stands, with its spaced letters joined, and what only looks like a name."""
    yield from _exact(words, where, catalogue.find(words), catalogue)
    joined = join_letters(words)
    if joined.text != words.casefold():
        for mention in catalogue.find(joined.text):
            original = joined.original(mention.start, mention.end)
            if len(original) > mention.end - mention.start:
                yield _claim(mention, original, where, catalogue, Likeness.DISGUISED)
    for text in dict.fromkeys((words, joined.text)):
        for mention in catalogue.lookalikes(text):
            yield _claim(mention, text[mention.start : mention.end], where, catalogue, Likeness.LOOKALIKE)


def _in_body(text: str, catalogue: Catalogue) -> Iterator[Claim]:
    text = _URL.sub(lambda found: " " * len(found[0]), text)  # an address names nobody: whoever links may be anybody
    ends = (text,) if len(text) <= _OPENING + _CLOSING else (text[:_OPENING], text[-_CLOSING:])
    for end in ends:
        yield from _exact(end, Where.BODY, catalogue.find_first(end), catalogue)


_URL = re.compile(r"https?://[!-~]{1,2000}", re.IGNORECASE)


def _in_address(message: Message, catalogue: Catalogue) -> Iterator[Claim]:
    """Names within the author's address: support-amazon@…, …@mail.rakuten-card.example.

    A domain that is a brand's own names nobody else: gmail.com is no Google that somebody claims to be.
    """
    author = message.author
    spec = author.local if catalogue.owners(author.domain) else author.spec
    for mention in catalogue.find(spec.translate(_TO_BLANKS)):
        yield _claim(mention, spec[mention.start : mention.end], Where.FROM_ADDRESS, catalogue, Likeness.EXACT)


def _exact(words: str, where: Where, mentions: Iterator[Mention], catalogue: Catalogue) -> Iterator[Claim]:
    for mention in mentions:
        original = words[mention.start : mention.end]
        likeness = Likeness.DISGUISED if _is_disguised(original) else Likeness.EXACT
        yield _claim(mention, original, where, catalogue, likeness)


def _claim(mention: Mention, words: str, where: Where, catalogue: Catalogue, likeness: Likeness) -> Claim:
    kind = catalogue.brand(mention.brand).kind
    return Claim(kind, mention.brand, mention.name, words, where, likeness, mention.common, mention.shared)


def _is_disguised(words: str) -> bool:
    """Whether the words hold characters that no honest writer of a name uses: invisible, mathematical, enclosed.

    Full-width letters and half-width katakana are ordinary Japanese typing.
    """
    return any(
        unicodedata.category(character) == "Cf"
        or (unicodedata.normalize("NFKC", character) != character and not "\uff00" <= character <= "\uffef")
        for character in words
        if not character.isascii() and character not in "\u3000™®©℠"
    )
