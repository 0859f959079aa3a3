"""Mails of campaigns: lures as they are filled in for each of their recipients, and the cases that they become."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.kit.archives import PNG, PROGRAM, pack_zip
from tests.kit.inquiries import catalogue, read
from tests.kit.ledger import CLAIM, NOON, VERDICT, a_case
from tests.kit.mails import build
from watcher.campaigns import imprint
from watcher.model import Case, Verdict

DAY = timedelta(days=1)

PARCEL = (
    "{name} 様\n\n配達員が注文番号 {number} の商品を配達するため電話で連絡を差し上げたのですが、つながりませんでした。"
    "従ってご注文の品はターミナルに返送されました。ご注文登録時に入力していただいた電話番号に誤りがあったことが分かりました。\n"
    "詳しくは https://{host}/{number} をご覧ください。お問い合わせ: {name}@{host}\n"
)
CUSTOMS = (
    "国際郵便のお荷物が税関で保管されています。関税のお支払いが確認できないため、お届けすることができません。"
    "三日以内にお支払いいただけない場合は、差出人に返送いたします。お支払いは https://{host}/pay からお願いいたします。"
)
SURVEY = (
    "日頃のご愛顧に感謝し、アンケートにお答えいただいた皆様にもれなく商品券を差し上げております。"
    "抽選ではございませんので、ぜひこの機会にお申し込みください。受付ページ https://{host}/gift 締め切りは今週末です。"
)
LOCKED = (
    "Dear {name},\n\nwe noticed an unusual attempt to sign in to your account and have locked it for your protection. "
    "To restore full access, please confirm your details within 24 hours at https://{host}/c/{number} or your account "
    "{number} will be closed for good. We apologise for any inconvenience this may have caused.\n"
)
SHORT = "{brand}をご利用いただきありがとうございます。ご本人様の確認が必要です。本日中にお手続きください。"
LONG = SHORT + (
    "このたび、ご本人様のご利用かどうかを確認させていただきたいお取引がありましたので、誠に勝手ながらご利用を一部制限させていただき、"
    "ご連絡させていただきました。お客様にはご迷惑とご心配をお掛けし、誠に申し訳ございません。何卒ご理解いただきたくお願い申し上げます。"
)
BILL = (
    "ご請求書 {number} 号、伝票 {number}-{number}、金額 {number},{number} 円、連絡先 bill-{number}@{host}、"
    "控え A{number}B、明細 https://{host}/{number}、期限 {number} 日、振込先 {number}-{number}、"
    "照会 ask{number}@{host}、写し copy{number}@{host}、番号 X{number}、"
    "支払い https://{host}/pay/{number}、見本 www.{host}/{number}、お早めにお支払いくださいますようお願い申し上げます。"
    "ご不明な点はご遠慮なくお問い合わせください。"
)
FOOTER = (
    "日本郵便株式会社 お客様サービス相談センター 平日八時から二十一時、土曜・日曜・休日は九時から。"
    "このメールは送信専用です。"
)
ORNAMENT = "■□■━━━━━━━━∴‥∵‥∴‥∵‥∴━━━━━━━━■□■\n" * 9
FORM = pack_zip({"委託運送状.exe": PROGRAM})
PIXEL = PNG
PICTURE = PNG + bytes(6000)
WIDE = {letter: letter + 0xFEE0 for letter in range(0x21, 0x7F)}


def posing(brand: str) -> Verdict:
    """The verdict that a mail poses as that brand; with an empty one, that it poses as nobody."""
    claim = replace(CLAIM, brand=brand) if brand else None
    return replace(VERDICT, reasons=tuple(replace(fact, claim=claim) for fact in VERDICT.reasons))


def sent(brand: str = "japan_post", day: float = 0, account: str = "home", **parts: Any) -> Case:
    """The case of a mail that poses as that brand and came on that day; see `mails.build` for the parts."""
    kept = imprint(read(build(**parts)), catalogue().offers)
    return a_case(account=account, date=NOON + day * DAY, verdict=posing(brand), imprint=kept)


def lure(
    text: str, host: str = "h.example", number: int = 1, disguise: Callable[[str], str] = str, **parts: Any
) -> Case:
    """The case of a mail with that text, as it was filled in for one of its recipients."""
    words = text.format(
        host=host, number=180_700 + number, name=f"山田{'一二三四'[number % 4]}郎", brand=parts.get("brand")
    )
    return sent(text=disguise(words), to=f"reader{number}@example.jp", **parts)


def attached(name: str, content: bytes, text: str = "", host: str = "h.example", **parts: Any) -> Case:
    """The case of a mail with one attachment, and with a text where one is given."""
    return lure(text, host, attachments=[(name, content)], **parts)


def leading(*hosts: str, **parts: Any) -> list[Case]:
    """The cases of mails that hold nothing but a link, one to each host."""
    return [sent(text=f"https://{host}/", **parts) for host in hosts]
