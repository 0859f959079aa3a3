"""The manual pages, as programs that show manuals read them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from tests.kit.code import ROOT
from watcher.cli import watcher

PAGES = [ROOT / "docs" / "man" / "watcher.1", ROOT / "docs" / "man" / "ja" / "watcher.1"]


def mandoc(page: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """What mandoc makes of a page."""
    if not shutil.which("mandoc"):
        pytest.skip("mandoc is not installed")
    return subprocess.run(["mandoc", *options, page], capture_output=True, encoding="utf-8", check=False, timeout=60)


def commands(context: click.Context) -> list[click.Context]:
    """Every command below a group."""
    group = context.command
    if not isinstance(group, click.Group):
        return [context]
    inner = [(name, group.get_command(context, name)) for name in group.list_commands(context)]
    found = [click.Context(command, info_name=name, parent=context) for name, command in inner if command]
    return [context, *(each for one in found for each in commands(one))]


@pytest.mark.parametrize("page", PAGES, ids=["en", "ja"])
def test_no_order_is_wrong(page: Path) -> None:
    """Mandoc has nothing to say against a page, but that its lines are long."""
    found = mandoc(page, "-T", "lint", "-W", "warning")

    assert (found.returncode, found.stdout + found.stderr) == (0, "")


def test_a_wrong_order_would_be_noticed(tmp_path: Path) -> None:
    """An order that does not exist is noticed: the silence of the test above means something."""
    page = tmp_path / "watcher.1"
    page.write_text(PAGES[0].read_text("utf-8").replace(".TP", ".TPP", 1), "utf-8")

    assert "TPP" in mandoc(page, "-T", "lint", "-W", "warning").stdout


@pytest.mark.parametrize("page", PAGES, ids=["en", "ja"])
def test_everything_is_shown(page: Path) -> None:
    """Whoever reads the manual finds every command and every option in it."""
    shown = re.sub(r".\x08", "", mandoc(page, "-T", "utf8", "-O", "width=200").stdout)
    told = commands(click.Context(watcher, info_name="watcher"))
    options = {name for each in told for option in each.command.params for name in option.opts if name[0] == "-"}

    assert [each.command_path for each in told if each.command_path not in shown] == []
    assert [option for option in sorted(options) if option not in shown] == []


def test_what_a_status_means_is_told() -> None:
    """A command that says something by its exit status has it explained in the manual, where it stands."""
    page = PAGES[0].read_text("utf-8")
    parts = {part.split("\\fR")[0]: part for part in page.split(".SS \\fB")[1:]}
    told = commands(click.Context(watcher, info_name="watcher"))
    meaning = [each for each in told if each.parent and "xit status" in str(each.command.callback.__doc__)]

    assert len(meaning) >= 5
    for each in meaning:
        assert "Exit status" in parts[each.command_path.replace("-", "\\-")], each.command_path
