"""Passwords that systemd hands to the service's unit: `LoadCredential=` and its kin (systemd.exec(5))."""

from __future__ import annotations

import os
from collections.abc import Mapping
from gettext import gettext as _
from pathlib import Path

from watcher.errors import UserError


class CredentialVault:
    """Reads `$CREDENTIALS_DIRECTORY/<name>`.

    Args:
        name: of the credential, as the unit gives it.
        environment: where `$CREDENTIALS_DIRECTORY` is looked up.
    """

    def __init__(self, name: str, environment: Mapping[str, str] = os.environ) -> None:
        self._name = name
        self._environment = environment

    def secret(self) -> str:
        """The password: the file without the line break at its end. Raises UserError where there is none.

        Never a TransientError: systemd puts the files in place before it starts the service, and never later.
        """
        folder = self._environment.get("CREDENTIALS_DIRECTORY")
        if not folder:
            raise self._error(_("Only a service whose unit has LoadCredential={name}:FILE is given {name}."))
        if self._name in ("", ".", "..") or "/" in self._name:
            raise self._error(_('"{name}" is no name for a credential.'))
        try:
            secret = (Path(folder) / self._name).read_text(encoding="utf-8").removesuffix("\n")
        except UnicodeDecodeError:
            secret = ""
        except OSError as error:
            raise self._error(_("The credential {name} cannot be read: {error}."), error.strerror or "") from None
        if not secret:
            raise self._error(_("The credential {name} is empty, or no text in UTF-8."))
        return secret

    def refuse(self, secret: str) -> bool:
        """A refused password stays what it is: False."""
        del secret
        return False

    def _error(self, words: str, error: str = "") -> UserError:
        return UserError(words.format(name=self._name, error=error))
