"""Made-up mail such as people get, the same in each run but for the boundaries between its parts.

All names that senders use for themselves are invented or reserved for examples; well-known brands are only spoken of,
as in real newsletters, and posed as by the impostors.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.policy import SMTP

from tests.kit.archives import PROGRAM, pack_zip

AUTHSERV = "mx.example.jp"

_ENGLISH = (
    "the order has been shipped and will arrive on Thursday",
    "please find the minutes of our last meeting below",
    "this week we look at the gardens of the north",
    "members save ten per cent on everything until Sunday",
    "the build is green again after the change to the parser",
    "you can pay with PayPal, Apple Pay or by card",
    "we are sorry that the museum stays closed on Monday",
    "thank you for the photographs, they are wonderful",
)
_JAPANESE = (
    "いつもお世話になっております。",
    "秋の新作が入荷いたしましたのでご案内申し上げます。",
    "お支払いは PayPay、楽天ペイ、各種クレジットカードをご利用いただけます。",
    "配送は日本郵便またはヤマト運輸からお選びください。",
    "次回の打ち合わせは来週の水曜日でいかがでしょうか。",
    "会員の皆様には送料無料のクーポンを差し上げます。",
    "写真をお送りします。ご確認ください。",
    "ご不明な点がございましたら、お気軽にお問い合わせください。",
)

_ORDER = (*("newsletter", "plain", "attachment", "newsletter", "japanese"), *("newsletter", "plain", "newsletter"))

Writer = Callable[[int], bytes]


def write(number: int) -> bytes:
    """One mail of a mixed inbox, of which about one in twenty is an impostor."""
    kind = "impostor" if number % 20 == 7 else _ORDER[number % len(_ORDER)]
    return KINDS[kind](number)


def _plain(number: int) -> bytes:
    rolls = random.Random(number)  # noqa: S311 - no secret
    mail = EmailMessage(policy=SMTP)
    mail.set_content(_text(rolls, _ENGLISH, rolls.randrange(500, 6_000)))
    return _finish(mail, number, "Kate <kate@friend.example>", "Minutes of the meeting")


def _japanese(number: int) -> bytes:
    rolls = random.Random(number)  # noqa: S311 - no secret
    mail = EmailMessage(policy=SMTP)
    charset = rolls.choice(("utf-8", "iso-2022-jp"))
    mail.set_content(_text(rolls, _JAPANESE, rolls.randrange(500, 3_000)), charset=charset)
    return _finish(mail, number, "佐藤 恵子 <keiko@friend.example>", "次回の打ち合わせについて")


def _newsletter(number: int) -> bytes:
    """Both alternatives, the HTML one of 20 to 60 kB, full of tables, styles and counted links."""
    rolls = random.Random(number)  # noqa: S311 - no secret
    words = rolls.choice((_ENGLISH, _JAPANESE))
    mail = EmailMessage(policy=SMTP)
    mail.set_content(_text(rolls, words, 3_000))
    mail.add_alternative(_page(rolls, words, rolls.randrange(20_000, 60_000)), subtype="html")
    mail["List-Unsubscribe"] = f"<https://click.mailer.example/u/{number}>"
    return _finish(mail, number, "手芸の店 いとぐるま <news@itoguruma.example>", "今週のおすすめ: 秋の新作")


def _attachment(number: int) -> bytes:
    """A text, and a picture and a document of 50 to 200 kB."""
    rolls = random.Random(number)  # noqa: S311 - no secret
    mail = EmailMessage(policy=SMTP)
    mail.set_content(_text(rolls, _JAPANESE, 800))
    picture = b"\xff\xd8\xff\xe0" + rolls.randbytes(rolls.randrange(50_000, 200_000))
    mail.add_attachment(picture, maintype="image", subtype="jpeg", filename="海.jpg")
    document = b"%PDF-1.7\n" + rolls.randbytes(rolls.randrange(50_000, 200_000))
    mail.add_attachment(document, maintype="application", subtype="pdf", filename="見積書.pdf")
    return _finish(mail, number, "田中 健 <ken@office.example>", "お見積もりの件")


def impostor(number: int) -> bytes:
    """Poses as the Japanese post by its link."""
    mail = EmailMessage(policy=SMTP)
    page = '<p>お荷物を配達できませんでした。</p><p><a href="https://post.redelivery.example/">日本郵便 再配達</a></p>'
    mail.set_content("お荷物を配達できませんでした。\nhttps://post.redelivery.example/\n")
    mail.add_alternative(page, subtype="html")
    return _finish(mail, number, "日本郵便 <info@redelivery.example>", "【日本郵便】再配達のお知らせ", "spf=fail")


def armed(number: int) -> bytes:
    """Poses as the Japanese post, with a program (which is none) in an archive."""
    mail = EmailMessage(policy=SMTP)
    mail.set_content("添付の委託運送状を印刷してください。\n")
    archive = pack_zip({"委託運送状.exe": PROGRAM})
    mail.add_attachment(archive, maintype="application", subtype="zip", filename="日本郵便追跡.zip")
    return _finish(mail, number, "日本郵便 <info@redelivery.example>", "お荷物のお届けについて", "spf=none")


def with_parts(number: int, *, texts: int = 1, text: int = 1_000, attachment: int = 0, header: int = 0) -> bytes:
    """A mail of that many text parts of that many octets each, one attachment, and a header field of that length."""
    rolls = random.Random(number)  # noqa: S311 - no secret
    mail = EmailMessage(policy=SMTP)
    mail.set_content(_text(rolls, _ENGLISH, text))
    for _ in range(texts - 1):
        mail.add_attachment(_text(rolls, _ENGLISH, text), disposition="inline")
    if attachment:
        mail.add_attachment(rolls.randbytes(attachment), maintype="video", subtype="mp4", filename="holiday.mp4")
    raw = _finish(mail, number, "Kate <kate@friend.example>", "Holiday", "spf=none")
    long = b"".join(b"X-Padding: " + b"x" * 70 + b"\r\n" for _ in range(header // 83))
    return long + raw


def with_page(number: int, octets: int) -> bytes:
    """A mail of nothing but HTML of so many octets or a few more."""
    rolls = random.Random(number)  # noqa: S311 - no secret
    mail = EmailMessage(policy=SMTP)
    mail.set_content(_page(rolls, _ENGLISH, octets), subtype="html")
    return _finish(mail, number, "手芸の店 いとぐるま <news@itoguruma.example>", "今週のおすすめ: 秋の新作")


def _page(rolls: random.Random, words: tuple[str, ...], octets: int) -> str:
    rows, length = [], 0
    while length < octets:
        rows.append(
            '<tr><td class="c" style="padding:12px 24px;font-family:Arial,sans-serif;font-size:14px;color:#333">'
            f'<a href="https://click.mailer.example/t/{rolls.getrandbits(64):x}?utm_source=mail" style="color:#06c">'
            f'<img src="https://img.mailer.example/{rolls.getrandbits(32):x}.png" width="280" height="160" alt=""></a>'
            f"<p>{rolls.choice(words)}</p><p>{rolls.choice(words)}</p></td></tr>\n"
        )
        length += len(rows[-1].encode())
    style = "<style>.c{width:600px} @media (max-width:480px){.c{width:100%}} .h{display:none}</style>"
    body = f'<div class="h">{words[0]}</div><table role="presentation" width="600">{"".join(rows)}</table>'
    return f'<!DOCTYPE html><html><head><meta charset="utf-8">{style}</head><body>{body}</body></html>'


def _text(rolls: random.Random, words: tuple[str, ...], octets: int) -> str:
    lines, length = [], 0
    while length < octets:
        lines.append(rolls.choice(words))
        length += len(lines[-1].encode()) + 2
    return "\n".join(lines) + "\n"


def _finish(mail: EmailMessage, number: int, author: str, subject: str, results: str = "") -> bytes:
    """The mail as the reader's own server hands it on."""
    domain = author.rpartition("@")[2].rstrip(">")
    mail["From"] = author
    mail["To"] = "taro@example.jp"
    mail["Subject"] = f"{subject} {number}"
    mail["Date"] = "Fri, 20 Nov 2026 10:30:00 +0900"
    mail["Message-ID"] = f"<{number}.{len(subject)}@{domain}>"
    passed = f"spf=pass smtp.mailfrom={domain}; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
    top = (
        f"Return-Path: <bounce@{domain}>",
        f"Authentication-Results: {AUTHSERV}; {results or passed}",
        f"Received: from mail.{domain} (mail.{domain} [192.0.2.25]) by {AUTHSERV} with ESMTPS; {mail['Date']}",
        f"Received: from app.{domain} (localhost [127.0.0.1]) by mail.{domain} with ESMTP; {mail['Date']}",
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=a; h=From:To:Subject;",
        f"\tbh={'A' * 43}=; b={'B' * 172}",
    )
    return "".join(f"{line}\r\n" for line in top).encode() + mail.as_bytes()


KINDS: Mapping[str, Writer] = {
    "plain": _plain,
    "japanese": _japanese,
    "newsletter": _newsletter,
    "attachment": _attachment,
    "impostor": impostor,
}
