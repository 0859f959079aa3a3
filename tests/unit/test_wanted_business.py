"""Mail that must stay: all detectors and the judge together, on what reaches a desk in an office."""

from __future__ import annotations

import pytest

from tests.kit.archives import PDF, Raw, pack_raw_zip
from tests.kit.inquiries import Row, mail, passed
from watcher.detectors import examine, load
from watcher.judge import judge

OWNER = ("taro@company.example",)
SOFT = "spf=softfail; dkim=none"
NONE = "spf=none; dkim=none"
NAMELESS = "from mail.partner.example (unknown [192.0.2.5])"
RENTED = "from mail.partner.example (v192-0-2-5.hosting.example [192.0.2.5])"
EXCHANGE = "from mail.partner.example (192.0.2.9)"
NO_ID = [
    ("Authentication-Results", "spf=pass (sender IP is 192.0.2.9) smtp.mailfrom=partner.example; dkim=none; dmarc=none")
]
BILL = [("請求書_202611.pdf", PDF)]
LOCKED = [("見積書.zip", pack_raw_zip([Raw("見積書.xlsx".encode("cp932"), b"0123456789abcdef", flags=1)]))]
PARTNER = "山本 誠 <makoto@partner.example>"
TAX = "山本税理士事務所 <office@yamamoto-tax.example>"
LABOUR = "社会保険労務士法人みなと <info@minato-sr.example>"

WANTED = {
    "a quotation for licences": mail(
        author="株式会社西日本OA販売 <sales@nishi-oa.example>",
        subject="【お見積書】Microsoft 365 ライセンス更新",
        attachments=[("お見積書.pdf", PDF)],
        text="Microsoft 365 Business の更新をご案内します。 https://www.nishi-oa.example/",
        results=SOFT,
    ),
    "a quotation whose subject is headed by the product": mail(
        author="株式会社西日本OA販売 <sales@nishi-oa.example>",
        subject="【Microsoft 365】ライセンス更新のお見積り",
        attachments=[("お見積書.pdf", PDF)],
        text="https://www.nishi-oa.example/",
        results=passed("nishi-oa.example"),
    ),
    "the same from a dealer who cannot set up SPF": mail(
        author="株式会社西日本OA販売 <sales@nishi-oa.example>",
        subject="【Microsoft 365】ライセンス更新のお見積り",
        text="https://www.nishi-oa.example/",
        results=SOFT,
    ),
    "an invoice for cloud services by a reseller": mail(
        author="クラウド販売株式会社 <billing@cloud-hanbai.example>",
        subject="【AWS】11月ご利用料金のご請求",
        attachments=BILL,
        text="Amazon Web Services のご利用料金です。 https://portal.cloud-hanbai.example/",
        results=passed("cloud-hanbai.example"),
    ),
    "an encrypted archive in a running conversation": mail(
        author=PARTNER,
        subject="Re: 【三井住友カード】法人カードの件",
        attachments=LOCKED,
        text="見積書をお送りします。パスワードは別便でお送りします。",
        headers=[("References", "<1@company.example>"), ("In-Reply-To", "<1@company.example>")],
        results=SOFT,
    ),
    "its password, a mail later": mail(
        author=PARTNER, subject="Re: パスワードのお知らせ", text="パスワード: minato2026", received=NAMELESS
    ),
    "a date for a meeting": mail(
        author=PARTNER,
        subject="打ち合わせの日程調整のお願い",
        text="候補日をお選びください。 https://calendly.com/makoto/30min",
        results=SOFT,
    ),
    "an invitation to Zoom from a partner's own domain": mail(
        author=PARTNER,
        subject="Zoomミーティングのご招待",
        text="Zoom ミーティングに参加する\nhttps://us02web.zoom.us/j/123456789?pwd=abc",
        attachments=[("invite.ics", b"BEGIN:VCALENDAR")],
        results=SOFT,
    ),
    "a webinar whose name is in the sender's": mail(
        author="Zoomウェビナー事務局（株式会社みなと研修） <seminar@minato-kenshu.example>",
        subject="明日開催: 電子帳簿保存法セミナー",
        text="https://us02web.zoom.us/w/123 https://minato-kenshu.example/",
        results=passed("minato-kenshu.example"),
    ),
    "an invitation to Teams, organised by a partner": mail(
        author=PARTNER,
        subject="Microsoft Teams 会議のご案内",
        text="Microsoft Teams ミーティング\nhttps://teams.microsoft.com/l/meetup-join/19%3ameeting",
        received=EXCHANGE,
        headers=NO_ID,
    ),
    "an invitation to Meet, sent by the calendar for its user": mail(
        author=PARTNER,
        subject="招待: 定例会 - 2026年 11月 25日 (taro@company.example)",
        html='<a href="https://meet.google.com/abc-defg-hij">Google Meet に参加する</a>'
        '<a href="https://calendar.google.com/calendar/event?action=VIEW">Google カレンダー</a>',
        attachments=[("invite.ics", b"BEGIN:VCALENDAR")],
        results="dkim=pass header.d=google.com; spf=pass smtp.mailfrom=x@calendar-server.bounces.google.com",
        received="from mail-a.google.com (mail-a.google.com [192.0.2.80])",
    ),
    "a file shared through the service itself": mail(
        author="山本 誠（Google ドライブ経由） <drive-shares-dm-noreply@google.com>",
        subject="共有アイテム: 「議事録」",
        html='<a href="https://docs.google.com/document/d/1/edit">開く</a>',
        headers=[("Reply-To", "makoto@partner.example")],
        results=passed("google.com"),
    ),
    "a file shared by a colleague's own mail": mail(
        author="佐藤 恵 <megumi@company.example>",
        to="taro@company.example",
        subject="Google ドライブに議事録を置きました",
        text="https://docs.google.com/document/d/1/edit",
        received="from smtp.company.example (smtp.company.example [192.0.2.40])",
        owner=OWNER,
    ),
    "a folder on Dropbox from a partner": mail(
        author=PARTNER, subject="Dropboxフォルダのご共有", text="https://www.dropbox.com/scl/fo/abc", results=NONE
    ),
    "a folder on Box from a partner without reverse DNS": mail(
        author=PARTNER, subject="Box 共有リンク", text="https://app.box.com/s/abc", received=NAMELESS
    ),
    "a large file by a file host": mail(
        author=PARTNER,
        subject="カタログデータ送付の件",
        text="ギガファイル便: https://12.gigafile.nu/1122-abc",
        results=SOFT,
    ),
    "the tax adviser on the tax office": mail(
        author=TAX,
        subject="国税庁からの「お尋ね」について",
        attachments=[("回答案.pdf", PDF)],
        results=SOFT,
    ),
    "the tax adviser sends the receipt of the declaration": mail(
        author=TAX,
        subject="【e-Tax】申告完了のご報告",
        attachments=[("受信通知.pdf", PDF), ("申告書控え.pdf", PDF)],
        text="e-Tax により申告いたしました。",
        results=passed("yamamoto-tax.example"),
    ),
    "an association that teaches e-Tax": mail(
        author="青色申告会 e-Tax相談係 <etax@aoiro.example>",
        subject="個別相談のご予約",
        text="https://aoiro.example/yoyaku",
        results=passed("aoiro.example"),
    ),
    "the labour adviser on the pension service": mail(
        author=LABOUR,
        subject="【日本年金機構】算定基礎届のご案内",
        attachments=[("算定基礎届.pdf", PDF)],
        text="https://minato-sr.example/news/1",
        results=SOFT,
    ),
    "the labour adviser on the portal of the state": mail(
        author=LABOUR,
        subject="マイナポータルの委任について",
        text="こちらから https://myna.go.jp/ を開いてください。 https://forms.gle/abc",
        results=NONE,
    ),
    "a consultant on subsidies of the ministry": mail(
        author="みなと経営サポート <info@minato-keiei.example>",
        subject="【厚生労働省】雇用関係助成金のご案内",
        text="https://minato-keiei.example/josei",
        received=RENTED,
    ),
    "a contract by the service that signs": mail(
        author="山本 誠 (Docusign経由) <dse_NA4@docusign.net>",
        subject="Docusignで署名してください: 業務委託契約書",
        html='<a href="https://na4.docusign.net/Signing/?ti=1">文書の確認</a>',
        headers=[("Reply-To", "makoto@partner.example")],
        results=passed("docusign.net"),
    ),
    "the own help desk asks by a form": mail(
        author="情報システム部 <it@company.example>",
        to="taro@company.example",
        subject="パソコン利用状況の調査",
        text="https://forms.office.com/r/abc",
        results=passed("company.example"),
        owner=OWNER,
    ),
    "the own help desk, within the house": mail(
        author="ヘルプデスク <helpdesk@company.example>",
        to="taro@company.example",
        subject="メールボックスの容量について",
        text="http://192.168.1.20/manual https://forms.office.com/r/abc",
        received="from exch01.company.example (exch01.company.example [10.0.0.5])",
        owner=OWNER,
    ),
    "the own help desk, by a server that writes no results": mail(
        author="情報システム部 <it@company.example>",
        to="taro@company.example",
        subject="パソコン利用状況の調査",
        text="https://forms.office.com/r/abc",
        received="from smtp.company.example (smtp.company.example [192.0.2.40])",
        owner=OWNER,
    ),
    "the help desk of the university": mail(
        author="情報システム課 <isc@univ.example>",
        to="taro@univ.example",
        subject="全学メールの停止時間",
        text="https://www.isc.univ.example/ https://forms.gle/abc",
        results=passed("univ.example"),
        owner=("taro@univ.example",),
    ),
    "the firm that looks after the machines": mail(
        author="ヘルプデスク <helpdesk@it-partner.example>",
        to="taro@company.example",
        subject="[#1234] お問い合わせの件",
        text="https://it-partner.example/ticket/1234",
        results=passed("it-partner.example"),
        owner=OWNER,
    ),
    "the same firm asks whether one was pleased, where the server writes no results": mail(
        author="ヘルプデスク <helpdesk@it-partner.example>",
        to="taro@company.example",
        subject="[#1234] 満足度アンケート",
        text="https://forms.office.com/r/abc https://it-partner.example/ticket/1234",
        owner=OWNER,
    ),
    "a time clock in the cloud writes in the firm's name": mail(
        author="勤怠管理システム <noreply@company.example>",
        to="taro@company.example",
        subject="打刻漏れのお知らせ",
        text="https://kintai.saas.example/login",
        results="spf=softfail; dmarc=fail",
        received="from out.saas.example (out.saas.example [192.0.2.70])",
        owner=OWNER,
    ),
    "the scanner in the corridor writes in the firm's name": mail(
        author="複合機 3F <scan@company.example>",
        to="taro@company.example",
        subject="Scan Data",
        attachments=[("20261124.pdf", PDF)],
        results="spf=fail",
        received="from [192.0.2.99] (helo=mfp)",
        owner=OWNER,
    ),
    "the quarantine of the own firm": mail(
        author="Quarantine <quarantine@company.example>",
        to="taro@company.example",
        subject="Spam Quarantine Notification",
        html='<a href="http://10.1.2.3:83/Search?h=1">View</a>',
        results=passed("company.example"),
        owner=OWNER,
    ),
    "the printer's cloud names the reader's own address": mail(
        author="scan@company.example <no-reply@print-cloud.example>",
        to="taro@company.example",
        subject="Scan",
        attachments=[("1.pdf", PDF)],
        results=passed("print-cloud.example"),
        owner=OWNER,
    ),
    "a signature service names the reader's own address": mail(
        author="yamada@company.example via Docusign <dse@docusign.net>",
        to="taro@company.example",
        subject="Completed: 契約書",
        html='<a href="https://na4.docusign.net/1">View</a>',
        results=passed("docusign.net"),
        owner=OWNER,
    ),
    "a supplier's shipping department, softly failed": mail(
        author="Shipping Department <shipping@pacific-forward.example>",
        subject="B/L and invoice for your order 4711",
        attachments=[("BL.pdf", PDF)],
        text="Track: https://www.pacific-forward.example/t/4711",
        results=SOFT,
    ),
    "a small courier with links of its own": mail(
        author="Express Delivery <info@express-delivery.example>",
        subject="集荷完了のお知らせ",
        text="https://express-delivery.example/t/1",
        results=passed("express-delivery.example"),
    ),
    "the same courier, where SPF fails softly": mail(
        author="Express Delivery <info@express-delivery.example>",
        subject="集荷完了のお知らせ",
        text="https://express-delivery.example/t/1",
        results=SOFT,
    ),
    "a hosting firm's cloud service": mail(
        author="クラウドサービス <info@minato-hosting.example>",
        subject="メンテナンスのお知らせ",
        text="https://www.minato-hosting.example/news/1",
        received=RENTED,
    ),
    "the office of a campaign, at an agency": mail(
        author="キャンペーン事務局 <campaign@agency.example>",
        subject="ご応募ありがとうございます",
        text="https://maker.example/campaign https://x.gd/AbCdE",
        results=passed("agency.example"),
    ),
    "the same campaign as a picture": mail(
        author="キャンペーン事務局 <campaign@agency.example>",
        subject="秋のプレゼントキャンペーン",
        html='<a href="https://maker.example/campaign"><img src="https://maker.example/a.jpg"></a>配信停止はこちら',
        results=passed("agency.example"),
    ),
    "a consultant who bears a title": mail(
        author="鈴木 一郎（Microsoft MVP） <ichiro@suzuki-consul.example>",
        subject="先日の勉強会の資料",
        text="https://suzuki-consul.example/slides",
        results=passed("suzuki-consul.example"),
    ),
    "a newsletter on selling at a shop": mail(
        author="Amazon物販スクール 通信 <news@buppan.example>",
        subject="第12号: 年末商戦の準備",
        text="https://buppan.example/12",
        results=passed("buppan.example"),
    ),
    "a recruiting agency that fills places at a brand": mail(
        author="みなと人材（Amazon採用担当） <jobs@minato-jinzai.example>",
        subject="ご応募の件",
        text="https://minato-jinzai.example/jobs/1",
        results=passed("minato-jinzai.example"),
    ),
    "a partner behind Exchange, about the bank's transfer": mail(
        author=PARTNER,
        subject="三菱UFJ銀行の口座変更について",
        attachments=BILL,
        text="https://partner.example/",
        received=EXCHANGE,
        headers=NO_ID,
    ),
    "a chamber of commerce on the ministry's portal": mail(
        author="みなと商工会議所 <info@minato-cci.example>",
        subject="【マイナポータル】【e-Tax】操作講習会",
        text="https://minato-cci.example/e1",
        attachments=[("申込書.pdf", PDF)],
        results=SOFT,
    ),
    "the bank's transfer, told by the accounts department": mail(
        author="経理部 <keiri@partner.example>",
        subject="お振込完了のご連絡（みずほ銀行）",
        attachments=[("支払通知書.pdf", PDF)],
        results=NONE,
        received=RENTED,
    ),
}


@pytest.mark.parametrize("row", WANTED.values(), ids=WANTED)
def test_stays(row: Row) -> None:
    """Partners, advisers and the own help desk are not moved, however their servers are set up."""
    assert not judge(examine(row(), load())).suspicious
