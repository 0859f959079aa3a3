"""Attachments by which a stranger in somebody's name means harm, as far as a test may hold them."""

from __future__ import annotations

import bz2
import gzip
import lzma

from pikepdf import String
from PIL import Image

from tests.kit import documents
from tests.kit.archives import (
    DISK,
    ELF,
    HTML,
    JPEG,
    OLE,
    PDF,
    PNG,
    PROGRAM,
    SHORTCUT,
    TEXT,
    Raw,
    balloon,
    crowd,
    nest_zip,
    pack_document,
    pack_raw_zip,
    pack_tar,
    pack_zip,
    tree,
)
from tests.kit.deceiving_pages import LOGIN
from tests.kit.mails import build
from tests.kit.pages import html, script, svg
from tests.kit.pdfs import Document, action, link_all, open_with
from tests.kit.pictures import draw_code, encode, put_on_page, type_halves
from tests.kit.posted import Posted, posted

CARD = "三井住友カード <info@fresh.example>"
BANK = "三菱UFJ銀行 <notice@fresh.example>"
MICROSOFT = "Microsoft <it@fresh.example>"
SIGN = "Docusign <sign@fresh.example>"
POST = "日本郵便 <info@parcel.example>"

LOCKED = pack_raw_zip([Raw("請求書.xlsx".encode("cp932"), b"?" * 40, 1)])
LOCKED_PROGRAM = pack_raw_zip([Raw("請求書.exe".encode("cp932"), b"?" * 40, 1)])
TWO_FACES = pack_raw_zip([Raw(b"a.exe", PROGRAM, directory_name=b"a.txt")])
MACROS = {"word/vbaProject.bin": OLE}
TEMPLATE = documents.relate(("attachedTemplate", "https://fresh.example/t.dotm", True))
LETTER = build(author="Hanako <hanako@parcel.example>", attachments=[("追跡.zip", pack_zip({"a.exe": PROGRAM}))])
LOADER = "https://login.fresh.example/card"


def _show(code: Image.Image) -> bytes:
    document = Document()
    return document.draw(document.picture(code)).save()


def _carry(name: str, content: bytes) -> bytes:
    document = Document()
    return document.name("/EmbeddedFiles", (name, document.file(name, content))).save()


PROGRAMS = {
    "the parcel slip": posted("日本郵便追跡.zip", pack_zip({"委託運送状.exe": PROGRAM}), POST),
    "in a folder": posted(
        "日本郵便追跡.zip", pack_zip({"委託運送状/": b"", "委託運送状/委託運送状.exe": PROGRAM}), POST
    ),
    "in an archive in it": posted("明細.zip", pack_zip({"a.zip": pack_zip({"明細.scr": PROGRAM})}), CARD),
    "five deep": posted("明細.zip", nest_zip(4, pack_zip({"a.exe": PROGRAM})), CARD),
    "under a harmless name": posted("明細.zip", pack_zip({"明細.pdf": PROGRAM}), CARD),
    "a script in an archive": posted("明細.zip", pack_zip({"明細.js": b"var a"}), CARD),
    "a script of Windows": posted("明細.zip", pack_zip({"明細.vbs": b"x = 1"}), BANK),
    "a script of its host": posted("invoice.zip", pack_zip({"invoice.wsf": b"<job/>"}), MICROSOFT),
    "a shortcut": posted("明細.zip", pack_zip({"明細.pdf.lnk": SHORTCUT}), BANK),
    "a page that is a program": posted("update.zip", pack_zip({"update.hta": HTML}), MICROSOFT),
    "a search that fetches": posted("doc.zip", pack_zip({"doc.search-ms": b"<x/>"}), SIGN),
    "a library that fetches": posted("doc.zip", pack_zip({"doc.library-ms": b"<x/>"}), SIGN),
    "a program itself": posted("明細.exe", PROGRAM, CARD),
    "a screen saver itself": posted("明細.scr", PROGRAM, CARD),
    "a program that says to be a picture": posted("card.jpg.exe", PROGRAM, CARD),
    "a program of Java": posted("viewer.jar", pack_zip({"A.class": b"\xca\xfe\xba\xbe"}), SIGN),
    "an installer": posted("update.msi", OLE, MICROSOFT),
    "an add-in": posted("明細.xll", PROGRAM, BANK),
    "a help file": posted("help.chm", b"ITSF\x03\0\0\0" + bytes(60), MICROSOFT),
    "a profile for a phone": posted("wifi.mobileconfig", b"<?xml version='1.0'?><plist/>", CARD),
    "a link of Windows": posted("追跡.url", b"[InternetShortcut]\r\n", POST),
    "a program for Linux": posted("update.tar", pack_tar({"update": ELF}), MICROSOFT),
    "in a tape": posted("明細.tar.gz", gzip.compress(pack_tar({"明細.exe": PROGRAM})), CARD),
    "in another tape": posted("明細.tar.xz", lzma.compress(pack_tar({"明細.exe": PROGRAM})), CARD),
    "packed alone": posted("明細.exe.bz2", bz2.compress(PROGRAM), CARD),
    "locked, but named": posted("請求書.zip", LOCKED_PROGRAM, CARD, text="パスワード: 1234"),
    "with two faces": posted("明細.zip", TWO_FACES, CARD),
    "cut off": posted("明細.zip", pack_zip({"a.exe": PROGRAM, "b.txt": TEXT})[:-40], CARD),
    "named in CP932": posted("明細.zip", pack_raw_zip([Raw("表示/明細.exe".encode("cp932"), PROGRAM)]), CARD),
    "behind a crowd": posted("明細.zip", lambda: crowd(5000), CARD),
    "in what says to be a document": posted("明細.doc", pack_zip({"明細.exe": PROGRAM}), CARD),
    "in a document": posted("明細.docx", pack_document({"word/a.exe": PROGRAM}), CARD),
    "in an attached mail": posted("mail.eml", LETTER, CARD),
    "behind two harmless ones": posted(
        "a.pdf", PDF, CARD, more=[("b.jpg", JPEG), ("明細.zip", pack_zip({"明細.exe": PROGRAM}))]
    ),
    "whatever the answer says": posted(
        "明細.zip",
        pack_zip({"明細.exe": PROGRAM}),
        CARD,
        subject="Re: 明細",
        headers=[("In-Reply-To", "<1@a.example>")],
    ),
}
"""Each of these decides alone."""

DISKS_AND_NAMES = {
    "a disc": posted("ご利用明細.iso", DISK, CARD),
    "a disk": posted("ご利用明細.img", DISK, CARD),
    "a virtual disk": posted("ご利用明細.vhd", b"conectix" + bytes(600), BANK),
    "a newer virtual disk": posted("ご利用明細.vhdx", b"vhdxfile" + bytes(600), BANK),
    "a disk for a Mac": posted("Invoice.dmg", bytes(600), MICROSOFT),
    "a disc in an archive": posted("明細.zip", pack_zip({"明細.iso": DISK}), CARD),
    "a disc under a harmless name": posted("明細.dat", DISK, CARD),
    "a page named like a document": posted("invoice.pdf.html", html("<p>x").encode(), SIGN),
    "a document turned round": posted("明細\u202etxt.pdf", PDF, CARD),
    "an ending out of sight": posted("明細" + "\u3000" * 40 + ".pdf", PDF, CARD),
}

LOCKS_AND_BOMBS = {
    "locked": posted("請求書.zip", LOCKED, CARD),
    "locked, with the key": posted("請求書.zip", LOCKED, CARD, text="解凍パスワードは 5583 です。"),
    "locked in a lock": posted("請求書.zip", pack_zip({"a.zip": LOCKED}), CARD),
    "damaged": posted("明細.zip", pack_zip({"a.pdf": PDF, "b.txt": TEXT})[:-30], CARD),
    "one that lies": posted("明細.zip", pack_raw_zip([Raw(b"a.pdf", PDF, directory_size=5000)]), CARD),
    "archives full of archives": posted("明細.zip", lambda: tree(4, 16), CARD),
    "zeros by the hundred million": posted("明細.zip", lambda: balloon(300 << 20), CARD),
    "sixty thousand files": posted("明細.zip", lambda: crowd(60_000), CARD),
    "a thousand deep": posted("明細.zip", lambda: nest_zip(1000, pack_zip({"a.pdf": PDF})), CARD),
    "a stream of zeros": posted("明細.csv.gz", lambda: gzip.compress(bytes(100 << 20), 1), CARD),
}

DOCUMENTS = {
    "a letter with macros": posted("明細.docm", documents.docx(MACROS), CARD),
    "the same by another name": posted("明細.docx", documents.docx(MACROS), CARD),
    "the same in an archive": posted("明細.zip", pack_zip({"明細.docm": documents.docx(MACROS)}), CARD),
    "a table with macros": posted("明細.xlsm", documents.xlsx({"xl/vbaProject.bin": OLE}), CARD),
    "an old table with a sheet of macros": posted("明細.xls", documents.xls(documents.sheet("M", 1)), CARD),
    "an old letter with macros": posted("明細.doc", documents.doc(more={"Macros/VBA/dir": b"\x01" + bytes(40)}), CARD),
    "slides with macros": posted("plan.pptm", documents.pptx({"ppt/vbaProject.bin": OLE}), MICROSOFT),
    "a letter that fetches": posted("明細.docx", documents.docx({"word/_rels/settings.xml.rels": TEMPLATE}), CARD),
    "a letter that calls": posted(
        "明細.docx",
        documents.docx({"word/document.xml": documents.write_text("", "begin", "DDEAUTO c:\\a.exe", "end")}),
        CARD,
    ),
    "a program in a note": posted("明細.one", documents.onenote([PROGRAM]), CARD),
    "a letter with a link": posted("明細.docx", documents.docx(None, ("hyperlink", LOADER, True)), CARD),
    "an invitation with a link": posted("invite.ics", f"BEGIN:VCALENDAR\r\nURL:{LOADER}\r\n".encode(), MICROSOFT),
}

PAGES = {
    "a sign-in page": posted("Voicemail.html", html(LOGIN).encode(), MICROSOFT),
    "a sign-in page in an archive": posted("明細.zip", pack_zip({"明細.html": html(LOGIN).encode()}), CARD),
    "a sign-in page in a drawing": posted("scan.svg", svg(f"<foreignObject>{LOGIN}</foreignObject>").encode(), SIGN),
    "a page that leads away": posted("doc.htm", html(script(f"location='{LOADER}'")).encode(), SIGN),
    "a drawing with a script": posted("scan.svg", svg(script("go()")).encode(), SIGN),
    "a page with a link": posted("明細.html", html(f"<a href='{LOADER}'>x</a>").encode(), CARD),
    "a page behind pictures": posted(
        "a.png", PNG, CARD, more=[("b.png", PNG), ("明細.html", html(LOGIN).encode())], text="明細をご確認ください。"
    ),
}

CODES_AND_PDFS = {
    "a code": posted(
        "qr.png", lambda: encode(draw_code(LOADER)), MICROSOFT, text="スマートフォンで読み取ってください。"
    ),
    "a code on a page": posted("notice.jpg", lambda: encode(put_on_page(draw_code(LOADER)), "JPEG"), CARD),
    "a code in an archive": posted("a.zip", lambda: pack_zip({"qr.gif": encode(draw_code(LOADER), "GIF")}), CARD),
    "a code typed in a text": posted(
        "code.html", lambda: html(f"<pre>{type_halves(text=LOADER)}</pre>").encode(), SIGN
    ),
    "a code in a PDF": posted("notice.pdf", lambda: _show(draw_code(LOADER)), MICROSOFT),
    "a code behind four pictures": posted(
        "1.png", PNG, CARD, more=[*((f"{n}.png", PNG) for n in range(2, 5)), ("5.png", encode(draw_code(LOADER)))]
    ),
    "a PDF with a link": posted("明細.pdf", lambda: link_all([LOADER]), CARD),
    "a PDF with a form": posted("明細.pdf", lambda: open_with(action("SubmitForm", F=String(LOADER))), CARD),
    "a PDF with a script": posted("明細.pdf", lambda: open_with(action("JavaScript", JS=String("go()"))), CARD),
    "a PDF that starts a program": posted("明細.pdf", lambda: open_with(action("Launch", F=String("cmd.exe"))), CARD),
    "a PDF with a program": posted("明細.pdf", lambda: _carry("update.exe", PROGRAM), CARD),
    "a locked PDF with the key": posted("明細.pdf", lambda: Document().encrypt("5583"), CARD, text="パスワード：5583"),
    "a locked PDF": posted("明細.pdf", lambda: Document().encrypt("5583"), CARD),
}

POISONED: dict[str, Posted] = PROGRAMS | DISKS_AND_NAMES | LOCKS_AND_BOMBS | DOCUMENTS | PAGES | CODES_AND_PDFS
