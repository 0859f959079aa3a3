"""How the index of organisations is reduced from the public lists, on small lists made up for it."""

from __future__ import annotations

from typing import Any

import pytest

from tools import everyday_names, generate_index
from tools.everyday_names import Vocabulary, is_common, is_local, is_name, trim
from tools.generate_index import Draft, add_icons, agrees, domain_of, gather, settle
from watcher.brands.organisations import Organisation, Organisations, pack
from watcher.text import fold

WORDS = Vocabulary(
    dictionary=frozenset({"target", "red", "apple", "home", "depot", "insomnia", "cookies", "coffee"}),
    words=frozenset({"mailand", "prisma"}),
    frequent=frozenset({"good", "time", "and", "the", "more"}),
    usual=frozenset({"good", "time", "and", "the", "more", "lemon"}),
    given=frozenset({"paul", "max", "anna", "karl"}),
    surnames=frozenset({"smith", "mara", "rossmann", "muller"}),
    places=frozenset({"zurich", "new york", "springfield", "東京"}),
    countries=frozenset({"china", "france"}),
    japanese={
        "オレンジ": frozenset({"名詞/一般"}),
        "中央": frozenset({"名詞/一般"}),
        "図書館": frozenset({"名詞/一般"}),
        "山田": frozenset({"名詞/固有名詞/人名/姓"}),
        "太郎": frozenset({"名詞/固有名詞/人名/名"}),
        "佐川": frozenset({"名詞/固有名詞/人名/姓"}),
        "急便": frozenset({"名詞/一般"}),
        "吉野家": frozenset({"名詞/固有名詞/組織"}),
        "ポール": frozenset({"名詞/固有名詞/人名/名"}),
        "スミス": frozenset({"名詞/固有名詞/人名/姓"}),
    },
    readings=frozenset({"ヤマナカ"}),
    within=frozenset({"大丸百貨"}),
)

COMMON = [
    "Target",
    "Targets",
    "Prisma",
    "Zürich",
    "New York",
    "China",
    "Lidl",
    "ATM",
    "Rossmann",
    "Müller's",
    "Stefanović",
    "von Allwörden",
    "Paul Smith",
    "Smith, Paul",
    "Max Mara",
    "P. Smith",
    "Karl Unheardof",
    "Good Time",
    "Insomnia Cookies",
    "More and more",
    "City Bank",
    "Central Library",
    "Fire Department",
    "Springfield Police",
    "Bäckerei Müller",
    "Pizza Anna",
    "Sparkasse",
    "Сбербанк",
    "오렌지",
    "オレンジ",
    "ヤマナカ",
    "ポール・スミス",
    "山田太郎",
    "中央図書館",
    "周大福",
    "東京",
    "さくら",
    "山田屋",
    "大丸百貨",
]
DISTINCT = [
    "Zalando",
    "Vodafone",
    "Home Depot",
    "Coca-Cola",
    "Bank of China",
    "Air France",
    "Wingara Coffee",
    "佐川急便",
    "吉野家",
    "三井住友銀行",
    "ワルモノデパート",
]


@pytest.mark.parametrize("name", COMMON)
def test_what_may_be_anybodys_is_common(name: str) -> None:
    """Names of people and places, everyday words and phrases, and what cannot be told are common."""
    assert is_common(name, WORDS)


@pytest.mark.parametrize("name", DISTINCT)
def test_what_is_one_organisations_is_not_common(name: str) -> None:
    """Invented words, and a kind of business beside a place, are one organisation's own."""
    assert not is_common(name, WORDS)


@pytest.mark.parametrize(
    ("name", "trimmed"),
    [
        ("Vodafone GmbH", "Vodafone"),
        ("Beispiel GmbH & Co. KG", "Beispiel"),
        ("Spar (Österreich)", "Spar"),
        ("株式会社ローソン", "ローソン"),
        ("Acme, Inc.", "Acme"),
        ("Co-op", "Co-op"),
        ("Spaß", "Spaß"),
        ("Lasa", "Lasa"),
        ("AG", "AG"),
        ("SEAT", "SEAT"),
    ],
)
def test_a_legal_form_is_no_part_of_the_name(name: str, trimmed: str) -> None:
    """Legal forms and brackets go, and nothing that only looks like one."""
    assert trim(name) == trimmed


@pytest.mark.parametrize(
    ("name", "whether"),
    [
        ("Lidl", True),
        ("西友", True),
        ("3M Company", True),
        ("Q316004", False),
        ("365", False),
        ("H&M", False),
        ("西", False),
        ("", False),
        ("x" * 61, False),
    ],
)
def test_what_can_be_looked_for(name: str, whether: bool) -> None:  # noqa: FBT001 - the expected answer of a table
    """Numbers, bare identifiers and what is too short or too long are no names."""
    assert is_name(name) is whether


@pytest.mark.parametrize(
    ("name", "description", "local"),
    [
        ("City of Radford", "city in Virginia, United States", True),
        ("Anywhere Police Department", "", True),
        ("Landkreis Prignitz", "", True),
        ("札幌市", "", True),
        ("Elm Trust", "UK multi academy trust", True),
        ("Flag of Kagawa", "flag used by Kagawa prefecture, Japan", True),
        ("Stadtwerke Lübeck", "municipal utility company in Lübeck, Germany", False),
        ("Rossmann", "German drug store chain", False),
        ("Deutsche Post", "German logistics company", False),
        ("横浜銀行", "regional bank of Japan", False),
        ("Citibank", "bank in the city of New York", False),
    ],
)
def test_institutions_of_one_place_are_left_out(name: str, description: str, local: bool) -> None:  # noqa: FBT001 - as above
    """Towns, schools and police are known by their names or by what they are described as."""
    assert is_local(name, description) is local


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.rossmann.de/de/", "rossmann.de"),
        ("http://www.amazon.co.jp", "amazon.co.jp"),
        ("https://somebody.github.io/", ""),
        ("https://shop.blogspot.com/", ""),
        ("https://www.bücher.example/", "xn--bcher-kva.example"),
        ("nonsense", ""),
    ],
)
def test_the_domain_of_a_page(url: str, domain: str) -> None:
    """Kept is what was registered, and nothing below a page host's suffix."""
    assert domain_of(url) == domain


@pytest.mark.parametrize(
    ("name", "domain", "agreement"),
    [
        ("Box", "box.com", True),
        ("Discord", "discordapp.com", True),
        ("American Express", "americanexpress.com", True),
        ("Crédit Agricole", "credit-agricole.fr", True),
        ("Box", "boxing.example", False),
        ("Google Maps", "google.com", False),
        ("日本郵便", "post.japanpost.jp", False),
    ],
)
def test_a_domain_agrees_with_a_name(name: str, domain: str, agreement: bool) -> None:  # noqa: FBT001 - as above
    """A domain is plainly one's own if it is the name, or begins with a name that is long enough."""
    assert agrees(name, domain) is agreement


def item(key: str, name: str, number: str = "", **tags: str) -> dict[str, Any]:
    """One item of a tree."""
    return {
        "displayName": name,
        "locationSet": {"include": ["de"]},
        "tags": {key: name, f"{key}:wikidata": number, **tags},
    }


def fact(*sites: str, description: str = "company", **more: Any) -> dict[str, Any]:
    """What is known of one organisation."""
    return {"label": "", "description": description, "officialWebsites": list(sites), **more}


def drafts(*names: str, site: str = "https://{}.example") -> dict[str, Draft]:
    """Drafts of organisations that are called so, each with a domain."""
    trees = {"brands/shop/x": {"items": [item("brand", name, f"Q{place}") for place, name in enumerate(names)]}}
    return gather(trees, {f"Q{place}": fact(site.format(f"site{place}")) for place in range(len(names))})


@pytest.mark.parametrize(
    ("path", "entry", "known"),
    [
        ("brands/shop/x", item("brand", "Wingara"), fact("https://wingara.example")),
        ("brands/shop/x", item("brand", "Wingara", "no number"), fact("https://wingara.example")),
        ("brands/shop/x", item("brand", "Wingara", "Q1"), fact()),
        ("brands/shop/x", item("brand", "Wingara", "Q1"), fact("https://w.example", dissolutions=[{}])),
        ("brands/shop/x", item("brand", "Q1", "Q1"), fact("https://wingara.example")),
        ("transit/route/bus", item("network", "Wingara", "Q1"), fact("https://wingara.example")),
        ("flags/man_made/flagpole", item("operator", "Wingara", "Q1"), fact("https://wingara.example")),
        ("operators/amenity/school", item("operator", "Wingara", "Q1"), fact("https://wingara.example")),
        ("operators/power/line", item("operator", "Wingara", "Q1"), fact("https://w.example", description="city in X")),
        (
            "operators/amenity/parking",
            item("operator", "Wingara", "Q1", **{"operator:type": "government"}),
            fact("https://wingara.example"),
        ),
    ],
)
def test_what_is_not_gathered(path: str, entry: dict[str, Any], known: dict[str, Any]) -> None:
    """Left out is who has no identity or no domain, is dissolved, or is a bus line, a flag, a school or a town."""
    assert gather({path: {"items": [entry]}}, {"Q1": known, "": known, "no number": known}) == {}


def test_entries_of_one_organisation_are_merged() -> None:
    """Names in all scripts and the domains come together under the number in Wikidata, the preferred site first."""
    trees = {
        "brands/shop/x": {
            "items": [item("brand", "Wingara", "Q1", **{"brand:ja": "ウィンガラ", "brand:wikipedia": "w"})]
        },
        "operators/power/line": {"items": [item("operator", "Wingara GmbH", "Q1", **{"operator:short": "WGRA"})]},
    }
    known = fact("https://old.example", "https://new.example", identities={"website": "https://new.example"})

    found = gather(trees, {"Q1": known})

    assert list(found) == ["org:Q1"]
    assert list(found["org:Q1"].names.values()) == ["Wingara", "ウィンガラ", "WGRA"]
    assert found["org:Q1"].domains == ["new.example", "old.example"]
    assert (found["org:Q1"].ja, found["org:Q1"].en) == ("ウィンガラ", "Wingara")


@pytest.mark.parametrize(
    ("title", "source", "identifier"),
    [
        ("Wingara", "https://www.wingara.com/press", "org:wingara"),
        ("Wingara", "https://commons.wikimedia.org/wingara", None),
        ("Wingara", "https://github.com/wingara", None),
        ("Wingara", "https://wingara.dev", None),
        ("365", "https://365.com", None),
    ],
)
def test_an_icon_counts_with_a_domain_of_its_own(title: str, source: str, identifier: str | None) -> None:
    """Of simple-icons only that is taken whose source is plainly its own domain, and no programmers' project."""
    found: dict[str, Draft] = {}
    add_icons(found, [{"title": title, "slug": title.lower(), "source": source}])

    assert list(found) == ([identifier] if identifier else [])


def test_an_icon_joins_the_organisation_that_it_is_of() -> None:
    """An icon whose domain an organisation of that name owns already adds its other names there."""
    found = {"org:Q1": Draft("org:Q1", names={"wingara": "Wingara"}, domains=["wingara.com"])}
    aliases = {"aka": ["Wingara Pay"], "loc": {"ja-JP": "ウィンガラ"}}
    add_icons(found, [{"title": "Wingara", "slug": "w", "source": "https://wingara.com", "aliases": aliases}])

    assert list(found) == ["org:Q1"]
    assert list(found["org:Q1"].names.values()) == ["Wingara", "Wingara Pay", "ウィンガラ"]


def test_who_shares_a_name_shares_its_domains() -> None:
    """The one that is found by a name that two bear owns the domains of both, so that neither accuses the other."""
    first, second = settle(drafts("Wingara", "Wingara"), WORDS)

    assert first.domains == ("site0.example", "site1.example")
    assert second.domains == ("site1.example",)
    assert not first.names[0].common


def test_a_name_of_many_is_common() -> None:
    """A name that more than a few bear is nobody's."""
    assert all(one.names[0].common for one in settle(drafts(*["Wingara"] * 7), WORDS))


def test_a_page_host_is_nobodys() -> None:
    """A domain that many share, or where anybody has a page, is taken from all who are not called like it."""
    names = [f"Wingara{letter}" for letter in "abcdefghij"]

    assert settle(drafts(*names, site="https://shared.example/{}"), WORDS) == []
    assert settle(drafts("Wingara", site="https://www.facebook.com/{}"), WORDS) == []
    assert [one.domains for one in settle(drafts("Facebook", site="https://facebook.com/{}"), WORDS)] == [
        ("facebook.com",)
    ]


def test_a_person_is_one_in_every_script() -> None:
    """Who is called like a person in one script is common in all, and an everyday word in katakana too."""
    person = Draft("org:Q1", en="Paul Smith", domains=["a.example"])
    person.add("Paul Smith", "保羅史密斯服飾", "Paul Smith Wingara")
    word = Draft("org:Q2", en="Target", domains=["b.example"])
    word.add("Target", "ターゲット", "Wingara")

    found = {name.text: name.common for one in settle({"1": person, "2": word}, WORDS) for name in one.names}

    assert found["保羅史密斯服飾"]
    assert found["ターゲット"]
    assert not found["Wingara"]


def test_a_small_index_comes_back_whole() -> None:
    """What is packed is read again: names, marks, domains, labels, and each name in a text."""
    made = settle(drafts("Wingara", "三井住友銀行", "Orange"), WORDS)
    index = Organisations(pack(made, "stamp"))

    assert index.stamp == "stamp"
    assert list(index.organisations()) == sorted(made, key=_identifier)
    assert [hit.name for hit in index.find(fold("ｗｉｎｇａｒａと三井住友銀行").text)] == [
        made[0].names[0],
        made[1].names[0],
    ]
    assert index.owners("www.site1.example") == (made[1].identifier,)
    assert index.brand("org:Q2").names == ("Orange",)


def _identifier(one: Organisation) -> str:
    return one.identifier


def test_the_shipped_index_is_current() -> None:
    """The stamp in both files is that of the scripts as they are, in which the packages are pinned."""
    assert generate_index.is_current()


def test_every_source_is_credited() -> None:
    """The licences name every package with its version, and the terms of the organisations' list."""
    notices = generate_index.LICENCES.read_text("utf-8")
    packages = generate_index.PACKAGES.split()[::2]

    assert [package for package in packages if package not in notices] == []
    assert "Redistributions in binary form must reproduce the above copyright notice" in notices


def test_the_lists_by_hand_do_not_contradict_each_other() -> None:
    """No name is said to be one organisation's alone and everybody's at once."""
    both = [name for name in everyday_names.DISTINCT if not is_common(name, WORDS) and name in everyday_names.EVERYDAY]

    assert both == []
    assert all(is_common(name, WORDS) for name in everyday_names.EVERYDAY)
