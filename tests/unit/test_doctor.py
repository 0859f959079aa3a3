"""Single looks of the doctor, where it would take too much to bring the real thing about."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.kit.code import ROOT
from watcher import paths
from watcher.doctor import Level, Surroundings, mending
from watcher.doctor.account import Patient, log_in, password_hint
from watcher.doctor.computer import clock, disk
from watcher.doctor.folders import folders
from watcher.doctor.popup import popup
from watcher.doctor.sweeps import sweep
from watcher.errors import RefusedError, TransientError, UserError, WatcherError
from watcher.model import FolderState
from watcher.settings import Account, FromOAuth, Settings
from watcher.sources.memory import ABILITIES, MemoryServer, MemorySource
from watcher.vault.memory import MemoryVault

GOOD, WARNING, BAD = Level.GOOD, Level.WARNING, Level.BAD
MINUTES = timedelta(minutes=1)

THUNDERBIRD = ROOT / "tests" / "fixtures" / "thunderbird"
"""What a real Thunderbird has written, for hanako at 127.0.0.1."""


# This computer.


@pytest.mark.parametrize(("megabytes", "level"), [(5, BAD), (100, WARNING), (5000, GOOD)])
def test_room_on_the_disk(tmp_path: Path, megabytes: int, level: Level) -> None:
    """Little room is told before there is none."""
    assert disk(tmp_path, megabytes * 1_000_000).level is level


@pytest.mark.parametrize(
    ("program", "level"),
    [
        ("echo yes", GOOD),
        ("echo no", WARNING),
        ("echo Failed to connect to bus >&2; exit 1", None),
        (None, None),
    ],
)
def test_the_clock(tmp_path: Path, program: str | None, level: Level | None) -> None:
    """What `timedatectl` says counts, and where it says nothing there is no line."""
    if program:
        (tmp_path / "timedatectl").write_text(f"#!/bin/sh\n{program}\n")
        (tmp_path / "timedatectl").chmod(0o755)

    answer = clock({"PATH": str(tmp_path)})

    assert (answer and answer.level) == level


@pytest.mark.parametrize(
    ("environ", "programs", "command"),
    [
        ({}, ["nano", "vi"], "nano"),
        ({}, ["vi"], "vi"),
        ({"DISPLAY": ":0"}, ["xdg-open", "nano"], "xdg-open"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, ["nano"], "nano"),
        ({"DISPLAY": ":0", "EDITOR": "emacs -nw"}, ["emacs", "xdg-open"], "emacs -nw"),
        ({"EDITOR": "gone"}, ["vi"], "vi"),
    ],
)
def test_what_opens_a_file(tmp_path: Path, environ: Mapping[str, str], programs: Sequence[str], command: str) -> None:
    """The reader's own editor, that of his desktop, or one of the terminal: the first that is there."""
    for program in programs:
        (tmp_path / program).touch(0o755)

    assert mending.edit(Path("/a b"), {"PATH": str(tmp_path), **environ}) == f"{command} '/a b'"


def test_a_name_that_a_shell_would_take_apart() -> None:
    """An account is named in a command so that the command can be pasted."""
    assert mending.ours(paths.config_file(), "login", "home; rm -r ~") == "watcher login 'home; rm -r ~'"


def test_a_command_for_another_configuration() -> None:
    """What mends is done to the configuration that was looked at."""
    assert mending.ours(Path("/a b"), "login", "home") == "watcher --config '/a b' login home"


# The login.


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("imap.gmail.com", "takes an app password only"),
        ("imap.mail.me.com", "takes an app password only"),
        ("outlook.office365.com", "takes no passwords"),
        ("imap.example.jp", ""),
    ],
)
def test_what_a_refused_password_means(host: str, words: str) -> None:
    """At providers that take no usual password the reader is told so, and at others nothing is made up."""
    hint = password_hint(Account(name="home", host=host, user="taro"), "en")

    assert words in hint
    assert bool(hint) is bool(words)


def test_a_refused_token() -> None:
    """Whoever logs in by OAuth is told nothing of passwords."""
    account = Account(name="home", host="imap.gmail.com", user="taro", password=FromOAuth(oauth="google"))

    assert password_hint(account, "en") == ""


class Shut(MemorySource):
    """A mailbox that lets nobody in, for that reason."""

    why: WatcherError = TransientError("it is down")

    def open(self) -> None:
        """Try to log in."""
        raise self.why


@pytest.mark.parametrize(
    ("why", "secret", "mend"),
    [
        (TransientError("it is down"), "token", "wait a little, then: watcher doctor"),
        (RefusedError("another account"), "token", "watcher login home"),
        (
            UserError("it offers no login by OAuth"),
            "token",
            "correct this account, or ask whoever runs the server: vi ",
        ),
        (UserError("access was withdrawn"), None, "watcher login home"),
    ],
)
def test_what_mends_a_login(why: WatcherError, secret: str | None, mend: str) -> None:
    """To wait is of use only where it may pass: otherwise access is to be given anew, or the configuration is wrong."""
    account = Account(name="home", host="h", user="taro", password=FromOAuth(oauth="google"))
    around = Surroundings(paths.config_file(), {"EDITOR": "vi", "PATH": "/usr/bin:/bin"}, "linux")
    source = Shut("home", MemoryServer())
    source.why = why

    answer = log_in(Patient(account, Settings.model_construct(), around, None), source, MemoryVault(secret))

    assert (answer.level, answer.finding) == (BAD, str(why))
    assert answer.mend.startswith(mend)


# Thunderbird.


@pytest.mark.parametrize(
    ("folder", "junk", "level"),
    [("Suspicious", False, WARNING), ("Suspicious", True, GOOD), ("Junk", False, GOOD), ("Elsewhere", False, None)],
)
def test_a_pop_up_of_thunderbird(tmp_path: Path, folder: str, junk: bool, level: Level | None) -> None:  # noqa: FBT001 - a column of the table
    """Of a real profile it is told where a pop-up is to be expected, but for mail that bears $Junk."""
    shutil.copytree(THUNDERBIRD, tmp_path / ".thunderbird")
    around = Surroundings(tmp_path / "config.toml", {"HOME": str(tmp_path)}, "linux")
    account = Account(name="home", host="127.0.0.1", user="hanako", suspicious_folder=folder)

    answer = popup(account, around, junk=junk)

    assert (answer and answer.level) == level


def test_no_thunderbird(tmp_path: Path) -> None:
    """Whoever has none is told nothing of it."""
    around = Surroundings(tmp_path / "config.toml", {"HOME": str(tmp_path)}, "linux")

    assert popup(Account(name="home", host="mail.example.org", user="hanako"), around, junk=False) is None


# Folders and abilities.


def levels(source: MemorySource, account: Account | None = None, action: str = "move") -> dict[str, Level]:
    """What is found of the folders of a source."""
    account = account or Account(name="home", host="h", user="taro")
    settings = Settings.model_validate({"watch": {"action": action}, "accounts": [account]})
    source.open()
    return {check.name.removesuffix(".home"): check.level for check in folders(account, settings, source, "edit it")}


@pytest.mark.parametrize(
    ("abilities", "lacking"),
    [
        (ABILITIES, set()),
        (ABILITIES - {"IDLE"}, {"idle"}),
        (ABILITIES - {"MOVE"}, set()),
        (ABILITIES - {"MOVE", "UIDPLUS"}, {"move"}),
    ],
)
def test_what_a_server_lacks(abilities: frozenset[str], lacking: set[str]) -> None:
    """Each ability that is missing is one warning, and none of them keeps Watcher from working."""
    server = MemoryServer(abilities)
    server.create("Trash")
    found = levels(MemorySource("home", server))

    assert {name for name, level in found.items() if level is WARNING} == lacking
    assert ("abilities" in found) is not bool(lacking)
    assert BAD not in found.values()


@pytest.mark.parametrize("keeps", [True, False])
def test_keywords(keeps: bool) -> None:  # noqa: FBT001 - a column of the table
    """Whether the folder for suspicious mail keeps keywords is asked of it where it is there."""
    server = MemoryServer(keywords=keeps)
    server.create("Suspicious")

    assert ("keywords" in levels(MemorySource("home", server))) is not keeps


def test_no_folder_for_deleted_mail() -> None:
    """Without one `watcher delete` cannot work, which is told."""
    assert levels(MemorySource("home", MemoryServer()))["trash"] is WARNING


def test_a_folder_that_cannot_be_made() -> None:
    """Below a folder that takes none there cannot be one for suspicious mail."""
    server = MemoryServer()
    server.create("Lists")
    account = Account(name="home", host="h", user="taro", suspicious_folder="Lists/Suspicious")
    assert levels(MemorySource("home", server), account)["suspicious"] is GOOD

    server.folders["Lists"].attributes = frozenset({r"\noinferiors"})

    assert levels(MemorySource("home", server), account)["suspicious"] is BAD


class Careless(MemorySource):
    """A mailbox to which upper and lower case are one."""

    def look(self, folder: str) -> FolderState:
        """Look for the folder in any case."""
        return super().look(next((name for name in self.folders() if name.lower() == folder.lower()), folder))


def test_a_folder_that_is_watched_by_another_spelling() -> None:
    """Where a server takes two spellings for one folder it may not be both watched and the one for suspicious mail."""
    server = MemoryServer()
    server.create("Suspicious")
    account = Account(name="home", host="h", user="taro", folders=("INBOX", "suspicious"))

    assert levels(Careless("home", server), account)["suspicious"] is BAD


@pytest.mark.parametrize("action", ["notify", "observe"])
def test_no_folder_is_needed_where_nothing_is_moved(action: str) -> None:
    """Then there is no line about it."""
    assert "suspicious" not in levels(MemorySource("home", MemoryServer(), readonly=action == "observe"), action=action)


# The running daemon.


def standing(health: str = "watching", ago: timedelta | None = MINUTES) -> dict[str, Any]:
    """What a daemon answers that watches one account."""
    swept_at = (datetime.now(UTC) - ago).isoformat() if ago is not None else None
    account = {"account": "home", "health": health, "problem": "what it was", "swept_at": swept_at}
    return {"pid": 4321, "accounts": [account]}


@pytest.mark.parametrize(
    ("daemon", "level", "words"),
    [
        (partial(standing), GOOD, "1 min ago"),
        (partial(standing, ago=timedelta()), GOOD, "within the last minute"),
        (partial(standing, "starting", None), GOOD, "first time"),
        (partial(standing, ago=14 * MINUTES), GOOD, "14 min ago"),
        (partial(standing, ago=16 * MINUTES), BAD, "16 minutes ago"),
        (partial(standing, "refused"), WARNING, "what it was"),
        (partial(standing, "away"), WARNING, "what it was"),
        (partial(dict, pid=4321, accounts=[]), BAD, "does not know"),
    ],
)
def test_the_last_look(daemon: Callable[[], Mapping[str, Any]], level: Level, words: str) -> None:
    """At an interval of five minutes a look of a quarter of an hour ago is too old; a login anew mends what lingers."""
    answer = sweep("home", 5 * MINUTES, daemon())

    assert answer is not None
    assert (answer.level, answer.mend) == (level, "" if level is GOOD else "kill -HUP 4321")
    assert words in answer.finding


@pytest.mark.parametrize("daemon", [{}, standing("paused")])
def test_what_has_a_line_of_its_own(daemon: Mapping[str, Any]) -> None:
    """That no daemon runs, or that it is paused, is not told once more for each account."""
    assert sweep("home", 5 * MINUTES, daemon) is None
