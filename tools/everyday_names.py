"""Which names of organisations are also what somebody is called, where somebody lives, or what anybody might say.

`generate_index.py` marks them `common`: such a name accuses nobody by itself. All functions are pure; what they know of
languages is given to them as a `Vocabulary`. In doubt a name is common: to miss an impostor who poses as Max Mara is
better than to accuse Mara, Max.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from watcher.brands.names import Name, Names, stands_alone
from watcher.brands.organisations import spell

_SHORT = 4
"""Letters of the longest Latin word that is too short to be anybody's own."""
_LATIN = re.compile(r"[a-z]")
_KANJI = re.compile(r"[\u3400-\u9fff\uf900-\ufaff々〆]+")
_KANA = re.compile(r"[\u3041-\u30ffー]+")
_HIRAGANA = re.compile(r"[\u3041-\u309fー]+")
_KATAKANA = re.compile(r"[\u30a1-\u30ffー]+")
_BETWEEN_WORDS = re.compile(r"[^\w']+|(?<=\b[dl])'")

# Legal forms, which nobody says when he names a company.
_LEGAL = re.compile(
    r"(?:,? (?:inc|llc|ltd|limited|corp|corporation|co|company|plc|gmbh|mbh|ag|se|kg|kgaa|ohg|e\.? ?v|e\.? ?g|ab|as|asa"
    r"|a/s|aps|oy|oyj|bv|b\.v|nv|n\.v|sa|s\.a|sas|s\.a\.s|sarl|s\.a\.r\.l|spa|s\.p\.a|srl|s\.r\.l|sro|s\.r\.o|a\.s"
    r"|sp\. z o\.o|d\.o\.o|s\.a\. de c\.v|pty|bhd|sdn|tbk|pjsc|pt)\.?| & co\.?| und co\.?)+$"
    r"|^(?:株式会社|有限会社|合同会社|一般財団法人|\(株\)|pt |ооо |оао |зао |пао |ао )"
    r"|(?:株式会社|有限会社|股份有限公司|有限公司|\(株\))$"
)
_INSTITUTION_WORDS = """
academy administration agency airport ambulance archive army assembly association authority board borough brigade
bureau cathedral cemetery center central centre chamber charity church city civic clinic club college commission
committee commune community cooperative council county court daycare department diocese district division education
federal federation fire force forest foundation general government guard health hospital house housing independent
institute international kindergarten library local medical ministry museum municipal municipality national nursery
office park parks parish police post prefecture primary prison province provincial public railway recreation red
cross region regional rescue road school schools secretary secondary security service services sheriff society state
station street system technical theatre town township trust union united university utilities utility village
volunteer ward water works youth healthcare network stadtische werke
stadt amt gemeinde kreis landkreis polizei feuerwehr krankenhaus schule rathaus stadtwerke kirche ville mairie
commune hopital ecole gendarmerie sapeurs pompiers ministere prefecture bibliotheque comune provincia regione
ospedale scuola polizia ministero ayuntamiento municipio ministerio gobierno policia bomberos hospital escuela
instituto nacional provincial municipal general publico secretaria prefeitura camara junta corpo bombeiros escola
gemeente politie brandweer provincie rijks gmina miasto urzad policja straz kommune kommun
"""
_INSTITUTIONS = frozenset(_INSTITUTION_WORDS.split())
"""Of such words the names of institutions are made that exist in many places."""
_TRADE_WORDS = """
auto autohaus backerei bad bakery bar barber beauty bistro books boucherie boulangerie boutique brasserie brau brauerei
brewery buch buchhandlung burger cafe cafeteria car carniceria casa chez cinema clinica coffee construction dental
dentist doctor drogerie druck electric elektro farm farmacia farmacias farmacie fashion feinkost ferme ferreteria
fitness fleischerei flower foods fresh friseur furniture garage garden garten gartnerei grill grocery haus hair holz
hotel hotels immobilien imbiss jewelers jewellers jewelry jewellery juwelier kaufhaus kebab kino klinik konditorei
laden lavanderia librairie libreria market markt metzgerei mobel mode motors musik obst optical optician opticians
optik optique otel ottica padaria panaderia panificio papeleria parfumerie pasticceria patisserie pensao pensione
pharma pharmacie pharmacy pizza pizzeria plumbing posto praxis pub rathskeller reisen restaurant ristorante salon
sanitatshaus schlosserei schreinerei schuhe shoes shop shops snack spa spedition sport sports steakhouse store stores
studio supermarche supermarket supermercado supermercados supermarkt sushi tabac taxi tea tischlerei toys travel
veterinary wein werkstatt wine zoo outlet supply
"""
_TRADES = frozenset(_TRADE_WORDS.split())
"""Of such a word and somebody's name, or a place's, the names of small shops are made: Bäckerei Schmidt."""
_DISTINCT_NAMES = """
7-eleven, accenture, adidas, air liquide, albert heijn, alstom, american airlines, american express, apple store,
at&t, auchan, australia post, balenciaga, banco santander, bank of america, barclays, baskin-robbins, best western,
bradesco, bridgestone, british airways, british gas, burger king, canada post, canadian tire, capital one, capital one
bank, chase bank, chipotle, coca-cola, cofidis, commerzbank, commonwealth bank, costco, credit agricole, credit
mutuel, daihatsu, days inn, decathlon, deloitte, deutsche bahn, deutsche bank, deutsche post, deutsche telekom, dolce
& gabbana, dollar tree, domino's pizza, ducati, duke energy, edeka, europcar, fedex, foot locker, ford motor, forever
21, gamestop, gazprom, general motors, givenchy, greenpeace, groupama, hang seng bank, hapag-lloyd, harley-davidson,
holiday inn, home depot, huawei, hyatt hotels, hyundai, iberdrola, intesa sanpaolo, iveco, kinokuniya, la poste, land
rover, lloyds bank, louis vuitton, marks & spencer, maserati, mazda, mcdonald's, mercedes-benz, metro bank,
mitsubishi, monoprix, movistar, msc cruises, national westminster bank, netflix, nova poshta, oxfam, pacific gas and
electric, panda express, papa john's, paypal, pepsi, petro-canada, petrobras, petronas, pizza hut, postbank,
pricewaterhousecoopers, rabobank, radioshack, re/max, renfe, repsol, ritz-carlton, rolls-royce, royal bank of canada,
royal bank of scotland, royal dutch shell, royal mail, sainsbury's, samsung, saudi aramco, schneider electric,
scotiabank, seven-eleven, shiseido, societe generale, softbank, southwest airlines, standard bank, standard chartered,
starbucks, suncorp, swisscom, taco bell, telenet, telenor, telstra, telus, tesco, the body shop, the home depot, the
north face, tim hortons, toys r us, tsutaya, under armour, unicredit, union bank of india, union pacific, united
airlines, united parcel service, us bank, verizon, vodafone, volkswagen, wagamama, walgreens, walmart, western union,
westpac, whole foods market, woolworths, world of warcraft, xfinity,
スターバックス, マクドナルド, セブンイレブン, セブン-イレブン, コストコ, ケンタッキーフライドチキン,
イトーヨーカドー, ココイチ, 日本年金機構, セブン銀行, イオン銀行, 日本郵便, 明治安田生命,
第一生命, 東横イン, ビックカメラ, ケーズデンキ, タワーレコード, ブックオフ, エイチ・アイ・エス,
アート引越センター, 西日本電信電話, 洋服の青山, 食べログ, 無印良品, トヨタレンタカー,
ニッポンレンタカー, 日産レンタカー, スギ薬局, ミスタードーナツ, モスバーガー, ピザハット,
ドミノ・ピザ, サントリー, コカ・コーラ, スターバックスコーヒー, タリーズコーヒー,
ファッションセンターしまむら, アパホテル, スーパーホテル, カメラのキタムラ, ロイヤルホスト
"""
DISTINCT = frozenset(map(spell, re.split(r",\s+", _DISTINCT_NAMES.strip())))
"""Names that the rules below would call common, but which are one organisation's alone."""
_EVERYDAY_NAMES = """
autogrill, autoworld, bambule, banese, bankomat, baristi, basecamp, biedronka, capitalbank, childtime, coffeeshop,
coinflip, consum, desigual, die autobahn, duplicati, eggdrop, fastbreak, fialka, five o'clock, globbing, halfprice,
immergrun, industrialbank, jobcenter, kafeteria, kakadu, keylog, knowledgebase, lavazza, manufaktura, meetup, packup,
panta rhei, penti, pitstop, plusone, primadonna, proxim, robinhood, roll'd, serverless, spolem, startpage,
studienkreis, tamtam, the niu, timezone, tonkotsu, unionbank, universalna, villarica, volia, wafelek, wasserwacht,
wildberries, zdraste, zegna,
みどりの窓口, ネイバー, ホームメイト, リトルマーメイド, ニューデイズ, タムタム
"""
EVERYDAY = frozenset(map(spell, re.split(r",\s+", _EVERYDAY_NAMES.strip())))
"""Names that the rules below would not call common: found by reading the index, and by looking for it in prose."""
_LOCAL = re.compile(
    r"^(?:(?:city|town|village|county|borough|township|municipality|district|government|diocese|state|province) of"
    r"|stadt|stadtverwaltung|gemeinde|landkreis|kreis|landratsamt|bezirksamt|ville d|mairie d|commune d|comune d"
    r"|provincia d|ayuntamiento d|municipalidad d|municipio d|prefeitura|camara municipal|gmina|miasto|urzad|mestska"
    r"|obec|gemeente|polizei|policia|police|feuerwehr|freiwillige|sdis|communaute d|metropole)\b"
    r"|\b(?:city|town|county|borough|district|parish|village) council$"
    r"|\b(?:police|sheriff|fire|rescue|library|libraries|schools?|school district|public works|parks)"
    r"(?:'s)?(?: (?:department|dept|office|service|district|system|authority))?$|\b(?:kommune?|township|municipality)$"
    r"|(?:[市区町村県都府]|[市区]役所|[町村]役場|警察[署局]?|消防|消防署|消防局|消防本部|教育委員会|小学校|中学校|高校|幼稚園|保育[園所]"
    r"|図書館|(?:水道|上下水道|交通)局|政府|医院|病院|圖書館|图书馆|公安局|人民政府|市政府|縣政府|區公所|郵便局)$"
)
_HEAD = re.compile(
    r" (?:in|of|on|at|for|from|that|which|serving|based|with|under|near|by|within|responsible|used)\b|[,;(]"
)
_LOCAL_KIND = re.compile(
    r"\b(?:flag|school|schools|school system|district|academy trust|police|police force|law enforcement(?: agency)?"
    r"|fire (?:department|service|brigade)|rescue service|library|libraries|library (?:system|network)|municipality"
    r"|commune|comune|city|capital|town|village|county|borough|township|local (?:authority|government)|council|parish"
    r"|prefecture|province|state|country|region|intercommunal structure|agglomeration community|ward|metropolis"
    r"|government|government (?:authority|body)|department|university|university system|hospital|diocese|island|oblast"
    r"|canton|municipal corporation|administrative authority|territory|human settlement|national park|mountain|river"
    r"|voivodeship)$"
)
_SECTORS_WORDS = """
bank banque banco banca banka bankasi insurance versicherung airlines airways air energy energie telecom mobile
telekom gas petroleum oil power electric electricity savings kantonalbank sparkasse card pay express rail
railway railways utilities utility stadtwerke post postes mail
"""
_SECTORS = frozenset(_SECTORS_WORDS.split())
"""Beside the name of a place these make the name of one company: Bank of China, Air France."""
_MEMBERS_WORDS = """
volksbank raiffeisenbank raiffeisen sparkasse sparkassen sparda sparda-bank stadtsparkasse kreissparkasse volkshilfe
vr-bank caritas diakonie johanniter malteser arbeiterwohlfahrt lebenshilfe stadtwerke credito cooperativo caja rural
"""
_MEMBERS = frozenset(_MEMBERS_WORDS.split())
"""Each of their many members has the same name, and a domain of its own."""
_KINDS = _INSTITUTIONS | _TRADES | _MEMBERS | _SECTORS
_PARTICLES_WORDS = """
van von der den de di da del della dos do du la le el al bin ibn mac mc st saint san y e
"""
_PARTICLES = frozenset(_PARTICLES_WORDS.split())
_OF_FAMILIES = re.compile(
    r"(?:[oe]vic|enko|oglu|shvili|adze|sson|sdottir|opoulos|idis|akis|[oe]wsk[ia]|[oe]wicz|[oe]vsky)$"
)
"""Ends of surnames in languages that have too many of them to be listed."""
_WITH_PARTICLE = re.compile(r"(?:von|van|vanden|vander|ten|ter|zu|zum|zur|d[aei]l?|dell[ao]|mac|mc|o') ?\w+$")
"""A surname with a particle: von Allwörden."""
_COMPANY = "名詞/固有名詞/組織"
_SHOP = re.compile("[屋家堂亭庵軒店館園荘号社組]|薬局|医院|商店|工務店|書店|酒店|酒造|歯科|クリニック|病院|整形外科")
_GENERAL = re.compile("名詞/(?:一般|サ変|形容動詞|接尾|数|副詞)|接頭詞|形容詞|副詞|動詞")
_PERSON = "名詞/固有名詞/人名"


@dataclass(frozen=True)
class Vocabulary:
    """Words of many languages, each as `spell` makes it."""

    dictionary: frozenset[str] = frozenset()
    """Words that stand in a dictionary, without proper names."""
    words: frozenset[str] = frozenset()
    """All words that are often used, proper names too."""
    frequent: frozenset[str] = frozenset()
    """Those few thousand that any sentence is made of."""
    usual: frozenset[str] = frozenset()
    """Those more that everybody uses now and then."""
    given: frozenset[str] = frozenset()
    surnames: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    japanese: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Parts of speech of Japanese words, as IPADIC has them: "名詞/一般", "名詞/固有名詞/人名/姓"."""
    readings: frozenset[str] = frozenset()
    """How Japanese words and names of people are read, in katakana."""
    within: frozenset[str] = frozenset()
    """Japanese names that stand within everyday Japanese words."""


def trim(name: str) -> str:
    """A name without its legal form and what stands in brackets behind it: "Vodafone GmbH (Deutschland)"."""
    name = re.sub(r"\s*[(（\[][^)）\]]*[)）\]]?$", "", name.strip()).strip(" ,;-–\"'“”«»„")
    for found in (_LEGAL.search(name.casefold()), _LEGAL.search(name.casefold().removesuffix("."))):
        if found and len(name.casefold()) == len(name) and 0 < len(found[0]) < len(name) - 1:
            return (name[: found.start()] + name[found.end() :]).strip(" ,.&\"'“”«»„")
    return name


def is_name(name: str) -> bool:
    """Whether it can be looked for at all: at least three letters, or two of which each stands for a word."""
    letters = [letter for letter in unicodedata.normalize("NFKC", name) if letter.isalpha()]
    dense = sum(unicodedata.east_asian_width(letter) == "W" for letter in letters)
    bare_number = re.fullmatch(r"[Qq]\d+", name)
    return not bare_number and len(name) <= 60 and (len(letters) >= 3 or dense >= 2)


def is_local(name: str, description: str) -> bool:
    """Whether it is a public institution of one place, named as those of other places are."""
    head = _HEAD.split(description.casefold(), maxsplit=1)[0].strip()
    return bool(_LOCAL_KIND.search(head) or _LOCAL.search(spell(name)))


def is_common(name: str, known: Vocabulary) -> bool:
    """Whether the name is also a person's, a place's, or an everyday word or phrase."""
    spelled = spell(name)
    if spelled in DISTINCT:
        return False
    if spelled in known.places or spelled in known.countries or spelled in _MEMBERS | EVERYDAY:
        return True
    if _KANJI.search(spelled) or _KANA.search(spelled):
        return _is_common_japanese(spelled, known)
    if not _LATIN.search(spelled):
        return True  # There is no list of everyday words in these scripts.
    words = words_of(spelled)
    if len(words) == 1:
        return _is_common_word(words[0], known)
    return is_person(name, known) or _is_common_phrase(words, known)


def words_of(spelled: str) -> list[str]:
    """The words of a spelled name, without the possessive."""
    parts = (word.strip("'").removesuffix("'s").strip("'") for word in _BETWEEN_WORDS.split(spelled))
    return [word for word in parts if word]


def is_person(name: str, known: Vocabulary) -> bool:
    """Whether somebody may be called that: names and initials in any order, for no list of names is full."""
    spelled = spell(name)
    if "・" in spelled or "=" in spelled:
        parts = re.split("[・=]", spelled)
        return all(any(kind.startswith(_PERSON) for kind in known.japanese.get(part, ())) for part in parts)
    words = [word for word in words_of(spelled) if word not in _PARTICLES]
    if _WITH_PARTICLE.match(spelled):
        return True
    if not 2 <= len(words) <= 3 or not _SECTORS.isdisjoint(words) or not known.countries.isdisjoint(words):
        return False
    named = [word in known.given or word in known.surnames or len(word) == 1 for word in words]
    if len(words) == 2:
        unheard = words[1] not in known.dictionary and words[1] not in known.usual and words[1] not in _KINDS
        return all(named) or (words[0] in known.given and words[1].isalpha() and unheard)
    return all(named) and any(word in known.given for word in words)


def _is_common_word(word: str, known: Vocabulary) -> bool:
    letters = [letter for letter in word if letter.isalpha()]
    if len(letters) <= _SHORT:
        return True
    if _OF_FAMILIES.search(word):
        return True
    forms = {word, word.removesuffix("s"), word.removesuffix("es"), word.replace("-", "")}
    return any(
        form in known.dictionary or form in known.words or form in known.given or form in known.surnames
        for form in forms
    )


def _is_common_phrase(words: list[str], known: Vocabulary) -> bool:
    shop = not _TRADES.isdisjoint(words)
    local = shop or not _INSTITUTIONS.isdisjoint(words)
    places = [
        word for word in words if word in known.countries or (word in known.places and word not in known.dictionary)
    ]
    if places and not _SECTORS.isdisjoint(words):
        return False
    # The fewer words there are, the sooner they meet by chance.
    everyday = (known.dictionary, known.usual, known.frequent)[min(len(words), 4) - 2]

    def is_vague(word: str) -> bool:
        if len(word) <= 2 or word.isdecimal() or word in everyday or word in known.frequent or word in _KINDS:
            return True
        if word in known.given and (local or len(words) == 2):
            return True
        return (shop and word in known.surnames) or (local and word in known.places)

    return all(map(is_vague, words))


def _is_common_japanese(spelled: str, known: Vocabulary) -> bool:
    letters = re.sub(r"[\s・&]", "", spelled)
    kinds = known.japanese.get(letters, frozenset())
    if _KANJI.fullmatch(letters) and len(letters) <= (3 if kinds != {_COMPANY} else 2):
        return True  # A word of Chinese, or somebody's name there: 馬拉松, 周大福.
    if len(letters) <= (4 if _HIRAGANA.fullmatch(letters) else 3 if _KATAKANA.fullmatch(letters) else 0):
        return True
    if letters in known.within or letters in known.readings or is_person(spelled, known):
        return True
    if kinds:
        return kinds != {_COMPANY}
    parts = [part for part in re.split(r"[\s・&]+", spelled) if part]
    if all(_is_common_part(part, known) for part in parts):
        return True
    return any(_is_everyday(pieces, known) for pieces in _cuts(letters, known, 4))


def _is_common_part(part: str, known: Vocabulary) -> bool:
    if _LATIN.search(part):
        return _is_common_word(part, known) or part in known.frequent
    return part.isdecimal() or any(kind != _COMPANY for kind in known.japanese.get(part, ()))


def _cuts(text: str, known: Vocabulary, most: int) -> Iterator[tuple[str, ...]]:
    """All ways to cut the text into known words."""
    if not text:
        yield ()
    elif most:
        for end in range(len(text), 0, -1):
            if text[:end] in known.japanese:
                yield from ((text[:end], *rest) for rest in _cuts(text[end:], known, most - 1))


def _is_everyday(pieces: tuple[str, ...], known: Vocabulary) -> bool:
    """Whether they are a word that is no name, or somebody's: general words, a surname and a given name or a shop."""
    if len(pieces) > 2:
        pieces = tuple(piece for piece in pieces if piece != "の")
    if any(len(piece) == 1 and _KANA.fullmatch(piece) for piece in pieces):
        return False
    kinds = [known.japanese[piece] for piece in pieces]
    if all(map(_is_general, kinds)):
        return True
    surname = f"{_PERSON}/姓" in kinds[0] or any("地域" in kind for kind in kinds[0])
    if len(pieces) == 2 and surname:
        rest = pieces[1]
        return f"{_PERSON}/名" in kinds[1] or bool(_SHOP.fullmatch(rest))
    return False


def _is_general(kinds: frozenset[str]) -> bool:
    return any(_GENERAL.match(kind) for kind in kinds)


def read_japanese(entries: bytes) -> dict[str, frozenset[str]]:
    """Words and their parts of speech, from kuromoji's copy of IPADIC: lines that end in a zero byte."""
    words: dict[str, set[str]] = {}
    for entry in entries.decode().split("\0"):
        word, _, kinds = entry.partition(",")
        if kinds:
            kind = "/".join(part for part in kinds.split(",")[:4] if part != "*")
            words.setdefault(spell(word), set()).add(kind)
    return {word: frozenset(kinds) for word, kinds in words.items()}


def read_readings(entries: bytes) -> frozenset[str]:
    """How the general words and the names of people in it are read, and how they are spoken."""
    found = re.findall(r"(?:名詞,一般|名詞,固有名詞,人名)(?:,[^,\0]*)+?,([ァ-ヶー]+),([ァ-ヶー]+)\0", entries.decode())
    return frozenset(spell(reading) for readings in found for reading in readings)


def is_katakana(name: str) -> bool:
    """Whether it is written in katakana, as foreign words and names are."""
    return bool(_KATAKANA.fullmatch(re.sub(r"[\s・&=]", "", spell(name))))


def within_words(spellings: Iterable[str], japanese: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Those Japanese spellings that stand within words which are no company's: 三越 in 三越峠."""
    names = Names({spelling: Name(spelling) for spelling in spellings if not spelling.isascii()})
    found = set()
    for word, kinds in japanese.items():
        if any(not kind.startswith(("名詞/固有名詞/組織", "名詞/固有名詞/一般")) for kind in kinds):
            found |= {hit.name.text for hit in names.find(word) if hit.name.text != word and stands_alone(word, hit)}
    return frozenset(found)
