"""Ledgers that no waiting mends: the file itself is at fault. They may be put aside, and are never overwritten."""

from enum import Enum
from gettext import gettext as _

from watcher.errors import UserError


class Fault(Enum):
    """What is wrong with such a file; the value is part of the name under which it is kept."""

    DAMAGED = "damaged"
    """SQLite itself says so."""
    FOREIGN = "foreign"
    """Of another program, or no file at all."""
    NEWER = "newer"
    """Written by a newer version of Watcher."""


class UnusableError(UserError):
    """The ledger was left as it is; `watcher run` puts it aside and begins a new one.

    Args:
        fault: what is wrong with it.
        name: what people call it.
    """

    def __init__(self, fault: Fault, name: str) -> None:
        super().__init__(_words(fault).format(file=name))
        self.fault = fault


def _words(fault: Fault) -> str:
    match fault:
        case Fault.NEWER:
            return _(
                "{file} was written by a newer version of Watcher; it was left as it is. Update Watcher: “watcher run”"
                " of this version puts it aside and begins anew."
            )
        case Fault.FOREIGN:
            return _(
                "{file} is not a ledger of Watcher; it was left as it is. “watcher run” puts it aside and begins anew."
            )
    return _(
        "{file} is damaged or not a ledger of Watcher; it was left as it is. “watcher run” puts it aside and begins"
        " anew."
    )
