"""The user unit, as systemd reads it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from watcher.service.unit import unit

UNIT = Path(__file__).parents[2] / "systemd" / "watcher.service"
EXEC_START = "%h/.local/bin/watcher"


def verify(unit: str, directory: Path) -> subprocess.CompletedProcess[str]:
    """What `systemd-analyze verify --user` says of a unit."""
    file = directory / UNIT.name
    file.write_text(unit, "utf-8")
    environ = {**os.environ, "XDG_RUNTIME_DIR": str(directory), "LC_ALL": "C"}
    command = ["systemd-analyze", "verify", "--user", str(file)]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.systemd
def test_systemd_accepts_every_line(tmp_path: Path) -> None:
    """The verifier knows every key and value of the unit, and has nothing to say against them."""
    found = verify(UNIT.read_text("utf-8").replace(EXEC_START, "/bin/true"), tmp_path)

    assert (found.returncode, found.stderr) == (0, "")


@pytest.mark.systemd
def test_systemd_accepts_what_is_installed(tmp_path: Path) -> None:
    """The verifier has nothing to say against the unit as it is written for one installation either."""
    command = ("/bin/true", "--config", "/home of/$x/100%/config.toml", "run")
    found = verify(unit(command, {"XDG_STATE_HOME": "/home of/state"}), tmp_path)

    assert (found.returncode, found.stderr) == (0, "")


@pytest.mark.systemd
def test_systemd_would_have_complained(tmp_path: Path) -> None:
    """A key that does not exist is named: the silence of the test above means something."""
    unit = UNIT.read_text("utf-8").replace(EXEC_START, "/bin/true").replace("UMask=", "Umask=")

    assert "Umask" in verify(unit, tmp_path).stderr


@pytest.mark.parametrize(
    "setting",
    [
        "ProtectSystem",
        "ProtectHome",
        "PrivateTmp",
        "ReadOnlyPaths",
        "PrivateUsers",
        "CapabilityBoundingSet",
        "PrivateDevices",
        "ProtectClock",
    ],
)
def test_nothing_that_fails_in_a_user_manager(setting: str) -> None:
    """No line is set that a user manager ignores in silence, or that keeps the service from starting there."""
    assert not any(line.startswith(setting) for line in UNIT.read_text("utf-8").splitlines())


@pytest.mark.systemd
def test_its_exposure_does_not_grow(tmp_path: Path) -> None:
    """What systemd itself counts as left open stays at 6.4 of 10: the rest takes what a user manager cannot do."""
    file = tmp_path / UNIT.name
    file.write_text(UNIT.read_text("utf-8").replace(EXEC_START, "/bin/true"), "utf-8")
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=64", "--no-pager", str(file)]
    found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    "line",
    [
        "LimitCORE=0",
        "UMask=0077",
        "MemoryMax=512M",
        "TasksMax=64",
        "NoNewPrivileges=yes",
        "RestrictNamespaces=yes",
        "LockPersonality=yes",
    ],
)
def test_what_holds_in_a_user_manager(line: str) -> None:
    """What a user manager can enforce is asked of it, also where `watcher service install` writes the file."""
    for text in (UNIT.read_text("utf-8"), unit(("/bin/true",), {})):
        assert line in text.splitlines()
