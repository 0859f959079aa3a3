"""Mail whose sender the reader's own server confirms: it takes that for a lesson to be drawn."""

from __future__ import annotations

from functools import cache

from tests.kit.house import PARCEL
from tests.kit.mails import build

AUTHSERV = "mx.home.example"
SENDER = "care@shop.example"


@cache  # a part's boundary is random: the same mail is the same octets
def confirmed(*, suspicious: bool, number: int = 1) -> bytes:
    """A mail from `SENDER` that must be moved, or must stay."""
    results = f"{AUTHSERV}; dmarc=pass header.from=shop.example"
    if not suspicious:
        raw = build(author=f"Keiko <{SENDER}>", subject=f"Lunch {number}?", message_id=f"<w{number}@shop.example>")
    else:
        raw = build(
            author=f"日本郵便 <{SENDER}>",
            subject=f"お荷物のお届けについて {number}",
            text="添付の委託運送状を印刷してください。",
            attachments=[("日本郵便追跡.zip", PARCEL)],
            message_id=f"<h{number}@shop.example>",
        )
    return f"Authentication-Results: {results}\r\n".encode() + raw
