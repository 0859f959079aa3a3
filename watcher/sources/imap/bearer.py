"""Logging in with an access token in place of a password: XOAUTH2 (Google's and Microsoft's) and OAUTHBEARER."""

from __future__ import annotations

from collections.abc import Callable

from imapclient import IMAPClient

MECHANISMS = ("XOAUTH2", "OAUTHBEARER")
"""In the order in which they are chosen: whoever offers both is used to the older one."""


def mechanism(client: IMAPClient) -> str:
    """The first mechanism that the server offers; empty where it offers none."""
    return next((name for name in MECHANISMS if client.has_capability(f"AUTH={name}")), "")


def response(mechanism: str, user: str, token: str) -> Callable[[bytes], bytes]:
    """What to answer to the server's words: first the token, then to its reasons for a refusal what ends the talk."""
    words = [_xoauth2(user, token), b""] if mechanism == "XOAUTH2" else [_oauthbearer(user, token), b"\1"]
    left = iter(words)
    return lambda _: next(left, b"")


def _xoauth2(user: str, token: str) -> bytes:
    """As Google and Microsoft describe it."""
    return f"user={user}\1auth=Bearer {token}\1\1".encode()


def _oauthbearer(user: str, token: str) -> bytes:
    """By RFC 7628, 3.1, with the header of RFC 5801, section 4."""
    name = user.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={name},\1auth=Bearer {token}\1\1".encode()
