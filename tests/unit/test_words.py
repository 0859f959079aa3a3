"""The program speaks the reader's language."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from watcher import words


@pytest.mark.parametrize(
    ("setting", "environ", "expected"),
    [
        ("ja", {"LANG": "en_GB.UTF-8"}, "ja"),
        ("en", {"LANG": "ja_JP.UTF-8"}, "en"),
        ("auto", {}, "en"),
        ("auto", {"LANG": "ja_JP.UTF-8"}, "ja"),
        ("auto", {"LANG": "ja"}, "ja"),
        ("auto", {"LANG": "ja_JP.eucJP@cjk"}, "ja"),
        ("auto", {"LANG": "de_DE.UTF-8"}, "en"),
        ("auto", {"LANG": "jam_JM.UTF-8"}, "en"),
        ("auto", {"LANG": "ja_JP.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ("auto", {"LANG": "en_US.UTF-8", "LC_MESSAGES": "ja_JP.UTF-8"}, "ja"),
        ("auto", {"LC_MESSAGES": "en_US.UTF-8", "LC_ALL": "ja_JP.UTF-8"}, "ja"),
        ("auto", {"LANG": "ja_JP.UTF-8", "LC_ALL": ""}, "ja"),
        ("auto", {"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
        ("auto", {"LANG": "C.UTF-8", "LANGUAGE": "ja"}, "en"),
        ("auto", {"LANG": "en_GB.UTF-8", "LANGUAGE": "de:ja:en"}, "ja"),
        ("auto", {"LANG": "ja_JP.UTF-8", "LANGUAGE": "en_GB:ja"}, "en"),
        ("auto", {"LANG": "ja_JP.UTF-8", "LANGUAGE": "de"}, "ja"),
        ("auto", {"LANGUAGE": "ja"}, "ja"),
    ],
)
def test_language(setting: str, environ: dict[str, str], expected: str) -> None:
    """A setting wins; otherwise the environment decides as gettext and POSIX order it."""
    assert words.language(setting, environ) == expected


@pytest.mark.parametrize(("language", "expected"), [("ja", "使い方:"), ("en", "Usage:"), ("tlh", "Usage:")])
def test_translation(language: str, expected: str) -> None:
    """A catalogue is had by name, and an unknown language speaks English."""
    assert words.translation(language).gettext("Usage:") == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ja", ["使い方:", "値が 2 個必要です"]), ("en", ["Usage:", "requires 2 arguments."])],
)
def test_install_reaches_click(language: str, expected: list[str]) -> None:
    """Once installed, click and the program's own `_` speak the chosen language, whatever the environment says."""
    program = f"""
from gettext import gettext as _
import click
from watcher import words

@click.command()
@click.option("--pair", nargs=2)
def command(pair): ...

words.install({language!r})
print(_("Usage:"))
command(["--pair"])
"""
    environ = {**os.environ, "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de", "PYTHONUTF8": "1"}
    run = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=False)

    assert run.stdout.strip() == expected[0]
    assert expected[1] in run.stderr
