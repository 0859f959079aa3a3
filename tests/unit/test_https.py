"""Getting one small file over HTTPS, from a real server on loopback that bears any name."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.certificates import Certificates, issue
from tests.kit.web_servers import Page, WebServer
from watcher.discovery.https import LARGEST, Fetcher

HOSTS = ("example.test", "autoconfig.example.test", "elsewhere.test")
URL = "https://example.test/file"


def moved(target: str, **headers: str) -> Page:
    """A page that is somewhere else now."""
    return Page(status=302, headers={"Location": target, **headers})


PAGES = {
    "example.test/file": Page(b"found"),
    "example.test/empty": Page(b""),
    "example.test/largest": Page(b"x" * LARGEST),
    "example.test/too-large": Page(b"x" * (LARGEST + 1)),
    "example.test/huge": Page(b"x" * 10_000_000),
    "example.test/slow": Page(b"x" * 100, pause=0.1),
    "example.test/gone": Page(b"sorry", status=404),
    "example.test/broken": Page(b"sorry", status=500),
    "example.test/moved": moved("/file", **{"Set-Cookie": "who=taro"}),
    "example.test/elsewhere": moved("https://elsewhere.test/file"),
    "elsewhere.test/file": Page(b"found elsewhere"),
    "example.test/unprotected": moved("http://example.test/file"),
    "example.test/local": moved("file:///etc/hostname"),
    "example.test/script": moved("javascript:alert(1)"),
    "example.test/nonsense": moved("https://[example.test/file"),
    "example.test/nowhere": Page(status=302),
    "example.test/circle": moved("/circle"),
    "example.test/1": moved("/2"),
    "example.test/2": moved("/3"),
    "example.test/3": moved("/file"),
    "example.test/0": moved("/1"),
}

ANSWERS = {
    "/file": b"found",
    "/empty": b"",
    "/largest": b"x" * LARGEST,
    "/moved": b"found",
    "/elsewhere": b"found elsewhere",
    "/1": b"found",
}

NO_ANSWERS = "too-large huge slow gone broken unprotected local script nonsense nowhere circle 0 no-such-file".split()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Valid for the hosts of these tests."""
    return issue(tmp_path_factory.mktemp("certificates"), *HOSTS)


@pytest.fixture(scope="module")
def server(certificates: Certificates) -> Iterator[WebServer]:
    """The web."""
    with WebServer(PAGES, certificates.server_context()) as running:
        yield running


@pytest.fixture
def fetcher(server: WebServer, certificates: Certificates) -> Fetcher:
    """What is tried, with little patience."""
    return Fetcher(certificates.ca, server.proxies, longest=1.0)


@pytest.mark.parametrize(("path", "content"), ANSWERS.items())
def test_a_file_is_got(fetcher: Fetcher, path: str, content: bytes) -> None:
    """A file comes whole, also by way of a few redirections."""
    assert fetcher.fetch(f"https://example.test{path}") == content


@pytest.mark.parametrize("path", NO_ANSWERS)
def test_a_file_is_not_got(fetcher: Fetcher, path: str) -> None:
    """What is too large, too slow, unprotected or not there is none, and nobody waits for it."""
    start = time.monotonic()

    assert fetcher.fetch(f"https://example.test/{path}") is None
    assert time.monotonic() - start < 8


@pytest.mark.parametrize(
    "url", ["http://example.test/file", "https://example.test/unprotected", "file:///etc/hostname"]
)
def test_only_https_is_spoken(fetcher: Fetcher, server: WebServer, url: str) -> None:
    """Nothing is asked for in plain text, neither at first nor after a redirection."""
    before = len(server.connections)

    assert fetcher.fetch(url) is None
    assert set(server.connections[before:]) <= {"CONNECT example.test:443"}


def test_another_host_is_not_believed(fetcher: Fetcher) -> None:
    """A certificate that is valid for other names ends the conversation."""
    assert fetcher.fetch("https://stranger.test/file") is None


def test_another_authority_is_not_believed(server: WebServer, tmp_path: Path) -> None:
    """A certificate of an authority that nobody trusts ends the conversation."""
    stranger = issue(tmp_path, *HOSTS)

    assert Fetcher(stranger.ca, server.proxies).fetch(URL) is None


def test_nobody_is_there(certificates: Certificates) -> None:
    """A server that does not answer has no file."""
    assert Fetcher(certificates.ca, {"https": "http://127.0.0.1:1"}).fetch(URL) is None


def test_nothing_is_told(fetcher: Fetcher, server: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the passwords in .netrc nor the cookies of one page go out with the question for another."""
    (tmp_path / "netrc").write_text("default login taro password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    before = len(server.headers)

    assert fetcher.fetch("https://example.test/moved") == b"found"
    asked = server.headers[before:]
    assert len(asked) == 2
    assert not {"Authorization", "Cookie", "Referer"} & {name for headers in asked for name in headers}
