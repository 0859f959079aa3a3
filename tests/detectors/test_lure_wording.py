"""Words that hurry the reader into doing something, in a brand's name."""

from __future__ import annotations

import time

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors.lure_wording import detect
from watcher.model import ClaimKind, Facet, Strength, Where

FLAGS = {
    "the parcel of 2015": mail(author="日本郵政 <a@b.example>", subject="番号123の下で小包の配達"),
    "an undelivered parcel": mail(author="ヤマト運輸 <a@b.example>", text="お荷物をお届けできませんでした。"),
    "a restricted account": mail(author="三井住友カード <a@b.example>", text="カードのご利用を一時的に制限しました。"),
    "an identity to confirm": mail(author="楽天カード <a@b.example>", subject="【重要】本人確認のお願い"),
    "a failed payment": mail(author="Amazon <a@b.example>", text="お支払いに失敗しました。"),
    "spaced letters": mail(author="楽天カード <a@b.example>", subject="本 人 確 認 の お 願 い"),
    "in English": mail(author="PayPal <a@b.example>", text="Your account has been limited."),
    "in German": mail(author="PayPal <a@b.example>", text="Ihr Konto wurde vorübergehend eingeschränkt."),
    "in Portuguese, unaccented": mail(author="Netflix <a@b.example>", text="Seu pagamento nao foi aprovado."),
    "in French": mail(author="Netflix <a@b.example>", subject="Votre abonnement arrive à échéance"),
    "in Dutch": mail(author="PayPal <a@b.example>", text="Bevestig uw gegevens om door te gaan."),
    "in Spanish": mail(author="Netflix <a@b.example>", text="Su suscripción ha sido suspendida."),
    "a role": mail(author="Mailbox Administrator <a@b.example>", subject="Your mailbox is almost full"),
    "a parcel of nobody's": mail(author="Pending Package <a@b.example>", text="Your parcel is being held at customs."),
    "the brand's address, failed": mail(
        author="Amazon <a@amazon.co.jp>", results="dkim=fail; dmarc=fail", subject="お支払いに失敗しました"
    ),
}
QUIET = {
    "the same words from nobody": mail(author="K <k@f.example>", text="お荷物をお届けできませんでした。"),
    "the same words, confirmed": mail(
        author="Amazon <a@amazon.co.jp>", results=passed("amazon.co.jp"), text="お支払いに失敗しました。"
    ),
    "in German, confirmed": mail(
        author="PayPal <a@paypal.com>", results=passed("paypal.com"), text="Ihr Konto wurde eingeschränkt."
    ),
    "a brand without such words": mail(author="Amazon <a@b.example>", text="ご注文ありがとうございます。"),
    "quoted words": mail(author="PayPal <a@b.example>", text="See below.\n\n> Your account has been limited.\n"),
    "a friend about a parcel": mail(author="K <k@f.example>", subject="Re: PayPal", text="Is your account limited?"),
    "words beyond the first 5,000": mail(
        author="PayPal <a@b.example>", text="So it is. " * 500 + "Your account has been limited."
    ),
    "a shop's greeting": mail(author="楽天 <a@b.example>", text="秋の新作が入荷しました。"),
    "a parcel on its way": mail(author="ヤマト運輸 <a@b.example>", text="お荷物は明日の午前中に届く予定です。"),
    "an English greeting": mail(author="PayPal <a@b.example>", text="Thank you for your order."),
    "a German greeting": mail(author="PayPal <a@b.example>", text="Ihre Zahlung ist eingegangen."),
    "a Portuguese greeting": mail(author="Netflix <a@b.example>", text="Recebemos seu pagamento. Obrigado!"),
    "a French greeting": mail(author="Netflix <a@b.example>", text="Votre commande a été expédiée ce matin."),
    "a Dutch greeting": mail(author="PayPal <a@b.example>", text="Bedankt voor uw bestelling!"),
    "a Spanish greeting": mail(author="Netflix <a@b.example>", text="Hemos recibido su pago. ¡Gracias!"),
    "a role without such words": mail(author="Mailbox Administrator <a@b.example>", text="The office moves on Monday."),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """The lure is named, and weighs next to nothing."""
    evidence = list(detect(row()))

    assert evidence
    assert {(fact.strength, fact.facet) for fact in evidence} == {(Strength.WEAK, Facet.WORDING)}


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """No lure, or nobody's name on it."""
    assert list(detect(row())) == []


def test_a_kind_is_told_once() -> None:
    """However often a lure is repeated there is one piece of evidence a kind, the subject's before the text's."""
    text = "Your account has been suspended. Your account is locked. Your last payment was declined. " * 20
    evidence = list(detect(mail(author="PayPal <a@b.example>", subject="Account suspended!", text=text)()))

    assert [(fact.where, fact.quote) for fact in evidence] == [
        (Where.SUBJECT, "Account suspended"),
        (Where.BODY, "payment was declined"),
    ]


def test_a_role_is_the_claim() -> None:
    """The evidence speaks of the role in whose name the mail is sent."""
    evidence = next(detect(FLAGS["a role"]()))

    assert evidence.claim is not None
    assert evidence.claim.kind is ClaimKind.ROLE
    assert "a full mailbox" in evidence.text.en
    assert "メールボックス" in evidence.text.ja


def test_quotes_are_short_and_clean() -> None:
    """Invisible characters between the letters neither hide the words nor come along into the quote."""
    words = ("\u200b" * 9).join("Your account has been suspended")
    evidence = next(detect(mail(author="PayPal <a@b.example>", text=words)()))

    assert evidence.quote == "account has been suspended"


def test_the_longest_mail_is_looked_through_in_a_moment() -> None:
    """Of a mail of a million hostile characters no more is compared than the beginning."""
    inquiry = mail(author="PayPal <a@b.example>", subject="your account is " * 100, text="your parcel is " * 70_000)()
    next(detect(FLAGS["in English"]()))  # the patterns are made at the first use
    started = time.process_time()

    assert list(detect(inquiry)) == []
    assert time.process_time() - started < 0.5
