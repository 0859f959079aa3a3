"""`config.toml`, changed by setup: what the user has written, comments and order included, stays as it is."""

from __future__ import annotations

import os
import tempfile
import tomllib
from collections.abc import Collection, Mapping
from gettext import gettext as _
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AbstractTable, AoT, InlineTable

from watcher.errors import UserError
from watcher.settings import check, load

_BEGINNING = """\
# Written by `watcher setup`, which leaves your own changes and comments as they are.
# All options are explained in config.example.toml; `watcher doctor` tells whether all is well.

"""


class ConfigFile:
    """The file as it stands, and as it is going to be.

    Args:
        path: whether there is such a file or not.

    Attributes:
        settings: what it says; defaults where there is none.

    Raises:
        UserError: there is one, and it has problems: all of them.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        there = path.exists()
        self.settings = load(path, unfinished=True) if there else check({}, path.parent, unfinished=True)
        text = path.read_text(encoding="utf-8-sig") if there else _BEGINNING
        self._document = tomlkit.parse(text if text.endswith("\n") else text + "\n")

    def names(self) -> tuple[str, ...]:
        """The accounts that are in it."""
        return tuple(str(table["name"]) for table in self._tables("accounts"))

    def put(self, kind: str, table: Mapping[str, Any], former: str = "", usual: Collection[str] = ()) -> None:
        """Put a table of `[[accounts]]` or `[[oauth]]` into it, in place of the one that had the former name.

        Args:
            kind: of the table.
            table: what it says.
            former: its name up to now, where that was another.
            usual: the keys of what is as it would be without them: they are changed where they stand, and not added.
        """
        named = [each for each in self._tables(kind) if each["name"] == (former or table["name"])]
        if named:
            told = {key: value for key, value in table.items() if key in named[0] or key not in usual}
            _change(named[0], told)
        else:
            self._add(kind, {key: value for key, value in table.items() if key not in usual})

    def remove(self, kind: str, name: str) -> None:
        """Take a table out of it, together with the comments within."""
        tables = self._tables(kind)
        for index in reversed(range(len(tables))):
            if tables[index]["name"] == name:
                del tables[index]
        if kind in self._document and not tables:
            del self._document[kind]

    def set(self, table: str, key: str, value: object) -> None:
        """Set one option."""
        if table not in self._document:
            self._document[table] = tomlkit.table()
        self._document[table][key] = value

    def save(self) -> None:
        """Write it, whole or not at all, for its owner alone.

        Raises:
            UserError: it cannot be written, or what would be written is no good configuration.
        """
        text = tomlkit.dumps(self._document).rstrip() + "\n"
        self.settings = check(tomllib.loads(text), self.path.absolute().parent, unfinished=True)
        try:
            _write(self.path.resolve(), text)  # of a link, as those who keep their settings elsewhere have one
        except OSError as error:
            words = _("{file} cannot be written: {reason}")
            raise UserError(words.format(file=self.path, reason=error.strerror)) from error

    def _tables(self, kind: str) -> AoT:
        """The tables of a kind, none where there are none; in double brackets, however they were written."""
        found = self._document.get(kind)
        if isinstance(found, AoT):
            return found
        if found:  # accounts = [{ … }]
            if "#" in found.as_string():
                words = _("{file}: write {kind} as tables, [[{kind}]], so that your comments there stay.")
                raise UserError(words.format(file=self.path, kind=kind))
            del self._document[kind]
            for values in found.unwrap():
                self._add(kind, values)
            return self._tables(kind)
        return tomlkit.aot()

    def _add(self, kind: str, values: Mapping[str, Any]) -> None:
        table, new = tomlkit.table(), kind not in self._document
        if new and not tomlkit.dumps(self._document).endswith("\n\n"):
            table.trivia.indent = "\n"
        _change(table, values)
        if new:
            self._document[kind] = tomlkit.aot()
        elif list(self._document)[-1] != kind:
            table.add(tomlkit.nl())
        self._tables(kind).append(table)


def _change(table: AbstractTable, values: Mapping[str, Any]) -> None:
    """Only what differs is written anew, so that comments behind a value stay."""
    for key, value in values.items():
        present = table.get(key)
        if isinstance(value, Mapping) and isinstance(present, AbstractTable):
            for gone in present.keys() - value.keys():
                del present[gone]
            _change(present, value)
        elif present != value:
            table[key] = _inline(value) if isinstance(value, Mapping) else value


def _inline(values: Mapping[str, Any]) -> InlineTable:
    table = tomlkit.inline_table()
    table.update(values)
    return table


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".config-", suffix=".toml")  # 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
