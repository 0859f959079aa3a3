"""The words of the program in the reader's language, by gettext (evidence sentences carry both languages themselves).

English is written in the code, `ja/LC_MESSAGES/watcher.po` beside this file holds the Japanese; `make generate` keeps
it in step with the code. Code that speaks to people says

    from gettext import gettext as _

and calls `_("…")` when the words are wanted, never at import: `install` is called once, by the program's entry, after
the modules have been imported. That one text domain serves click's own words as well, since click asks it too.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from pathlib import Path

DOMAIN = "watcher"
LANGUAGES = ("ja", "en")


def language(setting: str, environ: Mapping[str, str]) -> str:
    """The language to speak: "ja" or "en".

    Args:
        setting: `notify.language` of the configuration: "ja", "en", or "auto" for what the environment says.
        environ: the environment; of it LC_ALL, LC_MESSAGES and LANG count, the first that is set (POSIX, 8.2), and
            unless that is "C", the wishes in LANGUAGE before it (GNU gettext, 2.3.2).
    """
    if setting != "auto":
        return setting
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    if _code(locale) in {"c", "posix"}:
        return "en"
    wishes = [*environ.get("LANGUAGE", "").split(":"), locale]
    return next((code for code in map(_code, wishes) if code in LANGUAGES), "en")


def translation(language: str) -> gettext.NullTranslations:
    """The catalogue of one language, for words that are not in the program's own; English where there is none."""
    return gettext.translation(DOMAIN, Path(__file__).parent, languages=[language], fallback=True)


def install(language: str) -> None:
    """Let `gettext.gettext` speak `language` from now on, in the whole process and in the commands that it starts.

    gettext has no other way to be told than LANGUAGE in the environment, which it reads at each use.
    """
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(DOMAIN, str(Path(__file__).parent))
    gettext.textdomain(DOMAIN)


def _code(locale: str) -> str:
    """The language of a locale's name, lower case: "ja" of "ja_JP.UTF-8"."""
    return locale.partition(".")[0].partition("@")[0].partition("_")[0].lower()
