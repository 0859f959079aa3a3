"""Mail that must stay: all detectors and the judge together, on shops, services, offices and their newsletters."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.kit.archives import PDF
from tests.kit.inquiries import Row, mail, passed
from watcher.detectors import examine, load
from watcher.judge import judge
from watcher.model import Inquiry

SOFT = "spf=softfail; dkim=none"
NAMELESS = "from mail.shop.example (unknown [192.0.2.5])"
RENTED = "from mail.shop.example (192-0-2-5.vps.example [192.0.2.5])"
BY_SERVICE = "from o1.ptr.sendgrid.net (o1.ptr.sendgrid.net [192.0.2.21])"
NOTE = [("納品書.pdf", PDF)]
SIGNED = "v=1; a=rsa-sha256; d={}; s=a; b=abc"


def picture(link: str, words: str = "") -> str:
    """A newsletter that is a picture."""
    return f'<a href="{link}"><img src="https://img.example/a.jpg"></a><p>{words}</p>'


def of_year(year: int, row: Row) -> Row:
    """The same mail, received long ago."""

    def inquire() -> Inquiry:
        inquiry = row()
        headers = tuple((name, value.replace(" 2026 ", f" {year} ")) for name, value in inquiry.message.headers)
        return replace(inquiry, message=replace(inquiry.message, headers=headers))

    return inquire


WANTED = {
    "a shop tells of a parcel by Yamato": mail(
        author="お茶の店 <shop@ocha.example>",
        subject="【ヤマト運輸】商品発送のお知らせ",
        text="https://toi.kuronekoyamato.co.jp/cgi-bin/tneko?1 https://ocha.example/order/1",
        results=passed("ocha.example"),
    ),
    "the same without reverse DNS": mail(
        author="お茶の店 <shop@ocha.example>",
        subject="【ヤマト運輸】商品発送のお知らせ",
        text="https://toi.kuronekoyamato.co.jp/cgi-bin/tneko?1 https://ocha.example/order/1",
        received=NAMELESS,
    ),
    "the same with the delivery note": mail(
        author="お茶の店 <shop@ocha.example>",
        subject="【ヤマト運輸】商品発送のお知らせ",
        text="https://toi.kuronekoyamato.co.jp/cgi-bin/tneko?1",
        attachments=NOTE,
        results=passed("ocha.example"),
    ),
    "a shop under .com tells of a parcel by Sagawa": mail(
        author="お茶の店 <shop@example.com>",
        subject="【佐川急便】商品発送のお知らせ",
        text="https://k2k.sagawa-exp.co.jp/p/web/okurijosearch.do https://example.com/order/1",
        results=passed("example.com"),
    ),
    "a shop under .com tells of a parcel by the post": mail(
        author="お茶の店 <shop@example.com>",
        subject="ゆうパックで発送しました",
        text="https://trackings.post.japanpost.jp/services/srv/search/ https://example.com/order/1",
        results=SOFT,
    ),
    "a shop with the delivery note for a parcel by the post": mail(
        author="古書 みなと堂 <info@minato-kosho.example>",
        subject="【レターパック】発送のご連絡",
        attachments=NOTE,
        text="https://minato-kosho.example/",
        results=passed("minato-kosho.example"),
    ),
    "a hotel confirms a reservation": mail(
        author="ホテル海風 <yoyaku@umikaze.example>",
        subject="【Booking.com】ご予約確認",
        text="https://umikaze.example/ https://www.booking.com/hotel/jp/umikaze.html",
        results=passed("umikaze.example"),
    ),
    "the same hotel, whose provider fails it softly": mail(
        author="ホテル海風 <yoyaku@umikaze.example>",
        subject="【Booking.com】ご予約確認",
        text="https://umikaze.example/",
        results=SOFT,
    ),
    "a hotel by way of the portal": mail(
        author="ホテル海風 via Booking.com <123-abc@guest.booking.com>",
        subject="ご宿泊について",
        text="https://umikaze.example/map https://forms.gle/abc",
        results=passed("guest.booking.com"),
    ),
    "a seller on the market place, by the shop's relay": mail(
        author="カメラ堂 - Amazon マーケットプレイス <abc123@marketplace.amazon.co.jp>",
        subject="ご注文 250-1 について",
        text="https://camera-do.example/manual",
        results=passed("marketplace.amazon.co.jp"),
    ),
    "the same seller from its own address": mail(
        author="カメラ堂（Amazon店） <info@camera-do.example>",
        subject="Amazonでのご購入ありがとうございます",
        text="https://camera-do.example/review",
        results=SOFT,
    ),
    "a shop in a mall, with its name": mail(
        author="お茶の店 楽天市場店 <ocha@shop.example>",
        subject="【楽天スーパーSALE】全品半額",
        html=picture("https://item.rakuten.co.jp/ocha/1", "配信停止"),
        results=passed("shop.example"),
    ),
    "a shopping street's campaign": mail(
        author="みなと商店街 <info@minato-shotengai.example>",
        subject="【PayPay】最大20%戻ってくるキャンペーン",
        text="https://minato-shotengai.example/paypay",
        results=SOFT,
    ),
    "a coupon as a picture, headed by the way to pay": mail(
        author="ドラッグみなと <news@drug-minato.example>",
        subject="【dポイント】3倍デー",
        html=picture("https://drug-minato.example/coupon"),
        results=passed("drug-minato.example"),
    ),
    "a coupon as a picture, counted by a service": mail(
        author="ドラッグみなと <news@drug-minato.example>",
        subject="【Amazonギフト券】が当たる秋のキャンペーン",
        html=picture("https://u1.ct.sendgrid.net/ls/click?upn=abc"),
        results=passed("drug-minato.example"),
        received=BY_SERVICE,
    ),
    "a school's messages": mail(
        author="みなと小学校 連絡網 <no-reply@renraku.example>",
        subject="【重要】明日の登校について",
        text="https://renraku.example/m/1",
        results=SOFT,
    ),
    "gifts to one's home town": mail(
        author="ふるさと納税みなと <info@furusato-minato.example>",
        subject="【楽天ポイント】が貯まる! 返礼品のご案内",
        text="https://furusato-minato.example/ https://bit.ly/3fUrU",
        results=passed("furusato-minato.example"),
    ),
    "a receipt by a merchant": mail(
        author="手芸店 <order@shugei.example>",
        subject="[PayPal] お支払い確認のお知らせ",
        attachments=[("領収書.pdf", PDF)],
        text="https://shugei.example/order/1",
        results=passed("shugei.example"),
    ),
    "a receipt by the way to pay": mail(
        author="花屋 via Square <messenger@messaging.squareup.com>",
        subject="花屋の領収書",
        html=picture("https://squareup.com/receipt/preview/1"),
        results=passed("messaging.squareup.com"),
    ),
    "a credit union with a domain of its own": mail(
        author="みなと信用金庫 <info@minato-shinkin.example>",
        subject="年末年始の営業のお知らせ",
        text="https://www.minato-shinkin.example/",
        results=passed("minato-shinkin.example"),
    ),
    "the same, from a rented machine": mail(
        author="みなと信用金庫 <info@minato-shinkin.example>",
        subject="年末年始の営業のお知らせ",
        text="https://www.minato-shinkin.example/",
        received=RENTED,
    ),
    "a farmers' union": mail(
        author="みなと農協 <info@ja-minato.example>",
        subject="JAカード会員さまへ 直売所のご案内",
        text="https://ja-minato.example/",
        received=NAMELESS,
    ),
    "a water board of another town": mail(
        author="水道局 <suido@city.minato.example>",
        subject="断水のお知らせ",
        text="https://www.city.minato.example/suido/",
        received=RENTED,
    ),
    "a police station's messages": mail(
        author="みなと警察署 <anzen@police-minato.example>",
        subject="還付金詐欺にご注意ください",
        text="https://www.police-minato.example/",
        results=SOFT,
    ),
    "a card with a partner's name": mail(
        author="みなと百貨店カード <card@minato-depart.example>",
        subject="【JCB】秋のキャッシュバックキャンペーン",
        text="https://card.minato-depart.example/",
        results=passed("minato-depart.example"),
    ),
    "a bank's card of a card company": mail(
        author="みなと銀行JCBカード <card@minato-bank.example>",
        subject="ご利用代金明細のお知らせ",
        text="https://www.minato-bank.example/jcb/",
        results=passed("minato-bank.example"),
    ),
    "a sister company of the brand": mail(
        author="楽天生命 <info@rakuten-life.co.jp>",
        subject="保険料控除証明書のお知らせ",
        text="https://www.rakuten-life.co.jp/",
        results=passed("rakuten-life.co.jp"),
    ),
    "a second one": mail(
        author="PayPay証券 <info@paypay-sec.co.jp>",
        subject="11月のマーケット",
        text="https://www.paypay-sec.co.jp/",
        results=passed("paypay-sec.co.jp"),
    ),
    "a third one": mail(
        author="イオンモール <news@aeonmall.com>",
        subject="ブラックフライデー",
        html=picture("https://www.aeonmall.com/sale"),
        results=passed("aeonmall.com"),
    ),
    "a bank's sister that only shares its name": mail(
        author="三井住友海上 <info@ms-ins.com>",
        subject="【三井住友海上】ご契約内容のお知らせ",
        text="https://www.ms-ins.com/",
        attachments=[("ご契約内容.pdf", PDF)],
        results=passed("ms-ins.com"),
    ),
    "a builder of flats": mail(
        author="野村不動産 <info@nomura-re.co.jp>",
        subject="新築物件のご案内",
        html=picture("https://www.nomura-re.co.jp/"),
        results=passed("nomura-re.co.jp"),
    ),
    "a card of a bank's group from a domain that is not listed": mail(
        author="りそなカード <info@resonacard.co.jp>",
        subject="ポイントのお知らせ",
        text="https://www.resonacard.co.jp/",
        results=passed("resonacard.co.jp"),
    ),
    "the brand itself, where the server writes no results": mail(
        author="三井住友カード <statement@vpass.ne.jp>",
        subject="【三井住友カード】ご利用のお知らせ",
        text="https://www.smbc-card.com/mem/",
        headers=[("DKIM-Signature", SIGNED.format("vpass.ne.jp"))],
        received="from mta1.vpass.ne.jp (mta1.vpass.ne.jp [192.0.2.30])",
    ),
    "the brand itself, behind Exchange": mail(
        author="Amazon.co.jp <shipment-tracking@amazon.co.jp>",
        subject="発送済み: 本",
        text="https://www.amazon.co.jp/progress-tracker/ https://bit.ly/3aMz",
        headers=[("DKIM-Signature", SIGNED.format("amazon.co.jp"))],
        received="from a8-1.smtp-out.amazonses.com (192.0.2.31)",
    ),
    "an old newsletter, from before brands signed": of_year(
        2012,
        mail(
            author="楽天市場 <info@rakuten.co.jp>",
            subject="【楽天市場】ポイントのお知らせ",
            text="https://www.rakuten.co.jp/ https://c.counter.example/1",
            received="from mkrm3.rakuten.co.jp (mkrm3.rakuten.co.jp [192.0.2.50])",
        ),
    ),
    "an old bill, sent by a company that is not known to send for the brand": of_year(
        2014,
        mail(
            author="NTTドコモ <info@mydocomo.com>",
            subject="ご利用料金のお知らせ",
            text="https://www.nttdocomo.co.jp/",
            received="from m1.outsourcer.example (m1.outsourcer.example [192.0.2.51])",
        ),
    ),
    "a German savings bank of a town, with a picture": mail(
        author="Sparkasse Musterstadt <newsletter@sparkasse-musterstadt.example>",
        subject="Ihr Newsletter im November",
        html=picture("https://www.sparkasse-musterstadt.example/", "Abmelden"),
        results=passed("sparkasse-musterstadt.example"),
    ),
    "a German people's bank, from a rented machine": mail(
        author="Volksbank Ulm <service@volksbank-ulm.example>",
        subject="Einladung zur Vertreterversammlung",
        text="https://www.volksbank-ulm.example/",
        received=RENTED,
    ),
    "a German chain by its mailing service": mail(
        author="Tchibo <newsletter@news.tchibo.de>",
        subject="Jede Woche eine neue Welt",
        html=picture("https://click.news.tchibo.de/?qs=1", "Abmelden"),
        results=passed("news.tchibo.de"),
        received="from mta1.exacttarget.com (mta1.exacttarget.com [192.0.2.22])",
    ),
    "a German bookshop tells of a parcel": mail(
        author="Buchhandlung Müller <info@buch-mueller.example>",
        subject="DHL Sendungsverfolgung zu Ihrer Bestellung",
        text="https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html https://buch-mueller.example/b/1",
        attachments=[("Rechnung.pdf", PDF)],
        results=SOFT,
    ),
    "a French bookseller by its own domain": mail(
        author="Cultura <newsletter@news.cultura.com>",
        subject="Vos idées cadeaux",
        html=picture("https://www.cultura.com/noel", "Se désinscrire"),
        results=passed("news.cultura.com"),
    ),
    "a French baker whose name is a chain's": mail(
        author="Boulangerie Leclerc <contact@boulangerie-leclerc.example>",
        subject="Galettes : pré-commandes",
        text="https://boulangerie-leclerc.example/ https://forms.gle/abc",
        results=SOFT,
    ),
    "a Portuguese shop by a mailing service": mail(
        author="Livraria Porto Editora <noticias@wook.pt>",
        subject="Livros em destaque",
        html=picture("https://click.e.wook.pt/1", "Cancelar subscrição"),
        results=passed("wook.pt"),
        received=BY_SERVICE,
    ),
    "a Brazilian shop tells of the post": mail(
        author="Ateliê da Ana <contato@atelie-ana.example>",
        subject="[Correios] Código de rastreio do seu pedido",
        text="https://rastreamento.correios.com.br/ https://atelie-ana.example/pedido/1",
        results=SOFT,
    ),
    "an airline club's partner": mail(
        author="みなとゴルフ倶楽部 <club@minato-golf.example>",
        subject="【ANAマイレージクラブ】提携のご案内",
        text="https://minato-golf.example/ana",
        received=NAMELESS,
    ),
    "a stamp club": mail(
        author="郵便局切手クラブ <club@kitte-club.example>",
        subject="11月の記念切手",
        attachments=[("会報.pdf", PDF)],
        text="https://kitte-club.example/",
        results=passed("kitte-club.example"),
    ),
}


@pytest.mark.parametrize("row", WANTED.values(), ids=WANTED)
def test_stays(row: Row) -> None:
    """Shops name who delivers and how one pays, and are not moved."""
    assert not judge(examine(row(), load())).suspicious
