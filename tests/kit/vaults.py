"""What the suites of the vaults share."""

from __future__ import annotations

import time
import traceback
from pathlib import Path

from tests.kit.bus import PrivateBus
from watcher.vault.keyring import KeyringVault

SECRET = "  hünter2 'パス' \"; # "


def key_ring(bus: PrivateBus, patience: float = 10.0) -> KeyringVault:
    """The vault of an account, asking on that bus."""
    return KeyringVault("home", "taro@example.jp", patience=patience, environment=bus.environment())


def told(error: BaseException) -> str:
    """Everything that a log would print of an error."""
    return "".join(traceback.format_exception(error)) + repr(error) + str(error)


def wait_for_end(pid: int) -> None:
    """Return when a process has ended, whether or not anybody has asked for its exit status."""
    end = time.monotonic() + 5
    while runs(pid):
        assert time.monotonic() < end, "the process goes on"
        time.sleep(0.01)


def runs(pid: int) -> bool:
    """Whether the process is still there, and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
