"""Mail that must stay: all detectors and the judge together, on what people really send each other about brands."""

from __future__ import annotations

import pytest

from tests.kit.archives import PDF, PROGRAM, pack_zip
from tests.kit.inquiries import Row, mail, passed
from watcher.detectors import examine, load
from watcher.judge import judge

COLLEAGUE = "田中 健 <ken@office.example>"
FRIEND = "Keiko <keiko@friend.example>"
COUNCIL = "フィッシング対策協議会 <mail-magazine@council.example>"
SLIP = [("送り状.pdf", b"%PDF-1.4")]
TOOL = [("tool.zip", pack_zip({"tool.exe": PROGRAM}))]
SOFT = "spf=softfail; dkim=none"
NAMELESS = "from mail.hanaya.example (unknown [192.0.2.5])"
LIST = [("List-Id", "<staff.lists.example>"), ("List-Post", "<mailto:staff@lists.example>")]
BY_LIST = "spf=pass smtp.mailfrom=staff-bounces@lists.example; dkim=fail header.d={0}; dmarc=fail header.from={0}"
OWNER = ("taro@company.example",)

WANTED = {
    "a colleague sends a parcel's slip": mail(
        author=COLLEAGUE, subject="日本郵便の送り状の件", attachments=SLIP, results=passed("office.example")
    ),
    "a reply about a parcel, with a list": mail(
        author=COLLEAGUE, subject="Re: ゆうパックの集荷について", attachments=SLIP, results=passed("office.example")
    ),
    "a forwarded notice of the post": mail(
        author=COLLEAGUE, subject="Fw: 【日本郵便】お届け予定のお知らせ", attachments=SLIP, results="spf=none"
    ),
    "a friend's tool for Microsoft's system": mail(
        author=FRIEND, text="It runs on Microsoft Windows.", attachments=TOOL, results=passed("friend.example")
    ),
    "a shop gives vouchers and cannot set up SPF": mail(
        author="手芸店 <news@shop.example>",
        subject="Amazonギフト券プレゼント",
        html='<a href="https://shop.example/x">応募する</a>',
        results=SOFT,
    ),
    "a find, its link wrapped by a security product": mail(
        author=FRIEND,
        subject="Amazonで見つけた本",
        html='<a href="https://wrap.example/?u=1">https://www.amazon.co.jp/dp/1</a>',
        results=passed("friend.example"),
    ),
    "a small firm without reverse DNS that takes PayPay": mail(
        author="花屋 <info@hanaya.example>",
        subject="PayPayがご利用いただけます",
        text="https://hanaya.example/",
        received=NAMELESS,
    ),
    "a find, its link shortened, from a nameless machine": mail(
        author=FRIEND, subject="楽天で買ったよ", text="これ! https://bit.ly/3xYzAbc", received=NAMELESS, results=SOFT
    ),
    "photographs from a trip by a line that a friend's provider softly fails": mail(
        author=FRIEND,
        subject="JALで沖縄へ",
        text="写真はここ https://www.dropbox.com/s/abc/okinawa",
        results=SOFT,
    ),
    "a reply below a quoted warning of the card": mail(
        author="太郎 <taro@docomo.ne.jp>",
        subject="Re: 【三井住友カード】ご利用確認のお願い",
        text="これ偽物だよ。\n\n> 三井住友カードをご利用の方へ\n> https://smbc-card.update.example/login\n",
        results="spf=softfail; dmarc=fail",
    ),
    "a spouse forwards a mail of the card, in words of her own": mail(
        author=FRIEND,
        subject="Fwd: 【重要】三井住友カード",
        text="これどう思う？\n\n---------- Forwarded message ---------\nFrom: 三井住友カード <info@x.example>\n"
        "https://smbc-card.x.example/\n",
        results=passed("friend.example"),
    ),
    "a complaint to the shop, a copy to oneself": mail(
        author=FRIEND,
        subject="Amazonの返品について",
        text="注文番号 250-1234567 です。",
        received="from pc (unknown [192.0.2.7])",
    ),
    "the council of anti-phishing names the brand in the subject": mail(
        author=COUNCIL,
        subject="Amazon をかたるフィッシング (2026/11/24)",
        text="確認されたサイトの URL\nhttps://amazon-co-jp.●●●●.cn/\nhttps://www.council.example/news/alert/amazon.html",
        results=passed("council.example"),
    ),
    "its warning heads the subject": mail(
        author=COUNCIL,
        subject="[緊急情報] 三井住友カードをかたるフィッシング",
        text="https://www.council.example/news/alert/smcc.html",
        results=SOFT,
    ),
    "its warning heads the subject with the brand's name": mail(
        author=COUNCIL,
        subject="【Amazonをかたるフィッシング】ご注意ください",
        text="https://www.council.example/news/alert/amazon.html",
        results=passed("council.example"),
    ),
    "a provider warns of fake mail and spells the fake address out": mail(
        author="みなとネット サポート <support@minato-net.example>",
        subject="【重要】ヤマト運輸を装った迷惑メールにご注意ください",
        text="偽サイトの例: http://kuronekoyamato.login.example/\nhttps://www.minato-net.example/info/1",
        results=passed("minato-net.example"),
    ),
    "a security newsletter quotes what phishing says": mail(
        author="Security Weekly <news@secweekly.example>",
        subject="This week: “Your PayPal account has been limited”",
        html="<p>PayPal phish of the week, hosted at http://198.51.100.7/paypal/ and paypal.com@evil.example.</p>"
        '<a href="https://secweekly.example/42">Read</a>',
        results=passed("secweekly.example"),
    ),
    "a bank's association forwards the police's warning": mail(
        author="みなと商店会 事務局 <jimu@minato-shoten.example>",
        subject="【注意喚起】警察庁より、偽メールについて",
        text="国税庁をかたるメールにご注意ください。 https://minato-shoten.example/",
        results=SOFT,
    ),
    "fan mail about a maker of games": mail(
        author="山田 <yamada@fan.example>",
        subject="任天堂の新作について",
        text="任天堂ファンの集い https://bit.ly/3nIntEn",
        results="spf=none; dkim=none",
    ),
    "a list on a brand's stamps, its signature broken": mail(
        author="鈴木 一郎 <ichiro@friend.example>",
        subject="[kitte:0123] 日本郵便の新切手",
        text="https://www.post.japanpost.jp/kitte/",
        headers=LIST,
        results=BY_LIST.format("friend.example"),
    ),
    "the shop's own newsletter by way of a list that breaks its signature": mail(
        author="Amazon.co.jp <store-news@amazon.co.jp>",
        subject="[staff 55] 今週のセール",
        text="https://www.amazon.co.jp/sale",
        headers=LIST,
        results=BY_LIST.format("amazon.co.jp"),
    ),
    "the card's notice to a group address, rewritten by the group": mail(
        author="'楽天カード' via 経理 <keiri@company.example>",
        subject="ご請求金額のお知らせ",
        html='<a href="https://www.rakuten-card.co.jp/e-navi/">e-NAVI</a> <a href="https://survey.example/1">アンケート</a>',
        headers=[("List-Id", "<keiri.company.example>")],
        results=passed("company.example"),
        owner=OWNER,
    ),
    "the card's notice, forwarded by a university, which keeps the signature": mail(
        author="三井住友カード <statement@vpass.ne.jp>",
        subject="ご利用のお知らせ",
        text="https://www.smbc-card.com/mem/",
        results="spf=fail smtp.mailfrom=vpass.ne.jp; dkim=pass header.d=vpass.ne.jp; dmarc=pass",
        received="from fw.univ.example (fw.univ.example [192.0.2.60])",
    ),
    "the same, rewritten by the forwarder so that only it is vouched for": mail(
        author="三井住友カード <statement@vpass.ne.jp>",
        subject="ご利用のお知らせ",
        text="https://www.smbc-card.com/mem/",
        results="spf=pass smtp.mailfrom=srs0=x=vpass.ne.jp=a@univ.example; dkim=fail; dmarc=fail",
        headers=[("X-Forwarded-For", "taro@univ.example taro@example.jp")],
        received="from fw.univ.example (fw.univ.example [192.0.2.60])",
    ),
    "a note to oneself from another provider": mail(
        author="taro <taro@company.example>",
        to="taro@company.example",
        subject="Amazonで買うもの",
        text="https://bit.ly/3mEmo",
        results="spf=softfail; dmarc=fail",
        owner=OWNER,
    ),
    "a scan that the printer sends in its owner's name": mail(
        author="taro@company.example",
        to="taro@company.example",
        subject="Scanned document",
        attachments=[("scan0001.pdf", PDF)],
        results="spf=fail; dmarc=fail",
        received="from printer (unknown [192.0.2.99])",
        owner=OWNER,
    ),
    "a bounce of one's own mail to the card": mail(
        author="Mail Delivery System <MAILER-DAEMON@mx.provider.example>",
        subject="Undelivered Mail Returned to Sender",
        text="This is the mail system. Your message to info@smbc-card.com could not be delivered. PayPal",
        received="from mx.provider.example (mx.provider.example [192.0.2.3])",
    ),
    "a mail that was exported without its transport headers": mail(
        author="三井住友カード <statement@vpass.ne.jp>", text="https://www.smbc-card.com/mem/", received="by nobody"
    ),
    "a user of the provider that is a brand": mail(
        author="太郎 <taro@yahoo.co.jp>",
        subject="ヤフオクの取引について",
        text="https://auctions.yahoo.co.jp/item/1",
        results="spf=softfail; dkim=none",
    ),
    "a student on the lecture's pages at a page host": mail(
        author="佐藤 <s123@univ.example>",
        subject="Google Drive の資料",
        text="https://drive.google.com/file/d/1/view https://forms.gle/abc",
        results=SOFT,
    ),
    "a museum's letter about an artist and a savings bank": mail(
        author="Museum Ludwig <post@museum.example>",
        subject="Ausstellung, gefördert von der Sparkasse und der Deutschen Telekom",
        html='<img src="https://museum.example/a.jpg"><a href="https://museum.example/">Mehr</a>',
        results=SOFT,
    ),
    "a colleague in Paris writes about La Poste": mail(
        author="Hélène Petit <helene@bureau.example>",
        subject="Colissimo : numéro de suivi",
        text="Voici le suivi : https://www.laposte.fr/outils/suivre-vos-envois?code=1",
        attachments=[("facture.pdf", PDF)],
        received="from smtp.bureau.example (unknown [192.0.2.33])",
    ),
    "a friend in Brazil writes about the parcel": mail(
        author="João <joao@amigo.example>",
        subject="Encomenda pelos Correios",
        text="O código é AA123. Depois te mando pelo Mercado Pago. https://bit.ly/3cOrr",
        results=SOFT,
    ),
}


@pytest.mark.parametrize("row", WANTED.values(), ids=WANTED)
def test_stays(row: Row) -> None:
    """To write about a brand is not to pose as it: the mail is not moved."""
    assert not judge(examine(row(), load())).suspicious
