"""Asking for consent in the browser: authorisation code with PKCE and a redirect to this computer (RFC 8252)."""

from __future__ import annotations

import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from urllib.parse import urlencode

from watcher.vault.clients import Client
from watcher.vault.grant import NoTokensError, Outcome
from watcher.vault.landing import Landing


def obtain_code(client: Client, user: str, show: Callable[[str], bool], patience: float) -> Mapping[str, str] | None:
    """What a consent gives: a code, with what is needed to redeem it. None: `show` could not show the page.

    Args:
        client: who asks.
        user: whom the mailbox belongs to.
        show: shows the provider's page at this address; whether it could.
        patience: seconds to wait for the user.

    Raises:
        NoTokensError: there was no consent.
    """
    verifier = secrets.token_urlsafe(64)
    with Landing() as landing:
        redirect = f"http://{client.loopback}:{landing.port}"
        question = {
            **client.more,
            "response_type": "code",
            "client_id": client.client_id,
            "redirect_uri": redirect,
            "scope": " ".join(client.scope),
            "state": landing.state,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
            "login_hint": user,
        }
        if not show(_address(client.authorization_endpoint, question)):
            return None
        answer = landing.wait(patience)
    return {"code": _code(answer), "verifier": verifier, "redirect": redirect}


def _challenge(verifier: str) -> str:
    """By RFC 7636, 4.2."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _address(endpoint: str, question: Mapping[str, str]) -> str:
    """The endpoint with the question; a query of its own is kept (RFC 6749, 3.1)."""
    return (
        endpoint
        + ("&" if "?" in endpoint else "?")
        + urlencode({key: value for key, value in question.items() if value})
    )


def _code(answer: Mapping[str, str] | None) -> str:
    if answer is None:
        raise NoTokensError(Outcome.EXPIRED)
    if "code" in answer:
        return answer["code"]
    if answer["error"] == "access_denied":
        raise NoTokensError(Outcome.DENIED)
    known = re.fullmatch(r"[a-z_]{1,40}", answer["error"])
    raise NoTokensError(Outcome.REFUSED, known[0] if known else "unknown_error")
