"""A failed check of the sender, on a mail that poses as a brand."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.failed_authentication import detect

FLAGS = {
    "SPF failed": mail(author="Amazon <a@b.example>", results="spf=fail smtp.mailfrom=b.example"),
    "SPF failed softly": mail(author="日本郵便 <a@b.example>", results="spf=softfail; dkim=none"),
    "DMARC failed": mail(author="PayPal <a@b.example>", results="dmarc=fail header.from=b.example"),
}
QUIET = {
    "a pass": mail(author="Amazon <a@b.example>", results=passed("b.example")),
    "one of two passes": mail(author="Amazon <a@b.example>", results="spf=fail; dkim=pass header.d=b.example"),
    "no brand": mail(author="Keiko <keiko@friend.example>", results="spf=fail; dmarc=fail"),
    "a brand in the text only": mail(author="Keiko <a@b.example>", text="Amazonで買いました", results="spf=fail"),
    "a neutral result": mail(author="Amazon <a@b.example>", results="spf=neutral; dkim=none"),
    "no results": mail(author="Amazon <a@b.example>"),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """Not even the impostor's own address is confirmed."""
    assert list(detect(row()))


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """Nothing failed, or the mail poses as nobody."""
    assert list(detect(row())) == []
