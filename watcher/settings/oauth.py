"""As whom Watcher asks a provider for access by OAuth: `[[oauth]]`."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from watcher.domains import is_loopback
from watcher.settings.values import Many, Options, Text, problem

COMPLETE = ("google", "microsoft")
"""Providers whose endpoints are known to the vault."""


def _check_endpoint(address: str) -> str:
    """An address to send secrets to: by TLS, or to this computer; without a fragment (RFC 6749, 3.1)."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise problem("endpoint") from None
    private = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    if not (host and private and address.isascii()) or parts.fragment or parts.username is not None or " " in address:
        raise problem("endpoint")
    return address


Endpoint = Annotated[Text, AfterValidator(_check_endpoint)]


class OAuthClient(Options):
    """`[[oauth]]`."""

    name: Text = Field(
        max_length=64,
        description="google, microsoft, or what you like: an account names it. Of the first two the addresses below are"
        " known.",
        examples=["microsoft"],
    )
    client_id: Text = Field(
        description="What the provider calls the client that you have registered there; docs/oauth.md tells how.",
        examples=["00000000-0000-0000-0000-000000000000"],
    )
    authorization_endpoint: Endpoint | None = Field(
        default=None,
        description="Where you are asked for your consent in the browser.",
        examples=["https://login.example.jp/authorize"],
    )
    token_endpoint: Endpoint | None = Field(
        default=None,
        validate_default=True,
        description="Where access is granted, and renewed.",
        examples=["https://login.example.jp/token"],
    )
    device_endpoint: Endpoint | None = Field(
        default=None,
        validate_default=True,
        description="Where a code is given for consent on another device (RFC 8628).",
        examples=["https://login.example.jp/device"],
    )
    scope: Many[Text] | None = Field(default=None, description="What to ask access to.", examples=[["imap"]])

    @field_validator("token_endpoint")
    @classmethod
    def _endpoint_known(cls, endpoint: str | None, info: ValidationInfo) -> str | None:
        if endpoint is None and info.data.get("name", COMPLETE[0]) not in COMPLETE:
            raise problem("missing")
        return endpoint

    @field_validator("device_endpoint")
    @classmethod
    def _consent_possible(cls, endpoint: str | None, info: ValidationInfo) -> str | None:
        """Told only of a table whose other values are right: a wrong one is in none of the `data`."""
        given = {"name": COMPLETE[0], "authorization_endpoint": "", **info.data}
        if endpoint is given["authorization_endpoint"] is None and given["name"] not in COMPLETE:
            raise problem("no_consent")
        return endpoint
