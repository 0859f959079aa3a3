"""The child process that gets access tokens: it alone speaks to the authorisation server, and loads what that takes.

What it is granted to last, the refresh token, goes into the key ring before the access token is given out. Servers
that replace it at each use withdraw everything when a former one is used again (RFC 9700, 4.14.2). Therefore it is
read, used and replaced under a lock, and this process ends by itself, when all is done: whoever started it may be
gone by then. Each step has a deadline.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from watcher.errors import WatcherError
from watcher.lock import Lock
from watcher.vault.clients import Client, Owner, Tokens
from watcher.vault.keyring import KeyringVault

if TYPE_CHECKING:
    from watcher.vault.tokens import AuthorizationServer

SERVER_DEADLINE = 20.0
"""Seconds for one question to the authorisation server, whatever it does."""
LOCK_DEADLINE = 60.0
"""Seconds to wait for another process that is getting a token for the same account: it has deadlines, too."""
RING_DEADLINE = 10.0
LONGEST = LOCK_DEADLINE + SERVER_DEADLINE + 3 * RING_DEADLINE + 5.0
"""Seconds within which this process ends, unless it waits for a person."""

LONGEST_CODE = 1800.0
"""Seconds that a code for another device is waited for at most."""
_INTERVAL = 5.0
"""Seconds between two questions whether the user has consented (RFC 8628, 3.2), and what `slow_down` adds (3.5)."""


class Work(StrEnum):
    """What can be asked."""

    RENEW = "renew"
    REDEEM = "redeem"
    DEVICE = "device"


class Outcome(StrEnum):
    """How it went."""

    GRANTED = "granted"
    CODE = "code"
    """Here is a code for the user to type in; another answer follows."""
    MISSING = "missing"
    """There is no consent, or only one that was given to another client."""
    WITHDRAWN = "withdrawn"
    DENIED = "denied"
    """By the user."""
    EXPIRED = "expired"
    """Nobody typed in the code in time."""
    REFUSED = "refused"
    """By the server, for a reason that is the client's."""
    FLEETING = "fleeting"
    """Granted, but without a refresh token."""
    UNANSWERED = "unanswered"
    BUSY = "busy"
    UNREADY = "unready"
    """The key ring."""


_OUTCOMES = {
    "invalid_grant": Outcome.WITHDRAWN,
    "access_denied": Outcome.DENIED,
    "authorization_declined": Outcome.DENIED,  # what Microsoft says for it
    "expired_token": Outcome.EXPIRED,
}


class Request(TypedDict):
    """What the parent writes."""

    work: Work
    owner: Mapping[str, Any]
    client: Mapping[str, Any]
    lock: str
    code: Mapping[str, str]
    """Of a consent in the browser: code, verifier and redirect."""


class Answer(TypedDict, total=False):
    """What the child writes."""

    outcome: Outcome
    text: str
    """Of an error: its code, or its kind."""
    access: str
    lifetime: float
    kept: bool
    """Whether the key ring took the refresh token, where there was a new one."""
    code: Mapping[str, Any]
    more: bool
    """Whether another answer follows."""


class Grant(TypedDict):
    """What the key ring keeps: a refresh token is only ever shown to whoever it was given to."""

    client_id: str
    token_endpoint: str
    refresh_token: str


class NoTokensError(Exception):
    """Another outcome than tokens."""

    def __init__(self, outcome: Outcome, text: str = "") -> None:
        super().__init__(outcome)
        self.answer: Answer = {"outcome": outcome, "text": text}


def grant_ring(
    owner: Owner, environment: Mapping[str, str] | None = None, patience: float = RING_DEADLINE
) -> KeyringVault:
    """Where an account's refresh token is kept: beside its password, if it had one."""
    user = f"oauth:{owner.user}"
    return KeyringVault(owner.account, user, plaintext=owner.plaintext, patience=patience, environment=environment)


def secret_ring(owner: Owner, client: Client, environment: Mapping[str, str] | None = None) -> KeyringVault:
    """Where a client's secret is kept, if its provider has given it one; in a key ring that its user puts up with."""
    name = f"oauth/{client.name}"
    return KeyringVault(
        name, client.client_id, plaintext=owner.plaintext, patience=RING_DEADLINE, environment=environment
    )


def read_grant(kept: str | None, client: Client) -> str:
    """The refresh token out of what the key ring keeps; empty where there is none for this client."""
    try:
        grant = json.loads(kept or "{}")
        own = (grant["client_id"], grant["token_endpoint"]) == (client.client_id, client.token_endpoint)
        return str(grant["refresh_token"]) if own else ""
    except (ValueError, TypeError, KeyError):
        return ""


def main() -> None:
    """Read a request, carry it out, write the answer."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # a service manager stops all processes at once
        signal.signal(number, signal.SIG_IGN)
    request: Request = json.loads(sys.stdin.buffer.readline())
    answers, sys.stdout = sys.stdout, sys.stderr  # whatever a library prints is no answer
    try:
        answer = _carry_out(request, lambda code: _write(answers, {**code, "more": True}))
    except NoTokensError as error:
        answer = error.answer
    _write(answers, answer)


def _write(stream: Any, answer: Answer) -> None:
    try:
        print(json.dumps(answer), file=stream, flush=True)
    except BrokenPipeError:  # nobody waits for it any more; what had to be kept is kept
        os._exit(0)


def _carry_out(request: Request, tell: Callable[[Answer], None]) -> Answer:
    owner, client = Owner(**request["owner"]), Client(**request["client"])
    lock = Path(request["lock"])
    match request["work"]:
        case Work.RENEW:
            with _locked(lock):
                return _renew(owner, client)
        case Work.REDEEM:
            server = _server(owner, client)
            tokens = _ask(lambda: server.redeem(**request["code"]))
        case _:
            tokens = _wait_for_consent(_server(owner, client), tell)
    if not tokens.refresh:
        raise NoTokensError(Outcome.FLEETING)
    with _locked(lock):
        return _granted(tokens, kept=_keep(owner, client, tokens.refresh))


def _renew(owner: Owner, client: Client) -> Answer:
    refresh_token = read_grant(_find(grant_ring(owner)), client)
    if not refresh_token:
        raise NoTokensError(Outcome.MISSING)
    server = _server(owner, client)
    tokens = _ask(lambda: server.renew(refresh_token))
    return _granted(tokens, kept=not tokens.refresh or _keep(owner, client, tokens.refresh))


def _granted(tokens: Tokens, *, kept: bool) -> Answer:
    return {"outcome": Outcome.GRANTED, "access": tokens.access, "lifetime": tokens.lifetime, "kept": kept}


def _keep(owner: Owner, client: Client, refresh_token: str) -> bool:
    grant: Grant = {
        "client_id": client.client_id,
        "token_endpoint": client.token_endpoint,
        "refresh_token": refresh_token,
    }
    try:
        grant_ring(owner).store(json.dumps(grant))
    except WatcherError:
        return False
    return True


def _find(ring: KeyringVault, *, doubtful: bool = False) -> str | None:
    try:
        return ring.find(doubtful=doubtful)
    except WatcherError as error:
        raise NoTokensError(Outcome.UNREADY, type(error).__name__) from None
    finally:
        ring.close()


def _server(owner: Owner, client: Client) -> AuthorizationServer:
    from watcher.vault.tokens import AuthorizationServer  # noqa: PLC0415 - only ever in the child

    secret = _find(secret_ring(owner, client), doubtful=True)  # most clients have none
    return AuthorizationServer(client, secret or "")


def _ask(question: Callable[[], Any]) -> Any:
    """The server's answer. Raises NoTokensError for any other than a good one."""
    from watcher.vault.tokens import DeniedError, UnansweredError  # noqa: PLC0415 - only ever in the child

    try:
        with _deadline(SERVER_DEADLINE):
            return question()
    except DeniedError as error:
        raise NoTokensError(_OUTCOMES.get(error.code, Outcome.REFUSED), str(error)) from None
    except (UnansweredError, TimeoutError) as error:
        raise NoTokensError(Outcome.UNANSWERED, str(error) or type(error).__name__) from None


def _wait_for_consent(server: AuthorizationServer, tell: Callable[[Answer], None]) -> Tokens:
    """Give out a code, and ask again and again whether the user has typed it in (RFC 8628, 3.3 to 3.5)."""
    begun = _ask(server.begin)
    device_code = begun.get("device_code")
    if not isinstance(device_code, str) or not isinstance(begun.get("user_code"), str):
        raise NoTokensError(Outcome.UNANSWERED, "no device code")
    interval = _seconds(begun.get("interval"), _INTERVAL)
    end = time.monotonic() + _seconds(begun.get("expires_in"), LONGEST_CODE)
    tell({"outcome": Outcome.CODE, "code": {key: begun.get(key) for key in begun if key != "device_code"}})
    while time.monotonic() + interval < end:
        _sleep(interval)
        try:
            tokens: Tokens = _ask(lambda: server.poll(device_code))
        except NoTokensError as error:
            interval += _more_patience(error.answer)
        else:
            return tokens
    raise NoTokensError(Outcome.EXPIRED)


def _sleep(seconds: float) -> None:
    """Wait, and end when the parent does: it writes nothing more."""
    if select.select([sys.stdin], [], [], seconds)[0]:
        os._exit(1)


def _more_patience(answer: Answer) -> float:
    """Seconds to add to the interval. Raises what is not a matter of patience."""
    if answer["text"] == "authorization_pending":
        return 0.0
    if answer["text"] == "slow_down" or answer["outcome"] == Outcome.UNANSWERED:
        return _INTERVAL
    raise NoTokensError(answer["outcome"], answer["text"])


def _seconds(value: object, usual: float) -> float:
    """What a server gives for a number of seconds, within reason."""
    return min(max(float(value), 1.0), LONGEST_CODE) if isinstance(value, int | float) else usual


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the account's lock, once nobody else does."""
    lock, end = Lock(path), time.monotonic() + LOCK_DEADLINE
    while not lock.acquire():
        if time.monotonic() > end:
            raise NoTokensError(Outcome.BUSY)
        time.sleep(0.05)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the midst of whatever takes longer."""

    def give_up(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


if __name__ == "__main__":
    main()
