"""How consent is given: in the browser, with a port of this computer that anybody can reach, and by a code."""

from __future__ import annotations

import socket
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from http.client import HTTPConnection
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.kit.authorisation_server import browse
from tests.kit.consents import Consenting, consenting
from tests.kit.vaults import told
from watcher.errors import UserError
from watcher.vault.clients import DeviceCode
from watcher.vault.landing import HOST, Landing

pytestmark = [pytest.mark.dbus, pytest.mark.keyring]


@pytest.fixture
def mine() -> Iterator[Consenting]:
    """A user of an authorisation server who has not consented yet."""
    with consenting() as user:
        yield user


# In the browser.


def test_what_the_provider_is_asked(mine: Consenting) -> None:
    """The request has what RFC 8252 and RFC 7636 want, and names whose mailbox it is."""
    mine.consented()
    question, redeemed = mine.server.asked
    redirect = urlsplit(question["redirect_uri"])
    assert (redirect.scheme, redirect.hostname) == ("http", "127.0.0.1")
    assert question["scope"] == "imap offline"
    assert question["login_hint"] == "taro@example.jp"
    assert "code_verifier" not in question
    assert 43 <= len(redeemed["code_verifier"]) <= 128
    digest = sha256(redeemed["code_verifier"].encode()).digest()
    assert question["code_challenge"] == urlsafe_b64encode(digest).decode().rstrip("=")
    assert redeemed["redirect_uri"] == question["redirect_uri"]


def test_each_consent_has_words_of_its_own(mine: Consenting) -> None:
    """State and verifier are never used again."""
    mine.consented()
    mine.consented()
    for key in ("state", "code_verifier", "code_challenge"):
        first, second = mine.server.sent(key)
        assert first != second
        assert len(first) >= 43


def test_the_page_at_the_end(mine: Consenting) -> None:
    """The browser ends at a page that thanks, in plain words, and holds no part of what was granted."""
    mine.consented()
    ((status, page),) = mine.pages
    assert status == 200
    assert "Thank you" in page
    assert not [secret for secret in [*mine.server.secrets(), *mine.server.sent("state")] if secret in page]


def test_a_clients_secret() -> None:
    """Where the provider has given the client a secret, it is kept in the key ring and sent with each request."""
    with consenting(secret="the client's own") as user:
        vault = user.vault()
        vault.forget_client_secret()
        with pytest.raises(UserError, match=r"refuses the client.*invalid_client \(AADSTS7000218\)"):
            user.consented()
        vault.keep_client_secret("the client's own")
        assert user.server.good(user.consented().secret())
        assert user.server.good(user.access())
        vault.forget_client_secret()
        with pytest.raises(UserError, match="invalid_client") as problem:
            user.vault().secret()
        assert "the client's own" not in told(problem.value)


@pytest.mark.parametrize(("error", "words"), [("access_denied", "no access was given"), ("<b>", "unknown_error")])
def test_denied_in_the_browser(mine: Consenting, error: str, words: str) -> None:
    """Who says no to the provider is told how to say yes later, and nothing is kept."""
    mine.server.will.denies = error
    with pytest.raises(UserError, match=words):
        mine.consented()
    assert "No access was given" in mine.pages[0][1]
    assert "<b>" not in mine.pages[0][1]
    with pytest.raises(UserError, match="not given access"):
        mine.vault().secret()


def test_nobody_answers_in_the_browser(mine: Consenting) -> None:
    """A user who walks away is waited for as long as was allowed, and the port is closed then."""
    shown: list[str] = []

    def show(address: str) -> bool:
        shown.append(address)
        return True

    start = time.monotonic()
    with pytest.raises(UserError, match="not given in time"):
        mine.vault().consent_in_browser(show, patience=0.5)
    assert time.monotonic() - start < 12
    redirect = urlsplit(dict(parse_qsl(urlsplit(shown[0]).query))["redirect_uri"])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, redirect.port or 0), timeout=2)


def test_no_browser(mine: Consenting) -> None:
    """Where no page can be shown nobody is waited for."""
    with pytest.raises(UserError, match="could not be shown"):
        mine.vault().consent_in_browser(lambda _address: False)


def test_access_that_does_not_last(mine: Consenting) -> None:
    """A provider that gives no refresh token is told, since all would be over in an hour."""
    mine.server.will.lasting = False
    with pytest.raises(UserError, match="for a short time only"):
        mine.consented()


def test_a_code_that_has_ended(mine: Consenting) -> None:
    """A code that the provider does not redeem any more is no withdrawn consent, but one that came too late."""

    def show(address: str) -> bool:
        shown = mine.show(address)
        mine.server.forget_codes()
        return shown

    with pytest.raises(UserError, match="not given in time"):
        mine.vault().consent_in_browser(show)


# The port that the browser comes back to.


@pytest.fixture
def landing() -> Iterator[Landing]:
    """Such a port."""
    with Landing() as landing:
        yield landing


NONSENSE = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01",
    b"\r\n\r\n\r\n",
    b"GET\r\n\r\n",
    b"SSH-2.0-OpenSSH_9.2\r\n",
    b"POST /?state={state}&code=evil HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"HEAD /?state={state}&code=evil HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /?code=evil HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /?state=wrong&code=evil HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /?state=%FF%FE&code=evil HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /?state={state} HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /?state={state}&code=evil&code=worse HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /favicon.ico?state={state}&code=evil HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET http://[/?state={state}&code=evil HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /?state={state}&code=evil HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"GET /?state={state}&code=evil HTTP/1.1\r\n\r\n",
    b"GET /?" + b"a&" * 5000 + b" HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n",
]


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_is_turned_away(landing: Landing, nonsense: bytes) -> None:
    """What is no redirect with the right state changes nothing: the one that is comes through afterwards."""
    host = f"{HOST}:{landing.port}"
    said = nonsense.replace(b"{state}", landing.state.encode()).replace(b"{host}", host.encode())
    # It may be turned away before all of it was said.
    with suppress(OSError), socket.create_connection((HOST, landing.port), timeout=5) as stranger:
        stranger.sendall(said)
        stranger.shutdown(socket.SHUT_WR)
        assert not stranger.recv(20).startswith(b"HTTP/1.0 200")
    assert landing.wait(0) is None
    assert browse(f"http://{host}/?state={landing.state}&code=good")[0] == 200
    assert landing.wait(5) == {"state": landing.state, "code": "good"}


def test_silence_keeps_nobody_waiting(landing: Landing) -> None:
    """Programs that connect and say nothing do not stand in the browser's way."""
    silent = [socket.create_connection((HOST, landing.port), timeout=5) for _ in range(20)]
    start = time.monotonic()
    assert browse(f"http://localhost:{landing.port}/?state={landing.state}&code=good")[0] == 200
    assert time.monotonic() - start < 6
    for each in silent:
        each.close()


def test_a_browser_that_hangs_up(landing: Landing) -> None:
    """The answer counts although nobody waits for the page."""
    with socket.create_connection((HOST, landing.port), timeout=5) as browser:
        host = f"{HOST}:{landing.port}"
        browser.sendall(f"GET /?state={landing.state}&code=good HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    assert (landing.wait(5) or {})["code"] == "good"


def test_the_first_answer_counts(landing: Landing) -> None:
    """A redirect that is loaded again, from the browser's history for instance, changes nothing."""
    for code in ("first", "second"):
        browse(f"http://{HOST}:{landing.port}/?state={landing.state}&code={code}")
    assert (landing.wait(5) or {})["code"] == "first"
    assert landing.wait(0) is None


def test_the_page_is_inert(landing: Landing) -> None:
    """The page loads nothing, runs nothing, is kept nowhere and tells nobody where it was."""
    connection = HTTPConnection(HOST, landing.port, timeout=5)
    connection.request("GET", f"/?state={landing.state}&code=x")
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert not [word for word in ("<script", "href", "src=", "style") if word in page]


def test_the_port_is_for_this_computer_only(landing: Landing) -> None:
    """Nobody reaches it by another address than that of the loopback interface."""
    for other in ("127.0.0.2", "::1"):
        with pytest.raises(OSError):  # noqa: PT011 - refused, or no such address here at all
            socket.create_connection((other, landing.port), timeout=2)


# By a code.


def by_device(user: Consenting) -> DeviceCode:
    """Consent in that way; what the user was told."""
    told: list[DeviceCode] = []
    user.vault().consent_by_device(told.append)
    (code,) = told
    return code


def test_consent_by_a_code(mine: Consenting) -> None:
    """The user is told a code and where to type it in, and what he does there is found out and kept."""
    mine.server.will.polls = ["authorization_pending"]
    code = by_device(mine)
    assert (code.user_code, code.address) == ("WDJB-MJHT", f"{mine.server.url}/activate")
    assert mine.server.good(mine.access())


def test_slow_down(mine: Consenting) -> None:
    """A server that wants to be asked less often is asked five seconds later from then on."""
    mine.server.will.polls = ["slow_down"]
    start = time.monotonic()
    by_device(mine)
    assert 1 + 6 <= time.monotonic() - start < 20


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("access_denied", "no access was given.*watcher login home"),
        ("authorization_declined", "no access was given"),
        ("expired_token", "not given in time"),
        ("unauthorized_client", "refuses the client.*unauthorized_client"),
    ],
)
def test_no_consent_by_a_code(mine: Consenting, answer: str, words: str) -> None:
    """What ends the wait for consent is told, and is not asked for again."""
    mine.server.will.polls = [answer]
    with pytest.raises(UserError, match=words):
        by_device(mine)
    assert mine.server.will.polls == []


def test_a_code_that_nobody_types_in(mine: Consenting) -> None:
    """The wait ends with the code."""
    mine.server.will.polls = ["authorization_pending"] * 20
    mine.server.device_lifetime = 3
    start = time.monotonic()
    with pytest.raises(UserError, match="not given in time"):
        by_device(mine)
    assert time.monotonic() - start < 8


def test_a_provider_without_codes(mine: Consenting) -> None:
    """Where a provider gives no codes, it is said at once."""
    with pytest.raises(UserError, match="does not give codes"):
        mine.vault(replace(mine.server.client(), device_endpoint="")).consent_by_device(lambda _code: None)
    with pytest.raises(UserError, match="no consent in the browser"):
        mine.vault(replace(mine.server.client(), authorization_endpoint="")).consent_in_browser(mine.show)


def test_a_hostile_code_is_shown_clean(mine: Consenting) -> None:
    """What the server wants to be shown is bounded and without control characters, and an address is one of the web."""
    mine.server.device_words = {"user_code": "A\x1b[2J" + "B" * 500, "verification_uri": "file:///etc/passwd"}
    code = by_device(mine)
    assert "\x1b" not in code.user_code
    assert len(code.user_code) <= 40
    assert code.address == ""


def test_a_user_who_interrupts(mine: Consenting) -> None:
    """Who gives up while his code is waited for leaves nobody behind who goes on asking."""
    mine.server.will.polls = ["authorization_pending"] * 20

    def give_up(_code: DeviceCode) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mine.vault().consent_by_device(give_up)
    time.sleep(1.5)
    assert len(mine.server.will.polls) == 20


def test_both_at_once(mine: Consenting) -> None:
    """Two consents at the same time both count, the later one last."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: mine.consented(), range(2)))
    assert mine.server.good(mine.access())
    assert not mine.server.reused
