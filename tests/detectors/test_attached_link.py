"""Links and QR codes inside attachments that do not lead to the brand in whose name the mail is sent."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from tests.kit.openings import BRAND, PARTNER, ROLE, STRANGER, carrying
from watcher.detectors.attached_link import detect
from watcher.model import Facet, Strength, Trait

ELSEWHERE = (Trait.LINK, "https://login.fresh.example/card")
CODE = (Trait.QR_CODE, "https://login.fresh.example/card")
HOME = (Trait.LINK, "https://www.smbc-card.com/mem/")
AIRLINE = "JAL <no-reply@jal.com>"

FLAGS = {
    "a code in a picture": carrying("qr.png", CODE, author=BRAND),
    "a code in capitals": carrying("qr.png", (Trait.QR_CODE, "HTTPS://LOGIN.FRESH.EXAMPLE/A"), author=BRAND),
    "a code without a scheme": carrying("qr.png", (Trait.QR_CODE, "www.fresh.example/a"), author=BRAND),
    "a code with a bare host": carrying("qr.png", (Trait.QR_CODE, "fresh.example/a"), author=BRAND),
    "a form in a PDF": carrying("明細.pdf", (Trait.FORM, "https://login.fresh.example/"), author=BRAND),
    "a code in a PDF": carrying("明細.pdf", CODE, author=BRAND),
    "a link in a PDF": carrying("明細.pdf", ELSEWHERE, author=BRAND),
    "a link in an archived document": carrying("a.zip", (*ELSEWHERE, "a/明細.docx"), author=BRAND),
    "a link in an invitation": carrying("invite.ics", ELSEWHERE, author=BRAND),
    "a link in a page": carrying("明細.html", ELSEWHERE, author=BRAND),
    "a code in a role's name": carrying("qr.png", (Trait.QR_CODE, "https://other.example/a"), author=ROLE),
    "a link to a page of everybody": carrying("明細.pdf", (Trait.LINK, "https://card.pages.dev/"), author=BRAND),
    "beside a link to a social network": carrying(
        "明細.pdf", (Trait.LINK, "https://www.facebook.com/card"), ELSEWHERE, author=BRAND
    ),
    "beside a foreign link in the text": carrying("qr.png", CODE, author=BRAND, text="https://other.example/"),
}
QUIET = {
    "a boarding pass of the airline itself": carrying(
        "boarding.pdf",
        (Trait.QR_CODE, "M1SUZUKI/TARO EABCDEF HNDITMJL 0101"),
        author=AIRLINE,
        results=passed("jal.com"),
    ),
    "the same where nobody confirms it": carrying(
        "boarding.pdf", (Trait.QR_CODE, "M1SUZUKI/TARO EABCDEF HNDITMJL 0101"), author=AIRLINE
    ),
    "a ticket of the airline with its own links": carrying(
        "eticket.pdf",
        (Trait.LINK, "https://www.jal.co.jp/"),
        (Trait.QR_CODE, "https://www.jal.co.jp/a"),
        author=AIRLINE,
    ),
    "an invoice of a shop": carrying(
        "請求書.pdf", (Trait.LINK, "https://shop.example/"), author="花屋 <a@shop.example>"
    ),
    "an invoice made by an invoicing service": carrying(
        "請求書.pdf", (Trait.LINK, "https://inv.example/"), author=PARTNER
    ),
    "a friend's photo of a poster": carrying("IMG_1234.jpg", CODE, author=STRANGER),
    "a friend's e-ticket": carrying("ticket.pdf", (Trait.QR_CODE, "https://tickets.example/1"), author=PARTNER),
    "a paper with references": carrying("paper.pdf", *((Trait.LINK, f"https://doi.example/{n}") for n in range(50))),
    "an invitation to a meeting": carrying("invite.ics", (Trait.LINK, "https://us02web.zoom.us/j/1"), author=PARTNER),
    "one link home": carrying("明細.pdf", ELSEWHERE, HOME, author=BRAND),
    "a link home in the text": carrying("qr.png", CODE, author=BRAND, text="https://www.smbc-card.com/"),
    "only a link to an app store": carrying("案内.pdf", (Trait.LINK, "https://apps.apple.com/app/1"), author=BRAND),
    "a form that sends to nowhere": carrying("明細.pdf", (Trait.FORM, ""), author=BRAND),
    "a key for the wireless network": carrying(
        "wifi.png", (Trait.QR_CODE, "WIFI:S:a.b.example;T:WPA;P:x;;"), author=BRAND
    ),
    "a visiting card": carrying("card.png", (Trait.QR_CODE, "MAILTO:taro@fresh.example"), author=BRAND),
    "an address to write to": carrying("明細.pdf", (Trait.LINK, "mailto:a@fresh.example"), author=BRAND),
    "a device in one's own network": carrying("manual.pdf", (Trait.LINK, "http://192.168.1.1/"), author=BRAND),
    "the brand itself, confirmed": carrying(
        "明細.pdf", ELSEWHERE, author="三井住友カード <a@vpass.ne.jp>", results=passed("vpass.ne.jp")
    ),
    "a role's link to itself": carrying("help.pdf", (Trait.LINK, "https://www.fresh.example/faq"), author=ROLE),
    "a newsletter about a brand": carrying(
        "flyer.pdf", (Trait.LINK, "https://shop.example/"), author="花屋 <a@shop.example>", text="Amazonギフト券を進呈"
    ),
    "a plain document": carrying("明細.pdf", author=BRAND),
    "no attachment": mail(author=BRAND, text="https://login.fresh.example/"),
}


@pytest.mark.parametrize("row", FLAGS.values(), ids=FLAGS)
def test_flags(row: Row) -> None:
    """Whatever the attachment holds leads somewhere else than the sender says he is."""
    (evidence,) = detect(row())

    assert (evidence.facet, evidence.strength) == (Facet.LINK, Strength.MEDIUM)


@pytest.mark.parametrize("row", QUIET.values(), ids=QUIET)
def test_stays_quiet(row: Row) -> None:
    """It leads home or nowhere, or the mail is in nobody's name."""
    assert list(detect(row())) == []


def test_a_code_has_its_own_sentence_and_comes_first() -> None:
    """A QR code, whose target nobody sees, is told before a link."""
    row = carrying("明細.pdf", (Trait.LINK, "https://a.example/"), CODE, author=BRAND)
    (evidence,) = detect(row())

    assert evidence.text.en == (
        "The QR code in the attached “明細.pdf” leads to login.fresh.example, which is not Sumitomo Mitsui Card."
    )
    assert "QR コードは login.fresh.example につながります" in evidence.text.ja


def test_a_role_has_no_site() -> None:
    """Under the name of a mere role it is said whose the site is not."""
    (evidence,) = detect(FLAGS["a code in a role's name"]())

    assert evidence.text.en.endswith("other.example, which belongs neither to the sender nor to you.")
