"""Links that do not lead to the brand in whose name the mail is sent."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.foreign_links import detect

AMAZON = "Amazon <a@b.example>"
FLAGS = {
    "all lead elsewhere": mail(author=AMAZON, html='<a href="https://x.example/">Log in</a>'),
    "a bare address in plain text": mail(author=AMAZON, text="https://x.example/login"),
    "shown as the brand's, leading elsewhere": mail(
        author=AMAZON,
        html='<a href="https://x.example/">https://www.amazon.co.jp/</a> <a href="https://amazon.co.jp/">Top</a>',
    ),
    "the same without a scheme": mail(author=AMAZON, html='<a href="https://x.example/">www.amazon.co.jp/ap</a>'),
    "the brand's address, unconfirmed": mail(
        author="三井住友カード <info@vpass.ne.jp>", html='<a href="https://x.example/">確認</a>'
    ),
    "the brand as a host of another": mail(author=AMAZON, text="https://amazon.co.jp.x.example/"),
    "the brand as a user name": mail(author=AMAZON, text="https://amazon.co.jp@x.example/"),
}
QUIET = {
    "a link to the brand": mail(author=AMAZON, html='<a href="https://www.amazon.co.jp/">Top</a>'),
    "no link": mail(author=AMAZON, text="Please call us."),
    "only an address to write to": mail(author=AMAZON, html='<a href="mailto:x@x.example">Write</a>'),
    "the brand's own, confirmed, by a counter": mail(
        author="Amazon <a@amazon.co.jp>",
        results=passed("amazon.co.jp"),
        html='<a href="https://click.counter.example/">https://www.amazon.co.jp/</a>',
    ),
    "a friend who tells of a find": mail(author="Keiko <k@friend.example>", text="Amazonより: https://x.example/"),
    "a newsletter's counter": mail(
        author="Shop <news@shop.example>", html='<a href="https://c.example/">www.shop.example</a>'
    ),
    "nobody's name": mail(author="Keiko <k@friend.example>", text="https://x.example/"),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """The links betray that the brand has nothing to do with it."""
    assert list(detect(row()))


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """The links fit the sender, or there is nobody whom they should fit."""
    assert list(detect(row())) == []
