"""A stranger who poses as the reader's own mail domain, or as the reader himself.

Sees:
    The display name of From holds the reader's own mail domain or address while the mail comes from elsewhere; or From
    bears the reader's own address or domain, and the receiving server says that it is forged.

Why it matters:
    "example.jp Helpdesk" knows nothing of the reader but the address that it writes to. Mail from oneself, with one's
    own password in it, is the oldest blackmail.

Example:
    From: example.jp Helpdesk <no-reply@other.example>, to taro@example.jp

Leaves alone:
    Domains where everybody can have a mailbox (gmail.com), mailing lists, which write "… via", and all mail from the
    reader's own domain that nothing speaks against: notes to oneself are common (0.5 to 6 % of wanted mail).

Sources:
    rspamd SPOOF_DISPLAY_NAME (8 points for the recipient's own domain); measured 2026: From is To in 1.8 % of honeypot
    mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.domains import same_organisation
from watcher.model import Evidence, Facet, Inquiry, Result, Sentence, Strength, Where
from watcher.posing import own_domains
from watcher.text import clean, fill, fold

NAMED = Sentence(
    ja="差出人の名前にあなたのメールのドメイン {own} が使われていますが、送信元は {domain} です。",
    en="The sender's name holds your own mail domain {own}, but the mail comes from {domain}.",
)
FORGED = Sentence(
    ja="あなた自身のドメイン {own} から届いたように見えますが、偽物であることを受信サーバーが確認しました。",
    en="It seems to come from your own domain {own}, but your mail server found that forged.",
)


def detect(inquiry: Inquiry) -> Iterator[Evidence]:
    """The reader's own domain in a foreign mail's name, or forged in its address."""
    authentication, author = inquiry.authentication, inquiry.message.author
    if authentication.forwarded or _is_list(inquiry):
        return
    own = own_domains(inquiry)
    if any(same_organisation(author.domain, domain) for domain in own) or author.spec.lower() in inquiry.context.owner:
        if authentication.aligned is Result.FAIL and inquiry.context.owner:
            text = fill(FORGED, own=author.domain)
            yield Evidence(text, Strength.STRONG, Facet.AUTHENTICATION, Where.AUTHENTICATION, quote=clean(author.spec))
        return
    name = fold(author.name).text
    for domain in own:
        if domain in name and re.search(rf"(?<![\w.-]){re.escape(domain)}(?![\w-]|\.\w)", name):
            text = fill(NAMED, own=domain, domain=author.domain or author.spec)
            yield Evidence(text, Strength.STRONG, Facet.NAME, Where.FROM_NAME, quote=clean(author.name))
            return


def _is_list(inquiry: Inquiry) -> bool:
    """Whether a list writes itself into From (RFC 2919 and DMARC): "Sato (sato@example.jp) via staff"."""
    domain = inquiry.message.author.domain
    return bool(domain) and any(domain in value.lower() for value in inquiry.message.header("list-id"))
