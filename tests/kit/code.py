"""The code of this repository as a thing to be read: its modules, and what can be counted in them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

Function = ast.FunctionDef | ast.AsyncFunctionDef
Block = ast.If | ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith | ast.Try | ast.TryStar | ast.Match


@dataclass(frozen=True, slots=True)
class Module:
    """One file of Python."""

    path: Path
    text: str
    tree: ast.Module

    def __str__(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def room(self) -> str:
        """Its room in `watcher`, a file's name or a folder's; empty for `watcher` itself."""
        name = self.path.relative_to(ROOT / "watcher").parts[0].removesuffix(".py")
        return "" if name == "__init__" else name

    def place(self, node: ast.stmt | ast.expr | int) -> str:
        """Where something stands, as a terminal links to it."""
        return f"{self}:{node if isinstance(node, int) else node.lineno}"

    def functions(self) -> Iterator[Function]:
        """All functions, methods and inner functions."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def classes(self) -> Iterator[ast.ClassDef]:
        """All classes."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef))

    def calls(self) -> Iterator[ast.Call]:
        """All calls."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def imports(self) -> Iterator[tuple[int, str]]:
        """Line and full name of everything imported, also where a function or TYPE_CHECKING does it."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                source = "." * node.level + (node.module or "")
                yield from ((node.lineno, f"{source}.{alias.name}") for alias in node.names)


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Every module below these folders of the repository."""
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    texts = [path.read_text("utf-8") for path in paths]
    return tuple(Module(path, text, ast.parse(text)) for path, text in zip(paths, texts, strict=True))


def called(call: ast.Call) -> str:
    """The last name of what is called: "now" of `datetime.now()`."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def lines(function: Function) -> int:
    """Lines of a function with its docstring, without its decorators."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def parameters(function: Function) -> int:
    """How many parameters a function takes, `self` and `cls` not counted."""
    args = function.args
    names = [arg.arg for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg) if arg]
    return len([name for name in names if name not in {"self", "cls"}])


def nesting(function: Function) -> int:
    """How deep the blocks of a function stand within each other."""
    return max(map(_depth, function.body))


def _depth(node: ast.AST) -> int:
    if isinstance(node, Function | ast.ClassDef):
        return 0  # counted by itself
    elifs = node.orelse if isinstance(node, ast.If) and [type(other) for other in node.orelse] == [ast.If] else []
    inside = max((_depth(child) for child in ast.iter_child_nodes(node) if child not in elifs), default=0)
    return max(inside + isinstance(node, Block), *map(_depth, elifs), 0)


def public(module: Module) -> Iterator[tuple[str, ast.Module | ast.ClassDef | Function]]:
    """A module, and every public class, function and method in it, each with its place.

    Left out are the methods that a Protocol only repeats from a type of somebody else, with `...` for a body.
    """

    def below(node: ast.Module | ast.ClassDef) -> Iterator[tuple[str, ast.Module | ast.ClassDef | Function]]:
        for inner in node.body:
            if isinstance(inner, ast.ClassDef | Function) and inner.name[0] != "_" and not _is_echo(inner):
                yield f"{module.place(inner)}: {inner.name}", inner
                yield from below(inner) if isinstance(inner, ast.ClassDef) else ()

    yield str(module), module.tree
    yield from below(module.tree)


def _is_echo(node: ast.ClassDef | Function) -> bool:
    return isinstance(node, Function) and [ast.unparse(statement) for statement in node.body] == ["..."]


def is_text(node: ast.stmt) -> bool:
    """Whether a statement is nothing but a text: a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def is_guard(node: ast.AST) -> bool:
    """Whether a statement is `if TYPE_CHECKING:` or `if __name__ == "__main__":`."""
    return isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "__name__ == '__main__'"}


def run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Everything that runs when a module is imported: of functions not the bodies, but decorators and defaults."""
    children: Iterable[ast.AST] = ast.iter_child_nodes(node)
    if isinstance(node, Function):
        children = [*node.decorator_list, node.args]
    elif isinstance(node, ast.Lambda) or is_guard(node):
        children = ()
    for child in children:
        yield child
        yield from run_at_import(child)
