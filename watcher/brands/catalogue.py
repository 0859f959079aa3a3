"""The catalogue in memory: names to brands, hosts to owners, and names that only look like one.

Real names are consulted first, so that they never accuse each other: PayPay is no misspelt PayPal, and PayPay銀行 is
not PayPay. Whatever looks like a name and is no real one is a lookalike.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Protocol

from watcher.brands.glyphs import Glyphs
from watcher.brands.names import Hit, Name, Names, choose, stands_alone
from watcher.model import Brand, Mention, Offer
from watcher.text import Folded, fold

_SHORTEST_ALPHABETIC = 4
_SHORTEST_CJK = 2
"""Letters of the shortest name that has lookalikes: of shorter ones there are too many by chance."""
_REMEMBERED = 4096
"""Hosts whose owners are remembered: each is asked for by several detectors, and mails share them."""
_SEARCHED = 2
"""Texts whose names are remembered: where names are looked for, lookalikes are next, with letters joined and not."""


class Index(Protocol):
    """The second layer: organisations of which only names and web domains are known. See `organisations`."""

    def find(self, folded: str) -> Iterator[Hit]:
        """Every name in a folded text that stands alone."""

    def owners(self, host: str) -> tuple[str, ...]:
        """Identifiers of the organisations whose web domain this host is or lies under."""

    def brand(self, identifier: str) -> Brand:
        """The organisation of that identifier. Raises KeyError for an unknown one."""


class BrandCatalogue:
    """Implements `model.Catalogue`.

    Args:
        brands: with their identifiers; the domains of a family are shared already.
        real_names: names of others, which are neither claims nor lookalikes.
        glyphs: what looks like what.
        index: further organisations, whose names count where no brand's does.
        offers: what a host offers to everybody.
    """

    def __init__(
        self,
        brands: Mapping[str, Brand],
        real_names: Iterable[str],
        glyphs: Glyphs,
        index: Index | None = None,
        offers: Callable[[str], frozenset[Offer]] = lambda _: frozenset(),
    ) -> None:
        self._brands = brands
        self._glyphs = glyphs
        self._index = index
        self._of_brands: dict[str, bool] = {}
        self.offers = lru_cache(_REMEMBERED)(offers)
        self._hits = lru_cache(_SEARCHED)(self._find_hits)
        self.owners = lru_cache(_REMEMBERED)(self._find_owners)
        own = [name for brand in brands.values() for name in _names_of(brand)]
        others = [Name(text) for text in real_names]
        others += [Name(text) for brand in brands.values() for text in brand.innocents if "." not in text]
        # Of equal spellings the last counts: a brand's own name is stronger than another's.
        self._real = Names(_spell([*others, *own], lambda text: fold(text).text))
        self._alike = Names(_spell(filter(_has_lookalikes, own), glyphs.skeleton))
        self._owners: dict[str, tuple[Brand, ...]] = {}
        for brand in brands.values():
            for domain in brand.domains:
                self._owners[domain] = _first_its_own(domain, (*self._owners.get(domain, ()), brand))
            for address in brand.addresses:
                self._owners[address] = (brand,)

    def brands(self) -> Iterator[Brand]:
        """All brands, in the order of their identifiers."""
        return iter(self._brands.values())

    def brand(self, identifier: str) -> Brand:
        """The brand of that identifier. Raises KeyError for an unknown one."""
        if self._index and identifier not in self._brands:
            return self._index.brand(identifier)
        return self._brands[identifier]

    def _find_owners(self, host: str) -> tuple[Brand, ...]:
        """The brands that own this host or a domain above it; those of the nearest domain.

        Args:
            host: a host name, IDNA-encoded, in any case, with or without the final dot.
        """
        name = host.lower().rstrip(".")
        while name and name not in self._owners:
            name = name.partition(".")[2]
        if name or not self._index:
            return self._owners.get(name, ())
        return tuple(map(self._index.brand, self._index.owners(host)))

    def find(self, text: str) -> Iterator[Mention]:
        """Every brand named in a short text, longest name first at each place, in one pass."""
        folded, hits = self._hits(text)
        for hit in choose(hits):
            if hit.name.brand:
                yield _mention(Hit(*folded.span(hit.start, hit.end), hit.name))

    def find_first(self, text: str) -> Iterator[Mention]:
        """Like `find` for a long text: each name where it stands first.

        Everyday words and the organisations of the index are left out: too many would stand there by chance.
        """
        folded = fold(text)
        seen: set[Name] = set()
        for hit in choose(self._folded_hits(folded)):
            if hit.name.brand and not hit.name.common and hit.name not in seen:
                seen.add(hit.name)
                yield _mention(Hit(*folded.span(hit.start, hit.end), hit.name))

    def lookalikes(self, text: str) -> Iterator[Mention]:
        """Every place where something that looks like a brand's name, but is no real name, stands.

        The mention's `name` is the real name that it looks like. Everyday words and very short names have none.
        """
        suspects = list(self._alike_hits(text))
        if not suspects:
            return
        folded, hits = self._hits(text)
        real = [Hit(*folded.span(hit.start, hit.end), hit.name) for hit in hits]
        innocent = set(real)
        for hit in choose([*real, *suspects]):
            if hit not in innocent:
                yield _mention(hit)

    def _find_hits(self, text: str) -> tuple[Folded, tuple[Hit, ...]]:
        """The text, folded, and in that all names of both layers, overlapping ones too."""
        folded = fold(text)
        return folded, (*self._folded_hits(folded), *self._indexed_hits(folded))

    def _indexed_hits(self, folded: Folded) -> Iterator[Hit]:
        """Names of the index that are no everyday words, without those of the brands themselves and of their shops."""
        for hit in self._index.find(folded.text) if self._index else ():
            if not hit.name.common and not self._is_a_brands(hit.name.brand):
                yield hit

    def _is_a_brands(self, identifier: str) -> bool:
        """Whether an organisation of the index has a domain of a brand that has a file: Amazon Hub."""
        known = self._of_brands.get(identifier)
        if known is None and self._index:
            known = any(
                not owner.indexed for host in self._index.brand(identifier).domains for owner in self.owners(host)
            )
            self._of_brands[identifier] = known
        return bool(known)

    def _folded_hits(self, folded: Folded) -> Iterator[Hit]:
        return (hit for hit in self._real.find(folded.text) if stands_alone(folded.text, hit))

    def _alike_hits(self, text: str) -> Iterator[Hit]:
        hits = list(self._alike.find(self._glyphs.skeleton(text)))
        places = self._glyphs.places(text) if hits else []
        for hit in hits:
            start, end = bisect_right(places, hit.start) - 1, bisect_left(places, hit.end)
            # "rn" in the skeleton may be an m: a name cannot begin or end within it.
            whole = places[start] == hit.start and places[end] == hit.end
            found = Hit(start, end, hit.name)
            if whole and stands_alone(text, found):
                yield found


def _first_its_own(domain: str, owners: tuple[Brand, ...]) -> tuple[Brand, ...]:
    """The owners of a domain, of a family the one whose own it is first: it lists its own before those it shares."""
    return tuple(sorted(owners, key=lambda owner: owner.domains.index(domain)))


def _mention(hit: Hit) -> Mention:
    return Mention(hit.name.brand, hit.name.text, hit.start, hit.end, hit.name.common, hit.name.shared)


def _names_of(brand: Brand) -> Iterator[Name]:
    for text in brand.names:
        shared = text in brand.shared_names
        yield Name(text, brand.id, shared or text in brand.common_words, shared)


def _spell(names: Iterable[Name], spell: Callable[[str], str]) -> dict[str, Name]:
    """The names by their spellings, also with their words run together (applepay) where that is no other's."""
    spellings = {spell(name.text): name for name in names}
    return {spelling.replace(" ", ""): name for spelling, name in spellings.items()} | spellings


def _has_lookalikes(name: Name) -> bool:
    if name.common:
        return False
    letters = sum(map(str.isalpha, name.text))
    cjk = 0 if name.text.isascii() else sum(map(_is_wide_letter, name.text))
    return cjk >= _SHORTEST_CJK or letters - cjk >= _SHORTEST_ALPHABETIC


def _is_wide_letter(character: str) -> bool:
    return character.isalpha() and unicodedata.east_asian_width(character) == "W"
