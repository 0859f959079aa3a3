"""Mail that must stay: all detectors and the judge together, on people, firms and clubs that share a brand's name."""

from __future__ import annotations

import pytest

from tests.kit.archives import PDF
from tests.kit.inquiries import Row, mail, passed
from watcher.detectors import examine, load
from watcher.judge import judge

SOFT = "spf=softfail; dkim=none"
NAMELESS = "from mail.firm.example (unknown [192.0.2.5])"
BILL = [("請求書.pdf", PDF)]
SHARED = "https://www.dropbox.com/scl/fo/abc"

WANTED = {
    "a firm called Yamato sends its bill": mail(
        author="ヤマト電機 <info@yamato-denki.example>",
        subject="11月分ご請求書",
        attachments=BILL,
        results=passed("yamato-denki.example"),
    ),
    "the same firm without reverse DNS": mail(
        author="ヤマト電機 <info@yamato-denki.example>",
        subject="カタログのご案内",
        text="https://yamato-denki.example/",
        received=NAMELESS,
    ),
    "a dealer in houses called Mizuho": mail(
        author="みずほ不動産 <info@mizuho-fudosan.example>",
        subject="新着物件のご案内",
        text="https://mizuho-fudosan.example/",
        results=SOFT,
    ),
    "a dentist called Mizuho": mail(
        author="みずほ歯科 <reserve@mizuho-dental.example>",
        subject="定期検診のお知らせ",
        text="https://mizuho-dental.example/yoyaku https://lin.ee/abc",
        results=passed("mizuho-dental.example"),
    ),
    "a woman called Mizuho, who has paid by the bank": mail(
        author="みずほ <mizuho@friend.example>",
        subject="会費の件",
        text="みずほ銀行に振り込みました。写真はこちら https://photos.example/1",
        results=passed("friend.example"),
    ),
    "a club on the river Amazon": mail(
        author="アマゾン川クラブ <info@amazon-river.example>",
        subject="例会のお知らせ",
        text="https://amazon-river.example/",
        results=passed("amazon-river.example"),
    ),
    "a colleague called Nomura shares a folder": mail(
        author="野村 健 <nomura@office.example>", subject="資料を共有します", text=SHARED
    ),
    "the same with a mailbox at a large provider": mail(
        author="野村 健 <nomura.ken@gmail.com>", subject="旅行の写真", text=SHARED, results=passed("gmail.com")
    ),
    "a partner called Nomura on the securities firm": mail(
        author="野村 <nomura@partner.example>",
        subject="打ち合わせの件",
        text="野村證券の方も同席されます。 https://partner.example/map",
        results=passed("partner.example"),
    ),
    "a partner called Sagawa, under .com": mail(
        author="Ken Sagawa <sagawa@example.com>",
        subject="Our catalogue",
        text="https://www.example.com/catalogue",
        results=passed("example.com"),
    ),
    "a friend called Ana": mail(
        author="Ana <ana@amigos.example>", subject="Fotos de Lisboa", text=SHARED, results=SOFT
    ),
    "a friend called Otto": mail(author="Otto <otto@schmidt.example>", subject="Bilder vom Sommer", text=SHARED),
    "a friend called Otto with a mailbox at a large provider": mail(
        author="Otto <otto.schmidt77@gmail.com>", subject="Bilder vom Sommer", text=SHARED, results=passed("gmail.com")
    ),
    "Otto Schmidt": mail(
        author="Otto Schmidt <otto.schmidt@schmidt.example>", subject="Otto: Einladung", text=SHARED, results=SOFT
    ),
    "a colleague called Chase": mail(
        author="Chase Miller <chase@office.example>", subject="Slides", text="https://bit.ly/3sLiDes", received=NAMELESS
    ),
    "a friend called Douglas": mail(
        author="Douglas <douglas@friend.example>", subject="Photos", text=SHARED, received=NAMELESS
    ),
    "a lady called Mercedes": mail(
        author="Mercedes <mercedes@familia.example>", subject="Fotos de la boda", text=SHARED, results=SOFT
    ),
    "Mercedes García at a large provider": mail(
        author="Mercedes García <mercedes.garcia@gmail.com>",
        subject="Fotos de la boda",
        text=SHARED,
        results=passed("gmail.com"),
    ),
    "a lady called Olive": mail(
        author="Olive <olive@cafe.example>", subject="新メニューのご案内", text="https://lit.link/olive", results=SOFT
    ),
    "the office of a language school": mail(
        author="Office <office@language-school.example>",
        subject="Your course starts on Monday",
        text="Join on Microsoft Teams. Place: https://language-school.example/map",
        results=passed("language-school.example"),
    ),
    "the same school's form": mail(
        author="Office <office@language-school.example>",
        subject="Questionnaire",
        text="https://forms.gle/abc",
        results=SOFT,
    ),
    "a hairdresser called Saison": mail(
        author="美容室セゾン <info@saison-hair.example>",
        subject="ご予約確認",
        text="https://saison-hair.example/",
        results=SOFT,
    ),
    "a used-car dealer called Apple": mail(
        author="アップル みなと店 <minato@apple-kuruma.example>",
        subject="お見積りの件",
        attachments=[("見積書.pdf", PDF)],
        text="https://apple-kuruma.example/",
        results=SOFT,
    ),
    "a removal firm called Apple": mail(
        author="アップル引越みなと <info@apple-hikkoshi.example>",
        subject="お引越し前日のご確認",
        text="https://apple-hikkoshi.example/",
        received=NAMELESS,
    ),
    "a cat café called like the courier": mail(
        author="猫カフェ クロネコ <info@kuroneko-cafe.example>",
        subject="12月のメニュー",
        attachments=[("menu.pdf", PDF)],
        results=passed("kuroneko-cafe.example"),
    ),
    "a sports team in a sponsor's name": mail(
        author="Telekom Baskets Bonn <news@telekom-baskets.example>",
        subject="Heimspiel am Samstag",
        html='<a href="https://telekom-baskets.example/t"><img src="https://telekom-baskets.example/a.jpg"></a>',
        results=passed("telekom-baskets.example"),
    ),
    "former employees of a bank": mail(
        author="三菱UFJ銀行OB会 <jimu@ob-kai.example>",
        subject="忘年会のご案内",
        text="https://ob-kai.example/bonenkai",
        results=passed("ob-kai.example"),
    ),
    "the union of a brand's workers": mail(
        author="東京電力労働組合 <news@tepco-union.example>",
        subject="組合ニュース 11月号",
        text="https://tepco-union.example/",
        results=passed("tepco-union.example"),
    ),
    "fans of a maker of games": mail(
        author="任天堂ファンクラブ通信 <news@gamefan.example>",
        subject="今月の話題",
        text="https://gamefan.example/",
        results=passed("gamefan.example"),
    ),
    "users of a cloud": mail(
        author="Google Workspace 勉強会 <gws@study.example>",
        subject="第8回のお知らせ",
        text="https://study.example/8 https://connpass.com/event/1/",
        results=passed("study.example"),
    ),
    "users of a cloud meet in a list": mail(
        author="佐藤 <sato@study.example>",
        subject="[AWS-JP:0042] 勉強会の資料",
        text=SHARED,
        headers=[("List-Id", "<aws-jp.lists.example>")],
        results="spf=pass smtp.mailfrom=b@lists.example; dkim=fail header.d=study.example",
    ),
    "a flower shop that tells of its page": mail(
        author="花屋 Instagram 担当 <info@hanaya.example>",
        subject="フォローありがとうございます",
        text="https://www.instagram.com/hanaya/ https://hanaya.example/",
        results=passed("hanaya.example"),
    ),
    "a volunteer post office in the hills": mail(
        author="山の郵便局 <yama@yama-cafe.example>",
        subject="冬季休業のお知らせ",
        text="https://yama-cafe.example/",
        attachments=[("地図.pdf", PDF)],
        results=passed("yama-cafe.example"),
    ),
    "a hosting firm's customer called Orange": mail(
        author="Orange <contact@orange-fleurs.example>",
        subject="Vos fleurs sont prêtes",
        text="https://orange-fleurs.example/",
        results=SOFT,
    ),
    "a band called Saturn": mail(
        author="Saturn <band@saturn-band.example>",
        subject="Tour dates",
        text="https://linktr.ee/saturnband https://saturn-band.example/",
        results=passed("saturn-band.example"),
    ),
    "a priest who signs as Free Church": mail(
        author="Free Church <office@free-church.example>",
        subject="Sunday service",
        text="https://free-church.example/ https://youtu.be/abc",
        results=SOFT,
    ),
}


@pytest.mark.parametrize("row", WANTED.values(), ids=WANTED)
def test_stays(row: Row) -> None:
    """To be called like a brand is no crime: the mail is not moved."""
    assert not judge(examine(row(), load())).suspicious
