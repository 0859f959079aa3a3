"""The mails that Watcher writes itself: a digest for the reader, and a complaint that he may send. Pure.

Both come as octets with CRLF, ready for APPEND or for a file; nothing here sends anything. A complaint is a draft
(`X-Unsent`, which Thunderbird and Outlook open for writing), and so has neither Date nor Message-ID: a mail is complete
when its author sends it (RFC 5322, 3.6.1), and the mail program writes both then.

Mail programs make links of what merely looks like one, so all words that come from a mail pass `_inert`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP
from gettext import NullTranslations

from watcher.model import Brand, Case, State
from watcher.report import author, reason
from watcher.text import clean
from watcher.words import translation

COUNCIL = "info@antiphishing.jp"
"""Where the Council of Anti-Phishing Japan (フィッシング対策協議会) takes reports from everybody.

Source: https://www.antiphishing.jp/registration.html, which asks for the mail to be forwarded, and shows the "@" as a
picture; in letters: https://scan.netsecurity.ne.jp/article/2011/03/18/26485.html. Both looked up on 24 November 2026.
"""

_NAME = "Watcher"

_MOST_NAMED = 50
"""Mails that a digest names; the others are counted."""
_LONGEST_REASON = 240
_LONGEST_LINE = 998
"""Octets of a line without CRLF (RFC 5322, 2.1.1)."""

_SPEC = re.compile(r"[^\s@<>,;:\"()]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_LIVE = re.compile(r"[@＠]|[.．｡․](?=\w)|:/*(?=\S)|//+|\\(?=\\)")
"""Of what programs make links: addresses, hosts, schemes with and without slashes, Windows shares."""
_UNSAFE = re.compile(rb"[\x00\x80-\xff]|\r(?!\n)|(?<!\r)\n|^[^\r\n]{%d}" % (_LONGEST_LINE + 1), re.MULTILINE)
"""What does not survive as it is in a mail that is 7bit (RFC 2045, 2.7)."""


def digest(cases: Sequence[Case], owner: str, language: str, at: datetime, message_id: str) -> bytes:
    """What has been moved, as a mail from the reader to himself.

    Args:
        cases: at least one, in any order.
        owner: his addr-spec.
        language: "ja" or "en".
        at: now; times are told in its time zone.
        message_id: for this mail, without angle brackets.
    """
    words = translation(language)
    mail = _mail(words.ngettext("Watcher: %d suspicious mail", "Watcher: %d suspicious mails", len(cases)) % len(cases))
    mail["From"] = _mailbox(owner, _NAME)
    mail["To"] = _mailbox(owner, _NAME)
    mail["Date"] = at
    mail["Message-ID"] = f"<{message_id}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834, 5: nothing answers it
    mail.set_content("\n".join(_digest_lines(cases, language, at)), cte="8bit")  # not sent, only put in: IMAP takes it
    return mail.as_bytes()


def complaint(original: bytes, case: Case, sender: str, recipient: str) -> bytes:
    """A draft by which the reader tells of a mail that poses as somebody else, with that mail in it, octet by octet.

    Args:
        original: the mail.
        case: what was found about it.
        sender: the reader's addr-spec; where it is empty his mail program fills it in.
        recipient: whom to tell, see `recipient`: in Japanese at an address in Japan, otherwise in English.
    """
    language = "ja" if recipient.lower().endswith(".jp") else "en"
    _ = translation(language).gettext
    mail = _mail(_("Report of a phishing mail"))
    if sender:
        mail["From"] = _mailbox(sender)
    mail["To"] = _mailbox(recipient)
    mail["X-Unsent"] = "1"
    text = EmailMessage(SMTP)
    text.set_content("\n".join(_complaint_lines(case, language)), cte="base64")
    del text["MIME-Version"]
    return _join(mail, text.as_bytes(), _attachment(original, case.id))


def recipient(brand: Brand | None) -> str:
    """Whom to tell of a mail that poses as this brand: the brand where it takes such mail, otherwise `COUNCIL`."""
    return brand.report_to if brand and _SPEC.fullmatch(brand.report_to) else COUNCIL


# The words.


def _digest_lines(cases: Sequence[Case], language: str, at: datetime) -> list[str]:
    words = translation(language)
    newest = sorted(cases, key=lambda case: (case.date, case.id), reverse=True)
    intro = words.ngettext(
        "Watcher has put this mail aside, since it seems to pose as somebody else:",
        "Watcher has put these mails aside, since they seem to pose as somebody else (the newest come first):",
        len(cases),
    )
    lines = [intro]
    for case in newest[:_MOST_NAMED]:
        lines += ["", *_entry(case, language, at)]
    if more := len(newest) - len(newest[:_MOST_NAMED]):
        lines += ["", words.ngettext("and %d more", "and %d more", more) % more]
    return [*lines, "", "-" * 40, *_explanation(words)]


def _entry(case: Case, language: str, at: datetime) -> list[str]:
    """One mail: whom it names as its sender, why it was moved, when it came, and how to get it back."""
    _ = translation(language).gettext
    told = [_reason(case, language)]
    if case.state is State.COPIED:
        told.append(_("Only a copy was put aside: the mail itself still is in your inbox."))
    return [
        _inert(author(case)),
        *(f"  {sentence}" for sentence in told if sentence),
        "  " + _("Received: %s") % f"{case.date.astimezone(at.tzinfo):%Y-%m-%d %H:%M}",
        "  " + _("To put it back: %s") % f"watcher restore {case.id}",
    ]


def _explanation(words: NullTranslations) -> list[str]:
    _ = words.gettext
    return [
        _("To put a mail back, move it out of the folder in your mail program, or type the line that stands below it."),
        _("To see more: %s") % "watcher report",
        _("Watcher has put this mail here itself; nobody has sent it. No address in it can be clicked."),
    ]


def _complaint_lines(case: Case, language: str) -> list[str]:
    _ = translation(language).gettext
    why = _reason(case, language)
    return [
        _("I have received a mail that seems to pose as somebody else."),
        _("It is attached to this mail as it came, with its whole header."),
        "",
        _("Sender: %s") % _inert(author(case)),
        *([_("Reason: %s") % why] if why else []),
        "",
        _("It was found by Watcher, a program that looks for such mail in one's own mailbox."),
    ]


def _reason(case: Case, language: str) -> str:
    return _inert(clean(reason(case, language), _LONGEST_REASON))


def _inert(words: str) -> str:
    """The words, written so that no mail program makes a link of them: https[://]a[.]example, b[at]a[.]example."""
    return _LIVE.sub(lambda live: "[at]" if live[0] in "@＠" else f"[{live[0]}]", words)


# The octets.


def _mail(subject: str) -> EmailMessage:
    mail = EmailMessage(SMTP)
    mail["Subject"] = subject
    return mail


def _mailbox(spec: str, name: str = "") -> Mailbox:
    local, _, domain = clean(spec, 320).rpartition("@")
    return Mailbox(name, local, domain)


def _attachment(original: bytes, number: int) -> bytes:
    """The part that holds the mail: as a mail where it can stand there as it is, otherwise as a file.

    A message/rfc822 must not be encoded (RFC 2046, 5.2.1), and whoever sends one that is not 7bit may write it anew.
    """
    if _UNSAFE.search(original):
        kind, encoding = "application/octet-stream", "base64"
        content = base64.encodebytes(original).replace(b"\n", b"\r\n")
    else:
        kind, encoding, content = "message/rfc822", "7bit", original
    fields = (
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n"
        f'Content-Disposition: attachment; filename="mail-{number}.eml"\r\n\r\n'
    )
    return fields.encode() + content


def _join(mail: EmailMessage, *parts: bytes) -> bytes:
    """The mail with these parts as they are: EmailMessage would parse an attached mail, and write it anew.

    The boundary is a digest of the parts, which stands in none of them, since nobody can write one into what it is of.
    """
    boundary = hashlib.sha256(b"".join(parts)).hexdigest().encode()
    fields = b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="%b"\r\n\r\n' % boundary
    body = b"".join(b"--%b\r\n%b\r\n" % (boundary, part) for part in parts)
    return mail.as_bytes().removesuffix(b"\r\n") + fields + body + b"--%b--\r\n" % boundary
