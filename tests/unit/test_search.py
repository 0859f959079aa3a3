"""What the search takes for an address, and what it announces."""

from __future__ import annotations

import pytest

from watcher.discovery.found import Origin
from watcher.discovery.search import find, mail_address, questions
from watcher.errors import UserError

ADDRESSES = {
    "taro@example.jp": "taro@example.jp",
    "  taro@example.jp \n": "taro@example.jp",
    "Taro@EXAMPLE.jp": "Taro@example.jp",
    "taro@example.jp.": "taro@example.jp",
    "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ": "taro@example.jp",
    "taro@日本語。jp": "taro@xn--wgv71a119e.jp",
    "taro..x.@docomo.ne.jp": "taro..x.@docomo.ne.jp",
    "taro+mail=1@example.jp": "taro+mail=1@example.jp",
}

NO_ADDRESSES = [
    "",
    "taro",
    "@example.jp",
    "taro@",
    "taro@example",
    "taro@@example.jp",
    "taro yamada@example.jp",
    "太郎@example.jp",
    "<taro@example.jp>",
    "taro@exa mple.jp",
    "taro@exa_mple.jp",
    "taro@127.0.0.1",
    "taro@[127.0.0.1]",
    "taro@0x7f.1",
    "taro@example.jp/path",
    "taro@example..jp",
    "taro\x1b[31m@example.jp",
    "taro\n@example.jp",
    "x" * 300 + "@example.jp",
    "taro@" + "a" * 64 + ".jp",
]


@pytest.mark.parametrize(("words", "address"), ADDRESSES.items())
def test_an_address_is_understood(words: str, address: str) -> None:
    """An address is taken as people write it, full-width letters of a Japanese keyboard included."""
    assert mail_address(words) == address


@pytest.mark.parametrize("words", NO_ADDRESSES)
def test_what_is_no_address_is_refused(words: str) -> None:
    """Whatever is no mail address is refused in one clean sentence, before anybody is asked."""
    for ask in (mail_address, questions, lambda words: find(words, None)):
        with pytest.raises(UserError) as refusal:
            ask(words)
        (problem,) = refusal.value.problems
        assert problem.isprintable()
        assert problem.endswith(".")
        assert len(problem) < 220


def test_no_questions_where_the_table_knows() -> None:
    """Whoever is known for sure causes no question, so none is announced."""
    assert questions("taro@gmail.com") == ()


def test_questions_name_all_that_are_asked() -> None:
    """The user hears beforehand of everybody who is going to be asked, in the domain's own script."""
    asked = " ".join(questions("taro@日本語.jp"))

    assert all(f"{name}日本語.jp" in asked for name in ("autoconfig.", "imap.", "mail.", " "))
    assert "DNS" in asked
    assert "taro" not in asked


def test_questions_of_a_row_that_is_not_sure() -> None:
    """The server of a row that is to be tried is announced before the rest."""
    assert questions("taro@ocn.ne.jp")[0] == "imap.ocn.ne.jp: whether an IMAP server answers."
    assert len(questions("taro@ocn.ne.jp")) == 5


def test_without_a_network_nobody_is_asked() -> None:
    """The table is all there is as long as the user has not agreed to more."""
    (found,) = find("taro@aria.ocn.ne.jp", None)

    assert (found.host, found.user, found.origin) == ("imap.ocn.ne.jp", "taro@aria.ocn.ne.jp", Origin.TABLE)
    assert find("taro@example.test", None) == ()
