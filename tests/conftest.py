"""What all tests share: which real parts they need, and that none is left out where all are to be there."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Generator

import pytest

from tests.kit.cyrus import UNPACKED

PROGRAMS = {
    "chromium": "chromium",
    "cyrus": "cyrmaster",
    "desktop": "Xvfb",
    "dovecot": "dovecot",
    "dbus": "dbus-daemon",
    "keyring": "gnome-keyring-daemon",
    "strace": "strace",
    "systemd": "systemd-analyze",
    "valgrind": "valgrind",
}
"""Marker of a test and the program that it runs against; `make test` installs them where it may."""

PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", str(UNPACKED / "usr" / "sbin")))
"""Debian keeps servers in /usr/sbin, where an ordinary user does not look."""


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out a test whose real part is not installed, and say which."""
    for marker, program in PROGRAMS.items():
        if item.get_closest_marker(marker) and not shutil.which(program, path=PATH):
            pytest.skip(f"{program} is not installed")


def pytest_configure() -> None:
    """Let Ctrl-C reach the programs that tests start, even where a shell runs all this in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: many tests wait for something most of their time."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under CI=true a skipped test is a failure: nobody reads the list of what was left out."""
    report = yield
    if not hasattr(report, "wasxfail"):
        fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a file that leaves itself out as a whole."""
    report = yield
    fail_if_skipped(report)
    return report


def fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure that gives the skip's reason, where none is allowed."""
    if report.skipped and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped under CI: {report.longrepr}"


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long to look for histories that end badly."""
    words = "histories of tests/unit/test_every_crash.py (default: 2000)"
    parser.addoption("--histories", type=int, default=2000, help=words)
