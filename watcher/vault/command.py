"""Passwords that a program of the user's choice prints: `pass show mail/home`, `secret-tool lookup …`."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from gettext import gettext as _

from watcher.errors import TransientError, UserError

LONGEST = 64 * 1024
"""Octets that a command may print: a password, and whatever else stands in its file."""


class CommandVault:
    """Runs a command, and takes the first line that it prints for the password.

    Args:
        argv: the program and its arguments. No shell sees them: nothing in them has a special meaning.
        patience: seconds until the command is ended.
    """

    def __init__(self, argv: tuple[str, ...], patience: float = 10.0) -> None:
        if not argv:
            raise UserError(_("The command for the password is empty."))
        self._argv = argv
        self._patience = patience

    def secret(self) -> str:
        """The password. Raises UserError for a command that cannot work, TransientError for one that failed.

        A command that ran and failed may be tried again: most often an agent was not unlocked yet, and nothing in
        an exit status tells that from a wrong argument. What it wrote, on either stream, may hold secrets and is
        never repeated.
        """
        try:
            secret = self._run().split(b"\n", 1)[0].removesuffix(b"\r").decode("utf-8")
        except UnicodeDecodeError:
            secret = ""
        if not secret:
            words = _("The first line that {program} printed is empty, or no text in UTF-8.")
            raise UserError(words.format(program=self._argv[0]))
        return secret

    def refuse(self, secret: str) -> bool:
        """A refused password stays what it is: False."""
        del secret
        return False

    def _run(self) -> bytes:
        try:
            process = subprocess.Popen(  # noqa: S603 - the user's own configuration names the program
                self._argv,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise self._unfit(error.strerror or type(error).__name__) from None
        except ValueError:
            raise self._unfit(_("its arguments hold a null character")) from None
        with process:
            printed = self._wait(process)
        if process.returncode:
            words = _("{program} failed with exit status {status}: run it in a terminal to see why.")
            raise TransientError(words.format(program=self._argv[0], status=process.returncode))
        return printed

    def _unfit(self, why: str) -> UserError:
        """The error of a command that cannot work. Of the command only the program is shown, never an argument."""
        return UserError(_("{program} cannot be run: {error}.").format(program=self._argv[0], error=why))

    def _wait(self, process: subprocess.Popen[bytes]) -> bytes:
        """What it has printed, once it has ended. Else it is ended, with all that it started."""
        deadline = time.monotonic() + self._patience
        try:
            printed = _read(process, deadline)
            process.wait(deadline - time.monotonic())
        except subprocess.TimeoutExpired:
            _end(process)
            words = _("{program} did not finish within {seconds:g} seconds.")
            raise TransientError(words.format(program=self._argv[0], seconds=self._patience)) from None
        except OverflowError:
            _end(process)
            words = _("{program} prints much more than a password.")
            raise UserError(words.format(program=self._argv[0])) from None
        return printed


def _read(process: subprocess.Popen[bytes], deadline: float) -> bytes:
    """All that it prints. Raises TimeoutExpired when it takes too long, OverflowError when it is too much."""
    assert process.stdout is not None  # noqa: S101 - for the type checker: it was asked for
    printed = b""
    ready = select.poll()
    ready.register(process.stdout, select.POLLIN)
    while ready.poll(max(deadline - time.monotonic(), 0) * 1000):
        piece = os.read(process.stdout.fileno(), LONGEST)
        printed += piece
        if not piece:
            return printed
        if len(printed) > LONGEST:
            raise OverflowError
    raise subprocess.TimeoutExpired(process.args, deadline)


def _end(process: subprocess.Popen[bytes]) -> None:
    """With all that it started: a grandchild would keep the pipe open for as long as it likes."""
    os.killpg(process.pid, signal.SIGKILL)
