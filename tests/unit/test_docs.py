"""What the documents say, held against the program: links, configurations, servers and command lines."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import click
import pytest

from tests.kit.code import ROOT
from watcher.cli import watcher
from watcher.discovery.providers import Provider, providers
from watcher.settings import load

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "watcher" / "brands" / "README.md"])
TOLD_BEFORE = {ROOT / "docs" / "design.md", *(ROOT / "docs" / "decisions").iterdir()}
"""Pages for developers, which speak of commands in other ways than as something to be typed."""

FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?:^(?: {4,}|\t).*\n|^\n(?= {4}))+", re.MULTILINE)
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
TABLES = ("[[accounts]]", "[[oauth]]", "[watch]", "[notify]", "[keep]", "[[trust]]")
ACCOUNT = '[[accounts]]\nname = "home"\nhost = "imap.example.jp"\nuser = "taro"\n'


def name(path: Path) -> str:
    """A page by its place in the repository."""
    return path.relative_to(ROOT).as_posix()


def blocks(text: str) -> Iterator[str]:
    """Blocks of code, fenced or indented."""
    yield from (found[2] for found in FENCED.finditer(text))
    yield from (dedent(found[0]) for found in INDENTED.finditer(FENCED.sub("", text)))


def configurations(text: str) -> Iterator[str]:
    """The blocks that show a configuration."""
    return (block for block in blocks(text) if block.strip().startswith(TABLES))


def command_lines(text: str) -> Iterator[str]:
    """Everything that begins with `watcher` and a word, in blocks and in the midst of a sentence."""
    for block in blocks(text):
        yield from re.findall(r"(?:^|[(&|;] ?)\$? ?(watcher (?![-=>|]{2})[^)#&|;>\n]*)", block, re.MULTILINE)
    yield from (found[1] for found in SPAN.finditer(FENCED.sub("", text)) if re.match(r"watcher [a-z-]", found[1]))


def misread(line: str) -> str:
    """What the commands cannot make of a line: empty where it is understood."""
    command: click.Command = watcher
    _, *words = [word for word in shlex.split(re.sub(r"[\[\]…]", " ", line)) if word != "|"]
    context = click.Context(watcher, info_name="watcher")
    try:
        while isinstance(command, click.Group):
            _, words, _ = command.make_parser(context).parse_args(words)
            if not words:
                return ""
            _, inner, words = command.resolve_command(context, words)
            assert inner is not None
            command, context = inner, click.Context(inner, parent=context)
        command.make_parser(context).parse_args(words)
    except click.UsageError as problem:
        return problem.format_message()
    return ""


def provider_pages() -> list[tuple[Path, Provider]]:
    """Each provider that has a page, with it."""
    return [(ROOT / "docs" / "providers" / f"{each.page}.md", each) for each in providers() if each.page]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every link within the repository names a file that is there."""
    targets = {link.partition("#")[0] for link in LINK.findall(page.read_text("utf-8")) if "://" not in link}

    assert [target for target in sorted(targets - {""}) if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_configurations_are_valid(page: Path, tmp_path: Path) -> None:
    """Every configuration that is shown can be loaded as it is, or with an account where it shows none."""
    (tmp_path / "ca.pem").touch()
    for number, shown in enumerate(configurations(page.read_text("utf-8"))):
        file = tmp_path / f"{number}.toml"
        file.write_text(shown if "[[accounts]]" in shown else shown + ACCOUNT, "utf-8")
        assert load(file).accounts


@pytest.mark.parametrize("page", [page for page in PAGES if page not in TOLD_BEFORE], ids=name)
def test_commands_are_understood(page: Path) -> None:
    """Every command line that is shown names a command there is, with options that it has."""
    lines = command_lines(page.read_text("utf-8"))

    assert [f"{line}: {problem}" for line in lines if (problem := misread(line))] == []


@pytest.mark.parametrize(
    "line", ["watcher bogus", "watcher scan --bogus x", "watcher --bogus status", "watcher completion bash bogus -x"]
)
def test_nonsense_would_be_noticed(line: str) -> None:
    """A command or an option that does not exist is noticed: the silence of the test above means something."""
    assert misread(line)


def test_command_lines_are_found() -> None:
    """Command lines are found in blocks, in substitutions, behind prompts and in the midst of a sentence."""
    text = "Use `watcher scan X`, not `watcher/x`:\n\n    $ watcher list --all\n    page=$(watcher report) && rm\n\n"

    assert [line.strip() for line in command_lines(text)] == ["watcher list --all", "watcher report", "watcher scan X"]


@pytest.mark.parametrize(("page", "provider"), provider_pages(), ids=lambda each: getattr(each, "key", ""))
def test_a_provider_is_as_in_the_table(page: Path, provider: Provider, tmp_path: Path) -> None:
    """A provider's page shows in both halves the account that `watcher setup` would write for it."""
    shown = list(configurations(page.read_text("utf-8")))
    for number, configuration in enumerate(shown):
        file = tmp_path / f"{number}.toml"
        file.write_text(configuration, "utf-8")
        (account,) = load(file).accounts
        assert (account.name, account.host, account.port) == (provider.key, provider.host, provider.port)
    overview = (ROOT / "docs" / "providers" / "README.md").read_text("utf-8")
    (row,) = (line for line in overview.splitlines() if f"({page.name}) |" in line)

    assert len(shown) == 2
    assert f"`{provider.host}:{provider.port}`" in row
    assert ("✓" in row) is provider.verified


def test_every_provider_page_belongs_to_one() -> None:
    """No page is left over from a provider that is no longer in the table."""
    there = {page.stem for page in (ROOT / "docs" / "providers").glob("*.md")}

    assert there == {provider.page for provider in providers() if provider.page} | {"README", "dovecot"}
