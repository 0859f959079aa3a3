"""How many files and connections a process may have open at once (RLIMIT_NOFILE, getrlimit(2))."""

from __future__ import annotations

from contextlib import suppress
from gettext import gettext as _

_SPARE = 128
"""For all besides the accounts' connections: the ledger, the desktop, commands that give passwords, attachments."""


def needed(accounts: int) -> int:
    """Descriptors that it takes to watch so many accounts."""
    return accounts + _SPARE


def most(pid: int = 0) -> int | None:
    """How far a process may raise its limit by itself; None where there is no limit, or the system does not tell.

    Args:
        pid: the process; 0 for this one.
    """
    try:
        import resource  # noqa: PLC0415 - Windows has none

        _soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    except (ImportError, AttributeError, OSError):
        return None
    return None if hard == resource.RLIM_INFINITY else hard


def too_few(accounts: int, most: int) -> str:
    """What it means that a process may have no more than `most` open: one sentence."""
    words = _(
        "The system allows Watcher {most} open files and connections at a time, and {accounts} accounts may need"
        " {needed}: some may not be watched."
    )
    return words.format(most=most, accounts=accounts, needed=needed(accounts))


def mend(number: int) -> str:
    """What a person does about it."""
    words = _(
        "allow more: “LimitNOFILE={number}” under “[Service]” by “systemctl --user edit watcher”, or a higher hard"
        " limit of “nofile” in /etc/security/limits.conf"
    )
    return words.format(number=number)


def allow(number: int) -> None:
    """Raise this process's limit to that number, or as near to it as the system lets it; never lower it.

    Not simply as far as may be: commands that give passwords inherit it, and some close each descriptor that they might
    have, one by one.
    """
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - Windows has none

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = number if hard == resource.RLIM_INFINITY else min(number, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
