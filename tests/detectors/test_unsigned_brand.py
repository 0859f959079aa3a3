"""A brand's own address without the signature that the brand's mail bears."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.unsigned_brand import detect
from watcher.model import Facet, Inquiry, Strength

CARD = "三井住友カード <info@vpass.ne.jp>"
SHOP = "Amazon.com <account-update@amazon.com>"


def signed(*domains: str) -> list[tuple[str, str]]:
    """Signatures that nobody verified."""
    return [("DKIM-Signature", f"v=1; a=rsa-sha256; c=relaxed; d={domain}; s=a; b=abc") for domain in domains]


def of_year(year: int, row: Row) -> Row:
    """The same mail, received in another year."""

    def inquire() -> Inquiry:
        inquiry = row()
        headers = tuple((name, value.replace(" 2026 ", f" {year} ")) for name, value in inquiry.message.headers)
        return replace(inquiry, message=replace(inquiry.message, headers=headers))

    return inquire


FLAGS = {
    "no signature": (mail(author=CARD), Strength.MEDIUM),
    "no signature, from a brand that signs everything": (mail(author=SHOP), Strength.STRONG),
    "a stranger's signature, from a brand that signs everything": (
        mail(author=SHOP, headers=signed("other.example")),
        Strength.STRONG,
    ),
    "the brand's domain as a host of another": (
        mail(author=SHOP, headers=signed("amazon.com.other.example")),
        Strength.STRONG,
    ),
    "a signature without a domain": (mail(author=SHOP, headers=[("DKIM-Signature", "v=1; b=abc")]), Strength.STRONG),
    "results that could not tell": (mail(author=CARD, results="spf=none; dkim=none; dmarc=none"), Strength.MEDIUM),
    "results of a server that is not the reader's": (
        mail(author=CARD, headers=[("Authentication-Results", "mx.other.example; dkim=pass header.d=vpass.ne.jp")]),
        Strength.MEDIUM,
    ),
    "behind Exchange": (mail(author=CARD, received="from x.example (192.0.2.9)"), Strength.MEDIUM),
    "in the year in which it became general": (of_year(2018, mail(author=CARD)), Strength.MEDIUM),
    "under another name": (mail(author="お知らせ <info@vpass.ne.jp>"), Strength.MEDIUM),
}
QUIET = {
    "the brand's own signature": mail(author=SHOP, headers=signed("amazon.com")),
    "its own below a mailing service's": mail(author=SHOP, headers=signed("amazonses.com", "amazon.com")),
    "its own under another suffix": mail(author=SHOP, headers=signed("amazon.co.jp")),
    "a host's of the brand's": mail(author=SHOP, headers=signed("bounces.amazon.com")),
    "any signature, from a brand of which nothing is promised": mail(author=CARD, headers=signed("service.example")),
    "confirmed": mail(author=SHOP, results=passed("amazon.com")),
    "confirmed by the envelope alone": mail(author=CARD, results="spf=pass smtp.mailfrom=vpass.ne.jp"),
    "failed, which is told elsewhere": mail(author=SHOP, results="spf=fail; dkim=none; dmarc=fail"),
    "by way of a list, which takes signatures off": mail(author=CARD, headers=[("List-Id", "<a.list.example>")]),
    "by way of a forwarder": mail(author=CARD, headers=[("X-Forwarded-To", "taro@example.jp")]),
    "exported without its transport headers": mail(author=CARD, received="by nobody"),
    "handed over within the house": mail(author=CARD, received="from gw.reader.example (gw.reader.example [10.0.0.2])"),
    "old mail, from before signing was general": of_year(2017, mail(author=CARD)),
    "very old mail of a brand that signs everything today": of_year(2009, mail(author=SHOP)),
    "a user of a brand's mailboxes": mail(author="太郎 <taro@docomo.ne.jp>"),
    "a user of a large provider": mail(author="Ken <ken@gmail.com>"),
    "a small firm": mail(author="花屋 <info@hanaya.example>"),
    "an impostor's own address": mail(author="Amazon <a@b.example>"),
    "an address below a host that looks like the brand's": mail(author="Amazon <a@amazon.co.jp.b.example>"),
    "nobody": mail(author=""),
}


@pytest.mark.parametrize(("row", "strength"), FLAGS.values(), ids=FLAGS)
def test_flags(row: Row, strength: Strength) -> None:
    """The signature is missing, which weighs most where the brand signs everything."""
    (evidence,) = detect(row())

    assert (evidence.facet, evidence.strength) == (Facet.AUTHENTICATION, strength)


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """There is a signature, or its absence means nothing."""
    assert list(detect(row())) == []
