"""How many instructions it takes to judge a mail, and to start: a count that is the same on a busy machine.

Valgrind counts them, those of C libraries included. Judging is set against Python's own parser on the same mail, and
the start against that of a bare interpreter, so that what is kept in instructions.toml holds for other interpreters,
too. A test fails where a ratio has grown by more than LEEWAY; whoever means it to grow runs this with `--keep`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from bench._counted import MAILS
from bench._figures import Figure, publish

KEPT = Path(__file__).with_suffix(".toml")
LEEWAY = 1.15

_VALGRIND = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
_COUNT = re.compile(r"^==(\d+)== I +refs: +([\d,]+)$", re.MULTILINE)


def measure() -> dict[str, float]:
    """The ratios by name, and millions of instructions of what stands below the fraction line."""
    bare = _run("-c", "pass")[""]
    counted = _run("-m", "bench._counted")
    parse, judge = (counted[name] - counted["nothing"] for name in ("parse", "judge"))
    return {
        "judge": judge / parse,
        "start": counted["start"] / bare,
        "parse": parse / MAILS / 1e6,
        "bare": bare / 1e6,
    }


def kept() -> Mapping[str, float]:
    """The ratios that were measured last."""
    return tomllib.loads(KEPT.read_text("utf-8"))


def _run(*arguments: str) -> dict[str, int]:
    """Instructions of the interpreter, and of each process that it names, by that name."""
    environment = {**os.environ, "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, *arguments]

    def run(*before: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own program
            [*before, *command], env=environment, cwd=KEPT.parent.parent, capture_output=True, text=True, check=False
        )

    run()  # so that everything is compiled when it is counted
    done = run(*_VALGRIND)
    counts = {pid: int(number.replace(",", "")) for pid, number in _COUNT.findall(done.stderr)}
    if done.returncode or not counts:
        raise SystemExit(done.stderr)
    named = dict(line.split() for line in done.stdout.splitlines())
    others = [pid for pid in counts if pid not in named.values()]
    return {"": counts[others[0]], **{name: counts[pid] for name, pid in named.items()}}


def _keep(ratios: Mapping[str, float]) -> None:
    lines = (
        "# Instructions to judge a mail, in those of Python's parser on the same mail; and to start, in bare starts.",
        "# Written by `python bench/instructions.py --keep`.",
        *(f"{name} = {ratios[name]:.2f}" for name in ("judge", "start")),
    )
    KEPT.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    found = measure()
    if "--keep" in sys.argv[1:]:
        _keep(found)
    most = {name: LEEWAY * value for name, value in kept().items()}
    publish(
        "instructions",
        [
            Figure(f"to judge a mail, mean of {MAILS}, in Python's parses", found["judge"], "×", most["judge"]),
            Figure("to load the program and its catalogue, in bare starts", found["start"], "×", most["start"]),
            Figure("Python's parser, for a mail", found["parse"], "million"),
            Figure("`python -c pass`", found["bare"], "million"),
        ],
    )
