"""The child process that speaks to the key ring: one request on its standard input, one answer on its output.

A process of its own, because a key ring may hang without end inside a library's call, which no thread can be freed
from, and because the libraries for it would cost the daemon 20 MB that it needs once at login. It ends with its
parent, at the latest when the pipe to it is closed.
"""

from __future__ import annotations

import json
import os
import sys
from enum import StrEnum
from threading import Thread
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend


class Work(StrEnum):
    """What can be asked."""

    GET = "get"
    SET = "set"
    DELETE = "delete"
    NAME = "name"


class Outcome(StrEnum):
    """How it went."""

    DONE = "done"
    MISSING = "missing"
    """The key ring is open, and there is no such password in it."""
    MISSING_OR_LOCKED = "missing or locked"
    LOCKED = "locked"
    UNREADY = "unready"
    ABSENT = "absent"
    """There is no back end of any use."""
    BROKEN = "broken"
    """The back end that the user has chosen cannot be loaded."""
    PLAINTEXT = "plaintext"
    """The back end keeps passwords in a file that anybody can read who has it."""


class Request(TypedDict):
    """What the parent writes."""

    work: Work
    service: str
    user: str
    secret: str
    plaintext: bool
    """Whether a back end that keeps passwords in plain text may be used."""


class Answer(TypedDict):
    """What the child writes."""

    outcome: Outcome
    text: str
    """The password, or the name of the back end, when that was asked for; the kind of a library's error."""


def main() -> None:
    """Read a request, carry it out, write the answer."""
    request: Request = json.loads(sys.stdin.buffer.readline())
    Thread(target=_end_with_parent, daemon=True).start()
    answers, sys.stdout = sys.stdout, sys.stderr  # whatever a back end prints is no answer
    print(json.dumps(_carry_out(request)), file=answers, flush=True)


def _end_with_parent() -> None:
    os.read(0, 1)  # the parent writes nothing more: this returns when it is gone or has lost patience
    os._exit(1)


def _carry_out(request: Request) -> Answer:
    ring = _find(plaintext=request["plaintext"])
    if isinstance(ring, Outcome):
        return {"outcome": ring, "text": ""}
    try:
        return _work(ring, request)
    except Exception as error:  # noqa: BLE001 - each back end has errors of its own, which keyring does not wrap
        return {"outcome": _outcome(error), "text": type(error).__name__}


def _work(ring: KeyringBackend, request: Request) -> Answer:
    service, user = request["service"], request["user"]
    match request["work"]:
        case Work.GET:
            return _get(ring, service, user)
        case Work.NAME:
            return {"outcome": Outcome.DONE, "text": ring.name}
        case Work.SET:
            ring.set_password(service, user, request["secret"])
        case Work.DELETE:
            ring.delete_password(service, user)
    return {"outcome": Outcome.DONE, "text": ""}


def _find(*, plaintext: bool) -> KeyringBackend | Outcome:
    """The back end that keyring chooses, or the user by keyring's own configuration."""
    _leave_out_others()
    from keyring import core  # noqa: PLC0415 - only ever in the child
    from keyring.backends import fail, null  # noqa: PLC0415 - alike

    try:
        core.init_backend(limit=None if plaintext else _keeps_secrets)
    except RuntimeError:  # chosen by the user, and not viable at the moment
        return Outcome.UNREADY
    except Exception:  # noqa: BLE001 - the name of the class is free text
        return Outcome.BROKEN
    ring = core.get_keyring()
    if isinstance(ring, fail.Keyring | null.Keyring):
        return Outcome.ABSENT
    return ring if plaintext or _keeps_secrets(ring) else Outcome.PLAINTEXT


def _leave_out_others() -> None:
    """Let keyring not try the back end of macOS anywhere else: it would look for its libraries by running compilers."""
    if sys.platform != "darwin":
        sys.modules["keyring.backends.macOS.api"] = None  # type: ignore[assignment]  # Python marks so what is not there


def _keeps_secrets(ring: KeyringBackend) -> bool:
    return "plaintext" not in type(ring).__name__.lower()


def _get(ring: KeyringBackend, service: str, user: str) -> Answer:
    secret = ring.get_password(service, user)
    if secret is not None:
        return {"outcome": Outcome.DONE, "text": secret}
    # keyring's own back ends raise KeyringLocked when they are locked; of others that is not known.
    own = type(ring).__module__.startswith("keyring.backends.")
    return {"outcome": Outcome.MISSING if own else Outcome.MISSING_OR_LOCKED, "text": ""}


def _outcome(error: Exception) -> Outcome:
    from keyring import errors  # noqa: PLC0415 - only ever in the child

    match error:
        case errors.KeyringLocked():
            return Outcome.LOCKED
        case errors.NoKeyringError():
            return Outcome.ABSENT
        case errors.PasswordDeleteError():
            return Outcome.MISSING
    return Outcome.UNREADY


if __name__ == "__main__":
    main()
