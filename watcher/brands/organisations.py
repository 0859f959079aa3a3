"""The second layer of the catalogue: tens of thousands of organisations, of which little is known, in one packed file.

`tools/generate_index.py` writes `organisations.bin`. It is mapped into memory and its records are decoded when they are
asked for, so that the many organisations that no mail ever names cost next to nothing. Layout: one line of ASCII (what
the file is, a stamp of what made it, the sizes of the sections), then

- the automaton that finds all spellings of names in one pass (`daachorse`);
- for each spelling 32 bits, little endian: the number of its record, its place among the names there, whether it is
  an everyday word as well;
- the records: lines of tab-separated texts, in the order of the identifiers;
- the domains: lines of a host and the numbers of the records that own it, in the order of the hosts.
"""

from __future__ import annotations

import mmap
import struct
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

from daachorse import CharwiseDoubleArrayAhoCorasick

from watcher.brands.names import Hit, Name, stands_alone
from watcher.errors import UserError
from watcher.model import Brand, ClaimKind, Sentence
from watcher.text import fold

_KIND = "watcher-organisations-1"
_NUMBER = struct.Struct("<I")
_BOUNDS = struct.Struct("<II")
"""Of a line: where the one before it ends, and where it ends itself."""
_PLACE_BITS = 11
_BETWEEN_NAMES = "\x1f"
_COMMON = "\x1e"
"""Stands before a name that is an everyday word as well."""
_NOBODY = Name("")


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation of the index."""

    identifier: str
    """"org:" and its number in Wikidata, or else a word made of its name."""
    label: Sentence
    names: tuple[Name, ...]
    domains: tuple[str, ...]
    """Of its web pages: registrable domains, or hosts below a shared one; the first is the one to show."""


class Organisations:
    """All organisations of one file.

    Args:
        data: the whole file, as `pack` makes it.

    Raises:
        ValueError: it is no such file.
    """

    def __init__(self, data: bytes | mmap.mmap) -> None:
        head = data[: data.find(b"\n") + 1]
        kind, self.stamp, *sizes = head.decode("ascii", "replace").split() or [""]
        if kind != _KIND or len(sizes) != 4:
            raise ValueError("no index of organisations of this version")
        *starts, end = accumulate(map(int, sizes), initial=len(head))
        if end != len(data):
            raise ValueError("an index of organisations that is cut off")
        automaton, self._numbers, records, domains = starts
        self._data = data
        self._records = _Lines(data, records)
        self._domains = _Lines(data, domains)
        self._automaton = self._read_automaton(
            data[automaton : self._numbers], (records - self._numbers) // _NUMBER.size
        )

    def __len__(self) -> int:
        return len(self._records)

    def find(self, folded: str) -> Iterator[Hit]:
        """Every name that stands alone in a text, overlapping ones too.

        Args:
            folded: as `text.fold` makes it; places are characters of it.
        """
        for start, end, number in self._automaton.find_overlapping(plain(folded)):
            if stands_alone(folded, Hit(start, end, _NOBODY)):
                yield Hit(start, end, self._name(number))

    def owners(self, host: str) -> tuple[str, ...]:
        """The identifiers of the organisations whose web domain this host is or lies under; of the nearest domain.

        Args:
            host: a host name, IDNA-encoded, in any case, with or without the final dot.
        """
        name = host.lower().rstrip(".")
        while name:
            line = self._domains.find(name)
            if line:
                return tuple(self._records[int(number)].partition("\t")[0] for number in line.split("\t")[1:])
            name = name.partition(".")[2]
        return ()

    def brand(self, identifier: str) -> Brand:
        """The organisation of that identifier. Raises KeyError for an unknown one."""
        line = self._records.find(identifier)
        if not line:
            raise KeyError(identifier)
        organisation = _read(line)
        return Brand(
            id=identifier,
            kind=ClaimKind.BRAND,
            label=organisation.label,
            names=tuple(name.text for name in organisation.names),
            common_words=tuple(name.text for name in organisation.names if name.common),
            domains=organisation.domains,
            senders_known=False,
            indexed=True,
        )

    def organisations(self) -> Iterator[Organisation]:
        """All of them, in the order of their identifiers."""
        return (_read(self._records[number]) for number in range(len(self._records)))

    def _read_automaton(self, data: bytes, spellings: int) -> CharwiseDoubleArrayAhoCorasick:
        try:
            return CharwiseDoubleArrayAhoCorasick.deserialize(data)
        except ValueError:
            # Another release of daachorse may write it otherwise: then it is built anew, which takes a second.
            return CharwiseDoubleArrayAhoCorasick([spell(self._name(number).text) for number in range(spellings)])

    def _name(self, number: int) -> Name:
        packed: int
        (packed,) = _NUMBER.unpack_from(self._data, self._numbers + number * _NUMBER.size)
        names = _read(self._records[packed >> _PLACE_BITS]).names
        return names[packed & (1 << _PLACE_BITS) - 1]


def read_organisations(path: Path) -> Organisations:
    """Map an index into memory.

    Raises:
        UserError: there is none, or it cannot be read.
    """
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        organisations = Organisations(mapped)
    except (OSError, ValueError) as error:
        raise UserError(f"{path.name}: cannot be read: {error}.") from error
    if hasattr(mmap, "MADV_DONTNEED"):  # what has been read once, the automaton, need not stay in memory
        mapped.madvise(mmap.MADV_DONTNEED)
    return organisations


def pack(organisations: Sequence[Organisation], stamp: str) -> bytes:
    """The file that holds these organisations.

    Args:
        organisations: with identifiers that differ; of those that share a spelling the first is found by it.
        stamp: a word that tells what the file was made by.
    """
    spellings: dict[str, tuple[str, int]] = {}
    owners: dict[str, list[str]] = {}
    for one in organisations:
        for place, name in enumerate(one.names):
            spellings.setdefault(spell(name.text), (one.identifier, place))
        for domain in one.domains:
            owners.setdefault(domain, []).append(one.identifier)
    ordered = sorted(organisations, key=lambda one: one.identifier)
    numbers = {one.identifier: number for number, one in enumerate(ordered)}
    sections = (
        CharwiseDoubleArrayAhoCorasick(list(spellings)).serialize(),
        b"".join(_NUMBER.pack(numbers[one] << _PLACE_BITS | place) for one, place in spellings.values()),
        _pack_lines([_write(one) for one in ordered]),
        _pack_lines(
            sorted("\t".join([domain, *(str(numbers[one]) for one in ones)]) for domain, ones in owners.items())
        ),
    )
    head = " ".join([_KIND, stamp, *(str(len(section)) for section in sections)])
    return b"".join([head.encode("ascii"), b"\n", *sections])


def spell(name: str) -> str:
    """A name as `Organisations.find` looks for it: folded, and `plain`."""
    return plain(fold(name).text.strip())


def plain(folded: str) -> str:
    """A folded text with the accents of Latin letters and the kinds of apostrophes and hyphens made alike.

    Each character stays one character: Crédit Agricole is "credit agricole", also where a mail leaves the accent out.
    """
    return folded if folded.isascii() else folded.translate(_alike())


@cache
def _alike() -> dict[int, str]:
    alike = {ord(character): "'" for character in "’‘ʼ`´"} | {ord(character): "-" for character in "‐‑‒–—"}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        letter = unicodedata.normalize("NFD", chr(code))[0]
        if letter.isascii():
            alike[code] = letter
    return alike | dict(zip(map(ord, "øłđıæœ"), "oldiao", strict=True))


class _Lines:
    """Sorted lines of text within the file, of which a line can be had by its number or by what it begins with."""

    def __init__(self, data: bytes | mmap.mmap, start: int) -> None:
        self._data = data
        self._ends = start + _NUMBER.size
        self._count: int
        (self._count,) = _NUMBER.unpack_from(data, start)
        self._start = self._ends + self._count * _NUMBER.size

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> str:
        return self._line(number).decode()

    def find(self, key: str) -> str:
        """The line whose first column is that; empty where there is none."""
        number = bisect_left(range(self._count), key.encode(), key=self._key)
        return self[number] if number < self._count and self._key(number) == key.encode() else ""

    def _key(self, number: int) -> bytes:
        return self._line(number).partition(b"\t")[0]

    def _line(self, number: int) -> bytes:
        start: int
        end: int
        start, end = _BOUNDS.unpack_from(self._data, self._ends + (number - 1) * _NUMBER.size)
        return self._data[self._start + (start if number else 0) : self._start + end]


def _pack_lines(lines: Sequence[str]) -> bytes:
    encoded = [line.encode() for line in lines]
    ends = b"".join(_NUMBER.pack(end) for end in accumulate(map(len, encoded)))
    return b"".join([_NUMBER.pack(len(encoded)), ends, *encoded])


def _write(one: Organisation) -> str:
    names = _BETWEEN_NAMES.join((_COMMON if name.common else "") + name.text for name in one.names)
    return "\t".join([one.identifier, one.label.ja, one.label.en, names, *one.domains])


def _read(line: str) -> Organisation:
    identifier, ja, en, names, *domains = line.split("\t")
    found = tuple(Name(text.lstrip(_COMMON), identifier, text[0] == _COMMON) for text in names.split(_BETWEEN_NAMES))
    return Organisation(identifier, Sentence(ja=ja, en=en), found, tuple(domains))
