"""The packages: what is in them, that they come out the same each time, and that the wheel runs by itself.

`make test` installs the built wheel into an environment of its own, beside what it depends on and nothing else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest
import trove_classifiers
from packaging.metadata import Metadata

from tests.kit.code import ROOT
from tests.kit.commands import Person
from tests.kit.house import hit
from watcher import __version__

APART = Path(sys.prefix) / "apart"
"""Where the Makefile installs the wheel."""

ATTACHMENTS = {"PIL", "pikepdf", "zxingcpp"}
"""What `watcher[attachments]` adds; it is not installed there, and Watcher does without."""
NEEDED = """
LICENSE README.md README.ja.md CHANGELOG.md PKG-INFO pyproject.toml config.example.toml systemd/watcher.service
docs/man/watcher.1 docs/man/ja/watcher.1
""".split()
"""What the sdist holds beside the program."""

MOST_IN_SDIST = 5_000_000
"""Octets; what is only of use to developers, such as tests and pictures, stays in the repository."""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist of the tree as it is now."""
    folder = tmp_path_factory.mktemp("packages")
    make(ROOT, folder)
    return folder


@pytest.fixture
def person(tmp_path: Path) -> Person:
    """Somebody with an empty home, who has installed the wheel."""
    python = APART / "bin" / "python"
    if not (APART / "wheel-installed").exists():
        pytest.skip("the wheel is not installed: run make test once")
    return Person(tmp_path / "home", python)


def make(tree: Path, folder: Path, umask: int = 0o022, environment: Mapping[str, str] | None = None) -> None:
    """Build both packages of a tree, without a network and without an environment made for it."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)],
        cwd=tree,
        env={**os.environ, **(environment or {})},
        umask=umask,
        check=True,
        capture_output=True,
        timeout=100,
    )


def only(folder: Path, pattern: str) -> Path:
    """The one file that matches."""
    (found,) = folder.glob(pattern)
    return found


def unpack(sdist: Path, folder: Path) -> Path:
    """The tree that an sdist holds."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    return only(folder, "watcher-*")


def files_below(folder: Path) -> set[str]:
    """All files, by their path from there, but for what Python writes when it runs."""
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix() for path in found}


def digests(path: Path) -> dict[str, str]:
    """The name and digest of each package in a folder."""
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(path.iterdir())}


# What is built.


def test_the_wheel_holds_all_of_watcher(packages: Path) -> None:
    """Every file of the package is in the wheel, data as well as code, beside its licence and manual, and no test."""
    names = set(zipfile.ZipFile(only(packages, "*.whl")).namelist())
    watcher = {name for name in names if name.startswith("watcher/")}
    data = {name.partition(".data/data/")[2] for name in names} - {""}

    assert watcher == {f"watcher/{name}" for name in files_below(ROOT / "watcher")}
    assert data == {"share/man/man1/watcher.1", "share/man/ja/man1/watcher.1"}
    assert f"watcher-{__version__}.dist-info/licenses/LICENSE" in names
    assert not {name.partition("/")[0] for name in names - watcher} - {
        f"watcher-{__version__}.{kind}" for kind in ("dist-info", "data")
    }


def test_the_wheel_says_what_it_is(packages: Path) -> None:
    """Its metadata is valid, its classifiers exist, and it names the command and what can be added."""
    wheel = zipfile.ZipFile(only(packages, "*.whl"))
    read = {name.rpartition("/")[2]: name for name in wheel.namelist() if ".dist-info/" in name}
    metadata = Metadata.from_email(wheel.read(read["METADATA"]), validate=True)

    assert (metadata.name, str(metadata.version)) == ("watcher", __version__)
    assert metadata.license_expression == "MIT"
    assert set(metadata.classifiers or ()) <= trove_classifiers.classifiers
    assert {"attachments", "demo"} <= set(metadata.provides_extra or ())
    assert "watcher = watcher.__main__:main" in wheel.read(read["entry_points.txt"]).decode()


def test_the_sdist_is_lean_and_enough(packages: Path, tmp_path: Path) -> None:
    """The sdist holds what is needed and no test, and by itself gives the very same packages, on whatever day."""
    tree = unpack(only(packages, "*.tar.gz"), tmp_path)
    others = {name for name in files_below(tree) if not name.startswith("watcher/")}
    for file in tree.rglob("*"):
        os.utime(file, (1, 1))
    make(tree, tmp_path / "again", umask=0o077)

    assert others - {".gitignore"} == set(NEEDED)
    assert only(packages, "*.tar.gz").stat().st_size < MOST_IN_SDIST
    assert digests(tmp_path / "again") == digests(packages)


def test_the_date_can_be_given(tmp_path: Path) -> None:
    """SOURCE_DATE_EPOCH is the date of every file in the wheel, as reproducible-builds.org has it."""
    tree = tmp_path / "tree"
    tree.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "docs/man/watcher.1", "docs/man/ja/watcher.1"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tree / name)
    (tree / "watcher").mkdir()
    shutil.copy(ROOT / "watcher" / "__init__.py", tree / "watcher")
    make(tree, tmp_path, environment={"SOURCE_DATE_EPOCH": "1000000000"})
    wheel = zipfile.ZipFile(only(tmp_path, "*.whl"))

    assert {file.date_time for file in wheel.infolist()} == {(2001, 9, 9, 1, 46, 40)}


# What is installed.


def test_installed_as_recorded(person: Person) -> None:
    """Every file of the installed package is on record with its digest, so that pip can take all of it away."""
    program = (
        "import base64, hashlib\nfrom importlib.metadata import files\n"
        "for file in files('watcher'):\n"
        "    raw = file.read_binary()\n"
        "    sum = base64.urlsafe_b64encode(hashlib.sha256(raw).digest()).rstrip(b'=').decode()\n"
        "    print(file, file.hash is None or file.hash.value == sum)"
    )
    recorded = dict(line.rsplit(" ", 1) for line in person.run(program=("-c", program)).stdout.splitlines())
    installed = files_below(only(APART / "lib", "python*/site-packages/watcher"))

    assert set(recorded.values()) == {"True"}
    assert {f"watcher/{name}" for name in installed} <= recorded.keys()
    assert any(name.endswith("share/man/ja/man1/watcher.1") for name in recorded)


def test_nothing_of_the_repository_is_needed(person: Person) -> None:
    """Every module of the installed package can be imported, but for what the extra adds, and no test comes along."""
    program = (
        "import importlib, pkgutil, sys, watcher\n"
        "for module in pkgutil.walk_packages(watcher.__path__, 'watcher.'):\n"
        "    try:\n"
        "        module.name.endswith('__main__') or importlib.import_module(module.name)\n"
        "    except ModuleNotFoundError as missing:\n"
        f"        assert missing.name in {ATTACHMENTS}, module.name\n"
        "print(watcher.__file__, *sorted({'tests', 'pytest', 'babel'} & sys.modules.keys()))"
    )
    done = person.run(program=("-c", program))

    assert done.stdout.strip() == str(only(APART / "lib", "python*/site-packages/watcher") / "__init__.py"), done.stderr


def test_the_installed_command(person: Person) -> None:
    """`watcher` says its version, and helps in the reader's language."""
    watcher = APART / "bin" / "watcher"
    environment = person.environment("ja_JP.UTF-8")
    version, help_ = (
        subprocess.run([watcher, option], env=environment, cwd=person.home, capture_output=True, text=True, check=True)
        for option in ("--version", "--help")
    )

    assert __version__ in version.stdout
    assert "コマンド" in help_.stdout


def test_the_installed_catalogue(person: Person) -> None:
    """`watcher scan` knows its brands and organisations, and says in Japanese what it found."""
    mail = person.home / "mail.eml"
    mail.write_bytes(hit())
    done = person.run("scan", mail, language="ja_JP.UTF-8")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "日本郵便" in done.stdout


def test_the_installed_page(person: Person) -> None:
    """`watcher report` finds its template and style, and writes the page."""
    page = person.home / "page.html"
    done = person.run("report", "--output", page)

    assert done.returncode == 0, done.stderr
    assert "<style>" in page.read_text("utf-8")


def test_the_installed_demo(person: Person) -> None:
    """`watcher demo` shows the main job in an empty home, anywhere but in the repository."""
    done = person.run("demo", language="ja_JP.UTF-8")

    assert done.returncode == 0, done.stderr
    assert "Suspicious" in done.stdout
