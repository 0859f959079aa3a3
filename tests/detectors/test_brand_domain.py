"""A brand's own address that nobody vouches for."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.brand_domain import detect

FLAGS = {
    "everything failed": mail(author="Amazon <a@amazon.co.jp>", results="spf=fail; dkim=fail; dmarc=fail"),
    "softfail and no signature": mail(
        author="三井住友カード <info@vpass.ne.jp>", results="spf=softfail smtp.mailfrom=vpass.ne.jp; dkim=none"
    ),
    "a pass of a stranger": mail(
        author="Amazon <a@amazon.co.jp>", results="spf=pass smtp.mailfrom=other.example; dkim=none; dmarc=fail"
    ),
    "a signature of a stranger": mail(
        author="日本郵便 <info@post.japanpost.jp>", results="dkim=pass header.d=other.example; dmarc=fail"
    ),
    "a list's header, but nobody vouches": mail(
        author="Amazon <a@amazon.co.jp>", results="spf=fail; dmarc=fail", headers=[("List-Id", "<x.y.example>")]
    ),
}
QUIET = {
    "confirmed": mail(author="Amazon <a@amazon.co.jp>", results=passed("amazon.co.jp")),
    "confirmed by its signature alone": mail(
        author="Amazon <a@amazon.co.jp>", results="spf=softfail; dkim=pass header.d=amazon.co.jp"
    ),
    "confirmed by a host below": mail(
        author="Amazon <a@amazon.co.jp>", results="spf=pass smtp.mailfrom=bounces.amazon.co.jp"
    ),
    "no results": mail(author="Amazon <a@amazon.co.jp>"),
    "results that could not tell": mail(author="Amazon <a@amazon.co.jp>", results="spf=temperror; dkim=none"),
    "results of a server that is not ours": mail(
        author="Amazon <a@amazon.co.jp>", headers=[("Authentication-Results", "mx.other.example; dmarc=fail")]
    ),
    "by way of a list that vouches": mail(
        author="Amazon <a@amazon.co.jp>",
        results="dkim=pass header.d=list.example; dmarc=fail",
        headers=[("List-Id", "<news.list.example>")],
    ),
    "a stranger": mail(author="Keiko <keiko@friend.example>", results="spf=fail; dmarc=fail"),
    "a domain with mailboxes for everybody": mail(
        author="太郎 <taro@docomo.ne.jp>", results="spf=softfail; dmarc=fail"
    ),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """The reader's server checked, and nobody vouches for the brand's address."""
    assert list(detect(row()))


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """The address is confirmed, not a brand's, or could not be checked."""
    assert list(detect(row())) == []
