"""What Watcher needs of this computer: a ledger, room on the disk, a clock that is right, and the key ring."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from gettext import gettext as _
from pathlib import Path

from watcher import app as house
from watcher import descriptors, paths, report
from watcher.doctor import mending
from watcher.doctor.check import Check, bad, good, warning
from watcher.doctor.surroundings import Surroundings
from watcher.errors import TransientError, UserError, WatcherError
from watcher.settings import Account, FromKeyring, FromOAuth
from watcher.store.aside import lying_aside
from watcher.store.ledger import open_ledger
from watcher.store.soundness import faults
from watcher.store.unusable import Fault, UnusableError

_SCARCE, _FULL = 200, 20
"""Megabytes: below the first the ledger may soon not be written any more, below the second it may not be even now."""

_MEGABYTE = 1_000_000
_PATIENCE = 5.0
"""Seconds for a question to the system."""


def ledger(again: str) -> Check:
    """Whether the ledger can be opened and written, and is sound.

    Args:
        again: the command by which to look once more.
    """
    try:
        path = paths.ledger_file()
    except UserError as problem:
        return bad("ledger", str(problem), _("make that folder writable"))
    try:
        open_ledger(path).close()
        found = faults(path)
    except TransientError as problem:
        return bad("ledger", str(problem), again)
    except WatcherError as problem:
        is_newer = isinstance(problem, UnusableError) and problem.fault is Fault.NEWER
        return bad("ledger", str(problem), _("update Watcher") if is_newer else mending.move_away(path))
    if found:
        words = _("The ledger {file} is damaged: {faults}")
        return bad("ledger", words.format(file=path, faults="; ".join(found)), mending.move_away(path))
    words = _("The ledger can be written and is sound ({size:.1f} MB).")
    return good("ledger", words.format(size=path.stat().st_size / _MEGABYTE))


def asides(language: str) -> Iterator[Check]:
    """A line for each ledger that was put aside and still lies there."""
    with suppress(UserError):  # no folder: told already
        for number, aside in enumerate(lying_aside(paths.ledger_file()), start=1):
            finding = " ".join(report.lost_memory(aside.fault.value, str(aside.path), language))
            mend = _("once you need that file no more: {command}").format(command=mending.remove(aside.path))
            yield warning(f"aside.{number}", finding, mend)


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


def limits(accounts: int, daemon: int) -> Check | None:
    """Whether so many accounts may be connected at the same time; None where they may, or nobody can tell.

    Args:
        accounts: how many are configured.
        daemon: the running daemon's process; 0 where none runs, for what this process may do.
    """
    most = descriptors.most(daemon)
    wanted = descriptors.needed(accounts)
    if most is None or most >= wanted:
        return None
    return warning("limits", descriptors.too_few(accounts, most), descriptors.mend(wanted))


def key_rings(accounts: Sequence[Account], around: Surroundings) -> Mapping[str, Check]:
    """By account, how the key ring is that it needs; accounts that need none are not in it.

    One in plain text will do for some and not for others: each of these two is asked once.
    """
    found: dict[str, Check] = {}
    rings = {}
    for account in accounts:
        if isinstance(account.password, FromKeyring | FromOAuth):
            name = "keyring.plaintext" if account.password.plaintext else "keyring"
            found[name] = rings[account.name] = found.get(name) or _key_ring(name, account, around)
    return rings


def _key_ring(name: str, account: Account, around: Surroundings) -> Check:
    """Whether the key ring is there, open, and answers in time. Which passwords are in it is asked elsewhere."""
    vault = house.keyring_vault(account, around.environ)
    with closing(vault):
        try:
            title = vault.describe()
        except TransientError as problem:
            return bad(name, str(problem), _unlock(around))
        except UserError as problem:
            return bad(name, str(problem), _other_place(account))
        try:
            vault.find(doubtful=True)  # that there is no password is the account's own line
        except WatcherError as problem:
            return bad(name, f"{title}: {problem}", _unlock(around))
    return good(name, _("The key ring is open: {name}.").format(name=title))


def _unlock(around: Surroundings) -> str:
    words = _("unlock the key ring, most simply by logging in to the desktop anew; then: {command}")
    return words.format(command=around.ours("doctor"))


def _other_place(account: Account) -> str:
    if isinstance(account.password, FromOAuth):
        words = _(
            "let a key ring run that encrypts, such as GNOME Keyring or KWallet; or, where nobody else can read your"
            ' files, let another one do: password = {{ oauth = "{client}", plaintext = true }}'
        )
        return words.format(client=account.password.oauth)
    return _('let a command give the password, such as password = { command = ["pass", "show", "mail/home"] }')
