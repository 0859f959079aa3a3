"""Names in texts: which brand is named, what only looks like a name, and whose a host is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from watcher.brands import BrandCatalogue, load
from watcher.model import Mention


@pytest.fixture(scope="module")
def catalogue() -> BrandCatalogue:
    """The brands that come with Watcher."""
    return load()


def words(text: str, mentions: Iterator[Mention]) -> list[tuple[str, str, str]]:
    """Brand, real name and the words in the text, of each mention."""
    return [(mention.brand, mention.name, text[mention.start : mention.end]) for mention in mentions]


class TestFind:
    """Brands named in a text."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("【日本郵便】お荷物のお届け", [("japan_post", "日本郵便", "日本郵便")]),
            ("株式会社日本郵便サービス", [("japan_post", "日本郵便", "日本郵便")]),
            ("楽天カード", [("rakuten_card", "楽天カード", "楽天カード")]),
            (
                "楽天カードと楽天市場と楽天",
                [
                    ("rakuten_card", "楽天カード", "楽天カード"),
                    ("rakuten", "楽天市場", "楽天市場"),
                    ("rakuten", "楽天", "楽天"),
                ],
            ),
            ("イオン銀行", [("aeon_bank", "イオン銀行", "イオン銀行")]),
            ("PayPay銀行", [("paypay_bank", "PayPay銀行", "PayPay銀行")]),
            ("SMBC日興証券", [("smbc_nikko", "SMBC日興証券", "SMBC日興証券")]),
            ("ヤマト運輸", [("yamato", "ヤマト運輸", "ヤマト運輸")]),
            ("ﾔﾏﾄ運輸より", [("yamato", "ヤマト運輸", "ﾔﾏﾄ運輸")]),
            ("Ａｍａｚｏｎ.co.jp 様", [("amazon", "Amazon.co.jp", "Ａｍａｚｏｎ.co.jp")]),
            ("Your AMAZON order", [("amazon", "Amazon", "AMAZON")]),
            ("Amazon's offer", [("amazon", "Amazon", "Amazon")]),
            ("Amazon payment", [("amazon", "Amazon", "Amazon")]),
            ("amazon-security-team", [("amazon", "Amazon", "amazon")]),
            ("PayPalからのお知らせ", [("paypal", "PayPal", "PayPal")]),
            ("PayPal에서 보냄", [("paypal", "PayPal", "PayPal")]),
            ("Pay\u200bPal", [("paypal", "PayPal", "Pay\u200bPal")]),
            ("𝐏𝐚𝐲𝐏𝐚𝐥", [("paypal", "PayPal", "𝐏𝐚𝐲𝐏𝐚𝐥")]),
            ("AppleID のロック", [("apple", "Apple ID", "AppleID")]),
            ("ｅ－Ｔａｘ", [("nta", "e-Tax", "ｅ－Ｔａｘ")]),
            ("三菱ＵＦＪ銀行", [("mufg", "三菱UFJ銀行", "三菱ＵＦＪ銀行")]),
            ("ＵＰＳ", [("ups", "UPS", "ＵＰＳ")]),
        ],
    )
    def test_names_the_brand(self, text: str, expected: list[tuple[str, str, str]], catalogue: BrandCatalogue) -> None:
        """The longest name at each place is found, whatever its width and case, and given back as it stands."""
        assert words(text, catalogue.find(text)) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "お世話になっております。",
            "PayPay証券",
            "楽天生命のお客様",
            "SMBC信託銀行",
            "三井住友海上",
            "楽天家の父",
            "アマゾン川のほとり",
            "Amazons and Amazonas",
            "paypaling",
            "superpaypal",
            "xPayPal2",
            "pineapple pie",
            "アップルパイ",
            "イオンモール幕張",
            "ドコモショップ",
            "ヤマトタケル",
            "ソフトバンクホークス",
            "visas",
            "JCBC",
            "SMBCs",
            "北國銀行 北陸銀行",
            "ANA JTB ANZ",
            "\udcff\ud800",
        ],
    )
    def test_stays_quiet(self, text: str, catalogue: BrandCatalogue) -> None:
        """Longer words, other real names and ordinary text name no brand."""
        assert [mention for mention in catalogue.find(text) if not mention.common] == []

    @pytest.mark.parametrize("text", ["ETC カード", "au", "Apple", "Visa", "Office hours", "最寄りの郵便局"])
    def test_marks_everyday_words(self, text: str, catalogue: BrandCatalogue) -> None:
        """A name that is an everyday word too says so."""
        assert [mention.common for mention in catalogue.find(text)] == [True]

    def test_a_long_text_is_no_place_for_everyday_words(self, catalogue: BrandCatalogue) -> None:
        """In a long text each brand is found where it stands first, and everyday words not at all."""
        text = "Target: Amazon, PayPal, amazon"
        assert words(text, catalogue.find_first(text)) == [
            ("amazon", "Amazon", "Amazon"),
            ("paypal", "PayPal", "PayPal"),
        ]
        assert any(mention.common for mention in catalogue.find(text))


class TestLookalikes:
    """What only looks like a brand's name."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("日本郵更", ("japan_post", "日本郵便", "日本郵更")),
            ("【日本郵更】再配達のご案内", ("japan_post", "日本郵便", "日本郵更")),
            ("日本邮便", ("japan_post", "日本郵便", "日本邮便")),
            ("曰本郵便", ("japan_post", "日本郵便", "曰本郵便")),
            ("日夲郵便", ("japan_post", "日本郵便", "日夲郵便")),
            ("ゆうバック", ("japan_post", "ゆうパック", "ゆうバック")),
            ("三丼住友カード", ("smcc", "三井住友カード", "三丼住友カード")),
            ("三井住友力ード", ("smcc", "三井住友カード", "三井住友力ード")),
            ("三井住友カ一ド", ("smcc", "三井住友カード", "三井住友カ一ド")),
            ("彡井住友銀行", ("smbc", "三井住友銀行", "彡井住友銀行")),
            ("三井住反銀行", ("smbc", "三井住友銀行", "三井住反銀行")),
            ("三井住友银行", ("smbc", "三井住友銀行", "三井住友银行")),
            ("楽夭", ("rakuten", "楽天", "楽夭")),
            ("楽夭カード株式会社", ("rakuten_card", "楽天カード株式会社", "楽夭カード株式会社")),
            ("樂天カード", ("rakuten_card", "楽天カード", "樂天カード")),
            ("ヤマ卜運輸", ("yamato", "ヤマト運輸", "ヤマ卜運輸")),
            ("ャマト運輸", ("yamato", "ヤマト運輸", "ャマト運輸")),
            ("佐川怠便", ("sagawa", "佐川急便", "佐川怠便")),
            ("アマゾソ", ("amazon", "アマゾン", "アマゾソ")),
            ("ｱﾏｿﾞｿ", ("amazon", "アマゾン", "ｱﾏｿﾞｿ")),
            ("工ポスカード", ("epos", "エポスカード", "工ポスカード")),
            ("エボスカード", ("epos", "エポスカード", "エボスカード")),
            ("メルカり", ("mercari", "メルカリ", "メルカり")),
            ("国悦庁より国脱庁", ("nta", "国税庁", "国脱庁")),
            ("PayPaI", ("paypal", "PayPal", "PayPaI")),
            ("paypa1", ("paypal", "PayPal", "paypa1")),
            ("Your ＰａｙＰａＩ account", ("paypal", "PayPal", "ＰａｙＰａＩ")),
            ("PáyPal", ("paypal", "PayPal", "PáyPal")),
            ("Amаzon", ("amazon", "Amazon", "Amаzon")),
            ("Arnazon.co.jp", ("amazon", "Amazon.co.jp", "Arnazon.co.jp")),
            ("AΜAZΟΝ", ("amazon", "Amazon", "AΜAZΟΝ")),
            ("Am\u200baz0n", ("amazon", "Amazon", "Am\u200baz0n")),
            ("\u200bAmaz0n\u200b", ("amazon", "Amazon", "Amaz0n")),
            ("Micr0soft", ("microsoft", "Microsoft", "Micr0soft")),
            ("MIcrosoft and Mlcrosoft", ("microsoft", "Microsoft", "Mlcrosoft")),
            ("FаcеЬооk", ("facebook", "Facebook", "FаcеЬооk")),
            ("NetfIix and Netflíx", ("netflix", "Netflix", "NetfIix")),
            ("DоcuSign", ("docusign", "Docusign", "DоcuSign")),
            ("ApplelD", ("apple", "Apple ID", "ApplelD")),
        ],
    )
    def test_is_seen(self, text: str, expected: tuple[str, str, str], catalogue: BrandCatalogue) -> None:
        """The lookalike is found, with the brand, its real name, and the words as they stand."""
        assert expected in words(text, catalogue.lookalikes(text))
        assert expected not in words(text, catalogue.find(text))

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "PayPay and PayPal",
            "ペイペイとペイパル",
            "PayPay銀行",
            "静岡銀行と福岡銀行",
            "北國銀行と北洋銀行",
            "北陸銀行、北海道銀行",
            "JCBとJTB",
            "ANA and ANZ",
            "三井住友信託銀行",
            "JR東日本とJR西日本",
            "PayPal® PayPal™ paypal PAYPAL",
            "ＰａｙＰａｌ",
            "𝐏𝐚𝐲𝐏𝐚𝐥",  # the name itself in disguise: `find` has it
            "Pay\u00adPal",
            "ﾔﾏﾄ運輸 ｱﾏｿﾞﾝ",
            "Amazon.co.jp's Amazon Pay",
            "樂天百貨公司",
            "國稅局",
            "東京都中央区日本橋二丁目三番一号",
            "本日は便利なサービスのご案内です。更新は不要です。",
            "大使館へ郵送してください",
            "友人に反対された天ぷら屋の井戸と丼",
            "カタカナの二とニ、力とカ、口とロを間違えた",
            "楽しい天気、薬局の夭折",
            "ピザの日",
            "エコポイントとポスター",
            "銀行と銀河",
            "国脱出計画",
            "modern rn clock vvv",
            "The quick brown fox jumps over the lazy dog.",
            "Please find attached the minutes of our meeting in Milan.",
            "metflix mapple",  # the second half of an m is no n
            "superPayPaI PayPaIs",
            "DHl UP5 jcb",  # too short to look like by chance
            "V1sa App1e ET0",  # everyday words have no lookalikes
            "Appie van Albert Heijn",
            "qmail, Postfix and Gmail",
            "Les Amazones, the Amazonas",
            "мы пошли в банк",
            "Ελληνικά Ταχυδρομεία",
            "\udcff\ud800 \x00",
        ],
    )
    def test_stays_quiet(self, text: str, catalogue: BrandCatalogue) -> None:
        """Real names never accuse each other, and ordinary text looks like nobody."""
        assert words(text, catalogue.lookalikes(text)) == []

    def test_copes_with_marks_without_end(self, catalogue: BrandCatalogue) -> None:
        """A letter with a hundred thousand marks is read in linear time."""
        text = "PayPaI" + "\u0301\u0316" * 50_000
        assert words(text, catalogue.lookalikes(text))[0][:2] == ("paypal", "PayPal")


class TestOwners:
    """Whose host it is."""

    @pytest.mark.parametrize(
        ("host", "expected"),
        [
            ("amazon.co.jp", {"amazon"}),
            ("www.amazon.co.jp", {"amazon"}),
            ("WWW.Amazon.CO.JP.", {"amazon"}),
            ("mail.rakuten-card.co.jp", {"rakuten", "rakuten_bank", "rakuten_card", "rakuten_sec"}),
            ("rakuten.co.jp", {"rakuten", "rakuten_bank", "rakuten_card", "rakuten_sec"}),
            ("jp-bank.japanpost.jp", {"japan_post", "jp_bank"}),
            ("jreast.co.jp", {"ekinet", "mobile_suica", "view_card"}),
            ("facebookmail.com", {"facebook", "instagram"}),
            ("mail.cr.mufg.jp", {"mufg", "mufg_nicos", "mufg_trust"}),
            ("co.jp", set()),
            ("jp", set()),
            ("", set()),
            (".", set()),
            ("amazon.co.jp.example", set()),
            ("notamazon.co.jp", set()),
            ("amazon-co.jp", set()),
            ("localhost", set()),
            ("sharepoint.com", set()),
        ],
    )
    def test_are_found_by_walking_up(self, host: str, expected: set[str], catalogue: BrandCatalogue) -> None:
        """A host belongs to whoever owns it or a domain above it, and to the sisters, and to nobody else."""
        assert {brand.id for brand in catalogue.owners(host)} == expected

    def test_own_domains_come_first(self, catalogue: BrandCatalogue) -> None:
        """The domain to show is a brand's own, not a sister's."""
        assert catalogue.brand("rakuten_card").domains[0] == "rakuten-card.co.jp"
        assert "rakuten.co.jp" in catalogue.brand("rakuten_card").domains

    def test_public_mailboxes_are_shared_with_the_domains(self, catalogue: BrandCatalogue) -> None:
        """A sister's domain where anybody has a mailbox stays one."""
        assert "facebook.com" in catalogue.brand("instagram").public_mailboxes

    def test_unknown_brand(self, catalogue: BrandCatalogue) -> None:
        """Asking for a brand that is not there is the caller's bug."""
        with pytest.raises(KeyError):
            catalogue.brand("nobody")
