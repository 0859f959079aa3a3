"""The nouns of OAuth: who asks for access, to whose account, and what was granted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose account it is."""

    account: str
    """Its name in the configuration."""
    user: str
    """Whom it belongs to at the server."""
    plaintext: bool = False
    """Whether what is granted may also be kept by a key ring that keeps secrets in plain text."""


@dataclass(frozen=True, slots=True)
class Client:
    """As whom a provider is asked for access, and where (RFC 6749, section 2)."""

    name: str
    client_id: str
    authorization_endpoint: str = ""
    """Empty where there is no consent in the browser."""
    token_endpoint: str = ""
    device_endpoint: str = ""
    """Empty where there is no consent by a code."""
    scope: tuple[str, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)
    """Further parameters of the request for consent."""
    loopback: str = "127.0.0.1"
    """What the provider wants this computer to be called in the redirect (RFC 8252, 7.3)."""


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What the user has to type in, and where (RFC 8628, 3.2); fit to be shown."""

    user_code: str
    address: str
    seconds: float
    """How long the code is valid."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a provider granted."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    """Empty where none was given: at a renewal the former one then stays valid (RFC 6749, section 6)."""
    lifetime: float
    """Seconds for which `access` is valid."""


def complete(client: Client) -> Client:
    """The client with what is known of its provider, where it does not say otherwise itself."""
    known = _known().get(client.name)
    if known is None:
        return client
    return replace(
        known,
        client_id=client.client_id,
        authorization_endpoint=client.authorization_endpoint or known.authorization_endpoint,
        token_endpoint=client.token_endpoint or known.token_endpoint,
        device_endpoint=client.device_endpoint or known.device_endpoint,
        scope=client.scope or known.scope,
    )


def _known() -> Mapping[str, Client]:
    """The providers of `settings.oauth.COMPLETE`; sources and dates stand in docs/oauth.md.

    Google gives a refresh token only to who asks for `offline` access, and again only with a new `consent`. Its consent
    by a code does not extend to mail.
    """
    return {
        "google": Client(
            "google",
            "",
            authorization_endpoint="https://accounts.google.com/o/oauth2/v2/auth",
            token_endpoint="https://oauth2.googleapis.com/token",  # noqa: S106 - an address
            scope=("https://mail.google.com/",),
            more={"access_type": "offline", "prompt": "consent"},
        ),
        "microsoft": Client(
            "microsoft",
            "",
            authorization_endpoint="https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
            token_endpoint="https://login.microsoftonline.com/common/oauth2/v2.0/token",  # noqa: S106 - an address
            device_endpoint="https://login.microsoftonline.com/common/oauth2/v2.0/devicecode",
            scope=("https://outlook.office.com/IMAP.AccessAsUser.All", "offline_access"),
            loopback="localhost",
        ),
    }
