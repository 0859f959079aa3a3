"""One table of a TOML file, read key by key; what is wrong with it is noted, not raised."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

_DOMAIN = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])\Z")
_DATE = re.compile(r"(?:read )?\d{4}(?:-\d\d(?:-\d\d)?)?\Z")


class Table:
    """One table of a file.

    Args:
        values: what stands in it.
        place: file and key, such as "japan_post.toml: domains[1]".
        problems: where to note what is wrong, one finished sentence each.
    """

    def __init__(self, values: Mapping[str, object], place: str, problems: list[str]) -> None:
        self._values = values
        self._place = place
        self._problems = problems
        self._known: set[str] = set()

    def note(self, key: str, problem: str) -> None:
        """Note a problem with the value of `key`."""
        self._problems.append(f"{self._within(key)} {problem}.")

    def text(self, key: str) -> str:
        """Words that have to be there; empty, and noted, where they are not."""
        self._known.add(key)
        value = self._values.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self.note(key, "has to be words in quotation marks" if key in self._values else "is missing")
        return ""

    def optional(self, key: str) -> str:
        """Words that may be left out."""
        self._known.add(key)
        return self.text(key) if key in self._values else ""

    def choice(self, key: str, allowed: Collection[str]) -> str:
        """One of the allowed words."""
        word = self.text(key)
        if word and word not in allowed:
            self.note(key, f'is "{word}", but has to be one of {", ".join(allowed)}')
        return word

    def domain(self, key: str) -> str:
        """A host name in lower case, IDNA-encoded."""
        name = self.text(key)
        if name and not _DOMAIN.match(name):
            self.note(key, f'is "{name}", which is no domain name in lower case')
        return name

    def date(self, key: str) -> str:
        """Day, month or year of a source, or the day on which an undated one was read: "read 2026-11-24"."""
        date = self.text(key)
        if date and not _DATE.match(date):
            self.note(key, f'is "{date}", but has to be like "2026-11-24", "2026" or "read 2026-11-24"')
        return date

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """A list of words; where it may be left out, it may be empty."""
        self._known.add(key)
        values = self._values.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
            self.note(key, "has to be a list of words in quotation marks")
            return ()
        if needed and not values:
            self.note(key, "has to list one at least" if key in self._values else "is missing")
        return tuple(values)

    def table(self, key: str) -> Table:
        """A table within; empty where it is left out."""
        self._known.add(key)
        values = self._values.get(key, {})
        if not isinstance(values, dict):
            self.note(key, "has to be a table")
            values = {}
        return Table(values, self._within(key), self._problems)

    def tables(self, key: str) -> Iterator[Table]:
        """The tables of a list; none where it is left out."""
        self._known.add(key)
        values = self._values.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            self.note(key, "has to be a list of tables")
            return
        for number, value in enumerate(values):
            yield Table(value, self._within(f"{key}[{number}]"), self._problems)

    def close(self) -> None:
        """Note the keys that nobody asked for."""
        for key in self._values:
            if key not in self._known:
                self.note(key, "is no known key")

    def _within(self, key: str) -> str:
        return f"{self._place}.{key}" if ": " in self._place else f"{self._place}: {key}"
