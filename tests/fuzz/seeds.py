"""Sound mail to begin with: what the tests send anyway, and on request whatever lies in a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.mutate import LARGEST
from tests.kit.containers import FOREIGN
from tests.kit.deceiving_pages import DECEIVING
from tests.kit.documents import ole1
from tests.kit.inquiries import AT
from tests.kit.mails import NESTED, build
from tests.kit.poisoned import CARD, POISONED
from tests.kit.saved_pages import INNOCENT
from tests.kit.wholesome import WHOLESOME
from watcher.demo.mails import arriving, inbox

_LINKS = """<html><head><style>.a{display:none} p{font-size:0}</style><base href="https://a.example/"></head><body>
<div class=a>hidden</div><p>small</p><a href="https://amazon.co.jp.login.example/ap/signin?x=%41">https://amazon.co.jp/</a>
<blockquote>On Fri, 20 Nov 2026 <a href=http://xn--e1awd7f.example>a</a></blockquote><img src="cid:1">
<img src=//t.example/x><map><area href="http://203.0.113.7:8080/a@b"></map><form action="https://user:pw@c.example/%2e%2e/">
<table><tr><td bgcolor=#000>██<br>▀▄</td></tr></table><!--[if mso]><a href=x>b</a><![endif]--></body></html>"""
_RICH = (
    r"{\rtf1{\*\template https://a.example/b}{\object\objupdate{\*\objdata " + ole1("Package", b"MZ").hex() + "}}"
    r"{\field{\*\fldinst HYPERLINK \u104? \'68ttps://a.example}}\bin5 abcde}"
).encode()


def seeds(folder: Path | None = None) -> Sequence[bytes]:
    """The mails to damage, all of them of a size at which they are judged in a moment.

    Args:
        folder: more of them, in files `*.eml`; they are only read.
    """
    mails = [mail.octets for mail in (*inbox(AT), *arriving(AT))]
    mails += [
        NESTED,
        build(author="日本郵便 <a@b.example>", text="あ", html="<p>い", attachments=[("請求.zip", b"PK")]),
    ]
    mails += [mail.raw() for mail in (POISONED | WHOLESOME).values()]
    mails += [build(author=CARD, attachments=[(row.filename, row.build())]) for row in FOREIGN]
    mails += [build(author=CARD, html=page.content().decode(errors="replace")) for page in (*DECEIVING, *INNOCENT)]
    mails += [build(author=CARD, attachments=[(page.filename, page.content())]) for page in (*DECEIVING, *INNOCENT)]
    mails += [
        build(author=CARD, html=_LINKS),
        build(author=CARD, html=_LINKS, text="https://a.example/ ご確認ください"),
    ]
    mails += [build(author=CARD, html="<img src=cid:1>", attachments=[("明細.rtf", _RICH), ("a.doc", _RICH)])]
    if folder is not None:
        mails += [file.read_bytes() for file in sorted(folder.rglob("*.eml"))]
    return [mail for mail in mails if len(mail) <= LARGEST]
