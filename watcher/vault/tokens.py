"""Talking to an authorisation server, by authlib. Imported by the child process only (see `grant`).

An answer is bounded in size, no redirect is followed, and what goes wrong is told by a word that holds no secret. How
long all of it may take is for the caller to limit.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Mapping
from typing import Any, TypeGuard

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from requests import PreparedRequest, RequestException, Response
from requests.adapters import HTTPAdapter

from watcher.vault.clients import Client, Tokens

LONGEST_ANSWER = 64 * 1024
"""Octets. A pair of Microsoft's tokens has some 6,000."""
LONGEST_TOKEN = 16 * 1024
TIMEOUT = 10.0
"""Seconds for connecting, and for each piece of an answer."""
LONGEST_LIFETIME = 86_400.0
UNKNOWN_LIFETIME = 600.0
"""Seconds that an access token is believed to be valid where the server does not say; most give an hour."""

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"

_PASSING = {"temporarily_unavailable", "server_error"}


class DeniedError(Exception):
    """The server said no. Its text is the error code (RFC 6749, 5.2), with Microsoft's own number where it has one."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code + detail)
        self.code = code


class UnansweredError(Exception):
    """There was no answer, or none that can be read, or not now. Its text says which, without any secret."""


class AuthorizationServer:
    """The endpoints of one provider, asked as one client.

    Args:
        client: who asks.
        secret: what the provider has given the client besides its id; empty for a public client.
    """

    def __init__(self, client: Client, secret: str) -> None:
        self._client = client
        self._session = OAuth2Session(
            client.client_id,
            secret or None,
            token_endpoint_auth_method="client_secret_post" if secret else "none",
            scope=" ".join(client.scope) or None,
        )
        self._session.trust_env = False  # no proxy and no .netrc: IMAP knows none either
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, _BoundedAdapter())

    def redeem(self, code: str, verifier: str, redirect: str) -> Tokens:
        """Tokens for a code that the user's consent gave (RFC 6749, 4.1.3; RFC 7636, 4.5)."""
        fields = {"code": code, "code_verifier": verifier, "redirect_uri": redirect}
        return self._fetch("authorization_code", fields)

    def renew(self, refresh_token: str) -> Tokens:
        """Tokens for a refresh token (RFC 6749, section 6)."""
        return _tokens(
            _ask(
                lambda: self._session.refresh_token(
                    self._client.token_endpoint, refresh_token, allow_redirects=False, timeout=TIMEOUT
                )
            ),
            refresh_token,
        )

    def begin(self) -> Mapping[str, Any]:
        """A code for consent on another device (RFC 8628, 3.2)."""
        return _ask(
            lambda: _read(
                self._session.post(
                    self._client.device_endpoint,
                    {"scope": " ".join(self._client.scope)},
                    auth=self._session.client_auth(self._session.token_endpoint_auth_method),
                    headers={"Accept": "application/json"},
                    allow_redirects=False,
                    timeout=TIMEOUT,
                )
            )
        )

    def poll(self, device_code: str) -> Tokens:
        """Tokens, once the user has consented on another device; DeniedError until then (RFC 8628, 3.5)."""
        return self._fetch(DEVICE_GRANT, {"device_code": device_code})

    def _fetch(self, kind: str, fields: Mapping[str, str]) -> Tokens:
        return _tokens(
            _ask(
                lambda: self._session.fetch_token(
                    self._client.token_endpoint, grant_type=kind, allow_redirects=False, timeout=TIMEOUT, **fields
                )
            )
        )


class _BoundedAdapter(HTTPAdapter):
    """Reads so much of an answer and no more, and trusts the authorities that the mail server is verified by, too."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """As the library's, with the system's certificates beside those that it brings."""
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.hostname_checks_common_name = False  # RFC 9525, 2: it says who somebody is, not where
        super().init_poolmanager(*args, ssl_context=context, **options)

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """As the library's; the whole answer, or an error where it is too long."""
        request.headers["Accept-Encoding"] = "identity"
        options["stream"] = True
        response = super().send(request, *args, **options)
        content = response.raw.read(LONGEST_ANSWER + 1, decode_content=False)
        response.close()
        if len(content) > LONGEST_ANSWER:
            raise RequestException("too long")
        response._content = content  # noqa: SLF001 - there is no other way to limit what requests reads
        response._content_consumed = True  # type: ignore[attr-defined]  # noqa: SLF001 - alike
        return response


def _ask(question: Callable[[], Any]) -> Mapping[str, Any]:
    """The answer to a question. What the libraries raise could hold what was sent: hence `from None`."""
    try:
        answer = question()
    except OAuthError as error:
        raise _denied(error.error, error.description) from None
    except RequestException as error:
        status = getattr(error.response, "status_code", None)
        raise UnansweredError(f"HTTP {status}" if status else type(error).__name__) from None
    except Exception as error:  # noqa: BLE001 - whatever an answer that is none makes authlib, json or urllib3 raise
        raise UnansweredError(type(error).__name__) from None
    if not isinstance(answer, Mapping):
        raise UnansweredError("no object")
    return answer


def _read(response: Response) -> Mapping[str, Any]:
    """The answer of an endpoint that gives no tokens."""
    if response.status_code >= 500:
        response.raise_for_status()
    answer: Mapping[str, Any] = response.json()
    if "error" in answer:
        raise OAuthError(answer["error"], answer.get("error_description"))
    return answer


def _denied(code: object, description: object) -> DeniedError | UnansweredError:
    """Of what the server says only its codes are kept: the description is free text, and may repeat what was sent."""
    name = code if isinstance(code, str) and re.fullmatch(r"[a-z_]{1,40}", code) else "unknown_error"
    if name in _PASSING:
        return UnansweredError(name)
    number = re.search(r"\bAADSTS\d{3,9}\b", description if isinstance(description, str) else "")
    return DeniedError(name, f" ({number[0]})" if number else "")


def _tokens(answer: Mapping[str, Any], former: str = "") -> Tokens:
    """What was granted.

    Args:
        answer: of the token endpoint.
        former: the refresh token that it was got for: authlib repeats it where the server gives no other.
    """
    access, refresh = answer.get("access_token"), answer.get("refresh_token") or ""
    if not _is_token(access) or str(answer.get("token_type", "bearer")).lower() != "bearer":
        raise UnansweredError("no bearer token")
    if refresh and not _is_token(refresh):
        raise UnansweredError("no refresh token")
    return Tokens(access, "" if refresh == former else refresh, _lifetime(answer.get("expires_in")))


def _is_token(value: object) -> TypeGuard[str]:
    """Whether it can be a token at all (RFC 6750, 2.1; RFC 6749, A.17): it becomes a line of IMAP."""
    return isinstance(value, str) and bool(re.fullmatch(rf"[\x21-\x7e]{{1,{LONGEST_TOKEN}}}", value))


def _lifetime(seconds: object) -> float:
    try:
        return min(max(float(str(seconds)), 0.0), LONGEST_LIFETIME)
    except ValueError:
        return UNKNOWN_LIFETIME
