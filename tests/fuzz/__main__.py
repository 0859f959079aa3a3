"""The long exploration, on the command line; see the package."""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import time
from collections import Counter
from pathlib import Path
from random import Random

from tests.fuzz.lines import Lines, executable
from tests.fuzz.loop import Loop
from tests.fuzz.seeds import seeds

_EVERY = 60.0
"""Seconds of CPU between two lines of the record."""


def main() -> None:
    """Explore, or tell what explorations came to."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=main.__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    exploring = commands.add_parser("run", help="explore")
    exploring.add_argument("--minutes", type=float, default=1.0, help="of CPU")
    exploring.add_argument("--seed", type=int, default=0, help="the same seed explores the same way")
    exploring.add_argument("--seeds", type=Path, help="a folder of more mail to begin with; it is only read")
    exploring.add_argument("--out", type=Path, required=True, help="where findings and the record go")
    telling = commands.add_parser("report", help="tell what explorations came to")
    telling.add_argument("folders", nargs="+", type=Path)
    options = parser.parse_args()
    if options.command == "run":
        explore(options)
    else:
        tell(options.folders)


def explore(options: argparse.Namespace) -> None:
    """Run the loop, write each finding to a file of its own, and the state of things each minute."""
    options.out.mkdir(parents=True, exist_ok=True)
    current = (options.out / "current.eml").open("wb", buffering=0)  # what a crash of the interpreter leaves behind

    def keep(raw: bytes) -> None:
        current.seek(0)
        current.truncate()
        current.write(raw)

    lines = Lines()
    guided = lines.start()
    loop = Loop(list(seeds(options.seeds)), Random(options.seed), lines, before=keep)  # noqa: S311 - no secret
    print(f"{len(loop.population)} seeds, Python {platform.python_version()}, {'guided' if guided else 'blind'}")
    begun, end = time.process_time(), time.process_time() + options.minutes * 60
    while time.process_time() < end:
        for finding in loop.run(min(_EVERY, end - time.process_time())):
            name = hashlib.sha256(finding.raw).hexdigest()[:12]
            (options.out / f"{name}.eml").write_bytes(finding.raw)
            print(f"{name}: {finding.problem}", flush=True)
        record = {
            "executions": loop.executions,
            "cpu_seconds": round(time.process_time() - begun),
            "population": len(loop.population),
            "slowest": round(loop.slowest, 3),
            "lines": sorted(lines.seen),
        }
        (options.out / "record.json").write_text(json.dumps(record))


def tell(folders: list[Path]) -> None:
    """Sum up: executions, hours of CPU, and how much of the code on the way has run, file by file."""
    records = [json.loads((folder / "record.json").read_text()) for folder in folders]
    ran = {(name, number) for record in records for name, number in record["lines"]}
    lines = set(executable())
    all_of, some_of = Counter(name for name, _ in lines), Counter(name for name, _ in lines & ran)
    for name, number in sorted(all_of.items(), key=lambda item: some_of[item[0]] / item[1]):
        print(f"{some_of[name] / number:7.1%} of {number:4} lines  {name}")
    print(
        f"{sum(record['executions'] for record in records):,} executions, "
        f"{sum(record['cpu_seconds'] for record in records) / 3600:.2f} hours of CPU, "
        f"slowest {max(record['slowest'] for record in records)} s, "
        f"{len(lines & ran) / len(lines):.1%} of {len(lines)} lines"
    )


if __name__ == "__main__":
    main()
