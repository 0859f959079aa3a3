"""How a claim stands in a mail: whether the mail gives the brand for its sender, or merely speaks of it.

People write about brands all day. A claim gives the sender where a mail says who sends it: in From, or, if From gives
nobody, at the head of the subject. What others have for a name too needs something around it that says so.
"""

from __future__ import annotations

import re
from dataclasses import replace

from watcher.display_names import is_another, rest, weight
from watcher.lures import lures
from watcher.model import Address, Claim, ClaimKind, Inquiry, Result, Where
from watcher.quotes import is_reply

_PLACES = (Where.FROM_NAME, Where.FROM_ADDRESS, Where.SUBJECT, Where.BODY)
"""Where a mail says who it is from, the plainest place first."""


def presented(inquiry: Inquiry) -> tuple[Claim, ...]:
    """One claim for each brand that the mail presents as its sender: the one in the plainest place.

    A word that others have for a name too (LINE, Otto, ADAC) presents the brand only where what stands around it says
    so; where From or the subject names the brand unmistakably as well, it is as good as that name.
    """
    best: dict[str, Claim] = {}
    unmistakable = {c.brand for c in inquiry.claims if not c.common and c.where is not Where.BODY}
    for claim in sorted(inquiry.claims, key=lambda claim: (_is_doubtful(claim, inquiry, unmistakable), _place(claim))):
        best.setdefault(claim.brand, claim)
    return tuple(
        replace(claim, common=False, shared=False) if claim.brand in unmistakable else claim for claim in best.values()
    )


def _place(claim: Claim) -> int:
    return _PLACES.index(claim.where)


def _is_doubtful(claim: Claim, inquiry: Inquiry, unmistakable: set[str]) -> bool:
    if not claim.common:
        return False
    if claim.where is Where.FROM_NAME:
        return not (_calls_itself(claim, inquiry) or (claim.brand in unmistakable and fills_name(claim, inquiry)))
    return claim.brand not in unmistakable or not opens_subject(claim, inquiry)


def names_sender(claim: Claim, inquiry: Inquiry) -> bool:
    """Whether a claim stands where a mail says who sends it.

    That is From. Only where From gives nobody ("お知らせ", "Congratulations!") the local part of its address counts,
    and a subject that opens with the name, bare or in brackets, or lures with it (“your X gift card”). A friend's mail
    about a parcel has the friend in From.
    """
    if claim.where is Where.FROM_NAME:
        return _calls_itself(claim, inquiry)
    if claim.common or is_indexed(claim, inquiry) or claim.where is Where.BODY:
        return False
    if claim.where is Where.FROM_ADDRESS and claim.words.casefold() in inquiry.message.author.domain:
        return True
    if inquiry.authentication.forwarded or not _gives_nobody(inquiry.message.author):
        return False
    return claim.where is Where.FROM_ADDRESS or is_letterhead(claim, inquiry) or _heads_subject(claim, inquiry)


def is_indexed(claim: Claim, inquiry: Inquiry) -> bool:
    """Whether the claim is for an organisation of which only the index knows."""
    return inquiry.catalogue.brand(claim.brand).indexed


def _gives_nobody(author: Address) -> bool:
    """Whether a display name is no name: nothing, an address or a domain, words like "team", a mailbox of another name.

    People are called like their mailbox (taro), or have a name; "pzpql" for an address of another kind is neither.
    """
    if "@" in author.name or not rest(author.name) or _DOMAIN.fullmatch(author.name):
        return True
    return _HANDLE.fullmatch(author.name) is not None and author.name not in author.local


_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.){1,4}[A-Za-z]{2,10}")
_HANDLE = re.compile("[a-z][a-z0-9_-]{1,15}")


def fills_name(claim: Claim, inquiry: Inquiry) -> bool:
    """Whether a claim in From is most of the display name, words like "team" and "公式" apart."""
    if claim.where is not Where.FROM_NAME:
        return False
    return weight(claim.words) >= rest(inquiry.message.author.name, claim.words)


def _is_whole_name(claim: Claim, inquiry: Inquiry) -> bool:
    return weight(claim.words) >= 2 * rest(inquiry.message.author.name, claim.words)


def is_aside(claim: Claim, inquiry: Inquiry) -> bool:
    """Whether a sender only has a brand among the words of his name: "Jun Mori (Microsoft MVP)".

    One whose domain is confirmed has a name of his own as soon as a word of it is neither the brand nor says nothing:
    "東京大学 Microsoft 365 担当". Of others, the brand has to be less than half of it, and not its beginning.
    """
    name = inquiry.message.author.name
    if claim.where is not Where.FROM_NAME:
        return False
    if inquiry.authentication.aligned is Result.PASS and rest(name, claim.words) >= _SHORTEST_NAME:
        return True
    return is_another(name) or not (fills_name(claim, inquiry) or name.startswith(claim.words))


_SHORTEST_NAME = 4
"""Weight of the shortest word that may be somebody's name: two kanji, four letters."""


def _calls_itself(claim: Claim, inquiry: Inquiry) -> bool:
    """Whether a claim in From gives the sender, and is not a word that others have for a name too.

    A name that others bear (ADAC, Rossmann) has to be all of the display name, or stand in the subject too; an everyday
    word (Otto, みずほ) both.
    """
    if is_another(inquiry.message.author.name):
        return False
    if not claim.common and not is_indexed(claim, inquiry):
        return True
    if claim.kind is ClaimKind.ROLE:
        return fills_name(claim, inquiry)
    if claim.common and not claim.shared:
        return _is_repeated(claim, inquiry) and _is_whole_name(claim, inquiry)
    return _is_whole_name(claim, inquiry) or (claim.shared and _is_repeated(claim, inquiry))


def _is_repeated(claim: Claim, inquiry: Inquiry) -> bool:
    """Whether the subject names the brand as well, or the sender's domain does and the text says unmistakably whose."""
    others = [c for c in inquiry.claims if c.brand == claim.brand]
    if any(c.where is Where.SUBJECT for c in others):
        return True
    domain = inquiry.message.author.domain
    in_domain = any(c.where is Where.FROM_ADDRESS and c.words.casefold() in domain for c in others)
    return in_domain and any(not c.common for c in others)


def is_letterhead(claim: Claim, inquiry: Inquiry) -> bool:
    """Whether the subject opens with the claim alone in brackets: 【楽天カード】, but not [楽天カード案件 #12]."""
    letterhead = _LETTERHEAD.match(inquiry.message.subject) if claim.where is Where.SUBJECT else None
    brackets = _BRACKET.findall(letterhead[0]) if letterhead else []
    return any(claim.words in words and not rest(words, claim.words) and "#" not in words for words in brackets)


def opens_subject(claim: Claim, inquiry: Inquiry) -> bool:
    """Whether the subject opens with the claim, brackets with other words (【重要】) and forms of address apart.

    Where a particle follows (Amazonで, Amazonの) the brand is what somebody writes about.
    """
    if claim.where is not Where.SUBJECT:
        return False
    subject = inquiry.message.subject
    opening = _OPENING.match(subject)
    start = opening.end() if opening else 0
    return subject.startswith(claim.words, start) and not _PARTICLE.match(subject, start + len(claim.words))


def _heads_subject(claim: Claim, inquiry: Inquiry) -> bool:
    """Whether the subject speaks in the brand's name without brackets, in a mail whose sender nobody confirms."""
    subject = inquiry.message.subject
    if inquiry.authentication.aligned is Result.PASS:
        return False
    return not is_reply(subject) and (opens_subject(claim, inquiry) or bool(lures(subject)))


_PARTICLE = re.compile(r"[ \u3000]?[でのをがはへとにもや、]|[ \u3000]?(?:から|より|まで)|'s\b|’s\b")
_BRACKETS = r"(?:【[^】]{1,40}】|〖[^〗]{1,40}〗|\[[^\]]{1,40}\]|「[^」]{1,40}」|＜[^＞]{1,40}＞|<[^>]{1,40}>)"
_BRACKET = re.compile(_BRACKETS)
_LETTERHEAD = re.compile(rf"(?:\s{{0,3}}{_BRACKETS}){{1,4}}")
_OPENING = re.compile(
    rf"(?:\s{{0,3}}{_BRACKETS}){{0,4}}[^\w【<\[]{{0,8}}(?:お客様の|お客さまの|your |ihr |ihre |votre |su |sua |uw )?",
    re.IGNORECASE,
)
