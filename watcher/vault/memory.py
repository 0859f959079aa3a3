"""A vault that exists in memory only, for tests and the demo."""

from __future__ import annotations

from gettext import gettext as _

from watcher.errors import UserError


class MemoryVault:
    """Gives the secret that it was made with.

    Args:
        secret: the password; None for a vault in which there is none.
    """

    def __init__(self, secret: str | None) -> None:
        self._secret = secret

    def secret(self) -> str:
        """The password. Raises UserError where there is none."""
        if self._secret is None:
            raise UserError(_("There is no password in memory."))
        return self._secret

    def refuse(self, secret: str) -> bool:
        """A refused password stays what it is: False."""
        del secret
        return False
