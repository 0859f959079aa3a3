"""A locked archive or document from a stranger, perhaps with its key beside it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kit.inquiries import Row, mail, passed
from tests.kit.openings import BRAND, PARTNER, ROLE, STRANGER, carrying
from watcher.detectors.encrypted_archive import detect
from watcher.model import Facet, Opened, Strength, Trait

REPLY = [("References", "<1@reader.example>"), ("In-Reply-To", "<1@reader.example>")]
QUOTE = "\n\n2026年11月20日(金) 10:30 Taro <taro@example.jp>:\n> 見積書をお願いします。\n"
KEY = "ファイルを添付します。\n解凍パスワード：5583ab\n"


def locked(**parts: Any) -> Row:
    """A mail with a locked archive of a table."""
    return carrying("見積書.zip", state=Opened.ENCRYPTED, members=["見積書.xlsx"], locked=True, **parts)


FLAGS = {
    "in a brand's name": locked(author=BRAND),
    "in a brand's name, with the key": locked(author=BRAND, text=KEY),
    "in a role's name": locked(author=ROLE, text="Please see the attached file."),
    "of a stranger, with the key": locked(text=KEY),
    "with the key behind は": locked(text="パスワードは「a1b2c3」です。"),
    "with the key on a line of its own": locked(text="解凍パスワードは以下の通りです。\n\nab12cd\n"),
    "with PW": locked(text="PW: 20261124"),
    "with full-width letters": locked(text="ＰＷ：１２３４"),
    "with the key in English": locked(text="The file is protected. Password: invoice\n\nRegards"),
    "with the key behind is": locked(text="The password is 7741."),
    "with the key in German": locked(text="Das Passwort lautet: Rechnung24"),
    "with the key in Portuguese": locked(text="Senha: 123456"),
    "with the key in Spanish": locked(text="Contraseña: factura2026"),
    "with the key in French": locked(text="Mot de passe : a1b2"),
    "with the key in Dutch": locked(text="Wachtwoord = 9917"),
    "a locked PDF of a stranger, with the key": carrying("請求書.pdf", (Trait.ENCRYPTED, ""), text=KEY),
    "a damaged archive that is locked as well": carrying(
        "a.zip", state=Opened.BROKEN, members=["a.pdf"], locked=True, author=BRAND
    ),
    "an answer to nothing": locked(author=BRAND, subject="Re: 請求書", text="ご確認ください。" + QUOTE),
}
QUIET = {
    "of a partner one writes to": locked(author=PARTNER, acquainted=True, written_to=True, text=KEY),
    "of somebody known": locked(author=PARTNER, acquainted=True),
    "an answer in a running conversation": locked(
        author=PARTNER, subject="Re: 見積書のお願い", headers=REPLY, text="お送りします。\nPW: 1234" + QUOTE
    ),
    "a forwarded answer": locked(author=PARTNER, subject="Fw: 契約書", headers=REPLY, text=KEY + QUOTE),
    "the key comes by itself": locked(author=PARTNER, text="パスワードは別便でお送りします。"),
    "the key comes by itself, politely": locked(author=PARTNER, text="パスワード：別途ご連絡いたします。"),
    "the key is told by telephone": locked(text="Password: will be sent separately by phone."),
    "the key comes on a day": locked(text="パスワードは2026年11月25日にお送りします。"),
    "the key is known to the reader": locked(text="パスワードは生年月日です。"),
    "the key is the customer's number": locked(text="Your password is your date of birth."),
    "the key in what is quoted": locked(author=PARTNER, text="了解です。" + QUOTE + "> PW: 1234\n"),
    "a stranger's locked archive": locked(author=STRANGER, text="資料をお送りします。"),
    "the statement of a confirmed bank": carrying(
        "明細.pdf", (Trait.ENCRYPTED, ""), author="三井住友カード <a@vpass.ne.jp>", results=passed("vpass.ne.jp")
    ),
    "an open archive and a password for something else": carrying(
        "資料.zip", members=["資料.pdf"], text="会議のパスワード: 123456"
    ),
    "an open document": carrying("請求書.pdf", author=BRAND, text=KEY),
    "a program, which is told of elsewhere": carrying(
        "請求書.zip", state=Opened.ENCRYPTED, members=["請求書.exe"], locked=True, author=BRAND
    ),
    "one that has not been looked into": carrying("a.zip", state=Opened.NOT_YET, author=BRAND, text=KEY),
    "a password and no attachment": mail(author=BRAND, text=KEY),
    "no attachment": mail(author=PARTNER),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """Nobody can look inside, and nothing says that reader and sender have to do with each other."""
    (evidence,) = detect(row())

    assert evidence.facet is Facet.ATTACHMENT


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """It is open, or locked as partners lock what they send each other."""
    assert list(detect(row())) == []


@pytest.mark.parametrize(
    ("row", "strength"),
    [
        ("in a brand's name", Strength.MEDIUM),
        ("in a brand's name, with the key", Strength.STRONG),
        ("of a stranger, with the key", Strength.MEDIUM),
        ("in a role's name", Strength.MEDIUM),
    ],
)
def test_the_key_in_a_brands_mail_weighs_more(row: str, strength: Strength) -> None:
    """A brand that locks what it sends does not write the key beside it."""
    (evidence,) = detect(FLAGS[row]())

    assert evidence.strength is strength


def test_the_reader_is_told_about_the_key() -> None:
    """The sentence says why the key in the same mail is odd."""
    (evidence,) = detect(FLAGS["in a brand's name, with the key"]())

    assert evidence.text.en == (
        "The attachment “見積書.zip” is locked, and the same mail tells the password: a way to get past virus checks."
    )
    assert "同じメールにそのパスワードが書かれています" in evidence.text.ja
