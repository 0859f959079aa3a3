"""Access by OAuth 2.0 in place of a password: consent once, then tokens that are renewed for as long as it stands.

The access token is kept in memory, the refresh token in the key ring. What it takes to get them is loaded by a child
process (see `grant`), so that the daemon stays small.
"""

from __future__ import annotations

import logging
import shlex
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from gettext import gettext as _
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from watcher.errors import TransientError, UserError, WatcherError
from watcher.text import clean
from watcher.vault.clients import Client, DeviceCode, Owner
from watcher.vault.errand import Errand
from watcher.vault.grant import (
    LONGEST,
    LONGEST_CODE,
    RING_DEADLINE,
    Answer,
    NoTokensError,
    Outcome,
    Request,
    Work,
    grant_ring,
    read_grant,
    secret_ring,
)
from watcher.vault.keyring import KeyringVault

__all__ = ["DeviceCode", "OAuthVault", "Owner"]

_log = logging.getLogger(__name__)

_AHEAD = 60.0
"""Seconds before its end at which a token is renewed: between asking for it and the login lies a slow network."""


class OAuthVault:
    """Access to one account.

    Args:
        owner: whose account it is.
        client: as whom to ask the provider.
        lock_path: the file that is locked while a token is renewed; the same one for all processes.
        patience: seconds that the key ring may take.
        environment: for the child processes; None for our own. It chooses the key ring.
    """

    def __init__(
        self,
        owner: Owner,
        client: Client,
        lock_path: Path,
        *,
        patience: float = RING_DEADLINE,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._owner = owner
        self._client = client
        self._lock_path = lock_path
        self._environment = environment
        self._ring = grant_ring(owner, environment, patience)
        self._access = ""
        self._renew_at = 0.0
        self.gives_codes = bool(client.device_endpoint)
        """Whether consent by device is possible."""

    def secret(self) -> str:
        """An access token. Raises UserError where the user has to consent, TransientError where later may do."""
        if not self._access or _now() >= self._renew_at:
            self._renew()
        return self._access

    def refuse(self, secret: str) -> bool:
        """A refused token is not given out again: True."""
        if secret == self._access:
            self._access = ""
        return True

    def consent_in_browser(self, show: Callable[[str], bool], patience: float = 300.0) -> None:
        """Let the user consent in the browser, and keep what that gives.

        Args:
            show: shows the provider's page at this address; whether it could.
            patience: seconds to wait for the user.

        Raises:
            UserError: there was no consent, or nothing can be done with it.
            TransientError: the provider or the key ring does not answer.
        """
        from watcher.vault.consent import obtain_code  # noqa: PLC0415 - an HTTP server, for this one moment

        if not self._client.authorization_endpoint:
            raise UserError(_("{provider}: there is no consent in the browser.").format(provider=self._client.name))
        self._ring.describe()  # before the user is sent for it: there is somewhere to keep it
        try:
            code = obtain_code(self._client, self._owner.user, show, patience)
        except NoTokensError as error:
            raise self._error(error.answer) from None
        if code is None:
            raise UserError(_("The page on which to consent could not be shown."))
        self._take_consent(_answer(self._send(Work.REDEEM, code), LONGEST))

    def consent_by_device(self, tell: Callable[[DeviceCode], None]) -> None:
        """Let the user consent by a code, which he types in where he likes. Raises what the other way raises.

        Args:
            tell: tells the user the code, and returns at once.
        """
        if not self._client.device_endpoint:
            words = _("{provider} does not give codes for consent: it has to be given in the browser.")
            raise UserError(words.format(provider=self._client.name))
        self._ring.describe()
        errand = self._send(Work.DEVICE)
        try:
            begun = _answer(errand, LONGEST)
            if begun["outcome"] != Outcome.CODE:
                raise self._error(begun)
            code = _device_code(begun["code"])
            tell(code)
            self._take_consent(_answer(errand, code.seconds + LONGEST))
        finally:
            errand.end()

    def keep_client_secret(self, secret: str) -> None:
        """Keep what the provider has given the client besides its id."""
        secret_ring(self._owner, self._client, self._environment).store(secret)

    def forget_client_secret(self) -> None:
        """Take it out of the key ring, if it is there."""
        _forget(secret_ring(self._owner, self._client, self._environment))

    def forget(self) -> None:
        """Take what was granted out of the key ring, if it is there. The provider does not hear of it."""
        self._access = ""
        _forget(self._ring)

    def close(self) -> None:
        """Give up a request to the key ring that is still open."""
        self._ring.close()

    def _renew(self) -> None:
        self._access = ""
        if not read_grant(self._ring.find(), self._client):  # asked from here as well: so its prompt can stay open
            raise self._error({"outcome": Outcome.MISSING, "text": ""})
        asked = _now()
        answer = _answer(self._send(Work.RENEW), LONGEST)
        self._take(answer, asked)
        if not answer["kept"]:
            words = _("%(account)s: the key ring did not take what access is renewed with; soon there will be none")
            _log.warning(words, {"account": self._owner.account})

    def _take_consent(self, answer: Answer) -> None:
        if answer["outcome"] == Outcome.WITHDRAWN:  # not what is to last, but the code that was given for it
            answer = {"outcome": Outcome.EXPIRED, "text": ""}
        self._take(answer, _now())
        if not answer["kept"]:
            raise TransientError(_("You have consented, but the key ring did not keep it: it may be locked."))

    def _take(self, answer: Answer, asked: float) -> None:
        """Keep an access token until shortly before its end, or half its life where that is short."""
        if answer["outcome"] != Outcome.GRANTED:
            raise self._error(answer)
        lifetime = answer["lifetime"]
        self._access, self._renew_at = answer["access"], asked + max(lifetime - _AHEAD, lifetime / 2)

    def _send(self, work: Work, code: Mapping[str, str] | None = None) -> Errand:
        request: Request = {
            "work": work,
            "owner": asdict(self._owner),
            "client": asdict(self._client),
            "lock": str(self._lock_path),
            "code": code or {},
        }
        return Errand("watcher.vault.grant", request, self._environment, detached=True)

    def _error(self, answer: Answer) -> WatcherError:
        kind, words = _errors()[Outcome(answer["outcome"])]
        return kind(
            words.format(
                account=self._owner.account,
                provider=self._client.name,
                host=urlsplit(self._client.token_endpoint).hostname,
                error=answer["text"],
                command=shlex.join(("watcher", "login", self._owner.account)),
            )
        )


def _answer(errand: Errand, seconds: float) -> Answer:
    """What the child says; where it says nothing, that there was no answer."""
    return cast("Answer", errand.wait(seconds) or {"outcome": Outcome.UNANSWERED, "text": "-"})


def _device_code(begun: Mapping[str, Any]) -> DeviceCode:
    """What a server that can say anything wants the user to do: an address of the web, and a short code."""
    address = clean(str(begun.get("verification_uri") or begun.get("verification_url") or ""), 300)
    seconds = begun.get("expires_in")
    return DeviceCode(
        clean(str(begun["user_code"]), 40),
        address if urlsplit(address).scheme in {"https", "http"} else "",
        min(float(seconds), LONGEST_CODE) if isinstance(seconds, int | float) else LONGEST_CODE,
    )


def _errors() -> Mapping[Outcome, tuple[type[WatcherError], str]]:
    """What has to be done about each outcome other than tokens."""
    return {
        Outcome.MISSING: (UserError, _("{account}: you have not given access yet. To give it: {command}")),
        Outcome.WITHDRAWN: (UserError, _("{account}: access was withdrawn, or has ended. To give it anew: {command}")),
        Outcome.DENIED: (UserError, _("{account}: no access was given. To give it: {command}")),
        Outcome.EXPIRED: (UserError, _("{account}: access was not given in time. To give it: {command}")),
        Outcome.REFUSED: (
            UserError,
            _("{account}: {provider} refuses the client that is configured in [[oauth]]: {error}."),
        ),
        Outcome.FLEETING: (
            UserError,
            _("{account}: {provider} gives access for a short time only, without a refresh token. See docs/oauth.md."),
        ),
        Outcome.UNANSWERED: (TransientError, _("{host} gives no answer, or none that can be read: {error}.")),
        Outcome.BUSY: (TransientError, _("{account}: another process has been asking for access for a long time.")),
        Outcome.UNREADY: (TransientError, _("The key ring is not ready: {error}.")),
    }


def _forget(ring: KeyringVault) -> None:
    if ring.find() is not None:
        ring.forget()


def _now() -> float:
    """Seconds, those of sleep too: a token ends while the computer is suspended."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
