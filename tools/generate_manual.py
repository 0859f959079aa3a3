r"""Writes watcher(1) in both languages from the commands and tools/manual.toml; with --check says if it is stale.

The manual is in man(7): macros for what stands apart, `\fB` for what is typed and `\fI` for what is to be replaced.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from watcher import __version__, words
from watcher.cli import watcher

ROOT = Path(__file__).resolve().parents[1]
TOLD = Path(__file__).with_name("manual.toml")
TARGETS = {"en": ROOT / "docs/man/watcher.1", "ja": ROOT / "docs/man/ja/watcher.1"}

ORIGIN = '.\\" Made by `make generate` from the commands and tools/manual.toml.'
LAYOUT = ".nh\n.ad l"
"""Neither hyphens nor stretched spaces: the one spoils commands, the other what is written without spaces."""

CJK = "\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef"
NEVER_FIRST = "、。」』)]!?ぁぃぅぇぉっゃゅょァィゥェォッャュョー…"
NEVER_LAST = "「『(["
BREAK = re.compile(f"(?<=[{CJK}])(?<![{re.escape(NEVER_LAST)}])(?=[{CJK}])(?![{re.escape(NEVER_FIRST)}])")
"""Where a line of Japanese may end (JIS X 4051); troff knows spaces only."""


@dataclass(frozen=True)
class Manual:
    """The manual in one language.

    Args:
        language: "en" or "ja".
        told: what manual.toml says.
    """

    language: str
    told: Mapping[str, Any]

    @cached_property
    def say(self) -> Callable[[str], str]:
        """The words of the commands in this language."""
        return words.translation(self.language).gettext

    def page(self) -> str:
        """All of it."""
        title = f'.TH WATCHER 1 {self.told["date"]} "Watcher {__version__}"'
        return "\n".join([ORIGIN, title, LAYOUT, *self._body()])

    def _body(self) -> Iterator[str]:
        context = click.Context(watcher, info_name="watcher")
        command, options = self._word("command"), self._word("options")
        yield from self._section("name", [f"watcher \\- {written(self.say(watcher.help or ''))}"])
        yield from self._section("synopsis", [written(f"`watcher` [<{options}>] <{command}> [<{options}>] …")])
        yield from self._section("description", paragraphs(self.told["description"][self.language]))
        yield from self._section("options", self._options(watcher.get_params(context), context))
        yield from self._section("commands", self._commands(context))
        yield from self._section("exit", self._items(self.told["exit"]["general"]))
        for name in ("files", "environment", "examples"):
            yield from self._section(name, self._items(self.told[name]))
        yield from self._section("see", paragraphs(self.told["see"][self.language]))
        yield ""

    def _section(self, name: str, lines: Iterator[str] | list[str]) -> Iterator[str]:
        first, *others = lines
        yield f".SH {self.told['headings'][name][self.language]}"
        yield from others if first == ".PP" else (first, *others)

    def _word(self, name: str) -> str:
        return str(self.told["words"][name][self.language])

    def _items(self, texts: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
        """Terms, each with what it is."""
        for term, text in texts.items():
            yield from (".TP", written(f"`{term}`"), written(text[self.language]))

    def _commands(self, context: click.Context) -> Iterator[str]:
        """Each command of a group, and those of the groups among them."""
        group = context.command
        assert isinstance(group, click.Group)  # noqa: S101 - for the type checker
        for name in group.list_commands(context):
            if command := group.get_command(context, name):
                inner = click.Context(command, info_name=name, parent=context)
                yield from self._command(inner)
                if isinstance(command, click.Group):
                    yield from self._commands(inner)

    def _command(self, context: click.Context) -> Iterator[str]:
        command = context.command
        yield f".SS {self._usage(context)}"
        first, *others = paragraphs(self.say(text) for text in (command.help, command.epilog) if text)
        yield from others if first == ".PP" else (first, *others)
        if status := self.told["exit"]["commands"].get(context.command_path.removeprefix("watcher ")):
            yield from paragraphs([self._word("status").format(meanings=status[self.language])])
        yield from self._options(command.params, context)

    def _usage(self, context: click.Context) -> str:
        pieces = [f"`{context.command_path}`"]
        if any(isinstance(each, click.Option) for each in context.command.params):
            pieces.append(f"[<{self._word('options')}>]")
        if isinstance(context.command, click.Group):
            pieces.append(f"<{self._word('command')}>")
        arguments = [each for each in context.command.params if isinstance(each, click.Argument)]
        return written(" ".join([*pieces, *(f"<{each.make_metavar(context)}>" for each in arguments)]))

    def _options(self, parameters: list[click.Parameter], context: click.Context) -> Iterator[str]:
        for option in parameters:
            if isinstance(option, click.Option) and not option.hidden:
                value = "" if option.is_flag else f" <{_value(option, context)}>"
                names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
                yield from (".TP", written(names + value), written(self.say(option.help or "") + self._default(option)))

    def _default(self, option: click.Option) -> str:
        if not option.show_default:
            return ""
        return " " + self._word("default").format(value=option.default)


def _value(option: click.Option, context: click.Context) -> str:
    """What an option's value is called."""
    if isinstance(option.type, click.types.IntParamType) and not option.metavar:
        return "N"
    return option.make_metavar(context)


def paragraphs(texts: Any) -> Iterator[str]:
    """Paragraphs, parted by empty lines in the texts as well."""
    for text in texts:
        for paragraph in text.split("\n\n"):
            yield from (".PP", written(paragraph))


def written(text: str) -> str:
    """A text as roff: on one line, `code` bold, <word> italic, and nothing else that could be an order."""
    line = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-")
    line = re.sub(r"`([^`]+)`", r"\\fB\1\\fR", line)
    line = re.sub(r"<([^<>\s]+)>", r"\\fI\1\\fR", line)
    line = BREAK.sub(r"\\:", line)
    return f"\\&{line}" if line.startswith((".", "'")) else line


def main() -> int:
    """Write the pages, or compare them; the exit status."""
    words.install("en")  # in which the commands are written; each page is translated by itself
    told = tomllib.loads(TOLD.read_text("utf-8"))
    pages = {target: Manual(language, told).page() for language, target in TARGETS.items()}
    if "--check" not in sys.argv[1:]:
        for target, page in pages.items():
            target.write_text(page, "utf-8")
        return 0
    stale = [target for target, page in pages.items() if not target.exists() or target.read_text("utf-8") != page]
    for target in stale:
        print(f"stale: {target.relative_to(ROOT)}; run make generate")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
