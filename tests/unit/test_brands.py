"""The catalogue of brands: its files, names, lookalikes and owners."""

from __future__ import annotations

import shutil
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from publicsuffixlist import PublicSuffixList

import watcher.brands
from watcher.brands import BrandCatalogue, load
from watcher.errors import UserError
from watcher.model import Brand, ClaimKind, HabitKind, Mention, Sentence

FOLDER = Path(watcher.brands.__file__).parent
FILES = sorted(path for path in FOLDER.glob("*/*.toml"))

MINIMAL = """
kind = "brand"
label = { ja = "例社", en = "Example" }
names = ["Examplia", "例社"]
domains = [{ name = "examplia.example", use = "mail", source = "example", date = "2026" }]
"""


@pytest.fixture(scope="module")
def catalogue() -> BrandCatalogue:
    """The brands that come with Watcher."""
    return load()


def words(text: str, mentions: Iterator[Mention]) -> list[tuple[str, str, str]]:
    """Brand, real name and the words in the text, of each mention."""
    return [(mention.brand, mention.name, text[mention.start : mention.end]) for mention in mentions]


def write(folder: Path, name: str, content: str) -> Path:
    """Write a brand's file into a folder of the user's."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(content, "utf-8")
    return path


class TestShippedFiles:
    """What every file that comes with Watcher has to hold."""

    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
    def test_is_in_the_catalogue(self, path: Path, catalogue: BrandCatalogue) -> None:
        """Every file makes the brand that it is named after, with names and at least one domain."""
        brand = catalogue.brand(path.stem)
        assert brand.id == path.stem
        assert brand.names
        assert brand.domains

    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
    def test_every_fact_has_source_and_date(self, path: Path) -> None:
        """No fact stands in a file without where it comes from and from when, and none rests on a GPL list."""
        values = tomllib.loads(path.read_text("utf-8"))
        facts = [fact for key in ("domains", "services", "innocents", "habits") for fact in values.get(key, [])]
        facts += [values["report"]] if "address" in values.get("report", {}) else []
        assert facts
        for fact in facts:
            assert fact["source"]
            assert fact["date"]
            assert "GPL" not in fact["source"]
            assert "forged" not in fact["source"]

    def test_domains_are_registrable(self, catalogue: BrandCatalogue) -> None:
        """No brand owns a public suffix, such as co.jp, with everybody below it."""
        suffixes = PublicSuffixList()
        domains = {domain for brand in catalogue.brands() for domain in (*brand.domains, *brand.services)}
        assert [domain for domain in domains if domain != domain.lower() or not suffixes.privatesuffix(domain)] == []

    def test_innocents_own_nothing(self, catalogue: BrandCatalogue) -> None:
        """What is innocent of posing as a brand does not belong to one."""
        innocents = [host for brand in catalogue.brands() for host in brand.innocents]
        assert innocents
        assert [host for host in innocents if catalogue.owners(host)] == []

    def test_names_of_the_most_posed_as(self, catalogue: BrandCatalogue) -> None:
        """The brands that head the list of forged sites in Japan are there."""
        heads = {"apple", "aeon_card", "ekinet", "mercari", "smcc", "jcb", "ja_bank", "saison", "amazon", "japan_post"}
        assert heads <= {brand.id for brand in catalogue.brands()}

    def test_every_name_finds_its_brand(self, catalogue: BrandCatalogue) -> None:
        """Each name of each brand, standing alone, is found whole, is no lookalike, and is marked when common."""
        for brand in catalogue.brands():
            for name in brand.names:
                assert list(catalogue.find(name)) == [Mention(brand.id, name, 0, len(name), name in brand.common_words)]
                assert list(catalogue.lookalikes(name)) == []

    def test_no_glyph_is_in_two_classes(self) -> None:
        """Which characters look alike does not depend on the order of the table."""
        table = tomllib.loads((FOLDER / "glyphs.toml").read_text("utf-8"))
        counts = Counter(letter for key in ("latin", "kana", "kanji") for alike in table[key] for letter in alike)
        assert [letter for letter, count in counts.items() if count > 1] == []

    def test_real_names_are_no_claims(self, catalogue: BrandCatalogue) -> None:
        """No name in the list of other real names is taken for a brand, exactly or at a glance."""
        for name in (FOLDER / "real_names.txt").read_text("utf-8").splitlines():
            if name and not name.startswith("#"):
                assert words(name, catalogue.find(name)) == []
                assert words(name, catalogue.lookalikes(name)) == []

    def test_japan_post_states_its_habits(self, catalogue: BrandCatalogue) -> None:
        """Japan Post's two stated habits are there, with suffixes and sources."""
        habits = {habit.kind: habit for habit in catalogue.brand("japan_post").habits}
        assert habits[HabitKind.NEVER_SUFFIXES].values == (".com", ".net", ".top")
        assert "grapee.jp/411979" in habits[HabitKind.NO_ATTACHMENTS].source


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
            ("Ａｍａｚｏｎ.co.jp カスタマーサービス", [("amazon", "Amazon.co.jp", "Ａｍａｚｏｎ.co.jp")]),
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
            "SMBCモビット",
            "三井住友信託銀行",
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
            "静岡銀行と福岡銀行",
            "北國銀行 北洋銀行",
            "ANA JTB ANZ",
            "\udcff\ud800",
        ],
    )
    def test_stays_quiet(self, text: str, catalogue: BrandCatalogue) -> None:
        """Longer words, other real names and ordinary text name no brand."""
        assert [mention for mention in catalogue.find(text) if not mention.common] == []

    @pytest.mark.parametrize("text", ["LINE ETC カード", "au", "Apple", "Visa", "Office hours", "最寄りの郵便局"])
    def test_marks_everyday_words(self, text: str, catalogue: BrandCatalogue) -> None:
        """A name that is an everyday word too says so."""
        assert [mention.common for mention in catalogue.find(text)] == [True]


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
            ("jreast.co.jp", {"ekinet", "view_card"}),
            ("facebookmail.com", {"facebook", "instagram"}),
            ("mail.cr.mufg.jp", {"mufg", "mufg_nicos"}),
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


class TestUsersFiles:
    """Files of the user's own."""

    def test_adds_a_brand(self, tmp_path: Path) -> None:
        """A file in the user's directory, or below it, is a brand like ours, with lookalikes."""
        write(tmp_path / "home", "examplia.toml", MINIMAL)
        catalogue = load(tmp_path)
        assert catalogue.brand("examplia") == Brand(
            id="examplia",
            kind=ClaimKind.BRAND,
            label=Sentence("例社", "Example"),
            names=("Examplia", "例社"),
            domains=("examplia.example",),
        )
        assert words("Exarnplia", catalogue.lookalikes("Exarnplia")) == [("examplia", "Examplia", "Exarnplia")]
        assert catalogue.brand("amazon")

    def test_takes_the_place_of_ours(self, tmp_path: Path) -> None:
        """A file named like one of ours replaces it whole."""
        write(tmp_path, "japan_post.toml", MINIMAL)
        catalogue = load(tmp_path)
        assert catalogue.brand("japan_post").names == ("Examplia", "例社")
        assert list(catalogue.find("日本郵便")) == []

    def test_joins_a_family_of_ours(self, tmp_path: Path) -> None:
        """A user's file can name a sister of a brand that comes with Watcher."""
        write(tmp_path, "examplia.toml", MINIMAL.replace("kind", 'family = "jr_east"\nkind', 1))
        assert {brand.id for brand in load(tmp_path).owners("jreast.co.jp")} == {"ekinet", "view_card", "examplia"}

    @pytest.mark.parametrize("name", ["glyphs.toml", "amazon.toml"])
    def test_may_be_called_anything(self, tmp_path: Path, name: str) -> None:
        """No name of a file is kept for ourselves."""
        write(tmp_path, name, MINIMAL)
        assert load(tmp_path).brand(Path(name).stem).names == ("Examplia", "例社")

    def test_needs_no_directory(self, tmp_path: Path) -> None:
        """A directory that does not exist holds no brands."""
        assert len(list(load(tmp_path / "none").brands())) == len(FILES)

    def test_can_be_a_copy_of_ours(self, tmp_path: Path) -> None:
        """The user may keep a copy of one of our files, since it takes the place of its original."""
        shutil.copy(FOLDER / "japan" / "japan_post.toml", tmp_path)
        assert load(tmp_path).brand("japan_post") == load().brand("japan_post")

    @pytest.mark.parametrize(
        ("change", "problem"),
        [
            (('kind = "brand"', 'kind = "shop"'), 'kind is "shop", but has to be one of brand, authority.'),
            (('kind = "brand"', ""), "kind is missing."),
            (('kind = "brand"', "kind = 3"), "kind has to be words in quotation marks."),
            (('kind = "brand"', 'kind = "brand"\ncolour = "red"'), "colour is no known key."),
            ((', en = "Example"', ""), "label.en is missing."),
            (('{ ja = "例社", en = "Example" }', '"例社"'), "label has to be a table."),
            (('["Examplia", "例社"]', '"例社"'), "names has to be a list of words in quotation marks."),
            (('["Examplia", "例社"]', "[]"), "names has to list one at least."),
            (
                ('["Examplia", "例社"]', '["日本郵便"]'),
                'names holds "日本郵便", which is a name of japan_post already.',
            ),
            (('"examplia.example"', '"amazon.jp"'), 'domains holds "amazon.jp", which belongs to amazon already.'),
            (('"examplia.example"', '"Examplia.example"'), 'domains[0].name is "Examplia.example", which is no domain'),
            (('"examplia.example"', '"examplia"'), 'domains[0].name is "examplia", which is no domain'),
            (('use = "mail"', 'use = "post"'), 'domains[0].use is "post", but has to be one of mail, site, link.'),
            (('source = "example", ', ""), "domains[0].source is missing."),
            (('date = "2026"', 'date = "lately"'), 'domains[0].date is "lately", but has to be like'),
            (("names =", 'common_words = ["Exam"]\nnames ='), 'common_words holds "Exam", which is not in names.'),
            (
                ("names =", 'public_mailboxes = ["a.jp"]\nnames ='),
                'public_mailboxes holds "a.jp", which is not in domains.',
            ),
            (("names =", "habits = 1\nnames ="), "habits has to be a list of tables."),
            (("names =", "names ==="), "cannot be read:"),
            (('names = ["Examplia", "例社"]', ""), "names is missing."),
        ],
    )
    def test_problem_is_named(self, tmp_path: Path, change: tuple[str, str], problem: str) -> None:
        """What is wrong is said with file and key."""
        write(tmp_path, "examplia.toml", MINIMAL.replace(*change, 1))
        with pytest.raises(UserError) as caught:
            load(tmp_path)
        assert [said for said in caught.value.problems if said.startswith(f"examplia.toml: {problem}")]

    @pytest.mark.parametrize(
        ("habit", "problem"),
        [
            ('kind = "never"', 'habits[0].kind is "never"'),
            ('kind = "never_suffixes"', "habits[0].values has to list suffixes"),
            ('kind = "never_suffixes"\nvalues = ["com"]', "habits[0].values has to list suffixes"),
            ('kind = "never_suffixes"\nvalues = [".example"]', 'domains holds "examplia.example", although'),
            ('kind = "no_links"\nwhen = "always"', "habits[0].when is no known key."),
        ],
    )
    def test_problem_with_a_habit_is_named(self, tmp_path: Path, habit: str, problem: str) -> None:
        """A habit that is not understood, or that the brand's own domains belie, is said with its number."""
        facts = 'text = { ja = "例", en = "example" }\nsource = "example"\ndate = "2026"\n'
        write(tmp_path, "examplia.toml", f"{MINIMAL}\n[[habits]]\n{habit}\n{facts}")
        with pytest.raises(UserError) as caught:
            load(tmp_path)
        assert [said for said in caught.value.problems if said.startswith(f"examplia.toml: {problem}")]

    def test_all_problems_at_once(self, tmp_path: Path) -> None:
        """Problems of several files and keys are told together."""
        write(tmp_path, "one.toml", "")
        write(tmp_path, "two.toml", "= broken")
        with pytest.raises(UserError) as caught:
            load(tmp_path)
        said = " ".join(caught.value.problems)
        for problem in ("one.toml: kind", "one.toml: label.ja", "one.toml: label.en", "one.toml: names", "two.toml"):
            assert problem in said

    def test_same_name_twice(self, tmp_path: Path) -> None:
        """Two files of the user's with one identifier are a mistake, not a choice."""
        write(tmp_path / "a", "examplia.toml", MINIMAL)
        write(tmp_path / "b", "examplia.toml", MINIMAL)
        with pytest.raises(UserError, match=r"examplia\.toml: is there twice"):
            load(tmp_path)
