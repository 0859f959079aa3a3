"""Whom this person knows: what a mail tells of it, and what follows from what is kept of it.

An address is known when this person has written to it, or when mail from it came with an aligned pass. A contact is
somebody written to: only they have a name worth stealing, since who merely writes chooses his name himself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from watcher.domains import is_within
from watcher.model import Acquaintance, Address, Catalogue, Encounter, Message, Offer, Progress
from watcher.text import fold

Look = Callable[[str], str]
"""What words look like at a glance; see `brands.glyphs`."""

_SETTLED = timedelta(hours=24)
"""A first mail makes nobody known before a day is over: a campaign is not its own witness."""
_MOST_BEARERS = 3
"""A name that more addresses bear is that of a role, or of half a country: it tells nobody from others."""
_LONGEST_NAME = 200
_SHORTEST_CJK = 3
_SHORTEST_OTHER = 5
"""Letters of the shortest name that somebody could be known by: shorter ones are family names and nicknames."""

_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>")
_TITLE = re.compile(r"(?:様|さま|さん|先生|殿|氏)$")
_WORD = re.compile(r"[^\W_]+")
_ROLE = re.compile(
    r"(?:(?:お客さ?ま|お客様|カスタマー|サポート|センター|デスク|窓口|(?:お)?問い?合わ?せ|受付|担当(?:者|窓口)?|係|事務(?:局|所)?|運営|"
    r"管理(?:者|部|室)?|(?:会計|総務|人事|経理|営業|広報|採用|法務|情報|開発|企画|教務|学生)(?:部|課|室|係)?|配信|送信|専用|"
    r"自動|通知|お知らせ|メール|ニュース|マガジン|編集部|チーム|本部|支店|本社|無題|"
    r"accounts?|accounting|admin(?:istrator)?|alerts?|billing|careers?|cent(?:er|re)|contact|customers?|desk|do|emails?|"
    r"help(?:desk)?|hr|information|info|it|list|mail(?:er|ing)?|marketing|members?|news(?:letters?)?|no|not|"
    r"notifications?|office|orders?|postmaster|recruiting|repl(?:y|ies)|sales|services?|staff|support|system|team|the|"
    r"user|webmaster)[\W_]*)+"
)
"""Names of roles, and words that they are made of: the support of one shop is no namesake of another's."""


def recipients(message: Message, at: datetime, look: Look, owner: Sequence[str] = ()) -> Iterator[Encounter]:
    """Everybody to whom this person wrote a mail.

    An answer that a machine gave (RFC 3834) was written to nobody: it would make whoever asks for it a contact.

    Args:
        message: from the folder of sent mail; To, Cc and Auto-Submitted are read.
        at: INTERNALDATE.
        look: what words look like.
        owner: the person's own addresses, in lower case, which are no contacts.
    """
    if any(value.strip().lower() not in {"", "no"} for value in message.header("auto-submitted")):
        return
    for address in message.to:
        if address.domain and address.spec.lower() not in owner:
            yield Encounter(address, at, written_to=True, likeness=likeness(address.name, look))


def meet(author: Address, at: datetime, look: Look) -> Encounter:
    """Somebody who wrote; the caller has seen the aligned pass."""
    return Encounter(author, at, likeness=likeness(author.name, look))


def likeness(name: str, look: Look) -> str:
    """What a person's name looks like at a glance, however it is spaced; empty for one that tells nobody from others.

    Left out are titles, what stands in brackets, names of roles, addresses that stand for a name, and names that are
    too short or a single word: half a country is called 佐藤 or Michael.
    """
    folded = _BRACKETED.sub(" ", fold(name[:_LONGEST_NAME]).text).strip(" \"'“”「」")
    if "@" in folded or _ROLE.fullmatch(folded):
        return ""
    words = _WORD.findall(_TITLE.sub("", folded))
    letters = "".join(words)
    if any(unicodedata.east_asian_width(letter) == "W" for letter in letters):
        telling = len(letters) >= _SHORTEST_CJK or len(words) > 1
    else:
        telling = len(letters) >= _SHORTEST_OTHER and len(words) > 1
    return look(letters) if telling else ""


def acquainted(known: Acquaintance | None, at: datetime, *, vouched: bool, filled: bool) -> bool | None:
    """Whether the author of a mail is known; see `Context.acquainted`.

    Args:
        known: what is kept of the author's address.
        at: INTERNALDATE.
        vouched: whether the mail has an aligned pass.
        filled: whether the mailbox has been read, so that nothing kept means nothing known.
    """
    if known is None:
        return False if filled else None
    settled = known.written_to or (known.mails > 0 and known.first_at <= at - _SETTLED)
    return True if settled and vouched else None


def is_filled(progress: Sequence[Progress], folders: Sequence[str]) -> bool:
    """Whether a folder of sent mail and all these folders have been read as far back as they are going to be."""
    done = {each.folder for each in progress if each.done}
    return any(each.sent and each.done for each in progress) and done.issuperset(folders)


def namesake(bearers: Sequence[Acquaintance], address: str, domain: str, catalogue: Catalogue) -> str:
    """The name of the contact whom an author is mistaken for; empty where there is none.

    Args:
        bearers: whoever bears a name like the author's.
        address: pseudonym of the author's address.
        domain: pseudonym of the author's domain, where it is vouched for and private: who writes from a contact's own
            domain is a colleague. Empty elsewhere.
        catalogue: whose brands are no persons.
    """
    contacts = [bearer for bearer in bearers if bearer.written_to]
    if not contacts or len(bearers) > _MOST_BEARERS:
        return ""
    if any(contact.address == address or contact.domain == domain for contact in contacts):
        return ""
    name = contacts[0].name
    is_brand = any(mention.start == 0 and mention.end == len(name) for mention in catalogue.find(name))
    return "" if is_brand else name


def is_private(host: str, catalogue: Catalogue) -> bool:
    """Whether a domain is somebody's own, as far as is known, and not one where anybody can have a mailbox."""
    if not host or Offer.MAILBOX in catalogue.offers(host):
        return False
    return not any(is_within(host, domain) for brand in catalogue.owners(host) for domain in brand.public_mailboxes)
