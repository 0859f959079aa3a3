"""Where things lie, and who may look into them."""

import os
import subprocess
import sys
from pathlib import Path
from stat import S_IMODE

import pytest


def _ask_paths(expression: str, **environment: str) -> str:
    code = f"from watcher import paths; print({expression})"
    answer = subprocess.run(
        [sys.executable, "-W", "always", "-c", code],
        env={"PATH": os.defpath, "HOME": "/nonexistent"} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stderr == ""
    return answer.stdout.strip()


@pytest.mark.parametrize(
    ("expression", "environment", "expected"),
    [
        ("paths.config_file()", {"XDG_CONFIG_HOME": "/x/config"}, "/x/config/watcher/config.toml"),
        ("paths.config_file()", {"HOME": "/x/home"}, "/x/home/.config/watcher/config.toml"),
        ("paths.config_file()", {"HOME": "/x/home", "XDG_CONFIG_HOME": "rel"}, "/x/home/.config/watcher/config.toml"),
        ("paths.brands_dir()", {"XDG_CONFIG_HOME": "/x/config"}, "/x/config/watcher/brands"),
    ],
)
def test_places(expression: str, environment: dict[str, str], expected: str) -> None:
    """Places follow the XDG variables where they are absolute, and the home folder otherwise; nothing is made."""
    assert _ask_paths(expression, **environment) == expected


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ("/x/config/watcher/config.toml", ()),
        ("/x/config/watcher/../watcher/config.toml", ()),
        ("/x/config/watcher/other.toml", ("--config", "/x/config/watcher/other.toml")),
        ("other.toml", ("--config", f"{Path.cwd()}/other.toml")),
    ],
)
def test_the_words_for_a_configuration(config: str, words: tuple[str, ...]) -> None:
    """Only another file than the usual one is named, and so that it is found from anywhere."""
    asked = f"paths.naming(paths.Path({config!r}))"
    assert _ask_paths(asked, XDG_CONFIG_HOME="/x/config") == str(words)


def test_state_dir_is_private(tmp_path: Path) -> None:
    """The state folder is made for its owner alone, and closed again where it had been opened to others."""
    for _ in range(2):
        assert _ask_paths("paths.ledger_file()", XDG_STATE_HOME=str(tmp_path)) == f"{tmp_path}/watcher/ledger.sqlite"
        assert S_IMODE((tmp_path / "watcher").stat().st_mode) == 0o700
        (tmp_path / "watcher").chmod(0o755)


def test_runtime_dir_is_private(tmp_path: Path) -> None:
    """The folder for sockets is that of the session when it is private, otherwise another that is, without a word."""
    tmp_path.chmod(0o700)
    assert _ask_paths("paths.runtime_dir()", XDG_RUNTIME_DIR=str(tmp_path)) == str(tmp_path / "watcher")
    assert S_IMODE((tmp_path / "watcher").stat().st_mode) == 0o700
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    elsewhere = _ask_paths("paths.runtime_dir()", XDG_RUNTIME_DIR=str(tmp_path / "open"), TMPDIR=str(tmp_path))
    assert elsewhere != str(tmp_path / "open" / "watcher")


def test_place_that_cannot_be(tmp_path: Path) -> None:
    """A file where the folder should be is told in words."""
    (tmp_path / "watcher").touch()
    with pytest.raises(subprocess.CalledProcessError) as caught:
        _ask_paths("paths.state_dir()", XDG_STATE_HOME=str(tmp_path))
    assert "UserError" in caught.value.stderr
    assert "cannot be used" in caught.value.stderr
