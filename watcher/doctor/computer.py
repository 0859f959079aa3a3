"""What Watcher needs of this computer: a ledger, room on the disk, a clock that is right, and the key ring."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from contextlib import closing
from gettext import gettext as _
from pathlib import Path

from watcher import app as house
from watcher import paths
from watcher.doctor import mending
from watcher.doctor.check import Check, bad, good, warning
from watcher.errors import TransientError, UserError, WatcherError
from watcher.settings import Account
from watcher.store.ledger import open_ledger
from watcher.store.soundness import faults, is_newer

_SCARCE, _FULL = 200, 20
"""Megabytes: below the first the ledger may soon not be written any more, below the second it may not be even now."""

_MEGABYTE = 1_000_000
_PATIENCE = 5.0
"""Seconds for a question to the system."""


def ledger() -> Check:
    """Whether the ledger can be opened and written, and is sound."""
    try:
        path = paths.ledger_file()
    except UserError as problem:
        return bad("ledger", str(problem), _("make that folder writable"))
    try:
        open_ledger(path).close()
        found = faults(path)
    except TransientError as problem:
        return bad("ledger", str(problem), mending.AGAIN)
    except WatcherError as problem:
        mend = _("update Watcher") if is_newer(path) else mending.move_away(path)
        return bad("ledger", str(problem), mend)
    if found:
        words = _("The ledger {file} is damaged: {faults}")
        return bad("ledger", words.format(file=path, faults="; ".join(found)), mending.move_away(path))
    words = _("The ledger can be written and is sound ({size:.1f} MB).")
    return good("ledger", words.format(size=path.stat().st_size / _MEGABYTE))


def disk(folder: Path, free: int | None = None) -> Check:
    """Whether there is room for the ledger.

    Args:
        folder: where it lies.
        free: octets; None to ask the system.
    """
    free = shutil.disk_usage(folder).free if free is None else free
    words = {"folder": folder, "size": free // _MEGABYTE}
    if free < _FULL * _MEGABYTE:
        finding = _("The disk of {folder} is full ({size} MB left): nothing can be kept.").format(**words)
        return bad("disk", finding, mending.free_space(folder))
    if free < _SCARCE * _MEGABYTE:
        finding = _("The disk of {folder} is nearly full ({size} MB left).").format(**words)
        return warning("disk", finding, mending.free_space(folder))
    return good("disk", _("There is room on the disk."))


def clock(environ: Mapping[str, str]) -> Check | None:
    """Whether the system sets the clock by the network; None where it cannot tell.

    No other computer is asked. A clock that is wrong has certificates refused and quiet hours kept at the wrong time.
    """
    program = shutil.which("timedatectl", path=environ.get("PATH"))
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - a program of the system, by its full name
            [program, "show", "--property", "NTPSynchronized", "--value"],
            env=dict(environ),
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match done.stdout.strip():
        case "yes":
            return good("clock", _("The clock is set by the network."))
        case "no":
            return warning("clock", _("The clock is not set by the network, and may be wrong."), mending.SET_CLOCK)
    return None


def key_ring(account: Account, environ: Mapping[str, str]) -> Check:
    """Whether the key ring is there, open, and answers in time. Which passwords are in it is asked elsewhere.

    Args:
        account: one that needs the key ring.
        environ: the environment.
    """
    vault = house.keyring_vault(account, environ)
    with closing(vault):
        try:
            name = vault.describe()
        except TransientError as problem:
            return bad("keyring", str(problem), _unlock())
        except UserError as problem:
            return bad("keyring", str(problem), _other_vault())
        try:
            vault.secret()
        except TransientError as problem:
            return bad("keyring", f"{name}: {problem}", _unlock())
        except UserError:
            pass  # it answers: that there is no password is the account's own line
    return good("keyring", _("The key ring is open: {name}.").format(name=name))


def _unlock() -> str:
    words = _("unlock the key ring, most simply by logging in to the desktop anew; then: {command}")
    return words.format(command=mending.AGAIN)


def _other_vault() -> str:
    return _('let a command give the password, such as password = { command = ["pass", "show", "mail/home"] }')
