"""Words that are meant for something else than a reader's eye, and mails that have them in each of their fields."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.kit.inquiries import AT
from tests.kit.whole_way import case_of
from watcher.attachments.in_process import InProcess
from watcher.detectors import load
from watcher.model import Belief, Case, Catalogue, Context, Mail, Place
from watcher.parse import fingerprint, split
from watcher.pipeline import Examiner

SEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
"""What no line that leaves the program may hold; a line may end."""

POISONS = {
    "colours": "a\x1b[31;5mb\x1b[2J\x1b[H",
    "8-bit CSI": "a\x9b31mb\x9d8;;http://x\x9c",
    "title": "a\x1b]0;owned\x07b",
    "hyperlink": "a\x1b]8;;http://x.example\x1b\\b",
    "clipboard": "a\x1b]52;c;cm0gLXJm\x07b",
    "device": "a\x1bP$q\x1b\\\x05b",
    "bells": "a\x07\x08\x7fb",
    "override": "a\u202eexe.fdp\u202cb",
    "isolates": "a\u2066b\u2069\u2067c\u061cd\u200e",
    "zero width": "a\u200bb\u200dc\u2060d\ufeffe\xadf",
    "tags": "a\U000e0041\U000e0042\U000e007fb",
    "selectors": "a\ufe0fb\U000e0100c",
    "line feed": "a\nb\n- c",
    "carriage return": "a\rb\r\nc",
    "separators": "a\x85b\u2028c\u2029d\x0be\x0cf",
    "nul": "a\x00b",
    "markup": "<b>a</b><img src=http://x.example/i onerror=x>&amp;",
    "script": "</style><script>x</script>",
    "formats": "%s %n %(a)s {0} {a.b} {{7*7}} $(x) `x` ${x}",
    "quotes": "'\"; DROP TABLE cases; --",
    "option": "--help",
    "path": "../../../../etc/passwd\\..\\a",
    "long": "a" * 5_000,
    "flood": "a" + "\u0301\u0327" * 2_000,
    "brackets": "」」「{」<\">'",
    "priority": "<7>a\n<0>b",
}

_FIELDS = {
    "name": 'From: "{}" <info@parcel.example>',
    "local": "From: 日本郵便 <{}@parcel.example>",
    "domain": "From: 日本郵便 <info@{}.example>",
    "subject": "Subject: 再配達 {}",
    "message-id": "Message-ID: <{}@a.example>",
    "date": "Date: {}",
    "reply-to": "Reply-To: {} <a@{}.example>",
    "list-id": "List-Id: {} <{}>",
    "results": "Authentication-Results: {}; spf=fail smtp.mailfrom={}; dkim=fail header.d={}",
    "received": "Received: from {} ({} [192.0.2.1]) by {}; x",
    "charset": "Content-Type: text/plain; charset={}",
    "encoding": "Content-Transfer-Encoding: {}",
}
_USUAL = {
    "from": "From: 日本郵便 <info@parcel.example>",
    "subject": "Subject: 再配達のお知らせ",
    "date": "Date: Tue, 24 Nov 2026 18:00:00 +0900",
}
_PAGE = '<p>{0}</p><a href="http://a.example/{0}">https://www.post.japanpost.jp/{0}</a><a href="http://{0}/">{0}</a>'
_TEXT = "お荷物をお届けできません。再配達の手続きをお願いします。 http://a.example/{0} {0}\r\n"

FIELDS = (*_FIELDS, "text", "page", "attachment", "type")
"""The places of a mail that are poisoned, one at a time."""


def letter(field: str, poison: str) -> bytes:
    """A mail that poses as 日本郵便, with the poison in one of its fields."""
    header = _USUAL | {"message-id": f"Message-ID: <{field}@a.example>"}
    if field in _FIELDS:
        line = _FIELDS[field].replace("{}", poison.replace("\n", "\n ").replace("\r\n ", "\r "))
        header[line.partition(":")[0].lower()] = line
    kind, named = ("a/" + poison, "a") if field == "type" else ("application/octet-stream", poison)
    text = _TEXT.replace("{0}", poison if field == "text" else "a")
    page = _PAGE.replace("{0}", poison if field == "page" else "a")
    body = f"\r\n{text}"
    if field not in {"charset", "encoding"}:
        body = (
            "Content-Type: multipart/mixed; boundary=x\r\n\r\n"
            f"--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
            f"--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}\r\n"
            f'--x\r\nContent-Type: {kind}; name="{named if field == "attachment" else "a"}.exe"\r\n\r\nMZ\r\n--x--\r\n'
        )
    return ("\r\n".join(header.values()) + "\r\n" + body).encode("utf-8", "surrogatepass")


class Judge:
    """Judges such mails, as `scan` does."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._examiner = Examiner(catalogue, load(), InProcess())
        self._catalogue = catalogue

    def case(self, raw: bytes, folder: str = "INBOX") -> Case:
        """The case that is made of a mail in a folder."""
        header, parts = split(raw)
        mail = Mail(Place("home", folder, 1, 1), fingerprint(header, len(raw), AT), len(raw), AT, (), header, parts)
        context = Context(self._catalogue, belief=Belief(topmost=True), acquainted=False)
        examination = self._examiner.examine(_Whole(), mail, context)  # type: ignore[arg-type]  # all that is asked of a Reader
        return replace(case_of(mail, examination), place=mail.place)


class _Whole:
    """Has nothing more to give than the mail holds."""

    def fill(self, mail: Mail, sections: object, limit: int) -> Mail:
        """The same mail."""
        del sections, limit
        return mail
