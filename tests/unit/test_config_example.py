"""The example of a configuration, made of the models of the settings."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from watcher.errors import UserError
from watcher.settings import Settings, example, load

ROOT = Path(__file__).parents[2]


def _load(folder: Path, text: str) -> Settings:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_example_is_current() -> None:
    """The example in the repository is the one that the models give."""
    assert (ROOT / "config.example.toml").read_text(encoding="utf-8") == example()


def test_example_can_be_loaded(tmp_path: Path) -> None:
    """With its # taken away in front of options, the example is a configuration, and it changes no default."""
    (tmp_path / "ca.pem").touch()
    settings = _load(tmp_path, re.sub(r"^#(?=[\w\[])", "", example(), flags=re.MULTILINE))
    least = _load(tmp_path, '[[accounts]]\nname = "home"\nhost = "imap.example.jp"\nuser = "taro@example.jp"\n')
    assert settings.watch == least.watch
    assert settings.notify.model_copy(update={"quiet": None}) == least.notify
    assert settings.keep == least.keep
    assert settings.accounts[0].model_copy(update={"ca_file": None, "address": None}) == least.accounts[0]


def test_example_names_its_lack(tmp_path: Path) -> None:
    """The example as it is lacks only an account."""
    with pytest.raises(UserError, match=r"add a table \[\[accounts\]\]") as caught:
        _load(tmp_path, example())
    assert len(caught.value.problems) == 1


def test_every_option_is_explained() -> None:
    """Every option stands in the example, right below its comment."""
    for name, table in Settings.model_fields.items():
        assert table.description
        model: Any = next(iter(get_args(table.annotation)), table.annotation)
        section = re.split(r"^#?\[", example().partition(f"[{name}]")[2], maxsplit=1, flags=re.MULTILINE)[0]
        for key, option in model.model_fields.items():
            assert option.description
            assert re.search(rf"^# .*\n#?{key} = ", section, flags=re.MULTILINE), f"{name}.{key}"
