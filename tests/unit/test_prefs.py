"""Reading prefs.js: what a Mozilla program writes, what people do to it, and what somebody may put there on purpose."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from watcher.discovery.prefs import MOST_OCTETS, Prefs, Value, read_prefs

READ: dict[str, tuple[str, dict[str, Value]]] = {
    "a string": ('user_pref("a.b", "c");', {"a.b": "c"}),
    "an empty string": ('user_pref("a", "");', {"a": ""}),
    "a number": ('user_pref("a", 993);', {"a": 993}),
    "a number below zero": ('user_pref("a", -1);', {"a": -1}),
    "on": ('user_pref("a", true);', {"a": True}),
    "off": ('user_pref("a", false);', {"a": False}),
    "quotes": (r'user_pref("a", "\"\"");', {"a": '""'}),
    "a backslash at the end": (r'user_pref("a", "C:\\");', {"a": "C:\\"}),
    "a line feed": (r'user_pref("a", "b\nc\rd");', {"a": "b\nc\rd"}),
    "a unit of UTF-16": (r'user_pref("a", "\u5c71\x41");', {"a": "山A"}),
    "two units of one letter": (r'user_pref("a", "\ud842\udfb7");', {"a": "𠮷"}),
    "half a letter": (r'user_pref("a", "\ud842");', {"a": "\ufffd"}),
    "letters as they are": ('user_pref("名", "花子");', {"名": "花子"}),
    "blanks": ('  user_pref ( "a" , 1 ) ;', {"a": 1}),
    "a parenthesis inside": ('user_pref("a", "1); user_pref(");', {"a": "1); user_pref("}),
    "a comment at the end": ('user_pref("a", 1); // or 2', {"a": 1}),
    "the last one counts": ('user_pref("a", 1);\nuser_pref("a", 2);', {"a": 2}),
    "lines of Windows": ('user_pref("a", 1);\r\nuser_pref("b", 2);\r\n', {"a": 1, "b": 2}),
    "a mark in front": ('\ufeffuser_pref("a", 1);', {"a": 1}),
    "commented out": ('// user_pref("a", 1);\n# user_pref("b", 1);', {}),
    "a long comment": ('/* user_pref("a", 1);\nuser_pref("b", 1); */\nuser_pref("c", 1);', {"c": 1}),
    "a comment without end": ('user_pref("a", 1);\n/* \nuser_pref("b", 1);', {"a": 1}),
    "a comment inside a string": ('user_pref("a", "/*");\nuser_pref("b", 1);', {"a": "/*", "b": 1}),
    "no end": ('user_pref("a", 1\nuser_pref("b", 1);', {"b": 1}),
    "a string that is cut": ('user_pref("a", "b\nuser_pref("c", 1);', {"c": 1}),
    "a program": ('user_pref("a", alert(1));\nuser_pref("b", 1 + 1);\nuser_pref("c", 1);', {"c": 1}),
    "a number beyond all bounds": (f'user_pref("a", {"9" * 5000});\nuser_pref("b", 1);', {"b": 1}),
    "NUL": ('user_pref("a", "b\0c");', {"a": "b\0c"}),
    "nothing": ("", {}),
}


@pytest.mark.parametrize(("text", "values"), READ.values(), ids=READ.keys())
def test_settings_are_read_as_the_program_means_them(tmp_path: Path, text: str, values: dict[str, Value]) -> None:
    """Each well-formed line is a setting, and what is not costs itself alone."""
    path = tmp_path / "prefs.js"
    path.write_bytes(text.encode())

    assert read_prefs(path).values == values


def test_a_setting_of_another_kind_is_not_set() -> None:
    """A setting is only ever what is asked for: on is no number, and a number is no name."""
    prefs = Prefs({"text": "993", "number": 993, "truth": True})

    assert [prefs.text(name, "-") for name in prefs.values] == ["993", "-", "-"]
    assert [prefs.number(name, -1) for name in prefs.values] == [-1, 993, -1]
    assert [prefs.truth(name, otherwise=False) for name in prefs.values] == [False, False, True]


def test_octets_that_are_no_letters_do_not_hide_the_rest(tmp_path: Path) -> None:
    """A file in an old encoding still gives its other settings."""
    path = tmp_path / "prefs.js"
    path.write_bytes(b'user_pref("a", "\xff\xfe");\nuser_pref("b", 1);\n')

    assert read_prefs(path).number("b", 0) == 1


def test_only_the_beginning_of_a_huge_file_is_read(tmp_path: Path) -> None:
    """A file that never ends costs the bounded time of its first part."""
    path = tmp_path / "prefs.js"
    with path.open("wb") as file:
        file.write(b'user_pref("first", 1);\n')
        file.seek(MOST_OCTETS)
        file.write(b'\nuser_pref("last", 1);\n')

    assert dict(read_prefs(path).values) == {"first": 1}


@pytest.mark.parametrize("piece", ['user_pref("', 'user_pref("a", "\\', "/*", "/*\n", " ", "\t\n", '"', "user_pref("])
def test_hostile_text_takes_no_longer_than_its_length(tmp_path: Path, piece: str) -> None:
    """Text made to keep a parser busy is read in a moment."""
    path = tmp_path / "prefs.js"
    path.write_text(piece * (1_000_000 // len(piece)))
    begin = time.process_time()

    assert not read_prefs(path).values
    assert time.process_time() - begin < 2


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    """A folder, a pipe, a missing file, a name that cannot be: none has settings, and none keeps the reader waiting."""
    os.mkfifo(tmp_path / "pipe")

    assert not any(read_prefs(tmp_path / name).values for name in ("", "pipe", "missing", "a\0b"))
