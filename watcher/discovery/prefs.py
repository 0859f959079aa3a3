"""The settings of a Mozilla program, `prefs.js`: read, never run, although it looks like JavaScript.

The program writes one setting a line, `user_pref("name", value);`, and escapes what would break that form. Whatever
is not exactly such a line is passed over, so that a file that is broken, or somebody's joke, costs single settings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

Value = str | int | bool
"""What a setting can be."""

MOST_OCTETS = 8 * 1024 * 1024
"""Of a file that are read. Those of people with many accounts and add-ons have 1 MB."""

_SETTING = re.compile(
    r"""
    ^[ \t]*+ (?:
        /\* .*? (?: \*/ | \Z)           # a comment, which may hold settings that are not wanted
      | user_pref \s*+ \( \s*+
        "(?P<name> (?: [^"\\\n] | \\. )*+ )" \s*+ , \s*+
        (?: "(?P<text> (?: [^"\\\n] | \\. )*+ )" | (?P<number> [+-]? [0-9]{1,10} ) | (?P<truth> true | false ) )
        \s*+ \) \s*+ ;
    )
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u(?P<unit>[0-9A-Fa-f]{4})|x(?P<octet>[0-9A-Fa-f]{2})|(?P<letter>.))", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r"}


@dataclass(frozen=True, slots=True)
class Prefs:
    """Settings by name. One that is not there, or of another kind than it should be, counts as not set."""

    values: Mapping[str, Value]

    def text(self, name: str, otherwise: str = "") -> str:
        """A setting that is a string."""
        value = self.values.get(name)
        return value if isinstance(value, str) else otherwise

    def number(self, name: str, otherwise: int) -> int:
        """A setting that is a whole number."""
        value = self.values.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else otherwise

    def truth(self, name: str, *, otherwise: bool) -> bool:
        """A setting that is either on or off."""
        value = self.values.get(name)
        return value if isinstance(value, bool) else otherwise


def read_prefs(path: Path) -> Prefs:
    """All settings of a file, of one that stands there twice the last; none where it cannot be read."""
    text = read_text(path, MOST_OCTETS)
    found = (each for each in _SETTING.finditer(text) if each["name"] is not None)
    return Prefs({_unescape(each["name"]): _value(each) for each in found})


def read_text(path: Path, most: int) -> str:
    """What a file of a profile says, of one in disorder what can be read; empty where it cannot be.

    Args:
        path: what is no regular file, and might never end, is not read.
        most: octets.
    """
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return file.read(most).decode("utf-8-sig", errors="replace")
    except (OSError, ValueError):  # ValueError: a path with NUL in it
        return ""


def _value(setting: re.Match[str]) -> Value:
    if setting["text"] is not None:
        return _unescape(setting["text"])
    return int(setting["number"]) if setting["number"] else setting["truth"] == "true"


def _unescape(text: str) -> str:
    r"""The string without its escapes: \uXXXX is one unit of UTF-16, so that a rarer kanji takes two of them."""
    if "\\" not in text:
        return text
    units = _ESCAPE.sub(_letter, text)
    return units.encode("utf-16", errors="surrogatepass").decode("utf-16", errors="replace")


def _letter(escape: re.Match[str]) -> str:
    if code := escape["unit"] or escape["octet"]:
        return chr(int(code, 16))
    return _LETTERS.get(escape["letter"], escape["letter"])
