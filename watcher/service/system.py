"""What every manager needs of the system: its tool run, its file put in place."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from gettext import gettext as _
from pathlib import Path

from watcher.errors import UserError

_PATIENCE = 90.0
"""Seconds; systemd may take 20 of them to end the old daemon, and 30 to start the new one."""

Done = subprocess.CompletedProcess[str]


def call(*command: str, environ: Mapping[str, str]) -> Done:
    """Run a manager's tool to its end, whatever its exit status. Raises UserError where it is not there or hangs."""
    words = _("{program} cannot be run: {error}.")
    try:
        return subprocess.run(  # noqa: S603 - one of the system's own tools
            command,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UserError(words.format(program=command[0], error=_("it does not answer"))) from None
    except OSError as error:
        raise UserError(words.format(program=command[0], error=error.strerror)) from None


def order(*command: str, environ: Mapping[str, str]) -> None:
    """Run a manager's tool, and raise UserError, with its own words, where it fails."""
    done = call(*command, environ=environ)
    if done.returncode:
        raise UserError(_("“{command}” failed: {reason}").format(command=" ".join(command), reason=done.stderr.strip()))


def put(file: Path, content: bytes) -> None:
    """Put a file for all to read in its place at once, also in that of a link. Raises UserError where it cannot be."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as new:
            new.write(content)
        Path(new.name).chmod(0o644)
        Path(new.name).replace(file)
    except OSError as error:
        raise UserError(_("{file} cannot be written: {reason}").format(file=file, reason=error.strerror)) from error
