"""The command by which a service manager starts the very Watcher that runs now."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from watcher import paths


def present(config: Path, program: str | None = None, python: str | None = None) -> tuple[str, ...]:
    """The words of `watcher run`, that of this installation and with this configuration.

    Args:
        config: the configuration file; named in the command unless it is the usual one.
        program: how this program was called; None for `sys.argv[0]`.
        python: the interpreter; None for the one that runs now.
    """
    watcher = _watcher(program or sys.argv[0], python or sys.executable)
    return (*watcher, *paths.naming(config), "run")


def _watcher(program: str, python: str) -> tuple[str, ...]:
    """Links are kept as they are: pipx's own in ~/.local/bin still leads here after an update."""
    beside_python = Path(python).with_name("watcher")
    for candidate in (program, str(beside_python)):
        path = shutil.which(candidate)
        if path and Path(path).name == "watcher":
            return (os.path.abspath(path),)  # noqa: PTH100 - pathlib would leave ".." in it or follow links
    return (python, "-P", "-m", "watcher")  # -P: nothing in the working folder may pose as a module
