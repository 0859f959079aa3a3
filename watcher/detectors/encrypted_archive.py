"""A locked archive or document from a stranger, perhaps with its key beside it.

Sees:
    An attachment that is protected by a password, or holds files that are, in a mail that poses as an organisation; or
    from a sender whom the reader does not know, who writes the password into the same mail.

Why it matters:
    No filter can look inside, and with the key in the same mail the lock keeps nobody out but the filter. Emotet came
    this way for years, and the Japanese custom of locked archives (PPAP) gave it cover.

Example:
    From: NTT西日本 <a@fresh.example>, attached: 請求書.zip, 「解凍パスワード：5583」

Leaves alone:
    Senders whom the reader knows and running conversations, in which partners send locked archives every day;
    strangers who pose as nobody and send the password by itself. An archive in which a program can be told by its
    name is left to `program_attached`.

Sources:
    JPCERT/CC, マルウエア Emotet の感染再拡大に関する注意喚起, 2022; Sublime's rules for unsolicited senders; estimated
    at 1 to 3 % of wanted mail in Japan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from watcher.model import (
    Attachment,
    Evidence,
    Facet,
    Inquiry,
    Opened,
    Sentence,
    Strength,
    Trait,
    Where,
)
from watcher.posing import pose, posed_as_sender
from watcher.quotes import is_reply
from watcher.text import clean, fill, fold

LOCKED = Sentence(
    ja="添付ファイル「{file}」にはパスワードがかかっていて、安全かどうかを確かめることができません。",
    en="The attachment “{file}” is locked with a password, so that nobody can check whether it is safe.",
)
KEY_BESIDE = Sentence(
    ja="添付ファイル「{file}」にはパスワードがかかっていて、同じメールにそのパスワードが書かれています。ウイルス検査をすり抜ける手口です。",
    en="The attachment “{file}” is locked, and the same mail tells the password: a way to get past virus checks.",
)
_LONGEST = 8000
_WORDS = (
    r"(?:パスワード|パスコード|パスフレーズ|暗証番号|解凍(?:キー|コード|用)|密码|密碼|비밀번호"
    r"|(?<![a-z])(?:pw|pass|pwd|password|passcode|passphrase|kennwort|passwort|senha|mot de passe|contraseña|"
    r"wachtwoord)(?![a-z]))"
)
_SAYS = r"(?:[:=→]|は|\bis\b|\blautet\b|\bé\b|\best\b|\bes\b)"
_OPENING = r"[\"'“”「『【\[(<* ]{0,3}"
_BEHIND = r"(?:(?=[!-~]{0,39}\d)[!-~]{3,40}(?![!-~年月日時分])|[!-~]{3,40}[」』】]?$)"
"""A word with a digit in it, or the last one of its line: "will be sent separately" is none."""
_GIVEN = re.compile(rf"{_WORDS}[^:=→は]{{0,20}}?{_SAYS} ?{_OPENING}{_BEHIND}")
_ANNOUNCED = re.compile(rf"{_WORDS}[^!-~]{{0,20}}[:。]?$")
_KEY = re.compile(rf"{_OPENING}(?=[!-~]{{0,39}}\d)[!-~]{{3,40}}")


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """One fact for each locked attachment, unless sender and reader are in touch."""
    locked = [attachment for attachment in inquiry.message.attachments if _is_locked(attachment)]
    if not locked or inquiry.context.acquainted or _is_conversation(inquiry):
        return
    key = _gives_key(inquiry.message.text[:_LONGEST])
    posed = pose(inquiry)
    claim = posed or next((claim for _, claim in posed_as_sender(inquiry)), None)
    for attachment in locked if key or claim else ():
        yield Evidence(
            text=fill(KEY_BESIDE if key else LOCKED, file=attachment.filename),
            strength=Strength.STRONG if key and posed else Strength.MEDIUM,
            facet=Facet.ATTACHMENT,
            where=Where.ATTACHMENT,
            claim=claim,
            quote=clean(attachment.filename),
        )


def _is_locked(attachment: Attachment) -> bool:
    opening = attachment.opening
    if any(member.kind == "program" for member in opening.members):
        return False
    if opening.state is Opened.ENCRYPTED or any(member.encrypted for member in opening.members):
        return True
    return any(finding.trait is Trait.ENCRYPTED for finding in opening.findings)


def _is_conversation(inquiry: Inquiry) -> bool:
    """Whether the mail answers one, and quotes it below."""
    message = inquiry.message
    referring = message.header("in-reply-to") or message.header("references")
    return bool(referring and message.quoted) and is_reply(message.subject)


def _gives_key(text: str) -> bool:
    """Whether the text tells a password: behind such a word, or on the line below it."""
    lines = [line for line in (fold(line).text.strip() for line in text.splitlines()) if line]
    return any(
        _GIVEN.search(line) or (_ANNOUNCED.search(line) and _KEY.fullmatch(following))
        for line, following in pairwise([*lines, ""])
    )
