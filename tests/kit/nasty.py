"""Mails that are built to take long: one for each place of the way where a careless program would lose its time.

Each is a head, something that is repeated until the mail is as large as is asked for, and a tail.
"""

from __future__ import annotations

from dataclasses import dataclass

_FROM = "From: 日本郵便 <info@parcel.example>\r\nSubject: 再配達のお知らせ\r\n".encode()
_PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
_HTML = b"Content-Type: text/html; charset=utf-8\r\n\r\n"
_MIXED = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"


@dataclass(frozen=True)
class Nasty:
    """One of them."""

    head: bytes
    unit: bytes
    tail: bytes = b""

    def raw(self, size: int) -> bytes:
        """The mail, no larger than `size` octets."""
        return self.head + self.unit * ((size - len(self.head) - len(self.tail)) // len(self.unit)) + self.tail


def _octets(words: str | bytes) -> bytes:
    return words.encode("utf-8", "surrogatepass") if isinstance(words, str) else words


def _field(name: str, unit: str | bytes, before: str = "", after: str = "") -> Nasty:
    """One header field that does not end."""
    tail = (
        _octets(after) + b"\r\n" + (b"" if name == "From" else _FROM) + _PLAIN + "再配達のお手続きが必要です".encode()
    )
    return Nasty(f"{name}: {before}".encode(), _octets(unit), tail)


def _text(unit: str | bytes, before: str | bytes = "", after: str | bytes = "") -> Nasty:
    """A plain text that does not end."""
    return Nasty(_FROM + _PLAIN + _octets(before), _octets(unit), _octets(after))


def _html(unit: str, before: str = "", after: str = "") -> Nasty:
    """A page that does not end."""
    return Nasty(_FROM + _HTML + before.encode(), unit.encode(), after.encode())


def _parts(unit: str | bytes, head: str = "") -> Nasty:
    """A multipart of which the parts do not end."""
    return Nasty(_FROM + _MIXED + head.encode(), _octets(unit))


HEADERS = {
    "nul": Nasty(b"", b"\x00"),
    "8-bit": Nasty(b"", bytes(range(256))),
    "line ends": Nasty(b"", b"\r\n"),
    "carriage returns": Nasty(b"", b"\r"),
    "no fields": Nasty(_FROM, b"a"),
    "a subject": _field("Subject", "a"),
    "a subject of brands": _field("Subject", "三井住友カード "),
    "a subject of spaced letters": _field("Subject", "三 井 住 友 カ ー ド "),
    "a subject of lookalikes": _field("Subject", "日本郵更三井往友Аmаzоn"),
    "a subject of marks": _field("Subject", "\u0301\u0327", "a"),
    "a subject of ligatures": _field("Subject", "\ufdfa"),
    "a subject of replies": _field("Subject", "Re: "),
    "fields": Nasty(_FROM, b"a: b\n"),
    "fields of nothing": Nasty(_FROM, b"a:\n"),
    "fields of structure": Nasty(_FROM, b"Content-Type: a\n"),
    "many Received": Nasty(_FROM, b"Received: from a (b [192.0.2.1]) by c; x\r\n"),
    "a Received": _field("Received", "from a.example (b.example [192.0.2.1]) "),
    "a Received of brackets": _field("Received", "[", "from "),
    "a Received of parentheses": _field("Received", "(", "from a "),
    "many results": Nasty(_FROM, b"Authentication-Results: mx.example; spf=pass smtp.mailfrom=a@b.example\r\n"),
    "results": _field("Authentication-Results", "; dkim=pass header.d=a.example", "mx.example"),
    "results of comments": _field("Authentication-Results", "((a) ", "mx.example; spf=pass "),
    "results of quotes": _field("Authentication-Results", '"\\', "mx.example; spf=pass "),
    "results of spaces": _field("Authentication-Results", " ", "mx.example; spf", "=x"),
    "many signatures": Nasty(_FROM, b"DKIM-Signature: v=1; d=a.example; s=b\r\n"),
    "many lists": Nasty(_FROM, b"List-Id: <a.example>\r\nReply-To: a@b.example\r\nReturn-Path: <a@b>\r\n"),
    "folds": Nasty(_FROM + b"Subject: a\n", b" \n"),
    "encoded words": _field("Subject", "=?utf-8?B?44GC?= "),
    "open words": _field("From", "=?utf-8?B?"),
    "encoded words in each": Nasty(_FROM, b'X: =?iso-2022-jp?Q?=1B$B$"?=\r\n'),
    "charsets": _field("Subject", "=?cp932?Q?=82=A0?= =?euc-jp?Q?=A4=A2?= "),
    "addresses": _field("From", "a <a@b.example>, "),
    "recipients": Nasty(_FROM, b"To: a <a@b.example>, b <b@c.example>\r\n"),
    "a crowd": _field("To", "Watanabe, Ken <a@b.example>, "),
    "quotes": _field("From", '"'),
    "escapes": _field("From", '\\"'),
    "comments": _field("From", "("),
    "comments in comments": _field("From", "(()", "(a "),
    "angles": _field("From", "<"),
    "at-signs": _field("From", "@"),
    "commas": _field("From", "a@ ,"),
    "colons": _field("From", ":", "a@b ", ";"),
    "groups": _field("From", "a:b;"),
    "dots": _field("From", "a.", "日本郵便 <a@", "example>"),
    "a name of brands": _field("From", "三井住友カード ", '"', '" <a@b.example>'),
    "a name of spaced letters": _field("From", "A m a z o n ", '"', '" <a@b.example>'),
    "a name of addresses": _field("From", "a@amazon.co.jp ", '"', '" <a@b.example>'),
    "a name of signs": _field("From", "Amazon-_=*#~|+/", '"', '" <a@b.example>'),
    "a name of fullwidth": _field("From", "Ａｍａｚｏｎ　", '"', '" <a@b.example>'),
    "a name of tags": _field("From", "A\U000e0041", '"', '" <a@b.example>'),
    "a local part": _field("From", "amazon-", "<", "@b.example>"),
    "a domain": _field("From", "amazon-support.", "<a@", "example>"),
    "parameters": _field("Content-Type", ";a=b", "text/plain"),
    "continued names": _field("Content-Type", ";name*1*=%20", "application/zip"),
    "a file name": _field("Content-Type", "請求書 .", "application/zip; name=", ".exe"),
    "a file name of dots": _field("Content-Type", " .", "application/zip; name=a", ".exe"),
    "a date": _field("Date", "1 "),
    "a boundary": _field("Content-Type", "-", "multipart/mixed; boundary="),
}

STRUCTURES = {
    "boundaries": _parts("--b\n"),
    "false boundaries": _parts("--bx\n"),
    "parts": _parts("--b\r\n\r\na\r\n"),
    "parts of headers": _parts("--b\r\nContent-Type: text/html; charset=utf-8; name*0*=a; name*1=b\r\n\r\na\r\n"),
    "attachments": _parts("--b\r\nContent-Type: application/zip; name=請求書.zip\r\n\r\nPK\r\n"),
    "programs": _parts("--b\r\nContent-Type: a/b; name=委託運送状.pdf .exe\r\n\r\nMZ\r\n"),
    "pictures": _parts("--b\r\nContent-Type: image/png; name=a.png\r\n\r\na\r\n"),
    "mails in it": _parts("--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@b\r\n\r\n"),
    "levels": Nasty(_FROM, b"Content-Type: multipart/x; boundary=b\r\n\r\n--b\r\n"),
    "levels that grow": Nasty(_FROM, b"Content-Type: multipart/alternative; boundary=bb\r\n\r\n--bb\n--b\n"),
    "alternatives": Nasty(
        _FROM + b"Content-Type: multipart/alternative; boundary=b\r\n\r\n",
        b"--b\r\nContent-Type: text/html\r\n\r\na\r\n",
    ),
    "texts": _parts(b"--b\r\n\r\n" + "三井住友カード\n".encode() * 40_000 + b"\r\n"),
    "pages": _parts(
        b"--b\r\nContent-Type: text/html\r\n\r\n" + b"<p>a<a href=http://a.example/>b</a>" * 7_000 + b"\r\n"
    ),
    "small pages": _parts(b"--b\r\nContent-Type: text/html\r\n\r\n" + b"<div style='color:red'>" * 1_000 + b"\r\n"),
    "small pages of formats": _parts(
        "--b\r\nContent-Type: text/html\r\n\r\n" + "".join(f"<font a={one}><p>" for one in range(700)) + "\r\n"
    ),
    "base64": Nasty(_FROM + b"Content-Transfer-Encoding: base64\r\n\r\n", b"A="),
    "quoted-printable": Nasty(_FROM + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n", b"=E3=81=82=\r\n"),
    "uuencode": Nasty(_FROM + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\n", b"!\n"),
    "uuencode that never begins": Nasty(_FROM + b"Content-Transfer-Encoding: x-uuencode\r\n\r\n", b"begin 644 "),
}

TEXTS = {
    "ASCII": _text("a"),
    "words": _text("verify your account "),
    "ideographs": _text("漢"),
    "brands": _text("三井住友カード"),
    "brands in lines": _text("Amazon\n日本郵便\n"),
    "lookalikes": _text("三井往友カ一ド "),
    "lures": _text("荷物 アカウント カード パスワード verify account "),
    "lures that begin": _text("account "),
    "lures of a letter": _text("利用"),
    "umlauts": _text("bestätigen "),
    "spaced letters": _text("ア カ ウ ン ト "),
    "dotted letters": _text("A·m·a·z·o·n·"),
    "spaces": _text(" ", "a", "b"),
    "tabs and spaces": _text(" \t", "\n"),
    "ideographic spaces": _text("\u3000"),
    "zero width": _text("\u200b", "A"),
    "tags": _text("\U000e0041", "A"),
    "marks": _text("\u0301", "a"),
    "marks of two classes": _text("\u0301\u0327", "a"),
    "marks beyond the BMP": _text("\U0001d165\U0001d16e", "a"),
    "jamo": _text("\u1100\u1161\u11a8"),
    "ligatures": _text("\ufdfa"),
    "half-width": _text("ｶﾞﾊﾟ"),
    "emoji": _text("\U0001f468\u200d\U0001f469\u200d"),
    "bidi": _text("\u202e\u2066\u2069"),
    "controls": _text("\x1b[31m\x07\x9b"),
    "escape sequences": Nasty(_FROM + b"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n", b"\x1b$B"),
    "undeclared escapes": Nasty(_FROM + b"\r\n", b"\x1b$B!!\x1b(B"),
    "raw 8-bit text": Nasty(_FROM + b"\r\n", b"\x82\xa0\xff"),
    "utf-7": Nasty(_FROM + b"Content-Type: text/plain; charset=utf-7\r\n\r\n", b"+MEI-"),
    "hz": Nasty(_FROM + b"Content-Type: text/plain; charset=hz-gb-2312\r\n\r\n", b"~{<:~}"),
    "utf-16": Nasty(_FROM + b"Content-Type: text/plain; charset=utf-16\r\n\r\n", b"a\x00"),
    "gb18030": Nasty(_FROM + b"Content-Type: text/plain; charset=gb18030\r\n\r\n", b"\x81\x30\x81\x30"),
    "URLs": _text("http://a "),
    "different URLs": _text("".join(f"http://{one:x}.example/{one:x} " for one in range(4_000))),
    "a URL": _text("a", "http://b.example/"),
    "a URL of its own": _text("http:"),
    "a URL of slashes": _text("/", "http:"),
    "hosts": _text("www."),
    "a host of another script": _text("日", "https://"),
    "redirectors": _text("https://www.google.com/url?q=https://www.google.com/url?q=https://a.example/ "),
    "redirectors in base64": _text("https://www.bing.com/ck/a?u=a1aHR0cHM6Ly9hLmV4YW1wbGUv "),
    "proofpoint": _text("https://urldefense.com/v3/__https://a.example/" + "_" * 3000 + " "),
    "parameters of URLs": _text("https://a.example/?" + "a=https%3A%2F%2Fb.example&" * 120 + " "),
    "numbers for hosts": _text("http://0x7f.1/ http://3232235777/ "),
    "Punycode": _text("http://xn--" + "a" * 50 + "-123.example/ "),
    "users": _text("http://www.amazon.co.jp@a.example/ "),
    "percents": _text("http://%61%6d%61%7a%6f%6e.example/ "),
    "addresses": _text("a@b.example "),
    "quoted lines": _text("> a\n"),
    "empty quoted lines": _text(">\n"),
    "full-width quotes": _text("＞"),
    "blanks before quotes": _text(" ", "\n", ">"),
    "markers": _text("On a\n"),
    "attributions": _text("On aaaaaaaa\nbbbb wrote"),
    "Japanese attributions": _text("2026年1月1日 <a@b "),
    "dates": _text("2026-01-01 <a@\n"),
    "dates without ends": _text("2026-01-01"),
    "forwarded by": _text("--forwarded by "),
    "dashes": _text("-"),
    "fields in it": _text("From: a\nTo: b\n"),
    "half a field": _text("from:\n"),
    "signatures": _text("-- \n"),
    "numbers": _text("1234567890 "),
    "passwords": _text("パスワード: "),
    "punctuation": _text("!?.。"),
    "underlines": _text("_"),
    "hash": _text("a1"),
    "at-signs": _text("@"),
    "at-signs and words": _text("a.b+c-", "", "@"),
}

PAGES = {
    "blocks": _html("<div>"),
    "bold": _html("<p><b>"),
    "formats": _html("<b><i><u><font>", "", "</p>a"),
    "tables": _html("<table><tr><td>"),
    "links": _html("<a href=http://a.example/>b</a>"),
    "open links": _html("<a href=http://a.example/>b"),
    "links in links": _html("<a href=http://a.example/><div>"),
    "areas": _html("<area href=http://a.example/ alt=b>"),
    "forms": _html("<form action=http://a.example/>"),
    "pictures": _html("<img src=a alt=b>"),
    "a link of pictures": _html("<img alt=amazon>", "<a href=http://a.example/>", "</a>"),
    "a link of words": _html("amazon.co.jp ", "<a href=http://a.example/>", "</a>"),
    "deceiving links": _html("<a href=http://a.example/>https://www.amazon.co.jp/</a> "),
    "lookalike links": _html("<a href=http://arnazon-login.example/>三井往友カード</a> "),
    "links of long words": _html("<a href=http://a.example/>" + "amazon " * 500 + "</a>"),
    "an attribute": _html("a", "<p title='", "'>"),
    "a URL": _html("a", "<a href='http://b.example/", "'>b</a>"),
    "attributes": _html(" a=b", "<p", ">"),
    "open attributes": _html(" a", "<p"),
    "equals": _html("=", "<p "),
    "known attributes": _html(" href", "<a"),
    "quotes": _html('"', "<a href="),
    "styles": _html("<p style='display:none;color:#fff;background:#fff'>a</p>"),
    "different styles": _html("".join(f"<p style='width:{one}px'>" for one in range(3000))),
    "long styles": _html("".join(f"<p style='{'a' * 4000}{one}'>" for one in range(60))),
    "long colours": _html("".join(f"<p style='color:rgba(a/{'0' * 4000}{one}'>" for one in range(60))),
    "long fonts": _html("".join(f"<p style='font-size:{'1' * 4000}{one}x'>" for one in range(60))),
    "a style": _html("a:b;", "<p style='", "'>a"),
    "a style of spaces": _html(" ", "<p style='a", ":b'>a"),
    "a style of letters": _html("a", "<p style='", "'>a"),
    "a colour": _html("(", "<p style='color:rgba(", "'>a"),
    "CSS": _html("p{a:b}", "<style>", "</style>a"),
    "open CSS": _html("p{", "<style>"),
    "open styles": _html("<style>"),
    "scripts": _html("<script>a</script>"),
    "open titles": _html("<title>a</title"),
    "comments": _html("<!--"),
    "a comment": _html("-", "<!--"),
    "comments with ends": _html("<!-- a -->b"),
    "declarations": _html("<!a "),
    "instructions": _html("<?"),
    "angles": _html("<"),
    "closing angles": _html(">"),
    "ends": _html("</div>"),
    "ends of others": _html("<p></b></a></i>"),
    "entities": _html("&amp;"),
    "open entities": _html("&amp"),
    "number entities": _html("&#x1F600;&#0;"),
    "long entities": _html("&CounterClockwiseContourIntegral;"),
    "letters in elements": _html("<b>a</b>", "", ""),
    "breaks": _html("a<br>"),
    "pre": _html("\n ", "<pre>"),
    "pre of spaces": _html(" ", "<pre>", "a"),
    "pre of returns": _html("&#13;", "<pre>", "a"),
    "citations": _html("<blockquote type=cite>"),
    "Gmail's citations": _html("<div class=gmail_quote>a</div>"),
    "classes": _html("a ", "<p class='", "'>b"),
    "SVG": _html("<svg><foreignObject><math>"),
    "templates": _html("<template>"),
    "selects": _html("<select><option>"),
    "framesets": _html("<frameset>"),
    "plain text": _html("<plaintext>a"),
    "bases": _html("<base href=http://a.example/>"),
    "hidden words": _html("<span hidden>a</span>三井住友カード"),
    "capitals": _html("<DIV STYLE='A:B'>"),
    "cells": _html("<td>a</td>"),
    "customs": _html("<a-b>"),
    "charsets": _html("<meta charset"),
}

NASTY = (
    {f"header: {name}": nasty for name, nasty in HEADERS.items()}
    | {f"structure: {name}": nasty for name, nasty in STRUCTURES.items()}
    | {f"text: {name}": nasty for name, nasty in TEXTS.items()}
    | {f"page: {name}": nasty for name, nasty in PAGES.items()}
)

LARGE = (
    "header: 8-bit",
    "header: carriage returns",
    "structure: pages",
    "structure: parts",
    "structure: small pages of formats",
    "structure: texts",
    "structure: uuencode",
    "structure: base64",
    "text: parameters of URLs",
    "text: quoted lines",
    "text: utf-7",
    "page: different styles",
)
"""Those that are sent at full size, too: what takes longest there."""
