"""What impostors write is known in seven languages, what others write is left alone, and it takes no time."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.lures import LANGUAGES, LURES, lures

GUILTY = {
    "parcel": (
        "お荷物をお届けできませんでした。",
        "Your parcel could not be delivered today.",
        "Ihr Päckchen konnte leider nicht zugestellt werden.",
        "Sua encomenda está retida na alfândega.",
        "Votre colis est en attente de livraison.",
        "Uw pakket wordt vastgehouden in ons depot.",
        "Su paquete no ha podido ser entregado.",
    ),
    "account": (
        "カードのご利用を一時的に制限しました。",
        "Your account has been temporarily suspended.",
        "Ihr Konto wurde vorübergehend eingeschränkt.",
        "Seu cartão foi bloqueado por segurança.",
        "Votre compte a été suspendu.",
        "Uw bankpas wordt binnenkort geblokkeerd.",
        "Su tarjeta ha sido bloqueada.",
    ),
    "identity": (
        "【重要】本人確認のお願い",
        "Please verify your identity within 24 hours.",
        "Bitte bestätigen Sie Ihre Kundendaten.",
        "Atualize seus dados cadastrais agora.",
        "Veuillez mettre à jour vos informations.",
        "Bevestig uw gegevens om door te gaan.",
        "Verifique su identidad hoy mismo.",
    ),
    "payment": (
        "お支払いに失敗しました。",
        "Your last payment was declined.",
        "Die Abbuchung ist fehlgeschlagen.",
        "Seu pagamento foi recusado.",
        "Votre prélèvement a échoué.",
        "Uw betaling is niet gelukt.",
        "Su pago ha sido rechazado.",
    ),
    "sign_in": (
        "第三者による不正なログインを検知しました。",
        "Unusual sign-in activity on your account",
        "Verdächtige Anmeldung festgestellt",
        "Detectamos uma atividade suspeita.",
        "Connexion inhabituelle à votre espace",
        "Verdachte inlogpoging ontdekt",
        "Hemos detectado un inicio de sesión sospechoso.",
    ),
    "mailbox": (
        "メールボックスの容量が上限に達しました。",
        "Your mailbox is almost full.",
        "Ihr Passwort läuft heute ab.",
        "Sua caixa de entrada está cheia.",
        "Votre mot de passe expire demain.",
        "Uw wachtwoord verloopt vandaag.",
        "Su contraseña caduca hoy.",
    ),
    "prize": (
        "アンケートに答えてギフトを受け取る",
        "Congratulations! You have been selected to receive an iPhone.",
        "Herzlichen Glückwunsch, Sie wurden als Gewinner ausgewählt.",
        "Parabéns, você ganhou um prêmio!",
        "Félicitations, vous avez été sélectionné !",
        "Gefeliciteerd, u bent geselecteerd!",
        "¡Enhorabuena, ha sido seleccionado!",
    ),
    "refund": (
        "還付金の受け取りについて",
        "Your tax refund is waiting for you.",
        "Sie haben Anspruch auf eine Steuerrückerstattung.",
        "Sua restituição está disponível.",
        "Votre remboursement est en attente.",
        "U hebt recht op een teruggave.",
        "Su reembolso está pendiente.",
    ),
    "invoice": (
        "請求書を添付しましたのでご査収ください。",
        "If you did not place this order, call us.",
        "Die Rechnung finden Sie im Anhang.",
        "Se não reconhece esta compra, ligue já.",
        "Vous trouverez la facture en pièce jointe.",
        "De factuur vindt u in de bijlage.",
        "Si no reconoce este cargo, llámenos.",
    ),
    "points": (
        "保有ポイントの有効期限が近づいています。",
        "Your points expire tonight.",
        "Ihre Punkte verfallen heute.",
        "Seus pontos expiram hoje.",
        "Vos points expirent ce soir.",
        "Uw punten vervallen vandaag.",
        "Sus puntos caducan hoy.",
    ),
    "subscription": (
        "プライム会員資格の自動更新ができません。",
        "Your subscription has expired.",
        "Ihr Abonnement läuft heute ab.",
        "Sua assinatura foi cancelada.",
        "Votre abonnement arrive à échéance.",
        "Uw abonnement verloopt morgen.",
        "Su suscripción ha expirado.",
    ),
    "document": (
        "契約書への電子署名をお願いします。",
        "A document has been shared with you.",
        "Ein Dokument wurde für Sie freigegeben.",
        "Um documento foi compartilhado com você.",
        "Un document a été partagé avec vous.",
        "Er is een bestand met u gedeeld.",
        "Se ha compartido un archivo: documento compartido.",
    ),
    "crypto": (
        "ウォレットの接続を確認してください。",
        "Claim your free airdrop: eligible for the airdrop.",
        "Ihr Krypto-Guthaben: Bitcoin zur Auszahlung bereit.",
        "Resgate: seus bitcoins estão prontos para saque.",
        "Saisissez votre phrase de récupération.",
        "Voer uw herstelzin in.",
        "Introduzca su frase de recuperación.",
    ),
}
"""Name of a kind → a phrase in each of LANGUAGES."""
WORDS = [(kind, words) for kind, phrases in GUILTY.items() for words in phrases]

INNOCENT = """
ご注文ありがとうございます。商品の発送が完了いたしました。
お荷物は明日の午前中に届く予定です。
会員登録が完了しました。今後ともよろしくお願いいたします。
カードのご利用代金が確定しました。明細は会員サイトで見られます。
7月ご請求額のお知らせ
メールの配信停止はこちらからお手続きください。
秋の新作が入荷しました。送料無料でお届けします。
お支払い後のキャンセルはできませんのでご了承ください。
昨日はお疲れさまでした。写真を共有フォルダに入れておきました。
来週の会議の資料をお送りします。ご都合をお知らせください。
口座開設のお申し込みを受け付けました。
200ポイントを進呈しました。次回のお買い物で使えます。
離島への配送はお日にちをいただきます。
アンケートにご協力ください。
パスワードを変更しました。
Your parcel arrives tomorrow between 10 and 12.
Thank you for your order. We will write again when it ships.
Your payment was received. Thank you!
Your statement for July is ready.
You have selected express shipping.
Shall we have lunch on Friday? The account of your trip was lovely.
You won the match! Congratulations to the whole team.
I shared the pictures of the wedding in our album.
The trial lesson is on Monday at five.
We have limited seats, so book your card workshop soon.
Your refund of 12.00 has been paid to your card.
Unsubscribe from this newsletter at any time.
The document you asked for will follow next week.
Your new card is on its way.
Please confirm your appointment with the dentist.
Ihr Paket kommt morgen an.
Vielen Dank für Ihre Bestellung!
Ihre Zahlung ist eingegangen.
Der neue Kontoauszug steht bereit.
Wir freuen uns auf Ihren Besuch am Samstag.
Bestätigen Sie bitte den Termin am Montag.
Die Anmeldung zum Yogakurs ist ab sofort möglich.
Sie sparen heute 20 Prozent auf alle Schuhe.
Datenschutz ist uns wichtig.
Wie besprochen schicke ich dir die Fotos vom Wochenende.
Der Vertrag gilt ab dem ersten Mai.
Ihre Sendung wurde heute versandt.
Alles Gute zum Geburtstag, lieber Peter!
Sua encomenda chega amanhã.
Obrigado pela sua compra!
Recebemos seu pagamento.
Seu extrato de julho está pronto.
Não perca as ofertas por tempo limitado.
Vamos almoçar na sexta-feira?
As fotos da viagem ficaram lindas.
Seu pedido foi enviado hoje.
O documento que você pediu segue na próxima semana.
A reunião foi marcada para segunda-feira.
Você acumulou 200 pontos nesta compra.
Conheça a nova coleção de inverno.
Parabéns pelo seu aniversário!
Votre colis arrive demain.
Merci pour votre commande !
Nous avons bien reçu votre paiement.
Votre relevé de juillet est disponible.
On déjeune ensemble vendredi ?
Les photos du voyage sont très belles.
Votre commande a été expédiée ce matin.
Profitez de nos soldes jusqu'à dimanche.
Vous avez gagné en assurance, bravo pour votre exposé.
Le contrat commence le premier mai.
Nous vous attendons samedi pour la visite.
Votre rendez-vous est confirmé.
Le prix du panier a baissé, à vous de voir.
Uw pakket komt morgen aan.
Bedankt voor uw bestelling!
Wij hebben uw betaling ontvangen.
Uw afschrift van juli staat klaar.
Zullen we vrijdag samen lunchen?
De foto's van de reis zijn prachtig.
Uw bestelling is vandaag verzonden.
Profiteer nu van onze zomerkorting.
Het contract begint op één mei.
De vergadering is verplaatst naar maandag.
Tot zaterdag, we hebben er zin in.
Gefeliciteerd met je verjaardag!
U spaart vandaag dubbele punten.
Su paquete llega mañana.
¡Gracias por su compra!
Hemos recibido su pago.
Su extracto de julio está listo.
¿Comemos juntos el viernes?
Las fotos del viaje son preciosas.
Su pedido ha salido hoy.
Aproveche las rebajas hasta el domingo.
¡Felicidades! Tengo muchas ganas de verte.
La reunión se ha cambiado al lunes.
El contrato empieza el uno de mayo.
Ha sumado 200 puntos con esta compra.
Confirme su cita con el dentista.
""".strip().splitlines()
"""What shops, banks and friends write."""

FRAGMENTS = sorted(
    {word for lure in LURES.values() for code in LANGUAGES for word in re.findall(r"\w+ ?", getattr(lure, code))}
)


@pytest.mark.parametrize(("kind", "words"), WORDS)
def test_every_kind_is_known_in_every_language(kind: str, words: str) -> None:
    """The phrase is found as a lure of its kind, in the words of the mail."""
    assert lures(words).get(kind, " ") in words


def test_the_table_has_every_kind_and_language() -> None:
    """No kind or language goes without a guilty phrase, and there are at least as many innocent ones."""
    assert list(GUILTY) == list(LURES)
    assert {len(phrases) for phrases in GUILTY.values()} == {len(LANGUAGES)}
    assert len(INNOCENT) >= len(WORDS)


@pytest.mark.parametrize("words", INNOCENT)
def test_everyday_words_are_no_lure(words: str) -> None:
    """An ordinary sentence is of no kind."""
    assert lures(words) == {}


@pytest.mark.parametrize(("kind", "words"), WORDS)
def test_accents_may_be_left_out(kind: str, words: str) -> None:
    """Who types without accents, and in capitals, is understood all the same."""
    bare = "".join(
        letter for letter in unicodedata.normalize("NFD", words) if letter not in "\u0300\u0301\u0302\u0303\u0308\u0327"
    )
    assert kind in lures(unicodedata.normalize("NFC", bare).upper())


@pytest.mark.parametrize(("kind", "words"), WORDS)
def test_full_width_and_unseen_letters_hide_nothing(kind: str, words: str) -> None:
    """Letters of full width, with invisible ones between, are read as the letters that they show."""
    wide = "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in words)
    found = lures("\u200b".join(wide))
    assert found[kind] in "\u200b".join(wide)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("identity", "本 人 確 認 の お 願 い"),
        ("parcel", "再・配・達・手・数・料"),
        ("account", "Y o u r a c c o u n t h a s b e e n s u s p e n d e d"),
        ("account", "k o n t o   g e s p e r r t"),
        ("sign_in", "UNUSUAL SIGN-IN"),
        ("sign_in", "unusual login"),
        ("account", "Ihr Konto wurde voruebergehend eingeschraenkt"),
        ("mailbox", "Ihr Passwort laeuft ab"),
        ("account", "Votre compte a\u00a0e\u0301te\u0301 suspendu"),
        ("payment", "Votre carte : le paiement n’a pas abouti"),
        ("prize", "Gl\u00fcckwunsch,\r\nSie haben\r\ngewonnen"),
    ],
)
def test_disguises_are_seen_through(kind: str, words: str) -> None:
    """Letters set apart, typed umlauts, line ends and other apostrophes make no difference."""
    assert kind in lures(words)


def test_the_words_are_those_of_the_mail() -> None:
    """What is found stands there as the sender wrote it, accents and blanks included."""
    assert lures("Guten Tag, Ihr KONTO wurde  vorübergehend GESPERRT!") == {
        "account": "KONTO wurde  vorübergehend GESPERRT"
    }


def test_only_the_beginning_is_looked_at() -> None:
    """Words beyond the first 5,000 characters are not found, and those before are."""
    lure = "Your account has been suspended"
    assert "account" in lures("x " * 2400 + lure)
    assert lures("x " * 2500 + lure) == {}


@pytest.mark.parametrize("kind", LURES)
def test_nothing_in_a_phrase_repeats_without_bound(kind: str) -> None:
    """A phrase is made of words, choices and one short stretch at most, so that no search grows with its square."""
    for code in LANGUAGES:
        phrases = getattr(LURES[kind], code)
        assert not re.search(r"[*+{}]|\\[^b]", phrases)
        assert all(branch.count("…") <= 1 for branch in _branches(phrases))


def _branches(phrases: str) -> list[str]:
    """The alternatives that stand outside all parentheses."""
    flat = phrases
    while (inner := re.sub(r"\(([^()]*)\)", lambda group: group[1].replace("|", "/"), flat)) != flat:
        flat = inner
    return flat.split("|")


@pytest.mark.parametrize(
    "words",
    [
        "a",
        "…",
        "your parcel ",
        "account is ",
        "お荷物",
        "アカウント利用",
        "\ufdfa",
        "w a l l e t",
        "you have been ",
        "ihr konto ",
    ],
)
def test_hostile_words_take_linear_time(words: str) -> None:
    """Five thousand characters that begin a phrase and never end it are gone through in a moment."""
    _takes_no_time((words * 5000)[:5000])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=6))
def test_any_pieces_of_phrases_take_linear_time(words: list[str]) -> None:
    """Whatever pieces of the phrases are strung together, five thousand characters take a moment."""
    _takes_no_time(("".join(words) * 5000)[:5000])


def _takes_no_time(words: str) -> None:
    lures("")  # the patterns are made at the first use
    started = time.process_time()
    lures(words)
    assert time.process_time() - started < 0.25
