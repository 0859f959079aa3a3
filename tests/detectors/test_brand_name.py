"""The name of a brand on a mail that comes from somebody else's address."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.brands import BrandCatalogue
from watcher.brands.glyphs import Glyphs
from watcher.claims import find_claims
from watcher.detectors.brand_name import detect
from watcher.model import Brand, ClaimKind, Sentence, Strength

FLAGS = {
    "the post, from a foreign address": mail(author="日本郵便 <info@parcel.example>"),
    "its holding": mail(author="日本郵政 <yubin@parcel.example>"),
    "in Latin letters": mail(author="JAPAN POSTジャパン <post@parcel.example>"),
    "among other words": mail(author="【重要】三井住友カード会員様 <a@b.example>"),
    "a shop with its suffix": mail(author="Amazon.co.jp <account@update.example>"),
    "in full-width letters": mail(author="ＰａｙＰａｌ <service@pay.example>"),
    "with a pass on an address of its own": mail(author="えきねっと <a@b.example>", results=passed("b.example")),
    "only in the subject": mail(author="お知らせ <a@b.example>", subject="【楽天カード】ご利用確認"),
    "from a free mailbox": mail(author="Microsoft <security@gmail.com>"),
    "from an address without a dot": mail(author="メルカリ <saison>"),
    "an everyday word that is the whole name, and in the subject": mail(
        author="LINE <info@b.example>", subject="LINEの認証について"
    ),
    "an everyday word with words that leave it alone": mail(
        author="LINE公式アカウント <info@b.example>", subject="【LINE】重要なお知らせ"
    ),
    "an everyday word, from a free mailbox": mail(author="Ledger <team77@gmail.com>", subject="Your Ledger is at risk"),
    "a role": mail(author="Webmail Administrator <a@b.example>"),
    "a parcel service without a name": mail(author="Pending Package <a@b.example>"),
    "an organisation that is not known to write from anywhere": mail(author="Netto Marken-Discount <a@b.example>"),
}
QUIET = {
    "the post itself": mail(author="日本郵便 <info@post.japanpost.jp>"),
    "a host of the shop": mail(author="Amazon.co.jp <ship@bounces.amazon.co.jp>"),
    "a sister of the group": mail(author="楽天カード <info@mail.rakuten-card.co.jp>"),
    "a bank that names a card": mail(author="三井住友銀行 <info@smbc.co.jp>", subject="三井住友カードのご案内"),
    "somebody without any brand": mail(author="佐藤恵子 <keiko@friend.example>", subject="こんにちは"),
    "another bank, one character apart": mail(author="北國銀行 <info@hokkokubank.example>"),
    "another service, two letters apart": mail(author="PayPay <info@paypay.ne.jp>"),
    "a word that holds a name": mail(author="Amazonas Reisen <info@reisen.example>"),
    "a katakana word that holds a name": mail(author="アマゾネス <info@band.example>"),
    "a subject about a brand": mail(author="Keiko <keiko@friend.example>", subject="Amazonで見つけた本"),
    "a forwarded subject": mail(author="Keiko <keiko@friend.example>", subject="Fw: 【楽天カード】ご利用確認"),
    "a name only in a quoted reply": mail(
        author="Taro <taro@friend.example>", text="Thank you!\n\n> Your PayPal account has been limited\n"
    ),
    "an empty sender": mail(author=""),
    "an everyday word that is somebody's name": mail(author="Otto <otto@schmidt.example>", subject="Bilder"),
    "an everyday word that is a family name": mail(author="野村 健 <ken@office.example>", subject="打ち合わせ"),
    "an everyday word among others": mail(author="LINE友だち追加キャンペーン花屋みなと <info@hanaya.example>"),
    "an everyday word as a family name": mail(author="Ken Target-Smith <ken@friend.example>"),
    "an everyday word in the subject": mail(author="Keiko <keiko@friend.example>", subject="Orange or apple?"),
    "an everyday word that heads the subject": mail(
        author="花屋 <info@hanaya.example>", subject="【LINE】友だち募集中"
    ),
    "an everyday word of one's own domain": mail(author="Orange <contact@orange-fleurs.example>"),
    "a role in the own house": mail(
        author="情報システム部 <it@company.example>",
        to="taro@company.example",
        results=passed("company.example"),
        owner=("taro@company.example",),
    ),
    "a role within the house, without results": mail(
        author="ヘルプデスク <help@company.example>",
        received="from exch.company.example (exch.company.example [10.0.0.5])",
    ),
    "a role of a known organisation, confirmed": mail(
        author="Security Team <security@github.com>", results=passed("github.com")
    ),
    "a role in the subject": mail(author="Keiko <keiko@friend.example>", subject="Webmail Administrator gesucht"),
    "a role in the text": mail(author="Keiko <keiko@friend.example>", text="ヘルプデスクに聞いてみて。"),
    "the brand under its country's suffix, confirmed": mail(author="IKEA <info@ikea.se>", results=passed("ikea.se")),
    "a partner of the brand's, confirmed": mail(
        author="楽天カード <info@mail.rakuten-card.co.jp>",
        subject="【Amazon】でのご利用",
        results=passed("mail.rakuten-card.co.jp"),
    ),
    "a mailing service of the brand": mail(author="PayPal <survey@paypal-experience.com>"),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """The mail names a brand that it does not come from."""
    assert any(evidence.strength >= Strength.MEDIUM for evidence in detect(row()))


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """The mail is not accused of bearing somebody else's name."""
    assert [evidence for evidence in detect(row()) if evidence.strength >= Strength.MEDIUM] == []


def test_the_sentence_names_who_and_from_where() -> None:
    """The reader is told the name, the true address and the official one, in both languages."""
    (evidence,) = detect(FLAGS["the post, from a foreign address"]())

    assert evidence.text.ja == (
        "差出人は日本郵便を名乗っていますが、送信元は parcel.example です。日本郵便は post.japanpost.jp から送ります。"
    )
    assert evidence.text.en == (
        "The sender calls itself Japan Post but writes from parcel.example; Japan Post writes from post.japanpost.jp."
    )


def test_a_name_in_the_body_alone_weighs_little() -> None:
    """Friends write about brands too."""
    row = mail(author="Keiko <keiko@friend.example>", text="I found the book at Amazon.")

    assert [evidence.strength for evidence in detect(row())] == [Strength.WEAK]


@pytest.mark.parametrize(
    ("row", "strength"),
    [
        ("the post, from a foreign address", Strength.STRONG),
        ("an everyday word that is the whole name, and in the subject", Strength.MEDIUM),
        ("a role", Strength.MEDIUM),
        ("only in the subject", Strength.MEDIUM),
    ],
)
def test_how_much_a_name_weighs(row: str, strength: Strength) -> None:
    """Whom From names in full weighs more than a word that others bear, a role, and the head of a subject."""
    (evidence,) = detect(FLAGS[row]())

    assert evidence.strength is strength


def test_no_address_is_given_that_nobody_knows() -> None:
    """Of a brand whose senders no source tells, the reader is only told that this is not one of its addresses."""
    (evidence,) = detect(FLAGS["an organisation that is not known to write from anywhere"]())

    assert evidence.text.en == (
        "The sender calls itself Netto Marken-Discount but writes from b.example, "
        "which is not known as an address of Netto."
    )


def test_a_role_is_told_by_its_own_words() -> None:
    """The sentence quotes what the sender calls himself, since a role has no name."""
    (evidence,) = detect(FLAGS["a parcel service without a name"]())

    assert evidence.text.en == (
        "The sender calls itself “Pending Package”, but b.example is not known as an address of a parcel service."
    )


def test_a_listed_person_at_another_address() -> None:
    """A person of the user's own list is looked after like a brand."""
    hanako = Brand(
        "hanako",
        ClaimKind.CONTACT,
        Sentence("山田 花子", "Hanako Yamada"),
        ("山田 花子",),
        addresses=("h@firm.example",),
    )
    people = BrandCatalogue({"hanako": hanako}, (), Glyphs((), {}))

    def judged(author: str, results: str = "") -> list[Strength]:
        inquiry = mail(author=author, results=results)()
        context = replace(inquiry.context, catalogue=people)
        claims = find_claims(inquiry.message, people)
        return [fact.strength for fact in detect(replace(inquiry, claims=claims, context=context))]

    assert judged("山田 花子 <hanako@elsewhere.example>") == [Strength.STRONG]
    assert judged("山田 花子 <h@firm.example>") == []
