"""A picture code drawn out of letters.

Sees:
    In a mail in the name of a brand, an authority or a role, without proof: a block of lines made of block characters
    (█ ▀ ▄ ■), as tall and as wide as a QR code.

Why it matters:
    A code drawn with letters is no picture and no link: no filter that looks at either sees where it leads, and the
    telephone that reads it follows it.

Example:
    From: Microsoft 365 <mfa@x.example>, “scan this code to keep your access”, and 25 lines of █▀▄.

Leaves alone:
    Mail that presents nobody, or proves whom; rules, boxes and bars (a few such lines, or lines of one sign only);
    pictures made of ordinary letters.

Sources:
    ISO/IEC 18004 (a QR code has at least 21 modules a side); reports of 2024 on codes of block characters in phishing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.model import Evidence, Facet, Inquiry, Sentence, Strength, Where
from watcher.posing import unproven

DRAWN = Sentence(
    ja="本文に、文字を並べて描いた QR コードのようなものがあります。読み取ると、どこへつながるか分かりません。",
    en="The text holds what looks like a QR code drawn with letters; nobody can tell where it leads.",
)
_FEWEST_LINES = 10
"""Lines of the smallest code, two rows of modules in each."""
_LINE = re.compile(r"(?=[ \u3000\u00a0]{0,199}+[█▀▄▌▐■□⬛⬜])[█▀▄▌▐■□⬛⬜ \u3000\u00a0]{17,200}")
_MOST = 20_000
"""Characters of the text that are looked at."""


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """The drawing, once, if the mail is sent in somebody's name without proof."""
    for _, claim in unproven(inquiry):
        if _has_drawing(inquiry.message.text[:_MOST]):
            yield Evidence(DRAWN, Strength.MEDIUM, Facet.CONTENT, Where.BODY, claim=claim)
        return


def _has_drawing(text: str) -> bool:
    """Whether enough lines below each other are made of block characters, of more than one kind."""
    lines = 0
    for line in text.splitlines():
        is_drawn = _LINE.fullmatch(line) is not None and len(set(line)) > 1
        lines = lines + 1 if is_drawn else 0
        if lines == _FEWEST_LINES:
            return True
    return False
