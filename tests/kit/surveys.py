"""What a mailbox may have gathered in a month: invented mail, judged by the house's own way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from tests.kit.archives import PROGRAM, pack_zip
from tests.kit.inquiries import Row, catalogue, mail
from tests.kit.openings import carrying
from watcher import detectors
from watcher.domains import host_of
from watcher.judge import judge
from watcher.model import Campaign, Case, Imprint, Lesson, LessonKind, Message, Opened, Place, State, Trait
from watcher.page import Survey

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")
HOME, WORK = "home", "work"


def parcel(number: int) -> Row:
    """The lure of December 2015: a parcel that could not be delivered, and a program for a form."""
    return mail(
        author="日本郵便 <info@parcel-office.example>",
        subject=f"小包の配達に関するお知らせ {180_700 + number}",
        text="お荷物をお届けに伺いましたが、ご不在でした。添付の委託運送状を印刷して、最寄りの郵便局へお越しください。",
        attachments=[(f"日本郵便追跡{180_700 + number}.zip", pack_zip({"委託運送状.exe": PROGRAM}))],
        results="spf=softfail smtp.mailfrom=parcel-office.example; dkim=none",
    )


def card(number: int) -> Row:
    """A card company that wants its customer to sign in."""
    host = f"vpass-{number}.card-check.example"
    return mail(
        author="三井住友カード <support@card-check.example>",
        subject="【重要】カードのご利用を一時停止しました",
        html=f'<p>第三者による不正利用の可能性があります。24 時間以内に<a href="https://{host}/login">ご本人様確認</a>を'
        "お済ませください。確認できない場合、カードのご利用を制限いたします。</p>",
        results="spf=fail smtp.mailfrom=card-check.example; dkim=none; dmarc=fail",
    )


def code() -> Row:
    """A code to be read by a telephone, which no filter of the computer protects."""
    return carrying(
        "MFA_renewal.pdf",
        (Trait.QR_CODE, "https://signin.mfa-renewal.example/authenticate"),
        author="Microsoft アカウント チーム <mfa@mfa-renewal.example>",
        subject="多要素認証の有効期限が切れます",
        text="Microsoft アカウントの多要素認証は本日で期限が切れます。添付の QR コードを読み取ってください。",
    )


def locked() -> Row:
    """An invoice in a locked archive, and its key beside it."""
    return carrying(
        "請求書_2026年11月.zip",
        members=["請求書_2026年11月.doc"],
        state=Opened.ENCRYPTED,
        locked=True,
        author="佐川急便 <billing@invoice-center.example>",
        subject="11月分ご請求書の送付",
        text="ご請求書をお送りします。\n解凍パスワード：5583",
        results="spf=fail smtp.mailfrom=invoice-center.example; dkim=none",
    )


def refund() -> Row:
    """An authority that owes money, and wants an answer."""
    return mail(
        author="国税庁 <e-tax@refund-notice.example>",
        subject="【国税庁】還付金のお知らせ",
        text="還付金の受け取り手続きが完了していません。本日中に https://e-tax.refund-notice.example/ へどうぞ。",
        headers=[("Reply-To", "nta.refund@gmail.com")],
    )


def points() -> Row:
    """A card company whose points are said to run out."""
    return mail(
        author="楽天カード <info@point-campaign.example>",
        subject="ポイントの有効期限が本日までです",
        html='<p>カード会員様<br><a href="https://rakuten-card.point-campaign.example/login">ポイントを受け取る</a></p>',
        results="spf=fail smtp.mailfrom=point-campaign.example; dkim=none; dmarc=fail",
    )


def newsletter() -> Row:
    """A shop that sends by somebody else: the kind of mail that is taken back."""
    return mail(
        author="Amazon.co.jp 出店 北町書房 <news@kitamachi-books.example>",
        subject="Amazon ご注文の商品の発送とお支払い方法の確認",
        html='<p>Amazon のご注文をありがとうございます。<a href="https://kitamachi-books.example/new">ご確認ください</a></p>',
        results="spf=softfail smtp.mailfrom=kitamachi-books.example; dkim=none",
    )


def case_of(number: int, row: Row, days_ago: float, **changes: Any) -> Case:
    """The case of a mail that came so long before `NOW`."""
    inquiry = row()
    verdict = judge(detectors.examine(inquiry, detectors.load()), inquiry.claims, "")
    at = NOW - timedelta(days=days_ago)
    case = Case(
        place=Place(changes.pop("account", HOME), "INBOX", 1, number),
        fingerprint=f"fingerprint-{number}",
        author=inquiry.message.author,
        subject=inquiry.message.subject,
        message_id=f"{number}@mail.example",
        date=at,
        state=State.MOVED,
        judged_at=at,
        verdict=verdict,
        imprint=imprint_of(inquiry.message),
        id=number,
    )
    return replace(case, **changes)


def imprint_of(message: Message) -> Imprint:
    """Hosts and file names of a mail; its text has no shape here."""
    attachments = message.attachments
    inside = [member.path for attachment in attachments for member in attachment.opening.members]
    attached = [host_of(finding.detail) for attachment in attachments for finding in attachment.opening.findings]
    return Imprint(
        hosts=tuple(dict.fromkeys(filter(None, [*(link.host for link in message.links), *attached]))),
        files=(*(attachment.filename for attachment in attachments), *inside),
    )


def campaign_of(cases: Sequence[Case], brand: str) -> Campaign:
    """These cases, newest first as in a survey, as one campaign."""
    oldest = sorted(cases, key=lambda case: case.date)
    days = Counter(case.date.date() for case in oldest)
    hosts = Counter(host for case in oldest for host in case.imprint.hosts)
    return Campaign(
        cases=tuple(case.id for case in oldest),
        brand=brand,
        accounts=tuple(dict.fromkeys(case.place.account for case in oldest)),
        days=tuple(days.items()),
        hosts=tuple(host for host, _ in hosts.most_common(5)),
    )


@cache
def month(focus: int = 0) -> Survey:
    """A month of two accounts: two campaigns, some single mails, one that was taken back."""
    cases = sorted(_month(), key=lambda case: case.date, reverse=True)
    parcels = [case for case in cases if "小包" in case.subject]
    cards = [case for case in cases if "一時停止" in case.subject]
    return Survey(
        cases=tuple(cases),
        campaigns=(campaign_of(parcels, "japan_post"), campaign_of(cards, "smcc")),
        catalogue=catalogue(),
        lessons=(
            Lesson("news@kitamachi-books.example", explicit=True, case=9, at=NOW - timedelta(days=6), id=1),
            Lesson("e-tax@refund-notice.example", "nta", kind=LessonKind.DISTRUST, at=NOW - timedelta(days=2), id=2),
        ),
        now=NOW,
        timezone=TOKYO,
        focus=focus,
    )


def _month() -> Iterator[Case]:
    parcels = [(3.1, HOME), (2.4, HOME), (2.2, WORK), (1.3, HOME), (1.2, WORK), (1.1, HOME)]
    today = [(0.3, WORK), (0.2, HOME), (0.15, HOME), (0.1, WORK), (0.05, HOME)]
    for number, (days, account) in enumerate([*parcels, *today], 12):
        yield case_of(number, parcel(number), days, account=account)
    for number, days in enumerate([19, 12.2, 11.5, 4.3], 4):
        yield case_of(number, card(number), days, state=State.DELETED if number == 4 else State.MOVED)
    yield case_of(1, points(), 27, state=State.DELETED)
    yield case_of(2, points(), 25.5, account=WORK)
    yield case_of(3, refund(), 22)
    yield case_of(8, locked(), 8, account=WORK)
    yield case_of(9, newsletter(), 6.4, state=State.RELEASED)
    yield case_of(10, code(), 5.2, account=WORK)
    yield case_of(11, refund(), 2.6, account=WORK, state=State.HELD)
