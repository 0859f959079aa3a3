"""The rules of the house (docs/design.md, sections 2 and 3), read off the code. Each test lists all offenders."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from statistics import median

import pytest

from tests.kit.code import (
    ROOT,
    Function,
    Module,
    called,
    is_guard,
    is_text,
    lines,
    modules,
    nesting,
    parameters,
    public,
    run_at_import,
)

READING = (
    "parse mime headers addresses charsets quotes text html markup kinds domains claims posing authentication contacts "
    "links leads lures phrases display_names presenting"
)
DECIDING = "judge plan learn campaigns report letters"

FLOORS = {
    0: "model errors",
    1: f"{READING} settings paths lock cores descriptors brands words",
    2: "detectors",
    3: f"{DECIDING} page ports",
    4: "sources attachments desktop vault store discovery service",
    5: "pipeline stumbles sweep settle own_moves telling digest pages acquaint replay",
    6: "app setup doctor scanning",
    7: "daemon demo cli __main__",
}
"""The house, floor by floor; docs/design.md tells what each room is for."""

FLOOR_OF = {room: floor for floor, rooms in FLOORS.items() for room in rooms.split()}
BACK_ENDS = 4

SOLE_IMPORTERS = {
    "apscheduler": "daemon",
    "authlib": "vault",
    "click": "cli",
    "daachorse": "brands phrases",
    "dns": "discovery",
    "imapclient": "sources",
    "jeepney": "desktop",
    "jinja2": "page",
    "keyring": "vault",
    "libarchive": "attachments",
    "markupsafe": "page",
    "pikepdf": "attachments",
    "PIL": "attachments",
    "platformdirs": "paths",
    "plyer": "desktop",
    "proxyprotocol": "demo",
    "publicsuffixlist": "domains",
    "pydantic": "settings",
    "pydantic_core": "settings",
    "pymap": "demo",
    "questionary": "cli",
    "requests": "discovery vault",
    "rich": "cli demo",
    "selectolax": "html",
    "sqlite3": "store",
    "tomlkit": "setup",
    "zipfile": "attachments demo",
    "zxingcpp": "attachments",
}
"""Packages and the rooms that hide them from all others; from outside the standard library nothing else is used."""

PURE = set(f"model errors {READING} detectors {DECIDING}".split())
"""Rooms that neither act on the world nor ask it anything: same input, same output."""

WORLD = (
    "asyncio concurrent glob http imaplib multiprocessing os random secrets select selectors shutil signal smtplib "
    "socket socketserver sqlite3 ssl subprocess tempfile threading time urllib.request uuid watcher.settings"
).split()
CLOCK_AND_FILES = set("now utcnow today open read_text read_bytes write_text write_bytes".split())

WORK = CLOCK_AND_FILES | set(
    "Popen check_output connect exists getenv glob import_module input is_dir is_file iterdir load mkdir print rglob "
    "run socket system urlopen walk".split()
)
"""Calls that ask or change the world: never while a module is being imported."""

LATE = "PIL apscheduler authlib dns imapclient jeepney jinja2 keyring libarchive pikepdf plyer questionary".split()
LATE += "requests sqlite3 tomlkit".split()
"""Back ends that are loaded when they are used."""

HEADINGS = ["Sees", "Why it matters", "Example", "Leaves alone", "Sources"]
"""The parts of a detector's docstring, from which its page is made."""


def none(offenders: Iterable[str]) -> None:
    """Fail with all offenders, one a line."""
    found = list(offenders)
    assert not found, "\n".join(["", *found])


def house() -> tuple[Module, ...]:
    """The program."""
    return modules("watcher")


def everything() -> tuple[Module, ...]:
    """The program and all that is written about it in Python."""
    return modules("watcher", "tests", "tools", "bench")


def detectors() -> list[Module]:
    """One module a detector."""
    return [module for module in house() if module.room == "detectors" and module.path.stem[0] != "_"]


def is_within(name: str, packages: Iterable[str]) -> bool:
    """Whether a full name is one of these packages or stands in one."""
    return any(f"{name}.".startswith(f"{package}.") for package in packages)


# Who may know whom.


def test_every_room_has_its_floor() -> None:
    """A new room is placed on a floor before it is built."""
    none(f"{module}: no floor" for module in house() if module.room and module.room not in FLOOR_OF)


def test_imports_are_absolute() -> None:
    """Every import says where it reaches, so that the rules below can be read off it."""
    none(
        f"{module.place(line)}: {name}" for module in everything() for line, name in module.imports() if name[0] == "."
    )


def test_imports_go_down() -> None:
    """No room knows one above it, and those that act on the world do not know each other."""

    def offends(room: str, name: str) -> bool:
        other = name.removeprefix("watcher.").partition(".")[0]
        if not name.startswith("watcher.") or room == other or not {room, other} <= FLOOR_OF.keys():
            return False
        return FLOOR_OF[other] > FLOOR_OF[room] or FLOOR_OF[other] == FLOOR_OF[room] == BACK_ENDS

    none(
        f"{module.place(line)}: {name} is not below {module.room}"
        for module in house()
        for line, name in module.imports()
        if offends(module.room, name)
    )


def test_one_room_hides_each_package() -> None:
    """A package from outside is imported by the room that hides it, and by nobody else."""

    def offends(room: str, package: str) -> bool:
        if package in SOLE_IMPORTERS:
            return room not in SOLE_IMPORTERS[package].split()
        return package != "watcher" and package not in sys.stdlib_module_names

    none(
        f"{module.place(line)}: {name}"
        for module in house()
        for line, name in module.imports()
        if offends(module.room, name.partition(".")[0])
    )


def test_pure_rooms_leave_the_world_alone() -> None:
    """What decides has no network, clock, chance, files or settings, so that it repeats itself."""
    pure = [module for module in house() if module.room in PURE]
    imports = [
        f"{module.place(line)}: {name}" for module in pure for line, name in module.imports() if is_within(name, WORLD)
    ]
    calls = [
        f"{module.place(call)}: {called(call)}()"
        for module in pure
        for call in module.calls()
        if called(call) in CLOCK_AND_FILES
    ]
    none(imports + calls)


@pytest.mark.parametrize(("module", "late"), [("watcher", LATE), ("watcher.cli.scan", [*LATE, "pydantic", "ssl"])])
def test_import_loads_no_back_end(module: str, late: list[str]) -> None:
    """Nothing is loaded that a command may not need; judging files needs neither the network nor settings."""
    program = f"import sys, {module}; print(*sorted(sys.modules.keys() & set({late!r})))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert run.stdout.split() == []


def test_no_work_at_import() -> None:
    """Importing a module defines names and does nothing else."""
    definition = ast.Import | ast.ImportFrom | Function | ast.ClassDef | ast.Assign | ast.AnnAssign
    statements = [
        f"{module.place(node)}: {ast.unparse(node).partition(chr(10))[0]}"
        for module in house()
        for node in module.tree.body
        if not (isinstance(node, definition) or is_text(node) or is_guard(node))
    ]
    calls = [
        f"{module.place(node)}: {called(node)}()"
        for module in house()
        for node in run_at_import(module.tree)
        if isinstance(node, ast.Call) and called(node) in WORK
    ]
    none(statements + calls)


# What a detector is.


def test_detectors_do_not_know_each_other() -> None:
    """A detector can be taken away without another noticing."""
    none(
        f"{module.place(line)}: {name}"
        for module in detectors()
        for line, name in module.imports()
        if is_within(name, ["watcher.detectors"])
    )


def test_a_detector_is_one_function() -> None:
    """A detector offers `detect(inquiry: Inquiry) -> Iterator[Evidence]` and no other function or class."""

    def offered(module: Module) -> list[str]:
        definitions = [node for node in module.tree.body if isinstance(node, Function | ast.ClassDef)]
        return [ast.unparse(node).split("\n")[0] for node in definitions if not node.name.startswith("_")]

    contract = ["def detect(inquiry: Inquiry) -> Iterator[Evidence]:"]
    none(f"{module}: offers {offered(module)}" for module in detectors() if offered(module) != contract)


def test_a_detector_explains_itself() -> None:
    """A detector's docstring has five headed parts, in one order, none of them empty."""

    def headings(module: Module) -> list[str]:
        text = ast.get_docstring(module.tree) or ""
        return [found[1] for found in re.finditer(r"^(\w[\w ]+):\n+ {4}\S", text, re.MULTILINE)]

    none(f"{module}: has {headings(module)}" for module in detectors() if headings(module) != HEADINGS)


def test_a_detector_has_more_quiet_rows() -> None:
    """A detector's table has a row that it flags, and at least as many on which it stays quiet."""

    def rows(module: Module) -> tuple[int, int]:
        table = ROOT / "tests/detectors" / f"test_{module.path.name}"
        if not table.exists():
            return 0, 0
        found = {
            ast.unparse(target): len(node.value.keys if isinstance(node.value, ast.Dict) else node.value.elts)
            for node in ast.parse(table.read_text("utf-8")).body
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict | ast.List | ast.Tuple)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        }
        return found.get("FLAGS", 0), found.get("QUIET", 0)

    tables = {str(module): rows(module) for module in detectors()}
    none(
        f"{module}: flags {flags}, quiet {quiet}" for module, (flags, quiet) in tables.items() if not quiet >= flags > 0
    )


# What everything looks like.


def test_functions_are_short() -> None:
    """A function is read at one glance: 40 lines at most, and half of them in 10."""
    none(
        f"{module.place(function)}: {function.name} has {lines(function)} lines"
        for module in everything()
        for function in module.functions()
        if lines(function) > 40
    )
    assert median(lines(function) for module in house() for function in module.functions()) <= 10


def test_modules_are_short() -> None:
    """A module holds one thought: 400 lines at most."""
    lengths = {module: module.text.count("\n") for module in everything()}
    none(f"{module}: {length} lines" for module, length in lengths.items() if length > 400)


def test_few_parameters() -> None:
    """Five parameters at most, beside self and cls: more are a noun that has no name yet."""
    none(
        f"{module.place(function)}: {function.name} takes {parameters(function)}"
        for module in modules("watcher", "tools", "bench")
        for function in module.functions()
        if parameters(function) > 5
    )


def test_nesting_is_shallow() -> None:
    """Blocks stand three deep at most."""
    none(
        f"{module.place(function)}: {function.name} is {nesting(function)} deep"
        for module in everything()
        for function in module.functions()
        if nesting(function) > 3
    )


def test_names_say_something() -> None:
    """No module or class is a drawer for odds and ends."""
    drawer = re.compile(r"(?:^|_|(?<=[a-z]))(?:[Uu]tils?|[Mm]anagers?|[Hh]elpers?|[Bb]ase)(?=$|_|[A-Z])")
    named = [(str(module), module.path.stem) for module in everything()]
    named += [(module.place(node), node.name) for module in everything() for node in module.classes()]
    none(f"{place}: {name}" for place, name in named if drawer.search(name))


def test_all_that_is_public_is_described() -> None:
    """Every module, and every public class, function and method, says what it is."""
    described = (each for module in modules("watcher", "tools", "bench") for each in public(module))
    none(place for place, node in described if not ast.get_docstring(node))


def test_switches_give_their_reason() -> None:
    """Whoever switches a check off says why beside it."""
    switch = re.compile(r"#\s*(?:noqa|type:\s*ignore)\b(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|\[[\w, -]+\])?(.*)")
    none(
        module.place(number)
        for module in everything()
        for number, line in enumerate(module.text.splitlines(), 1)
        for found in switch.finditer(line)
        if not re.search(r"\w", found[1])
    )


# What tests are, and what is kept.


def proofs() -> list[tuple[Module, Function]]:
    """Every test function with its module."""
    found = ((module, function) for module in modules("tests") for function in module.functions())
    return [(module, function) for module, function in found if function.name.startswith("test_")]


def test_every_test_says_what_it_proves() -> None:
    """The docstring of a test is one sentence."""

    def is_sentence(text: str) -> bool:
        return text.endswith(".") and not re.search(r"\n\s*\n|[.!?]\s+[A-Z]", text)

    none(
        f"{module.place(function)}: {function.name}"
        for module, function in proofs()
        if not is_sentence(ast.get_docstring(function) or "")
    )


def test_hardly_anything_is_patched() -> None:
    """Real parts and shipped fakes, not patches: at most 0.15 a test."""
    patching = re.compile(r"^(?:monkeypatch\.\w+|(?:mock|mocker)\.\w+|patch(?:\.\w+)?|(?:Magic|Async)?Mock)$")
    patches = [
        f"{module.place(call)}: {ast.unparse(call.func)}"
        for module in modules("tests")
        for call in module.calls()
        if patching.match(ast.unparse(call.func))
    ]
    none(patches if len(patches) > 0.15 * len(proofs()) else ())


def test_the_repository_belongs_to_no_machine() -> None:
    """No file names the host of a package registry, or somebody's home: it has to work anywhere."""
    dot = "[.]"
    foreign = re.compile(
        rf"(?:py)pi{dot}org|pythonhosted{dot}org|npmjs{dot}(?:org|com)|(?:deb|security){dot}debian"
        r"|(?<![\w.~%$}])/(?:root|work|farm|Users/\w+|home/\w+)/"
    )
    listed = ["git", "-C", str(ROOT), "ls-files", "-z"]
    names = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split("\0")
    texts = {name: (ROOT / name).read_text("utf-8", errors="replace") for name in names if (ROOT / name).is_file()}
    none(
        f"{name}:{number}: {found[0]}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        for found in foreign.finditer(line)
    )


@pytest.mark.parametrize("generator", sorted((ROOT / "tools").glob("generate_*.py")), ids=lambda path: path.stem)
def test_generated_files_are_current(generator: Path) -> None:
    """What is made from something else is as its maker would make it now."""
    run = subprocess.run([sys.executable, generator, "--check"], capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout + run.stderr
