"""Who poses as whom."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kit.inquiries import catalogue, mail, passed
from watcher import posing, presenting
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
    (claim,) = presenting.presented(inquire(**parts))

    assert (claim.brand, claim.where) == ("japan_post", where)


@pytest.mark.parametrize(
    ("author", "subject", "text", "where", "common"),
    [
        ("郵便局 <a@b.example>", "日本郵便", "", Where.FROM_NAME, False),
        ("山の上の小さな郵便局めぐり <a@b.example>", "日本郵便", "", Where.SUBJECT, False),
        ("郵便局 <a@b.example>", "x", "日本郵便です", Where.BODY, False),
        ("郵便局 <a@b.example>", "x", "", Where.FROM_NAME, True),
    ],
)
def test_an_everyday_word_means_the_brand_where_its_name_stands_too(
    author: str,
    subject: str,
    text: str,
    where: Where,
    common: bool,  # noqa: FBT001 - a table
) -> None:
    """郵便局 alone in From is only a post office; with 日本郵便 in the subject it is the company."""
    (claim,) = presenting.presented(inquire(author, subject=subject, text=text))

    assert (claim.where, claim.common) == (where, common)


def test_each_brand_is_presented_once() -> None:
    """A mail that names two brands presents two."""
    inquiry = inquire("Amazon <a@b.example>", subject="PayPal / Amazon")

    assert [claim.brand for claim in presenting.presented(inquiry)] == ["amazon", "paypal"]


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
        ({"author": "Google <x@gmail.com>", "results": passed("gmail.com")}, {"google": Where.FROM_NAME}),
        ({"author": "Apple ID <x@icloud.com>", "results": passed("icloud.com")}, {"apple": Where.FROM_NAME}),
        ({"author": "PayPal <a@amazon.co.jp>"}, {"paypal": Where.FROM_NAME}),
        ({"author": "PayPal <a@amazon.co.jp>", "results": FAILED + "amazon.co.jp"}, {"paypal": Where.FROM_NAME}),
        ({"author": "PayPal <a@amazon.co.jp>", "results": passed("amazon.co.jp")}, {}),
        ({"author": "Amazon PayPal <a@amazon.co.jp>"}, {}),
        ({"author": "楽天市場 <a@rakuten-card.co.jp>"}, {}),
        ({"author": "x <a@amazon.co.jp>", "subject": "PayPal"}, {}),
        ({"author": "IKEA <a@ikea.se>", "results": passed("ikea.se")}, {}),
        ({"author": "IKEA <a@ikea.se>"}, {"ikea": Where.FROM_NAME}),
        ({"author": "Orange <a@orange-fleurs.example>"}, {}),
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


@pytest.mark.parametrize(
    ("author", "subject", "results", "expected"),
    [
        ("日本郵便 <a@b.example>", "x", "", {"japan_post"}),
        ("日本郵便を語る会 <a@b.example>", "x", "", {"japan_post"}),
        ("LINE <a@b.example>", "x", "", set()),
        ("LINE <a@b.example>", "LINEのお知らせ", "", {"line"}),
        ("LINE公式 <a@b.example>", "【LINE】お知らせ", "", {"line"}),
        ("花屋みなとLINE担当の山田 <a@b.example>", "LINEのお知らせ", "", set()),
        ("Otto <a@schmidt.example>", "Bilder", "", set()),
        ("お知らせ <a@b.example>", "【LINE】お知らせ", "", set()),
        ("お知らせ <a@b.example>", "【日本郵便】お知らせ", "", {"japan_post"}),
        ("お知らせ <a@b.example>", "【重要】【日本郵便】お知らせ", "", {"japan_post"}),
        ("お知らせ <a@b.example>", "【日本郵便】お知らせ", passed("b.example"), {"japan_post"}),
        ("お知らせ <a@b.example>", "日本郵便 お知らせ", "", {"japan_post"}),
        ("お知らせ <a@b.example>", "【重要】日本郵便 お知らせ", "", {"japan_post"}),
        ("お知らせ <a@b.example>", "日本郵便 お知らせ", passed("b.example"), set()),
        ("お知らせ <a@b.example>", "日本郵便の切手", "", set()),
        ("お知らせ <a@b.example>", "日本郵便から届いた手紙", "", set()),
        ("お知らせ <a@b.example>", "Amazon's new plant", "", set()),
        ("お知らせ <a@b.example>", "Re: 【日本郵便】お知らせ", "", set()),
        ("お知らせ <a@b.example>", "切手と日本郵便", "", set()),
        ("お知らせ <japan.post@b.example>", "x", "", {"japan_post"}),
        ("けいこ <japan.post@b.example>", "x", "", set()),
        ("けいこ <a@b.example>", "【日本郵便】お知らせ", "", set()),
        ("taro <taro@b.example>", "【日本郵便】お知らせ", "", set()),
        ("qzpxk <a@b.example>", "【日本郵便】お知らせ", "", {"japan_post"}),
        ("notice.example <a@b.example>", "【日本郵便】お知らせ", "", {"japan_post"}),
        ("<a@b.example>", "【日本郵便】お知らせ", "", {"japan_post"}),
        ("お知らせ <a@b.example>", "[日本郵便連携 #12] お知らせ", "", set()),
        ("Webmail Administrator <a@b.example>", "x", "", {"mail_administrator"}),
        ("Webmail Administrator Handbook Publishing <a@b.example>", "x", "", {"mail_administrator"}),
        ("ヘルプデスク <a@b.example>", "x", "", {"mail_administrator"}),
        ("みなと大学ヘルプデスク体験記 <a@b.example>", "x", "", set()),
    ],
)
def test_where_a_mail_says_who_sends_it(author: str, subject: str, results: str, expected: set[str]) -> None:
    """A name in From or at the head of the subject gives the sender; an everyday word only where all speaks for it."""
    inquiry = inquire(author, subject=subject, results=results)

    assert {brand.id for brand, _ in posing.posed_as_sender(inquiry)} == expected


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("日本郵便 <a@b.example>", True),
        ("日本郵便サポートセンター <a@b.example>", True),
        ("日本郵便の切手を集める山田太郎の会 <a@b.example>", False),
        ("LINE <a@b.example>", True),
        ("LINE友だち追加は花屋みなと <a@b.example>", False),
    ],
)
def test_fills_name(author: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """A name is all that From says where only words like "support" stand beside it."""
    inquiry = inquire(author)
    claim = next(claim for claim in inquiry.claims if claim.brand in {"japan_post", "line"})

    assert presenting.fills_name(claim, inquiry) is expected


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
    assert posing.unproven(inquiry) == ()


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
        ("ikea", "ikea.se", passed("ikea.se"), True),
        ("ikea", "news.ikea.se", passed("ikea.se"), True),
        ("ikea", "ikea.se", "", False),
        ("ikea", "ikea.se", FAILED + "ikea.se", False),
        ("ikea", "ikea.top", passed("ikea.top"), False),
        ("ikea", "ikea.cn", passed("ikea.cn"), False),
        ("ikea", "ikea-sale.se", passed("ikea-sale.se"), False),
        ("netto", "netto-news.example", passed("netto-news.example"), False),
        ("leroy_merlin", "leroymerlin-mail.example", passed("leroymerlin-mail.example"), True),
        ("leroy_merlin", "leroymerlin-mail.example", "", False),
        ("amazon", "amazon-mail.example", passed("amazon-mail.example"), False),
        ("google", "gmail.com", passed("gmail.com"), False),
        ("docomo", "docomo.ne.jp", passed("docomo.ne.jp"), False),
        ("mail_administrator", "b.example", passed("b.example"), False),
        ("mail_administrator", "example.jp", passed("example.jp"), True),
        ("mail_administrator", "mail.example.jp", passed("example.jp"), True),
        ("mail_administrator", "example.jp", FAILED + "example.jp", False),
        ("mail_administrator", "github.com", passed("github.com"), True),
    ],
)
def test_speaks_for(brand: str, domain: str, results: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """A mailing service speaks for its brand unless it is forged; an innocent namesake only for itself."""
    inquiry = inquire(f"x <a@{domain}>", results=results)

    assert posing.speaks_for(catalogue().brand(brand), inquiry) is expected


@pytest.mark.parametrize(
    ("domain", "text", "expected"),
    [
        ("sendgrid.net", "https://www.paypal.com/", True),
        ("sendgrid.net", "https://www.paypal.com/ https://paypal-experience.com/", True),
        ("sendgrid.net", "https://www.paypal.com/ https://x.example/", False),
        ("sendgrid.net", "", False),
        ("b.example", "https://www.paypal.com/", False),
    ],
)
def test_a_mailing_service_speaks_for_the_brand_to_which_all_links_lead(
    domain: str,
    text: str,
    expected: bool,  # noqa: FBT001 - a table
) -> None:
    """Anybody can rent a mailing service, but only the brand gains by links to itself alone."""
    inquiry = inquire(f"PayPal <a@{domain}>", text=text)

    assert posing.speaks_for(catalogue().brand("paypal"), inquiry) is expected


def test_a_role_may_be_played_within_the_house() -> None:
    """What no machine from outside handed over comes from the reader's own people."""
    inside = inquire("ヘルプデスク <a@b.example>", received="from exch.b.example (exch.b.example [10.0.0.5])")
    outside = inquire("ヘルプデスク <a@b.example>")
    role = catalogue().brand("mail_administrator")

    assert (posing.speaks_for(role, inside), posing.speaks_for(role, outside)) == (True, False)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"owner": ("taro@company.example",)}, ("company.example",)),
        (
            {"owner": ("taro@company.example", "taro@home.example", "t@company.example")},
            ("company.example", "home.example"),
        ),
        ({"owner": ("taro@company.example",), "to": "staff@lists.example"}, ("company.example",)),
        ({"owner": ("taro@gmail.com", "taro@docomo.ne.jp", "taro@company.example")}, ("company.example",)),
        ({"owner": ("taro@gmail.com",), "to": "staff@lists.example"}, ()),
        ({"to": "taro@company.example, hanako@other.example"}, ("company.example", "other.example")),
        ({"to": "taro@gmail.com"}, ()),
        ({"to": ""}, ()),
    ],
)
def test_own_domains(parts: dict[str, Any], expected: tuple[str, ...]) -> None:
    """The reader's own domains are those of his addresses, or where they are not known, those that were written to."""
    assert posing.own_domains(inquire(**parts)) == expected


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
