"""Nouns to put into a ledger."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from watcher.model import (
    Address,
    By,
    Case,
    Choice,
    Claim,
    ClaimKind,
    Decision,
    Direction,
    Evidence,
    Facet,
    How,
    Intent,
    Likeness,
    Place,
    Receipt,
    Sentence,
    State,
    Step,
    StepKind,
    Strength,
    Verdict,
    Where,
)

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
CLAIM = Claim(
    ClaimKind.BRAND, "japan_post", "日本郵便", "日本郵更", Where.FROM_NAME, likeness=Likeness.LOOKALIKE, common=True
)
VERDICT = Verdict(
    suspicious=True,
    score=0.97,
    reasons=(
        Evidence(
            Sentence("差出人名が日本郵便を名乗っています。", "The sender's name is that of Japan Post."),
            Strength.STRONG,
            Facet.NAME,
            Where.FROM_NAME,
            claim=CLAIM,
            quote="日本郵更 \x00\ud800 \"'; DROP TABLE cases; --",
            detector="brand_name",
        ),
        Evidence(Sentence("正規です。", "Genuine."), Strength.WEAK, Facet.DOMAIN, Where.LINK, Direction.FOR),
    ),
    claims=(CLAIM,),
    versions="detectors 3, lessons 7",
    unseen=("請求書.zip",),
)


def a_case(uid: int = 1, account: str = "home", **changes: Any) -> Case:
    """A moved case about the mail of that UID."""
    case = Case(
        place=Place(account, "INBOX", 4_294_967_295, uid),
        fingerprint=f"fingerprint-{uid}",
        author=Address("日本郵便", "info", "post.example"),
        subject="お荷物のお届けについて",
        message_id=f"{uid}@post.example",
        date=NOON - timedelta(hours=1),
        state=State.MOVED,
        judged_at=NOON,
        verdict=VERDICT,
        authenticated="post.example",
    )
    return replace(case, **changes)


def an_intent(case: Case) -> Intent:
    """The intent to move the mail of that case."""
    return Intent(
        case=case.id,
        step=Step(StepKind.MOVE, "INBOX", "Suspicious", add=("$Phishing", "$Junk"), remove=("\\Recent",)),
        place=case.place,
        fingerprint=case.fingerprint,
        message_id=case.message_id,
        target_uidvalidity=77,
        target_uidnext=5,
        at=NOON,
    )


def a_receipt(intent: Intent) -> Receipt:
    """The receipt of that intent."""
    return Receipt(intent, Place(intent.place.account, "Suspicious", 77, 5), How.MOVE, NOON + timedelta(seconds=1))


def a_decision(case: Case) -> Decision:
    """The user's wish to have the mail of that case back."""
    return Decision(Choice.RESTORE, case.id, By.BUTTON, NOON)
