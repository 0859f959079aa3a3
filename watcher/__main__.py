"""The program's entry: the reader's language first, then the commands, then any error in plain words."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run a command line; ends the process with its exit status."""
    from watcher import words  # noqa: PLC0415 - so that `python -m watcher` imports nothing that it does not use

    words.install(words.language("auto", os.environ))
    from watcher.cli import main as run  # noqa: PLC0415 - alike

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
