"""The settings of OAuth: as whom to ask, and which account by which client."""

from __future__ import annotations

from pathlib import Path

import pytest

from watcher.errors import UserError
from watcher.settings import FromOAuth, OAuthClient, Settings, load

ACCOUNT = '[[accounts]]\nname = "home"\nhost = "imap.example.jp"\nuser = "taro"\npassword = { oauth = "work" }\n'
ENDPOINTS = (
    "authorization_endpoint = 'https://login.example.jp/authorize?audience=mail'\n"
    "token_endpoint = 'https://login.example.jp:8443/token'\n"
    "device_endpoint = 'http://127.0.0.1:8080/device'\n"
)
CLIENT = "[[oauth]]\nname = 'work'\nclient_id = 'watcher'\n"


def loaded(folder: Path, text: str) -> Settings:
    """The settings of that text."""
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def problems(folder: Path, text: str) -> tuple[str, ...]:
    """What is told of that text."""
    with pytest.raises(UserError) as caught:
        loaded(folder, text)
    return caught.value.problems


def test_all_of_a_client(tmp_path: Path) -> None:
    """Every option of a client can be set, and an account names it."""
    settings = loaded(tmp_path, ACCOUNT + CLIENT + ENDPOINTS + "scope = ['imap', 'offline']")
    assert settings.accounts[0].password == FromOAuth(oauth="work")
    assert settings.oauth == (
        OAuthClient(
            name="work",
            client_id="watcher",
            authorization_endpoint="https://login.example.jp/authorize?audience=mail",
            token_endpoint="https://login.example.jp:8443/token",
            device_endpoint="http://127.0.0.1:8080/device",
            scope=("imap", "offline"),
        ),
    )


def test_a_key_ring_in_plain_text(tmp_path: Path) -> None:
    """That one may be used is said for each account, and not taken for granted."""
    asked = loaded(tmp_path, ACCOUNT.replace('"work" }', '"work", plaintext = true }') + CLIENT + ENDPOINTS)
    assert asked.accounts[0].password == FromOAuth(oauth="work", plaintext=True)
    assert not FromOAuth(oauth="work").plaintext


@pytest.mark.parametrize("name", ["google", "microsoft"])
def test_known_providers_need_no_addresses(tmp_path: Path, name: str) -> None:
    """Of Google and Microsoft the name and the client's id are enough."""
    settings = loaded(tmp_path, (ACCOUNT + CLIENT).replace("work", name))
    assert settings.oauth == (OAuthClient(name=name, client_id="watcher"),)
    assert settings.oauth[0].token_endpoint is None


@pytest.mark.parametrize("left_out", ["authorization_endpoint", "device_endpoint"])
def test_one_way_to_consent_is_enough(tmp_path: Path, left_out: str) -> None:
    """A provider that knows only one of the two ways to consent can be used."""
    lines = [line for line in ENDPOINTS.splitlines() if not line.startswith(left_out)]
    (client,) = loaded(tmp_path, ACCOUNT + CLIENT + "\n".join(lines)).oauth
    assert getattr(client, left_out) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ENDPOINTS.replace("https://login.example.jp/authorize?audience=mail", "http://login.example.jp/"), "[0].auth"),
        ("token_endpoint = 'https://'\ndevice_endpoint = 'https://a.example/'", "[0].token_endpoint: must be an add"),
        ("token_endpoint = 'https://a.example/#top'\ndevice_endpoint = 'https://a.example/'", "[0].token_endpoint: mu"),
        ("token_endpoint = 'https://a:b@a.example/'\ndevice_endpoint = 'https://a.example'", "[0].token_endpoint: mus"),
        ("token_endpoint = 'https://a.example:x/'\ndevice_endpoint = 'https://a.example/'", "[0].token_endpoint: must"),
        (ENDPOINTS.replace("127.0.0.1", "login.localhost"), "[0].device_endpoint: must be an address"),
        ("device_endpoint = 'https://a.example/'", "[0].token_endpoint: is missing"),
        ("token_endpoint = 'https://a.example/token'", "[0].device_endpoint: is missing: give it or authorization_en"),
        (ENDPOINTS + "scope = 'imap'", "[0].scope: must be a list"),
        (ENDPOINTS + "client_secret = 'hunter2'", "[0].client_secret: there is no such option"),
        (ENDPOINTS + CLIENT + ENDPOINTS, "[1].name: another client has this name already"),
    ],
)
def test_problem_of_a_client(tmp_path: Path, text: str, told: str) -> None:
    """Each mistake in a client is told in plain words with its place, and its values are not repeated."""
    (problem,) = problems(tmp_path, ACCOUNT + CLIENT + text)
    assert problem.startswith(f"oauth{told}")
    assert "hunter2" not in problem


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("{ oauth = 'microsoft' }", "password.oauth: there is no table [[oauth]] of this name"),
        ("{ oauth = 'microsoft', plaintext = true }", "password.oauth: there is no table [[oauth]] of this name"),
        ("{ oauth = 'work', plaintext = 1 }", "password.plaintext: "),
        ("{ oauth = 5 }", "password.oauth: must be text in quotes"),
        ("{ oauth = 'google', keyring = true }", "password: must name exactly one place"),
    ],
)
def test_problem_of_an_account(tmp_path: Path, password: str, told: str) -> None:
    """An account that does not say clearly which client is meant is told so, and nothing else is."""
    (problem,) = problems(tmp_path, ACCOUNT.replace('{ oauth = "work" }', password) + CLIENT + ENDPOINTS)
    assert problem.startswith(f"accounts[0].{told}")


def test_a_missing_client_is_told_with_all_else(tmp_path: Path) -> None:
    """An account whose client there is not is one problem among the others, not instead of them."""
    text = (
        "[watch]\ninterval = '1s'\n" + ACCOUNT + ACCOUNT + CLIENT.replace("work", "google").replace("client", "klient")
    )
    assert sorted(problem.partition(": ")[0] for problem in problems(tmp_path, text)) == [
        "accounts[0].password.oauth",
        "accounts[1].name",
        "accounts[1].password.oauth",
        "oauth[0].client_id",
        "oauth[0].klient_id",
        "watch.interval",
    ]
