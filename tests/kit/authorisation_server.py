"""An authorisation server of our own on loopback: strict as a good one is, and able to misbehave when told to.

It consents for its user at once, keeps refresh tokens in families and withdraws a whole family when one of it is used
twice (RFC 9700, 4.14.2).
"""

from __future__ import annotations

import json
import secrets
import threading
import time
import urllib.request
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit

from watcher.vault.clients import Client

CLIENT_ID = "watcher-tests"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"

Fields = Mapping[str, str]
Answer = tuple[int, Mapping[str, Any]]


def browse(address: str) -> tuple[int, str]:
    """What a browser gets to see at last, with the redirects on the way: the status and the page."""
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 - a test's own
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


@dataclass
class Family:
    """What one consent has given so far."""

    user: str
    current: str = ""
    former: set[str] = field(default_factory=set)
    is_withdrawn: bool = False


@dataclass
class Will:
    """What the user, and the server itself, make of the next requests."""

    denies: str = ""
    """The error with which consent is denied."""
    polls: list[str] = field(default_factory=list)
    """What to answer to the first questions about a device code, before it is granted."""
    lifetime: float = 3600.0
    """Seconds for which access tokens are good."""
    rotates: bool = True
    lasting: bool = True
    """Whether refresh tokens are given at all."""
    token_length: int = 48
    misbehaves: Callable[[], bytes] | None = None
    """What the token endpoint says in place of an answer."""
    trickles: float = 0.0
    """Seconds for which it goes on with that, octet by octet."""
    delay: float = 0.0
    """Seconds that a token takes."""


class AuthorisationServer:
    """The server, up while the context lasts.

    Args:
        user: whose consent it has.
        secret: of the client; empty for a public one.
    """

    def __init__(self, user: str = "taro@example.jp", secret: str = "") -> None:
        self.user = user
        self.will = Will()
        self.asked: list[Fields] = []
        """The fields of all requests for consent and for tokens."""
        self.reused = False
        """Whether a refresh token was ever used twice."""
        self.device_interval: float = 1
        self.device_lifetime: float = 600
        self.device_words: Mapping[str, str] = {}
        """What else to answer."""
        self.misbehaved = 0
        self.busy = False
        """Whether somebody waits for a token."""
        self._secret = secret
        self._codes: dict[str, Fields] = {}
        self._devices: set[str] = set()
        self._families: list[Family] = []
        self._access: dict[str, tuple[Family, float]] = {}
        self._lock = threading.Lock()
        self._server = _Listener(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True)

    def __enter__(self) -> Self:
        """Start."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def stop(self) -> None:
        """Stop; may be called again."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def client(self, client_id: str = CLIENT_ID) -> Client:
        """Who asks it."""
        return Client(
            "tests", client_id, f"{self.url}/authorize", f"{self.url}/token", f"{self.url}/device", ("imap", "offline")
        )

    def table(self) -> str:
        """That client in a configuration."""
        client = self.client()
        options = {
            "name": client.name,
            "client_id": client.client_id,
            "authorization_endpoint": client.authorization_endpoint,
            "token_endpoint": client.token_endpoint,
            "device_endpoint": client.device_endpoint,
            "scope": list(client.scope),
        }
        return "\n".join(["[[oauth]]", *(f"{key} = {json.dumps(value)}" for key, value in options.items()), ""])

    def secrets(self) -> list[str]:
        """All tokens and codes that were ever given out, and what they were asked for with."""
        tokens = [token for family in self._families for token in (family.current, *family.former) if token]
        sent = [fields[key] for fields in self.asked for key in ("code", "code_verifier") if key in fields]
        return [*tokens, *self._access, *self._devices, *sent, *([self._secret] if self._secret else [])]

    def grants(self, kind: str) -> int:
        """How often tokens were asked for in that way."""
        return sum(fields.get("grant_type") == kind for fields in self.asked)

    def sent(self, key: str) -> list[str]:
        """That field of all requests."""
        return [fields[key] for fields in self.asked if key in fields]

    def newest(self) -> str:
        """The refresh token of the newest consent."""
        return self._families[-1].current

    def good(self, token: str) -> bool:
        """Whether an access token is good."""
        family, end = self._access.get(token, (Family(""), 0.0))
        return not family.is_withdrawn and time.monotonic() < end

    def forget_codes(self) -> None:
        """Let no code be redeemed that was given so far."""
        self._codes.clear()

    def spoil_access(self) -> None:
        """Let all access tokens be refused from now on."""
        self._access.clear()

    def withdraw(self) -> None:
        """Take the consent back, and all that came of it."""
        for family in self._families:
            family.is_withdrawn = True

    # What is answered.

    def authorise(self, fields: Fields) -> str:
        """Where the browser is sent to."""
        self.asked.append(fields)
        assert fields["response_type"] == "code"
        assert fields["code_challenge_method"] == "S256"
        assert fields["client_id"] == CLIENT_ID
        answer = {"state": fields["state"]}
        if self.will.denies:
            answer["error"] = self.will.denies
        else:
            answer["code"] = code = secrets.token_urlsafe(24)
            self._codes[code] = fields
        return f"{fields['redirect_uri']}/?{urlencode(answer)}"

    def begin_device(self, fields: Fields) -> Answer:
        """A code to be typed in."""
        self.asked.append(fields)
        device_code = secrets.token_urlsafe(24)
        self._devices.add(device_code)
        return 200, {
            "device_code": device_code,
            "user_code": "WDJB-MJHT",
            "verification_uri": f"{self.url}/activate",
            "expires_in": self.device_lifetime,
            "interval": self.device_interval,
            **self.device_words,
        }

    def grant(self, fields: Fields) -> Answer:
        """Tokens, or an error."""
        with self._lock:
            self.asked.append(fields)
            if fields.get("client_id") != CLIENT_ID or fields.get("client_secret", "") != self._secret:
                return 401, {"error": "invalid_client", "error_description": f"AADSTS7000218: {fields}"}
            match fields["grant_type"]:
                case "authorization_code":
                    return self._redeem(fields)
                case "refresh_token":
                    return self._renew(fields["refresh_token"])
                case "urn:ietf:params:oauth:grant-type:device_code":
                    return self._poll(fields["device_code"])
            return 400, {"error": "unsupported_grant_type"}

    def _redeem(self, fields: Fields) -> Answer:
        question = self._codes.pop(fields["code"], None)
        digest = sha256(fields.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not question or (question["code_challenge"], question["redirect_uri"]) != (
            challenge,
            fields["redirect_uri"],
        ):
            return 400, {"error": "invalid_grant"}
        return 200, self._tokens(self._family())

    def _poll(self, device_code: str) -> Answer:
        if device_code not in self._devices:
            return 400, {"error": "invalid_grant"}
        if self.will.polls:
            return 400, {"error": self.will.polls.pop(0)}
        self._devices.remove(device_code)
        return 200, self._tokens(self._family())

    def _renew(self, token: str) -> Answer:
        for family in self._families:
            if token in family.former:
                self.reused = family.is_withdrawn = True
            if token == family.current and not family.is_withdrawn:
                return 200, self._tokens(family)
        return 400, {"error": "invalid_grant", "error_description": f"no such token: {token}"}

    def _family(self) -> Family:
        self._families.append(Family(self.user))
        return self._families[-1]

    def _tokens(self, family: Family) -> Mapping[str, Any]:
        access, tokens = secrets.token_urlsafe(self.will.token_length), {}
        self._access[access] = family, time.monotonic() + self.will.lifetime
        if self.will.lasting and (self.will.rotates or not family.current):
            family.former |= {family.current} - {""}
            family.current = tokens["refresh_token"] = secrets.token_urlsafe(self.will.token_length)
        return {"access_token": access, "token_type": "Bearer", "expires_in": self.will.lifetime, **tokens}

    def introspect(self, token: str) -> Answer:
        """Whose token it is, as Dovecot asks."""
        if not self.good(token):
            return 401, {"active": False}
        return 200, {"active": True, "email": self._access[token][0].user}


class _Listener(ThreadingHTTPServer):
    """The port of an authorisation server."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, owner: AuthorisationServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.owner = owner


class _Handler(BaseHTTPRequestHandler):
    """Hands requests to the server."""

    server: _Listener

    def do_GET(self) -> None:
        """Consent, or introspection."""
        owner = self.server.owner
        if self.path.startswith("/introspect"):
            self._say(owner.introspect(self.headers["Authorization"].removeprefix("Bearer ")))
            return
        self.send_response(302)
        self.send_header("Location", owner.authorise(dict(parse_qsl(urlsplit(self.path).query))))
        self.end_headers()

    def do_POST(self) -> None:
        """Tokens and codes."""
        owner = self.server.owner
        fields = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        if self.path == "/device":
            self._say(owner.begin_device(fields))
            return
        owner.busy = True
        time.sleep(owner.will.delay)
        owner.busy = False
        if owner.will.misbehaves:
            self._misbehave(owner.will.misbehaves())
        else:
            self._say(owner.grant(fields))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it has there
        """Say nothing."""

    def _misbehave(self, words: bytes) -> None:
        owner = self.server.owner
        owner.misbehaved += 1
        end = time.monotonic() + owner.will.trickles
        with suppress(OSError):
            self.wfile.write(words)
            while time.monotonic() < end:
                self.wfile.write(b"a")
                time.sleep(0.1)

    def _say(self, answer: Answer) -> None:
        status, words = answer
        body = json.dumps(words).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(BrokenPipeError):
            self.wfile.write(body)
