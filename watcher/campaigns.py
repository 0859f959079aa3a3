"""Which suspicious mails are alike: what is kept of each to tell, and which of them make a campaign. Pure.

One lure is sent to many people, and to one person many times: with another number, another name, from other hosts, in
other words. What of it stays the same is what the senders would have to work for: the attachment, the text, the way in
which they name their hosts. Each of these makes two mails alike, and what is alike through others is one campaign.

Texts are compared without being kept, by MinHash (A. Broder, "On the resemblance and containment of documents",
SEQUENCES 1997). A text is seen as the set of its shingles: all runs of five characters, so that Japanese, which is
written without spaces, needs no dictionary. Every shingle is hashed. The least hash of one set is that of another as
often as the sets are alike by Jaccard's measure, |A ∩ B| / |A ∪ B|; many such least hashes are a signature, and the
share of equal ones tells how alike two texts are. Here one hash sorts the shingles into 64 boxes, and of each box the
least hash counts (P. Li, A. Owen, C.-H. Zhang, "One permutation hashing", NIPS 2012), which costs a 64th of what 64
hashes do. A box into which nothing fell says nothing.

A signature cannot be read back into text. It knows 64 of some thousand shingles at most, without their order, and of
each 16 bits of a hash, which many shingles share (P. Li, A. König, "b-bit minwise hashing", WWW 2010).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import UTC, timedelta
from hashlib import sha256
from itertools import chain, islice, pairwise
from zlib import crc32

from watcher.domains import suffix
from watcher.learn import posed_brand
from watcher.links import destinations
from watcher.model import Attachment, Campaign, Case, Imprint, Message, Offer, Trait
from watcher.text import clean, fold

_MOST = 20
"""Hosts, and file names, that are kept of one mail."""
_MOST_LINKS = 100
"""Links that are followed for them."""
_LONGEST_FILE = 255
"""Characters of a file name: what file systems take, so that its extension is kept too."""
_LEADING = frozenset({Trait.LINK, Trait.QR_CODE, Trait.FORM})
"""What leads from an attachment to a host."""
_SMALLEST_PICTURE = 4096
"""Octets below which no picture holds a lure: pixels that count readers, lines, icons."""
_EMPTY = sha256().hexdigest()

_LONGEST_TEXT = 8_000
"""Characters of a text that are looked at; lures are shorter, and what is longer is alike at its beginning too."""
_SHORTEST_TEXT = 80
"""Characters of a text, without what changes from mail to mail, below which it is like any other."""
_VARYING = re.compile(
    r"(?:https?:|www\.)[!-~]*+"
    r"|(?<![\w.+-])[a-z0-9_.+-]++@[a-z0-9.-]+"
    r"|(?P<number>(?<![a-z0-9])[a-z]*+[0-9][a-z0-9]*+)"
    r"|[\W_]+"
)
"""What changes from mail to mail, addresses, numbers, codes, and what is no word: blanks, full stops, ornaments."""

_SHINGLE = 5
"""Characters, each of two octets."""
_BOXES = 64
_NOTHING = -1
_ROWS = 3
"""Values of a signature that make a band: texts that share one are compared."""
_ALIKE = 0.5
_LOOK_BACK = 8
"""Texts with which one that shares a band is compared, the latest before it: a lure is like the one before."""

_APART = timedelta(days=30)
"""Between one mail of a campaign and the next."""
_MOST_HOSTS = 5
_SHORTEST_NAME = 4
"""Letters without which a part of a host's name does not tell who named it."""
_WORD = re.compile("[a-z]+")
_CODE = re.compile(r"(?=[a-z]{0,3}[0-9])(?:(?<![a-z])[a-z]{1,3}(?![a-z])|[0-9])+")
"""A number, with the few letters that stand between and beside its digits."""
_ANYBODYS = re.compile(
    "accounts?|auth|click|email|help|home|index|info|links?|login|mail|members?|mobile|news|online|pages?|portal|secure|"
    "security|services?|shop|signin|site|store|support|update|user|verify|web"
)
"""What hosts are called everywhere."""


def imprint(message: Message, offers: Callable[[str], frozenset[Offer]] = lambda _: frozenset()) -> Imprint:
    """What is kept of a suspicious mail.

    Args:
        message: as it was judged, with what was found in its attachments.
        offers: what a host offers to everybody, `Catalogue.offers`: by it more redirectors are seen through.
    """
    shape = _shape(message.text)
    return Imprint(
        hosts=_first(_hosts(message, offers)),
        files=_first(clean(name, _LONGEST_FILE) for name in _files(message)),
        digests=_first(_digests(message, wordless=not shape)),
        shape=shape,
    )


def group(cases: Iterable[Case], *, is_public: Callable[[str], bool] = lambda _: False) -> tuple[Campaign, ...]:
    """The campaigns among these cases, the most recent first.

    Two cases are alike when they share an attachment; when they pose as the same brand in a similar text; or when they
    pose as the same brand and lead to hosts of one domain, or of one make (japanpost-xk31.top, japanpost-ab77.top).
    Between one mail of a campaign and the next lie 30 days at most.

    Args:
        cases: in any order; one that stands there twice counts once.
        is_public: whether a host says nothing of who sent the mail: everybody can have a page there, or a link that
            begins with it, or it is the brand's own.
    """
    known = sorted({case.id: case for case in cases}.values(), key=lambda case: (case.date, case.id))
    kin = _Kin(len(known))
    # Lazily, so that the texts of those who are kin already are not compared.
    for one, other in chain(_by_equal(known, is_public), _by_text(known, kin)):
        kin.join(one, other)
    families = [[known[place] for place in places] for places in kin.families()]
    latest = sorted(families, key=lambda family: (family[-1].date, family[-1].id), reverse=True)
    return tuple(_campaign(family, is_public) for family in latest)


def of_case(campaigns: Iterable[Campaign], number: int) -> Campaign | None:
    """The campaign that the case of that number is of; None where there is none like it."""
    return next((campaign for campaign in campaigns if number in campaign.cases), None)


# What is kept.


def _first(values: Iterable[str]) -> tuple[str, ...]:
    """The first values that say something, each once."""
    found: dict[str, None] = {}
    for value in filter(None, values):
        found.setdefault(value)
        if len(found) == _MOST:
            break
    return tuple(found)


def _hosts(message: Message, offers: Callable[[str], frozenset[Offer]]) -> Iterator[str]:
    found = (finding for attachment in message.attachments for finding in attachment.opening.findings)
    attached = (finding.detail for finding in found if finding.trait in _LEADING)
    for url in islice(chain((link.url for link in message.links), attached), _MOST_LINKS):
        yield from destinations(url, offers)


def _files(message: Message) -> Iterator[str]:
    """Names of attachments, then of what lies in them: programs first, since not all are kept."""
    yield from (attachment.filename for attachment in message.attachments)
    members = [member for attachment in message.attachments for member in attachment.opening.members]
    for member in sorted(members, key=lambda member: member.kind != "program"):
        yield member.path.rpartition("/")[2].rpartition("!")[2]


def _digests(message: Message, *, wordless: bool) -> Iterator[str]:
    for attachment in message.attachments:
        if attachment.opening.sha256 != _EMPTY and _tells(attachment, wordless=wordless):
            yield attachment.opening.sha256


def _tells(attachment: Attachment, *, wordless: bool) -> bool:
    """Whether two mails with this attachment are alike: a picture is but the brand's logo where there are words."""
    return attachment.opening.kind != "picture" or (wordless and attachment.size >= _SMALLEST_PICTURE)


def _shape(text: str) -> tuple[int, ...]:
    """The MinHash signature of a text; empty where there is too little of it."""
    words = _VARYING.sub(lambda found: "0" if found["number"] else "", fold(text[:_LONGEST_TEXT]).text)
    if len(words) < _SHORTEST_TEXT:
        return ()
    octets = words.encode("utf-16-le", "surrogatepass")
    ends = range(2 * _SHINGLE, len(octets) + 1, 2)
    hashes = sorted({crc32(octets[end - 2 * _SHINGLE : end]) for end in ends}, reverse=True)
    least = {number % _BOXES: number // _BOXES & 0xFFFF for number in hashes}  # the last one that is put in stays
    return tuple(least.get(box, _NOTHING) for box in range(_BOXES))


# What is alike.


class _Kin:
    """Disjoint sets of the numbers below `count` (union-find), each led by its least member."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def head(self, one: int) -> int:
        """Who leads the family of `one`."""
        while self._above[one] != one:
            self._above[one] = one = self._above[self._above[one]]
        return one

    def join(self, one: int, other: int) -> None:
        """Make one family of two."""
        first, second = sorted((self.head(one), self.head(other)))
        self._above[second] = first

    def families(self) -> list[list[int]]:
        """Those of two members or more, each ascending."""
        found = defaultdict(list)
        for one in range(len(self._above)):
            found[self.head(one)].append(one)
        return [family for family in found.values() if len(family) > 1]


def _by_equal(cases: Sequence[Case], is_public: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Places of cases that have something in common: of all that have it, each with the next."""
    for places in _sharing(cases, lambda case: _marks(case, is_public)):
        yield from ((one, other) for one, other in pairwise(places) if _near(cases[one], cases[other]))


def _by_text(cases: Sequence[Case], kin: _Kin) -> Iterator[tuple[int, int]]:
    """Places of cases with similar texts, as far as they are not of one family yet."""
    for one, other in chain.from_iterable(map(_with_latest, _sharing(cases, _bands))):
        apart = kin.head(one) != kin.head(other)
        if apart and _near(cases[one], cases[other]) and _similar(cases[one], cases[other]):
            yield one, other


def _with_latest(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Each place with some of those before it, the latest first."""
    for index, one in enumerate(places):
        yield from ((one, other) for other in reversed(places[max(0, index - _LOOK_BACK) : index]))


def _sharing(cases: Sequence[Case], keys: Callable[[Case], Iterable[Hashable]]) -> Iterator[list[int]]:
    """Places, ascending, of cases with a key in common, for each key that several have."""
    found = defaultdict(list)
    for place, case in enumerate(cases):
        for key in set(keys(case)):
            found[key].append(place)
    return (places for places in found.values() if len(places) > 1)


def _near(one: Case, other: Case) -> bool:
    return abs(one.date - other.date) <= _APART


def _marks(case: Case, is_public: Callable[[str], bool]) -> Iterator[Hashable]:
    """What makes two cases alike when both have it."""
    yield from case.imprint.digests
    brand = posed_brand(case)
    for host in case.imprint.hosts if brand else ():
        yield from ((brand, name) for name in _names(host, is_public))


def _names(host: str, is_public: Callable[[str], bool]) -> Iterator[str]:
    """By what a host is recognised: its domain, and its make, with "#" for what whoever names many hosts would change.

    A make is what stands before a domain of its own (smbc-card.qhzfjj.com), or what stands in it beside a number or a
    code (japanpost-xk31.top).
    """
    end = suffix(host)
    if host == end or (is_public(host) and not (end and is_public(end))):
        return  # below a public suffix that is public, such as vercel.app, each has a name of his own
    before, _, own = host.removesuffix(f".{end}").removeprefix("www.").rpartition(".")
    yield f"{own}.{end}" if end else host
    if end and _is_telling(before):
        yield f"{_CODE.sub('#', before)}.#.{end}"
    elif end and _is_telling(own):
        yield f"{_CODE.sub('#', own)}.{end}"


def _is_telling(name: str) -> bool:
    """Whether part of a host holds enough that is neither a code nor what anybody calls a host."""
    words = (word for word in _WORD.findall(_CODE.sub("", name)) if not _ANYBODYS.fullmatch(word))
    return sum(map(len, words)) >= _SHORTEST_NAME


def _bands(case: Case) -> Iterator[Hashable]:
    """Pieces of the signature: of texts that are half alike, 94 in 100 share one; of unlike ones, 2 in 100.

    Short texts leave many boxes empty: what holds nothing is no reason to compare them.
    """
    shape, brand = case.imprint.shape, posed_brand(case)
    for start in range(0, len(shape) - _ROWS + 1, _ROWS):
        band = shape[start : start + _ROWS]
        if set(band) != {_NOTHING}:
            yield brand, start, band


def _similar(one: Case, other: Case) -> bool:
    """Whether two texts are alike: the share of the boxes that hold the same, of those that hold anything."""
    pairs = zip(one.imprint.shape, other.imprint.shape, strict=False)
    told = [mine == yours for mine, yours in pairs if mine != _NOTHING or yours != _NOTHING]
    return sum(told) >= _ALIKE * len(told)


def _campaign(family: Sequence[Case], is_public: Callable[[str], bool]) -> Campaign:
    brands = Counter(filter(None, map(posed_brand, family)))
    hosts = Counter(host for case in family for host in case.imprint.hosts if not is_public(host))
    days = Counter(case.date.astimezone(UTC).date() for case in family)
    return Campaign(
        cases=tuple(case.id for case in family),
        brand=max(sorted(brands), key=brands.__getitem__, default=""),
        accounts=tuple(sorted({case.place.account for case in family})),
        days=tuple(sorted(days.items())),
        hosts=tuple(sorted(hosts, key=lambda host: (-hosts[host], host))[:_MOST_HOSTS]),
    )
