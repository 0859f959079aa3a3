"""Reading brands from their TOML files, and checking what stands in them, all problems at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from watcher.brands.table import Table
from watcher.errors import UserError
from watcher.model import Brand, ClaimKind, Habit, HabitKind, Sentence
from watcher.text import fold

_KINDS = tuple(kind.value for kind in ClaimKind)
_HABITS = tuple(kind.value for kind in HabitKind)
_USES = ("mail", "site", "link")
_SHORTEST_SPOKEN = 5
"""Characters of the shortest name part of a domain that counts as a name by itself: eki-net."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file: a brand with its own domains only."""

    brand: Brand
    family: str


def read_brands(*folders: Path) -> dict[str, Brand]:
    """The brands of all files below these directories, by identifier, those of one family sharing their domains.

    Args:
        folders: of two files of the same name in different directories the later counts.

    Raises:
        UserError: names every problem with its file and key.
    """
    problems: list[str] = []
    entries: dict[str, _Entry] = {}
    for folder in folders:
        entries |= _read_folder(folder, problems)
    problems += _clashes(entries.values())
    if problems:
        raise UserError(*problems)
    spoken = _spoken_domains(entries.values())
    families: dict[str, list[Brand]] = {}
    for entry in entries.values():
        if entry.family:
            families.setdefault(entry.family, []).append(entry.brand)
    return {
        identifier: _share(entry.brand, families.get(entry.family, []), spoken[identifier])
        for identifier, entry in sorted(entries.items())
    }


def read_real_names(path: Path) -> tuple[str, ...]:
    """The names in a list, one a line; what follows "#" is a remark."""
    lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return tuple(line for line in lines if line)


def _read_folder(folder: Path, problems: list[str]) -> dict[str, _Entry]:
    entries: dict[str, _Entry] = {}
    for path in sorted(folder.rglob("*.toml")):
        if path.stem in entries:
            problems.append(f"{path.name}: is there twice in {folder}.")
        entry = _read_file(path, problems)
        if entry:
            entries[path.stem] = entry
    return entries


def _read_file(path: Path, problems: list[str]) -> _Entry | None:
    """The brand of one file; None, and noted, where it cannot be read at all."""
    try:
        values = tomllib.loads(path.read_bytes().decode())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.append(f"{path.name}: cannot be read: {error}.")
        return None
    table = Table(values, path.name, problems)
    before = len(problems)
    entry = _read_entry(path.stem, table)
    table.close()
    return entry if len(problems) == before else None


def _read_entry(identifier: str, table: Table) -> _Entry:
    # Where something is wrong the entry is thrown away: what stands in for it then does not matter.
    kind = table.choice("kind", _KINDS)
    report = _read_report(table.table("report"))
    domains = [_read_domain(domain) for domain in table.tables("domains")]
    brand = Brand(
        id=identifier,
        kind=ClaimKind(kind) if kind in _KINDS else ClaimKind.BRAND,
        label=_read_sentence(table.table("label")),
        names=table.texts("names", needed=True),
        common_words=table.texts("common_words"),
        shared_names=table.texts("shared_names"),
        domains=tuple(name for name, _ in domains),
        senders_known=any(use == "mail" for _, use in domains),
        services=tuple(_read_fact(service, domain=True) for service in table.tables("services")),
        public_mailboxes=table.texts("public_mailboxes"),
        addresses=tuple(address.lower() for address in table.texts("addresses")),
        innocents=tuple(_read_fact(innocent) for innocent in table.tables("innocents")),
        habits=tuple(_read_habit(habit) for habit in table.tables("habits")),
        report_to=report[0],
        advice_url=report[1],
    )
    _check(brand, table)
    return _Entry(brand, table.optional("family"))


def _read_sentence(table: Table) -> Sentence:
    sentence = Sentence(ja=table.text("ja"), en=table.text("en"))
    table.close()
    return sentence


def _read_fact(table: Table, *, domain: bool = False) -> str:
    """A name with the source and the date that every fact has to have."""
    name = table.domain("name") if domain else table.text("name")
    table.text("source")
    table.date("date")
    table.close()
    return name


def _read_domain(table: Table) -> tuple[str, str]:
    """The domain and what its source says of it."""
    use = table.choice("use", _USES)
    return _read_fact(table, domain=True), use


def _read_habit(table: Table) -> Habit:
    kind = table.choice("kind", _HABITS)
    habit = Habit(
        kind=HabitKind(kind) if kind in _HABITS else HabitKind.NO_LINKS,
        text=_read_sentence(table.table("text")),
        source=table.text("source"),
        date=table.date("date"),
        values=table.texts("values"),
    )
    if habit.kind is HabitKind.NEVER_SUFFIXES and not all(value.startswith(".") for value in habit.values or ("",)):
        table.note("values", 'has to list suffixes such as ".com"')
    table.close()
    return habit


def _read_report(table: Table) -> tuple[str, str]:
    """The address to report to and the page to read, each of which may be left out; an address needs its source."""
    address, page = table.optional("address"), table.optional("page")
    if address:
        table.text("source")
        table.date("date")
    table.close()
    return address, page


def _check(brand: Brand, table: Table) -> None:
    """Note what contradicts itself."""
    for key, words in (("common_words", brand.common_words), ("shared_names", brand.shared_names)):
        for word in set(words) - set(brand.names):
            table.note(key, f'holds "{word}", which is not in names')
    if brand.kind is ClaimKind.CONTACT and not (brand.addresses or brand.domains):
        table.note("addresses", "is missing: without it the person's own mail would be accused")
    for host in brand.public_mailboxes:
        if not any(f".{host}".endswith(f".{domain}") for domain in brand.domains):
            table.note("public_mailboxes", f'holds "{host}", which is not in domains')
    suffixes = tuple(
        value for habit in brand.habits if habit.kind is HabitKind.NEVER_SUFFIXES for value in habit.values
    )
    for domain in brand.domains:
        if suffixes and domain.endswith(suffixes):
            table.note("domains", f'holds "{domain}", although the brand never uses that suffix')


def _clashes(entries: Iterable[_Entry]) -> Iterator[str]:
    """Names that two brands claim, and domains that two brands outside one family claim."""
    names: dict[str, str] = {}
    owners: dict[str, _Entry] = {}
    for entry in entries:
        brand = entry.brand
        for name in brand.names:
            other = names.setdefault(fold(name).text, brand.id)
            if other != brand.id:
                yield f'{brand.id}.toml: names holds "{name}", which is a name of {other} already.'
        for domain in brand.domains:
            owner = owners.setdefault(domain, entry)
            if owner is not entry and not (entry.family and entry.family == owner.family):
                yield f'{brand.id}.toml: domains holds "{domain}", which belongs to {owner.brand.id} already.'


def _spoken_domains(entries: Iterable[_Entry]) -> dict[str, tuple[str, ...]]:
    """The domains by which each brand may call itself (Amazon.co.jp, eki-net), by identifier; each of one brand only.

    A domain where anybody can have a mailbox names nobody, and its name part alone only where it cannot be a word.
    """
    taken = {fold(name).text for entry in entries for name in entry.brand.names}
    spoken: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        own = [domain for domain in entry.brand.domains if domain not in entry.brand.public_mailboxes]
        parts = [part for domain in own if _cannot_be_a_word(part := domain.partition(".")[0])]
        spoken[entry.brand.id] = tuple(name for name in dict.fromkeys([*own, *parts]) if name not in taken)
        taken.update(spoken[entry.brand.id])
    return spoken


def _cannot_be_a_word(name: str) -> bool:
    return len(name) >= _SHORTEST_SPOKEN and not name.isalpha() and not name.startswith("xn--")


def _share(brand: Brand, family: list[Brand], spoken: tuple[str, ...]) -> Brand:
    """The brand with the domains of its family behind its own, and those it may be called by among its names."""
    domains = dict.fromkeys(domain for one in [brand, *family] for domain in one.domains)
    mailboxes = dict.fromkeys(host for one in [brand, *family] for host in one.public_mailboxes)
    return replace(brand, names=(*brand.names, *spoken), domains=tuple(domains), public_mailboxes=tuple(mailboxes))
