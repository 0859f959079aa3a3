"""The compiled index of organisations as it is shipped, and what its reader does with good and bad files."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import watcher.brands
from watcher.brands.organisations import Organisations, pack, read_organisations, spell
from watcher.errors import UserError
from watcher.text import fold

INDEX = Path(watcher.brands.__file__).with_name("organisations.bin")

# Name, identifier, one of its domains.
KNOWN = [
    ("Rossmann", "org:Q316004", "rossmann.de"),
    ("Correios", "org:Q3375004", "correios.com.br"),
    ("ADAC", "org:Q289953", "adac.de"),
    ("三井住友銀行", "org:Q2660418", "smbc.co.jp"),
    ("佐川急便", "org:Q7399082", "sagawa-exp.co.jp"),
    ("Lidl", "org:Q151954", "lidl.de"),
    ("Decathlon", "org:Q509349", "decathlon.com"),
    ("Coinbase", "org:coinbase", "coinbase.com"),
]

# Whose names are nobody else's: they need no corroboration.
DISTINCT = [
    "三井住友銀行",
    "佐川急便",
    "横浜銀行",
    "日本年金機構",
    "マクドナルド",
    "Deutsche Telekom",
    "Société Générale",
    "Societe Generale",
    "McDonald’s",
    "Bank of America",
    "Vodafone",
    "Netflix",
]

# Names of people and places, everyday words and phrases: absent, or marked as common.
INNOCENT = [
    "Paul Smith",
    "Max Mara",
    "Hugo Boss",
    "Karl Lagerfeld",
    "Anna Rossmann",
    "Smith, Paul",
    "ポール・スミス",
    "周大福",
    "松屋",
    "Orange",
    "Target",
    "Apple",
    "ATM",
    "Zürich",
    "Cambridge",
    "New York",
    "City Bank",
    "Central Library",
    "Fire Department",
    "Post Office",
    "Sparkasse",
    "Volksbank",
    "Stadt Köln",
    "Bäckerei Schmidt",
    "Home Office",
    "New Balance",
    "Best Buy",
    "オレンジ",
    "レモン",
    "バースデイ",
    "みどりの窓口",
    "银行",
    "銀行",
    "病院",
    "市役所",
    "郵便局",
    "東京",
    "日本語学校",
]

PROSE = [
    "Hi Anna, are we still on for lunch on Friday? Paul and the Smiths will be there too.",
    "Your invoice for October is attached; the new balance is due by the end of the month.",
    "The fire department and the city library are next to the central post office.",
    "I bought apples and oranges at the market, then went to the bank and the pharmacy.",
    "The best buy of the summer sale was a pair of walking shoes from the sports shop.",
    "Lieber Herr Müller, die Sparkasse hat heute geschlossen, wir treffen uns am Rathaus.",
    "Die Feuerwehr und die Stadtwerke informieren am Samstag auf dem Marktplatz.",
    "Bonjour, la mairie et la boulangerie seront fermées lundi; on se voit au café.",
    "Olá, o banco e os correios fecham às cinco; encontramo-nos na padaria.",
    "お世話になっております。来週の会議の資料を添付いたします。ご確認ください。",
    "明日は市役所と郵便局と銀行に行ってから、駅前の喫茶店で待っています。",
    "母の誕生日にオレンジとレモンのケーキを作りました。写真を送ります。",
    "山田太郎様　先日は病院までお見舞いに来てくださり、ありがとうございました。",
]


@pytest.fixture(scope="module")
def index() -> Organisations:
    """The index that is shipped."""
    return read_organisations(INDEX)


def names(index: Organisations, text: str) -> Iterator[tuple[str, bool]]:
    """The names found in a text, and whether each is common."""
    return ((hit.name.text, hit.name.common) for hit in index.find(fold(text).text))


@pytest.mark.parametrize(("name", "identifier", "domain"), KNOWN)
def test_knows_an_organisation(index: Organisations, name: str, identifier: str, domain: str) -> None:
    """A well-known organisation is found by its name, and its domain is known."""
    found = {hit.name.brand for hit in index.find(spell(name))}
    brand = index.brand(identifier)

    assert identifier in found
    assert name in brand.names
    assert domain in brand.domains
    assert identifier in index.owners(f"www.{domain}")


@pytest.mark.parametrize("name", DISTINCT)
def test_a_name_of_its_own_needs_no_corroboration(index: Organisations, name: str) -> None:
    """A name that nobody else bears is found, however its accents and apostrophes are written."""
    assert any(not common for _, common in names(index, name))


@pytest.mark.parametrize("name", INNOCENT)
def test_accuses_nobody_by_an_innocent_name(index: Organisations, name: str) -> None:
    """What people and places are called, and everyday words, are absent or marked as common."""
    assert [found for found, common in names(index, name) if not common] == []


@pytest.mark.parametrize("text", PROSE)
def test_finds_nothing_in_what_people_write(index: Organisations, text: str) -> None:
    """Ordinary mail names no organisation unmistakably."""
    assert [found for found, common in names(index, text) if not common] == []


@pytest.mark.parametrize(
    "text", ["Rossmannstrasse 5", "Vodafonemast", "netflixing", "ユニクロイン", "Telestarbucks", "XRossmann", "adidas2"]
)
def test_a_name_within_a_word_is_none(index: Organisations, text: str) -> None:
    """A name counts where the word neither begins before it nor goes on behind it."""
    assert list(names(index, text)) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [("an Vodafone, bitte", (3, 11)), ("もしもし、佐川急便です", (5, 9)), ("die SOCIÉTÉ  Générale", (4, 20))],
)
def test_places_are_those_of_the_folded_text(index: Organisations, text: str, place: tuple[int, int]) -> None:
    """A hit says where the name stands in the folded text."""
    assert place in [(hit.start, hit.end) for hit in index.find(fold(text).text) if not hit.name.common]


@pytest.mark.parametrize("host", ["www.rossmann.de", "rossmann.de", "ROSSMANN.de.", "a.b.rossmann.de"])
def test_owns_its_domain_and_what_lies_below(index: Organisations, host: str) -> None:
    """Case, the final dot and further labels do not change whose a host is."""
    assert index.owners(host) == ("org:Q316004",)


@pytest.mark.parametrize(
    "host",
    [
        "",
        ".",
        "de",
        "co.jp",
        "rossmann.de.example",
        "xrossmann.de",
        "rossmann-gewinn.example",
        "sites.google.example",
        "github.io",
        "someone.github.io",
        "blogspot.com",
        "linktr.ee",
        "wikipedia.org",
        "web.archive.org",
        "gov.uk",
    ],
)
def test_nobody_owns_a_foreign_or_shared_host(index: Organisations, host: str) -> None:
    """Lookalikes, suffixes, and hosts where anybody can have a page belong to no organisation."""
    assert index.owners(host) == ()


def test_a_brand_says_what_little_is_known(index: Organisations) -> None:
    """The brand has its Japanese name for Japanese readers, and the mark that it is from the index."""
    brand = index.brand("org:Q2660418")

    assert brand.indexed
    assert brand.label.ja == "三井住友銀行"
    assert brand.label.en.isascii()
    assert set(brand.common_words) <= set(brand.names)


@pytest.mark.parametrize("identifier", ["", "org:", "org:Q0", "japan_post", "ORG:Q316004", "org:Q316004\tRossmann"])
def test_an_unknown_organisation_is_no_brand(index: Organisations, identifier: str) -> None:
    """Only whole identifiers of the index have a brand."""
    with pytest.raises(KeyError):
        index.brand(identifier)


def test_every_record_is_whole(index: Organisations) -> None:
    """There are many, each with its own identifier, a label, names and a domain, and most names are not common."""
    every = list(index.organisations())
    found = [name for one in every for name in one.names]

    assert len(every) == len(index) == len({one.identifier for one in every}) > 15_000
    assert all(one.label.ja and one.label.en and one.names and one.domains for one in every)
    assert all(
        domain == domain.lower() and "." in domain and domain.isascii() for one in every for domain in one.domains
    )
    assert 8_000 < sum(not name.common for name in found) < 20_000


def test_every_name_is_found_by_itself(index: Organisations) -> None:
    """The spellings are those that folding makes today: each name finds the organisation, or another that bears it."""
    found = [
        (name.text, any(hit.start == 0 and hit.end == len(spell(name.text)) for hit in index.find(spell(name.text))))
        for number, one in enumerate(index.organisations())
        if number % 20 == 0
        for name in one.names
    ]

    assert [name for name, whole in found if not whole] == []


def test_is_read_in_no_time() -> None:
    """Reading the index decodes no record: 3 ms where it was measured, and far below what a start may take."""

    def once() -> float:
        start = time.perf_counter()
        read_organisations(INDEX)
        return time.perf_counter() - start

    assert min(once() for _ in range(5)) < 0.1


def test_an_automaton_of_another_release_is_built_anew(index: Organisations) -> None:
    """Where daachorse cannot read its own part of the file any more, the names are still found."""
    few = [one for one in index.organisations() if one.identifier in {"org:Q316004", "org:Q2660418"}]
    data = pack(few, "stamp")
    head = data.index(b"\n") + 1
    broken = data[:head] + b"\xff" * 16 + data[head + 16 :]

    assert list(names(Organisations(broken), "Rossmann, 三井住友銀行")) == list(
        names(Organisations(data), "Rossmann, 三井住友銀行")
    )


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"watcher-organisations-1 x\n", b"watcher-organisations-1 x 9 9 9 9\n", b"PK"]
)
def test_a_file_that_is_no_index_is_said_so(tmp_path: Path, content: bytes) -> None:
    """An empty, foreign or cut-off file is a problem that the user is told of, by the file's name."""
    path = tmp_path / "some.bin"
    path.write_bytes(content)

    with pytest.raises(UserError, match=r"some\.bin"):
        read_organisations(path)


def test_a_missing_index_is_said_so(tmp_path: Path) -> None:
    """A file that is not there is a problem that the user is told of."""
    with pytest.raises(UserError, match=r"none\.bin"):
        read_organisations(tmp_path / "none.bin")
