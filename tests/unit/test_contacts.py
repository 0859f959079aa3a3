"""Whom a mail makes known, which names tell one person from others, and who is mistaken for whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.kit.inquiries import catalogue
from tests.kit.mails import build, read
from watcher import contacts
from watcher.app import look
from watcher.model import Acquaintance, Progress

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
YAMADA = Acquaintance("山田太郎", "hash-yamada", "hash-company", written_to=True, mails=3, first_at=NOON, last_at=NOON)
SHOP = Acquaintance("Shop", "hash-shop", "hash-shops", written_to=False, mails=2, first_at=NOON, last_at=NOON)


def likeness(name: str) -> str:
    """With the shipped table of glyphs."""
    return contacts.likeness(name, look())


# Which names tell.


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("山田太郎", "山田　太郎"),
        ("山田太郎", "山田太郎様"),
        ("山田太郎", "「山田太郎」"),
        ("山田太郎", "山田太郎 (営業部)"),
        ("山田太郎", "山田太郎【至急】"),
        ("ヤマダタロウ", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("Taro Yamada", "TARO YAMADA"),
        ("Taro Yamada", "Tаrо Yаmаdа"),
        ("Taro Yamada", "Taro\u200b Yamada"),
        ("Kornelia Inns", "Komelia Inns"),
    ],
)
def test_names_that_look_alike(one: str, other: str) -> None:
    """Spaces, case, width, titles, additions, unseen characters and lookalike letters make no other name."""
    assert likeness(one) == likeness(other) != ""


@pytest.mark.parametrize(("one", "other"), [("山田太郎", "山田次郎"), ("Taro Yamada", "Jiro Yamada")])
def test_names_that_differ(one: str, other: str) -> None:
    """Brothers are two persons."""
    assert likeness(one) != likeness(other)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "佐藤",
        "Michael",
        "J D",
        "taro@example.jp",
        "お客様センター",
        "カスタマーサポート",
        "総務部",
        "送信専用",
        "Customer Support Team",
        "no-reply",
        "(営業部)",
        "!!!",
    ],
)
def test_names_that_tell_nobody_from_others(name: str) -> None:
    """Roles, addresses, single words and family names are borne by too many."""
    assert likeness(name) == ""


@pytest.mark.parametrize("name", ["佐藤実", "林 修", "Taro Yamada", "株式会社青木工務店", "Dr. Anna Support-Meyer"])
def test_names_that_tell(name: str) -> None:
    """Whole names do, also short ones and those of firms."""
    assert likeness(name)


def test_a_name_of_any_length_is_looked_at_in_no_time() -> None:
    """What a sender can write costs no more than a name does."""
    for name in ("(" * 5000, "サポート" * 5000 + "x", "support" * 5000 + "x", "a " * 5000):
        contacts.likeness(name, look())


# Whom a mail makes known.


def test_everybody_in_to_and_cc_is_a_contact() -> None:
    """To and Cc count alike, the person himself and nonsense do not."""
    raw = build(
        to="Taro Yamada <Yamada@company.example>, Taro <TARO@example.jp>, nobody", headers=[("Cc", "a@b.example")]
    )

    found = list(contacts.recipients(read(raw), NOON, look(), ("taro@example.jp",)))

    assert [(each.address.spec, each.written_to) for each in found] == [
        ("Yamada@company.example", True),
        ("a@b.example", True),
    ]
    assert found[0].likeness == likeness("Taro Yamada")


@pytest.mark.parametrize(("value", "number"), [("auto-replied", 0), ("Auto-Generated", 0), ("no", 1)])
def test_what_a_machine_answered_was_written_to_nobody(value: str, number: int) -> None:
    """Whoever writes to somebody on holiday does not become his contact."""
    message = read(build(headers=[("Auto-Submitted", value)]))

    assert len(list(contacts.recipients(message, NOON, look()))) == number


# Who is known.


@pytest.mark.parametrize(
    ("known", "vouched", "filled", "expected"),
    [
        (None, True, False, None),
        (None, True, True, False),
        (None, False, True, False),
        (YAMADA, True, False, True),
        (YAMADA, False, True, None),
        (SHOP, True, True, None),
    ],
    ids=["unread", "stranger", "unproved stranger", "written to", "unproved", "first heard from today"],
)
def test_who_is_known(*, known: Acquaintance | None, vouched: bool, filled: bool, expected: bool | None) -> None:
    """Nobody is known without proof, and nobody a stranger before the mailbox was read."""
    assert contacts.acquainted(known, NOON, vouched=vouched, filled=filled) is expected


def test_who_has_merely_written_is_known_a_day_later() -> None:
    """A campaign that sends twice within a day is not its own witness."""
    known = [contacts.acquainted(SHOP, NOON + past, vouched=True, filled=True) for past in (DAY / 2, DAY)]

    assert known == [None, True]


def test_a_mailbox_is_read_when_all_its_folders_are() -> None:
    """Sent mail and every watched folder: with one left out nobody can be called a stranger."""
    sent = Progress("home", "Sent", 1, 9, 1, sent=True, done=True)
    inbox = Progress("home", "INBOX", 1, 9, 1, done=True)
    lists = Progress("home", "Lists", 1, 9, 5)

    assert contacts.is_filled([sent, inbox, lists], ["INBOX"])
    assert not contacts.is_filled([sent, inbox, lists], ["INBOX", "Lists"])
    assert not contacts.is_filled([inbox], ["INBOX"])
    assert not contacts.is_filled([sent], ["INBOX"])


# Who is mistaken for whom.


def namesake(*bearers: Acquaintance, address: str = "hash-other", domain: str = "") -> str:
    """With the shipped catalogue."""
    return contacts.namesake(bearers, address, domain, catalogue())


def named(name: str, address: str, *, written_to: bool = True) -> Acquaintance:
    """Somebody of that name."""
    return Acquaintance(name, address, "hash-elsewhere", written_to, 0, NOON, NOON)


def test_a_stranger_under_a_contacts_name() -> None:
    """The name is that of somebody written to, the address is not."""
    assert namesake(YAMADA) == "山田太郎"


def test_a_contact_has_his_own_name() -> None:
    """From his address, from any other address of his, and from his own domain where that is vouched for."""
    assert namesake(YAMADA, address="hash-yamada") == ""
    assert namesake(YAMADA, named("山田太郎", "hash-private"), address="hash-private") == ""
    assert namesake(YAMADA, domain="hash-company") == ""


def test_only_who_was_written_to_has_a_name_to_lose() -> None:
    """Whoever merely writes chooses his name himself, and could claim the real one's."""
    assert namesake(named("山田太郎", "hash-seen", written_to=False)) == ""
    assert namesake(YAMADA, named("山田太郎", "hash-other", written_to=False)) == "山田太郎"


def test_a_name_of_many_is_nobodys() -> None:
    """What four addresses bear is no person's name."""
    assert namesake(YAMADA, *(named("山田太郎", f"hash-{number}") for number in range(3))) == ""


def test_brands_are_no_persons() -> None:
    """Whoever wrote to Amazon's support is not told that Amazon bears a friend's name: other detectors know better."""
    assert namesake(named("日本郵便", "hash-post")) == ""


@pytest.mark.parametrize(("host", "private"), [("company.example", True), ("gmail.com", False), ("", False)])
def test_domains_where_everybody_can_have_a_mailbox(*, host: str, private: bool) -> None:
    """They make nobody a colleague."""
    assert contacts.is_private(host, catalogue()) is private
