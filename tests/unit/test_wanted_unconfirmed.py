"""Mail that must stay: all detectors and the judge together, on honest senders whom no server confirms.

Many providers write no results at all, and small firms send by services that sign with names of their own.
"""

from __future__ import annotations

import pytest

from tests.kit.archives import PDF
from tests.kit.inquiries import Row, mail, passed
from watcher.detectors import examine, load
from watcher.judge import judge

OWNER = ("taro@company.example",)
SOFT = "spf=softfail; dkim=none"
SERVICE = "spf=pass smtp.mailfrom=b@bounce.mailer.example; dkim=pass header.d=mailer.example; dmarc=none"
"""A mailing service that signs with its own name only."""
NAMELESS = "from mail.firm.example (unknown [192.0.2.5])"
RENTED = "from mail.firm.example (v192-0-2-5.vps.example [192.0.2.5])"


def picture(link: str) -> str:
    """A newsletter that is a picture."""
    return f'<a href="{link}"><img src="https://img.example/a.jpg"></a><p>配信停止</p>'


WANTED = {
    "a consultant who bears a title": mail(
        author="鈴木 一郎（Microsoft MVP） <ichiro@suzuki-consul.example>",
        subject="先日の勉強会の資料",
        text="https://suzuki-consul.example/slides",
    ),
    "a course on selling, by a service": mail(
        author="Amazon物販スクール 通信 <news@buppan.example>",
        subject="第12号: 年末商戦の準備",
        text="https://buppan.example/12",
        results=SERVICE,
    ),
    "former employees of a bank": mail(
        author="三菱UFJ銀行OB会 <jimu@ob-kai.example>", subject="忘年会のご案内", text="https://ob-kai.example/bonenkai"
    ),
    "the union of a brand's workers, without reverse DNS": mail(
        author="東京電力労働組合 <news@kumiai.example>",
        subject="組合ニュース 11月号",
        text="https://kumiai.example/",
        received=NAMELESS,
    ),
    "fans of a maker of games": mail(
        author="任天堂ファンクラブ通信 <news@gamefan.example>",
        subject="今月の話題",
        text="https://gamefan.example/",
        results=SERVICE,
    ),
    "users of a cloud": mail(
        author="Google Workspace 勉強会 <gws@study.example>",
        subject="第8回のお知らせ",
        text="https://study.example/8",
        received="from mail.study.example (192.0.2.9)",
    ),
    "a shop of the telephone company, run by another": mail(
        author="ドコモショップみなと店 <ds-minato@keitai-daiko.example>",
        subject="ご来店予約の確認",
        text="https://keitai-daiko.example/yoyaku",
    ),
    "a shop of the gas company, run by another, confirmed": mail(
        author="大阪ガスサービスショップみなと <info@gas-minato.example>",
        subject="ガス機器の点検",
        text="https://gas-minato.example/",
        results=passed("gas-minato.example"),
    ),
    "a travel agency that sells an airline's tours": mail(
        author="みなとトラベル（ANAトラベラーズ取扱店） <tour@minato-travel.example>",
        subject="ご旅程表",
        attachments=[("旅程表.pdf", PDF)],
        text="https://minato-travel.example/",
    ),
    "a seller whose mailbox is called like the shop, by a service": mail(
        author="カメラ堂 <amazon@camera-do.example>",
        subject="ご注文ありがとうございます",
        text="https://camera-do.example/order/1",
        results=SERVICE,
    ),
    "a town's office on a false mail": mail(
        author="みなと市消費生活センター <shohi@city-minato.example>",
        subject="「Amazonのアカウントを停止しました」は偽メールです",
        text="https://city-minato.example/shohi/1",
        attachments=[("注意喚起.pdf", PDF)],
        results=SOFT,
    ),
    "a letter of news on a brand": mail(
        author="みなと経済通信 <news@keizai.example>",
        subject="【速報】楽天モバイル、最強プランを改定",
        text="https://click.keizai.example/1 https://keizai.example/1",
    ),
    "a board of tasks in the cloud": mail(
        author="山本 誠（Backlog） <notifications@backlog.example>",
        subject="[SMBC-12] 三井住友銀行 連携仕様",
        text="https://partner.backlog.example/view/SMBC-12",
        results=SERVICE,
    ),
    "a firm of the telephone company": mail(
        author="NTTコミュニケーションズ <support@ntt.com>",
        subject="工事日のお知らせ",
        text="https://www.ntt.com/",
        results=passed("ntt.com"),
    ),
    "a French insurer's agent": mail(
        author="Agence Petit <agence@petit-assur.example>",
        subject="[Ameli] Vos remboursements : comment ça marche",
        text="https://petit-assur.example/ameli https://www.ameli.fr/",
        received=RENTED,
    ),
    "a Portuguese bookkeeper on the tax": mail(
        author="Contabilidade Silva <silva@contas.example>",
        subject="Receita Federal: prazo do imposto",
        attachments=[("darf.pdf", PDF)],
        text="https://contas.example/",
        results=SOFT,
    ),
    "a British bookkeeper on the tax": mail(
        author="Smith Accounting <smith@books.example>",
        subject="HMRC self assessment deadline",
        attachments=[("return.pdf", PDF)],
        text="https://books.example/ https://www.gov.uk/self-assessment",
        received=NAMELESS,
    ),
}


@pytest.mark.parametrize("row", WANTED.values(), ids=WANTED)
def test_stays(row: Row) -> None:
    """Nobody's word for the sender is no word against him: the mail is not moved."""
    assert not judge(examine(row(), load())).suspicious
