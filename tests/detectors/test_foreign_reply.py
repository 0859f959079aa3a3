"""Answers that go to somebody else than the mail says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.foreign_reply import detect
from watcher.model import Facet, Strength, Where

ACCOUNT = "Microsoft account team <no-reply@access.example>"
FRIEND = "Keiko <keiko@friend.example>"


def answered(author: str, address: str, **parts: Any) -> Row:
    """A mail whose Reply-To leads to an address."""
    return mail(author=author, headers=[("Reply-To", address)], **parts)


def button(author: str, address: str, **parts: Any) -> Row:
    """A mail with a button that writes to an address."""
    return mail(author=author, html=f'<a href="mailto:{address}?subject=Report">Report the user</a>', **parts)


FLAGS = {
    "a free mailbox in Reply-To": (answered(ACCOUNT, "report.user@gmail.com"), Where.REPLY_TO),
    "a button that writes to one": (button(ACCOUNT, "report.user@gmail.com"), Where.LINK),
    "a button that writes to several": (
        button(ACCOUNT, "no-reply@access.example,report.user@gmail.com"),
        Where.LINK,
    ),
    "a button with its address encoded": (button(ACCOUNT, "report.user%40gmail.com"), Where.LINK),
    "somebody else's address": (button(ACCOUNT, "report@other.example"), Where.LINK),
    "somebody else's address in Reply-To": (answered("三井住友カード <a@b.example>", "a@c.example"), Where.REPLY_TO),
    "the brand's forged address, answered at a free mailbox": (
        answered("三井住友カード <info@vpass.ne.jp>", "vpass@gmail.com", results="spf=fail; dmarc=fail"),
        Where.REPLY_TO,
    ),
    "a role that is answered at a free mailbox": (
        answered("Webmail Administrator <a@b.example>", "webmail.help@yahoo.com"),
        Where.REPLY_TO,
    ),
    "a brand at the head of the subject": (
        answered("info <a@b.example>", "abc@gmail.com", subject="【楽天カード】ご利用確認"),
        Where.REPLY_TO,
    ),
}
QUIET = {
    "the sender's own address": answered(ACCOUNT, "help@access.example"),
    "a host of the sender's": answered(ACCOUNT, "help@mail.access.example"),
    "the brand's own address": answered(ACCOUNT, "support@microsoft.com"),
    "the brand's own address on a button": button(ACCOUNT, "support@microsoft.com"),
    "no answer asked for": mail(author=ACCOUNT, text="report.user@gmail.com"),
    "a person who is answered at home": answered(FRIEND, "keiko.sato@gmail.com"),
    "a person who writes about a brand": answered(FRIEND, "keiko.sato@gmail.com", text="Microsoftの件です。"),
    "a form on a web site": answered(
        "お問い合わせフォーム <form@hosting.example>", "customer@gmail.com", subject="[お問い合わせ] 見積もり"
    ),
    "a ticket system": answered("みなと電器 <support@minato.zendesk.com>", "info@minato-denki.example"),
    "a newsletter that a mailing service sends": answered("手芸店 <news@mail.service.example>", "shugei@gmail.com"),
    "a contract by the service that signs, answered by its author": answered(
        "山本 誠 (Docusign経由) <dse@docusign.net>", "makoto@partner.example", results=passed("docusign.net")
    ),
    "a document that its service announces, answered by a friend": answered(
        "Keiko（Google ドライブ経由） <drive-shares-noreply@google.com>",
        "keiko@gmail.com",
        results=passed("google.com"),
    ),
    "the brand itself, confirmed": answered(
        "三井住友カード <info@vpass.ne.jp>", "enquete@research.example", results=passed("vpass.ne.jp")
    ),
    "a free mailbox that is answered at another": answered("Microsoft <msteam@gmail.com>", "msteam@yahoo.com"),
    "a role that is answered at its own firm": answered("ヘルプデスク <a@ticket.example>", "help@it-partner.example"),
    "the own help desk, confirmed": mail(
        author="情報システム部 <it@company.example>",
        to="taro@company.example",
        headers=[("Reply-To", "it.company@gmail.com")],
        results=passed("company.example"),
        owner=("taro@company.example",),
    ),
    "a mail link without an address": mail(author=ACCOUNT, html='<a href="mailto:?subject=Look">Tell a friend</a>'),
}


@pytest.mark.parametrize(("row", "where"), FLAGS.values(), ids=FLAGS)
def test_flags(row: Row, where: Where) -> None:
    """An answer would leave both the brand and the sender."""
    (evidence,) = detect(row())

    assert (evidence.facet, evidence.strength, evidence.where) == (Facet.LINK, Strength.MEDIUM, where)


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """An answer reaches whom it should, or the mail is in nobody's name."""
    assert list(detect(row())) == []


def test_the_sentence_names_the_address() -> None:
    """The reader is told where his answer would go."""
    row, _ = FLAGS["a button with its address encoded"]
    (evidence,) = detect(row())

    assert evidence.text.en == (
        "The mail calls itself Microsoft, but answers go to a mailbox that anybody can have (report.user@gmail.com)."
    )
    assert evidence.quote == "report.user@gmail.com"
