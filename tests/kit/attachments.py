"""The table of attachments that every Opener is held to: what harms, what is innocent, what bursts."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import zipfile

from tests.kit.archives import (
    ELF,
    GIF,
    HTML,
    JPEG,
    OLE,
    PDF,
    PNG,
    PROGRAM,
    SHORTCUT,
    TEXT,
    WEBP,
    Raw,
    name_gzip,
    nest_zip,
    pack_document,
    pack_raw_zip,
    pack_tar,
    pack_zip,
    unicode_path,
)
from tests.kit.containers import BOMBS, FOREIGN
from tests.kit.samples import Sample, sample
from watcher.model import Opened

__all__ = ["BOMBS", "HARMFUL", "INNOCENT", "SAMPLES", "Sample", "sample"]


_E, _U = 1, 1 << 11
_JAPANESE = "お荷物のお届け/日本郵便.exe"

HARMFUL = (
    sample("invoice.exe", PROGRAM, "program"),
    sample("invoice.pdf", PROGRAM, "program"),
    sample("", PROGRAM, "program"),
    sample("photo.jpg", SHORTCUT, "program"),
    sample("readme", ELF, "program"),
    sample("invoice.js", b"var a = 1;", "program"),
    sample("picture.hta", GIF + HTML, "program"),
    sample("update.msi", OLE, "program"),
    sample("viewer.jar", lambda: pack_zip({"META-INF/MANIFEST.MF": b"", "A.class": b"\xca\xfe\xba\xbe"}), "program"),
    sample("wifi.mobileconfig", b"<?xml version='1.0'?><plist/>", "program"),
    sample("invoice.com", b"\xe9\0\0", "program"),
    sample("far.bin", b"MZ" + bytes(58) + struct.pack("<L", 9000) + bytes(8936) + b"PE\0\0", "program"),
    sample("parcel.zip", lambda: pack_zip({"invoice.exe": PROGRAM}), "archive", {"invoice.exe": "program"}),
    sample("parcel.doc", lambda: pack_zip({"invoice.exe": PROGRAM}), "document", {"invoice.exe": "program"}),
    sample("parcel.pdf", lambda: pack_zip({"a.scr": PROGRAM}), "document", {"a.scr": "program"}),
    sample("parcel", lambda: pack_zip({"a.scr": PROGRAM}), "archive", {"a.scr": "program"}),
    sample(
        "folder.zip",
        lambda: pack_zip({"a/": b"", "a/b/": b"", "a/b/c.exe": PROGRAM, "a/read me.txt": TEXT}),
        "archive",
        {"a/b/c.exe": "program", "a/read me.txt": "text"},
    ),
    sample("renamed.zip", lambda: pack_zip({"invoice.pdf": PROGRAM}), "archive", {"invoice.pdf": "program"}),
    sample(
        "far.zip",
        lambda: pack_zip({"a.dat": b"MZ" + bytes(58) + struct.pack("<L", 9000) + bytes(8936) + b"PE\0\0"}),
        "archive",
        {"a.dat": "program"},
    ),
    sample(
        "twice.zip",
        lambda: pack_zip({"in.zip": pack_zip({"x/a.exe": PROGRAM}), "b.txt": TEXT}),
        "archive",
        {"in.zip": "archive", "in.zip!x/a.exe": "program", "b.txt": "text"},
    ),
    sample(
        "unnamed.zip",
        lambda: pack_zip({"data.bin": pack_zip({"a.exe": PROGRAM})}),
        "archive",
        {"data.bin": "archive", "data.bin!a.exe": "program"},
    ),
    sample(
        "five.zip",
        lambda: nest_zip(4, pack_zip({"a.exe": PROGRAM})),
        "archive",
        {"!".join(["inner.zip"] * n): "archive" for n in range(1, 5)}
        | {"!".join(["inner.zip"] * 4 + ["a.exe"]): "program"},
    ),
    sample(
        "six.zip",
        lambda: nest_zip(5, pack_zip({"a.exe": PROGRAM})),
        "archive",
        {"!".join(["inner.zip"] * n): "archive" for n in range(1, 6)},
        Opened.TOO_LARGE,
    ),
    sample(
        "cp932.zip",
        lambda: pack_raw_zip([Raw(_JAPANESE.encode("cp932"), PROGRAM), Raw("表示ソ能.txt".encode("cp932"), TEXT)]),
        "archive",
        {_JAPANESE: "program", "表示ソ能.txt": "text"},
    ),
    sample(
        "eucjp.zip",
        lambda: pack_raw_zip([Raw(_JAPANESE.encode("euc_jp"), PROGRAM)]),
        "archive",
        {_JAPANESE: "program"},
    ),
    sample("utf8.zip", lambda: pack_raw_zip([Raw(_JAPANESE.encode(), PROGRAM)]), "archive", {_JAPANESE: "program"}),
    sample(
        "utf8 flag.zip",
        lambda: pack_raw_zip([Raw(_JAPANESE.encode(), PROGRAM, _U)]),
        "archive",
        {_JAPANESE: "program"},
    ),
    sample(
        "infozip.zip",
        lambda: pack_raw_zip([Raw(b"__.exe", PROGRAM, extra=unicode_path(b"__.exe", "請求.exe"))]),
        "archive",
        {"請求.exe": "program"},
    ),
    sample(
        "two names.zip",
        lambda: pack_raw_zip([Raw(b"a.js", TEXT, extra=unicode_path(b"a.js", "請求.txt"))]),
        "archive",
        {"請求.txt": "text", "a.js": "program"},
        Opened.BROKEN,
    ),
    sample(
        "backslash.zip",
        lambda: pack_raw_zip([Raw(b"..\\a\\"), Raw(b"..\\a\\b.exe", PROGRAM)]),
        "archive",
        {"a/b.exe": "program"},
    ),
    sample(
        "encrypted.zip",
        lambda: pack_raw_zip([Raw("請求書.exe".encode("cp932"), b"?" * 40, _E), Raw(b"read me.txt", TEXT)]),
        "archive",
        {"請求書.exe": "program", "read me.txt": "text"},
        Opened.ENCRYPTED,
    ),
    sample(
        "encrypted inside.zip",
        lambda: pack_zip({"in.zip": pack_raw_zip([Raw(b"a.js", b"?" * 40, _E)])}),
        "archive",
        {"in.zip": "archive", "in.zip!a.js": "program"},
        Opened.ENCRYPTED,
    ),
    sample(
        "two faces.zip",
        lambda: pack_raw_zip([Raw(b"a.exe", PROGRAM, directory_name=b"a.txt")]),
        "archive",
        {"a.txt": "text", "a.exe": "program"},
        Opened.BROKEN,
    ),
    Sample(
        "overlap.zip",  # refused by newer versions of zipfile, unpacked by others
        lambda: pack_raw_zip([Raw(b"a.zip", pack_zip({"a.exe": PROGRAM}), directory_size=5000)]),
        "archive",
        (("a.zip", "archive"), ("a.zip!a.exe", "program"), ("a.exe", "program")),
        Opened.BROKEN,
    ),
    sample(
        "one after the other.zip",
        lambda: pack_zip({"a.exe": PROGRAM}) + pack_zip({"b.txt": TEXT}),
        "archive",
        {"b.txt": "text", "a.exe": "program"},
        Opened.BROKEN,
    ),
    sample(
        "cut.zip",
        lambda: pack_zip({"in.zip": pack_zip({"a.exe": PROGRAM}), "b.pdf": PROGRAM, "c/": b""})[:-60],
        "archive",
        {"in.zip": "archive", "in.zip!a.exe": "program", "b.pdf": "program"},
        Opened.BROKEN,
    ),
    sample(
        "lying size.zip",
        lambda: pack_raw_zip([Raw(b"a.exe", PROGRAM, size=100)]),
        "archive",
        {"a.exe": "program"},
        Opened.BROKEN,
    ),
    sample(
        "other method.zip",
        lambda: pack_zip({"a.exe": PROGRAM}, zipfile.ZIP_LZMA),
        "archive",
        {"a.exe": "program"},
        Opened.BROKEN,
    ),
    sample("junk before.zip", lambda: b"junk" + pack_zip({"a.exe": PROGRAM}), "archive", {"a.exe": "program"}),
    sample(
        "macro.docx",
        lambda: pack_document({"word/embeddings/a.bin": PROGRAM}),
        "document",
        {"word/embeddings/a.bin": "program"},
    ),
    sample("parcel.gz", lambda: gzip.compress(PROGRAM), "archive", {"parcel": "program"}),
    sample("parcel.pdf.gz", lambda: name_gzip(b"a.exe", PROGRAM), "archive", {"a.exe": "program"}),
    sample(
        "parcel.tgz",
        lambda: gzip.compress(pack_tar({"x/a.exe": PROGRAM, "b.txt": TEXT})),
        "archive",
        {"parcel.tar": "archive", "parcel.tar!x/a.exe": "program", "parcel.tar!b.txt": "text"},
    ),
    sample("parcel.tar", lambda: pack_tar({"郵便.exe": PROGRAM}), "archive", {"郵便.exe": "program"}),
    sample("parcel.xz", lambda: lzma.compress(PROGRAM), "archive", {"parcel": "program"}),
    sample("parcel.bz2", lambda: bz2.compress(PROGRAM), "archive", {"parcel": "program"}),
)

INNOCENT = (
    sample("report.pdf", PDF, "document"),
    sample("report.v1.2.pdf", PDF, "document"),
    sample("report", b"\n" * 100 + PDF, "document"),
    sample("photo.JPG", JPEG, "picture"),
    sample("image001.png", PNG, "picture"),
    sample("animated", GIF, "picture"),
    sample("logo.webp", WEBP, "picture"),
    sample("IMG_0001.HEIC", b"\0\0\0\x18ftypheic" + bytes(20), "picture"),
    sample("clip.mp4", b"\0\0\0\x18ftypisom" + bytes(20), "media"),
    sample("notes.txt", b"MZ is the mark of a program; PE\0\0 does not stand where it should." + bytes(60), "text"),
    sample("MZ", b"MZ" + TEXT * 3, "text"),
    sample("notes", TEXT, "text"),
    sample("notes", "連絡事項".encode("cp932"), "text"),
    sample("notes", "連絡事項".encode("iso2022_jp"), "text"),
    sample("notes", "連絡事項".encode("utf-16"), "text"),
    sample("page", b"\xef\xbb\xbf <!-- saved --> " + HTML, "html"),
    sample("page.html", HTML, "html"),
    sample("invite.ics", b"BEGIN:VCALENDAR\r\n", "text"),
    sample("Your order at example.com", TEXT, "text"),
    sample("www.example.com", PDF, "document"),
    sample("smime.p7s", b"\x30\x82\x01\x02" + bytes(20), "text"),
    sample("old mail.eml", b"From: a@example.jp\r\n\r\nhello", "message"),
    sample("mail.msg", OLE, "message"),
    sample("old.doc", OLE, "document"),
    sample("new.doc", lambda: pack_document({"word/document.xml": b"<w/>"}), "document"),
    sample("letter.docx", lambda: pack_document({"word/document.xml": b"<w/>"}), "document"),
    sample("letter", lambda: pack_document({"word/document.xml": b"<w/>"}), "document"),
    sample(
        "table.xlsx",
        lambda: pack_document({"xl/workbook.xml": b"<w/>", "xl/media/image1.png": PNG, "xl/a.docx": pack_document({})}),
        "document",
    ),
    sample("text.odt", lambda: pack_zip({"mimetype": b"application/vnd.oasis.opendocument.text"}, 0), "document"),
    sample("book.epub", lambda: pack_zip({"mimetype": b"application/epub+zip", "a.xhtml": HTML}, 0), "document"),
    sample("unknown.xyz", bytes(range(256)), ""),
    sample("empty", b"", ""),
    sample("empty.zip", lambda: pack_zip({}), "archive"),
    sample(
        "2026.11.24.zip",
        lambda: pack_zip({"写真/IMG_1.jpg": JPEG, "写真/IMG_2.png": PNG}),
        "archive",
        {"写真/IMG_1.jpg": "picture", "写真/IMG_2.png": "picture"},
    ),
    sample(
        "議事録.zip",
        lambda: pack_raw_zip([Raw("議事録/第１回.pdf".encode("cp932"), PDF), Raw("ﾒﾓ.txt".encode("cp932"), TEXT)]),
        "archive",
        {"議事録/第１回.pdf": "document", "ﾒﾓ.txt": "text"},
    ),
    sample(
        "documents.zip",
        lambda: pack_zip({"a.docx": pack_document({"word/document.xml": b"<w/>"}), "b.pdf": PDF}),
        "archive",
        {"a.docx": "document", "b.pdf": "document"},
    ),
    sample(
        "source-1.2.tar.gz",
        lambda: gzip.compress(pack_tar({"s/setup.py": b"import os\n", "s/run.sh": b"#!/bin/sh\n", "s/a.c": b"int a;"})),
        "archive",
        {
            "source-1.2.tar": "archive",
            "source-1.2.tar!s/setup.py": "text",
            "source-1.2.tar!s/run.sh": "text",
            "source-1.2.tar!s/a.c": "text",
        },
    ),
    sample(
        "source.tar.xz",
        lambda: lzma.compress(pack_tar({"s/Makefile": b"all:\n\ttrue\n"})),
        "archive",
        {"source.tar": "archive", "source.tar!s/Makefile": "text"},
    ),
    sample(
        "backup.zip",
        lambda: pack_zip({"in.zip": pack_zip({"a.csv": b"1,2\n"}), "log.gz": gzip.compress(b"1\n2\n")}),
        "archive",
        {"in.zip": "archive", "in.zip!a.csv": "text", "log.gz": "archive", "log.gz!log": "text"},
    ),
    sample(
        "Müller.zip",
        lambda: pack_raw_zip([Raw("Übersicht für Müller.pdf".encode(), PDF)]),
        "archive",
        {"Übersicht für Müller.pdf": "document"},
    ),
    sample("zeros.zip", lambda: pack_zip({"a.bin": bytes(9 << 20)}), "archive", {"a.bin": ""}),
    sample("report.gz", lambda: name_gzip("集計.csv".encode(), b"1,2\n"), "archive", {"集計.csv": "text"}),
    sample(
        "dmarc.xml.gz", lambda: gzip.compress(b"<?xml version='1.0'?><feedback/>"), "archive", {"dmarc.xml": "text"}
    ),
)

SAMPLES = HARMFUL + INNOCENT + FOREIGN
