"""A user manager of systemd that is a test's own: with its bus, in a mount namespace and a control group apart.

It has to be started by root: systemd wants to see a booted system in /run, and a control group that it may divide.
"""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.kit.bus import PrivateBus
from tests.kit.programs import require

# Shared once more, among its own processes: a manager that is root mounts the credentials of a service from a child's
# mount namespace, and would otherwise see an empty folder.
BEGIN = """
set -eu
mount --make-rprivate /
mount --make-rshared /
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system
for group; do echo $$ > "$group/cgroup.procs"; done
exec /lib/systemd/systemd --user
"""


@contextmanager
def systemd_user() -> Iterator[PrivateBus]:
    """The bus of such a manager, for as long as the context lasts."""
    require("unshare")
    if os.getuid() != 0:
        pytest.skip("a user manager of our own needs root")
    with tempfile.TemporaryDirectory(prefix="systemd-user-") as name, _groups(Path(name).name) as groups:
        folder = Path(name)
        (folder / "run").mkdir(mode=0o700)
        process = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", BEGIN, "sh", *map(str, groups)],
            env={"HOME": name, "PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": f"{name}/run"},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            _await_socket(folder / "run/bus", process)
            bus = PrivateBus(f"unix:path={name}/run/bus", folder, process)
            bus.wait_for("org.freedesktop.systemd1")
            yield bus
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def _groups(name: str) -> Iterator[list[Path]]:
    """A control group of that name in each hierarchy that systemd uses, of either version."""
    roots = [Path("/sys/fs/cgroup", hierarchy) for hierarchy in ("", "systemd", "unified")]
    groups = [root / name for root in roots if (root / "cgroup.procs").exists()]
    for group in groups:
        group.mkdir()
    try:
        yield groups
    finally:
        end = time.monotonic() + 5
        while not all(_remove(group) for group in groups) and time.monotonic() < end:
            time.sleep(0.05)  # somebody in it has not quite ended


def _remove(group: Path) -> bool:
    """Remove an empty control group with those in it; whether it is gone."""
    with suppress(OSError):
        for folder, _, _ in os.walk(group, topdown=False):
            Path(folder).rmdir()
    return not group.exists()


def _await_socket(path: Path, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 20
    while not _answers(path):
        assert process.poll() is None, "systemd --user does not start here"
        assert time.monotonic() < end, "the user manager opens no bus"
        time.sleep(0.02)


def _answers(path: Path) -> bool:
    """Whether somebody listens there already: the file comes into being before that."""
    with socket.socket(socket.AF_UNIX) as caller:
        return caller.connect_ex(str(path)) == 0
