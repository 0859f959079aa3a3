"""The few ways in which something can go wrong, told apart by what has to be done about them.

Every room wraps the errors of the library that it hides, so that nobody else has to know them:

- `UserError`: a person can mend it. Shown as a list of problems, exit status 2, never a traceback.
- `TransientError`: the world was not ready. Tried again after a growing pause.
- anything else is a bug. That mail is recorded as failed and left where it is; the watch goes on.
"""


class WatcherError(Exception):
    """The one base of all errors that this project raises on purpose."""


class UserError(WatcherError):
    """Something that the person who runs Watcher has to mend.

    Args:
        problems: one finished sentence a problem, all that are known, not only the first.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class RefusedError(UserError):
    """The server refused the login: trying again soon would only lock the account."""


class TransientError(WatcherError):
    """The world was not ready (network, server, locked key ring): try again later."""


class LedgerBusyError(TransientError):
    """Nothing can be noted in the ledger now: a full disk, or a lock. No server and no mail has to do with it."""


class ReadOnlyError(WatcherError):
    """A change was asked of a source that was opened to observe only. Always a bug of the caller."""
