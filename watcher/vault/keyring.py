"""Passwords in the desktop's key ring, by the library keyring: GNOME's, KDE's, or what else it knows."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from gettext import gettext as _
from typing import cast

from watcher.errors import TransientError, UserError, WatcherError
from watcher.vault.errand import Errand
from watcher.vault.ring import Answer, Outcome, Request, Work

LONGEST_PROMPT = 300.0
"""Seconds for which a request stays open. Somebody may be typing the key ring's own password just now."""


class KeyringVault:
    """The password of one account, under the service name `watcher/<account>`.

    Args:
        account: its name in the configuration.
        user: whom the account belongs to at the server.
        plaintext: whether a back end that keeps passwords in plain text may be used.
        patience: seconds that one call may take. A desktop's key ring often opens some time after the login.
        environment: for the child process that asks; None for our own. It chooses the back end.
    """

    def __init__(
        self,
        account: str,
        user: str,
        *,
        plaintext: bool = False,
        patience: float = 10.0,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._account = account
        self._service = f"watcher/{account}"
        self._user = user
        self._plaintext = plaintext
        self._patience = patience
        self._environment = environment
        self._open: Errand | None = None

    def secret(self) -> str:
        """The password. Raises UserError where there is none, TransientError where asking later may help."""
        return self._read(self._ask())

    def find(self, *, doubtful: bool = False) -> str | None:
        """The password; None where there is none. Raises what `secret` raises otherwise.

        Args:
            doubtful: whether to take it for missing, too, where the key ring cannot tell that from being locked.
        """
        answer = self._ask()
        missing = {Outcome.MISSING, Outcome.MISSING_OR_LOCKED} if doubtful else {Outcome.MISSING}
        if answer is not None and answer["outcome"] in missing:
            return None
        return self._read(answer)

    def refuse(self, secret: str) -> bool:
        """A refused password stays what it is: False."""
        del secret
        return False

    def store(self, secret: str) -> None:
        """Put the password into the key ring, in place of a former one."""
        self._do(Work.SET, secret)

    def forget(self) -> None:
        """Take the password out of the key ring. Raises UserError where there is none."""
        self._do(Work.DELETE)

    def describe(self) -> str:
        """The name of the back end that is used. Raises what `secret` raises where none can be."""
        return self._do(Work.NAME)

    def close(self) -> None:
        """Give up a request that is still open."""
        if self._open is not None:
            self._open.end()
            self._open = None

    def _ask(self) -> Answer | None:
        """The answer to a request for the password; None where it has not come in time.

        A request that was not answered in time stays open, and the next call goes on waiting for it: otherwise
        each attempt would shut the key ring's own prompt and open another.
        """
        if self._open is not None and self._open.age() > LONGEST_PROMPT:
            self.close()
        errand = self._open = self._open or self._send(Work.GET)
        answer = _answer(errand, self._patience)
        self._open = errand if answer is None else None
        return answer

    def _do(self, work: Work, secret: str = "") -> str:
        errand = self._send(work, secret)
        try:
            return self._read(_answer(errand, self._patience))
        finally:
            errand.end()

    def _send(self, work: Work, secret: str = "") -> Errand:
        request: Request = {
            "work": work,
            "service": self._service,
            "user": self._user,
            "secret": secret,
            "plaintext": self._plaintext,
        }
        return Errand("watcher.vault.ring", request, self._environment)

    def _read(self, answer: Answer | None) -> str:
        """The text of an answer. Raises the error that any other than a good one stands for."""
        if answer is None:
            words = _("The key ring did not answer within {seconds:g} seconds: it may be waiting to be unlocked.")
            raise TransientError(words.format(seconds=self._patience))
        if answer["outcome"] != Outcome.DONE:
            raise self._error(answer)
        return answer["text"]

    def _error(self, answer: Answer) -> WatcherError:
        kind, words = _errors()[Outcome(answer["outcome"])]
        command = shlex.join(("watcher", "login", self._account))
        return kind(words.format(user=self._user, command=command, error=answer["text"] or _("it cannot be reached")))


def _answer(errand: Errand, patience: float) -> Answer | None:
    """The answer, or that the child ended without one; None where it has not come in time."""
    line = errand.wait(patience)
    return {"outcome": Outcome.UNREADY, "text": ""} if line == {} else cast("Answer | None", line)


def _errors() -> Mapping[Outcome, tuple[type[WatcherError], str]]:
    """What has to be done about each outcome other than DONE."""
    return {
        Outcome.MISSING: (UserError, _("The key ring has no password for {user}: store it by `{command}`.")),
        Outcome.MISSING_OR_LOCKED: (
            TransientError,
            _("The key ring is locked, or has no password for {user}: then store it by `{command}`."),
        ),
        Outcome.LOCKED: (TransientError, _("The key ring is locked.")),
        Outcome.UNREADY: (TransientError, _("The key ring is not ready: {error}.")),
        Outcome.ABSENT: (
            UserError,
            _("There is no key ring here: let the password come from a command or a credential."),
        ),
        Outcome.BROKEN: (UserError, _("The key ring that Python's keyring is configured to use cannot be loaded.")),
        Outcome.PLAINTEXT: (UserError, _("The key ring would keep the password in plain text, so it is not used.")),
    }
