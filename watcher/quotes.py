"""Tells the sender's own words from those that are quoted or forwarded below them, in plain text."""

from __future__ import annotations

import re

# Each is what a mail program writes above what it quotes: Outlook, Gmail, Thunderbird, Apple Mail, and Japanese ones.
_BANNERS = (
    "original message|forwarded message|forwarded by .{0,80}|reply message|"
    "元のメッセージ|オリジナルメッセージ|転送メッセージ|転送メール|転送されたメッセージ|返信元メッセージ|"
    "urspr[üu]ngliche nachricht|weitergeleitete nachricht|message d['’]origine|message transf[ée]r[ée]|"
    "mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|mensagem original|"
    "mensagem encaminhada|oorspronkelijk bericht|doorgestuurd bericht|原始邮件|转发邮件|原始郵件|轉寄郵件"
)
_OPENINGS = (
    "begin forwarded message|anfang der weitergeleiteten nachricht|début du message (?:transféré|réexpédié)|"
    "inicio del mensaje reenviado|inizio messaggio inoltrato|転送されたメッセージ|転送されたメール"
)
_ATTRIBUTIONS = (
    r"(?:on|am|le|el|il|em|op|den)\s[^\n]{5,200}(?:\n[^\n]{0,120})?"
    r"(?:wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev)[^\n]{0,80}"
)
_JAPANESE_ATTRIBUTION = (
    r"\d{4}[年/.-]\s?\d{1,2}[月/.-]\s?\d{1,2}日?[^\n]{0,160}"
    r"(?:[<＜][^<>\s]{1,200}@[^<>\s]{1,200}[>＞][^\n]{0,20}|さん(?:は書きました|からのメッセージ|wrote))"
)
_FIELD = (
    "(?:from|sent|to|date|subject|差出人|送信者|送信日時|日時|宛先|件名|von|gesendet|an|de|envoyé|à|enviado|da|inviato)"
)
_ATTRIBUTION = rf"(?:{_ATTRIBUTIONS}|{_JAPANESE_ATTRIBUTION})[:：]"
# With "> " below it only those lines are quoted: whoever answers point by point writes between them.
_ANSWERED = re.compile(rf"^[ \t>]*+{_ATTRIBUTION}\s*\n(?=[ \t]*[>＞])", re.IGNORECASE | re.MULTILINE)
_MARKER = re.compile(
    rf"^[ \t]*+(?:-{{2,}}[ \t]*(?:{_BANNERS})[ \t]*-{{2,}}|(?:{_OPENINGS})[ \t]*[:：]|{_ATTRIBUTION}[ \t]*$"
    rf"|\*?{_FIELD}\*?[ \t]*[:：][^\n]{{1,300}}\n[ \t]*\*?{_FIELD}\*?[ \t]*[:：][^\n]{{0,300}}\n"
    rf"[ \t]*\*?{_FIELD}\*?[ \t]*[:：])",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED_LINES = re.compile(r"^[ \t]*+[>＞][^\n]*+\n?", re.MULTILINE)
_REPLY = re.compile(
    r"\s*(?:re|fw|fwd|aw|wg|tr|rv|sv|vs|antw|rif|enc|返信|転送|回复|转发)(?:\[\d+\])?\s*[:：]", re.IGNORECASE
)


def split_quotes(text: str) -> tuple[str, str]:
    """The sender's own words, and what is quoted: lines after ">", and all that follows a reply or forward marker."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if ">" in text or "＞" in text:
        text = _ANSWERED.sub(lambda found: "> " + found[0].strip().replace("\n", "\n> ") + "\n", text)
    marker = _MARKER.search(text)
    own, after = (text[: marker.start()], text[marker.start() :]) if marker else (text, "")
    if ">" not in own and "＞" not in own:
        return own.strip(), after.strip()
    quoted = "".join(_QUOTED_LINES.findall(own))
    return _QUOTED_LINES.sub("", own).strip(), (quoted + after).strip()


def is_reply(subject: str) -> bool:
    """Whether the subject says that the mail answers or forwards another."""
    return bool(_REPLY.match(subject))
