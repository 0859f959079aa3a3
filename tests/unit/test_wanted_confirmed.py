"""Mail that must stay: all detectors and the judge together, on confirmed senders with a brand among their words."""

from __future__ import annotations

import pytest

from tests.kit.inquiries import Row, mail, passed
from watcher.detectors import examine, load
from watcher.judge import judge


def confirmed(author: str, domain: str) -> Row:
    """A mail of somebody whose domain is confirmed, with a link to his own pages."""
    return mail(author=f"{author} <info@{domain}>", text=f"https://www.{domain}/", results=passed(domain))


WANTED = {
    "a university's desk for a maker's office": confirmed("東京大学 Microsoft 365 担当", "u-tokyo.ac.jp"),
    "another's": confirmed("大阪大学 Google Workspace 担当", "osaka-u.ac.jp"),
    "a college's computing centre": confirmed("みなと短大 Microsoft 365 担当", "minato-u.example"),
    "a shop on a market": confirmed("田中商店 メルカリShops店", "tanaka.example"),
    "an associate of a shop": confirmed("Amazonアソシエイト 田中事務所", "tanaka.example"),
    "a draper whose name holds a mall's": confirmed("山本楽天堂", "yamamoto.example"),
    "a bank's card of a card company": confirmed("みなと銀行JCBカード", "minato-bank.example"),
    "a review site on behalf of a shop": mail(
        author="Walgreens <noreply@reviews.example>",
        text="https://reviews.example/r https://www.walgreens.com/",
        results=passed("reviews.example"),
    ),
    "an agency's newsletter for a shop, with no results": mail(
        author="Tesco <tesco@reply.agency.example>", text="https://agency.example/r https://www.tesco.ie/"
    ),
    "the administrator of a device at home": mail(
        author="Mail Administrator <admin@nas.example>",
        text="http://192.168.1.1/",
        results="spf=fail; dkim=none",
    ),
}


@pytest.mark.parametrize("row", WANTED.values(), ids=WANTED)
def test_stays(row: Row) -> None:
    """A brand among the words of a sender who is who he says is no pose."""
    assert not judge(examine(row(), load())).suspicious
