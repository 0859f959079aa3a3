"""Mail that must stay: all detectors and the judge together, on what friends, clubs and families send each other."""

from __future__ import annotations

import pytest

from tests.kit.archives import PDF
from tests.kit.inquiries import Row, mail, passed
from watcher.detectors import examine, load
from watcher.judge import judge

FRIEND = "Keiko <keiko@friend.example>"
NEIGHBOUR = "Jörg Müller <joerg@mueller.example>"
SOFT = "spf=softfail; dkim=none"
NONE = "spf=none; dkim=none"
NAMELESS = "from mail.friend.example (unknown [192.0.2.5])"
BY_LIST = (
    "spf=pass smtp.mailfrom=b@lists.example; dkim=fail header.d=friend.example; dmarc=fail header.from=friend.example"
)
SHARED = "https://www.dropbox.com/scl/fo/abc"


def friend(subject: str, text: str, results: str = "") -> Row:
    """A friend's mail, as most servers leave it: without a word on where it comes from."""
    return mail(author=FRIEND, subject=subject, text=text, results=results)


WANTED = {
    "an album at the telephone's maker": friend("iCloud photos", "https://share.icloud.com/photos/0abc"),
    "a find by the shop's own short link": friend("Amazon book", "https://amzn.to/3abc", NONE),
    "a find by the mall's own short link": friend("楽天トラベル 温泉の宿", "https://a.r10.to/hAbc", SOFT),
    "a new thing, told in English": friend("Amazon's new Kindle", "https://bit.ly/3kInd"),
    "a new thing, told in Japanese": friend("Amazonの新しいKindle", "https://bit.ly/3kInd", SOFT),
    "a parcel that a neighbour took, in a subject without more": mail(
        author=NEIGHBOUR, subject="DHL Paket", text="Liegt bei mir.", attachments=[("foto.jpg", b"\xff\xd8\xff\xe0")]
    ),
    "a friend whose address loves it, at a large provider": mail(
        author="Keiko <starbucks.lover@gmail.com>", subject="Photos", text=SHARED, results=passed("gmail.com")
    ),
    "parents' form, at another maker's": mail(
        author="みなと中学校 教頭 <kyoto@minato-jhs.example>",
        subject="【Microsoft Forms】学校評価アンケート",
        text="https://forms.office.com/r/abc",
        results=SOFT,
    ),
    "a league's group": mail(
        author="みなと少年野球連盟 <info@minato-bb.example>",
        subject="【LINE】グループ参加のお願い",
        text="https://line.me/R/ti/g/abc https://lin.ee/abc",
        results=SOFT,
    ),
    "a choir's folder": mail(
        author="みなと合唱団 <chor@minato-chor.example>",
        subject="【Dropbox】楽譜と音源",
        text=SHARED,
        results=SOFT,
    ),
    "a treasurer who asks for the fee": mail(
        author="町内会 会計 <kaikei@chonai.example>",
        subject="【ゆうちょ銀行】会費のお振込みのお願い",
        text="記号 10000 番号 1234567",
        attachments=[("払込取扱票.pdf", PDF)],
        received=NAMELESS,
    ),
    "a treasurer whom one may pay by telephone": mail(
        author="町内会 会計 <kaikei@chonai.example>",
        subject="PayPayで会費が払えます",
        text="https://qr.paypay.ne.jp/p2p01_abc",
        results=SOFT,
    ),
    "a grandson at the post": mail(
        author="たろう <taro.2011@gmail.com>", subject="日本郵便 見学", text=SHARED, results=passed("gmail.com")
    ),
    "a landlord on the electricity": mail(
        author="大家 山本 <yamamoto@ooya.example>",
        subject="東京電力 検針の件",
        attachments=[("お知らせ.pdf", PDF)],
        received=NAMELESS,
        results=SOFT,
    ),
}


@pytest.mark.parametrize("row", WANTED.values(), ids=WANTED)
def test_stays(row: Row) -> None:
    """Friends begin a subject with a brand's name and share what they like, and are not moved."""
    assert not judge(examine(row(), load())).suspicious
