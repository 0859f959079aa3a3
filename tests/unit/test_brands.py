"""The files of brands: those that come with Watcher, and the user's own."""

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


def _mention(brand: Brand, name: str) -> Mention:
    shared = name in brand.shared_names
    return Mention(brand.id, name, 0, len(name), shared or name in brand.common_words, shared)


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
        """Every file makes the brand that it is named after, with names and, unless it is a role, a domain."""
        brand = catalogue.brand(path.stem)
        assert brand.id == path.stem
        assert brand.names
        assert bool(brand.domains) is (brand.kind is not ClaimKind.ROLE)

    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
    def test_every_fact_has_source_and_date(self, path: Path) -> None:
        """No fact stands in a file without where it comes from and from when, and none rests on a GPL list."""
        values = tomllib.loads(path.read_text("utf-8"))
        facts = [fact for key in ("domains", "services", "innocents", "habits") for fact in values.get(key, [])]
        facts += [values["report"]] if "address" in values.get("report", {}) else []
        assert bool(facts) is (values["kind"] != "role")
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
        assert [host for host in innocents if any(not owner.indexed for owner in catalogue.owners(host))] == []

    def test_names_of_the_most_posed_as(self, catalogue: BrandCatalogue) -> None:
        """The brands that head the list of forged sites in Japan are there."""
        heads = {"apple", "aeon_card", "ekinet", "mercari", "smcc", "jcb", "ja_bank", "saison", "amazon", "japan_post"}
        assert heads <= {brand.id for brand in catalogue.brands()}

    def test_every_name_finds_its_brand(self, catalogue: BrandCatalogue) -> None:
        """Each name of each brand, standing alone, is found whole, is no lookalike, and is marked when common."""
        for brand in catalogue.brands():
            for name in brand.names:
                assert list(catalogue.find(name)) == [_mention(brand, name)]
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
            names=("Examplia", "例社", "examplia.example"),
            domains=("examplia.example",),
        )
        assert words("Exarnplia", catalogue.lookalikes("Exarnplia")) == [("examplia", "Examplia", "Exarnplia")]
        assert catalogue.brand("amazon")

    def test_takes_the_place_of_ours(self, tmp_path: Path) -> None:
        """A file named like one of ours replaces it whole."""
        write(tmp_path, "japan_post.toml", MINIMAL)
        catalogue = load(tmp_path)
        assert catalogue.brand("japan_post").label.en == "Example"
        assert [mention for mention in catalogue.find("ゆうパック") if mention.brand == "japan_post"] == []

    def test_is_called_by_its_domain_too(self, tmp_path: Path) -> None:
        """A domain names its brand, by its name part alone where that is no word; a public mailbox names nobody."""
        domains = (
            '{ name = "ex-amplia.example", use = "mail", source = "x", date = "2026" }, '
            '{ name = "mailbox.example", use = "mail", source = "x", date = "2026" }'
        )
        head = MINIMAL.partition("domains")[0].replace(', "例社"]', ']\npublic_mailboxes = ["mailbox.example"]')
        write(tmp_path, "examplia.toml", f"{head}domains = [{domains}]")
        assert load(tmp_path).brand("examplia").names == ("Examplia", "ex-amplia.example", "ex-amplia")

    def test_says_whether_its_senders_are_known(self, tmp_path: Path) -> None:
        """A source that only knows a web site does not say whence the brand writes."""
        write(tmp_path, "examplia.toml", MINIMAL.replace('use = "mail"', 'use = "site"'))
        write(tmp_path, "example.toml", MINIMAL.replace("amplia", "ample").replace("例社", "例会社"))
        catalogue = load(tmp_path)
        assert not catalogue.brand("examplia").senders_known
        assert catalogue.brand("example").senders_known

    def test_a_person_of_the_users_own(self, tmp_path: Path) -> None:
        """Whoever bears the name of a listed person from another address is told of; the person's own mail is not."""
        contact = 'kind = "contact"\nlabel = { ja = "山田 花子", en = "Hanako Yamada" }\nnames = ["山田 花子"]\n'
        write(tmp_path, "hanako.toml", contact + 'addresses = ["Hanako@firm.example"]\n')
        brand = load(tmp_path).brand("hanako")
        assert (brand.kind, brand.addresses) == (ClaimKind.CONTACT, ("hanako@firm.example",))
        assert [mention.brand for mention in load(tmp_path).find("山田花子")] == ["hanako"]

    def test_joins_a_family_of_ours(self, tmp_path: Path) -> None:
        """A user's file can name a sister of a brand that comes with Watcher."""
        write(tmp_path, "examplia.toml", MINIMAL.replace("kind", 'family = "jr_east"\nkind', 1))
        sisters = {"ekinet", "mobile_suica", "view_card", "examplia"}
        assert {brand.id for brand in load(tmp_path).owners("jreast.co.jp")} == sisters

    @pytest.mark.parametrize("name", ["glyphs.toml", "amazon.toml"])
    def test_may_be_called_anything(self, tmp_path: Path, name: str) -> None:
        """No name of a file is kept for ourselves."""
        write(tmp_path, name, MINIMAL)
        assert load(tmp_path).brand(Path(name).stem).label.en == "Example"

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
            (
                ('kind = "brand"', 'kind = "shop"'),
                'kind is "shop", but has to be one of brand, authority, contact, role.',
            ),
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
