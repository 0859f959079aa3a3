"""Who poses as whom."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kit.inquiries import catalogue, mail, passed
from watcher import posing
from watcher.model import Inquiry, Where

FAILED = "spf=fail smtp.mailfrom=attacker.example; dkim=none; dmarc=fail header.from="


def inquire(author: str = "x <a@b.example>", **parts: Any) -> Inquiry:
    """A mail as the detectors are given it."""
    return mail(author=author, **({"subject": "x"} | parts))()


def posed(inquiry: Inquiry) -> dict[str, Where]:
    """The brands that the mail poses as, and where."""
    return {brand.id: claim.where for brand, claim in posing.posed(inquiry)}


# What a mail presents.


@pytest.mark.parametrize(
    ("parts", "where"),
    [
        ({"author": "日本郵便 <a@b.example>", "subject": "日本郵便", "text": "日本郵便"}, Where.FROM_NAME),
        ({"author": "x <japan.post@b.example>", "subject": "日本郵便"}, Where.FROM_ADDRESS),
        ({"subject": "日本郵便", "text": "日本郵便"}, Where.SUBJECT),
        ({"text": "日本郵便"}, Where.BODY),
    ],
)
def test_the_plainest_place_counts(parts: dict[str, str], where: Where) -> None:
    """Of several claims of one brand the one that a reader sees first is taken."""
    (claim,) = posing.presented(inquire(**parts))

    assert (claim.brand, claim.where) == ("japan_post", where)


def test_an_unmistakable_name_counts_before_an_everyday_word() -> None:
    """郵便局 in From is only a post office; 日本郵便 in the subject is the company."""
    (claim,) = posing.presented(inquire("郵便局 <a@b.example>", subject="日本郵便"))

    assert (claim.where, claim.common) == (Where.SUBJECT, False)


def test_each_brand_is_presented_once() -> None:
    """A mail that names two brands presents two."""
    inquiry = inquire("Amazon <a@b.example>", subject="PayPal / Amazon")

    assert [claim.brand for claim in posing.presented(inquiry)] == ["amazon", "paypal"]


# Who poses.


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"author": "日本郵便 <info@parcel.example>"}, {"japan_post": Where.FROM_NAME}),
        ({"author": "日本郵便 <info@post.japanpost.jp.parcel.example>"}, {"japan_post": Where.FROM_NAME}),
        ({"author": "日本郵便 <info@notjapanpost.jp>"}, {"japan_post": Where.FROM_NAME}),
        ({"author": "日本郵更 <info@parcel.example>"}, {"japan_post": Where.FROM_NAME}),
        ({"author": "日本郵便 <info@gmail.com>"}, {"japan_post": Where.FROM_NAME}),
        ({"author": "NTTドコモ <taro@docomo.ne.jp>"}, {"docomo": Where.FROM_NAME}),
        ({"text": "日本郵便です"}, {"japan_post": Where.BODY}),
        ({"author": "日本郵便 <info@post.japanpost.jp>"}, {}),
        ({"author": "日本郵便 <info@japanpost.jp>"}, {}),
        ({"author": "Amazon <a@amazon.co.jp>", "text": "お届けは日本郵便です"}, {}),
        ({"author": "NTTドコモ <info@info.docomo.ne.jp>"}, {}),
        ({"author": "Keiko <keiko@friend.example>"}, {}),
    ],
)
def test_posed(parts: dict[str, str], expected: dict[str, Where]) -> None:
    """Who presents a brand without bearing the address of any brand poses as it."""
    assert posed(inquire(**parts)) == expected


def test_to_write_about_a_brand_is_not_to_give_it_for_the_sender() -> None:
    """A brand that only the text or the middle of the subject names is not the one in whose name the mail is sent."""
    inquiry = inquire("日本郵便 <a@b.example>", text="Amazon からのお届け物です")

    assert {brand.id for brand, _ in posing.posed(inquiry)} == {"japan_post", "amazon"}
    assert {brand.id for brand, _ in posing.posed_as_sender(inquiry)} == {"japan_post"}


# Proof.


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"author": "日本郵便 <a@parcel.example>"}, ["japan_post"]),
        ({"author": "日本郵便 <a@parcel.example>", "results": passed("parcel.example")}, ["japan_post"]),
        ({"author": "日本郵便 <a@post.japanpost.jp>"}, ["japan_post"]),
        ({"author": "日本郵便 <a@post.japanpost.jp>", "results": FAILED + "post.japanpost.jp"}, ["japan_post"]),
        ({"author": "x <a@post.japanpost.jp>", "results": FAILED + "post.japanpost.jp"}, ["japan_post"]),
        ({"author": "日本郵便 <a@post.japanpost.jp>", "results": passed("post.japanpost.jp")}, []),
        ({"author": "NTTドコモ <a@docomo.ne.jp>", "results": passed("docomo.ne.jp")}, ["docomo"]),
        ({"author": "Taro <taro@docomo.ne.jp>"}, []),
        ({"author": "Keiko <a@friend.example>"}, []),
    ],
)
def test_unproven(parts: dict[str, str], expected: list[str]) -> None:
    """A mail is sent in a brand's name without proof when it poses, or when nobody vouches for the brand's address."""
    assert [brand.id for brand, _ in posing.unproven(inquire(**parts))] == expected


def test_a_forwarded_mail_is_not_asked_for_proof() -> None:
    """A mailing list breaks SPF and DKIM of genuine mail."""
    inquiry = inquire(
        "日本郵便 <a@post.japanpost.jp>",
        results="spf=pass smtp.mailfrom=list.example; dmarc=fail header.from=post.japanpost.jp",
        headers=[("List-Id", "<list.list.example>"), ("List-Post", "<mailto:list@list.example>")],
    )

    assert inquiry.authentication.forwarded
    assert list(posing.unproven(inquiry)) == []


# Owners.


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("post.japanpost.jp", {"japan_post"}),
        ("mail.amazon.co.jp", {"amazon"}),
        ("docomo.ne.jp", set()),
        ("info.docomo.ne.jp", {"docomo"}),
        ("gmail.com", set()),
        ("friend.example", set()),
    ],
)
def test_owners_of_author(domain: str, expected: set[str]) -> None:
    """A domain where anybody can have a mailbox is nobody's address, the hosts below it are the brand's."""
    owners = {brand.id for brand in posing.owners_of_author(inquire(f"x <a@{domain}>"))}

    assert owners >= expected
    assert bool(owners) is bool(expected)


@pytest.mark.parametrize(
    ("brand", "domain", "results", "expected"),
    [
        ("paypal", "paypal-experience.com", "", True),
        ("paypal", "mail.paypal-experience.com", passed("paypal-experience.com"), True),
        ("paypal", "paypal-experience.com", FAILED + "paypal-experience.com", False),
        ("paypal", "notpaypal-experience.com", "", False),
        ("paypal", "friend.example", "", False),
        ("dhl", "bdhllp.com", "", True),
        ("dhl", "bdhllp.com", FAILED + "bdhllp.com", True),
        ("dhl", "xbdhllp.com", "", False),
    ],
)
def test_speaks_for(brand: str, domain: str, results: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """A mailing service speaks for its brand unless it is forged; an innocent namesake only for itself."""
    inquiry = inquire(f"x <a@{domain}>", results=results)

    assert posing.speaks_for(catalogue().brand(brand), inquiry) is expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("paypal.com", True),
        ("www.paypal.com", True),
        ("paypal-experience.com", True),
        ("paypal.com.friend.example", False),
        ("notpaypal.com", False),
        ("amazon.co.jp", False),
        ("", False),
    ],
)
def test_is_own(host: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """A brand's own hosts are its domains, all below them, and its services."""
    assert posing.is_own(host, catalogue().brand("paypal"), inquire()) is expected


def test_official() -> None:
    """The first domain is the one to show."""
    brand = catalogue().brand("japan_post")

    assert posing.official(brand) == brand.domains[0]
