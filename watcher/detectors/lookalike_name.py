"""A name that only looks like a brand's name, or is written so that no filter finds it.

Sees:
    In From or the subject, words whose characters look like those of a brand's name (日本郵更 for 日本郵便,
    三丼住友 for 三井住友, PayPaI with a capital i), or the name itself with its letters spaced out, made of
    mathematical letters or broken up by invisible ones.

Why it matters:
    Nobody misspells his own name. Japan Post itself warned of mails signed 日本郵更.

Example:
    From: 日本郵更 <yubin@example.de>

Leaves alone:
    Real names that happen to be one character apart (静岡銀行 and 福岡銀行, PayPay and PayPal), full-width letters and
    half-width katakana, which are ordinary typing, and everything that comes from the brand's own address.

Sources:
    Japan Post's warning as quoted at grapee.jp/411979; Unicode TR39 has no entry for 便/更.
"""

from __future__ import annotations

from collections.abc import Iterator

from watcher.model import Evidence, Facet, Inquiry, Likeness, Sentence, Strength, Where
from watcher.posing import posed
from watcher.text import clean, fill

LOOKALIKE = Sentence(
    ja="「{words}」は{brand}に見せかけた偽の名前です。",
    en="“{words}” is a fake name made to look like {brand}.",
)
DISGUISED = Sentence(
    ja="{brand}の名前が、迷惑メール対策をすり抜けるための特殊な文字で書かれています。",
    en="The name {brand} is written in odd characters, so that filters do not recognise it.",
)


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """One fact for each name in From or the subject that imitates or disguises a brand's."""
    for brand, _ in posed(inquiry):
        imitations = (
            claim
            for claim in inquiry.claims
            if claim.brand == brand.id and claim.likeness is not Likeness.EXACT and claim.where in _PLACES
        )
        for claim in imitations:
            sentence = LOOKALIKE if claim.likeness is Likeness.LOOKALIKE else DISGUISED
            yield Evidence(
                text=fill(sentence, words=claim.words, brand=brand.label),
                strength=Strength.STRONG,
                facet=Facet.NAME,
                where=claim.where,
                claim=claim,
                quote=clean(claim.words),
            )


_PLACES = (Where.FROM_NAME, Where.SUBJECT)
