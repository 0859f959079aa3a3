"""The room `service`: what is written for a service manager, and how its answers are read."""

from __future__ import annotations

import os
import plistlib
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from watcher.errors import UserError
from watcher.service import Standing, choose
from watcher.service.command import present
from watcher.service.launchd import Launchd
from watcher.service.systemd import Systemd
from watcher.service.unit import is_current, is_untouched, template, unit

COMMAND = ("/opt/watcher", "run")
ANSWERS = """\
LoadState=loaded
UnitFileState=enabled
ActiveState=active
ActiveEnterTimestamp=Tue 2026-11-24 14:42:11 UTC
StatusText=watching 1 of 2 accounts=all
NRestarts=2
"""
SINCE = datetime(2026, 11, 24, 14, 42, 11, tzinfo=UTC)
RUNNING = Standing(
    installed=True, enabled=True, active=True, since=SINCE, status="watching 1 of 2 accounts=all", restarts=2
)
LOADED = "gui/501/org.watcher = {\n\tstate = running\n\truns = 3\n\tendpoints = {\n\t\tstate = idle\n\t}\n}\n"


def tool(folder: Path, name: str, lines: str) -> dict[str, str]:
    """An environment in which that program is a shell script, which first notes its arguments in `calls`."""
    program = folder / name
    program.write_text(f"#!/bin/sh\nexport PATH=/usr/bin:/bin\necho {name} $* >> {folder}/calls\n{lines}\n")
    program.chmod(0o755)
    return {"HOME": str(folder), "PATH": str(folder)}


def calls(folder: Path) -> list[str]:
    """How such programs were called."""
    return (
        (folder / "calls").read_text().replace(str(folder), "~").replace(f"gui/{os.getuid()}", "gui/UID").splitlines()
    )


# The command.


def test_the_command_is_the_one_that_was_called(tmp_path: Path) -> None:
    """The link of pipx is named by its absolute path, and not what it leads to, which an update may move."""
    (tmp_path / "venv").mkdir()
    tool(tmp_path / "venv", "watcher", "")
    link = tmp_path / "bin" / ".." / "watcher"
    (tmp_path / "bin").mkdir()
    (tmp_path / "watcher").symlink_to(tmp_path / "venv/watcher")

    assert present(tmp_path / "a b.toml", str(link), "/usr/bin/python3") == (
        f"{tmp_path}/watcher",
        "--config",
        f"{tmp_path}/a b.toml",
        "run",
    )


def test_the_command_beside_the_interpreter(tmp_path: Path) -> None:
    """Called as a module of a virtual environment, that environment's own command is named."""
    tool(tmp_path, "watcher", "")

    found = present(tmp_path / "x", str(tmp_path / "__main__.py"), str(tmp_path / "python"))
    assert found[0] == f"{tmp_path}/watcher"


def test_the_command_as_a_last_resort(tmp_path: Path) -> None:
    """Where there is no command of that name the interpreter is told to run the module, whatever folder it is in."""
    found = present(tmp_path / "x", str(tmp_path / "__main__.py"), str(tmp_path / "python"))
    assert found[:4] == (f"{tmp_path}/python", "-P", "-m", "watcher")


def test_the_usual_configuration_is_not_named() -> None:
    """Only a configuration that was given by `--config` stands in the command."""
    from watcher import paths  # noqa: PLC0415 - for this test alone

    assert present(paths.config_file(), "", "/x/python")[-3:] == ("-m", "watcher", "run")


# The unit.


@pytest.mark.parametrize(
    ("command", "line"),
    [
        (COMMAND, "/opt/watcher run"),
        (("/opt/日本/watcher", "run"), "/opt/日本/watcher run"),
        (("/a b/watcher", "run"), '"/a b/watcher" run'),
        (("/100%/watcher", "run"), '"/100%%/watcher" run'),
        (("/opt/watcher", "--config", "/$x.toml"), ":/opt/watcher --config /$x.toml"),
        (("/opt/watcher", 'say "x\\y"\n'), r'/opt/watcher "say \x22x\x5cy\x22\x0a"'),
        (("/opt/watcher", "", ";"), '/opt/watcher "" ";"'),
        (("/it's/watcher", "run"), '/usr/bin/env "/it\'s/watcher" run'),
    ],
)
def test_exec_start(command: tuple[str, ...], line: str) -> None:
    """A command is written so that systemd reads back the very same words."""
    lines = [each for each in unit(command, {}).splitlines() if each.startswith("ExecStart=")]
    assert lines == [f"ExecStart={line}"]


def test_where_files_lie_is_kept() -> None:
    """Variables of the shell that decide where files lie stand in the unit."""
    assert 'Environment="XDG_STATE_HOME=/a b/100%%"\n' in unit(COMMAND, {"XDG_STATE_HOME": "/a b/100%"})


@pytest.mark.parametrize(
    ("text", "untouched", "current"),
    [
        (template(), True, True),
        ("# of my own\n" + template(), True, True),
        (unit(COMMAND, {"XDG_STATE_HOME": "/x"}), True, True),
        (unit(COMMAND, {}).replace("run\n", "run --verbose\n"), False, True),
        (unit(COMMAND, {}).replace("TasksMax=64", "TasksMax=99"), False, False),
        (template().replace("TasksMax=64", "TasksMax=99"), False, False),
        (template().replace("%h/.local", "/opt"), False, True),
        ("", False, False),
    ],
    ids=["copied", "with a comment", "installed", "command", "line", "line of a copy", "command of a copy", "empty"],
)
def test_what_was_changed_by_hand(text: str, *, untouched: bool, current: bool) -> None:
    """A changed line is noticed, a comment in a copy is none, and a command alone makes no other version."""
    assert (is_untouched(text), is_current(text)) == (untouched, current)


def test_an_older_version_that_nobody_has_changed() -> None:
    """What Watcher wrote is known by its seal also where this version would write something else."""
    older = unit(COMMAND, {})
    newer = template().replace("TasksMax=64", "TasksMax=99")
    assert is_untouched(older)
    assert not is_untouched(older.partition("\n")[0] + "\n" + newer)


# systemd's answers.


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, RUNNING),
        ({"ActiveState=active": "ActiveState=reloading"}, RUNNING),
        ({"Tue 2026-11-24 14:42:11 UTC": ""}, Standing(True, False, True, True, status=RUNNING.status, restarts=2)),
        ({"=active": "=failed"}, Standing(True, False, True, failed=True, status=RUNNING.status, restarts=2)),
        ({"=active": "=activating"}, Standing(True, False, True, status=RUNNING.status, restarts=2)),
        ({ANSWERS: "LoadState=not-found\nActiveState=inactive\n"}, Standing()),
        (
            {"=enabled": "=disabled", "=loaded": "=masked"},
            Standing(True, False, False, True, False, SINCE, RUNNING.status, None, 2),
        ),
    ],
    ids=["running", "reloading", "no time", "failed", "about to start", "not installed", "disabled"],
)
def test_systemd_answers(tmp_path: Path, change: Mapping[str, str], expected: Standing) -> None:
    """What `systemctl show` prints is read as it is meant."""
    answers = ANSWERS
    for old, new in change.items():
        answers = answers.replace(old, new)
    environ = tool(tmp_path, "systemctl", f"cat << END\n{answers}END")

    assert Systemd(environ).standing() == expected


@pytest.mark.parametrize(
    ("answer", "expected"), [("Linger=yes", True), ("Linger=no", False), ("", None), ("Linger=?", None)]
)
def test_lingering(tmp_path: Path, answer: str, expected: bool | None) -> None:  # noqa: FBT001 - a row of a table
    """Whether the service outlives the session is asked of logind, which need not be there."""
    tool(tmp_path, "loginctl", f"echo {answer}")
    environ = tool(tmp_path, "systemctl", f"cat << END\n{ANSWERS}END")

    assert Systemd(environ).standing().lingering is expected


def test_no_systemd(tmp_path: Path) -> None:
    """Without systemctl, or where it fails, a person is told what that means."""
    for environ in ({"HOME": str(tmp_path), "PATH": str(tmp_path)}, tool(tmp_path, "systemctl", "exit 1")):
        with pytest.raises(UserError, match="No systemd answers for this user"):
            Systemd(environ).standing()


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    """A folder that cannot be made is said in words."""
    (tmp_path / ".config").touch()
    with pytest.raises(UserError, match="cannot be written"):
        Systemd(tool(tmp_path, "systemctl", "")).install(COMMAND)


def test_an_order_that_fails(tmp_path: Path) -> None:
    """What systemctl says itself is passed on where it refuses an order."""
    environ = tool(tmp_path, "systemctl", 'case "$*" in *reload*) echo "no room" >&2; exit 1; esac')
    with pytest.raises(UserError, match="“systemctl --user daemon-reload” failed: no room"):
        Systemd(environ).install(COMMAND)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], "journalctl --user --unit=watcher.service --lines=50 --no-pager"),
        (["-n", "7", "--follow"], "journalctl --user --unit=watcher.service --lines=7 --no-pager --follow"),
    ],
)
def test_logs(tmp_path: Path, options: list[str], expected: str) -> None:
    """`watcher service logs` becomes journalctl, with its exit status."""
    environ = tool(tmp_path, "journalctl", "exit 7")
    command = [sys.executable, "-m", "watcher", "service", "logs", *options]
    done = subprocess.run(command, env=environ, check=False)

    assert (done.returncode, calls(tmp_path)) == (7, [expected])


# Other systems.


def test_choose() -> None:
    """Each kind of system has its manager, and a strange one is told what to do instead."""
    assert [choose({"HOME": "/x"}, platform).name for platform in ("linux", "darwin")] == ["systemd", "launchd"]
    with pytest.raises(UserError, match="watcher run"):
        choose({"HOME": "/x"}, "freebsd14")


def test_an_agent_of_launchd(tmp_path: Path) -> None:
    """The agent is written with this command and loaded, an earlier one being unloaded before, and taken away again."""
    launchd = Launchd({**tool(tmp_path, "launchctl", ""), "LANG": "ja_JP.UTF-8"})
    launchd.install(COMMAND)
    agent = plistlib.loads((tmp_path / "Library/LaunchAgents/org.watcher.plist").read_bytes())

    assert agent["ProgramArguments"] == list(COMMAND)
    assert agent["StandardErrorPath"] == str(tmp_path / "Library/Logs/Watcher.log")
    assert agent["EnvironmentVariables"] == {"LANG": "ja_JP.UTF-8"}
    assert (agent["Label"], agent["Umask"]) == ("org.watcher", 0o077)
    assert (launchd.uninstall(), launchd.uninstall()) == (True, False)
    assert calls(tmp_path) == [
        "launchctl print gui/UID",
        "launchctl bootout gui/UID/org.watcher",
        "launchctl enable gui/UID/org.watcher",
        "launchctl bootstrap gui/UID ~/Library/LaunchAgents/org.watcher.plist",
        *["launchctl print gui/UID", "launchctl bootout gui/UID/org.watcher"] * 2,
    ]


def test_an_agent_that_was_changed_by_hand(tmp_path: Path) -> None:
    """The user's own changes to the agent stay until he asks to replace them."""
    launchd = Launchd(tool(tmp_path, "launchctl", ""))
    launchd.install(COMMAND)
    launchd.file.write_bytes(launchd.file.read_bytes().replace(b"60", b"600"))

    with pytest.raises(UserError, match="--replace"):
        launchd.install(COMMAND)
    launchd.install(COMMAND, replace=True)
    assert launchd.standing().current


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (f"printf '{LOADED}'", Standing(enabled=True, active=True, restarts=2)),
        (f"printf '{LOADED}' | sed 's/running/waiting/'", Standing(enabled=True, failed=True, restarts=2)),
        ('case "$*" in */*/*) exit 113; esac', Standing()),
    ],
    ids=["running", "down", "not installed"],
)
def test_launchd_answers(tmp_path: Path, answer: str, expected: Standing) -> None:
    """What `launchctl print` prints is read as it is meant."""
    assert Launchd(tool(tmp_path, "launchctl", answer)).standing() == expected


def test_no_launchd(tmp_path: Path) -> None:
    """Where launchd does not answer a person is told so."""
    with pytest.raises(UserError, match="launchd does not answer"):
        Launchd(tool(tmp_path, "launchctl", "exit 1")).install(COMMAND)


def test_the_task_of_windows() -> None:
    """The task is well-formed, is one user's, and starts Watcher within WSL."""
    task = ET.fromstring((files("watcher.service") / "watcher-task.xml").read_text("utf-8"))  # noqa: S314 - our own file
    told = {each.tag.rpartition("}")[2]: each.text for each in task.iter()}

    assert str(told["Command"]).endswith("wsl.exe")
    assert told["Arguments"] == '--exec sh -c "exec ~/.local/bin/watcher run"'
    assert (told["UserId"], told["RunLevel"]) == ("@USER@", "LeastPrivilege")
    assert told["ExecutionTimeLimit"] == "PT0S"  # without end


# Help.


def test_help_is_shown_whole() -> None:
    """The list of what `watcher service` can do shows each sentence to its end."""
    command = [sys.executable, "-m", "watcher", "service", "--help"]
    shown = subprocess.run(command, env={"LANG": "C.UTF-8"}, capture_output=True, text=True, check=True).stdout

    assert "Exit status 0 only where it does." in " ".join(shown.split())


def test_help_in_japanese() -> None:
    """What belongs to a command is shown in the reader's language too."""
    command = [sys.executable, "-m", "watcher", "service", "--help"]
    shown = subprocess.run(command, env={"LANG": "ja_JP.UTF-8"}, capture_output=True, text=True, check=True).stdout

    assert "ログ" in shown
