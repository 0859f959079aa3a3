"""Proof that a mail really comes from the brand whose address it bears."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.official_sender import detect
from watcher.model import Direction

FLAGS = {
    "DMARC passes": mail(author="Amazon <a@amazon.co.jp>", results="dmarc=pass header.from=amazon.co.jp"),
    "an aligned signature": mail(author="日本郵便 <a@post.japanpost.jp>", results="dkim=pass header.d=japanpost.jp"),
    "an aligned envelope": mail(author="PayPal <a@paypal.com>", results="spf=pass smtp.mailfrom=a@mail.paypal.com"),
    "all of them": mail(author="楽天 <a@rakuten.co.jp>", results=passed("rakuten.co.jp")),
    "a service that is known to send for it": mail(
        author="PayPal <a@paypal-experience.com>", results=passed("paypal-experience.com")
    ),
}
QUIET = {
    "such a service, for somebody else": mail(
        author="Keiko <a@paypal-experience.com>", results=passed("paypal-experience.com")
    ),
    "such a service, forged": mail(author="PayPal <a@paypal-experience.com>", results="spf=fail; dkim=none"),
    "a pass of a stranger's domain": mail(author="Amazon <a@amazon.co.jp>", results=passed("other.example")),
    "the impostor's own pass": mail(author="Amazon <a@update.example>", results=passed("update.example")),
    "no results": mail(author="Amazon <a@amazon.co.jp>"),
    "a signature that nobody checked": mail(
        author="Amazon <a@amazon.co.jp>", headers=[("DKIM-Signature", "v=1; d=amazon.co.jp; b=abc")]
    ),
    "a forged result below the server's own": mail(
        author="Amazon <a@amazon.co.jp>",
        results="dmarc=fail",
        headers=[("Authentication-Results", "mx.evil.example; dmarc=pass header.from=amazon.co.jp")],
    ),
    "a friend": mail(author="Keiko <keiko@friend.example>", results=passed("friend.example")),
    "a domain with mailboxes for everybody": mail(author="太郎 <taro@docomo.ne.jp>", results=passed("docomo.ne.jp")),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """The mail is proved genuine."""
    assert [evidence.direction for evidence in detect(row())] == [Direction.FOR]


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """Nothing proves that a brand sent this."""
    assert list(detect(row())) == []
