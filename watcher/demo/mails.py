"""The mails of the demo, all of them invented: what lies in the inbox, and what arrives while the daemon runs.

The impostors follow the campaigns of December 2015 and June 2016 and their heirs. All foreign hosts and addresses are
those reserved for examples (RFC 2606, RFC 5737), and the program in the archives is none: it cannot be run.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

OWNER = "hanako@example.jp"
AUTHSERV = "mx.example.jp"
"""The demo's receiving server, whose Authentication-Results are believed."""


@dataclass(frozen=True, slots=True)
class DemoMail:
    """One mail of the demo."""

    octets: bytes
    at: datetime
    suspicious: bool
    """What the demo expects of it."""


def inbox(now: datetime) -> tuple[DemoMail, ...]:
    """What lies in the inbox when the daemon starts."""
    return _dated(
        now,
        (
            (_parcel_of_2015, True),
            (_genuine_amazon, False),
            (_parcel_of_2016, True),
            (_friend, False),
            (_misspelt_post, True),
            (_newsletter, False),
            (_bank, True),
            (_genuine_post, False),
            (_amazon, True),
            (_warning_forwarded, False),
            (_photos, False),
            (_parcel_fee, True),
        ),
    )


def arriving(now: datetime) -> tuple[DemoMail, ...]:
    """What arrives while the daemon runs."""
    return _dated(now, ((_rail, True), (_genuine_rakuten, False), (_card, True)))


def _dated(now: datetime, mails: tuple[tuple[Callable[[datetime], bytes], bool], ...]) -> tuple[DemoMail, ...]:
    first = now - timedelta(minutes=len(mails))
    times = [first + timedelta(minutes=index) for index in range(len(mails))]
    return tuple(DemoMail(write(at), at, suspicious) for (write, suspicious), at in zip(mails, times, strict=True))


# --------------------------------------------------------------------------------------------- impostors


def _parcel_of_2015(at: datetime) -> bytes:
    mail = _mail(
        at,
        "日本郵政 <yubin@parcel-office.example>",
        "番号 EM203165987JP の下で小包の配達",
        "配達員が注文番号の商品を配達するため電話で連絡を差し上げたのですが、つながりませんでした。\n"
        "ご注文の品はターミナルに返送されました。ご注文登録時に入力していただいた電話番号に誤りがありました。\n"
        "このメールに添付されている委託運送状を印刷して、最寄りの郵便局までお問い合わせください。\n\n"
        "JAPAN POSTジャパン",
    )
    _attach(mail, "日本郵便追跡 EM203165987JP.zip", _zip({"委託運送状.exe": _harmless_program()}))
    return _from_outside(mail, "parcel-office.example", reverse_dns=False)


def _parcel_of_2016(at: datetime) -> bytes:
    mail = _mail(
        at,
        "日本郵便 <info@delivery-service.example>",
        "お荷物のお届けについて(お問い合わせ番号 1203-5567-8891)",
        "日本郵便をご利用いただき、ありがとうございます。\n"
        "本日お荷物をお届けに伺いましたが、ご不在のため持ち帰りました。\n"
        "添付の委託運送状をご確認のうえ、印刷してお近くの郵便局の窓口へお持ちください。\n\n"
        "日本郵便株式会社 (Post Japan Co., Ltd.)",
    )
    inner = _zip({"委託運送状/委託運送状_12035567.scr": _harmless_program()})
    _attach(mail, "委託運送状.zip", _zip({"委託運送状.zip": inner}))
    return _from_outside(mail, "delivery-service.example")


def _misspelt_post(at: datetime) -> bytes:
    mail = _mail(
        at,
        "日本郵更 <support@post-office.example>",
        "【日本郵更】再配達のご依頼をお待ちしております",
        "お客様のお荷物は配達できませんでした。\n"
        "下記より再配達の手続きをお願いいたします。\n\nhttps://redelivery.example/jp/\n",
    )
    return _from_outside(mail, "post-office.example", reverse_dns=False)


def _bank(at: datetime) -> bytes:
    mail = _mail(
        at,
        "三井住友銀行 <information@smbc.co.jp>",
        "【重要】お取引の一部を制限しております",
        "三井住友銀行をご利用のお客様へ\n\n不正利用の可能性があるため、お取引の一部を制限しております。\n"
        "ご本人様確認をお願いいたします。",
        html_link=("https://direct.smbc.co.jp/", "https://direct-smbc.example/login"),
    )
    return _from_outside(mail, "smbc.co.jp", results="spf=fail smtp.mailfrom=smbc.co.jp; dkim=none; dmarc=fail")


def _amazon(at: datetime) -> bytes:
    mail = _mail(
        at,
        "Amazon.co.jp <account-update@mail-service.example>",
        "お支払い方法の情報を更新してください",
        "Amazon をご利用いただき、ありがとうございます。\n"
        "お支払いに失敗したため、アカウントを一時保留いたしました。24時間以内にご確認ください。",
        html_link=("お支払い方法を更新する", "https://amazon-update.example/ap/signin"),
    )
    return _from_outside(mail, "mail-service.example", results="spf=pass smtp.mailfrom=mail-service.example")


def _parcel_fee(at: datetime) -> bytes:
    mail = _mail(
        at,
        "DHL Express <no-reply@tracking.example>",
        "Your parcel is waiting: a fee of 2.99 EUR is due",
        "Dear customer,\n\nyour parcel could not be delivered because customs fees are unpaid.\n"
        "Please pay within 24 hours, or the parcel will be returned.",
        html_link=("https://www.dhl.com/pay", "https://dhl.parcel-fee.example/pay"),
    )
    return _from_outside(mail, "tracking.example", reverse_dns=False)


def _rail(at: datetime) -> bytes:
    mail = _mail(
        at,
        "えきねっと <eki-net@member-service.example>",
        "【重要】えきねっとアカウントの自動退会処理について",
        "えきねっとをご利用いただき、ありがとうございます。\n"
        "最終ログインから2年が経過したため、アカウントは自動退会となります。継続をご希望の方はログインしてください。",
        html_link=("えきねっとへログイン", "https://eki-net.member-service.example/"),
    )
    return _from_outside(mail, "member-service.example", reverse_dns=False)


def _card(at: datetime) -> bytes:
    mail = _mail(
        at,
        "三丼住友カード <vpass@card-center.example>",
        "ご利用確認のお願い",
        "いつも三井住友カードをご利用いただき、ありがとうございます。\n"
        "ご本人様のご利用かどうかを確認させていただきたいお取引がありました。",
        html_link=("ご利用確認はこちら", "https://vpass.card-center.example/"),
    )
    return _from_outside(mail, "card-center.example", results="spf=softfail smtp.mailfrom=card-center.example")


# ------------------------------------------------------------------------------------------- wanted mail


def _genuine_amazon(at: datetime) -> bytes:
    mail = _mail(
        at,
        "Amazon.co.jp <shipment-tracking@amazon.co.jp>",
        "ご注文の商品を発送しました",
        "Amazon.co.jp をご利用いただき、ありがとうございます。\nご注文の商品を本日発送いたしました。",
        html_link=("配送状況を確認", "https://www.amazon.co.jp/gp/css/order-history"),
    )
    return _from_outside(mail, "amazon.co.jp", results=_passed("amazon.co.jp"))


def _genuine_post(at: datetime) -> bytes:
    mail = _mail(
        at,
        "日本郵便 <no-reply@ems-post.japanpost.jp>",
        "【日本郵便】お届け予定のお知らせ",
        "お客様あてのゆうパックを明日お届けする予定です。\nお問い合わせ番号: 1234-5678-9012",
        html_link=("お届け予定の確認", "https://trackings.post.japanpost.jp/services/srv/search/"),
    )
    return _from_outside(mail, "japanpost.jp", results=_passed("japanpost.jp"))


def _genuine_rakuten(at: datetime) -> bytes:
    mail = _mail(
        at,
        "楽天市場 <order@rakuten.co.jp>",
        "【楽天市場】注文内容ご確認(自動配信メール)",
        "楽天市場をご利用いただき、ありがとうございます。\nご注文を承りました。",
        html_link=("購入履歴", "https://order.my.rakuten.co.jp/"),
    )
    return _from_outside(mail, "rakuten.co.jp", results=_passed("rakuten.co.jp"))


def _friend(at: datetime) -> bytes:
    mail = _mail(
        at,
        "佐藤 恵子 <keiko@friend.example>",
        "Amazonで見つけた本",
        "花子さん\n\nこの間話していた本、Amazonにありました。日本郵便で送ってもらえるそうです。\nまた来週!\n\n恵子",
    )
    return _from_outside(mail, "friend.example", results=_passed("friend.example"))


def _newsletter(at: datetime) -> bytes:
    mail = _mail(
        at,
        "手芸の店 いとぐるま <news@itoguruma.example>",
        "秋の新作毛糸、入荷しました",
        "今月のお支払いは PayPay もご利用いただけます。\n配送は日本郵便、ヤマト運輸からお選びください。",
        html_link=("新作を見る", "https://click.mailer.example/t/8f2c"),
    )
    mail["List-Unsubscribe"] = "<https://click.mailer.example/u/8f2c>"
    return _from_outside(mail, "mailer.example", results=_passed("mailer.example"))


def _warning_forwarded(at: datetime) -> bytes:
    mail = _mail(
        at,
        "鈴木 一郎 <ichiro@neighbour.example>",
        "Fwd: 日本郵便を装った不審なメールにご注意ください",
        "花子さん、こんなメールが流行っているそうです。気をつけて。 一郎\n\n"
        "---------- 転送メッセージ ----------\n"
        "差出人: 消費生活センター <info@city.example>\n"
        "件名: 日本郵便を装った不審なメールにご注意ください\n\n"
        "「配達できませんでした。添付の委託運送状を印刷してください」というメールは偽物です。\n"
        "添付ファイルを開かないでください。例: http://redelivery.example/jp/\n",
    )
    return _from_outside(mail, "neighbour.example", results=_passed("neighbour.example"))


def _photos(at: datetime) -> bytes:
    mail = _mail(at, "田中 健 <ken@office.example>", "旅行の写真です", "写真を送ります。\n\n健")
    _attach(
        mail, "写真.zip", _zip({"写真/海.jpg": b"\xff\xd8\xff\xe0 a picture", "写真/山.jpg": b"\xff\xd8\xff\xe0 more"})
    )
    return _from_outside(mail, "office.example", results=_passed("office.example"))


# ----------------------------------------------------------------------------------------------- writing


def _mail(at: datetime, author: str, subject: str, text: str, html_link: tuple[str, str] | None = None) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = author
    mail["To"] = OWNER
    mail["Subject"] = subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{at.timestamp():.0f}.{len(text)}@demo.example>"
    mail.set_content(text + (f"\n\n{html_link[0]}\n{html_link[1]}\n" if html_link else ""))
    if html_link:
        paragraphs = "".join(f"<p>{line}</p>" for line in text.splitlines() if line)
        mail.add_alternative(f'{paragraphs}<p><a href="{html_link[1]}">{html_link[0]}</a></p>', subtype="html")
    return mail


def _passed(domain: str) -> str:
    return f"spf=pass smtp.mailfrom={domain}; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"


def _from_outside(mail: EmailMessage, host: str, *, results: str = "spf=none", reverse_dns: bool = True) -> bytes:
    """The mail as the demo's receiving server hands it on: what that server writes stands above what came in."""
    name = f"mail.{host}" if reverse_dns else "unknown"
    written = (
        f"Return-Path: <bounce@{host}>",
        f"Authentication-Results: {AUTHSERV}; {results}",
        f"Received: from mail.{host} ({name} [192.0.2.25]) by {AUTHSERV} with ESMTPS; {mail['Date']}",
    )
    return "".join(line + "\r\n" for line in written).encode() + mail.as_bytes(policy=SMTP)


def _attach(mail: EmailMessage, filename: str, content: bytes) -> None:
    mail.add_attachment(content, maintype="application", subtype="zip", filename=filename)


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _harmless_program() -> bytes:
    """The marks by which a Windows program is known, around a sentence. There is nothing in it that could run."""
    header = b"MZ" + bytes(58) + struct.pack("<I", 64)
    return header + b"PE\0\0" + b"This is not a program. It only bears the marks of one."
