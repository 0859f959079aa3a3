"""Keeps the Japanese catalogue in step with the code: messages found, translations kept, the .mo compiled.

    python tools/generate_words.py            writes watcher/words/ja/LC_MESSAGES/watcher.po and .mo
    python tools/generate_words.py --check    says what is missing or stale; exit status 1 if anything is

Found are the arguments of `_`, `gettext` and `ngettext` in the project, its templates, and those modules of click that
speak to its users, and what the command line tells click in advance: `help=` and its like, and the docstrings of
commands.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "watcher/words/ja/LC_MESSAGES/watcher.po"
MO = PO.with_suffix(".mo")
CLICK = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
TOLD_TO_CLICK = ("help", "short_help", "epilog", "deprecated")

Id = str | tuple[str, str]
"""A message as the code says it: one text, or singular and plural."""


class Words(Catalog):
    """A catalogue whose header holds neither a date nor a version, so that equal words give equal files."""

    def __init__(self) -> None:
        super().__init__(locale="ja", header_comment="# The Japanese of Watcher.", fuzzy=False)

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header that gettext needs, and no more."""
        return [
            ("Language", "ja"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]


def said_in(file: Path) -> Iterator[Id]:
    """What a module or a template says by gettext."""
    language = "jinja2" if file.suffix == ".j2" else "python"
    for _line, message, _comments, _context in extract_from_file(language, file, options={"silent": "false"}):
        yield message if isinstance(message, str) else (message[0], message[1])


def told_to_click(file: Path) -> Iterator[str]:
    """What a file of the command line gives click at import; it is looked up when click shows it."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.keyword) and node.arg in TOLD_TO_CLICK:
            if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
                yield inspect.cleandoc(node.value.value)
        elif isinstance(node, ast.FunctionDef) and any(map(_takes_its_docstring, node.decorator_list)):
            yield ast.get_docstring(node) or ""


def _takes_its_docstring(decorator: ast.expr) -> bool:
    """Whether a decorator makes a command and is given no `help=` for it."""
    called, given = (decorator.func, decorator.keywords) if isinstance(decorator, ast.Call) else (decorator, [])
    is_command = isinstance(called, ast.Attribute) and called.attr in {"command", "group"}
    return is_command and "help" not in [keyword.arg for keyword in given]


def found() -> Iterator[tuple[Id, str]]:
    """Every message of the code and where it stands, without line numbers: they would change with every edit."""
    for file in sorted([*(ROOT / "watcher").rglob("*.py"), *(ROOT / "watcher").rglob("*.j2")]):
        place = file.relative_to(ROOT).as_posix()
        yield from ((message, place) for message in said_in(file))
        if "cli" in file.relative_to(ROOT).parts:
            yield from ((message, place) for message in told_to_click(file))
    click = importlib.util.find_spec("click")
    for folder in map(Path, (click and click.submodule_search_locations) or ()):
        for name in CLICK:
            yield from ((message, f"click/{name}.py") for message in said_in(folder / f"{name}.py"))


def build(former: Catalog) -> Words:
    """The catalogue of all that the code says now, with the translations of the former one."""
    words = Words()
    for message, place in found():
        if message:
            kept = former.get(message)
            words.add(message, kept.string if kept else "", locations=[(place, 0)])
    return words


def problems(words: Iterable[Message]) -> Iterator[str]:
    """Every message that has no Japanese, or whose Japanese has other fields to fill in than its English."""
    for message in words:
        texts, ids = _tuple(message.string), _tuple(message.id)
        if not all(texts):
            yield f"no Japanese: {ids[0]!r}"
        elif any(_fields(text) not in map(_fields, ids) for text in texts):
            yield f"other fields: {ids[0]!r}"


def _tuple(texts: object) -> tuple[str, ...]:
    return tuple(map(str, texts)) if isinstance(texts, (tuple, list)) else (str(texts or ""),)


def _fields(text: str) -> set[str]:
    """What is to be filled in: "{name" of `{name!r}`, "%(prog)" of `%(prog)s`, "%d"."""
    return set(re.findall(r"\{\w*|%\(\w+\)|%[.\d]*[dsf]", text))


def main() -> int:
    """Write the files, or check them; the exit status."""
    with PO.open("rb") as file:
        words = build(read_po(file, locale="ja"))
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, words, width=110, include_lineno=False)
    write_mo(mo, words)
    complaints = list(problems(message for message in words if message.id))
    made = {PO: po.getvalue(), MO: mo.getvalue()}
    if "--check" in sys.argv[1:]:
        complaints += [
            f"stale: {path.name}; run make generate" for path, content in made.items() if _old(path) != content
        ]
    else:
        for path, content in made.items():
            path.write_bytes(content)
    print("\n".join(complaints) or "all words have their Japanese")
    return 1 if complaints else 0


def _old(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


if __name__ == "__main__":
    sys.exit(main())
