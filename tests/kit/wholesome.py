"""Attachments as people send them every day, however odd some of them look by themselves."""

from __future__ import annotations

import bz2
import gzip
import lzma
from typing import Any

from pikepdf import String

from tests.kit import documents
from tests.kit.archives import (
    DISK,
    HTML,
    JPEG,
    OLE,
    PDF,
    PNG,
    PROGRAM,
    TEXT,
    Raw,
    crowd,
    name_gzip,
    pack_raw_zip,
    pack_tar,
    pack_zip,
)
from tests.kit.inquiries import passed
from tests.kit.mails import build
from tests.kit.pages import html, script, svg
from tests.kit.pdfs import Document, action, link_all, open_with
from tests.kit.pictures import camera, draw_code, draw_scene, encode, put_on_page
from tests.kit.posted import Posted, posted

SOFT = "spf=softfail; dkim=none"
NAMELESS = "from mail.partner.example (unknown [192.0.2.5])"
FRIEND, PARTNER = "Keiko <keiko@friend.example>", "山本 誠 <makoto@partner.example>"
TAX = "山本税理士事務所 <office@yamamoto-tax.example>"
DEALER = "株式会社西日本OA販売 <sales@nishi-oa.example>"
SHOP = "花屋 <info@hanaya.example>"
CARD, AIRLINE = "三井住友カード <info@vpass.ne.jp>", "JAL <no-reply@jal.com>"
KNOWN: dict[str, Any] = {"acquainted": True, "written_to": True, "results": passed("partner.example")}
REPLY = {
    "subject": "Re: 見積書のお願い",
    "headers": [("References", "<1@a.example>"), ("In-Reply-To", "<1@a.example>")],
}
QUOTE = "\n\n2026年11月20日(金) 10:30 Taro <taro@example.jp>:\n> 見積書をお願いします。\n"

LOCKED = pack_raw_zip([Raw("見積書.xlsx".encode("cp932"), b"?" * 40, 1)])
MACROS = {"xl/vbaProject.bin": OLE}
SOURCES = {
    "s/setup.py": b"import os\n",
    "s/run.sh": b"#!/bin/sh\n",
    "s/a.c": b"int a;",
    "s/app.js": b"var a;",
    "s/build.bat": b"@echo off\n",
    "s/index.html": HTML,
}
SHARE = documents.relate(("attachedTemplate", "file:///\\\\server01\\vorlagen\\brief.dotx", True))
FORWARDED = build(author="三井住友カード <info@x.example>", subject="【重要】", text="https://smbc.x.example/")


def _calculate() -> bytes:
    return open_with(action("JavaScript", JS=String("calculate()")))


def _photograph() -> bytes:
    return encode(draw_scene(), "JPEG", exif=camera())


DOCUMENTS = {
    "an invoice": posted("請求書_202611.pdf", PDF, PARTNER, results=SOFT),
    "an invoice of a shop": posted("請求書.pdf", PDF, SHOP, received=NAMELESS),
    "a parcel's slip": posted("送り状.pdf", PDF, PARTNER, subject="日本郵便の送り状の件", results=SOFT),
    "a quotation for licences": posted(
        "お見積書.pdf", PDF, DEALER, subject="【Microsoft 365】ライセンス更新", results=SOFT
    ),
    "a letter": posted("手紙.docx", documents.docx(), FRIEND),
    "a letter with links": posted("案内.docx", documents.docx(None, ("hyperlink", "https://a.example/", True)), FRIEND),
    "a letter with a share's template": posted(
        "Brief.docx",
        documents.docx({"word/_rels/settings.xml.rels": SHARE}),
        "Kanzlei <post@kanzlei.example>",
        results=SOFT,
    ),
    "a table": posted("売上.xlsx", documents.xlsx(), PARTNER, results=SOFT),
    "an old table": posted("売上.xls", documents.xls(documents.sheet("S")), PARTNER, received=NAMELESS),
    "an old letter": posted("契約書.doc", documents.doc(), PARTNER),
    "slides with a chart": posted(
        "提案.pptx", documents.pptx(), DEALER, subject="Microsoft Teams のご提案", results=SOFT
    ),
    "an open document": posted("議事録.odt", documents.odt(), FRIEND),
    "a partner's table with macros": posted("見積書.xlsm", documents.xlsx(MACROS), PARTNER, **KNOWN),
    "the tax adviser's macros": posted(
        "試算表.xlsm", documents.xlsx(MACROS), TAX, subject="国税庁の様式です", results=SOFT
    ),
    "a dealer's macros about a brand": posted(
        "見積書.xlsm", documents.xlsx(MACROS), DEALER, subject="【Microsoft 365】お見積り", results=SOFT
    ),
    "a note": posted("メモ.one", documents.onenote([PNG]), PARTNER),
    "a book": posted("book.epub", pack_zip({"mimetype": b"application/epub+zip", "a.xhtml": HTML}, 0), FRIEND),
    "a paper": posted("paper.tex", b"\\documentclass{article}", FRIEND),
    "a table as text": posted("一覧.csv", "番号,名前\r\n1,花子\r\n".encode("cp932"), PARTNER, received=NAMELESS),
    "the card's own statement": posted("明細.pdf", PDF, CARD, results=passed("vpass.ne.jp")),
    "the airline's own ticket": posted("eticket.pdf", PDF, AIRLINE, results=passed("jal.com")),
    "the airline's own ticket, unconfirmed": posted("eticket.pdf", PDF, AIRLINE, text="https://www.jal.co.jp/"),
}

ARCHIVES = {
    "photographs": posted(
        "写真.zip",
        lambda: pack_zip({"写真/IMG_1.jpg": _photograph(), "写真/IMG_2.png": encode(draw_scene())}),
        FRIEND,
        subject="JALで沖縄へ",
    ),
    "documents": posted(
        "資料.zip", lambda: pack_zip({"a.pdf": Document().save(), "b.docx": documents.docx()}), PARTNER, results=SOFT
    ),
    "documents with old names": posted(
        "議事録.zip",
        lambda: pack_raw_zip([Raw("議事録/第１回.pdf".encode("cp932"), Document().save())]),
        PARTNER,
        received=NAMELESS,
    ),
    "archives in an archive": posted("backup.zip", pack_zip({"a.zip": pack_zip({"a.csv": b"1,2\n"})}), PARTNER),
    "an empty archive": posted("empty.zip", pack_zip({}), FRIEND),
    "a date for a name": posted("2026.11.24.zip", pack_zip({"a.txt": TEXT}), FRIEND),
    "sources": posted("source-1.2.tar.gz", gzip.compress(pack_tar(SOURCES)), FRIEND, subject="Microsoft の API の件"),
    "sources of a stranger": posted("patch.zip", pack_zip(SOURCES), "dev <dev@unknown.example>", acquainted=False),
    "sources by a tape": posted("source.tar.xz", lzma.compress(pack_tar({"s/Makefile": b"all:\n"})), FRIEND),
    "a web site": posted("site.zip", pack_zip({"index.html": HTML, "app.min.js": b"var a"}), PARTNER, results=SOFT),
    "a report on authentication": posted(
        "google.com!example.jp!1.xml.gz",
        gzip.compress(b"<?xml version='1.0'?><feedback/>"),
        "noreply-dmarc-support@google.com",
        results=passed("google.com"),
    ),
    "figures": posted("集計.gz", name_gzip("集計.csv".encode(), b"1,2\n"), PARTNER),
    "a log": posted("server.log.bz2", bz2.compress(b"line\n" * 100), PARTNER, received=NAMELESS),
    "a friend's tool": posted(
        "tool.zip", pack_zip({"tool.exe": PROGRAM}), FRIEND, text="It runs on Microsoft Windows."
    ),
    "a partner's installer": posted("setup.zip", pack_zip({"setup.msi": OLE}), PARTNER, **KNOWN),
    "a stranger's tool": posted("tool.zip", pack_zip({"tool.exe": PROGRAM}), "dev <dev@unknown.example>", results=SOFT),
    "a friend's many files": posted("node_modules.zip", lambda: crowd(2500), FRIEND),
    "a friend's damaged archive": posted(
        "photos.zip", pack_zip({"a.jpg": JPEG, "b.jpg": JPEG})[:-30], FRIEND, results=SOFT
    ),
    "a stranger's damaged archive": posted(
        "資料.zip", pack_zip({"a.pdf": PDF})[:-30], "Mori <mori@unknown.example>", received=NAMELESS, results=SOFT
    ),
    "a packed document": posted(
        "invoice.pdf.zip", lambda: pack_zip({"invoice.pdf": Document().save()}), PARTNER, results=SOFT
    ),
}

LOCKS_AND_DISKS = {
    "a locked archive, the key comes by itself": posted(
        "見積書.zip", LOCKED, PARTNER, text="パスワードは別便でお送りします。", results=SOFT
    ),
    "a locked answer": posted("見積書.zip", LOCKED, PARTNER, text="お送りします。" + QUOTE, received=NAMELESS, **REPLY),
    "a locked answer with the key": posted(
        "見積書.zip", LOCKED, PARTNER, text="PW: 1234" + QUOTE, results=SOFT, **REPLY
    ),
    "a locked answer about a brand": posted(
        "見積書.zip",
        LOCKED,
        DEALER,
        text="PW: 1234" + QUOTE,
        results=SOFT,
        **(REPLY | {"subject": "Re: 【三井住友カード】の件"}),
    ),
    "a partner's locked archive with the key": posted("見積書.zip", LOCKED, PARTNER, text="PW: 1234", **KNOWN),
    "a stranger's locked archive with the key": posted("見積書.zip", LOCKED, DEALER, text="PW: 1234", results=SOFT),
    "a locked archive of somebody at a brand's agency": posted(
        "資料.zip", LOCKED, "佐藤（三井住友カード 代理店） <sato@agency.example>", results=passed("agency.example")
    ),
    "the bank's own locked statement": posted(
        "明細.zip", LOCKED, CARD, text="パスワードは生年月日です。", results=passed("vpass.ne.jp")
    ),
    "a disc of somebody known": posted("backup.iso", DISK, PARTNER, **KNOWN),
    "a disc of a technician": posted("rescue.img", DISK, FRIEND, subject="Microsoft Windows の修復", results=SOFT),
    "a disc of a stranger": posted("ubuntu.iso", DISK, "dev <dev@unknown.example>", received=NAMELESS),
    "a virtual disk of somebody known": posted(
        "vm.zip", pack_zip({"vm.vhd": b"conectix" + bytes(600)}), PARTNER, **KNOWN
    ),
}

PAGES_AND_PICTURES = {
    "a saved page": posted("記事.html", html("<a href='https://news.example/'>x</a>").encode(), FRIEND, results=SOFT),
    "a saved page about a brand": posted("amazon.html", html("<a href='https://a.example/'>x</a>").encode(), FRIEND),
    "a saved sign-in page": posted("login.html", HTML, FRIEND, subject="Amazonにログインできない", results=SOFT),
    "a report": posted("coverage.html", html(script("var a = 1")).encode(), "ci <ci@build.example>"),
    "an invoice as a page": posted("invoice.html", html("<p>¥1,200</p>").encode(), SHOP, received=NAMELESS),
    "a boarding pass as a page": posted(
        "boarding.html", html("<p>JL101</p>").encode(), AIRLINE, results=passed("jal.com")
    ),
    "a logo": posted("logo.svg", svg("<rect/>").encode(), PARTNER, results=SOFT),
    "a drawing with a script": posted("plan.svg", svg(script("turn()")).encode(), FRIEND),
    "documentation": posted("docs.zip", pack_zip({"docs/index.rst.html": HTML}), FRIEND),
    "a photograph": posted("IMG_1234.jpg", JPEG, FRIEND, subject="楽天で買ったよ", received=NAMELESS, results=SOFT),
    "a screenshot": posted("Screenshot 2026-11-24 at 9.41.00\u202fAM.png", PNG, FRIEND),
    "a scan": posted("scan0001.tif", b"II*\0" + bytes(60), "複合機 <scanner@example.jp>", to="Taro <taro@example.jp>"),
    "sound": posted("留守電.mp3", b"ID3" + bytes(60), FRIEND),
    "a film": posted("clip.mp4", b"\0\0\0\x18ftypmp42" + bytes(60), FRIEND),
}

MAILS_AND_DATES = {
    "an invitation": posted(
        "invite.ics", b"BEGIN:VCALENDAR\r\nURL:https://us02web.zoom.us/j/1\r\n", PARTNER, results=SOFT
    ),
    "an invitation to a seminar": posted(
        "seminar.ics",
        b"BEGIN:VCALENDAR\r\nDESCRIPTION:https://kenshu.example/1\r\n",
        "Zoomウェビナー事務局（株式会社みなと研修） <seminar@kenshu.example>",
        results=passed("kenshu.example"),
    ),
    "a visiting card": posted("hanako.vcf", b"BEGIN:VCARD\r\nURL:https://hanako.example/\r\n", FRIEND),
    "a mail to look at": posted(
        "mail.eml", FORWARDED, FRIEND, subject="これ本物？", text="三井住友カードを名乗っています。"
    ),
    "a mail of Outlook": posted("mail.msg", documents.msg({"a.pdf": PDF}, "お世話になっております。"), PARTNER),
    "a signature": posted("contract.pdf.p7s", b"0\x82" + bytes(60), PARTNER, results=SOFT),
    "a key": posted("key.asc", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n", FRIEND),
    "a track": posted("run.gpx", b"<?xml version='1.0'?><gpx/>", FRIEND),
    "something nobody knows": posted("data.xyz", bytes(range(256)), PARTNER, received=NAMELESS),
    "nothing": posted("empty.txt", b"", FRIEND),
}

SITE = "https://hanaya.example/"
CODES_AND_PDFS = {
    "an invoice with links": posted("請求書.pdf", lambda: link_all([SITE]), SHOP, received=NAMELESS, results=SOFT),
    "a paper with references": posted(
        "paper.pdf", lambda: link_all(f"https://doi.example/{n}" for n in range(40)), FRIEND
    ),
    "a quotation with a link": posted(
        "お見積書.pdf",
        lambda: link_all(["https://nishi-oa.example/"]),
        DEALER,
        subject="【Microsoft 365】ライセンス更新",
    ),
    "a form with a script": posted("申込書.pdf", _calculate, TAX, subject="国税庁の様式", results=SOFT),
    "the payslip": posted("給与明細.pdf", lambda: Document().encrypt("1"), PARTNER, text="パスワードは生年月日です。"),
    "the card's own locked statement": posted(
        "明細.pdf", lambda: Document().encrypt("1"), CARD, results=passed("vpass.ne.jp")
    ),
    "a friend's poster": posted("poster.png", lambda: encode(put_on_page(draw_code(SITE))), FRIEND, results=SOFT),
    "a friend's photograph of a poster": posted(
        "IMG_1.jpg", lambda: encode(put_on_page(draw_code(SITE)), "JPEG", exif=camera()), FRIEND, subject="JALの広告"
    ),
    "the shop's own code": posted("coupon.png", lambda: encode(draw_code(SITE)), SHOP, subject="PayPayが使えます"),
    "a boarding pass": posted(
        "boarding.png", lambda: encode(draw_code("M1SUZUKI/TARO EABCDEF HNDITMJL 0101")), AIRLINE
    ),
    "the airline's own code": posted(
        "boarding.png", lambda: encode(draw_code("https://www.jal.co.jp/a")), AIRLINE, results=passed("jal.com")
    ),
    "a key for the wireless network": posted("wifi.png", lambda: encode(draw_code("WIFI:T:WPA;S:home;P:x;;")), FRIEND),
    "a scene": posted("海.jpg", lambda: encode(draw_scene(), "JPEG"), FRIEND, subject="楽天トラベルで行った海"),
}

WHOLESOME: dict[str, Posted] = (
    DOCUMENTS | ARCHIVES | LOCKS_AND_DISKS | PAGES_AND_PICTURES | MAILS_AND_DATES | CODES_AND_PDFS
)
