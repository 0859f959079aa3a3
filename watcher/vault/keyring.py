"""Passwords in the desktop's key ring, by the library keyring: GNOME's, KDE's, or what else it knows."""

from __future__ import annotations

import json
import select
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from gettext import gettext as _

from watcher.errors import TransientError, UserError, WatcherError
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
        self._service = f"watcher/{account}"
        self._user = user
        self._plaintext = plaintext
        self._patience = patience
        self._environment = environment
        self._open: _Errand | None = None

    def secret(self) -> str:
        """The password. Raises UserError where there is none, TransientError where asking later may help.

        A request that was not answered in time stays open, and the next call goes on waiting for it: otherwise
        each attempt would shut the key ring's own prompt and open another.
        """
        if self._open is not None and self._open.age() > LONGEST_PROMPT:
            self.close()
        errand = self._open = self._open or self._send(Work.GET)
        answer = errand.wait(self._patience)
        self._open = errand if answer is None else None
        return self._read(answer)

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

    def _do(self, work: Work, secret: str = "") -> str:
        errand = self._send(work, secret)
        try:
            return self._read(errand.wait(self._patience))
        finally:
            errand.end()

    def _send(self, work: Work, secret: str = "") -> _Errand:
        request: Request = {
            "work": work,
            "service": self._service,
            "user": self._user,
            "secret": secret,
            "plaintext": self._plaintext,
        }
        return _Errand(request, self._environment)

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
        command = shlex.join(("keyring", "set", self._service, self._user))
        return kind(words.format(user=self._user, command=command, error=answer["text"] or _("it cannot be reached")))


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


class _Errand:
    """One request, carried out by a child process (see `ring`)."""

    def __init__(self, request: Request, environment: Mapping[str, str] | None) -> None:
        self._begun = time.monotonic()
        # -P: nothing in the working folder may pose as a module.
        command = [sys.executable, "-P", "-m", "watcher.vault.ring"]
        self._child = subprocess.Popen(  # noqa: S603 - our own module
            command,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a library's traceback could hold anything
            env=environment,
        )
        assert self._child.stdin is not None  # noqa: S101 - for the type checker: it was asked for
        with suppress(BrokenPipeError):  # then there will be no answer either
            self._child.stdin.write(json.dumps(request).encode() + b"\n")

    def age(self) -> float:
        """Seconds since the request."""
        return time.monotonic() - self._begun

    def wait(self, seconds: float) -> Answer | None:
        """The answer; None where it has not come in time."""
        assert self._child.stdout is not None  # noqa: S101 - for the type checker: it was asked for
        ready = select.poll()
        ready.register(self._child.stdout, select.POLLIN)
        if not ready.poll(seconds * 1000):
            return None
        line = self._child.stdout.readline()
        self.end()
        if not line:
            return {"outcome": Outcome.UNREADY, "text": ""}
        answer: Answer = json.loads(line)
        return answer

    def end(self) -> None:
        """End the child, whatever it is doing; may be called again."""
        self._child.kill()
        with self._child:  # closes the pipes and waits
            pass
